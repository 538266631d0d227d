"""Where the next k sites should go while the existing ones stay: the best plan, with a proof or a bound.

Five objectives are each a sum over homes of the most that one of the new sites gives it:

* ``cover``: children newly within the threshold (the maximal covering location problem, Church and ReVelle 1974);
* ``distance``: minutes of walking saved by all children together; with the existing sites kept, that is the p-median
  problem (Hakimi 1964), for shortest total walking is most walking saved;
* ``equity``: as ``cover``, each child counted by the need of its neighbourhood. Fairness is here a choice of weights,
  not another model: a plan is fairer because a child in need counts for more;
* ``deprived`` and ``deprived_walk``: as ``cover`` and ``distance``, only children of the most deprived fifth counted.
  With the number of children fixed, most walking saved is also the shortest mean walk.

The sixth, ``slope``, makes walks fall by deprivation as steeply as can be in favour of the most deprived
(`geo.siting_slope`). The seventh, ``farthest``, is the longest walk of all, made as short as can be to 10 m
(`geo.siting_farthest`); of plans that are equal in that, the one with the shortest total walking.

Where a part of all sites is to stand in the most deprived areas (`geo.siting_quota`), only so many of the chosen may
stand elsewhere; greedy, bounds and solver keep to that, and what is proved is proved of such plans.

What each candidate gives is worked out by `geo.siting_problem.siting_problem`; here is the choosing among them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geo import siting_farthest, siting_slope
from geo.errors import RequestError
from geo.siting_bounds import PAIRS_A_SECOND, demands_of, priced_bound, simple_bound, solved
from geo.siting_problem import SAME, WALKING, Worth, worth_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from geo.siting_problem import SitingProblem

    Integers = NDArray[np.int64]
    Numbers = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Where to put new sites, and how good that is."""

    objective: str
    k: int
    """How many sites were asked for."""
    chosen: tuple[str, ...]
    """Candidates in the order to open them: each adds the most to those before it. Fewer than k if no more help."""
    totals: tuple[float, ...]
    """What the first of them gives, the first two, and so on: children newly within reach (times need, for ``equity``),
    minutes saved by all children together, for ``slope`` minutes by which the slope index falls, for ``farthest``
    minutes by which the longest walk is shorter."""
    bound: float
    """No k of the candidates can give more than this."""
    proved: bool
    """Whether it is certain that none gives more than this plan."""
    method: str
    reason: str = ""
    """Why fewer than k are chosen; empty if k are."""

    @property
    def value(self) -> float:
        """What all of them give together."""
        return self.totals[-1] if self.totals else 0.0

    @property
    def short_by(self) -> float:
        """The part of the best possible, at most, by which this plan falls short of it; 0 if it is proved best."""
        return 0.0 if self.proved else (self.bound - self.value) / self.bound


def greedy(problem: SitingProblem, k: int, *, objective: str = "cover", swaps: bool = True) -> Plan:
    """The site that gives most, then the one that adds most to it, and so on; and then exchanges that give more.

    The plain greedy plan gives at least 1 - 1/e (63 %) of what any k candidates can (Nemhauser, Wolsey and Fisher
    1978), with a quota a half (Fisher, Nemhauser and Wolsey 1978), usually more than 98 %; it takes milliseconds. Of
    equal candidates the earlier one is taken.

    Parameters
    ----------
    problem
        What each candidate would give.
    k
        How many new sites.
    objective
        One of `OBJECTIVES`.
    swaps
        Whether to exchange one chosen site for another candidate as long as that gives more; without, the plan for
        k + 1 sites is the plan for k and one more. ``farthest`` knows no exchanges.

    Returns
    -------
    Plan
        ``proved`` where simple bounds happen to show that nothing can be better.

    Raises
    ------
    RequestError
        k is not from 1 to the number of candidates on the streets, or the objective is not known.
    """
    worth = worth_of(problem, k, objective)
    if objective == "farthest":
        order = siting_farthest.one_by_one(problem, worth, k)
        least = int(siting_farthest.radii(problem, siting_farthest.longest(problem))[0])
        return _farthest_plan(problem, order, k, method="greedy", least=least)
    if objective == "slope":
        sides = siting_slope.sides_of(problem, worth)
        order = siting_slope.one_by_one(sides, k)
        order = siting_slope.exchanged(sides, order, k) if swaps else order
        return _slope_plan(problem, sides, order, k, method="greedy", most=siting_slope.bound(sides, order, k))
    chosen = _swapped(worth, _greedy(worth, k)) if swaps else _greedy(worth, k)
    found = (objective, k, "greedy and swaps" if swaps else "greedy", simple_bound(worth, chosen, k))
    return _plan(problem, worth, chosen, found)


