"""How evenly walks fall on families: slope and concentration by deprivation, Gini, and the depth of the shortfall.

Families are put in order from the least deprived (0) to the most deprived (1). A positive slope or concentration of
minutes therefore says that deprived families walk longer; a positive one of the share within reach, that more of them
are within reach.

The slope index is England's routine measure of inequality (Office for Health Improvement and Disparities, Public Health
Outcomes Framework); concentration after Kakwani, Wagstaff and van Doorslaer (1997), corrected for an outcome with
bounds after Erreygers (2009); the shortfall after Foster, Greer and Thorbecke (1984).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRAWS = 200
"""Of homes, again with replacement within each area, for the intervals."""
SEED = 20260101
STEP = 0.05
TAIL = 0.1
"""The part of families at either end that is set beside the other."""
_AT_ONCE = 2_000_000  # homes drawn in one go: 16 MB an array


@dataclass(frozen=True, eq=False, kw_only=True)
class Families:
    """Homes by the deprivation of their areas; arrays of shape (homes,).

    Parameters
    ----------
    area
        Number of each home's area.
    children
        How many children live there; homes with none are of no account.
    deprivation
        Of the home's area: the more, the more deprived. Missing where it is not known; such homes are left out.
    """

    area: NDArray[np.int64]
    children: Floats
    deprivation: Floats


@dataclass(frozen=True, eq=False)
class Inequality:
    """How an outcome falls on families."""

    table: pd.DataFrame
    """Index ``measure``; ``value``, and ``low`` and ``high``: 95 of 100 draws lie between them."""
    curve: pd.DataFrame
    """The concentration curve: ``families`` and ``outcome``, parts from 0 to 1 heaped up from the least deprived."""
    shared: pd.DataFrame
    """How the outcome is shared out: ``families``, parts from 0 to 1 in steps of `STEP`, and their part of it, heaped
    up from the least deprived (``by_order``, the concentration curve) and from the lowest outcome (``by_walk``, the
    Lorenz curve); straight between areas or homes."""
    children: float
    """How many it is about."""
    left_out: float
    """How many have an outcome or a deprivation that is not known."""


def inequality(
    outcome: Floats, families: Families, *, bounds: tuple[float, float] | None = None, draws: int = DRAWS
) -> Inequality:
    """Measures of how an outcome falls on families by the deprivation of their areas.

    Parameters
    ----------
    outcome
        Minutes, or 1 where a home is within reach and 0 where it is not; missing where it is not known. (homes,)
    families
        The homes.
    bounds
        The least and the most that the outcome can be, if it has bounds: then ``erreygers`` is among the measures.
    draws
        How many random draws the intervals are made of; 0 for none.

    Returns
    -------
    Inequality
        The measures: ``mean``; ``slope`` (of a straight line by rank: the most less the least deprived end) and
        ``relative_slope`` (by the mean); ``concentration``; ``erreygers``; ``gini``; ``least_deprived`` and
        ``most_deprived`` (means of the tenth of families at either end) and their ``difference``. All are missing
        where no home is known.
    """
    known = np.isfinite(outcome) & np.isfinite(families.deprivation) & (families.children > 0)
    out = float(families.children[~known & (families.children > 0)].sum())
    rows = np.flatnonzero(known)
    rows = rows[np.lexsort((families.area[rows], families.deprivation[rows]))]
    names = [
        "mean", "slope", "relative_slope", "concentration", *(["erreygers"] if bounds else []), "gini",
        "least_deprived", "most_deprived", "difference",
    ]  # fmt: skip
    if not len(rows):
        nothing = pd.DataFrame(np.nan, index=pd.Index(names, name="measure"), columns=["value", "low", "high"])
        empty = pd.DataFrame({"families": [], "by_order": [], "by_walk": []})
        return Inequality(nothing, pd.DataFrame({"families": [], "outcome": []}), empty, 0.0, out)
    value, children = outcome[rows], families.children[rows]
    by_area = _begins(families.deprivation[rows], families.area[rows])
    by_rank = _begins(families.deprivation[rows][by_area])
    upwards = np.argsort(value, kind="stable")

    def measured(times: Floats) -> Floats:
        """The measures with each home taken so many times; (draws, homes) to (draws, measures)."""
        weight = times * children
        part = np.add.reduceat(np.add.reduceat(weight, by_area, axis=1), by_rank, axis=1)
        heap = np.add.reduceat(np.add.reduceat(weight * value, by_area, axis=1), by_rank, axis=1)
        return np.column_stack(
            [*_by_rank(part, heap, bounds), _gini(weight[:, upwards], value[upwards]), *_tails(part, heap)]
        )

    asked = measured(np.ones((1, len(rows))))[0]
    low, high = np.full((2, len(names)), np.nan)
    if draws:
        step = max(1, _AT_ONCE // len(rows))
        parts = [min(step, draws - done) for done in range(0, draws, step)]
        random = np.random.default_rng(SEED)
        drawn = np.vstack([measured(_drawn(random, by_area, len(rows), number)) for number in parts])
        low, high = np.quantile(drawn, (0.025, 0.975), axis=0)
    table = pd.DataFrame({"value": asked, "low": low, "high": high}, index=pd.Index(names, name="measure"))
    curve = _curve(value, children, begins=by_area[by_rank])
    lorenz = _curve(value[upwards], children[upwards], begins=np.arange(len(rows)))
    at = np.linspace(0, 1, round(1 / STEP) + 1)
    shared = pd.DataFrame(
        {"families": at}
        | {name: np.interp(at, *of.to_numpy().T) for name, of in (("by_order", curve), ("by_walk", lorenz))}
    )
    return Inequality(table, curve, shared, float(children.sum()), out)


def shortfall(minutes: Floats, children: Floats, *, threshold: float) -> dict[int, float]:
    """How many families walk too far, how much too far, and how much that hurts the farthest.

    Parameters
    ----------
    minutes, children
        Of each home, (homes,); homes whose minutes are not finite are left out.
    threshold
        Minutes.

    Returns
    -------
    dict
        For the powers 0, 1 and 2 the mean over children of ``((minutes - threshold) / threshold) ** power`` beyond the
        threshold and 0 within; the powers 1 and 2 can exceed 1. Missing where no home is known.
    """
    weight = np.where(np.isfinite(minutes), children, 0.0)
    if not weight.sum() > 0:
        return dict.fromkeys((0, 1, 2), float("nan"))
    beyond = minutes > threshold
    over = np.where(beyond & np.isfinite(minutes), (minutes - threshold) / threshold, 0.0)
    return {power: float((weight * (over**power if power else beyond)).sum() / weight.sum()) for power in (0, 1, 2)}


def ranks(families: Families) -> Floats:
    """Where each home stands by deprivation: 0 the least, 1 the most, an area at the middle of its children; (homes,).

    Missing where there are no children or the deprivation is not known.
    """
    found = np.full(len(families.children), np.nan)
    rows = np.flatnonzero(np.isfinite(families.deprivation) & (families.children > 0))
    if len(rows):
        rows = rows[np.argsort(families.deprivation[rows], kind="stable")]
        begins = _begins(families.deprivation[rows])
        part = np.add.reduceat(families.children[rows], begins)
        middle = (np.cumsum(part) - part / 2) / part.sum()
        found[rows] = np.repeat(middle, np.diff(np.append(begins, len(rows))))
    return found


def between_ends(families: Families) -> Floats:
    """How much each home's outcome weighs in ``difference``, which is their weighted sum; (homes,).

    Homes that are not in either tenth, or whose deprivation is not known, weigh nothing. As it is a sum, the difference
    can be shared out among whatever made the outcome what it is.
    """
    known = np.isfinite(families.deprivation) & (families.children > 0)
    rows = np.flatnonzero(known)
    added = np.zeros(len(known))
    if not len(rows):
        return added
    rows = rows[np.lexsort((families.area[rows], families.deprivation[rows]))]
    begins = _begins(families.deprivation[rows])
    part = np.add.reduceat(families.children[rows], begins)
    end = np.cumsum(part) / part.sum()
    least, most = _in_tails(end - part / part.sum(), end)
    size = np.diff(np.append(begins, len(rows)))
    added[rows] = np.repeat((most - least) / TAIL / part, size) * families.children[rows]
    return added


def _begins(*columns: NDArray[np.generic]) -> NDArray[np.intp]:
    """Where in sorted columns something new begins."""
    new = np.zeros(len(columns[0]), bool)
    new[0] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(new)


def _drawn(random: np.random.Generator, begins: NDArray[np.intp], homes: int, draws: int) -> Floats:
    """How often each home is taken when as many as an area has are drawn in it; (draws, homes)."""
    size = np.diff(np.append(begins, homes))
    first, among = np.repeat(begins, size), np.repeat(size, size)
    taken = first + (random.random((draws, homes)) * among).astype(np.int64)
    taken += np.arange(draws)[:, None] * homes
    return np.bincount(taken.ravel(), minlength=draws * homes).reshape(draws, homes).astype(float)


def _by_rank(part: Floats, heap: Floats, bounds: tuple[float, float] | None) -> list[Floats]:
    """Mean, slope, relative slope, concentration, and the bounded one; (draws, ranks) of children and of outcomes."""
    share = part / part.sum(axis=1, keepdims=True)
    rank = np.cumsum(share, axis=1) - share / 2 - 0.5  # the middle of each group, from the middle of all
    mean = heap.sum(axis=1) / part.sum(axis=1)
    within = np.divide(heap, part, out=np.zeros_like(heap), where=part > 0)
    together = (share * rank * within).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):  # one rank alone has no slope, a mean of 0 no part
        slope = together / (share * rank**2).sum(axis=1)
        concentration = 2 * together / mean
        slope[(share > 0).sum(axis=1) < 2] = np.nan
        found = [mean, slope, slope / mean, concentration]
    return [*found, 8 * together / (bounds[1] - bounds[0])] if bounds else found


def _gini(weight: Floats, upwards: Floats) -> Floats:
    """Of outcomes sorted upwards; (draws, homes) to (draws,)."""
    heap = np.cumsum(weight * upwards, axis=1)
    share = weight / weight.sum(axis=1, keepdims=True)
    before = np.concatenate([np.zeros((len(heap), 1)), heap[:, :-1]], axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(1 - (share * (heap + before)).sum(axis=1) / heap[:, -1])


def _tails(part: Floats, heap: Floats) -> list[Floats]:
    """Means of the tenth of families at either end, an area that the line cuts taken in part; and their difference."""
    whole = part.sum(axis=1, keepdims=True)
    within = np.divide(heap, part, out=np.zeros_like(heap), where=part > 0)
    end = np.cumsum(part, axis=1) / whole
    begin = end - part / whole
    least, most = ((each * within).sum(axis=1) / TAIL for each in _in_tails(begin, end))
    return [least, most, most - least]


def _in_tails(begin: Floats, end: Floats) -> tuple[Floats, Floats]:
    """How much of what lies between two parts of families lies in the tenth at either end."""
    return np.clip(np.minimum(end, TAIL) - begin, 0, None), np.clip(end - np.maximum(begin, 1 - TAIL), 0, None)


def _curve(value: Floats, children: Floats, *, begins: NDArray[np.intp]) -> pd.DataFrame:
    part = np.add.reduceat(children, begins)
    heap = np.add.reduceat(children * value, begins)
    total = heap.sum()
    return pd.DataFrame(
        {
            "families": np.append(0.0, np.cumsum(part) / part.sum()),
            "outcome": np.append(0.0, np.cumsum(heap) / total if total else np.full(len(heap), np.nan)),
        }
    )
