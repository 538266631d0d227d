"""What surrounds a printed map: the legend beside or below it, scale, north and credits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.transforms import Affine2D

from layers.maps.need_and_walk import luminance
from layers.reports.report_map import SYMBOL_WORDS, Hatch, LegendEntry, Symbol
from layers.reports.writers.print_map.sheet import INK, POINT, SMALL, Box, Look, Room, Sheet, View, line_height, sides
from layers.reports.writers.print_map.symbols import SITE_MM, strokes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.reports.report_map import ReportMap

TEXT, HEADING = 7.5, 8.5
"""Sizes of writing, points."""

PATTERNS: dict[Hatch, str] = {
    "": "", "dots": "...", "lines": "///", "back": r"\\", "cross": "xxx", "dense": "xxxxxx", "gone": "---",
}  # fmt: skip
"""What matplotlib calls the patterns."""

PATTERN_WIDTH = 0.4
"""Of the lines of a pattern, points."""

_GAP, _KEY, _BAR, _FURNITURE = 3.0, 8.5, 30.0, (46.0, 13.0)  # mm; the key is the column of swatches
_INSET_BAR = 10.0  # mm, at most
_EDGE = 0.3  # mm, so that no line is half off the paper
_SWATCH_EDGE, _PALE_EDGE = "#5c5c5c", "#b5bda6"


Keys = Sequence[tuple[Look, str]]
"""What of the ground is seen: how it looks, and what it is called."""

_KEY_LINE, _KEY_WIDE, _KEY_APART = 3.9, 5.2, 4.5  # mm


class ScaleBar(NamedTuple):
    """A round length: metres on the ground, and how long that is on the paper."""

    metres: float
    length: float

    def said(self, part: float = 1) -> str:
        """A part of it in words; the unit stands at the end of the bar only."""
        far = self.metres >= 1000
        number = f"{self.metres * part / (1000 if far else 1):g}"
        return number if part < 1 else f"{number} {'km' if far else 'm'}"


def scale_bar(metres: float, room: float) -> ScaleBar:
    """The longest bar of 1, 2 or 5 times a power of ten metres that there is room for.

    Parameters
    ----------
    metres
        On the ground (British National Grid), for one unit on the paper: a millimetre, or a pixel.
    room
        How long the bar may be, in that unit.
    """
    most = metres * room * (1 + 1e-9)
    power = 10.0 ** math.floor(math.log10(most))
    length = max(step * power for step in (1, 2, 5) if step * power <= most)
    return ScaleBar(length, length / metres)


class Entry(NamedTuple):
    """A line of the legend."""

    what: LegendEntry | Symbol
    lines: list[str]

    @property
    def height(self) -> float:
        """Millimetres."""
        return max(len(self.lines) * line_height(TEXT), 3.6) + 1.2


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where everything is on the paper, millimetres: the map, the legend, and scale and arrow from left to right."""

    frame: Box
    heading: list[str]
    corner: tuple[float, float]
    """The upper left one of the legend."""
    columns: list[list[Entry]]
    column_width: float
    furniture: tuple[float, float, float]
    """Left, bottom and right of scale and arrow."""
    keys: list[list[tuple[Look, str]]]
    """What of the ground is seen, in lines below the map."""


def layouts(sheet: Sheet, plan: ReportMap, symbols: tuple[Symbol, ...], keys: Keys, foot: float) -> list[Layout]:
    """The legend beside the map, if it fits there, and below it.

    Parameters
    ----------
    sheet
        The paper.
    plan
        What is on the map.
    symbols, keys
        Those that occur.
    foot
        How much of the paper the credits take, millimetres.
    """
    words: list[tuple[LegendEntry | Symbol, str]] = [(entry, entry.label) for entry in plan.legend]
    words += [(symbol, SYMBOL_WORDS[symbol][:1].upper() + SYMBOL_WORDS[symbol][1:]) for symbol in symbols]
    widest = max([sheet.width_of(text, TEXT) for _, text in words], default=0) + _KEY + 0.5
    fitting = (
        _beside(sheet, plan.title, words, widest, keys, foot), _below(sheet, plan.title, words, widest, keys, foot),
    )  # fmt: skip
    return [layout for layout in fitting if layout]


def _beside(
    sheet: Sheet, title: str, words: list[tuple[LegendEntry | Symbol, str]], widest: float, keys: Keys, foot: float
) -> Layout | None:
    width = min(max(widest, _FURNITURE[0]), 0.36 * sheet.width)
    heading = sheet.wrapped(title, width, HEADING, "Bold")
    listed = [Entry(what, sheet.wrapped(text, width - _KEY, TEXT)) for what, text in words]
    left, top = sheet.width - width, sheet.height - _EDGE
    needed = _heading_height(heading) + sum(entry.height for entry in listed) + _FURNITURE[1] + _GAP
    if needed > top - foot:
        return None
    rows = _key_rows(sheet, keys, left - _GAP)
    return Layout(
        frame=(_EDGE, foot + len(rows) * _KEY_LINE, left - _GAP, top), heading=heading, corner=(left, top),
        columns=[listed], column_width=width, furniture=(left, foot, sheet.width), keys=rows,
    )  # fmt: skip


