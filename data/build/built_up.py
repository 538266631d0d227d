"""The built-up part of each neighbourhood, from its homes and the streets they stand along: what a map may colour.

A home is a postcode: one point for about fifteen houses along a street, or for a kilometre of lane in the country.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from geo.crs import BNG
from geo.network import STREET_CLASSES

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOME_M = 60.0
"""How far around a home is built up: the usual distance from one postcode of a town to the next."""

LONE_HOME_M = 45.0
"""The same around a home without company: a farm is a dot, and a smaller one than a hamlet."""

COMPANY, COMPANY_M = 2, 250.0
"""A home with this many others this near is in a hamlet at least: only there do streets count as built up. Streets
around lone homes would make a star of every farm, with an arm along each of its lanes."""

ALONG_M = 110.0
"""How far along a street a home's houses go: half of a usual street of fifteen houses on each side. Farther from every
home the street is a through road, an industrial estate or a car park, and is left out."""

STREET_M = 45.0
"""How far beside a street is built up: pavement, house and garden."""

PIECE_M = 40.0
"""Streets are judged in pieces of this length, so that a lane is not taken whole for a home at one end of it."""

GAP_M = 60.0
"""Half of the widest gap that is closed: school yards and back gardens are part of a town, parks and fields are not."""

ROUND_M = 30.0
"""Outer edges are rounded with this radius; spikes narrower than twice this go."""

LARGEST_HOLE_M2 = 20_000.0
"""Holes smaller than this (2 ha) are filled: they are oftener a gap in the postcodes than a park. Closing gaps leaves
none below 1.1 ha."""

SMALLEST_PART_M2 = 3_000.0
"""Parts smaller than this (0.3 ha) go to the neighbour around them, or nowhere, unless they are all an area has."""

BORDER_M = 50.0
"""How strongly borders between neighbours are straightened (side of the square whose area a corner must take up): a
border halfway between homes zigzags as they do. More than this puts more than one home in a hundred across it."""

CORNER_M = 11.0
"""The same for all edges, at the end: two pixels where a suburb fills the screen."""

AT_SEA_M = 250.0
"""A home farther than this outside every outline is on the head of a pier; coarse outlines cut off up to 200 m."""

SPIT_M = 10.0
"""Half of the width below which land in the water is a breakwater or a jetty, and goes."""

_GRID_M = 0.125
"""Corners lie on this grid: exact in binary, so that they pack small."""
_PIXEL_M = 3.0
"""Streets and rounded edges are thinned by this before they are worked on: it is not seen, and half the work."""


def built_up_of(
    areas: gpd.GeoDataFrame,
    origins: gpd.GeoDataFrame,
    segments: gpd.GeoDataFrame,
    backdrop: gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """The built-up part of each area.

    Built up is what lies around homes and along the streets between them, rounded and without small gaps. It is divided
    between the areas at half the distance between their homes: a home's own area counts, not the outline it lies in.

    Parameters
    ----------
    areas
        As `geo.tables.Areas`; their outlines only tell which homes stand in the sea, and may be coarse.
    origins
        As `geo.tables.Origins`; at least one.
    segments
        As `geo.network.segments_from` makes them, or none. Paths do not count: promenades and ways across fields are
        paths, and houses on a path have a postcode near by.
    backdrop
        As `geo.tables.Backdrop`; None where the place has none. Shapes end where its land ends or its water begins, but
        for `LONE_HOME_M` around a home in the water or on a jetty: every source draws a quay a little differently.

    Returns
    -------
    geopandas.GeoDataFrame
        As `geo.tables.BuiltUp`: one row for every area that has homes, in the order of their codes. Shapes do not
        overlap, and neighbours share their border corner for corner.
    """
    homes = _homes(areas, origins)
    codes, area = np.unique(homes["area_code"].to_numpy(str), return_inverse=True)
    points = homes[["x", "y"]].to_numpy()
    land = _rounded(points, segments)
    if backdrop is not None:
        land = _ashore(land, points, backdrop)
    land = _without_holes(land)
    cells = _cells(points, area, land)
    faces, owner = _without_crumbs(*_divided(land, cells))
    shapes = shapely.coverage_simplify(_joined(faces, owner), CORNER_M)
    several = shapely.get_parts(shapes)
    whole = shapely.multipolygons(
        several, indices=np.repeat(np.arange(len(shapes)), shapely.get_num_geometries(shapes))
    )
    return gpd.GeoDataFrame(
        {"geometry": whole}, index=pd.Index(codes[np.unique(owner)], dtype="str", name="area_code"), crs=BNG
    )


def _homes(areas: gpd.GeoDataFrame, origins: gpd.GeoDataFrame) -> pd.DataFrame:
    """Columns ``x``, ``y``, ``area_code``: each point of an area once; none at sea unless its area has no other."""
    points = origins.geometry.to_numpy()
    ashore = np.zeros(len(points), bool)
    ashore[shapely.STRtree(areas.geometry.to_numpy()).query(points, predicate="dwithin", distance=AT_SEA_M)[0]] = True
    code = origins["area_code"].to_numpy(str)
    x, y = shapely.get_coordinates(points).T
    homes = pd.DataFrame({"x": x, "y": y, "area_code": code})[ashore | ~np.isin(code, code[ashore])]
    homes = homes.drop_duplicates().sort_values(["x", "y", "area_code"], ignore_index=True)
    # two areas in one tower have one point: apart, each gets its half; a quarter, for postcodes are on whole metres
    homes["x"] += 0.25 * homes.groupby(["x", "y"]).cumcount()
    return homes


def _rounded(points: NDArray[np.float64], segments: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """What lies around homes and streets, with gaps closed and edges rounded: polygons that do not touch."""
    others = cKDTree(points).query(points, k=[COMPANY + 1])[0][:, 0]
    company = others <= COMPANY_M
    around = shapely.buffer(shapely.points(points), np.where(company, HOME_M, LONE_HOME_M) + GAP_M, quad_segs=4)
    streets = shapely.buffer(_lived_on(points[company], segments), STREET_M + GAP_M, quad_segs=4)
    wide = shapely.get_parts(shapely.union_all(np.concatenate([around, streets])))
    narrow = shapely.buffer(wide, -GAP_M - ROUND_M, quad_segs=4)
    return cast("NDArray[np.object_]", shapely.get_parts(shapely.buffer(narrow, ROUND_M, quad_segs=4)))


def _without_holes(land: NDArray[np.object_]) -> NDArray[np.object_]:
    """The land with holes below `LARGEST_HOLE_M2` filled, whatever is in them, and corners nobody sees left out."""
    rings, of = shapely.get_rings(land, return_index=True)
    hole = np.concatenate([[False], of[1:] == of[:-1]])
    fill = shapely.polygons(rings[hole])
    land = shapely.union_all(np.concatenate([land, fill[shapely.area(fill) < LARGEST_HOLE_M2]]))
    return cast("NDArray[np.object_]", shapely.get_parts(shapely.simplify(land, _PIXEL_M)))


def _ashore(land: NDArray[np.object_], points: NDArray[np.float64], backdrop: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """What of the land is dry, or around a home that is then left out."""
    ground, water = (backdrop.geometry[backdrop["kind"] == kind].union_all() for kind in ("land", "water"))
    dry = ground.difference(water)
    shapely.prepare(dry)
    wet = ~shapely.covers(dry, land)
    cut = shapely.buffer(shapely.buffer(shapely.intersection(land[wet], dry), -SPIT_M), SPIT_M, quad_segs=2)
    kept = np.concatenate([land[~wet], cut])
    homes = shapely.points(points)
    afloat = np.setdiff1d(np.arange(len(homes)), shapely.STRtree(homes).query(kept, predicate="contains")[1])
    around = shapely.buffer(homes[afloat], LONE_HOME_M, quad_segs=4)
    parts = shapely.get_parts(shapely.union_all(np.concatenate([kept, around])))
    return np.asarray(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _lived_on(points: NDArray[np.float64], segments: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """The stretches of street within `ALONG_M` of one of the points, LineStrings."""
    road = segments["street_class"].to_numpy() < STREET_CLASSES.index("path")
    lines = shapely.segmentize(segments.geometry.to_numpy()[road], PIECE_M)
    corners, of = shapely.get_coordinates(lines, return_index=True)
    within = of[1:] == of[:-1]
    pieces = np.stack([corners[:-1][within], corners[1:][within]], axis=1)
    if not len(points) or not len(pieces):
        return np.empty(0, object)
    distance = cKDTree(points).query(pieces.mean(axis=1), distance_upper_bound=ALONG_M)[0]
    near = shapely.linestrings(pieces[np.isfinite(distance)])
    joined = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(near)))
    return cast("NDArray[np.object_]", shapely.simplify(joined, _PIXEL_M))


def _cells(points: NDArray[np.float64], area: NDArray[np.int64], land: NDArray[np.object_]) -> NDArray[np.object_]:
    """Who is nearest: the ground around each area's homes, shape (areas,), its borders straightened."""
    west, south, east, north = shapely.total_bounds(land)
    # far corners, so that one home has a cell too, and homes in a row have cells with an end
    far = 10 * max(east - west, north - south)
    corners = [(x, y) for x in (west - far, east + far) for y in (south - far, north + far)]
    every = shapely.multipoints(np.concatenate([points, corners]))
    cells = shapely.get_parts(shapely.voronoi_polygons(every, ordered=True))[: len(points)]
    return cast(
        "NDArray[np.object_]", shapely.coverage_simplify(_joined(cells, area), BORDER_M, simplify_boundary=False)
    )


