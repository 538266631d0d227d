"""Where ranks and names stand on a printed map, so that none covers another or a site, and little that is coloured."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from PIL import Image, ImageDraw

from layers.reports.writers.print_map.sheet import INK, POINT, SMALL, Box, Room, Sheet, Style, View, sides, writable
from layers.reports.writers.print_map.symbols import NAVY, SITE_MM, reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

LABEL = 7.0
"""Size of a rank, points."""


class Lettering(NamedTuple):
    """How names of a kind are written, and how many."""

    size: float
    """Points."""
    style: Style
    most: int
    apart: float
    """Millimetres that are left free around them."""
    beside: tuple[float, ...]
    """How far from their place they may stand, millimetres."""


NAMES: dict[str, Lettering] = {
    "city": Lettering(9.0, "Bold", 10, 0.3, (0.8, 2.4, 4.2, 6.5)),
    "town": Lettering(8.0, "Bold", 30, 0.3, (0.8, 2.4, 4.2, 6.5)),
    "village": Lettering(7.0, "Regular", 30, 0.9, (0.8, 2.0)),
    "suburb": Lettering(7.0, "Italic", 24, 0.9, (0.8, 2.0)),
    "hamlet": Lettering(SMALL, "Italic", 16, 0.9, (0.8,)),
    "street": Lettering(SMALL, "Regular", 14, 0.5, ()),
}
LARGE = ("city", "town")
"""Places whose names come before those of sites."""

_MOVED = 30  # labels that may stand beside their area, the first ones; more would be a thicket
_NAMED_SITES = 12
_LONGEST = 40  # characters of a site's name
_BENT = 1.5  # of its fairly straight part: so long may the name of a street be
_SAID_AGAIN = 60  # mm from one name of a street to the next
_FINE = 2  # dots to the millimetre of what is coloured
_NEAR = 0.08  # share of a name on what is coloured that a millimetre nearer to its place is worth


def write_labels(sheet: Sheet, view: View, areas: gpd.GeoDataFrame, room: Room) -> set[str]:
    """Write each area's label on it, the lowest rank first; the first ones beside it, with a line, if that is taken.

    Returns
    -------
    set of str
        The labels for which there was room.
    """
    ranked = sorted(
        zip(areas["label"].astype(str), _largest(view, areas), strict=True),
        key=lambda pair: int(pair[0]) if pair[0].isdecimal() else math.inf,
    )
    written = set()
    half_up = LABEL * POINT / 2
    for place, (label, largest) in enumerate(ranked):
        half = sheet.width_of(label, LABEL, "Bold") / 2 + 0.3
        middle = _middle(largest)
        for (x, y), beside in _places(middle, largest, moved=place < _MOVED):
            taken: Box = (x - half, y - half_up, x + half, y + half_up)
            if not room.free(taken):
                continue
            room.take([taken])
            if beside:
                _leader(sheet, room, middle, (x, y))
            sheet.write(label, (x, y), LABEL, style="Bold", halo=1.1, across="center", middle=True, above=32)
            written.add(label)
            break
    return written


def middles(view: View, areas: gpd.GeoDataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where each area's label stands at best, and the side of a square as large as its largest part; millimetres."""
    largest = _largest(view, areas)
    return np.array([_middle(shape) for shape in largest]).reshape(-1, 2), np.sqrt(shapely.area(largest))


