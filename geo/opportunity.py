"""What one site more would give: at every junction of the streets, and at each place that somebody proposes.

The sites that there are stay where they are. All walks are those of `geo.access`, to the millimetre: the figure of a
junction or a candidate is what opening a site there and walking anew from every home would show.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import paths
from geo.crs import BNG
from geo.errors import CrsError, RequestError
from geo.network import Doors, Snaps, WalkNetwork

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.access import Nearest

    Integers = NDArray[np.int64]

OBJECTIVES = {
    "cover": "most children newly within reach",
    "distance": "least walking in all",
    "equity": "most children newly within reach, each counted by need",
}
"""What new sites are to achieve, and how that is said."""

MIDDLE_NEED = 50.0
"""The need of a home whose area's score is not known: the middle, as in the ranking of gaps."""

_HOMES_AT_ONCE, _CANDIDATES_AT_ONCE = 512, 64
_THREADS = 2  # the searches let go of the interpreter; what they find is put together in its own order


def opportunity(
    network: WalkNetwork, snaps: Snaps, *, cost: NDArray[np.int32], weight: ArrayLike, minutes: float
) -> NDArray[np.float64]:
    """How many children now beyond the threshold would come within it, for a site at each junction.

    A walk is as long there as back, so the search goes out from the homes beyond the threshold and every junction adds
    up who arrives: one short search for each of them, instead of a new answer for each junction.

    Parameters
    ----------
    network, snaps
        The profile's network, and the homes joined to it.
    cost
        Of each home's walk to its nearest site: `geo.access.Nearest.cost`.
    weight
        How much each home counts: children aged 0 to 4. Zero or more.
    minutes
        The threshold.

    Returns
    -------
    array of shape (junctions,)
        Weight; NaN where no site can stand (see `junction_points`). The same bit for bit at every call.

    Raises
    ------
    RequestError
        The threshold or a weight makes no sense.
    """
    limit = network.cost_of(minutes)
    weights = _weights(weight, len(cost), "weight")
    homes = np.flatnonzero((cost > limit) & snaps.on_network & (weights > 0))
    ends = _ends(network, _home_doors(snaps, homes))
    most = np.full(network.junctions, limit, np.int32)

    def arrived(begin: int) -> NDArray[np.float64]:
        run = homes[begin : begin + _HOMES_AT_ONCE]
        until, reached, _ = _roam(network, ends, np.arange(begin, begin + len(run) + 1), most)
        return np.bincount(reached, np.repeat(weights[run], np.diff(until)), network.junctions).astype(np.float64)

    surface = np.zeros(network.junctions)
    with ThreadPoolExecutor(_THREADS) as pool:
        for part in pool.map(arrived, range(0, len(homes), _HOMES_AT_ONCE)):
            surface += part
    return np.where(np.isnan(_places(network)[:, 0]), np.nan, surface)


def of_streets(network: WalkNetwork, surface: NDArray[np.float64]) -> NDArray[np.float64]:
    """The surface as streets are coloured by it: the better of each segment's ends; NaN where neither has a figure."""
    return np.fmax(surface[network.start], surface[network.end])


def junction_points(network: WalkNetwork) -> NDArray[np.object_]:
    """Where each junction is: points in British National Grid, shape (junctions,); None where no site can stand.

    That is a gate that the profile cannot pass, a place where none of its streets ends, and a connected part with too
    little way to be joined to. A site put at such a point joins the junction's own streets, unless others pass through
    the very same point without meeting them, as on a bridge.
    """
    place = _places(network)
    points = np.full(network.junctions, None, dtype=object)
    points[~np.isnan(place[:, 0])] = shapely.points(place[~np.isnan(place[:, 0])])
    return points


def _places(network: WalkNetwork) -> NDArray[np.float64]:
    """Easting and northing of the junctions where a site can stand, at open ends of streets that may be joined."""
    count = shapely.get_num_coordinates(network.lines)
    corner = np.append(np.cumsum(count) - count, np.cumsum(count) - 1)
    here = np.append(network.start_open & network.joinable, network.end_open & network.joinable)
    place = np.full((network.junctions, 2), np.nan)
    place[np.append(network.start, network.end)[here]] = shapely.get_coordinates(network.lines)[corner[here]]
    return place


