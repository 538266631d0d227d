"""What stands in a pram's way and could be mended: steps, stiles, gates, rough ground, ways not for prams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.mending import PRAM_BIT, Mend

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

Kind = Literal["steps", "closed", "rough", "ramp", "gate", "link", "bridge"]

_STEPS = 3.0
"""The factor of steps; see `geo.profiles`."""
_KINDS: tuple[Kind, ...] = ("steps", "closed", "rough", "ramp")


class Barrier(NamedTuple):
    """One thing in the way."""

    kind: Kind
    """Steps, another way closed to prams, rough ground, steps with a ramp, a gate or stile; a link, a bridge that is
    missing."""
    mend: Mend
    at: shapely.Point
    """British National Grid."""
    metres: float
    """How long it is; 0 for a gate."""


def barriers(segments: gpd.GeoDataFrame) -> list[Barrier]:
    """Everything that a pram cannot pass, or passes slowly, and somebody on foot can.

    Parameters
    ----------
    segments
        As `geo.ways.segments_from` makes them.

    Returns
    -------
    list
        Rows of one kind that follow each other, with no other way between, are one barrier. A gate that nobody may pass
        on foot is none.
    """
    foot, pram = (segments[name].to_numpy(np.float64) for name in ("foot_factor", "pram_factor"))
    kind = np.select(
        [np.isnan(foot), np.isnan(pram) & (foot >= _STEPS), np.isnan(pram), pram >= _STEPS, pram > 1],
        [-1, 0, 1, 3, 2],
        -1,
    )
    rows = np.flatnonzero(kind >= 0)
    group = _runs(segments, kind)[rows]
    order = np.argsort(group, kind="stable")
    runs = np.split(rows[order], np.flatnonzero(np.diff(group[order])) + 1) if len(rows) else []
    lines, length = segments.geometry.to_numpy(), segments["length_mm"].to_numpy(np.float64) / 1000
    found = [
        Barrier(
            _KINDS[kind[run[0]]],
            Mend(rows=tuple(run.tolist())),
            shapely.line_interpolate_point(lines[run[len(run) // 2]], 0.5, normalized=True),
            float(length[run].sum()),
        )
        for run in runs
    ]
    return sorted(found, key=lambda one: one.mend) + _gates(segments)


def _runs(segments: gpd.GeoDataFrame, kind: NDArray[np.int64]) -> NDArray[np.int32]:
    """The run of each row: rows of one kind that are all that meets at the junction between them."""
    ends = np.concatenate([segments["start"], segments["end"]])
    barred = np.concatenate([segments["start_barred"], segments["end_barred"]])
    row = np.tile(np.arange(len(segments)), 2)
    order = np.argsort(ends, kind="stable")
    first = np.flatnonzero(np.diff(ends[order], prepend=-1))
    two = first[np.diff(first, append=len(ends)) == 2]
    one, other = row[order[two]], row[order[two + 1]]
    alike = (kind[one] == kind[other]) & (barred[order[two]] == 0)
    size = len(segments)
    graph = coo_array((np.ones(alike.sum(), np.bool_), (one[alike], other[alike])), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1])


def _gates(segments: gpd.GeoDataFrame) -> list[Barrier]:
    """Junctions that are barred to prams and not to feet."""
    at: dict[int, shapely.Point] = {}
    for end, point in (("start", 0), ("end", -1)):
        here = np.flatnonzero(segments[f"{end}_barred"].to_numpy(np.uint8) == PRAM_BIT)
        points = shapely.get_point(segments.geometry.to_numpy()[here], point)
        at |= dict(zip(segments[end].to_numpy()[here].tolist(), points, strict=True))
    return [Barrier("gate", Mend(junctions=(junction,)), at[junction], 0.0) for junction in sorted(at)]
