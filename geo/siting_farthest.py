"""The least that the worst-off walk (the p-centre problem): whom a plan has to bring within a radius.

A radius is a walk's cost that no home may exceed. Whether k candidates can keep to it is a question of coverage alone:
every home that now walks farther has to have one of its candidates (Minieka 1970). The smallest such radius is found
in `geo.siting` by halving the list of all costs; among the plans that keep to it the one with least walking is best.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo import paths
from geo.siting_bounds import demands_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.siting_problem import SitingProblem, Worth

    Integers = NDArray[np.int64]

STEP = 10_000
"""Longest walks are equal within this cost, 10 m: a few millimetres must not outweigh what everybody else walks."""


def _counted(problem: SitingProblem) -> NDArray[np.bool_]:
    """Homes with children that can reach a site or a candidate: nobody can shorten the walk of the others."""
    may = problem.now < paths.FAR
    may[problem.home] = True
    counted: NDArray[np.bool_] = may & problem.on_network & (problem.weight > 0)
    return counted


def walks(problem: SitingProblem, chosen: Sequence[int] = ()) -> Integers:
    """What each home's walk costs with some candidates, at most the problem's cap; 0 where it is not counted."""
    walk = np.where(_counted(problem), np.minimum(problem.now, problem.cap), 0).astype(np.int64)
    for number in chosen:
        of = slice(problem.first[number], problem.first[number + 1])
        walk[problem.home[of]] = np.minimum(walk[problem.home[of]], problem.cost[of])
    return walk


def longest(problem: SitingProblem, chosen: Sequence[int] = ()) -> int:
    """The cost of the longest walk with some candidates, in full steps of `STEP`."""
    return -(-int(walks(problem, chosen).max(initial=0)) // STEP) * STEP


def one_by_one(problem: SitingProblem, worth: Worth, k: int, *, start: Sequence[int] = ()) -> list[int]:
    """Up to k candidates, each leaving the shortest longest walk, and of equal ones the least walking.

    Parameters
    ----------
    problem
        What each candidate would give.
    worth
        The walking that each would save.
    k
        How many.
    start
        Candidates that are chosen already.
    """
    chosen = list(start)
    while len(chosen) < k:
        saved = worth.gains(worth.best(chosen))
        helpful = np.flatnonzero((saved > 0) & worth.may_follow(chosen))
        if not len(helpful):
            break
        left = np.array([longest(problem, [*chosen, int(number)]) for number in helpful])
        chosen.append(int(helpful[np.lexsort((-saved[helpful], left))[0]]))
    return chosen


def radii(problem: SitingProblem, most: int) -> Integers:
    """All costs that `longest` may be, from what all candidates together leave up to ``most``, rising."""
    now, least = walks(problem), longest(problem, range(len(problem.candidates)))
    every = np.append(now, problem.cost[now[problem.home] > 0])
    steps = np.unique(-(-every // STEP) * STEP)
    return steps[(steps >= least) & (steps <= most)]


def within(problem: SitingProblem, worth: Worth, radius: int) -> Worth:
    """Coverage of the homes that now walk farther than a radius, each worth 1: a plan with all of them keeps to it."""
    far = walks(problem) > radius
    entry = far[problem.home] & (problem.cost <= radius)
    candidate = np.repeat(np.arange(len(problem.candidates)), np.diff(problem.first))[entry]
    home = (np.cumsum(far) - 1)[problem.home[entry]]
    return worth._replace(candidate=candidate, home=home, value=np.ones(len(home)), homes=int(far.sum()))


def kept_to(problem: SitingProblem, worth: Worth, radius: int) -> Worth:
    """The walking that each candidate would save, where keeping to the radius is worth more than all walking.

    Homes beyond the radius with the same candidates are one more home, to which each of these gives that much.
    """
    must = demands_of(within(problem, worth, radius))
    home, column = np.nonzero(np.unpackbits(must.met, axis=1, count=len(must.candidates)))
    much = worth.ceiling().sum() + 1.0
    candidate = np.append(worth.candidate, must.candidates[column])
    order = np.argsort(candidate, kind="stable")
    return worth._replace(
        candidate=candidate[order],
        home=np.append(worth.home, worth.homes + home)[order],
        value=np.append(worth.value, np.full(len(home), much))[order],
        homes=worth.homes + len(must.met),
    )
