"""What the maps of a report stand on and are read by: land and water, streets, names, and what must be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.network import STREET_CLASSES
from layers.maps.base_map import MAIN_RANK
from layers.maps.geometry import STREET_STEP_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.reports.content.findings import Findings

WARD_MARGIN_M = 1_500
"""How far round a ward or a chosen set streets and sites are given at least, metres."""

FRAME_SHAPE = 1.35
"""How much wider than high, or higher than wide, a map may be; a narrow ward is seen with that much round it."""

CLOSE_M = 10_000.0
"""A map of more than this would have a blur of streets, which hides what it is about, metres."""

FINE_M = 300.0
"""Where the corners of an outline are farther apart than this on average, it is too coarse for a map that has a coast
and streets, metres."""

LARGE_RANK = 3
"""Villages up to this rank are as large as towns, and named as such."""

PEOPLE_M = 800.0
"""Of names of one rank, those with most people this near come first, metres."""

_FEW = 4  # towns and villages: an authority with fewer is a city, and its parts are named


def shapes(found: Findings) -> gpd.GeoSeries:
    """What of each area is coloured, on the areas' index: its built-up part; its outline where none are known."""
    whole = found.whole
    return whole.areas.geometry if whole.built_up is None else whole.built_up.geometry.reindex(whole.areas.index)


def extent(found: Findings) -> tuple[float, float, float, float]:
    """What must be seen: the authority with its coast, or what is coloured of the chosen areas."""
    about = found.whole.areas.geometry if found.everywhere else shapes(found)[found.chosen]
    bounds = about.total_bounds if about.notna().any() else found.whole.areas.loc[found.chosen].total_bounds
    west, south, east, north = bounds.tolist()
    return west, south, east, north


def around(found: Findings) -> shapely.Polygon:
    """All that a map of the report may show: what must be seen, with room for the shape of the frame and a margin."""
    west, south, east, north = extent(found)
    half = max(east - west, north - south) / 2 * FRAME_SHAPE + WARD_MARGIN_M
    x, y = (west + east) / 2, (south + north) / 2
    box = shapely.box(x - half, y - half, x + half, y + half)
    shapely.prepare(box)
    return box


def ground(found: Findings) -> gpd.GeoDataFrame | None:
    """Land, water, woods, roads and railways, as far as the map may show them; None where a place has no such data."""
    known = found.whole.backdrop
    if known is None or found.everywhere:
        return known
    return known[shapely.intersects(known.geometry.to_numpy(), around(found))]


def boundary(found: Findings) -> shapely.Geometry | None:
    """The authority's boundary where it stands on land and sea and is drawn finely enough for that; else None."""
    if found.whole.backdrop is None:
        return None
    outline = found.whole.outline
    fine = shapely.length(outline) <= FINE_M * shapely.get_num_coordinates(outline)
    return outline if fine else None


def _close(found: Findings) -> bool:
    """Whether the map is of a ward or a chosen set, and close enough for streets."""
    west, south, east, north = extent(found)
    return not found.everywhere and max(east - west, north - south) <= CLOSE_M


def streets(found: Findings) -> gpd.GeoDataFrame | None:
    """Streets, where the map is close enough to show them, or nothing else is known to find one's way by."""
    if found.everywhere or not (_close(found) or found.whole.backdrop is None):
        return None
    segments = found.whole.segments
    near = segments[shapely.intersects(segments.geometry.to_numpy(), around(found))]
    kind = np.asarray(STREET_CLASSES, dtype=object)[near["street_class"].to_numpy()]
    shown = near[kind != "path"]  # paths clutter the map
    lines = shapely.simplify(shown.geometry.to_numpy(), STREET_STEP_M)
    return gpd.GeoDataFrame({"main": kind[kind != "path"] == "main"}, geometry=lines, index=shown.index, crs=near.crs)


def names(found: Findings) -> gpd.GeoDataFrame | None:
    """Names to find one's way by, the most important first; those of parts of towns and of streets on a close map."""
    known = found.whole.labels
    if known is None:
        return _localities(found)
    seen = known[shapely.intersects(known.geometry.to_numpy(), around(found))]
    kind = seen["kind"]
    if not _close(found):
        large = kind.isin(("city", "town", "village"))
        wanted = large | ((kind == "suburb") & (large.sum() < _FEW))
    else:
        wanted = (kind != "street") | (seen["rank"] <= MAIN_RANK)
    seen = seen[wanted]
    people = np.where(seen["kind"] == "street", 0, _people_near(found, seen.geometry.to_numpy()))
    order = np.lexsort((np.arange(len(seen)), -people, seen["rank"]))
    seen = seen.assign(kind=seen["kind"].mask((seen["kind"] == "village") & (seen["rank"] <= LARGE_RANK), "town"))
    return _some(seen.iloc[order][["name", "kind", "angle", "room_m", "geometry"]])


def _localities(found: Findings) -> gpd.GeoDataFrame | None:
    """Of places built before there were names for maps, those of the gazetteer: towns first, then their parts."""
    known = found.whole.gazetteer
    if known is None:
        return None
    named = known[(known["kind"] == "locality") & shapely.intersects(known.geometry.to_numpy(), around(found))]
    part = named["locality"].notna().to_numpy()  # it lies by a larger one
    order = np.lexsort((named["name"].to_numpy(str), -_people_near(found, named.geometry.to_numpy()), part))
    columns = {"kind": np.where(part, "village", "town"), "angle": 0.0, "room_m": np.nan}
    return _some(named.assign(**columns).iloc[order][["name", "kind", "angle", "room_m", "geometry"]])


def _some(rows: pd.DataFrame) -> gpd.GeoDataFrame | None:
    return None if rows.empty else gpd.GeoDataFrame(rows, geometry="geometry")


def _people_near(found: Findings, at: NDArray[np.object_]) -> NDArray[np.float64]:
    """How many residents live within `PEOPLE_M` of each place."""
    origins = found.whole.ground.origins
    near = shapely.STRtree(origins.geometry.to_numpy()).query(at, "dwithin", distance=PEOPLE_M)
    people = np.nan_to_num(origins["residents"].to_numpy(float))
    return np.bincount(near[0], people[near[1]], minlength=len(at)).astype(float)
