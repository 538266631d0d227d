"""Cutting the table of segments: where a street is barred, where a new way begins, and where homes join the streets.

A home, and a site, keep the place on the streets that they have: a barrier moves nobody's front door, and a crossing is
nobody's. So a barrier never shortens a walk and a crossing never lengthens one, to the millimetre.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import great_circle_m, to_wgs84
from geo.network import STREET_CLASSES, Doors, Snaps, WalkNetwork

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

UNIT_MM = 4
"""Streets are cut at multiples of this: whole and even at every factor of `geo.profiles` (1, 1.5, 3), so that the costs
of the two parts add up to the cost of the whole."""


class Spot(NamedTuple):
    """A place on a street: row of the table of segments, and millimetres from the segment's start."""

    row: int
    mm: int


def spot_at(row: int, fraction: float, length_mm: int) -> Spot:
    """The place at a share of a segment's length: a multiple of `UNIT_MM`, or the segment's end if that is nearer."""
    exact = fraction * length_mm
    mm = UNIT_MM * round(exact / UNIT_MM)
    return Spot(row, length_mm if length_mm - exact <= abs(exact - mm) else mm)


def cut_segments(
    segments: gpd.GeoDataFrame, bars: Mapping[Spot, int], links: Sequence[tuple[Spot, Spot]]
) -> tuple[gpd.GeoDataFrame, NDArray[np.int64]]:
    """Cut streets, bar them where they are cut, and lay new ways; the table given is left as it was.

    Parameters
    ----------
    segments
        As `geo.ways.segments_from` makes them.
    bars
        Places that nobody passes, with the bits of ``start_barred`` and ``end_barred``. At a junction everything that
        meets there is barred, as at a gate that is mapped on one.
    links
        Pairs of places between which a straight way is laid, walkable by everyone.

    Returns
    -------
    GeoDataFrame
        A new table. The parts of a street follow each other where it stood; new ways come last.
    NDArray
        Row of ``segments`` that each row is a part of, int64; their number where it is a new way.
    """
    spots = sorted({*bars, *(spot for link in links for spot in link)})
    parts, junction = _at_spots(segments, spots)
    for spot, bits in bars.items():
        for end in ("start", "end"):
            parts.column[f"{end}_barred"][parts.column[end] == junction[spot]] |= np.uint8(bits)
    laid = [link for link in links if junction[link[0]] != junction[link[1]]]
    ways = [shapely.LineString([_point(segments, spot) for spot in link]) for link in laid]
    new = {
        "start": [junction[link[0]] for link in laid],
        "end": [junction[link[1]] for link in laid],
        "length_mm": _millimetres(ways),
        "foot_factor": [1] * len(laid),
        "pram_factor": [1] * len(laid),
        "street_class": [STREET_CLASSES.index("path")] * len(laid),
    }
    table = {
        name: np.concatenate([values, np.asarray(new.get(name, [0] * len(laid)), values.dtype)])
        for name, values in parts.column.items()
    }
    every = np.concatenate([parts.line, np.array(ways, dtype=object)])
    cut = gpd.GeoDataFrame(table, geometry=every, crs=segments.crs)
    return cut[list(segments.columns)], np.concatenate([parts.row, np.full(len(laid), len(segments))])


class Parts(NamedTuple):
    """Streets in parts, in the order of the table of segments; arrays of shape (parts,)."""

    row: NDArray[np.int64]
    """Row of the table of segments that each is a part of."""
    begin: NDArray[np.int64]
    """Where it begins along that segment, millimetres."""
    line: NDArray[np.object_]
    column: dict[str, NDArray[np.generic]]
    """The other columns of the table; nothing is barred at a cut."""


