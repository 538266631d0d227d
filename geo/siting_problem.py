"""What each candidate site would give to whom: the problem that `geo.siting` solves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import paths
from geo.crs import BNG
from geo.errors import CrsError, RequestError
from geo.searches import home_doors, weights_of
from geo.walks_within import doors_in_order, walks_up_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from geo.access import Nearest
    from geo.network import Snaps
    from geo.siting_quota import Quota

    Integers = NDArray[np.int64]
    Numbers = NDArray[np.float64]


OBJECTIVES = {
    "cover": "most children newly within reach",
    "distance": "shortest total walking",
    "equity": "most children newly within reach, with priority to high need",
    "deprived": "most children of the most deprived fifth newly within reach",
    "deprived_walk": "shortest total walking of the most deprived fifth",
    "slope": "walks shortened more, the more deprived a neighbourhood is",
    "farthest": "shortest walk for whoever walks farthest",
}
"""What new sites are to achieve, and how that is said."""

WALKING = ("distance", "deprived_walk", "slope", "farthest")
"""The objectives that go by walking (``farthest`` where longest walks are equal); the others by who is within reach."""

MIDDLE_NEED = 50.0
"""The need of a home whose area's score is not known: the middle, as in the ranking of gaps."""

SAME = 1e-9
"""Values that differ by no more than this part are the same: they are sums of fractions of children."""


@dataclass(frozen=True, eq=False)
class SitingProblem:
    """Whose walk each candidate would shorten, and to what: all that choosing among the candidates needs.

    Make one with `siting_problem`.
    """

    candidates: tuple[str, ...]
    off_streets: tuple[str, ...]
    """Candidates that no street is near, or that have no point: nobody can walk there, so they are not chosen."""
    first: Integers
    """Where each candidate's homes begin in the next two; shape (candidates + 1,)."""
    home: Integers
    """Homes whose walk the candidate would shorten, by rising number."""
    cost: Integers
    """What that walk would cost, millimetres of level ground."""
    now: NDArray[np.int32]
    """What each home's walk to the nearest site costs now; `paths.FAR` where there is no way to any."""
    on_network: NDArray[np.bool_]
    weight: NDArray[np.float64]
    need: NDArray[np.float64] | None
    """Of each home, 0 to 100; None if it was not given."""
    deprived: NDArray[np.float64] | None
    """Of each home, 1 in the most deprived fifth, 0 outside it, NaN if not known; None if it was not given."""
    limit: int
    """The threshold, as a cost."""
    cap: int
    """The cost that a home without a way to any site counts with: the longest walk known (see `siting_problem`)."""
    mm_per_minute: float
    rank: NDArray[np.float64] | None = None
    """Of each home by deprivation, from 0 to 1, the most deprived; NaN if not known. None if it was not given."""
    quota: Quota | None = None
    """What part of all sites is to stand in the most deprived areas; None if that is not asked for."""

    def value(self, objective: str) -> tuple[Integers, Integers, NDArray[np.float64]]:
        """What each candidate would give each home on its own: candidate, home, value; only what is above zero.

        A set of candidates gives each home the most that one of them gives it.

        Raises
        ------
        RequestError
            There is no such objective, or it counts by need or deprivation and that was not given.
        """
        value = self._weight(objective)[self.home]
        if objective in WALKING:
            value = value * ((np.minimum(self.now, self.cap)[self.home] - self.cost) / self.mm_per_minute)
        else:
            value = value * ((self.now[self.home] > self.limit) & (self.cost <= self.limit))
        some = value > 0
        return np.repeat(np.arange(len(self.candidates)), np.diff(self.first))[some], self.home[some], value[some]

    def today(self, objective: str) -> float:
        """What is to be made smaller: the weight beyond the threshold, or for `WALKING` all minutes walked.

        As things are, without any new site, and without the homes off the streets.
        """
        weight = np.where(self.on_network, self._weight(objective), 0.0)
        if objective in WALKING:
            return float(weight @ (np.minimum(self.now, self.cap) / self.mm_per_minute))
        return float(weight[self.now > self.limit].sum())

    @property
    def cap_minutes(self) -> float:
        """The walk that a home without a way to any site counts with, minutes."""
        return self.cap / self.mm_per_minute

    @property
    def without_a_way(self) -> float:
        """Weight of the homes on the streets from which no site can be reached now."""
        return float(self.weight[self.on_network & (self.now == paths.FAR)].sum())

    @property
    def off_the_streets(self) -> float:
        """Weight of the homes without street data, for which no site is chosen."""
        return float(self.weight[~self.on_network].sum())

    def counts(self, objective: str) -> NDArray[np.bool_]:
        """Whose walks an aim goes by that goes by deprivation, where that is known; for ``slope`` those with a way now.

        What ``slope`` makes of them, for and against a plan, is worked out in `geo.siting_slope`.
        """
        if objective == "slope":
            ranked = np.zeros(len(self.now), np.bool_) if self.rank is None else np.isfinite(self.rank)
            return self.on_network & (self.now < paths.FAR) & ranked
        return np.zeros(len(self.now), np.bool_) if self.deprived is None else self.deprived == 1

    def _weight(self, objective: str) -> NDArray[np.float64]:
        if objective not in OBJECTIVES:
            message = f"unknown objective {objective!r}; there are {', '.join(OBJECTIVES)}"
            raise RequestError(message)
        if objective == "equity" and self.need is None:
            message = "equity counts homes by need, and need was not given"
            raise RequestError(message)
        if objective in ("deprived", "deprived_walk", "slope"):
            if (self.rank if objective == "slope" else self.deprived) is None:
                message = "this aim goes by deprivation, which is not known for any neighbourhood here"
                raise RequestError(message)
            return np.where(self.counts(objective), self.weight, 0.0)
        return self.weight * self.need / 100 if objective == "equity" and self.need is not None else self.weight


