"""Whether the answer hangs on where boundaries are drawn: the same walks, told by homes, neighbourhoods and wards.

The modifiable areal unit problem (Openshaw 1984): shares and ranks are those of the units they are told by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


def by_zones(
    minutes: NDArray[np.float64],
    children: NDArray[np.float64],
    zones: Mapping[str, NDArray[np.object_]],
    *,
    threshold: float,
    beside: str,
) -> pd.DataFrame:
    """The answer by each sort of zone.

    Parameters
    ----------
    minutes
        The walk from each home, shape (homes,); not a number where there is no way, which is beyond any threshold.
    children
        Under-fives of each home, 0 for homes that are in no sum.
    zones
        By sort, the code of each home's zone; None for a home in none.
    threshold
        Minutes.
    beside
        The sort that the others are compared with.

    Returns
    -------
    DataFrame
        Index the sorts. ``zones`` with children; ``zones_far``, where more than half of them live beyond the threshold;
        ``under5_there``, who live in those; ``under5_beyond``, who live beyond it themselves; ``agree``: Spearman's
        correlation of the share beyond in the zones of whichever sort has more with the share in the zones of the
        other that their homes are in, averaged; ``other_side``: share of the children whose zone is far and whose
        zone of ``beside`` is not, or the other way round. Missing where one sort has fewer than three zones.
    """
    beyond = np.where(~(minutes <= threshold), children, 0.0)
    table = {}
    for sort, of_home in zones.items():
        some = ~pd.isna(of_home) & (children > 0)
        homes = pd.DataFrame(
            {"zone": of_home[some], "beside": zones[beside][some], "children": children[some], "beyond": beyond[some]}
        )
        sums = homes.groupby("zone")[["children", "beyond"]].sum()
        share, share_beside = (_share(homes, by) for by in ("zone", "beside"))
        far, far_beside = share > 0.5, share_beside > 0.5
        finer = "zone" if homes["zone"].nunique() >= homes["beside"].nunique() else "beside"
        mean = pd.DataFrame({"one": share, "other": share_beside}).groupby(homes[finer]).mean()
        varied = len(mean) > 2 and bool((mean.max() > mean.min()).all())
        is_far = sums["beyond"] > sums["children"] * 0.5
        table[sort] = {
            "zones": len(sums),
            "zones_far": int(is_far.sum()),
            "under5_there": sums.loc[is_far, "children"].sum(),
            "under5_beyond": sums["beyond"].sum(),
            "agree": spearmanr(mean["one"], mean["other"]).statistic if varied else np.nan,
            "other_side": np.average(far != far_beside, weights=homes["children"]) if len(homes) else np.nan,
        }
    return pd.DataFrame.from_dict(table, orient="index").rename_axis("by")


def _share(homes: pd.DataFrame, by: str) -> pd.Series[float]:
    """Of each home, the share of its zone's children who live beyond."""
    sums = homes.groupby(by)[["children", "beyond"]].transform("sum")
    return sums["beyond"] / sums["children"]
