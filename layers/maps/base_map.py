"""What lies beneath every map, as the browser fetches it once: each segment of street, coast, names, outlines.

Lines and outlines are written in whole pixels of the Web Mercator map at zoom `ZOOM`, each corner as the step from the
one before it, which is a third of what degrees would take.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import moved_to
from geo.errors import CrsError
from layers.maps.geometry import PLACES, publish

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

ZOOM = 18
"""A pixel is about 0.4 m in England."""

WEB_MERCATOR = "EPSG:3857"

LIVED_M = 110.0
"""A street has homes where a postcode's point is this near: one stands for some fifteen houses in a row."""

OWN_M = 400.0
"""A street without homes belongs to the neighbourhood of the nearest home this near, else to the outline it lies in."""

STEP_M = 2.0
"""How much a street may be straightened for drawing; at the closest zoom that is three pixels."""

MAIN_RANK = 8
"""Streets up to this rank are main roads, whose names are read from farther away."""

MOST_OUTSIDE = 0.01
"""The share of homes that may lie outside the outline of their neighbourhood, if outlines are to be drawn."""

_HALF_WORLD_M = 20037508.342789244
_PIXEL_M = 2 * _HALF_WORLD_M / (256 * 2**ZOOM)
_SOURCE = "base map"


def write_streets(
    segments: gpd.GeoDataFrame,
    origins: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    backdrop: gpd.GeoDataFrame | None = None,
    folder: Path = PLACES,
) -> str:
    """Write every segment for the browser; return the address to fetch them from.

    Parameters
    ----------
    segments
        As `geo.network.segments_from` makes them; the browser knows a segment by its row.
    origins, areas
        `geo.tables.Origins` and `Areas`: which streets have homes, and whose neighbourhood each is.
    backdrop
        `geo.tables.Backdrop`, where the place has one: piers and ferries belong to no neighbourhood.
    folder
        The folder that is served as ``/app/static/places``.

    Raises
    ------
    CrsError
        The segments do not say their CRS.
    """
    middle = shapely.line_interpolate_point(segments.geometry.to_numpy(), 0.5, normalized=True)
    owner = street_areas(middle, origins, areas)
    if backdrop is not None:
        owner[off_land(segments, middle, backdrop)] = -1
    content = {
        "zoom": ZOOM,
        "codes": [str(code) for code in areas.index],
        "area": owner.tolist(),
        "lived": "".join(map(str, has_homes(segments, origins).astype(int))),
        "kind": "".join(map(str, segments["street_class"].to_numpy())),
        "paths": _steps(shapely.simplify(segments.geometry.to_numpy(), STEP_M), segments.crs),
    }
    return publish(_json(content), "segments", folder, suffix="json")


def write_base(backdrop: gpd.GeoDataFrame, labels: gpd.GeoDataFrame, folder: Path = PLACES) -> str:
    """Write coast, water, woods, railways, roads and names for the browser; return the address to fetch them from.

    Parameters
    ----------
    backdrop, labels
        `geo.tables.Backdrop` and `Labels`.
    folder
        The folder that is served as ``/app/static/places``.

    Raises
    ------
    CrsError
        A table does not say its CRS.
    """
    shapes = {}
    for kind, rows in backdrop.groupby("kind", sort=True):
        parts = shapely.get_parts(rows.geometry.to_numpy())
        outlined = shapely.get_type_id(parts[0]) == shapely.GeometryType.POLYGON
        shapes[str(kind)] = _polygon_steps(parts, rows.crs) if outlined else _steps(parts, rows.crs)
    listed = labels.sort_values(["rank", "name"])
    at = _pixels(listed.geometry.to_numpy(), listed.crs)
    rooms = [None if np.isnan(room) else round(float(room)) for room in listed["room_m"]]
    main = ((listed["kind"] == "street") & (listed["rank"] <= MAIN_RANK)).astype(int)
    names = [
        [name, kind, *place, round(float(angle)), room, early]
        for name, kind, place, angle, room, early in zip(
            listed["name"], listed["kind"], at.tolist(), listed["angle"], rooms, main.tolist(), strict=True
        )
    ]
    return publish(_json({"zoom": ZOOM, "shapes": shapes, "names": names}), "base", folder, suffix="json")


