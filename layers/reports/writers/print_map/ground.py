"""What a printed map stands on, and the areas on it: sea, land, woods, water, roads; colours, patterns, borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline

from layers.reports.writers.print_map import margins
from layers.reports.writers.print_map.sheet import INK, Look, Sheet, View

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from layers.reports.report_map import ReportMap

SEA = "#dbe8ef"

BUILT = "#e3dfd6"
"""The built-up part of areas that the map is not about."""

BOUNDARY = "#5b3a73"


GROUND: dict[str, Look] = {
    "land": Look("#f6f5f1", "#8ba3b1", 0.5),
    "green": Look("#e4ecd9"),
    "water": Look("#cfe0ea", "#b5cbd8", 0.3),
    "river": Look(line="#9fc0d2", width=0.6),
    "main_road": Look(line="#c4bdae", width=1.0),
    "railway": Look(line="#8c8c8c", width=0.7, dash=(0, (4, 2))),
}
"""The dashboard's colours (``static/pramshed-ground.js``), lines a little darker for paper; from the lowest upwards."""

EDGE = Look(line=BOUNDARY, width=0.8, dash=(0, (7, 2, 1.5, 2)))
"""The boundary of the authority."""
UNSURE_WORDS = "streets missing nearby: the walk may be shorter"
UNSURE = Look(line=INK, width=0.9, dash=(0, (2.2, 1.6)))
"""The outline around areas near which streets are missing."""

_BORDER, _OTHERS_BORDER, _FAINT_BORDER, _FAINT = "#4d4d4d", "#cdc8bc", "#bdbdbd", "#f6f6f4"
_DOT = 0.4  # of a dot: finer bends are left out
_HOLE = 0.3  # mm2: smaller holes are where the two sides of a border do not quite meet
_BORDERED = 1.5  # mm2: smaller parts would be all border and no colour
_CLOSED = 0.8  # mm: narrower gaps between areas of one outline are passed over
_LEAST = 0.05  # mm2: smaller greens and ponds are not seen
_STREET, _MAIN_STREET, _RIM = Look(line="#7a7a7a", width=0.4), Look(line="#5c5c5c", width=0.9), "#ffffff"
_WIDER = (0.3, 0.5)  # points: the white rim of a street, and of a main one; a wider one would hide patterns


def keys(plan: ReportMap, view: View) -> tuple[tuple[Look, str], ...]:
    """What of the ground and of outlines is seen on a map, how it looks, and what it is called."""
    unsure = ((UNSURE, UNSURE_WORDS),) if len(_unsure(plan.areas)) else ()
    if plan.ground is None:
        return unsure
    near = set(plan.ground["kind"][view.seen(plan.ground.geometry)])
    others = plan.areas.geometry[~plan.areas["inside"].astype(bool)]
    edge = plan.boundary is not None and view.touches(shapely.boundary(plan.boundary))
    road = GROUND["main_road"] if plan.streets is None else _MAIN_STREET
    listed = (
        (edge, EDGE, "boundary of the authority"),
        (bool(view.seen(others).any()), Look(BUILT, _OTHERS_BORDER, 0.4), "other neighbourhoods"),
        ("green" in near, GROUND["green"], "woods and parks"),
        (bool({"water", "river"} & near), GROUND["water"], "water"),
        ("main_road" in near, road, "main road"),
        ("railway" in near, GROUND["railway"], "railway"),
    )
    return unsure + tuple((look, words) for seen, look, words in listed if seen)


