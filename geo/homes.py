"""Homes stand for their area: how much each counts, and the figures of an area worked out from its homes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray


PEOPLE = ("residents", "under5", "under2", "born_outside_uk")
"""Who lives at an origin: the weights of `geo.tables.Origins`."""


@dataclass(frozen=True, eq=False)
class Homes:
    """The origins of some areas, and how much each counts within its own; arrays of shape (origins,)."""

    areas: pd.Index[str]
    area: NDArray[np.int64]
    """Position of the origin's area in `areas`."""
    weight: NDArray[np.float64]
    basis: pd.Series[str]
    """What the weights of each area rest on: under5, residents or homes."""

    @classmethod
    def of(cls, areas: pd.DataFrame, origins: pd.DataFrame) -> Homes:
        """Origins count by their under-fives; by residents where those are not known; else alike.

        Parameters
        ----------
        areas, origins
            As in `geo.tables`; every origin's area is among the areas.
        """
        area = np.asarray(areas.index.get_indexer(pd.Index(origins["area_code"])), np.int64)
        basis = np.full(len(areas), "homes", dtype=object)
        weight = np.ones(len(origins))
        for column in ("residents", "under5"):
            values = origins[column].to_numpy(float)
            has = np.nan_to_num(np.bincount(area, np.nan_to_num(values), minlength=len(areas))) > 0
            basis[has] = column
            weight = np.where(has[area], values, weight)
        return cls(areas.index, area, np.nan_to_num(weight), pd.Series(basis, index=areas.index, dtype="str"))

    def total(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over each area's origins; NaN where any is missing or the area has none."""
        # homes have parts of people that add up to whole ones: what is left over far behind the point is noise
        sums = np.round(np.bincount(self.area, values, minlength=len(self.areas)), 9)
        some = np.bincount(self.area, minlength=len(self.areas)) > 0
        return np.where(some, sums, np.nan)

    def unknown_share(self, known: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Share of each area's weight whose walk is not known; NaN for an area without origins."""
        total = self.total(self.weight)
        seen = self.total(np.where(known, self.weight, 0.0))
        share = np.divide(total - seen, total, out=np.full(len(total), np.nan), where=total > 0)
        return np.asarray(np.clip(share, 0, 1))

    def counted(self, known: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Origins that sums are made of: their walk is known, and that of most of their area is."""
        return np.asarray(known & (self.unknown_share(known) < 0.5)[self.area])

    def quantiles(
        self, values: NDArray[np.float64], parts: tuple[float, ...], *, known: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """Which origin of each area stands at a part of its weight; -1 where none is known.

        Parameters
        ----------
        values
            What the origins are ordered by; infinite is last.
        parts
            Such as 0.5 for the median: the first origin up to which this part of the area's weight is reached.
        known
            Which origins count.

        Returns
        -------
        array of shape (areas, parts)
            Positions of origins.
        """
        rows = np.flatnonzero(known & (self.weight > 0))
        if not len(rows):
            return np.full((len(self.areas), len(parts)), -1)
        rows = rows[np.lexsort((values[rows], self.area[rows]))]
        heaped = np.cumsum(self.weight[rows])
        count = np.bincount(self.area[rows], minlength=len(self.areas))
        end = np.cumsum(count)
        before = np.concatenate([[0.0], heaped])[end - count]
        whole = np.concatenate([[0.0], heaped])[end] - before
        # a hair less than the part, so that a sum of many weights that should meet it exactly does
        wanted = before[:, None] + whole[:, None] * np.asarray(parts) * (1 - 1e-9)
        at = np.minimum(np.searchsorted(heaped, wanted, side="left"), (end - 1)[:, None])
        return np.where(count[:, None] > 0, rows[np.maximum(at, 0)], -1)


def weighted_quantiles(
    values: NDArray[np.float64], weight: NDArray[np.float64], parts: tuple[float, ...]
) -> NDArray[np.float64]:
    """The values up to which these parts of the weight are reached; NaN where nothing weighs anything."""
    some = np.flatnonzero((weight > 0) & ~np.isnan(values))
    if not len(some):
        return np.full(len(parts), np.nan)
    order = some[np.argsort(values[some], kind="stable")]
    heaped = np.cumsum(weight[order])
    at = np.searchsorted(heaped, heaped[-1] * np.asarray(parts) * (1 - 1e-9), side="left")
    return np.asarray(values[order[np.minimum(at, len(order) - 1)]])


def extra_minutes(
    before: NDArray[np.float64], after: NDArray[np.float64], weight: NDArray[np.float64], parts: tuple[float, ...]
) -> NDArray[np.float64]:
    """By how many minutes walks grew, at parts of the weight; NaN where nothing weighs anything.

    A home that had a way and has none any more has lost most, so it stands behind all others. Where a part falls among
    such homes, the answer is no way on foot and not a number of minutes: NaN too.

    Parameters
    ----------
    before, after
        Minutes of each home; missing or infinite where there is no way. A home without a way before is left out.
    weight
        How much each home counts.
    parts
        Such as 0.5 for the median.
    """
    had, has = np.isfinite(before), np.isfinite(after)
    extra = np.where(had, np.inf, np.nan)
    extra[had & has] = after[had & has] - before[had & has]
    grew = weighted_quantiles(extra, weight, parts)
    return np.where(np.isfinite(grew), grew, np.nan)


def main_site(homes: Homes, sites: pd.Series[str]) -> pd.Series[str]:
    """The site that most of an area's weight has as its own, by area; missing if none is.

    Parameters
    ----------
    homes
        Whose weights count.
    sites
        Site of each origin, missing where there is none.
    """
    number, ids = pd.factorize(sites)
    some = np.flatnonzero(number >= 0)
    if not len(some):
        return pd.Series(None, index=homes.areas, name="site_id", dtype="str")
    table = np.bincount(
        homes.area[some] * len(ids) + number[some], homes.weight[some], minlength=len(homes.areas) * len(ids)
    ).reshape(len(homes.areas), len(ids))
    has = np.zeros(len(homes.areas), bool)
    has[homes.area[some]] = True
    order = np.argsort(np.asarray(ids, dtype=str), kind="stable")  # of equal weights the first id, whatever comes first
    top = np.asarray(ids, dtype=object)[order][table[:, order].argmax(axis=1)]
    return pd.Series(np.where(has, top, None), index=homes.areas, name="site_id", dtype="str")