def in_parts(segments: gpd.GeoDataFrame, row: NDArray[np.int64], mm: NDArray[np.int64]) -> Parts:
    """Cut streets at places within them.

    Parameters
    ----------
    segments
        As `geo.ways.segments_from` makes them.
    row, mm
        The places, each once, in order along the rows and along each street: more than 0 and less than its length. Cut
        ``i`` is at junction ``i`` after those there are, and the end of part ``row[i] + i``.
    """
    length = segments["length_mm"].to_numpy(np.int64)
    take = np.repeat(np.arange(len(segments)), np.bincount(row, minlength=len(segments)) + 1)
    before = row + np.arange(len(row))
    begin, end = np.zeros(len(take), np.int64), length[take]
    begin[before + 1], end[before] = mm, mm
    column = {name: segments[name].to_numpy()[take] for name in segments.columns if name != "geometry"}
    column["length_mm"] = (end - begin).astype(column["length_mm"].dtype)
    column["end"][before] = column["start"][before + 1] = _junctions(segments) + np.arange(len(row))
    column["end_barred"][before] = column["start_barred"][before + 1] = 0
    lines = segments.geometry.to_numpy()[take]
    cut = np.unique(row)
    lines[np.isin(take, cut)] = _lines_in_parts(
        segments.geometry.to_numpy()[cut], np.searchsorted(cut, row), mm / length[row]
    )
    return Parts(take, begin, lines, column)


def _junctions(segments: gpd.GeoDataFrame) -> int:
    return int(max(segments["start"].max(), segments["end"].max())) + 1 if len(segments) else 0


def _lines_in_parts(
    lines: NDArray[np.object_], which: NDArray[np.int64], share: NDArray[np.float64]
) -> NDArray[np.object_]:
    """Lines cut at shares of their length, as given in order along each; every line is cut somewhere."""
    corners, line = shapely.get_coordinates(lines, return_index=True)
    step = np.hypot(*np.diff(corners, axis=0, prepend=corners[:1]).T)
    first = np.searchsorted(line, np.arange(len(lines) + 1))
    step[first[:-1]] = 0
    walked = np.cumsum(step)
    start, end = walked[first[:-1]][which], walked[first[1:] - 1][which]
    at = start + share * (end - start)
    after = np.clip(np.searchsorted(walked, at, side="right"), first[which] + 1, first[which + 1] - 1)
    part = np.divide(at - walked[after - 1], step[after], out=np.zeros(len(at)), where=step[after] > 0)
    points = corners[after - 1] + part[:, None] * (corners[after] - corners[after - 1])
    begins = np.zeros(len(corners), np.int64)
    begins[first[:-1]] = 1
    twice = np.repeat(after, 2)
    label = np.cumsum(np.insert(begins, twice, np.tile([0, 1], len(after)))) - 1
    made: NDArray[np.object_] = shapely.linestrings(
        np.insert(corners, twice, np.repeat(points, 2, axis=0), axis=0), indices=label
    )
    return made


def _at_spots(segments: gpd.GeoDataFrame, spots: list[Spot]) -> tuple[Parts, dict[Spot, int]]:
    """Streets cut where a spot lies within one, and the junction at each spot."""
    length = segments["length_mm"].to_numpy(np.int64)
    inner = [spot for spot in spots if 0 < spot.mm < length[spot.row]]
    row, mm = np.array(inner, np.int64).reshape(-1, 2).T
    ends, cuts = (segments["start"].to_numpy(), segments["end"].to_numpy()), set(inner)
    junction = {spot: int(ends[0 if spot.mm == 0 else 1][spot.row]) for spot in spots if spot not in cuts}
    fresh = _junctions(segments)
    return in_parts(segments, row, mm), junction | {spot: fresh + i for i, spot in enumerate(inner)}


def _point(segments: gpd.GeoDataFrame, spot: Spot) -> shapely.Point:
    line, length = segments.geometry.iloc[spot.row], segments["length_mm"].iloc[spot.row]
    return shapely.line_interpolate_point(line, spot.mm / length, normalized=True)