def siting_problem(
    state: Nearest,
    snaps: Snaps,
    candidates: gpd.GeoDataFrame,
    *,
    weight: ArrayLike,
    minutes: float,
    need: ArrayLike | None = None,
    deprived: ArrayLike | None = None,
    rank: ArrayLike | None = None,
) -> SitingProblem:
    """Work out whose walk each candidate would shorten: from each a search that stops where it is no shorter.

    Parameters
    ----------
    state
        The sites that there are, which stay.
    snaps
        Homes, joined to the same network.
    candidates
        Index candidate id; points in British National Grid (areas and mapped entrances are entered as sites are).
    weight
        How much each home counts: children aged 0 to 4. Zero or more.
    minutes
        The threshold of ``cover`` and ``equity``.
    need
        Need score of each home's area, 0 to 100, for ``equity``; where missing, `MIDDLE_NEED`.
    deprived
        1 for a home in the most deprived fifth, else 0, for ``deprived`` and ``deprived_walk``; NaN, not known, is not
        counted there.
    rank
        Of each home by deprivation, 0 to 1, for ``slope``: see `geo.inequality.ranks`; NaN is not counted there.

    Returns
    -------
    SitingProblem
        ``distance`` counts a home without a way to any site as walking as far as the home that now walks farthest, or
        as far as any candidate would let such a home walk, if that is farther: a way is never worse than none.

    Raises
    ------
    RequestError
        There is no candidate, two have the same id, or a weight or the threshold makes no sense.
    CrsError
        The candidates are not in British National Grid.
    """
    limit = state.network.cost_of(minutes)
    ids = _candidate_ids(candidates)
    doors = doors_in_order(state.network, candidates.geometry.to_numpy())
    now = state.cost(snaps)[0]
    # what `geo.access.Nearest.with_site` does, without its copy of every label: a walk that is no shorter at a junction
    # than the one known there is no shorter beyond it either
    candidate, home, cost = walks_up_to(
        state.network, home_doors(snaps, np.flatnonzero(snaps.on_network)), doors, count=len(ids),
        junction=state.labels.cost - np.int32(1), home=now - np.int32(1),
    )  # fmt: skip
    known = now[snaps.on_network & (now < paths.FAR)].max(initial=0)
    return SitingProblem(
        candidates=ids,
        off_streets=tuple(ids[number] for number in np.setdiff1d(np.arange(len(ids)), doors.site)),
        first=np.searchsorted(candidate, np.arange(len(ids) + 1)),
        home=home,
        cost=cost,
        now=now,
        on_network=snaps.on_network,
        weight=weights_of(weight, len(now), "weight"),
        need=None if need is None else weights_of(pd.Series(need, dtype=float).fillna(MIDDLE_NEED), len(now), "need"),
        deprived=None if deprived is None else np.asarray(deprived, dtype=np.float64),
        limit=limit,
        cap=int(max(known, cost[now[home] == paths.FAR].max(initial=0))) or limit,
        mm_per_minute=1000 * state.network.profile.metres_per_minute,
        rank=None if rank is None else np.asarray(rank, dtype=np.float64),
    )


