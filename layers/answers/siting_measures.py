"""What a plan of new sites would bring, by each measure that it can be judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo import paths, siting_farthest, siting_slope
from geo.whole import whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.siting_problem import SitingProblem


def brought_within(problem: SitingProblem, chosen: Sequence[str]) -> float:
    """By how many fewer under-fives would live beyond the threshold with these candidates, as *What if* shows it."""
    return float(beyond(problem) - beyond(problem, chosen))


def deprived_within(problem: SitingProblem, chosen: Sequence[str]) -> float:
    """The same of under-fives of England's most deprived fifth; NaN where deprivation is not known."""
    if problem.deprived is None:
        return float("nan")
    of = problem.deprived == 1
    return float(beyond(problem, of=of) - beyond(problem, chosen, of=of))


def beyond(problem: SitingProblem, chosen: Sequence[str] = (), *, of: NDArray[np.bool_] | bool = True) -> float:
    """Under-fives of some homes beyond the threshold, as it is shown, with these candidates."""
    far = problem.on_network & (walk_to(problem, chosen) > problem.limit) & of
    return float(whole(problem.weight[far].sum()))


def walk_to(problem: SitingProblem, chosen: Sequence[str]) -> NDArray[np.int64]:
    """The cost of each home's walk with these candidates."""
    walk = np.where(problem.on_network, problem.now, paths.FAR).astype(np.int64)
    for name in chosen:
        number = problem.candidates.index(name)
        of = slice(problem.first[number], problem.first[number + 1])
        walk[problem.home[of]] = np.minimum(walk[problem.home[of]], problem.cost[of])
    return walk


def minutes_saved(problem: SitingProblem, chosen: Sequence[str]) -> float:
    """Minutes that all under-fives' walks together would be shorter, where there is a way now."""
    has_way = problem.on_network & (problem.now < paths.FAR)
    saved = (problem.now - walk_to(problem, chosen))[has_way] / problem.mm_per_minute
    return float(problem.weight[has_way] @ saved)


def longest_km(problem: SitingProblem, chosen: Sequence[str] = ()) -> float:
    """The longest walk with these candidates in kilometres of level ground, to 10 m, of homes that can walk to any."""
    return siting_farthest.longest(problem, [problem.candidates.index(name) for name in chosen]) / 1e6


def slope(problem: SitingProblem, chosen: Sequence[str] = ()) -> float:
    """Minutes that walks rise from the least to the most deprived end with these candidates: the slope index.

    Of homes that have a way now, as in `layers.answers.fairness`; NaN where deprivation is not known.
    """
    counts = siting_slope.weights(problem)
    some = counts != 0
    return float(counts[some] @ walk_to(problem, chosen)[some] / problem.mm_per_minute) if some.any() else float("nan")
