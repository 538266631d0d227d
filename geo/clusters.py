"""Where long walks, or anything else, lie side by side: local Moran's I and Getis and Ord's Gi*, tested by permutation.

Anselin (1995), Getis and Ord (1992). Whether what lies around an area is more than chance is asked by leaving the area
where it is and drawing its neighbours from all others, many times; both measures ask that of the same sum, so they have
one p. That many areas are asked at once is allowed for after Benjamini and Hochberg (1995).

A cluster is a description and not a cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.permutations import as_far

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

PERMUTATIONS = 99_999
"""With 999 the smallest p is 0.001, and among 488 areas nothing could pass."""
SEED = 20260101
FALSE_DISCOVERIES = 0.05
TOUCHING_M = 0.5
"""Outlines that are no farther apart than this share a border: published outlines are rounded."""


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Which areas lie beside which: rows of compressed sparse form, as long as there are areas."""

    offset: NDArray[np.int32]
    neighbour: NDArray[np.int32]
    joined: NDArray[np.bool_]
    """Areas without a neighbour, which were joined to the nearest."""


def neighbours_of(areas: gpd.GeoSeries) -> Neighbours:
    """Areas that share a border or a corner; one that shares none is joined to the nearest.

    Parameters
    ----------
    areas
        Outlines, in metres.
    """
    outlines = areas.to_numpy()
    tree = shapely.STRtree(outlines)
    one, other = tree.query(outlines, predicate="dwithin", distance=TOUCHING_M)
    one, other = one[one != other], other[one != other]
    alone = np.bincount(one, minlength=len(outlines)) == 0
    if len(outlines) > 1:
        lonely = np.flatnonzero(alone)
        near = tree.query_nearest(outlines[lonely], exclusive=True, all_matches=False)
        one = np.concatenate([one, lonely[near[0]], near[1]])
        other = np.concatenate([other, near[1], lonely[near[0]]])
    pairs = np.unique(np.column_stack([one, other]), axis=0).astype(np.int32)
    offset = np.searchsorted(pairs[:, 0], np.arange(len(outlines) + 1)).astype(np.int32)
    return Neighbours(offset, np.ascontiguousarray(pairs[:, 1]), alone)


def clusters(
    values: pd.Series[float], neighbours: Neighbours, *, permutations: int = PERMUTATIONS, seed: int = SEED
) -> pd.DataFrame:
    """Which areas lie among areas like themselves, or unlike.

    Parameters
    ----------
    values
        Of each area, all known.
    neighbours
        Of the same areas.
    permutations, seed
        How often neighbours are drawn, and from where random numbers begin.

    Returns
    -------
    DataFrame
        On the values' index: ``z``, how many standard deviations from the mean; ``around``, the mean z of the
        neighbours; ``moran`` (z times around); ``gi_star`` (z of the mean of an area and its neighbours); ``p``, two
        sided; ``clear``, whether it stands when false discoveries are kept to one in twenty; ``kind``: "high among
        high", "low among low", "high among low", "low among high" where it is clear, "" elsewhere; ``run``, the number
        of its run of touching clear areas of one kind, from 1 with the longest, 0 for none.
    """
    value = values.to_numpy(float)
    spread = value.std()
    n = len(value)
    if n < 3 or not spread > 0:
        blank = pd.DataFrame(np.nan, values.index, ["z", "around", "moran", "gi_star", "p"])
        return blank.assign(clear=False, kind="", run=0)
    z = (value - value.mean()) / spread
    size = np.diff(neighbours.offset)
    sums = np.add.reduceat(z[neighbours.neighbour], neighbours.offset[:-1])
    more, less = as_far(z, neighbours.offset, neighbours.neighbour, permutations, np.uint64(seed))
    p = np.minimum(1.0, 2 * (np.minimum(more, less) + 1) / (permutations + 1))
    clear = false_discovery(p)
    around = sums / size
    share = size + 1  # itself and its neighbours, each alike
    some_left = np.where(share < n, share * (n - share) / (n - 1), np.nan)  # else there is nobody to differ from
    gi_star = (z + sums) / np.sqrt(some_left)
    kind = np.char.add(np.where(z > 0, "high among ", "low among "), np.where(around > 0, "high", "low"))
    kind = np.where(clear, kind, "")
    return pd.DataFrame(
        {
            "z": z, "around": around, "moran": z * around, "gi_star": gi_star, "p": p, "clear": clear, "kind": kind,
            "run": _runs(kind, neighbours),
        },
        index=values.index,
    )  # fmt: skip


def false_discovery(p: NDArray[np.float64], rate: float = FALSE_DISCOVERIES) -> NDArray[np.bool_]:
    """Which of many tests stand when this share of those that stand may be false (Benjamini and Hochberg 1995)."""
    order = np.sort(p)
    passed = np.flatnonzero(order <= rate * np.arange(1, len(p) + 1) / len(p))
    return p <= (order[passed[-1]] if len(passed) else -1.0)


def _runs(kind: NDArray[np.str_], neighbours: Neighbours) -> NDArray[np.int64]:
    n = len(kind)
    one = np.repeat(np.arange(n), np.diff(neighbours.offset))
    same = (kind[one] == kind[neighbours.neighbour]) & (kind[one] != "")
    joined = csr_array((same[same], (one[same], neighbours.neighbour[same])), shape=(n, n))
    run = connected_components(joined, directed=False)[1]
    among = np.flatnonzero(kind != "")
    names, first, size = np.unique(run[among], return_index=True, return_counts=True)
    number = np.zeros(n, np.int64)
    for rank, at in enumerate(np.lexsort((first, -size)), start=1):
        number[among[run[among] == names[at]]] = rank
    return number