def _unsure(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The areas that have the outline `UNSURE`."""
    return areas[areas["unsure"].astype(bool)] if "unsure" in areas else areas[:0]


def draw_ground(sheet: Sheet, view: View, ground: gpd.GeoDataFrame) -> None:
    """Draw sea, and on it land, woods and parks, water, main roads and railways, as `geo.tables.Backdrop`."""
    sheet.add(margins.box(sheet, view.frame, fill=SEA, edge="none", width=0), 0)
    for place, (kind, look) in enumerate(GROUND.items()):
        rows = ground[(ground["kind"] == kind).to_numpy()]
        shapes = _thin(sheet, view.on_paper(rows.geometry[view.seen(rows.geometry)].to_numpy()))
        above = 0.1 + 0.1 * place
        if look.fill == "none":
            _lines(sheet, view, shapes, look, above)
            continue
        parts = shapely.get_parts(shapes)
        _add(sheet, view, parts[shapely.area(parts) > _LEAST], above,
             facecolor=look.fill, edgecolor=look.line, linewidth=look.width)  # fmt: skip


def draw_areas(sheet: Sheet, view: View, areas: gpd.GeoDataFrame, *, grounded: bool) -> None:
    """Draw areas: others faint, then each class with its pattern, and borders.

    Parameters
    ----------
    sheet, view
        The paper, and where the ground is on it.
    areas
        As in `layers.reports.report_map.ReportMap`.
    grounded
        Whether they stand on land and sea; where not, others are the only land there is, and what the map is about
        has a strong outline.
    """
    shown = areas[view.seen(areas.geometry)]
    inside = shown["inside"].astype(bool).to_numpy()
    shapes = shapely.orient_polygons(_thin(sheet, view.on_paper(shown.geometry.to_numpy())))
    faint, border = (BUILT, _OTHERS_BORDER) if grounded else (_FAINT, _FAINT_BORDER)
    _add(sheet, view, shapes[~inside], 1, facecolor=faint, edgecolor=border, linewidth=0.4)
    about = shapes[inside]
    for (fill, hatch), rows in shown[inside].groupby(["fill", "hatch"], sort=True).indices.items():
        _add(sheet, view, about[rows], 2, facecolor=fill, edgecolor="none", linewidth=0, **margins.pattern(fill, hatch))
    parts = shapely.get_parts(about)
    _add(sheet, view, parts[shapely.area(parts) > _BORDERED], 3, fill=False, edgecolor=_BORDER, linewidth=0.4)
    # one line around all of them: around each, a city would be black
    unsure = shapely.union_all(view.on_paper(_unsure(shown).geometry.to_numpy())).buffer(_CLOSED).buffer(-_CLOSED)
    rings = shapely.get_rings(shapely.get_parts(unsure))
    _lines(sheet, view, _thin(sheet, rings[shapely.area(shapely.polygons(rings)) > _BORDERED]), UNSURE, 3.5)
    if not grounded:
        whole = shapely.polygons(shapely.get_rings(shapely.get_parts(shapely.union_all(about))))
        _add(sheet, view, whole[shapely.area(whole) > _HOLE], 6, fill=False, edgecolor=INK, linewidth=0.9)


def draw_boundary(sheet: Sheet, view: View, boundary: shapely.Geometry) -> None:
    """Draw the boundary of the authority."""
    rings = shapely.get_rings(shapely.get_parts(view.on_paper(np.array([boundary], dtype=object))))
    kept = rings[shapely.area(shapely.polygons(rings)) > _HOLE]
    _lines(sheet, view, _thin(sheet, kept), EDGE, 6)


def draw_streets(sheet: Sheet, view: View, streets: gpd.GeoDataFrame) -> None:
    """Draw streets with a white rim, the main ones above the others."""
    shown = streets[view.seen(streets.geometry)]
    main = shown["main"].astype(bool).to_numpy()
    lines = _thin(sheet, view.on_paper(shown.geometry.to_numpy()))
    for place, (strong, look) in enumerate(((False, _STREET), (True, _MAIN_STREET))):
        rim = Look(line=_RIM, width=look.width + _WIDER[place])
        _lines(sheet, view, lines[main == strong], rim, 4 + 0.2 * place)
        _lines(sheet, view, lines[main == strong], look, 4.1 + 0.2 * place)


def _thin(sheet: Sheet, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Without bends that are finer than a dot."""
    return np.asarray(shapely.simplify(shapes, _DOT * 25.4 / sheet.dpi))


def _add(sheet: Sheet, view: View, shapes: NDArray[np.object_], above: float, **style: object) -> None:
    if len(shapes):
        patch = PathPatch(_outline(shapes), transform=sheet.mm, joinstyle="round", **style)
        patch.set_hatch_linewidth(margins.PATTERN_WIDTH)
        sheet.add(patch, above, view.frame)


def _lines(sheet: Sheet, view: View, lines: NDArray[np.object_], look: Look, above: float) -> None:
    paths = [shapely.get_coordinates(part) for part in shapely.get_parts(lines)]
    if paths:
        drawn = LineCollection(
            paths, linewidths=look.width, colors=look.line, linestyles=look.dash or "solid", transform=sheet.mm,
            capstyle="butt" if look.dash else "round",
        )  # fmt: skip
        sheet.add(drawn, above, view.frame)


def _outline(shapes: NDArray[np.object_]) -> Outline:
    """Polygons as one outline."""
    points, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shapes)), return_index=True)
    starts = np.flatnonzero(np.diff(ring, prepend=-1))
    codes = np.full(len(points), Outline.LINETO, dtype=np.uint8)
    codes[starts] = Outline.MOVETO
    codes[np.append(starts[1:], len(points)) - 1] = Outline.CLOSEPOLY
    return Outline(points, codes)
