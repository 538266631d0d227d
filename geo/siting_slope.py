"""The smallest inequality: where new sites would shorten walks more, the more deprived a neighbourhood is.

What is made as large as possible is the fall of the slope index of inequality (see `geo.inequality`): minutes that the
walk at the most deprived end gets shorter, less those at the least deprived end. It is a sum over homes; a minute
saved counts for a plan where deprivation is above the middle, and against it where it is below. So the sums of
`geo.siting_problem.Worth` come in two, what a plan gains and what it loses, and neither prices nor the covering model
of `geo.siting_bounds` can be used, for both need that more sites are never worse.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.siting_bounds import demands_of, simple_bound
from geo.siting_problem import SAME, Worth

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from geo.siting_problem import SitingProblem

    Numbers = NDArray[np.float64]

_MOST_PAIRS = 40_000
"""Of demand and candidate: HiGHS takes some seconds for 5,000, and finds nothing in a minute for 350,000."""


class Sides(NamedTuple):
    """What candidates take off the slope and what they put on it, in minutes; both count with the same candidates."""

    gain: Worth
    loss: Worth

    def value(self, chosen: Sequence[int]) -> float:
        """By how many minutes the slope falls with these."""
        return float(self.gain.best(chosen).sum() - self.loss.best(chosen).sum())

    def added(self, chosen: Sequence[int]) -> Numbers:
        """How much more each candidate takes off the slope; far below zero where it may not be chosen as well."""
        more = self.gain.gains(self.gain.best(chosen)) - self.loss.gains(self.loss.best(chosen))
        more[~self.gain.may_follow(chosen)] = -np.inf
        more[list(chosen)] = -np.inf
        return more


def weights(problem: SitingProblem) -> Numbers:
    """How much a minute of each home's walk counts in the slope, which is their weighted sum; (homes,).

    Homes that have no way now, whose deprivation is not known, or without children count nothing.
    """
    counts = problem.counts("slope")
    weight = np.where(counts, problem.weight, 0.0)
    rank = np.where(counts, np.nan_to_num(0.0 if problem.rank is None else problem.rank), 0.0)
    if not weight.any():
        return weight
    apart = np.where(counts, rank - weight @ rank / weight.sum(), 0.0)
    spread = float(weight @ apart**2)
    return weight * apart / spread if spread > 0 else np.zeros(len(weight))


def sides_of(problem: SitingProblem, worth: Worth) -> Sides:
    """Both sides of what the candidates do to the slope.

    Parameters
    ----------
    problem
        What each candidate would give.
    worth
        The same in the terms of ``slope``: see `geo.siting_problem.worth_of`.
    """
    of_child = weights(problem) / np.where(problem.weight > 0, problem.weight, 1.0)
    helped = np.unique(problem.value("slope")[1])
    signed = worth.value * of_child[helped][worth.home]
    return Sides(*(_only(worth, side * signed) for side in (1, -1)))


def _only(worth: Worth, value: Numbers) -> Worth:
    some = value > 0
    return worth._replace(candidate=worth.candidate[some], home=worth.home[some], value=value[some])


def in_order(sides: Sides, chosen: Iterable[int]) -> list[int]:
    """The chosen, each taking the most off the slope after those before it."""
    left, order = set(chosen), list[int]()
    while left:
        added = sides.added(order)
        order.append(max(sorted(left), key=lambda number: added[number]))
        left.remove(order[-1])
    return order


def one_by_one(sides: Sides, k: int, *, start: Sequence[int] = ()) -> list[int]:
    """Up to k candidates, each taking the most off the slope, as long as one does."""
    chosen = list(start)
    while len(chosen) < k:
        added = sides.added(chosen)
        number = int(np.argmax(added))
        if not added[number] > SAME:
            break
        chosen.append(number)
    return chosen


def exchanged(sides: Sides, chosen: list[int], k: int) -> list[int]:
    """One of the chosen exchanged for another candidate, left out, or one more taken, as long as that is better."""
    value = sides.value(chosen)
    while True:
        tried = [(value, chosen)]
        for others in ([*chosen[:place], *chosen[place + 1 :]] for place in range(len(chosen))):
            here = sides.value(others)
            added = sides.added(others)
            number = int(np.argmax(added))
            tried += [(here, others), (here + added[number], [*others, number])]
        more = one_by_one(sides, k, start=chosen)
        tried.append((sides.value(more), more))
        better, found = max(tried, key=lambda one: one[0])
        if better <= value + SAME:
            return chosen
        value, chosen = better, found


def bound(sides: Sides, chosen: list[int], k: int) -> float:
    """What no k candidates can take off the slope: what they can gain, whatever they lose."""
    return simple_bound(sides.gain, chosen, k)


def solved(sides: Sides, k: int, *, until: float) -> tuple[list[int], float]:
    """The best k candidates that HiGHS found in the time, none if it found none, and its bound on what k can do.

    Coverage again, with levels of walks as separate demands (see `geo.siting.optimum`): a demand of what is gained is
    met only if one of its candidates is chosen, a demand of what is lost as soon as one is.
    """
    from scipy import sparse  # noqa: PLC0415 (it loads slowly, and only this aim needs it)
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415

    gain, loss = (demands_of(side) for side in sides)
    met = [
        sparse.coo_matrix(np.unpackbits(each.met, axis=1, count=len(each.candidates)).astype(np.int8))
        for each in (gain, loss)
    ]
    n, more, less = sides.gain.candidates, len(gain.weight), len(loss.weight)
    if met[0].nnz + met[1].nnz > _MOST_PAIRS:
        return [], np.inf
    among = sparse.coo_matrix((-np.ones(met[0].nnz), (met[0].row, gain.candidates[met[0].col])), shape=(more, n))
    each = np.arange(met[1].nnz)
    one = sparse.coo_matrix((np.ones(len(each)), (each, loss.candidates[met[1].col])), shape=(len(each), n))
    of = sparse.coo_matrix((-np.ones(len(each)), (each, met[1].row)), shape=(len(each), less))
    rows = sparse.bmat([[among, sparse.identity(more), None], [one, None, of]], format="csr")
    limits = [LinearConstraint(rows, -np.inf, 0), LinearConstraint(_row(np.ones(n), more + less), 0, k)]
    if sides.gain.elsewhere is not None:
        few = _row(sides.gain.elsewhere.astype(float), more + less)
        limits.append(LinearConstraint(few, 0, sides.gain.most_elsewhere))
    found = milp(
        np.concatenate([np.zeros(n), -gain.weight, loss.weight]), constraints=limits, bounds=Bounds(0, 1),
        integrality=np.append(np.ones(n), np.zeros(more + less)),
        options={"time_limit": max(until - time.monotonic(), 1.0), "mip_rel_gap": 0.0},
    )  # fmt: skip
    most = -found.mip_dual_bound if found.mip_dual_bound is not None else np.inf
    chosen = [] if found.x is None else np.flatnonzero(found.x[:n] > 0.5).tolist()
    return chosen, float(most)


def _row(of_candidates: Numbers, others: int) -> Numbers:
    return np.append(of_candidates, np.zeros(others))[None, :]