def _largest(view: View, areas: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """The largest part of each area, millimetres."""
    parts, whose = shapely.get_parts(view.on_paper(areas.geometry.to_numpy()), return_index=True)
    order = np.lexsort((shapely.area(parts), whose))
    return np.asarray(parts[order[np.append(np.diff(whose[order]) > 0, True)[: len(order)]]])


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


def _leader(sheet: Sheet, room: Room, start: tuple[float, float], end: tuple[float, float]) -> None:
    room.take((x - 0.2, y - 0.2, x + 0.2, y + 0.2) for x, y in np.linspace(start, end, 20).tolist())
    line = Line2D(
        *zip(start, end, strict=True), linewidth=0.6, color=INK, transform=sheet.mm, marker="o", markevery=[0],
        markersize=2, markeredgewidth=0, path_effects=[withStroke(linewidth=1.8, foreground="white")],
    )  # fmt: skip
    sheet.add(line, 9)


class Cover:
    """How much of a box on the paper is coloured, told from a coarse picture of it.

    Parameters
    ----------
    frame
        Outside it nothing is.
    shapes
        Polygons, millimetres.
    """

    def __init__(self, frame: Box, shapes: NDArray[np.object_]) -> None:
        self.corner = np.array(frame[:2])
        wide, high = (math.ceil(side * _FINE) + 1 for side in sides(frame))
        picture = Image.new("1", (wide, high))
        pen = ImageDraw.Draw(picture)
        parts = shapely.get_parts(shapes)
        seen = shapely.get_exterior_ring(parts[shapely.intersects(parts, shapely.box(*frame))])
        points, ring = shapely.get_coordinates(seen, return_index=True)
        for corners in np.split((points - self.corner) * _FINE, np.flatnonzero(np.diff(ring)) + 1):
            if len(corners):
                pen.polygon(corners.ravel().tolist(), fill=1)
        self.sums = np.pad(np.asarray(picture, dtype=np.int64), ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)

    def shares(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of boxes within the frame (left, bottom, right, top; one a row), from 0 to 1."""
        corners = np.rint((boxes.reshape(-1, 2, 2) - self.corner) * _FINE).astype(int).reshape(-1, 4)
        left, bottom, right, top = np.maximum(corners, 0).T
        found = self.sums[top, right] - self.sums[bottom, right] - self.sums[top, left] + self.sums[bottom, left]
        return np.asarray(found / np.maximum(1, (right - left) * (top - bottom)))


def write_names(sheet: Sheet, view: View, names: gpd.GeoDataFrame, room: Room, cover: Cover) -> None:
    """Write names to find one's way by, the first ones first; rather beside what is coloured than on it.

    Parameters
    ----------
    sheet, view
        The paper, and where the ground is on it.
    names
        As in `layers.reports.report_map.ReportMap`.
    room
        What is taken already.
    cover
        What is coloured.
    """
    count: Counter[str] = Counter()
    streets: dict[str, list[tuple[float, float]]] = {}
    columns = (names["name"], names["kind"], names["angle"], names["room_m"] * view.scale, view.points(names.geometry))
    for name, kind, angle, long, (x, y) in zip(*columns, strict=True):
        how = NAMES[kind]
        text = writable(name, how.style)
        if not text or count[kind] >= how.most:
            continue
        wide, up = sheet.width_of(text, how.size, how.style) + 0.6, how.size * POINT * 1.2
        if kind == "street":
            said = streets.setdefault(text, [])
            if wide > _BENT * long or any(math.dist((x, y), other) < _SAID_AGAIN for other in said):
                continue
            at = _along((x, y), angle, wide, up, room)
            said += [at] if at else []
        else:
            at = _beside((x, y), wide, up, how, room, cover)
        if at:
            count[kind] += 1
            sheet.write(text, at, how.size, style=how.style, halo=1, across="center", middle=True, above=30, turn=angle)


def _along(at: tuple[float, float], angle: float, wide: float, up: float, room: Room) -> tuple[float, float] | None:
    """Where a name along a street stands: at its place, if squares along it are free."""
    turn, half = math.radians(angle), up * 0.55
    steps = np.linspace(-1, 1, max(2, math.ceil(wide / up))) * (wide - up) / 2
    squares: list[Box] = [
        (x - half, y - half, x + half, y + half)
        for x, y in zip(at[0] + steps * math.cos(turn), at[1] + steps * math.sin(turn), strict=True)
    ]
    if not all(room.free(square) for square in squares):
        return None
    room.take(squares)
    return at


def _beside(
    at: tuple[float, float], wide: float, up: float, how: Lettering, room: Room, cover: Cover
) -> tuple[float, float] | None:
    """The middle of the best box for a name at or round a place: on little that is coloured, and near."""
    x, y = at
    tried = [(0.0, (x - wide / 2, y - up / 2, x + wide / 2, y + up / 2))]
    tried += [(far * _NEAR, box) for far in how.beside for box in _round(at, (far,) * 4, wide, up)]
    pad = np.array([-1, -1, 1, 1]) * how.apart
    free = [(cost, box) for cost, box in tried if room.free(tuple((pad + box).tolist()))]
    if not free:
        return None
    costs = np.array([cost for cost, _ in free]) + cover.shares(np.array([box for _, box in free]))
    box = free[int(costs.argmin())][1]
    room.take([box])
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


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
        sheet.write(text, at, SMALL, colour=NAVY, halo=1, across="center", middle=True, above=30)


def _round(at: tuple[float, float], clear: tuple[float, ...], wide: float, up: float) -> list[Box]:
    """Places for a text round a point: right, left, above, below, then aslant."""
    (x, y), (left, down, right, above) = at, clear
    corners = [
        (right, -up / 2), (-left - wide, -up / 2), (-wide / 2, above), (-wide / 2, -down - up),
        (right * 0.7, above * 0.7), (right * 0.7, -down * 0.7 - up), (-left * 0.7 - wide, above * 0.7),
        (-left * 0.7 - wide, -down * 0.7 - up),
    ]  # fmt: skip
    return [(x + across, y + along, x + across + wide, y + along + up) for across, along in corners]