def optimum(
    problem: SitingProblem,
    k: int,
    *,
    objective: str = "cover",
    time_limit_s: float = 20.0,
    reduce: bool = True,
    after: Sequence[str] = (),
) -> Plan:
    """The best k candidates, by exact reductions and then spopt with HiGHS: a plan that is ``proved`` is best of all.

    1. Greedy and swaps give a plan to beat.
    2. *Prices* on homes (Lagrangian relaxation of the p-median problem, Cornuejols, Fisher and Nemhauser 1977) bound
       what k candidates can give. A candidate with which that falls below the plan to beat is in no better plan nor in
       an equal one, and is dropped; with prices of zero this is the simple rule "its own gain and the k - 1 best
       others". Prices are improved by subgradient steps, and often close the gap: then the plan is proved.
    3. What is left is written as coverage. A home with several candidates is a chain of demands: for its best one, for
       its best two, and so on, each worth the step to the next (the p-median by levels, Cornuejols, Nemhauser and
       Wolsey 1980), so one model serves all objectives. Demands met by the same candidates are merged. Existing sites
       need no facility in the model: only what candidates add to them counts.
    4. HiGHS solves spopt's maximal covering model of that, without a gap, in the time that is left. (Its p-median model
       has a variable for every pair of home and candidate, millions in a city: it is what the tests check by.)

    For ``farthest`` these steps say whether k candidates can keep every walk to a length, the list of lengths is
    halved until the shortest is found, and they find the plan of that length with the shortest total walking.
    ``proved`` is then said of the longest walk. For ``slope`` HiGHS is asked at once, by SciPy.

    Parameters
    ----------
    problem, k, objective
        As for `greedy`.
    time_limit_s
        After this long the best plan so far is returned, with what is known of how good it is. Loading the solver for
        the first time, some seconds, is not counted.
    reduce
        False leaves step 2 out, so that HiGHS has to find the answer by itself: to check the prices by.
    after
        Candidates of a plan for fewer sites: what comes out is no worse than these with more added.

    Returns
    -------
    Plan
        Of equally good plans the greedy one if it is among them, else earlier candidates in place of later ones.

    Raises
    ------
    RequestError
        As for `greedy`, or the time limit makes no sense.
    """
    if not time_limit_s > 0:
        message = f"a time limit of {time_limit_s} s is not more than 0"
        raise RequestError(message)
    worth = worth_of(problem, k, objective)
    search = _Search(k, time_limit_s, time.monotonic() + time_limit_s, reduce)
    start = [problem.candidates.index(name) for name in after][:k]
    if objective == "farthest":
        return _least_farthest(problem, worth, search, start)
    if objective == "slope":
        return _lowest_slope(problem, siting_slope.sides_of(problem, worth), search, start)
    chosen, bound, method = _best(worth, search, start)
    return _plan(problem, worth, chosen, (objective, k, method, bound))


class _Search(NamedTuple):
    """How many sites, how long the search may take and until when (monotonic seconds), whether it uses prices."""

    k: int
    seconds: float
    until: float
    reduce: bool


def _best(worth: Worth, search: _Search, start: Sequence[int] = ()) -> tuple[list[int], float, str]:
    """The best candidates found, a bound on what any can give, and how; the steps of `optimum`."""
    k = search.k
    chosen = _swapped(worth, _greedy(worth, k))
    if start:
        chosen = _fuller(worth, chosen, _swapped(worth, _greedy(worth, k, start=start)))
    value = float(worth.best(chosen).sum())
    bound, left, method = simple_bound(worth, chosen, k), worth, "greedy and swaps, proved by bounds"
    if search.reduce and bound > value * (1 + SAME):
        priced, keep = priced_bound(worth, chosen, k, until=search.until)
        bound, left, method = min(bound, priced), worth.only(keep), "greedy and swaps, proved by prices"
    if not search.reduce or bound > value * (1 + SAME):
        demands = demands_of(left)
        if len(demands.met) * len(demands.candidates) > PAIRS_A_SECOND * search.seconds:
            method = "greedy and swaps; too much for the solver in the time"
        elif len(demands.met):
            found, most = solved(demands, k, until=search.until)
            bound, method = min(bound, max(most, value)), "spopt and HiGHS"
            chosen = _fuller(worth, chosen, _settled(worth, found))
    return chosen, bound, method


