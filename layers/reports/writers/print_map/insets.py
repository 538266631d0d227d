"""Insets of a printed map: the towns whose ranked areas would be specks, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from layers.reports.writers.print_map.labelling import LARGE, middles
from layers.reports.writers.print_map.sheet import Box, Room, View, sides

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from layers.reports.writers.print_map.labelling import Cover

SPECK_MM = 3.0
"""An area is a speck if a square as large as its largest part is smaller than this."""

CLEAR_MM = 5.5
"""How large it is in an inset, if the middle one of the specks is."""

MOST = 2
FEWEST = 2
"""How many insets there are at most, and how many specks each shows at least."""

_ENLARGED = (2.5, 5.0)  # at least, at most
_SIZES: tuple[tuple[float, float], ...] = ((42, 36), (38, 32), (34, 29), (30, 26))  # mm, the best first
_OFF = 1.5  # mm: from the frame of the map, and from whatever else there is
_STEP = 1.5  # mm
_INSIDE = 0.09  # of a window: how far from its edge the middle of an area is at least


@dataclass(frozen=True)
class Inset:
    """A town enlarged: its name, its view, and where its part of the ground is on the map, millimetres."""

    name: str
    view: View
    window: Box


def insets_of(view: View, about: gpd.GeoDataFrame, names: gpd.GeoDataFrame, room: Room, cover: Cover) -> list[Inset]:
    """The insets of a map, as large as there is room for; none where ranked areas are large enough.

    Parameters
    ----------
    view
        Where the ground is on the paper.
    about
        The areas that the map is about, as in `layers.reports.report_map.ReportMap`.
    names
        Those of the map: an inset is called after a town.
    room, cover
        What is taken already, and what is coloured: insets hide neither.
    """
    ranked, across = middles(view, about[(about["label"] != "").to_numpy()])
    small = np.asarray(across < SPECK_MM)
    towns = names[names["kind"].isin(LARGE).to_numpy()]
    if small.sum() < FEWEST or towns.empty:
        return []
    enlarged = float(np.clip(CLEAR_MM / np.median(across[small]), *_ENLARGED))
    called = list(zip(towns["name"].astype(str), view.points(towns.geometry).tolist(), strict=True))
    best: list[Inset] = []
    for size in _SIZES:
        windows = _windows(ranked, small, (size[0] / enlarged, size[1] / enlarged), called)
        found = _stand(view, windows, size, enlarged, room, cover)
        if len(found) > len(best):
            best = found
        if len(best) == MOST:
            break
    return best


def _windows(
    ranked: NDArray[np.float64],
    small: NDArray[np.bool_],
    size: tuple[float, float],
    towns: list[tuple[str, list[float]]],
) -> list[tuple[str, Box]]:
    """The parts of the map that hold most ranked areas, some of them small, none over another; each with a town's name.

    The best comes first. Places are in millimetres.
    """
    windows = list[tuple[str, Box]]()
    left, room = np.full(len(ranked), fill_value=True), np.array(size) * (1 - 2 * _INSIDE)
    # Every area may be the leftmost and every one the lowest of a window.
    low = np.array([(x, y) for x in ranked[:, 0] for y in ranked[:, 1]])[:, None]
    held = np.all(np.logical_and(ranked >= low, ranked <= low + room), axis=2)
    while len(windows) < MOST:
        still = held & left
        still = still[(still & small).sum(axis=1) >= FEWEST]
        for those in still[np.argsort(-still.sum(axis=1), kind="stable")]:
            middle = (ranked[those].min(axis=0) + ranked[those].max(axis=0)) / 2
            window = (*(middle - np.array(size) / 2).tolist(), *(middle + np.array(size) / 2).tolist())
            name = _name(towns, window)
            if name and not any(name == other or _meet(window, box) for other, box in windows):
                windows.append((name, window))
                left &= ~those
                break
        else:
            break
    return windows


def _name(towns: list[tuple[str, list[float]]], window: Box) -> str:
    """The first town within a window; nothing if none is."""
    inside = (name for name, (x, y) in towns if window[0] < x < window[2] and window[1] < y < window[3])
    return next(inside, "")


def _stand(
    view: View, windows: list[tuple[str, Box]], size: tuple[float, float], enlarged: float, room: Room, cover: Cover
) -> list[Inset]:
    """An inset of each window for which there is room, as near to a corner of the map as can be."""
    then, found = room.copy(), list[Inset]()
    then.take(_wider(window, _OFF) for _, window in windows)
    boxes = _boxes(view.frame, size)
    bare: list[Box] = [tuple(box) for box in boxes[cover.shares(boxes) == 0].tolist()]
    for name, window in windows:
        box = next((box for box in bare if then.free(box)), None)
        if box is None:
            continue
        then.take([_wider(box, _OFF)])
        found.append(Inset(name, view.enlarged(window, box, enlarged), window))
    return found


def _boxes(frame: Box, size: tuple[float, float]) -> NDArray[np.float64]:
    """Where a box of a size may stand within a frame, from the corners inwards: left, bottom, right, top; one a row."""
    room = np.array(sides(frame)) - size - 2 * _OFF
    if (room < 0).any():
        return np.empty((0, 4))
    across, up = (np.linspace(0, side, int(side // _STEP) + 2) for side in room)
    x, y = (grid.ravel() for grid in np.meshgrid(across, up))
    nearest = np.argsort(np.hypot(np.minimum(x, room[0] - x), np.minimum(y, room[1] - y)), kind="stable")
    low = np.column_stack([x, y])[nearest] + frame[:2] + _OFF
    return np.hstack([low, low + size])


def _wider(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