def write_outlines(areas: gpd.GeoDataFrame, folder: Path = PLACES) -> str:
    """Write the outlines of neighbourhoods as lines, each border once; return the address to fetch them from.

    Parameters
    ----------
    areas
        `geo.tables.Areas`; see `outlines_fit` for whether they should be drawn.
    folder
        The folder that is served as ``/app/static/places``.

    Raises
    ------
    CrsError
        The areas do not say their CRS.
    """
    borders = shapely.line_merge(shapely.union_all(shapely.boundary(areas.geometry.to_numpy())))
    lines = shapely.simplify(shapely.get_parts(borders), STEP_M)
    return publish(_json({"zoom": ZOOM, "paths": _steps(lines, areas.crs)}), "outlines", folder, suffix="json")


def outlines_fit(areas: gpd.GeoDataFrame, origins: gpd.GeoDataFrame) -> bool:
    """Whether outlines are good enough to be drawn: nearly every home lies in that of its own neighbourhood.

    ONS's outlines generalised to 20 m have all homes inside; its super-generalised ones put every tenth into a
    neighbour's, and would draw a border through the wrong street.

    Parameters
    ----------
    areas, origins
        `geo.tables.Areas` and `Origins`, both in British National Grid.
    """
    if origins.empty:
        return False
    own = areas.geometry.reindex(origins["area_code"]).to_numpy()
    shapely.prepare(own)
    return float(np.mean(~shapely.covers(own, origins.geometry.to_numpy()))) <= MOST_OUTSIDE


def has_homes(segments: gpd.GeoDataFrame, origins: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Which segments have a home within `LIVED_M`; both in British National Grid."""
    homes = shapely.STRtree(origins.geometry.to_numpy())
    found = np.zeros(len(segments), bool)
    found[homes.query(segments.geometry.to_numpy(), predicate="dwithin", distance=LIVED_M)[0]] = True
    return found


def off_land(segments: gpd.GeoDataFrame, middle: NDArray[np.object_], backdrop: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Which segments have both ends in the sea, or their middle and an end: piers, ferries."""
    land = shapely.union_all(backdrop.geometry[backdrop["kind"] == "land"].to_numpy())
    shapely.prepare(land)
    lines = segments.geometry.to_numpy()
    places = shapely.get_point(lines, 0), middle, shapely.get_point(lines, -1)
    return np.asarray(np.sum([~shapely.contains(land, place) for place in places], axis=0) >= 2)


def street_areas(middle: NDArray[np.object_], origins: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Whose neighbourhood each segment is: a row of the areas, -1 for a street of somewhere else.

    The homes decide, for outlines of a neighbourhood may be drawn coarsely; where there are none, the outline does.

    Parameters
    ----------
    middle
        The middle of each segment, British National Grid.
    origins, areas
        As `write_streets` takes them.
    """
    owner = np.full(len(middle), -1)
    inside, area = areas.sindex.query(middle, predicate="within")
    owner[inside] = area
    near, home = shapely.STRtree(origins.geometry.to_numpy()).query_nearest(
        middle, max_distance=OWN_M, all_matches=False
    )
    owner[near] = areas.index.get_indexer(origins["area_code"])[home]
    return owner


def _json(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _pixels(shapes: NDArray[np.object_], crs: object) -> NDArray[np.int64]:
    """Every corner in whole pixels of the Web Mercator map."""
    if crs is None:
        raise CrsError(_SOURCE, expected="a stated coordinate reference system", found="none")
    metres = shapely.get_coordinates(moved_to(gpd.GeoSeries(shapes, crs=crs), WEB_MERCATOR).to_numpy())
    corner = np.column_stack([_HALF_WORLD_M + metres[:, 0], _HALF_WORLD_M - metres[:, 1]])
    return np.asarray(np.rint(corner / _PIXEL_M).astype(np.int64))


def _steps(lines: NDArray[np.object_], crs: object) -> list[list[int]]:
    """Lines (or rings) as the first corner and the steps from it: x, y, dx, dy, ..."""
    corners = _pixels(lines, crs)
    first = np.cumsum(shapely.get_num_coordinates(lines))[:-1]
    steps = np.diff(corners, axis=0, prepend=[[0, 0]])
    begins = np.concatenate([[0], first]) if len(lines) else np.zeros(0, int)
    steps[begins] = corners[begins]
    flat = steps.ravel().tolist()
    ends = [0, *(2 * np.append(first, len(corners))).tolist()] if len(lines) else [0]
    return [flat[one:two] for one, two in pairwise(ends)]


def _polygon_steps(polygons: NDArray[np.object_], crs: object) -> list[list[list[int]]]:
    """Polygons as lists of rings, the outer one first."""
    rings, whose = shapely.get_rings(polygons, return_index=True)
    steps = _steps(rings, crs)
    ends = np.searchsorted(whose, np.arange(len(polygons) + 1)).tolist()
    return [steps[one:two] for one, two in pairwise(ends)]
