"""A map on paper, as PNG: areas with patterns that mono print keeps, sites by shape, scale, north, legend, credits."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from PIL import Image

from layers.reports.writers.print_map import labelling, margins
from layers.reports.writers.print_map.sheet import INK, Box, Room, Sheet, View, sides
from layers.reports.writers.print_map.symbols import ORDER, SITE_MM, in_words, reach, site_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from layers.reports.report_map import ReportMap, Symbol

NEAREST = 1.7
"""How much larger than its areas a map may get to show the nearest site."""

_STRIP_MM = 60
"""Room for credits below a map."""

_BORDER, _FAINT_BORDER, _FAINT = "#4d4d4d", "#bdbdbd", "#f6f6f4"
_LEAST_M = 100  # of ground on a map
_CLEAR = 3  # mm round what the map is about
_DOT = 0.4  # of a dot: finer bends are left out
_HOLE = 0.3  # mm2: smaller holes are where the two sides of a border do not quite meet
_STREETS = (
    (False, 0.95, "#ffffff", 4.0), (False, 0.45, "#707070", 4.1),
    (True, 1.9, "#ffffff", 4.2), (True, 1.1, "#4d4d4d", 4.3),
)  # fmt: skip
"""Whether of main streets, how wide (points), which colour, above what."""


def draw(
    plan: ReportMap,
    *,
    width_mm: float = 174,
    height_mm: float = 150,
    dpi: int = 300,
    credits: Sequence[str] = (),  # noqa: A002 (what a report calls them)
) -> bytes:
    """Draw a map.

    Parameters
    ----------
    plan
        What is on it.
    width_mm, height_mm
        Size on paper.
    dpi
        Dots to the inch: 300 for print, 150 for a screen.
    credits
        Whose data it is, written below.

    Returns
    -------
    bytes
        A PNG, the same for the same map.
    """
    return composed(plan, width_mm=width_mm, height_mm=height_mm, dpi=dpi, credit=" · ".join(credits)).png()


def credited(picture: bytes, credits: Sequence[str], *, width_mm: float = 174) -> bytes:  # noqa: A002
    """A map with everybody's credits below, as it goes out alone; in a document they stand at its end.

    Parameters
    ----------
    picture
        As `draw` made it.
    credits
        Whose data it is.
    width_mm
        As it was drawn.
    """
    drawn = Image.open(io.BytesIO(picture))
    strip = _strip(tuple(credits), width_mm, round(drawn.width / width_mm * 25.4))
    both = Image.new("RGB", (drawn.width, drawn.height + strip.height), "white")
    both.paste(drawn, (0, 0))
    both.paste(strip, (0, drawn.height))
    content = io.BytesIO()
    both.save(content, "PNG", dpi=drawn.info["dpi"])
    return content.getvalue()


@lru_cache(maxsize=8)
def _strip(credits: tuple[str, ...], width_mm: float, dpi: int) -> Image.Image:  # noqa: A002
    """The credits as a picture: the same below every map of a place, and slow to write."""
    sheet = Sheet(width_mm, _STRIP_MM, dpi)
    high = min(margins.draw_credits(sheet, " · ".join(credits)), _STRIP_MM)
    written = Image.open(io.BytesIO(sheet.png()))
    return written.crop((0, written.height - round(high * dpi / 25.4), written.width, written.height))


def composed(plan: ReportMap, *, width_mm: float, height_mm: float, dpi: int, credit: str = "") -> Sheet:
    """The sheet with everything on it, before it becomes a picture."""
    sheet = Sheet(width_mm, height_mm, dpi)
    foot = margins.draw_credits(sheet, credit)
    areas, sites = _placed(plan.areas), _placed(plan.sites)
    layout, view, shown = _arranged(sheet, plan, areas, sites, foot)
    _ground(sheet, view, areas)
    if plan.streets is not None:
        _streets(sheet, view, _placed(plan.streets))
    sheet.add(margins.box(sheet, layout.frame, fill="none", edge=INK, width=0.6), 40)
    room, width = Room(layout.frame), site_width(shown["symbol"])
    for place, symbol in enumerate(ORDER):
        at = view.points(shown.geometry[shown["symbol"] == symbol])
        if len(at):
            margins.draw_symbols(sheet, symbol, at, 10 + place, width=width)
            room.take((at[:, [0, 1, 0, 1]] + np.array(reach(symbol, width + 0.5))).tolist())
    labelling.write_labels(sheet, view, areas[areas["inside"].astype(bool) & (areas["label"] != "")], room)
    labelling.write_site_names(sheet, view, shown, room)
    if plan.names is not None:
        labelling.write_names(sheet, view, _placed(plan.names), room)
    margins.draw_legend(sheet, layout)
    margins.draw_scale_and_north(sheet, view, layout.furniture)
    return sheet


def _placed(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return rows[(rows.geometry.notna() & ~rows.geometry.is_empty).to_numpy()]


def _arranged(
    sheet: Sheet, plan: ReportMap, areas: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, foot: float
) -> tuple[margins.Layout, View, gpd.GeoDataFrame]:
    """The legend where it leaves the map largest, what is seen then, and the sites that are.

    Which symbols the legend has depends on what is seen, and that on the room that the legend leaves: what a first try
    shows comes to the legend of the next, until it has them all.
    """
    extent = _extent(areas, sites)
    symbols: tuple[Symbol, ...] = ()
    while True:
        layout = max(
            margins.layouts(sheet, plan, symbols, foot), key=lambda one: View.of(one.frame, extent, _CLEAR).scale
        )
        view = View.of(layout.frame, extent, _CLEAR)
        shown = sites[view.seen(sites.geometry, inset=SITE_MM / 2)]
        occur = in_words(set(shown["symbol"]) | set(symbols))
        if occur == symbols:
            return layout, view, shown
        symbols = occur


def _box_of(shown: gpd.GeoDataFrame) -> Box:
    west, south, east, north = shown.total_bounds.tolist()
    return west, south, east, north


def _extent(areas: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> Box:
    """What must be seen: the areas that the map is about, and the nearest site, unless it is a long way off."""
    about = areas[areas["inside"].astype(bool)]
    shown = next((one for one in (about, areas, sites) if len(one)), None)
    bounds: Box = (0, 0, 0, 0) if shown is None else _box_of(shown)
    wanting = [max(0.0, _LEAST_M - length) / 2 for length in sides(bounds)]
    box = (bounds[0] - wanting[0], bounds[1] - wanting[1], bounds[2] + wanting[0], bounds[3] + wanting[1])
    if len(sites):
        away = shapely.distance(sites.geometry.to_numpy(), shapely.box(*box))
        x, y = shapely.get_coordinates(shapely.point_on_surface(sites.geometry.iloc[int(away.argmin())]))[0].tolist()
        wider = (min(box[0], x), min(box[1], y), max(box[2], x), max(box[3], y))
        if max(sides(wider)) <= NEAREST * max(sides(box)):
            return wider
    return box


def _outline(shapes: NDArray[np.object_]) -> Outline:
    """Polygons as one outline."""
    points, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shapes)), return_index=True)
    starts = np.flatnonzero(np.diff(ring, prepend=-1))
    codes = np.full(len(points), Outline.LINETO, dtype=np.uint8)
    codes[starts] = Outline.MOVETO
    codes[np.append(starts[1:], len(points)) - 1] = Outline.CLOSEPOLY
    return Outline(points, codes)


def _ground(sheet: Sheet, view: View, areas: gpd.GeoDataFrame) -> None:
    """Areas: others faint, then each class with its pattern, borders, and the outline of what the map is about."""
    shown = areas[view.seen(areas.geometry)]
    inside = shown["inside"].astype(bool).to_numpy()
    shapes = shapely.simplify(view.on_paper(shown.geometry.to_numpy()), _DOT * 25.4 / sheet.dpi)
    shapes = shapely.orient_polygons(shapes)

    def add(kept: NDArray[np.object_], above: float, **style: object) -> None:
        if len(kept):
            patch = PathPatch(_outline(kept), transform=sheet.mm, joinstyle="round", **style)
            patch.set_hatch_linewidth(margins.PATTERN_WIDTH)
            sheet.add(patch, above, view.frame)

    add(shapes[~inside], 1, facecolor=_FAINT, edgecolor=_FAINT_BORDER, linewidth=0.4)
    about = shapes[inside]
    for (fill, hatch), rows in shown[inside].groupby(["fill", "hatch"], sort=True).indices.items():
        add(about[rows], 2, facecolor=fill, edgecolor="none", linewidth=0, **margins.pattern(fill, hatch))
    add(about, 3, fill=False, edgecolor=_BORDER, linewidth=0.4)
    rings = shapely.get_rings(shapely.get_parts(shapely.union_all(about)))
    whole = shapely.polygons(rings)
    add(whole[shapely.area(whole) > _HOLE], 6, fill=False, edgecolor=INK, linewidth=0.9)


def _streets(sheet: Sheet, view: View, streets: gpd.GeoDataFrame) -> None:
    shown = streets[view.seen(streets.geometry)]
    main = shown["main"].astype(bool).to_numpy()
    lines = shapely.simplify(view.on_paper(shown.geometry.to_numpy()), _DOT * 25.4 / sheet.dpi)
    for strong, width, colour, above in _STREETS:
        paths = [shapely.get_coordinates(part) for part in shapely.get_parts(lines[main == strong])]
        if paths:
            drawn = LineCollection(paths, linewidths=width, colors=colour, transform=sheet.mm, capstyle="round")
            sheet.add(drawn, above, view.frame)