def junction_candidates(
    network: WalkNetwork, surface: NDArray[np.float64], *, most: int = 500, apart_m: float = 300.0
) -> gpd.GeoDataFrame:
    """The junctions with the largest opportunity, thinned: every junction is asked, neighbours are not asked twice.

    Taken one by one, the largest first (of equals the lower number), passing over what lies within ``apart_m`` of one
    that was taken. A junction where a site would bring nobody within the threshold is none.

    Parameters
    ----------
    network, surface
        As for and from `opportunity`.
    most, apart_m
        How many at most, and the least straight distance between two. 500 at 300 m lose nothing of what the best 1 to
        5 of 3,000 at 100 m cover in Leeds and on the Isle of Wight, and 1 % of the walking that those save.

    Returns
    -------
    GeoDataFrame
        Index ``candidate_id`` (``j`` and the junction's number), column ``opportunity``, points.
    """
    if most < 1 or not apart_m >= 0:
        message = f"{most} candidates {apart_m} m apart make no sense"
        raise RequestError(message)
    order = np.argsort(-np.nan_to_num(surface), kind="stable")
    order = order[np.nan_to_num(surface[order]) > 0]
    points = junction_points(network)[order]
    tree = shapely.STRtree(points)
    free = np.ones(len(order), np.bool_)
    taken: list[int] = []
    for place in range(len(order)):
        if len(taken) == most:
            break
        if free[place]:
            taken.append(place)
            if apart_m > 0:
                free[tree.query(points[place], predicate="dwithin", distance=apart_m)] = False
    ids = pd.Index([f"j{number}" for number in order[taken]], name="candidate_id", dtype="str")
    return gpd.GeoDataFrame({"opportunity": surface[order[taken]]}, index=ids, geometry=points[taken], crs=BNG)


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
    limit: int
    """The threshold, as a cost."""
    cap: int
    """The cost that a home without a way to any site counts with: the longest walk known (see `siting_problem`)."""
    mm_per_minute: float

    def value(self, objective: str) -> tuple[Integers, Integers, NDArray[np.float64]]:
        """What each candidate would give each home on its own: candidate, home, value; only what is above zero.

        A set of candidates gives each home the most that one of them gives it.

        Raises
        ------
        RequestError
            There is no such objective, or it counts by need and need was not given.
        """
        value = self._weight(objective)[self.home]
        if objective == "distance":
            value = value * ((np.minimum(self.now, self.cap)[self.home] - self.cost) / self.mm_per_minute)
        else:
            value = value * ((self.now[self.home] > self.limit) & (self.cost <= self.limit))
        some = value > 0
        return np.repeat(np.arange(len(self.candidates)), np.diff(self.first))[some], self.home[some], value[some]

    def today(self, objective: str) -> float:
        """What is to be made smaller: the weight beyond the threshold, or for ``distance`` all minutes walked.

        As things are, without any new site, and without the homes off the streets.
        """
        weight = np.where(self.on_network, self._weight(objective), 0.0)
        if objective == "distance":
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

    def _weight(self, objective: str) -> NDArray[np.float64]:
        if objective not in OBJECTIVES:
            message = f"no objective {objective!r}; there are {', '.join(OBJECTIVES)}"
            raise RequestError(message)
        if objective == "equity" and self.need is None:
            message = "equity counts homes by need, and need was not given"
            raise RequestError(message)
        return self.weight * self.need / 100 if objective == "equity" and self.need is not None else self.weight


