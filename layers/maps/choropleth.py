"""A map layer: the colours of the areas, and the words of its legend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

MISSING = "#d9d9d9"
"""The fill of an area of which nothing is known; it is striped besides."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One way to colour the areas.

    Parameters
    ----------
    key, title
        Name in the URL, and on the page.
    about
        What it shows, in a sentence.
    column
        Column of the area table that is coloured.
    limits
        Upper limits of all classes but the last; a value on a limit belongs to the class below it.
    palette
        A colour (``#rrggbb``) for each class, safe for colour-blind readers.
    labels
        What each class is called in the legend.
    show
        A value in words, for the tooltip.
    unknown
        What the legend says of areas without the figure.
    """

    key: str
    title: str
    about: str
    column: str
    limits: tuple[float, ...]
    palette: tuple[str, ...]
    labels: tuple[str, ...]
    show: Callable[[float], str]
    unknown: str = "not known"

    def classes(self, table: pd.DataFrame) -> pd.Series[int]:
        """Class of each area, counted from 0; -1 where the figure is missing."""
        values = table[self.column]
        which = np.searchsorted(np.asarray(self.limits), values.to_numpy(float), side="left")
        return pd.Series(np.where(values.isna(), -1, which), index=table.index, name="class", dtype="int64")

    def fills(self, table: pd.DataFrame) -> pd.Series[str]:
        """Colour of each area."""
        colours = np.array([*self.palette, MISSING], dtype=object)
        return pd.Series(colours[self.classes(table).to_numpy()], index=table.index, name="fill")

    def legend_rows(self, table: pd.DataFrame) -> tuple[tuple[str, str, bool], ...]:
        """The legend for the map itself: colour, words, striped or not."""
        rows = [(fill, label, False) for fill, label in zip(self.palette, self.labels, strict=True)]
        missing = [(MISSING, self.unknown, True)] if table[self.column].isna().any() else []
        return tuple(rows + missing)

    def legend(self, table: pd.DataFrame) -> pd.DataFrame:
        """Each class with its colour, its label and how many areas and under-fives it holds; then what is missing."""
        which, size = self.classes(table).to_numpy(), len(self.palette) + 1  # the last is -1
        children = table["under5"].to_numpy(float)
        known = ~np.isnan(children)
        counts = np.bincount(which % size, minlength=size)
        held = np.bincount(which[known] % size, children[known], minlength=size)
        legend = pd.DataFrame(
            {
                "fill": [*self.palette, MISSING],
                "label": [*self.labels, self.unknown],
                "areas": counts,
                "under5": np.where(np.bincount(which[known] % size, minlength=size) > 0, held, np.nan),
            }
        )
        return legend if counts[-1] else legend.iloc[:-1]
