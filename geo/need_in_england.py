"""Need by England's thirds: where an area stands among all of England's, so that places can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.need import NEED_CLASSES, NeedWeights, born_outside_uk_share, figures_of, weighted

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class England:
    """How the figures of England's neighbourhoods are spread."""

    known: tuple[NDArray[np.float64], ...]
    """The known figures of each part of need, in order."""
    standings: NDArray[np.float64]
    """Shape (neighbourhoods, parts): where each of England's own stands, as `standings_of` gives it."""

    @classmethod
    def of(cls, table: pd.DataFrame) -> England:
        """Take up a table of all its neighbourhoods.

        Parameters
        ----------
        table
            As `geo.need.figures_of` takes it.
        """
        figures = figures_of(table).to_numpy(float)
        known = tuple(np.sort(column[~np.isnan(column)]) for column in figures.T)
        return cls(known, _standings(figures, known))

    def __len__(self) -> int:
        """How many neighbourhoods it is made of."""
        return len(self.standings)

    def cuts(self, weights: NeedWeights) -> tuple[float, float]:
        """The greatest score of the low third of England's neighbourhoods, and of the middle third."""
        score = np.sort(weighted(self.standings, weights)[0])  # missing ones last
        count = int((~np.isnan(score)).sum())
        low, middle = (float(score[max(int(np.ceil(count * part)) - 1, 0)]) for part in (1 / 3, 2 / 3))
        return low, middle

    def need(self, areas: pd.DataFrame, *, weights: NeedWeights | None = None) -> pd.DataFrame:
        """The need score of some areas by where each of its parts stands in England, and its third of England.

        Parameters
        ----------
        areas
            As `geo.tables.Areas`.
        weights
            Equal weights if none are given.

        Returns
        -------
        DataFrame
            On the areas' index: ``england_score``, 0 to 100, over the parts that are known, and ``england_class``, of
            `geo.need.NEED_CLASSES`, missing where no part is known.
        """
        weights = weights or NeedWeights()
        # as England's own are rounded, so that an area of the table stands where it stands there
        share = born_outside_uk_share(areas).round(3)
        figures = figures_of(areas.assign(born_outside_uk_share=share, under5=areas["under5"].round()))
        score = weighted(_standings(figures.to_numpy(float), self.known), weights)[0]
        names = np.array([*NEED_CLASSES, None], dtype=object)
        third = np.where(np.isnan(score), 3, np.searchsorted(self.cuts(weights), score - 1e-9, side="left"))
        return pd.DataFrame(
            {"england_score": score, "england_class": pd.Series(names[third], index=areas.index, dtype="str")},
            index=areas.index,
        )


def _standings(figures: NDArray[np.float64], known: tuple[NDArray[np.float64], ...]) -> NDArray[np.float64]:
    """Where each figure stands among the known ones: 0 lowest, 100 highest, ties sharing their middle; NaN stays."""
    columns = []
    for values, others in zip(figures.T, known, strict=True):
        below, upto = (np.searchsorted(others, values, side=side) for side in ("left", "right"))
        rank = below + np.maximum(upto - below - 1, 0) / 2
        standing = np.clip(rank / max(len(others) - 1, 1) * 100, 0, 100)
        columns.append(np.where(np.isnan(values) | (not len(others)), np.nan, standing))
    return np.column_stack(columns)