def _candidate_ids(candidates: gpd.GeoDataFrame) -> tuple[str, ...]:
    ids = candidates.index.astype(str)
    if not len(ids) or not ids.is_unique:
        message = f"candidate {ids[ids.duplicated()][0]} is there twice" if len(ids) else "there are no candidates"
        raise RequestError(message)
    if candidates.crs != BNG:
        source = "candidates"
        raise CrsError(source, expected=f"coordinates in {BNG}", found=str(candidates.crs))
    return tuple(ids)


class Worth(NamedTuple):
    """What each candidate would give each home on its own; entries by candidate, homes that none helps left out."""

    candidate: Integers
    home: Integers
    value: Numbers
    candidates: int
    homes: int
    elsewhere: NDArray[np.bool_] | None = None
    """Candidates of which only `most_elsewhere` may be chosen; None if all may be."""
    most_elsewhere: int = 0

    def may_follow(self, chosen: Sequence[int]) -> NDArray[np.bool_]:
        """Which candidates may be chosen after these."""
        if self.elsewhere is None:
            return np.ones(self.candidates, np.bool_)
        full = int(self.elsewhere[list(chosen)].sum()) >= self.most_elsewhere
        return ~self.elsewhere | (not full)

    def top(self, values: Numbers, k: int) -> Integers:
        """The k candidates that may be chosen together whose values are largest in sum, the largest first.

        They are those that one would take one by one, as in any matroid (Rado 1957).
        """
        order = np.argsort(-values, kind="stable")
        if self.elsewhere is not None:
            there = self.elsewhere[order]
            order = order[~there | (np.cumsum(there) <= self.most_elsewhere)]
        return order[:k]

    def gains(self, best: Numbers) -> Numbers:
        """What each candidate adds to what every home has."""
        more = np.maximum(self.value - best[self.home], 0.0)
        return np.bincount(self.candidate, more, self.candidates).astype(np.float64)

    def best(self, chosen: Sequence[int]) -> Numbers:
        """What every home has from these candidates."""
        best = np.zeros(self.homes)
        for number in chosen:
            of = slice(*np.searchsorted(self.candidate, [number, number + 1]))
            best[self.home[of]] = np.maximum(best[self.home[of]], self.value[of])
        return best

    def ceiling(self) -> Numbers:
        """What every home has from all candidates."""
        best = np.zeros(self.homes)
        np.maximum.at(best, self.home, self.value)
        return best

    def only(self, keep: NDArray[np.bool_]) -> Worth:
        """The same without some candidates; all numbers stay."""
        entry = keep[self.candidate]
        return self._replace(candidate=self.candidate[entry], home=self.home[entry], value=self.value[entry])


def worth_of(problem: SitingProblem, k: int, objective: str) -> Worth:
    """The problem in the terms of an objective.

    Raises
    ------
    RequestError
        k sites cannot be chosen from the candidates.
    """
    candidate, home, value = problem.value(objective)
    possible = len(problem.candidates) - len(problem.off_streets)
    if not 1 <= k <= possible:
        off = f" (off the streets: {', '.join(problem.off_streets)})" if problem.off_streets else ""
        message = f"{k} new sites cannot be chosen from {possible} candidates{off}"
        raise RequestError(message)
    helped = np.zeros(len(problem.now), np.bool_)
    helped[home] = True
    worth = Worth(candidate, (np.cumsum(helped) - 1)[home], value, len(problem.candidates), int(helped.sum()))
    if problem.quota is None:
        return worth
    return worth._replace(elsewhere=~problem.quota.deprived, most_elsewhere=problem.quota.elsewhere(k))