def _least_farthest(problem: SitingProblem, worth: Worth, search: _Search, start: Sequence[int]) -> Plan:
    """The plan that leaves the shortest longest walk, and of those the one with the shortest total walking."""
    tries = [siting_farthest.one_by_one(problem, worth, search.k, start=of) for of in dict.fromkeys(((), tuple(start)))]
    chosen = min(tries, key=lambda tried: siting_farthest.longest(problem, tried))
    lengths = siting_farthest.radii(problem, siting_farthest.longest(problem, chosen))
    low, high, sure = 0, len(lengths) - 1, 0
    while low < high:
        middle = (low + high) // 2
        reach = siting_farthest.within(problem, worth, lengths[middle])
        tried, bound, _ = _best(reach, search)
        if reach.best(tried).sum() > reach.homes - 0.5:
            chosen = tried
            high = int(np.searchsorted(lengths, siting_farthest.longest(problem, tried)))
            continue
        low = middle + 1
        if bound < reach.homes - 0.5:  # else the time was up before it was certain
            sure = low
    kept = siting_farthest.kept_to(problem, worth, lengths[high])
    chosen, _, method = _best(kept, search, chosen)
    order = _greedy(kept, search.k, among=chosen)
    return _farthest_plan(problem, order, search.k, method=method, least=int(lengths[sure]))


def _farthest_plan(problem: SitingProblem, order: list[int], k: int, *, method: str, least: int) -> Plan:
    """A plan by its longest walk; ``least`` is the cost that no plan can make it shorter than."""
    left = [siting_farthest.longest(problem, order[:n]) for n in range(len(order) + 1)]
    totals = tuple((left[0] - then) / problem.mm_per_minute for then in left[1:])
    return Plan(
        objective="farthest", k=k, chosen=tuple(problem.candidates[number] for number in order), totals=totals,
        bound=(left[0] - least) / problem.mm_per_minute, proved=left[-1] <= least, method=method,
        reason=_reason(problem, "farthest", len(order), k),
    )  # fmt: skip


def _lowest_slope(problem: SitingProblem, sides: siting_slope.Sides, search: _Search, start: Sequence[int]) -> Plan:
    """The plan that takes the most off the slope index."""
    k = search.k
    tries = [siting_slope.exchanged(sides, siting_slope.one_by_one(sides, k, start=of), k) for of in ((), start)]
    found, most = siting_slope.solved(sides, k, until=search.until)
    chosen = max([*tries, found], key=sides.value)
    most = min(most, siting_slope.bound(sides, chosen, k))
    method = "SciPy and HiGHS" if most < np.inf else "greedy and swaps"
    return _slope_plan(problem, sides, chosen, k, method=method, most=most)


def _slope_plan(
    problem: SitingProblem, sides: siting_slope.Sides, chosen: list[int], k: int, *, method: str, most: float
) -> Plan:
    order = siting_slope.in_order(sides, chosen)
    totals = tuple(sides.value(order[:n]) for n in range(1, len(order) + 1))
    value = totals[-1] if totals else 0.0
    return Plan(
        objective="slope", k=k, chosen=tuple(problem.candidates[number] for number in order), totals=totals,
        bound=max(most, value), proved=most <= value + 1e-6, method=method,
        reason=_reason(problem, "slope", len(order), k),
    )  # fmt: skip


def trade_off(
    problem: SitingProblem, *, ks: Iterable[int] = range(1, 6), objective: str = "cover", time_limit_s: float = 20.0
) -> pd.DataFrame:
    """What one, two, three ... new sites would give at best, with the plain greedy answer beside it.

    Parameters
    ----------
    problem, objective, time_limit_s
        As for `optimum`; the time is for each k.
    ks
        How many new sites; more than there are candidates on the streets are left out, unless all are more.

    Returns
    -------
    DataFrame
        Index ``k``; columns ``greedy_value, greedy_sites, sites, value, proved, bound, method, reason``; sites are
        tuples of candidate ids. Values never fall as k grows, even where the time did not suffice for a proof.
    """
    wanted, possible = sorted(set(ks)), len(problem.candidates) - len(problem.off_streets)
    rows: list[dict[str, object]] = []
    after: tuple[str, ...] = ()
    for k in [number for number in wanted if number <= possible] or wanted:
        plain = greedy(problem, k, objective=objective, swaps=False)
        plan = optimum(problem, k, objective=objective, time_limit_s=time_limit_s, after=after)
        after = plan.chosen
        said = {name: getattr(plan, name) for name in ("value", "proved", "bound", "method", "reason")}
        rows.append({"k": k, "greedy_value": plain.value, "greedy_sites": plain.chosen, "sites": after} | said)
    return pd.DataFrame(rows).set_index("k")


