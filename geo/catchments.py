"""The reach of a site: every stretch of street from which one walks to it within some minutes.

Along a street the walk grows by as much as one goes on, from either end and from every door on it; so the places where
it passes a limit are worked out, not sampled. What is coloured are streets: nothing leaks over a river or a railway.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import paths
from geo.crs import BNG
from geo.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from geo.access import Nearest

BESIDE_M = 30.0
"""How far to either side of a street the land is that one reaches along it."""


class Pieces(NamedTuple):
    """Stretches of segments, in parts of their length from 0 to 1, and the band of minutes that each is in."""

    segment: NDArray[np.int64]
    begin: NDArray[np.float64]
    end: NDArray[np.float64]
    band: NDArray[np.int64]


class _Slopes(NamedTuple):
    """Stretches between two places whose walk is known, in level millimetres; ``flat`` ones are inside a site."""

    segment: NDArray[np.int64]
    begin: NDArray[np.int64]
    long: NDArray[np.int64]
    at_begin: NDArray[np.int64]
    at_end: NDArray[np.int64]
    flat: NDArray[np.bool_]


def limits_of(minutes: Sequence[float]) -> tuple[float, ...]:
    """Limits in rising order, each once.

    Raises
    ------
    RequestError
        There is none, or one is no time for a walk.
    """
    found = tuple(sorted(set(minutes)))
    if not found or not all(0 < one <= 180 for one in found):
        message = "minutes from 1 to 180 are needed, such as 5,10,15"
        raise RequestError(message)
    return found


def reached(state: Nearest, minutes: Sequence[float]) -> Pieces:
    """The stretches from which the walk to the nearest site is within limits.

    Parameters
    ----------
    state
        The nearest site of every junction; of one site alone for its own reach.
    minutes
        The limits, see `limits_of`; band 0 is within the first of them, and so on.
    """
    network = state.network
    limits = np.array([network.cost_of(one) for one in minutes], np.int64)
    slopes = _slopes(state, int(limits[-1]))
    lows = np.concatenate([[-1], limits[:-1]])  # a walk of just a limit is within it
    meet = np.clip((slopes.at_end + slopes.long - slopes.at_begin) / 2, 0, slopes.long)
    parts = []
    for band, (low, high) in enumerate(zip(lows, limits, strict=True)):
        inside = slopes.flat & (slopes.at_begin > low) & (slopes.at_begin <= high)
        zero = np.zeros(len(meet))
        for begin, end, which in (
            (np.maximum(0, low - slopes.at_begin), np.minimum(meet, high - slopes.at_begin), ~slopes.flat),
            (
                np.maximum(meet, slopes.long - (high - slopes.at_end)),
                np.minimum(slopes.long, slopes.long - (low - slopes.at_end)),
                ~slopes.flat,
            ),
            (zero, slopes.long.astype(float), inside),
        ):
            some = np.flatnonzero(which & (end > begin))
            parts.append(
                (slopes.segment[some], slopes.begin[some] + begin[some], slopes.begin[some] + end[some],
                 np.full(len(some), band))
            )  # fmt: skip
    segment, begin, end, in_band = (np.concatenate(one) for one in zip(*parts, strict=True))
    whole = np.maximum(network.cost[segment], 1)
    return Pieces(segment, begin / whole, end / whole, in_band)


def streets_within(state: Nearest, minutes: Sequence[float]) -> gpd.GeoDataFrame:
    """The streets from which the walk to the nearest site is within limits, as lines.

    Returns
    -------
    GeoDataFrame
        Index ``minutes`` (each limit); ``metres`` of street between the limit before it and this one, and their lines,
        British National Grid.
    """
    pieces, network = reached(state, minutes), state.network
    lines = network.lines[pieces.segment]
    cut = np.flatnonzero((pieces.begin > 0) | (pieces.end < 1))
    lines[cut] = _stretches(lines[cut], pieces.begin[cut], pieces.end[cut])
    length = network.length[pieces.segment] / 1000 * (pieces.end - pieces.begin)
    bands = range(len(minutes))
    return gpd.GeoDataFrame(
        {"metres": [length[pieces.band == band].sum() for band in bands]},
        geometry=[_together(lines[pieces.band == band]) for band in bands],
        crs=BNG,
        index=pd.Index(minutes, name="minutes"),
    )


def land_within(streets: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """The land beside the streets within each limit, all that are nearer included: `BESIDE_M` to either side."""
    land, found = shapely.Polygon(), []
    for lines in streets.geometry:
        land = shapely.union(land, shapely.union_all(shapely.buffer(shapely.get_parts(lines), BESIDE_M)))
        found.append(land)
    return gpd.GeoSeries(found, index=streets.index, crs=BNG)


def _together(lines: NDArray[np.object_]) -> shapely.MultiLineString:
    return shapely.multilinestrings(lines)


def _stretches(lines: NDArray[np.object_], begin: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.object_]:
    """Parts of lines, from and to parts of their length; as `shapely.ops.substring` cuts one, but all at once."""
    corners, whose = shapely.get_coordinates(lines, return_index=True)
    step = np.hypot(*np.diff(corners, axis=0, prepend=corners[:1]).T)
    along = np.cumsum(step)
    first = np.searchsorted(whose, np.arange(len(lines)))
    along = (along - along[first][whose]) / np.maximum(shapely.length(lines), 1e-9)[whose]
    between = (along > begin[whose]) & (along < end[whose])
    ends = [shapely.get_coordinates(shapely.line_interpolate_point(lines, at, normalized=True)) for at in (begin, end)]
    own = np.arange(len(lines))
    points = np.concatenate([ends[0], corners[between], ends[1]])
    line = np.concatenate([own, whose[between], own])
    order = np.lexsort([np.concatenate([begin, along[between], end]), line])
    return np.asarray(shapely.linestrings(points[order], indices=line[order]), dtype=object)


def _slopes(state: Nearest, most: int) -> _Slopes:
    """Streets between their ends, those with doors cut at these; what is beyond the last limit is left out."""
    network, labels, doors = state.network, state.labels, state.doors
    at_start = np.where(network.start_open, labels.cost[network.start], paths.FAR).astype(np.int64)
    at_end = np.where(network.end_open, labels.cost[network.end], paths.FAR).astype(np.int64)
    with_door = np.zeros(len(network.start), np.bool_)
    with_door[doors.segment] = True
    plain = np.flatnonzero(~with_door & (np.minimum(at_start, at_end) <= most))
    none = np.zeros(len(plain), np.int64)
    rows: list[tuple[NDArray[Any], ...]] = [
        (plain, none, network.cost[plain].astype(np.int64), at_start[plain], at_end[plain], none.astype(np.bool_))
    ]
    for segment in np.unique(doors.segment):
        here = doors.segment == segment
        whole = int(network.cost[segment])
        sources = [(0, 0, int(at_start[segment])), (whole, whole, int(at_end[segment]))]
        sources += [
            (int(low), int(high), int(leg))
            for low, high, leg in zip(doors.low[here], doors.high[here], doors.leg[here], strict=True)
        ]
        rows.append(_cut(int(segment), sources))
    return _Slopes(*(np.concatenate(one) for one in zip(*rows, strict=True)))


def _cut(segment: int, sources: Iterable[tuple[int, int, int]]) -> tuple[NDArray[Any], ...]:
    """One street, cut where something on it leads to a site: from, to and the walk from there."""
    sources = list(sources)
    places = sorted({place for low, high, _ in sources for place in (low, high)})

    def walk(place: int) -> int:
        return min(cost + max(low - place, place - high, 0) for low, high, cost in sources)

    pairs = list(pairwise(places))
    flat = [
        any(low <= begin and end <= high and cost <= min(walk(begin), walk(end)) for low, high, cost in sources)
        for begin, end in pairs
    ]
    columns = [
        [segment] * len(pairs), [begin for begin, _ in pairs], [end - begin for begin, end in pairs],
        [walk(begin) for begin, _ in pairs], [walk(end) for _, end in pairs],
    ]  # fmt: skip
    return *(np.array(one, np.int64) for one in columns), np.array(flat, np.bool_)
