"""Whole people: the one place where a count is rounded, so that every page, file and command shows the same number.

Homes have parts of children (an area's children are shared out over its homes), so sums are made of unrounded parts,
and each sum is rounded once, by `whole`. A difference is that of two shown numbers (`more`, `fewer`), so that a reader
who takes one from the other finds it. Parts that stand beside their sum add up to it by largest remainder (`parts`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Count = TypeVar("Count")
"""A number, or an array, a Series or a table of numbers."""

ROUNDED = "Each number is rounded to whole children by itself, so rows add up to about the total."
"""Said beside a table of parts that are not made to add up, such as neighbourhoods."""

_NOISE = 6
"""Decimals kept before rounding: a sum made in another order differs far behind them, and a half must stay one."""


def whole(count: Count) -> Count:
    """A count as it is shown, halves to the even number; missing stays missing."""
    rounded: Any = np.round(np.round(cast("Any", count), _NOISE))
    return cast("Count", rounded + 0.0)  # never -0


def shown(count: float) -> str:
    """A count in words: "4,008"; "not known" where it is missing."""
    return "not known" if np.isnan(count) else f"{whole(count):,.0f}"


def more(now: float, change: Count) -> Count:
    """By how many the shown number grows if the count grows by so much: the difference of both as shown.

    Parameters
    ----------
    now
        The count before.
    change
        What comes to it, unrounded; below zero where it shrinks.
    """
    return cast("Count", whole(now + cast("Any", change)) - whole(now))


def fewer(now: float, change: Count) -> Count:
    """By how many the shown number shrinks if the count shrinks by so much."""
    return cast("Count", whole(now) - whole(now - cast("Any", change)))


def parts(values: pd.Series[float], total: float) -> pd.Series[float]:
    """Parts in whole numbers that add up to a total, by largest remainder; what is missing stays so.

    Parameters
    ----------
    values
        Not below zero; unrounded.
    total
        What they are to add up to: their own sum as it is shown, or a shown difference that they share.

    Returns
    -------
    Series
        Each part is rounded up or down, those with the greatest remainder up (of equals the first); where that is not
        enough, as the total is more than all rounded up, the greatest parts take one more.
    """
    known = values.notna().to_numpy() & (np.round(values.to_numpy(float), _NOISE) > 0)
    exact = np.round(values.to_numpy(float)[known], _NOISE)
    made = np.floor(exact)
    short = int(whole(float(total)) - made.sum()) if len(exact) else 0
    if short > 0:
        order = np.argsort(-(exact - made), kind="stable")
        np.add.at(made, np.resize(order, short), 1)
    elif short < 0:
        order = np.argsort(exact - made, kind="stable")
        order = order[made[order] > 0]
        made[order[:-short]] -= 1
    found = whole(values)
    found[known] = made
    return found


def whole_table(table: pd.DataFrame) -> pd.DataFrame:
    """A table with its numbers as they are shown; what is no number stays as it is."""
    return table.assign(**cast("dict[str, pd.Series[float]]", whole(table.select_dtypes("number"))))
