"""What lies beneath the answers on a map: coast, water, parks and woods, rivers, railways and main roads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.sources.coast import land_of
from data.sources.labels import MAIN_ROADS
from data.sources.osm import read_lines, read_tagged, require_extract
from geo.crs import BNG, to_bng

if TYPE_CHECKING:
    from numpy.typing import NDArray

AREAS: dict[str, dict[str, tuple[str, ...]]] = {
    "water": {"natural": ("water",), "landuse": ("reservoir", "basin"), "waterway": ("riverbank", "dock")},
    "green": {
        "leisure": ("park", "common", "recreation_ground"), "natural": ("wood",),
        "landuse": ("forest", "recreation_ground", "village_green"),
    },
}  # fmt: skip
"""What is drawn as an area. Nature reserves are not: whole coasts are, farms and all, and every map would be green."""

LINES: dict[str, dict[str, tuple[str, ...]]] = {
    "coast": {"natural": ("coastline",)},
    "river": {"waterway": ("river", "canal")},
    "railway": {"railway": ("rail", "light_rail", "tram", "narrow_gauge", "preserved")},
    "main_road": {"highway": MAIN_ROADS},
}

_HIDDEN = {"river": ("tunnel",), "railway": ("tunnel", "service")}
"""Tags that keep a line off the map: what is under the ground, and sidings."""

LEAST_M2 = {"land": 100.0, "water": 2_000.0, "green": 5_000.0}
"""Areas, and holes in them, that are smaller are not drawn, square metres; of land only the least of rocks."""

SIMPLIFIED_M = {"land": 3.0, "water": 5.0, "green": 5.0, "river": 5.0, "railway": 5.0, "main_road": 2.0}
"""How far a line may leave the mapped one, metres; a main road lies under its street, which is drawn as mapped."""

VIEWS = (0.5, 2.5)
"""Shapes of windows that the whole place is first seen in, width by height; land is told for all of them."""

ROOM = 1.3
"""How much more than the whole place such a window shows: its margins, and that maps zoom in steps (a quarter)."""

LEAST_VIEW_M = 20_000.0
"""Land is told at least this far around the authority."""

GRID_M = 0.125
"""Corners are kept to an eighth of a metre: exact in binary, so that they pack small."""


@dataclass(frozen=True)
class Backdrop:
    """What is drawn beneath the answers (``table``, as `geo.tables.Backdrop`), and plain sentences on it."""

    table: gpd.GeoDataFrame
    notes: tuple[str, ...]


def view_of(outline: shapely.Geometry) -> shapely.Geometry:
    """The rectangle that is seen of an authority when it is seen whole, in any window of `VIEWS`; both on BNG."""
    west, south, east, north = shapely.bounds(outline)
    width, height = east - west, north - south
    narrow, wide = VIEWS
    beside = max((ROOM * max(width, wide * height) - width) / 2, LEAST_VIEW_M)
    above = max((ROOM * max(height, width / narrow) - height) / 2, LEAST_VIEW_M)
    return shapely.box(west - beside, south - above, east + beside, north + above)


def read_backdrop(
    path: Path, *, outline: shapely.Geometry, frame: shapely.Geometry, view: shapely.Geometry | None = None
) -> Backdrop:
    """Read what a base map shows, clipped to a frame.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm`` and the like.
    outline
        The authority, (Multi)Polygon in British National Grid; the coast is believed only if this is land.
    frame
        The rectangle to draw, British National Grid.
    view
        The rectangle to tell land from sea in, which holds the frame; None: the frame.

    Returns
    -------
    Backdrop
        Land is what the coast says is land, all of the view where there is no coast. Touching areas of a kind are one;
        each row is a single part.

    Raises
    ------
    InputError
        The file is missing or is no OpenStreetMap extract.

    Notes
    -----
    Source: https://wiki.openstreetmap.org/wiki/Map_features.
    """
    path = Path(path)
    require_extract(path)
    view = frame if view is None else view
    shapely.prepare(frame)
    shapely.prepare(view)
    lines = _lines(path)
    land = land_of(lines.pop("coast"), frame=view, outline=outline)
    shapes = {"land": _areas(land.shapes, "land", view)}
    shapes |= {kind: _areas(found, kind, frame) for kind, found in _read_areas(path).items()}
    shapes |= {kind: _tidy(found, kind, frame) for kind, found in lines.items()}
    return Backdrop(
        gpd.GeoDataFrame(
            {"kind": pd.Series(np.repeat(list(shapes), [len(found) for found in shapes.values()]), dtype="str")},
            geometry=np.concatenate(list(shapes.values())),
            crs=BNG,
        ),
        land.notes,
    )


def _read_areas(path: Path) -> dict[str, NDArray[np.object_]]:
    """Polygons of each kind, British National Grid, as mapped."""
    keys = sorted({key for tags in AREAS.values() for key in tags})
    found = read_tagged(path, tags=[pair for tags in AREAS.values() for pair in _pairs(tags)], keys=keys)
    shape = found.geometry.to_numpy()
    area = shapely.get_dimensions(shape) == 2
    shape = shapely.transform(shape[area], lambda place: np.column_stack(to_bng(*place.T)))
    return {kind: shape[_bears(found.fields[area], tags)] for kind, tags in AREAS.items()}


def _lines(path: Path) -> dict[str, NDArray[np.object_]]:
    """Lines of each kind, British National Grid, as mapped and in their ways' direction."""
    keys = sorted({key for tags in LINES.values() for key in tags} | {key for keys in _HIDDEN.values() for key in keys})
    fields, line = read_lines(path, tags=[pair for tags in LINES.values() for pair in _pairs(tags)], keys=keys)
    return {
        kind: line[_bears(fields, tags) & fields[list(_HIDDEN.get(kind, ()))].isin([None, "no"]).all(axis=1).to_numpy()]
        for kind, tags in LINES.items()
    }