def _millimetres(ways: list[shapely.LineString]) -> NDArray[np.float64]:
    """Great-circle lengths of straight ways, as streets are measured; one millimetre at least."""
    ends = shapely.get_coordinates(ways).reshape(-1, 2, 2)
    lon, lat = to_wgs84(ends[..., 0], ends[..., 1])
    return np.maximum(np.round(great_circle_m(lon[:, 0], lat[:, 0], lon[:, 1], lat[:, 1]) * 1000), 1.0)


@dataclass(frozen=True, eq=False)
class CutNetwork(WalkNetwork):
    """A profile's streets after a cut, to which points and sites are joined where they were before it.

    Build one with `network_after`.
    """

    before: WalkNetwork
    first: NDArray[np.int64]
    """The first part of each segment of ``before``."""
    owner: NDArray[np.int64]
    """The segment of ``before`` that each is a part of; their number for a new way."""
    begin: tuple[NDArray[np.int64], NDArray[np.int64]]
    """Where each part begins along that segment, as level ground and as it is, millimetres."""

    def snap(self, points: NDArray[np.object_]) -> Snaps:
        """Join points to the streets where they were joined before."""
        return self.carried(self.before.snap(points))

    def doors(self, geometries: NDArray[np.object_]) -> Doors:
        """Where sites are entered: where they were before; a stretch that is cut has a door in each part."""
        was = self.before.doors(geometries)
        from_part, to_part = self._part(was.segment, was.low), self._part(was.segment, was.high)
        count = to_part - from_part + 1
        door = np.repeat(np.arange(len(count)), count)
        part = from_part[door] + np.arange(len(door)) - np.repeat(np.cumsum(count) - count, count)
        low, high = (self._along(part, values[door], 0) for values in (was.low, was.high))
        low_length, high_length = (self._along(part, values[door], 1) for values in (was.low_length, was.high_length))
        return Doors(part.astype(np.int32), was.site[door], low, high, low_length, high_length, was.leg[door])

    def carried(self, snaps: Snaps) -> Snaps:
        """Points that are joined to ``before``, on these streets; one at a cut is on the part that leads up to it."""
        on = np.flatnonzero(snaps.segment >= 0)
        part = self._part(snaps.segment[on], snaps.cost[on])
        segment, cost, length = (values.copy() for values in (snaps.segment, snaps.cost, snaps.length))
        segment[on] = part
        cost[on], length[on] = self._along(part, snaps.cost[on], 0), self._along(part, snaps.length[on], 1)
        for values in (segment, cost, length):
            values.flags.writeable = False
        return snaps._replace(segment=segment, cost=cost, length=length)

    def _part(self, segment: NDArray[np.int32], cost: NDArray[np.int32]) -> NDArray[np.int64]:
        keys = (self.owner << 32) + self.begin[0]
        found = np.searchsorted(keys, (segment.astype(np.int64) << 32) + cost, side="left") - 1
        return np.asarray(np.maximum(found, self.first[segment]))

    def _along(self, part: NDArray[np.int64], values: NDArray[np.int32], which: int) -> NDArray[np.int32]:
        """Millimetres along the whole street as millimetres along a part of it."""
        most = (self.cost, self.length)[which][part]
        return np.asarray(np.clip(values - self.begin[which][part], 0, most), np.int32)


def network_after(before: WalkNetwork, cut: gpd.GeoDataFrame, source: NDArray[np.int64]) -> CutNetwork:
    """A profile's network on the table that `cut_segments` made of the table of ``before``."""
    made = WalkNetwork.of(cut, before.profile)
    whole = source[made.row]
    first = np.searchsorted(whole, before.row)
    owner = np.searchsorted(before.row, whole)
    starts = np.searchsorted(whole, whole)  # of each part, the first part of its street
    cost, length = ((np.cumsum(v, dtype=np.int64) - v) for v in (made.cost, made.length))
    return CutNetwork(
        **{field.name: getattr(made, field.name) for field in fields(made)},
        before=before,
        first=first,
        owner=owner,
        begin=(cost - cost[starts], length - length[starts]),
    )
