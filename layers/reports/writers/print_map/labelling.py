"""Where ranks and names stand on a printed map, so that none covers another or a site."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from layers.reports.writers.print_map.sheet import INK, POINT, SMALL, Box, Room, Sheet, View, writable
from layers.reports.writers.print_map.symbols import SITE_MM, reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

LABEL, NAME = 7.0, 7.5
"""Sizes of writing, points."""

_MOVED = 30  # labels that may stand beside their area, the first ones; more would be a thicket
_NAMED_SITES = 12
_LONGEST = 40  # characters of a site's name


def write_labels(sheet: Sheet, view: View, areas: gpd.GeoDataFrame, room: Room) -> None:
    """Write each area's label on it, the lowest rank first; the first ones beside it, with a line, if that is taken."""
    shapes = view.on_paper(areas.geometry.to_numpy())
    ranked = sorted(
        zip(areas["label"].astype(str), shapes, strict=True),
        key=lambda pair: int(pair[0]) if pair[0].isdecimal() else math.inf,
    )
    half_up = LABEL * POINT / 2
    for place, (label, shape) in enumerate(ranked):
        half = sheet.width_of(label, LABEL, "Bold") / 2 + 0.3
        parts = shapely.get_parts(shape)
        largest = parts[int(shapely.area(parts).argmax())]
        middle = _middle(largest)
        for (x, y), beside in _places(middle, largest, moved=place < _MOVED):
            taken: Box = (x - half, y - half_up, x + half, y + half_up)
            if not room.free(taken):
                continue
            room.take([taken])
            if beside:
                _leader(sheet, middle, (x, y))
            sheet.write(label, (x, y), LABEL, style="Bold", halo=1.1, across="center", middle=True, above=32)
            break


def _middle(shape: shapely.Polygon) -> tuple[float, float]:
    """The point of an area that is farthest from its border: clearer than any point on it."""
    x, y = shapely.get_coordinates(shapely.maximum_inscribed_circle(shape, tolerance=0.1))[0].tolist()
    return x, y


def _places(
    middle: tuple[float, float], shape: shapely.Polygon, *, moved: bool
) -> Iterator[tuple[tuple[float, float], bool]]:
    """Where a label may stand, the best first, and whether that is beside its area."""
    yield middle, False
    if not moved:
        return
    for beside, rings in ((False, np.arange(1.2, 6, 0.8)), (True, np.arange(3.6, 13, 0.9))):
        for ring in rings:
            for turn in np.arange(16) * np.pi / 8:
                at = (middle[0] + ring * math.cos(turn), middle[1] + ring * math.sin(turn))
                if beside or shapely.contains_xy(shape, *at):
                    yield at, beside


def _leader(sheet: Sheet, start: tuple[float, float], end: tuple[float, float]) -> None:
    line = Line2D(
        *zip(start, end, strict=True), linewidth=0.6, color=INK, transform=sheet.mm, marker="o", markevery=[0],
        markersize=2, markeredgewidth=0, path_effects=[withStroke(linewidth=1.8, foreground="white")],
    )  # fmt: skip
    sheet.add(line, 9)


def write_names(sheet: Sheet, view: View, names: gpd.GeoDataFrame, room: Room) -> None:
    """Write names to find one's way by, the first ones first."""
    for name, (x, y) in zip(names["name"], view.points(names.geometry), strict=True):
        if text := writable(name, "Italic"):
            wide, up = sheet.width_of(text, NAME, "Italic") + 0.6, NAME * POINT * 1.2
            if box := room.first(
                [(x - wide / 2, y - up / 2, x + wide / 2, y + up / 2), *_round((x, y), (0.4,) * 4, wide, up)]
            ):
                at = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
                sheet.write(text, at, NAME, style="Italic", halo=1, across="center", middle=True, above=30)


def write_site_names(sheet: Sheet, view: View, sites: gpd.GeoDataFrame, room: Room) -> None:
    """Name the centres, if they are few and there is room for all their names: some alone would seem to be chosen."""
    named = sites[sites["symbol"] != "play"]
    texts = [writable(name) for name in named["name"]]
    if len(named) > _NAMED_SITES or any(len(text) > _LONGEST for text in texts):
        return
    then, found = room.copy(), []
    for symbol, text, (x, y) in zip(named["symbol"], texts, view.points(named.geometry), strict=True):
        if not text:
            continue
        left, bottom, right, top = reach(symbol, SITE_MM + 0.6)
        wide, up = sheet.width_of(text, SMALL) + 0.6, SMALL * POINT * 1.2
        box = then.first(_round((x, y), (-left, -bottom, right, top), wide, up))
        if box is None:
            return
        found.append((text, box))
    for text, box in found:
        room.take([box])
        at = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        sheet.write(text, at, SMALL, halo=1, across="center", middle=True, above=30)


def _round(at: tuple[float, float], clear: tuple[float, ...], wide: float, up: float) -> list[Box]:
    """Places for a text round a point: right, left, above, below, then aslant."""
    (x, y), (left, down, right, above) = at, clear
    corners = [
        (right, -up / 2), (-left - wide, -up / 2), (-wide / 2, above), (-wide / 2, -down - up),
        (right * 0.7, above * 0.7), (right * 0.7, -down * 0.7 - up), (-left * 0.7 - wide, above * 0.7),
        (-left * 0.7 - wide, -down * 0.7 - up),
    ]  # fmt: skip
    return [(x + across, y + along, x + across + wide, y + along + up) for across, along in corners]