def _divided(land: NDArray[np.object_], cells: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """The land cut along the borders of the cells: faces, and the cell of each.

    All edges are noded together, so that neighbours have the same corners; cut one by one they would differ by a hair.
    """
    edges = shapely.union_all(np.concatenate([shapely.boundary(cells), shapely.boundary(land)]), grid_size=_GRID_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    inner = shapely.point_on_surface(faces)
    face, owner = shapely.STRtree(cells).query(inner, predicate="within")
    built = np.isin(face, shapely.STRtree(land).query(inner, predicate="within")[0])
    return faces[face[built]], owner[built]


def _without_crumbs(
    faces: NDArray[np.object_], owner: NDArray[np.int64]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Faces below `SMALLEST_PART_M2` go to the larger one with the longest border to them, or nowhere."""
    size = shapely.area(faces)
    largest = pd.Series(size).groupby(owner).transform("max").to_numpy()
    crumb = np.flatnonzero((size < SMALLEST_PART_M2) & (size < largest))
    rest = np.setdiff1d(np.arange(len(faces)), crumb)
    of, other = shapely.STRtree(faces[rest]).query(faces[crumb], predicate="touches")
    shared = shapely.length(
        shapely.intersection(shapely.boundary(faces[crumb[of]]), shapely.boundary(faces[rest[other]]))
    )
    pairs = pd.DataFrame({"crumb": crumb[of], "to": owner[rest[other]], "shared": shared}).query("shared > 0")
    taken = pairs.sort_values("shared", kind="stable").drop_duplicates("crumb", keep="last")
    kept = np.concatenate([rest, taken["crumb"].to_numpy(np.int64)])
    return faces[kept], np.concatenate([owner[rest], taken["to"].to_numpy(np.int64)])


def _joined(pieces: NDArray[np.object_], owner: NDArray[np.int64]) -> NDArray[np.object_]:
    """The pieces of each owner (0 and up, none without a piece) as one shape, shape (owners,)."""
    order = np.argsort(owner, kind="stable")
    first = np.flatnonzero(np.diff(owner[order])) + 1
    return np.array([shapely.coverage_union_all(own) for own in np.split(pieces[order], first)], dtype=object)