def _pairs(tags: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(key, value) for key, values in tags.items() for value in values]


def _bears(fields: pd.DataFrame, tags: dict[str, tuple[str, ...]]) -> NDArray[np.bool_]:
    """Which rows have any of the tags."""
    return np.asarray(np.any([fields[key].isin(values) for key, values in tags.items()], axis=0))


def _areas(shapes: NDArray[np.object_], kind: str, frame: shapely.Geometry) -> NDArray[np.object_]:
    """Areas united where they touch, and what is too small to be seen left out."""
    least = LEAST_M2[kind]
    near = shapes[shapely.intersects(frame, shapes)]
    united = shapely.get_parts(shapely.union_all(shapely.make_valid(near)))
    whole = united[shapely.area(united) >= least]  # before the frame cuts them
    rings, of = shapely.get_rings(whole, return_index=True)
    outer = np.diff(of, prepend=-1) > 0
    kept = outer | (shapely.area(shapely.polygons(rings)) >= least)
    return _tidy(shapely.polygons(rings[kept], indices=of[kept]) if len(rings) else whole, kind, frame)


def _tidy(shapes: NDArray[np.object_], kind: str, frame: shapely.Geometry) -> NDArray[np.object_]:
    """Single parts, cut to the frame, with no more corners than can be seen; valid, and of their own dimension."""
    across = 2 if kind in LEAST_M2 else 1
    near = shapes[shapely.intersects(frame, shapes)]
    if across == 1:
        near = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(near)))
    cut = shapely.simplify(shapely.get_parts(shapely.intersection(near, frame)), SIMPLIFIED_M[kind])
    parts = shapely.get_parts(shapely.get_parts(shapely.set_precision(cut, GRID_M)))
    flat = (shapely.get_dimensions(parts) < across) | shapely.is_empty(parts)
    return np.asarray(parts[~flat], object)