def _first_best(gains: Numbers) -> int:
    return int(np.argmax(gains >= gains.max() * (1 - SAME)))  # the earliest of those that gain most


def _greedy(worth: Worth, k: int, *, start: Sequence[int] = (), among: Sequence[int] | None = None) -> list[int]:
    """Up to k candidates, each adding the most to those before it; none that adds nothing."""
    may = np.ones(worth.candidates) if among is None else np.isin(np.arange(worth.candidates), among)
    chosen = list(start)
    while len(chosen) < k:
        best = worth.best(chosen)
        gains = worth.gains(best) * may * worth.may_follow(chosen)
        number = _first_best(gains)
        if gains[number] <= SAME * best.sum():
            break
        chosen.append(number)
    return chosen


def _swapped(worth: Worth, chosen: list[int]) -> list[int]:
    """Exchange one of the chosen for another candidate, the best such exchange first, as long as one gives more."""
    value = worth.best(chosen).sum()
    while True:
        tried = []
        for place in range(len(chosen)):
            others = chosen[:place] + chosen[place + 1 :]
            best = worth.best(others)
            gains = worth.gains(best) * worth.may_follow(others)
            number = _first_best(gains)
            tried.append((best.sum() + gains[number], [*others, number]))
        better, exchanged = max(tried, key=lambda one: one[0], default=(0.0, chosen))
        if better <= value * (1 + SAME):
            return chosen
        value, chosen = better, exchanged


def _fuller(worth: Worth, chosen: list[int], other: list[int]) -> list[int]:
    """The other of two plans if it gives more."""
    return other if worth.best(other).sum() > worth.best(chosen).sum() * (1 + SAME) else chosen


def _settled(worth: Worth, chosen: list[int]) -> list[int]:
    """Put the earliest candidate that gives as much in place of each of the chosen."""
    value = worth.best(chosen).sum()
    for number in sorted(chosen):
        others = [other for other in chosen if other != number]
        best = worth.best(others)
        as_much = best.sum() + worth.gains(best) >= value * (1 - SAME)
        equal = np.flatnonzero(as_much & worth.may_follow(others))
        chosen = [*others, next((int(one) for one in equal if one not in others), number)]
    return chosen


def _nobody_beyond(problem: SitingProblem, objective: str) -> str:
    """Why there is nobody to bring within the threshold: not known is not nobody."""
    if objective == "deprived" and problem.today("cover") > 0:
        return "nobody known to live in the most deprived fifth lives beyond the threshold"
    if not problem.weight[problem.on_network].any():
        return "no walk of a child is known here, so there is nothing to choose by"
    return f"nobody {'' if problem.on_network.all() else 'whose walk is known '}lives beyond the threshold"


def _plan(problem: SitingProblem, worth: Worth, chosen: list[int], found: tuple[str, int, str, float]) -> Plan:
    """The chosen in the order to open them, what each prefix gives, and why there are fewer than asked for."""
    objective, k, method, bound = found
    order = _greedy(worth, k, among=chosen)
    totals = tuple(float(worth.best(order[:n]).sum()) for n in range(1, len(order) + 1))
    value = totals[-1] if totals else 0.0
    return Plan(
        objective=objective, k=k, chosen=tuple(problem.candidates[number] for number in order), totals=totals,
        bound=max(bound, value), proved=bound <= value * (1 + SAME), method=method,
        reason=_reason(problem, objective, len(order), k),
    )  # fmt: skip


def _reason(problem: SitingProblem, objective: str, found: int, k: int) -> str:
    """Why fewer than k are chosen; empty if k are."""
    reason = ""
    if found < k:
        aim = "shorten no walk" if objective in WALKING else "bring no more families within reach"
        aim = "make walks no fairer" if objective == "slope" else aim
        aim += " in the most deprived fifth" if objective.startswith("deprived") else ""
        where = "" if problem.quota is None else " that keep to the share in the most deprived areas"
        reason = f"{'another' if found else 'any'} site among these candidates{where} would {aim}"
        if objective not in WALKING and problem.today(objective) <= 0:
            reason = _nobody_beyond(problem, objective)
    return reason
