"""A map on paper, as PNG: areas with patterns that mono print keeps, sites by shape, scale, north, legend, credits."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from PIL import Image

from layers.reports.writers.print_map import ground, insets, labelling, margins
from layers.reports.writers.print_map.sheet import COMPRESSION, INK, Box, Room, Sheet, View, sides
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

_LEAST_M = 100  # of ground on a map
_CLEAR = 3  # mm round what the map is about


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
    both.save(content, "PNG", dpi=drawn.info["dpi"], compress_level=COMPRESSION)
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
    room = _surface(sheet, plan, view, shown, site_width(shown["symbol"]))
    about = areas[areas["inside"].astype(bool)]
    names = None if plan.names is None else _placed(plan.names)
    cover = labelling.Cover(layout.frame, view.on_paper(about.geometry.to_numpy()))
    labelled = about[about["label"] != ""]
    if names is not None and plan.streets is None:
        for inset in insets.insets_of(view, about, names, room, cover):
            written = _inset(sheet, plan, inset, shown, names)
            labelled = labelled[~labelled["label"].isin(written)]
            margins.draw_window(sheet, inset.window, room)
            room.take([inset.view.frame])
    labelling.write_labels(sheet, view, labelled, room)
    if names is not None:
        large = names["kind"].isin(labelling.LARGE).to_numpy()
        labelling.write_names(sheet, view, names[large], room, cover)
    labelling.write_site_names(sheet, view, shown, room)
    if names is not None:
        labelling.write_names(sheet, view, names[~large], room, cover)
    margins.draw_legend(sheet, layout)
    margins.draw_keys(sheet, layout)
    margins.draw_scale_and_north(sheet, view, layout.furniture)
    return sheet


def _surface(sheet: Sheet, plan: ReportMap, view: View, sites: gpd.GeoDataFrame, width: float) -> Room:
    """Draw all but what is written: ground, areas, streets, frame, and sites of a width; return what they take."""
    if plan.ground is not None:
        ground.draw_ground(sheet, view, _placed(plan.ground))
    ground.draw_areas(sheet, view, _placed(plan.areas), grounded=plan.ground is not None)
    if plan.streets is not None:
        ground.draw_streets(sheet, view, _placed(plan.streets))
    if plan.boundary is not None:
        ground.draw_boundary(sheet, view, plan.boundary)
    sheet.add(margins.box(sheet, view.frame, fill="none", edge=INK, width=0.6), 40)
    room = Room(view.frame)
    for place, symbol in enumerate(ORDER):
        at = view.points(sites.geometry[sites["symbol"] == symbol])
        if len(at):
            margins.draw_symbols(sheet, symbol, at, 10 + place, width=width)
            room.take((at[:, [0, 1, 0, 1]] + np.array(reach(symbol, width + 0.5))).tolist())
    return room


def _inset(
    sheet: Sheet, plan: ReportMap, inset: insets.Inset, sites: gpd.GeoDataFrame, names: gpd.GeoDataFrame
) -> set[str]:
    """Draw a town enlarged above the map, with its name and its own scale; return the ranks that it has."""
    view = inset.view
    with sheet.lifted(100):
        sheet.add(margins.box(sheet, view.frame, fill="#ffffff", edge="none", width=0), 0)
        room = _surface(sheet, plan, view, sites[view.seen(sites.geometry, inset=SITE_MM / 2)], SITE_MM)
        margins.draw_inset_furniture(sheet, view, inset.name, room)
        about = _placed(plan.areas[plan.areas["inside"].astype(bool)])
        labelled = about[about["label"] != ""]
        middle, _ = labelling.middles(view, labelled)
        written = labelling.write_labels(sheet, view, labelled[_within(view.frame, middle)], room)
        others = names[_within(view.frame, view.points(names.geometry)) & (names["name"] != inset.name).to_numpy()]
        cover = labelling.Cover(view.frame, view.on_paper(about.geometry.to_numpy()))
        labelling.write_names(sheet, view, others, room, cover)
    return written


def _within(frame: Box, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(np.all(np.logical_and(points > frame[:2], points < frame[2:]), axis=1))


def _placed(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return rows[(rows.geometry.notna() & ~rows.geometry.is_empty).to_numpy()]


def _arranged(
    sheet: Sheet, plan: ReportMap, areas: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, foot: float
) -> tuple[margins.Layout, View, gpd.GeoDataFrame]:
    """The legend where it leaves the map largest, what is seen then, and the sites that are.

    Which symbols the legend has depends on what is seen, and that on the room that the legend leaves: what a first try
    shows comes to the legend of the next, until it has them all.
    """
    extent = _extent(plan, areas, sites)
    symbols: tuple[Symbol, ...] = ()
    keys: margins.Keys = ()
    while True:
        layout = max(
            margins.layouts(sheet, plan, symbols, keys, foot), key=lambda one: View.of(one.frame, extent, _CLEAR).scale
        )
        view = View.of(layout.frame, extent, _CLEAR)
        shown = sites[view.seen(sites.geometry, inset=SITE_MM / 2)]
        occur, beneath = in_words(set(shown["symbol"]) | set(symbols)), ground.keys(plan, view)
        if occur == symbols and set(beneath) <= set(keys):
            return layout, view, shown
        symbols, keys = occur, tuple(dict.fromkeys((*keys, *beneath)))


def _box_of(shown: gpd.GeoDataFrame) -> Box:
    west, south, east, north = shown.total_bounds.tolist()
    return west, south, east, north


def _extent(plan: ReportMap, areas: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> Box:
    """What must be seen: the areas that the map is about, and the nearest site, unless it is a long way off."""
    about = areas[areas["inside"].astype(bool)]
    shown = next((one for one in (about, areas, sites) if len(one)), None)
    bounds: Box = plan.extent or ((0, 0, 0, 0) if shown is None else _box_of(shown))
    wanting = [max(0.0, _LEAST_M - length) / 2 for length in sides(bounds)]
    box = (bounds[0] - wanting[0], bounds[1] - wanting[1], bounds[2] + wanting[0], bounds[3] + wanting[1])
    if len(sites):
        away = shapely.distance(sites.geometry.to_numpy(), shapely.box(*box))
        x, y = shapely.get_coordinates(shapely.point_on_surface(sites.geometry.iloc[int(away.argmin())]))[0].tolist()
        wider = (min(box[0], x), min(box[1], y), max(box[2], x), max(box[3], y))
        if max(sides(wider)) <= NEAREST * max(sides(box)):
            return wider
    return box
