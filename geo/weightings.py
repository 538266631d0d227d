"""How much the order of neighbourhoods hangs on how need is weighed: the same walks ranked under named weightings.

Ranks as intervals, as Goldstein and Spiegelhalter (1996) ask for them where a league table rests on choices.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from geo.gaps import children_ranked, ranks
from geo.need import PART_NAMES, NeedWeights, weighted

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, kw_only=True)
class Weighting:
    """A way to weigh need that has a name.

    Parameters
    ----------
    key
        Its column.
    name
        In words.
    weights
        How much each part counts.
    """

    key: str
    name: str
    weights: NeedWeights


def _only(**weights: float) -> NeedWeights:
    return NeedWeights(**({"imd": 0.0, "idaci": 0.0, "abroad": 0.0, "under5": 0.0} | weights))


WEIGHTINGS = (
    Weighting(key="alike", name="four parts alike", weights=NeedWeights()),
    Weighting(key="once", name="each thing once", weights=_only(imd=0.5, idaci=0.5, abroad=1.0)),
    Weighting(key="deprivation", name="deprivation only", weights=_only(imd=1.0)),
    Weighting(key="abroad", name="families from abroad only", weights=_only(abroad=1.0)),
)
"""The usual one first. "Each thing once": deprivation by its two indices together as much as residents born abroad, and
under-fives not at all, as they are counted anyhow."""


def weightings_with(weights: NeedWeights) -> tuple[Weighting, ...]:
    """`WEIGHTINGS`, and the reader's own as ``own`` if it is none of them."""
    if any(_alike(one.weights, weights) for one in WEIGHTINGS):
        return WEIGHTINGS
    return (*WEIGHTINGS, Weighting(key="own", name="your own weights", weights=weights))


def _alike(one: NeedWeights, other: NeedWeights) -> bool:
    """Only the proportions matter."""
    parts = [np.array(astuple(weights)) for weights in (one, other)]
    return bool(np.allclose(*(values / values.sum() for values in parts)))


def ranks_under(areas: pd.DataFrame, table: pd.DataFrame, weightings: Sequence[Weighting] = WEIGHTINGS) -> pd.DataFrame:
    """The rank of each area under each weighting of need, and the lowest and the highest of them.

    Parameters
    ----------
    areas
        `geo.tables.Areas`.
    table
        As `geo.gaps.measures` makes it: the walks, and the parts of need.
    weightings
        Those to rank by.

    Returns
    -------
    DataFrame
        On the areas' index: a column for each weighting by its key, ``low`` and ``high``; 1 is the largest gap. Missing
        where an area is not ranked, for want of street data.
    """
    children, median = children_ranked(areas, table), table["minutes_median"].to_numpy(float)
    ranked = table["gap_rank"].notna().to_numpy()
    parts = table[[f"need_{name}" for name in PART_NAMES]].to_numpy(float)
    found = pd.DataFrame(
        {one.key: ranks(children, median, weighted(parts, one.weights)[0], ranked) for one in weightings},
        index=table.index,
    )
    return found.assign(low=found.min(axis=1), high=found.max(axis=1))


def overlap(table: pd.DataFrame, one: str = "imd", other: str = "idaci") -> float:
    """How alike two parts of need order the areas: rank correlation (Spearman), -1 to 1; NaN if fewer than 3 have both.

    Parameters
    ----------
    table
        As `geo.need.need` makes it.
    one, other
        Of `geo.need.PART_NAMES`.
    """
    pair = table[[f"need_{one}", f"need_{other}"]].dropna().to_numpy(float)
    if len(pair) < 3 or (np.ptp(pair, axis=0) == 0).any():
        return float("nan")
    return float(spearmanr(pair).statistic)
