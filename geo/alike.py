"""The neighbourhoods whose need is most like one's, so that its walks can be seen beside theirs."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

from geo.need import PART_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.need import NeedWeights

MOST = 10
PARTS = tuple(f"need_{name}" for name in PART_NAMES)


def most_alike(needs: pd.DataFrame, code: str, *, weights: NeedWeights, most: int = MOST) -> pd.Series[float]:
    """The areas with the most similar need, the nearest first; none where no part of this one's need is known.

    Parameters
    ----------
    needs
        As `geo.need.need` makes it, of the areas that may be taken and of this one.
    code
        The area.
    weights
        How much each part counts; one of no weight does not.
    most
        How many at most.

    Returns
    -------
    Series
        By the area's code, how far its need is: the root of the weighted mean of the squared differences between the
        standings of both, 0 to 100. Areas that lack a part which this one has are not taken.
    """
    weight = np.array(astuple(weights))
    parts = needs[list(PARTS)].to_numpy(float)
    here = parts[needs.index.get_loc(code)]
    counted = ~np.isnan(here) & (weight > 0)
    taken = ~np.isnan(parts[:, counted]).any(axis=1) & (needs.index != code)
    if not counted.any() or not taken.any():
        return pd.Series(dtype=float, name="difference")
    share = weight[counted] / weight[counted].sum()
    far = cdist(here[counted][None], parts[taken][:, counted], "euclidean", w=share)[0]
    return pd.Series(far, index=needs.index[taken], name="difference").sort_values(kind="stable").head(most)


def medians(table: pd.DataFrame, columns: Sequence[str]) -> pd.Series[float]:
    """The median of each column over the areas where it is known; a walk that most have no way for is endlessly long.

    Parameters
    ----------
    table
        As `geo.gaps.measures` makes it, areas with street data.
    columns
        Which; ``minutes_median`` comes out infinite where half of the areas or more have no way there.
    """
    minutes = table["minutes_median"].mask(table["no_route"], np.inf)
    return table.assign(minutes_median=minutes)[list(columns)].median()