def siting_problem(
    state: Nearest,
    snaps: Snaps,
    candidates: gpd.GeoDataFrame,
    *,
    weight: ArrayLike,
    minutes: float,
    need: ArrayLike | None = None,
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
    doors = state.network.doors(candidates.geometry.to_numpy())
    doors = Doors(*(values[np.argsort(doors.site, kind="stable")] for values in doors))
    now = state.cost(snaps)[0]
    candidate, home, cost = _shortened(state, snaps, doors, count=len(ids), now=now)
    known = now[snaps.on_network & (now < paths.FAR)].max(initial=0)
    return SitingProblem(
        candidates=ids,
        off_streets=tuple(ids[number] for number in np.setdiff1d(np.arange(len(ids)), doors.site)),
        first=np.searchsorted(candidate, np.arange(len(ids) + 1)),
        home=home,
        cost=cost,
        now=now,
        on_network=snaps.on_network,
        weight=_weights(weight, len(now), "weight"),
        need=None if need is None else _weights(pd.Series(need, dtype=float).fillna(MIDDLE_NEED), len(now), "need"),
        limit=limit,
        cap=int(max(known, cost[now[home] == paths.FAR].max(initial=0))) or limit,
        mm_per_minute=1000 * state.network.profile.metres_per_minute,
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


def _weights(values: ArrayLike, homes: int, name: str) -> NDArray[np.float64]:
    weights = np.asarray(values, np.float64)
    if weights.shape != (homes,) or not np.all(np.isfinite(weights) & (weights >= 0)):
        message = f"{name} is needed for each of the {homes} homes: a number that is zero or more"
        raise RequestError(message)
    return weights


class _Ends(NamedTuple):
    """The open ends of the street that each of some doors is on, in compressed rows, and the walk from the door."""

    first: NDArray[np.int32]
    junction: NDArray[np.int32]
    walk: NDArray[np.int32]


def _ends(network: WalkNetwork, doors: Doors) -> _Ends:
    s = doors.segment
    is_open = np.column_stack([network.start_open[s], network.end_open[s]])
    return _Ends(
        np.append(0, np.cumsum(is_open.sum(axis=1))).astype(np.int32),
        np.column_stack([network.start[s], network.end[s]])[is_open],
        np.column_stack([doors.leg + doors.low, doors.leg + network.cost[s] - doors.high])[is_open],
    )


def _home_doors(snaps: Snaps, homes: Integers) -> Doors:
    """Homes as sites are: a walk is as long there as back."""
    segment, cost, length, leg = (values[homes] for values in snaps[:4])
    return Doors(segment, homes.astype(np.int32), cost, cost, length, length, leg)


def _roam(
    network: WalkNetwork, ends: _Ends, rows: Integers, most: NDArray[np.int32]
) -> tuple[Integers, NDArray[np.int32], NDArray[np.int32]]:
    """Search from each group of doors, those from one of ``rows`` to the next; see `geo.paths.roam`."""
    first = ends.first[rows]
    junction, walk = ends.junction[first[0] : first[-1]], ends.walk[first[0] : first[-1]]
    until, reached, walked = paths.roam(network.graph, first - first[0], junction, walk, most)
    return until, reached, walked


class _Index(NamedTuple):
    """Where to find each number among some keys."""

    first: Integers
    item: Integers

    def matches(self, keys: NDArray[np.int32]) -> tuple[Integers, Integers]:
        """Every pair of a place among ``keys`` and an item of that key."""
        begin = self.first[keys]
        count = self.first[keys + 1] - begin
        place = np.repeat(np.arange(len(keys)), count)
        return place, self.item[np.arange(len(place)) + np.repeat(begin - (np.cumsum(count) - count), count)]


def _index(keys: NDArray[np.int32], size: int) -> _Index:
    order = np.argsort(keys, kind="stable")
    return _Index(np.searchsorted(keys[order], np.arange(size + 1)), order)


def _shortened(
    state: Nearest, snaps: Snaps, doors: Doors, *, count: int, now: NDArray[np.int32]
) -> tuple[Integers, Integers, Integers]:
    """Candidate, home and new cost wherever a candidate shortens a home's walk, in that order; ``doors`` by candidate.

    What `geo.access.Nearest.with_site` does, without its copy of every label: a walk that is no shorter at a junction
    than the one known there is no shorter beyond it either.
    """
    network = state.network
    homes = np.flatnonzero(snaps.on_network)
    home_ends = _ends(network, _home_doors(snaps, homes))
    end_home = np.repeat(homes, np.diff(home_ends.first))
    at_junction = _index(home_ends.junction, network.junctions)
    on_segment = _index(snaps.segment[homes], len(network.start))
    ends = _ends(network, doors)
    of_candidate = np.searchsorted(doors.site, np.arange(count + 1))
    most = state.labels.cost - np.int32(1)

    def run(begin: int) -> tuple[Integers, Integers, Integers]:
        rows = of_candidate[begin : begin + _CANDIDATES_AT_ONCE + 1]
        until, reached, walked = _roam(network, ends, rows, most)
        place, end = at_junction.matches(reached)
        candidate = np.repeat(np.arange(begin, begin + len(rows) - 1), np.diff(until))[place]
        far = walked[place].astype(np.int64) + home_ends.walk[end]
        # on the same street, without going to its ends
        door = np.arange(rows[0], rows[-1])
        place, which = on_segment.matches(doors.segment[door])
        door, home = door[place], homes[which]
        along = np.maximum(np.maximum(doors.low[door] - snaps.cost[home], snaps.cost[home] - doors.high[door]), 0)
        near = along.astype(np.int64) + doors.leg[door] + snaps.leg[home]
        return _least(np.append(candidate, doors.site[door]), np.append(end_home[end], home), np.append(far, near), now)

    with ThreadPoolExecutor(_THREADS) as pool:
        candidate, home, cost = zip(*pool.map(run, range(0, count, _CANDIDATES_AT_ONCE)), strict=True)
    return np.concatenate(candidate), np.concatenate(home), np.concatenate(cost)


def _least(
    candidate: Integers, home: Integers, cost: Integers, now: NDArray[np.int32]
) -> tuple[Integers, Integers, Integers]:
    """Each pair of candidate and home once, at its least cost, where that is less than now."""
    shorter = cost < now[home]
    pair, cost = (candidate * len(now) + home)[shorter], cost[shorter]
    order = np.lexsort((cost, pair))
    pairs, first = np.unique(pair[order], return_index=True)
    return pairs // len(now), pairs % len(now), cost[order][first]
