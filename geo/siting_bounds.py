"""How good a plan of new sites can be at most: bounds by prices on homes, and the exact answer of a solver."""

from __future__ import annotations

import time
import warnings
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.siting_problem import SAME, Worth

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Numbers = NDArray[np.float64]

_ROUNDS = 400
PAIRS_A_SECOND = 25_000
"""spopt goes through every pair of demand and candidate, some 60,000 in a second: that may take half of the time."""


def simple_bound(worth: Worth, chosen: list[int], k: int) -> float:
    """What k candidates cannot exceed: all; the k best alone; the chosen with the k that add most to them."""
    best = worth.best(chosen)
    gains = (worth.gains(has) for has in (np.zeros(worth.homes), best))
    alone, added = (each[worth.top(each, k)].sum() for each in gains)
    return float(min(worth.ceiling().sum(), alone, best.sum() + added))


def priced_bound(worth: Worth, chosen: list[int], k: int, *, until: float) -> tuple[float, NDArray[np.bool_]]:
    """A bound on what k candidates can give, and which candidates may be in a plan no worse than the chosen.

    Whatever the prices on homes, k candidates give no more than all prices and what the k best give above them.
    """
    floor = float(worth.best(chosen).sum())
    keep, left, ceiling = np.ones(worth.candidates, np.bool_), worth, worth.ceiling()
    price = cheapest = worth.best(chosen)
    bound, step, stale = np.inf, 1.0, 0
    for _ in range(_ROUNDS):
        above = np.where(keep, left.gains(price), -1.0)
        top = worth.top(above, k)
        reach = float(price.sum() + above[top].sum(where=keep[top]))
        bound, cheapest, stale = (reach, price, 0) if reach < bound else (bound, cheapest, stale + 1)
        if reach <= floor * (1 + SAME) or step < 1e-3 or time.monotonic() > until:
            break
        stays = _may_stay(keep, above, top, (reach, floor))
        if stays.sum() < 0.9 * keep.sum():
            left = left.only(stays)
            ceiling = left.ceiling()
            cheapest = np.minimum(cheapest, ceiling)
        keep = stays
        if stale >= 15:
            step, stale, price = step / 2, 0, cheapest
        slope = _slope(left, price, ceiling, top)
        if not slope.any():
            break
        price = np.clip(price - slope * step * (reach - 0.999 * floor) / (slope @ slope), 0.0, ceiling)
    return max(bound, floor), keep


def _may_stay(keep: NDArray[np.bool_], above: Numbers, top: Integers, limits: tuple[float, float]) -> NDArray[np.bool_]:
    """Candidates with which the bound (the first limit) does not fall below the plan to beat (the second)."""
    reach, floor = limits
    stays: NDArray[np.bool_] = keep & (reach - above[top[-1]] + above >= floor * (1 - SAME))
    stays[top] |= keep[top]
    return stays


def _slope(worth: Worth, price: Numbers, ceiling: Numbers, top: Integers) -> Numbers:
    """By how much the bound moves with the price of each home: a subgradient, none where the price cannot go on."""
    taken = np.isin(worth.candidate, top) & (worth.value > price[worth.home])
    slope: Numbers = 1.0 - np.bincount(worth.home[taken], minlength=worth.homes).astype(np.float64)
    slope[(slope > 0) & (price <= 0) | (slope < 0) & (price >= ceiling)] = 0.0
    return slope


class Demands(NamedTuple):
    """Coverage: what each demand is worth, and which candidates meet it."""

    candidates: Integers
    met: NDArray[np.uint8]
    """Shape (demands, bytes): a bit for each of the candidates."""
    weight: Numbers
    elsewhere: NDArray[np.bool_]
    """Candidates of which only `most_elsewhere` may be chosen."""
    most_elsewhere: int


def demands_of(worth: Worth) -> Demands:
    """Every home as a chain of demands, for its best candidate, its best two ..., each worth the step to the next."""
    numbers, column = np.unique(worth.candidate, return_inverse=True)
    order = np.lexsort((column, -worth.value, worth.home))
    column, home, value = column[order], worth.home[order], worth.value[order]
    last = np.append(home[1:] != home[:-1], True)
    step = value - np.where(last, 0.0, np.append(value[1:], 0.0))
    rank = np.arange(len(home)) - np.searchsorted(home, home)
    met = np.zeros((worth.homes, (len(numbers) + 7) // 8), np.uint8)
    rows, weights = [met[:0]], [step[:0]]
    for nth in range(int(rank.max(initial=-1)) + 1):
        here = rank == nth
        met[home[here], column[here] // 8] |= (128 >> column[here] % 8).astype(np.uint8)
        here &= step > 1e-12 * value
        rows.append(met[home[here]])
        weights.append(step[here])
    different, which = np.unique(np.concatenate(rows), axis=0, return_inverse=True)
    weight = np.bincount(which.ravel(), np.concatenate(weights), len(different)).astype(float)
    elsewhere = np.zeros(len(numbers), np.bool_) if worth.elsewhere is None else worth.elsewhere[numbers]
    return Demands(numbers, different, weight, elsewhere, worth.most_elsewhere)


def solved(demands: Demands, k: int, *, until: float) -> tuple[list[int], float]:
    """The best k candidates that HiGHS found in the time, and its bound on what k can give."""
    begin = time.monotonic()
    import highspy  # noqa: PLC0415 (these load slowly, and only a plan that is not proved yet needs them)
    import pulp  # type: ignore[import-untyped]  # noqa: PLC0415
    from spopt.locate import MCLP  # type: ignore[import-untyped]  # noqa: PLC0415

    until += time.monotonic() - begin
    far = 1.0 - np.unpackbits(demands.met, axis=1, count=len(demands.candidates))
    with warnings.catch_warnings():
        # spopt makes its variables in the way that PuLP 3.3 calls deprecated
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"(spopt|pulp)\b")
        few = min(int(demands.elsewhere.sum()), demands.most_elsewhere)
        model = MCLP.from_cost_matrix(far, demands.weight, 0.5, min(k, int((~demands.elsewhere).sum()) + few))
        if demands.elsewhere.any():
            model.problem += pulp.lpSum(np.array(model.fac_vars)[demands.elsewhere]) <= few
        limit = max(until - time.monotonic(), 1.0)
        try:
            model.solve(pulp.HiGHS(msg=False, timeLimit=limit, gapRel=0.0, gapAbs=0.0, threads=1), results=False)
        except RuntimeError:  # not even one plan in the time
            return [], np.inf
    found = np.array([variable.value() for variable in model.fac_vars]) > 0.5
    highs = model.problem.solverModel
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return demands.candidates[found].tolist(), -float(highs.getInfo().mip_dual_bound)
    return demands.candidates[found].tolist(), float(demands.weight @ (far[:, found].min(axis=1, initial=1.0) < 0.5))