def _below(
    sheet: Sheet, title: str, words: list[tuple[LegendEntry | Symbol, str]], widest: float, keys: Keys, foot: float
) -> Layout:
    right = sheet.width - _FURNITURE[0]
    room = right - _GAP
    count = max(1, min(len(words), int((room + _GAP) // (min(widest, room) + _GAP))))
    width = (room - (count - 1) * _GAP) / count
    heading = sheet.wrapped(title, room, HEADING, "Bold")
    listed = [Entry(what, sheet.wrapped(text, width - _KEY, TEXT)) for what, text in words]
    each = math.ceil(len(listed) / count) or 1
    columns = [listed[at : at + each] for at in range(0, len(listed), each)]
    tallest = max((sum(entry.height for entry in column) for column in columns), default=0)
    top = foot + max(_heading_height(heading) + tallest, _FURNITURE[1])
    rows = _key_rows(sheet, keys, sheet.width)
    return Layout(
        frame=(_EDGE, top + _GAP + len(rows) * _KEY_LINE, sheet.width - _EDGE, sheet.height - _EDGE),
        heading=heading, corner=(_EDGE, top), columns=columns, column_width=width + _GAP,
        furniture=(right, top - _FURNITURE[1], sheet.width), keys=rows,
    )  # fmt: skip


def _key_rows(sheet: Sheet, keys: Keys, room: float) -> list[list[tuple[Look, str]]]:
    """The ground's entries in lines that fit into a width in millimetres."""
    rows: list[list[tuple[Look, str]]] = []
    used = room
    for look, words in keys:
        wide = _key_width(sheet, words)
        if used + wide - _KEY_APART > room:
            rows.append([])
            used = 0
        rows[-1].append((look, words))
        used += wide
    return rows


def _key_width(sheet: Sheet, words: str) -> float:
    return _KEY_WIDE + 1 + sheet.width_of(words, SMALL) + _KEY_APART


def _heading_height(heading: list[str]) -> float:
    return len(heading) * line_height(HEADING) + 1.5


def pattern(fill: str, hatch: Hatch) -> dict[str, object]:
    """How a class is hatched: lighter lines on dark colours, darker ones on light; neither glaring."""
    ink, share = ((255, 255, 255), 0.75) if luminance(fill) < 0.16 else ((30, 30, 30), 0.7)
    colour = [int(fill[at : at + 2], 16) for at in (1, 3, 5)]
    mixed = (round(share * strong + (1 - share) * part) for strong, part in zip(ink, colour, strict=True))
    return {"hatch": PATTERNS[hatch], "hatchcolor": "#" + "".join(f"{part:02x}" for part in mixed)}


def box(sheet: Sheet, at: Box, *, fill: str, edge: str, width: float) -> Rectangle:
    """A rectangle on the paper."""
    return Rectangle(
        at[:2], *sides(at), facecolor=fill, edgecolor=edge, linewidth=width, transform=sheet.mm, fill=fill != "none"
    )


def draw_symbols(
    sheet: Sheet, symbol: Symbol, at: NDArray[np.float64], above: float, *, width: float = SITE_MM
) -> None:
    """Draw a symbol at places in millimetres, each with all its parts before the next."""
    parts = strokes(symbol, width / POINT)
    sheet.add(
        PathCollection(
            [part.outline for part in parts], offsets=np.repeat(at, len(parts), axis=0), offset_transform=sheet.mm,
            facecolors=[part.fill for part in parts], edgecolors=[part.line for part in parts],
            linewidths=[part.width for part in parts], transform=Affine2D().scale(sheet.dpi / 72), joinstyle="round",
            capstyle="round",
        ),
        above,
    )  # fmt: skip


def draw_legend(sheet: Sheet, layout: Layout) -> None:
    """Draw the legend: what the map shows, its classes, the symbols that occur."""
    left, top = layout.corner
    for place, line in enumerate(layout.heading):
        sheet.write(line, (left, top - (place + 0.5) * line_height(HEADING)), HEADING, style="Bold", middle=True)
    for column in layout.columns:
        at = top - _heading_height(layout.heading)
        for entry in column:
            middle = at - entry.height / 2
            if isinstance(entry.what, LegendEntry):
                where = (left, middle - 1.8, left + 6.2, middle + 1.8)
                swatch = box(sheet, where, fill=entry.what.fill, edge=_SWATCH_EDGE, width=0.5)
                swatch.set(**pattern(entry.what.fill, entry.what.hatch))
                swatch.set_hatch_linewidth(PATTERN_WIDTH)
                sheet.add(swatch, 45)
            else:
                drop = 1.3 if entry.what == "proposed" else 0  # the pin's place is its tip
                draw_symbols(sheet, entry.what, np.array([[left + 3.1, middle - drop]]), 45)
            for place, line in enumerate(entry.lines):
                lift = ((len(entry.lines) - 1) / 2 - place) * line_height(TEXT)
                sheet.write(line, (left + _KEY - 0.5, middle + lift), TEXT, middle=True)
            at -= entry.height
        left += layout.column_width


def draw_keys(sheet: Sheet, layout: Layout) -> None:
    """Draw below the map what the ground's colours and lines are."""
    middle = layout.frame[1] - _KEY_LINE / 2 - 0.4
    for row in layout.keys:
        left = _EDGE
        for look, words in row:
            if look.fill == "none":
                sheet.add(
                    Line2D(
                        [left, left + _KEY_WIDE], [middle] * 2, color=look.line, linewidth=look.width,
                        linestyle=look.dash or "solid", transform=sheet.mm,
                    ),
                    45,
                )  # fmt: skip
            else:
                at = (left, middle - 1.1, left + _KEY_WIDE, middle + 1.1)
                edge = _PALE_EDGE if look.line == "none" else look.line
                sheet.add(box(sheet, at, fill=look.fill, edge=edge, width=0.4), 45)
            sheet.write(words, (left + _KEY_WIDE + 1, middle), SMALL, middle=True)
            left += _key_width(sheet, words)
        middle -= _KEY_LINE


def draw_scale_and_north(sheet: Sheet, view: View, furniture: tuple[float, float, float]) -> None:
    """Draw the scale bar and the arrow to grid north; on British National Grid both hold everywhere on the map."""
    left, bottom, right = furniture
    bar = scale_bar(1 / view.scale, min(_BAR, right - left - 16))
    left, base = left + _EDGE, bottom + 1
    for place, fill in enumerate((INK, "#ffffff")):
        start = left + place * bar.length / 2
        half = box(sheet, (start, base, start + bar.length / 2, base + 1.2), fill=fill, edge=INK, width=0.5)
        half.set_gid(f"scale-{place}")
        sheet.add(half, 45)
    sheet.write("0", (left, base + 2.1), SMALL)
    sheet.write(bar.said(0.5), (left + bar.length / 2, base + 2.1), SMALL, across="center")
    sheet.write(bar.said(), (left + bar.length - 1.1, base + 2.1), SMALL)
    x, y = right - 6.5, bottom + 2.9
    arrow = Polygon([(x, y + 6.2), (x - 1.6, y), (x, y + 1.3), (x + 1.6, y)], facecolor=INK, transform=sheet.mm)
    arrow.set_gid("north")
    sheet.add(arrow, 45)
    sheet.write("N", (x, y + 7), TEXT, style="Bold", across="center")
    sheet.write("grid north", (x, bottom + 0.4), SMALL, across="center")


def draw_window(sheet: Sheet, window: Box, room: Room) -> None:
    """Draw on the map which part of it an inset shows; what is written there is on the inset."""
    for edge, width, above in (("#ffffff", 2.0, 8.0), (INK, 0.7, 8.1)):
        sheet.add(box(sheet, window, fill="none", edge=edge, width=width), above)
    room.take([window])


def draw_inset_furniture(sheet: Sheet, view: View, name: str, room: Room) -> None:
    """Write an inset's name and scale into corners where no site is, each as far as there is room."""
    bar = scale_bar(1 / view.scale, _INSET_BAR)
    wide = sheet.width_of(name, TEXT, "Bold") + 2.4
    at = room.first(_corners(view.frame, wide, 4.4)) or _corners(view.frame, wide, 4.4)[0]
    sheet.add(box(sheet, at, fill="#ffffff", edge="none", width=0), 38)
    sheet.write(name, (at[0] + 1.2, (at[1] + at[3]) / 2), TEXT, style="Bold", middle=True)
    wide = bar.length + sheet.width_of(bar.said(), SMALL) + 3.2
    if below := room.first(_corners(view.frame, wide, 3.4)[::-1]):
        sheet.add(box(sheet, below, fill="#ffffff", edge="none", width=0), 38)
        left, middle = below[0] + 1.1, (below[1] + below[3]) / 2
        line = box(sheet, (left, middle - 0.6, left + bar.length, middle + 0.6), fill=INK, edge=INK, width=0.5)
        line.set_gid("inset-scale")
        sheet.add(line, 45)
        sheet.write(bar.said(), (left + bar.length + 0.9, middle), SMALL, middle=True)


def _corners(frame: Box, wide: float, high: float) -> list[Box]:
    """A box in each corner of a frame: above to the left and right, below to the right and left."""
    left, bottom, right, top = frame
    return [
        (x, y, x + wide, y + high)
        for x, y in ((left, top - high), (right - wide, top - high), (right - wide, bottom), (left, bottom))
    ]


def draw_credits(sheet: Sheet, credit: str) -> float:
    """Write whose data it is at the bottom; return how much of the paper that takes, millimetres."""
    lines = sheet.wrapped(credit, sheet.width - 1, SMALL) if credit.strip() else []
    for place, line in enumerate(reversed(lines)):
        sheet.write(line, (_EDGE, 0.8 + place * line_height(SMALL)), SMALL, colour="#444444")
    return len(lines) * line_height(SMALL) + 1.8 if lines else _EDGE
