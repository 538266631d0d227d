"""Towns and villages: the homes on one unbroken stretch of built-up land, under the name that stands on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

KINDS = ("city", "town", "village")
"""What a settlement may be, the greatest first."""

GAP_M = 50.0
"""Open ground narrower than this, metres, divides no settlement: a road, a stream, a playing field's corner."""

NAME_M = 300.0
"""A name that stands this near a stretch, metres, is its name: that of a town is often written on its harbour."""

_APART = 1e7


@dataclass(frozen=True, eq=False)
class Settlements:
    """Which homes are whose."""

    place: NDArray[np.int64]
    """Position of each settlement among the places that were given, rising; shape (settlements,)."""
    home: NDArray[np.int64]
    """Position of each home's settlement in ``place``; -1 for a home in none. Shape (homes,)."""
    shape: NDArray[np.object_]
    """The land of each settlement, in the coordinates of the built-up land; shape (settlements,)."""


def settlements(places: pd.DataFrame, built: gpd.GeoSeries, homes: gpd.GeoSeries) -> Settlements:
    """Share homes out among the cities, towns and villages on whose stretch of built-up land they stand.

    A stretch belongs to the greatest place whose name stands on it, so that a village with which a town has grown
    together is part of the town; where two of a kind stand on one stretch, a home belongs to the nearer. A
    stretch on which no such name stands is of none.

    Parameters
    ----------
    places
        Points with ``kind``; those that are none of `KINDS` are left out. British National Grid, as the others.
    built
        Built-up land, in however many pieces.
    homes
        Points.
    """
    stretches = shapely.get_parts(shapely.union_all(built.buffer(GAP_M / 2, quad_segs=4).to_numpy()))
    kind = np.array([KINDS.index(one) if one in KINDS else len(KINDS) for one in places["kind"]])
    some = np.flatnonzero(kind < len(KINDS))
    points = places.geometry.to_numpy()[some]
    tree = shapely.STRtree(stretches)
    which, stretch = tree.query_nearest(points, max_distance=NAME_M, all_matches=False)
    best = np.full(len(stretches), len(KINDS))
    np.minimum.at(best, stretch, kind[some[which]])
    greatest = kind[some[which]] == best[stretch]
    of, stretch = which[greatest], stretch[greatest]
    if not len(of):
        return Settlements(np.zeros(0, np.int64), np.full(len(homes), -1), np.zeros(0, object))
    xy = shapely.get_coordinates(points[of])
    home = np.full(len(homes), -1)
    at, on = tree.query(homes.to_numpy(), predicate="intersects")
    # another stretch is far away in a third direction, so that the nearest name is always one of the same stretch
    off, nearest = cKDTree(np.column_stack([xy, stretch * _APART])).query(
        np.column_stack([shapely.get_coordinates(homes.to_numpy()[at]), on * _APART])
    )
    home[at] = np.where(off < _APART / 2, nearest, -1)
    shape = np.array([_part(stretches[one], points[of], of_stretch=stretch == one, mine=number)
                      for number, one in enumerate(stretch)], dtype=object)  # fmt: skip
    return Settlements(some[of], home, shape)


def _part(
    stretch: shapely.Geometry, points: NDArray[np.object_], *, of_stretch: NDArray[np.bool_], mine: int
) -> shapely.Geometry:
    """The part of a stretch that is nearer to one of its names than to any other."""
    if of_stretch.sum() == 1:
        return stretch
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points[of_stretch]), extend_to=stretch))
    cell = cells[shapely.intersects(cells, points[mine])][0]
    return shapely.intersection(stretch, cell)
