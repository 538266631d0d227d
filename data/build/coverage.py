"""Where streets are missing: which land has none of the street file, and which centres that cuts off."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from scipy.ndimage import distance_transform_edt

from data.build.sites import CONTEXT_M
from data.place import Coverage
from geo import tables
from geo.crs import BNG
from geo.network import ADULT, WalkNetwork

if TYPE_CHECKING:
    from numpy.typing import NDArray

EIGHTHS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
"""Of the compass, seen from the middle of the authority."""

CELL_M = 100.0
"""Side of the squares in which ground is looked at."""

EMPTY_M = 1_000.0
"""Land so far from any street, track or path is taken to be missing from the street file, with all that is as near to
it: in England hardly any land is so empty, moors included."""


class Covered(NamedTuple):
    """How much of the land has streets (shares; missing in eighths that have no land), and the ground that has none."""

    around: dict[str, float | None]
    """Outside the authority, up to so far from it, by `EIGHTHS`."""
    edge: dict[str, float | None]
    """Inside, up to as far from the boundary."""
    beyond: float | None
    """Of all that is around."""
    inside: float
    """Of the whole authority."""
    unmapped: NDArray[np.object_]
    """Polygons, British National Grid, in steps of `CELL_M`."""


def covered(
    lines: NDArray[np.object_], outline: shapely.Geometry, land: shapely.Geometry, *, width_m: float
) -> Covered:
    """Which land has streets: all that lies in no circle of `EMPTY_M` around a point on land that has none in it.

    Parameters
    ----------
    lines
        Every street, track and path, as lines on the British National Grid.
    outline, land
        The authority; and what is land, there and around.
    width_m
        How far around the authority, and inside from its boundary, is looked at.
    """
    west, south, east, north = shapely.bounds(outline)
    pad = width_m + EMPTY_M
    x = np.arange(west - pad, east + pad, CELL_M) + CELL_M / 2
    y = np.arange(south - pad, north + pad, CELL_M) + CELL_M / 2
    grid_x, grid_y = np.meshgrid(x, y)
    for shape in (outline, land):
        shapely.prepare(shape)
    dry = shapely.contains_xy(land, grid_x, grid_y)
    ours = shapely.contains_xy(outline, grid_x, grid_y) & dry  # some outlines go as far as the sea does at low water
    streets = _cells(lines, x, y)

    ring = dry & ~ours & (_metres_from(ours) <= width_m)
    strip = ours & (_metres_from(~ours) <= width_m)
    empty = (ours | ring) & (_metres_from(streets) > EMPTY_M)
    bare = (ours | ring) & ~streets & (_metres_from(empty) <= EMPTY_M)

    bearing = np.degrees(np.arctan2(grid_x - (west + east) / 2, grid_y - (south + north) / 2))
    eighth = np.rint(bearing / 45).astype(int) % len(EIGHTHS)

    def share(where: NDArray[np.bool_]) -> float | None:
        return round(float(1 - bare[where].mean()), 3) if where.any() else None

    def shares(where: NDArray[np.bool_]) -> dict[str, float | None]:
        return {name: share(where & (eighth == number)) for number, name in enumerate(EIGHTHS)}

    return Covered(shares(ring), shares(strip), share(ring), share(ours) or 0.0, _shapes(bare, x, y))


def coverage_of(
    segments: gpd.GeoDataFrame,
    outline: shapely.Geometry,
    backdrop: gpd.GeoDataFrame,
    origins: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
) -> tuple[Coverage, gpd.GeoDataFrame | None]:
    """Whether streets reach all of the authority and `CONTEXT_M` beyond, and all of its centres.

    Parameters
    ----------
    segments
        Streets of all profiles.
    outline
        The authority, British National Grid.
    backdrop, origins, sites
        As `geo.tables.Backdrop`, which knows the coast, `Origins` and `Sites`.

    Returns
    -------
    coverage
        The shares, and the centres that nobody can walk to.
    unmapped
        As `geo.tables.Unmapped`; None if there is no such ground.
    """
    land = shapely.union_all(backdrop.geometry[backdrop["kind"] == "land"].to_numpy())
    found = covered(segments.geometry.to_numpy(), outline, land, width_m=CONTEXT_M)
    apart = sites.index[unreached(WalkNetwork.of(segments, ADULT), origins, sites)]
    coverage = Coverage(
        around=found.around,
        edge=found.edge,
        beyond=found.beyond,
        inside=found.inside,
        unreached=tuple(apart.astype(str)),
    )
    unmapped = gpd.GeoDataFrame(geometry=found.unmapped, crs=BNG)
    return coverage, tables.check(tables.Unmapped, unmapped, "the street file") if len(unmapped) else None


def unreached(network: WalkNetwork, homes: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Which sites no home can walk to: they have no point, or no street near it, or none that leads to a home.

    Parameters
    ----------
    network
        Of whoever may walk most ways.
    homes, sites
        Points, British National Grid; a site may have none.
    """
    lived_in, there = (network.snap(table.geometry.to_numpy()).segment for table in (homes, sites))
    leads_home = np.isin(network.part, network.part[lived_in[lived_in >= 0]])
    return ~((there >= 0) & leads_home[there])


def _metres_from(cells: NDArray[np.bool_]) -> NDArray[np.float64]:
    """From the middle of each square to that of the nearest chosen one; infinite where none is."""
    if not cells.any():
        return np.full(cells.shape, np.inf)
    return np.asarray(distance_transform_edt(~cells) * CELL_M)


def _cells(lines: NDArray[np.object_], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which squares a line passes."""
    east, north = shapely.get_coordinates(shapely.segmentize(lines, CELL_M / 2)).T
    column, row = (np.floor((at - axis[0]) / CELL_M + 0.5).astype(int) for at, axis in ((east, x), (north, y)))
    there = (column >= 0) & (column < len(x)) & (row >= 0) & (row < len(y))
    cells = np.zeros((len(y), len(x)), bool)
    cells[row[there], column[there]] = True
    return cells


def _shapes(cells: NDArray[np.bool_], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.object_]:
    """The chosen squares as polygons: row by row in runs, united."""
    turns = np.diff(cells.astype(np.int8), axis=1, prepend=0, append=0)
    (row, first), (_, last) = np.nonzero(turns == 1), np.nonzero(turns == -1)
    low, left = y[row] - CELL_M / 2, x[0] - CELL_M / 2
    return np.asarray(
        shapely.get_parts(
            shapely.union_all(shapely.box(left + first * CELL_M, low, left + last * CELL_M, low + CELL_M))
        ),
        object,
    )
