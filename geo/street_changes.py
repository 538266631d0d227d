"""What a barrier or a missing crossing does to the streets: where it bars them, and what it joins.

All changes find their place on the streets as they are today, so their order does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo import paths
from geo.barriers import barriers
from geo.changes import AddCrossing, BlockWay, MendWay
from geo.mending import Mend, mended_network, mended_segments
from geo.network import WalkNetwork
from geo.profiles import ADULT
from geo.segment_cuts import Spot, cut_segments, network_after, spot_at

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.barriers import Barrier
    from geo.changes import WayChange
    from geo.segment_cuts import CutNetwork

REACH_M = 30.0
"""How far a mark may be from the street it speaks of."""

ALONG_M = 5.0
"""A point this near to a street is on it; a line this near to a street runs along it."""

JOINED_M, JOINED_TIMES = 60.0, 2.0
"""Two streets are joined already if the walk between them is no longer than this, or than so many times the gap."""


@dataclass(frozen=True, eq=False)
class Altered:
    """A table of segments after changes to the streets."""

    segments: gpd.GeoDataFrame
    source: NDArray[np.int64]
    """Row of the table before that each row is a part of, int64; their number for a new way."""
    odd: tuple[str, ...]
    """What is odd about the changes, in sentences."""
    before: gpd.GeoDataFrame
    """The table before the changes."""
    mend: Mend
    """What they put right, by its rows and junctions."""

    def network(self, before: WalkNetwork) -> CutNetwork:
        """A profile's network after the changes, from its network before them."""
        mended = mended_network(before, self.before, self.mend) if self.mend != Mend() else before
        return network_after(mended, self.segments, self.source)


def altered(segments: gpd.GeoDataFrame, changes: tuple[WayChange, ...]) -> Altered:
    """Make changes to the streets; the table given is left as it was.

    A barrier at a point cuts the nearest street within `REACH_M` at the foot of the perpendicular, and nobody whom it
    stops passes there. An area closes every stretch of street inside it, and a line either the stretches that it runs
    along, within `ALONG_M`, or, where they are less than half of it, every street that it crosses. A closed stretch is
    cut in its middle: one can walk into it from either end, as up to a gate, and out of it, but not through. A line or
    an area that touches no street bars the nearest within `REACH_M`.

    A crossing at a point on a street joins it to the nearest street on either side, elsewhere the nearest street to the
    nearest on the other side of the point, within `REACH_M` of it, unless they are joined already, see `JOINED_M`. One
    that is a line joins the streets nearest to its two ends. What is joined is joined by a straight way.

    Barriers and crossings look for streets that homes may join; see `geo.network.PART_LIMIT_M`. What is mended is the
    thing in a pram's way that is nearest within `REACH_M`; a barrier at the same place still bars it.

    Parameters
    ----------
    segments
        As `geo.ways.segments_from` makes them.
    changes
        Their order does not matter.
    """
    streets = WalkNetwork.of(segments, ADULT)  # nobody else may walk where an adult may not
    bars: dict[Spot, int] = {}
    links: dict[tuple[Spot, Spot], None] = {}
    odd = []
    mend, standing = Mend(), barriers(segments) if any(isinstance(one, MendWay) for one in changes) else []
    for change in changes:
        match change:
            case MendWay():
                near = _standing(standing, change.geometry)
                mend = mend.and_also(near or Mend())
                odd.append(None if near else f"{change.name}: nothing within {REACH_M:g} m stops a pram or slows it.")
            case BlockWay():
                spots = _barred(streets, change.geometry)
                bars |= {spot: bars.get(spot, 0) | change.bars for spot in spots}
                no_pram = segments["pram_factor"].isna().to_numpy()[[spot.row for spot in spots]]
                odd.append(_odd_barrier(change, found=bool(spots), closed=bool(no_pram.all())))
            case AddCrossing():
                found = _joined(streets, change.geometry)
                links |= dict.fromkeys(found)
                odd.append(None if found else _odd_crossing(streets, change))
    table, source = cut_segments(mended_segments(segments, mend), bars, list(links))
    return Altered(table, source, tuple(dict.fromkeys(filter(None, odd))), segments, mend)


def _standing(standing: list[Barrier], mark: shapely.Geometry) -> Mend | None:
    """How to mend what stands in a pram's way nearest to a mark; None if nothing does within reach."""
    middle = shapely.line_interpolate_point(mark, 0.5, normalized=True) if shapely.get_dimensions(mark) else mark
    near = min(standing, key=lambda one: one.at.distance(middle), default=None)
    return near.mend if near is not None and near.at.distance(middle) <= REACH_M else None


def _odd_barrier(change: BlockWay, *, found: bool, closed: bool) -> str | None:
    if not found:
        return f"{change.name} is more than {REACH_M:g} m from any street we have, so it changes nothing."
    if change.stops == "prams" and closed:
        return f"{change.name} is on a way that is closed to prams already, so it changes nothing."
    if change.stops == "after_dark":
        return (
            f"{change.name} stops people after dark; the walk knows no hour, so it is taken to stop everyone at any "
            "time."
        )
    return None


def _odd_crossing(streets: WalkNetwork, change: AddCrossing) -> str:
    ends = shapely.points(shapely.get_coordinates(change.geometry)[[0, -1]])
    if any(_nearest(streets, end) is None for end in ends):
        return f"{change.name} is more than {REACH_M:g} m from any street we have, so it changes nothing."
    return (
        f"At {change.name} there are no two streets within {REACH_M:g} m that are not joined already, so a crossing "
        "there changes nothing."
    )


def _barred(streets: WalkNetwork, mark: shapely.Geometry) -> list[Spot]:
    """Where a barrier bars the streets; nowhere if there is none near."""
    spots: list[Spot] = []
    if isinstance(mark, shapely.Polygon):
        spots = [_spot(streets, segment, (a + b) / 2) for segment, a, b, _ in _stretches(streets, mark)]
    elif isinstance(mark, shapely.LineString):
        beside = shapely.buffer(mark, ALONG_M, cap_style="flat")
        along, advance = [], 0.0
        for segment, a, b, stretch in _stretches(streets, beside):
            ends = shapely.line_locate_point(mark, shapely.get_point(stretch, [0, -1]))
            ahead = float(abs(ends[1] - ends[0]))
            whole = stretch.length >= streets.lines[segment].length - 1e-6
            if ahead >= stretch.length / 2 and (whole or stretch.length >= 2 * ALONG_M):
                along.append(_spot(streets, segment, (a + b) / 2))
                advance += ahead
        spots = along if advance >= mark.length / 2 else _crossed(streets, mark)
    if not spots:
        near = _nearest(streets, mark)
        spots = [] if near is None else [_spot(streets, *near)]
    return list(dict.fromkeys(spots))


def _stretches(streets: WalkNetwork, area: shapely.Polygon) -> list[tuple[int, float, float, shapely.LineString]]:
    """Stretches of street inside an area: segment, from where to where (0 to 1), and the line."""
    found = []
    for segment in np.sort(streets.tree_segment[streets.tree.query(area, predicate="intersects")]):
        line = streets.lines[segment]
        for piece in shapely.get_parts(shapely.intersection(line, area)):
            if isinstance(piece, shapely.LineString) and piece.length > 0:
                a, b = shapely.line_locate_point(line, shapely.get_point(piece, [0, -1]), normalized=True)
                found.append((int(segment), float(a), float(b), piece))
    return found


def _crossed(streets: WalkNetwork, mark: shapely.LineString) -> list[Spot]:
    """Where a line crosses streets, or meets them."""
    found = []
    for segment in np.sort(streets.tree_segment[streets.tree.query(mark, predicate="intersects")]):
        line = streets.lines[segment]
        for piece in shapely.get_parts(shapely.intersection(line, mark)):
            at = shapely.line_locate_point(line, shapely.centroid(piece), normalized=True)
            found.append(_spot(streets, int(segment), float(at)))
    return found


def _nearest(streets: WalkNetwork, mark: shapely.Geometry) -> tuple[int, float] | None:
    """The nearest street within reach, and where along it (0 to 1); of two equally near the lower number."""
    lines = streets.tree.query_nearest(mark, max_distance=REACH_M, all_matches=True)
    if not len(lines):
        return None
    segment = int(streets.tree_segment[lines].min())
    return segment, _foot(streets, segment, mark)


def _foot(streets: WalkNetwork, segment: int, mark: shapely.Geometry) -> float:
    line = streets.lines[segment]
    touch = shapely.get_point(shapely.shortest_line(line, mark), 0)
    return float(shapely.line_locate_point(line, touch, normalized=True))


def _spot(streets: WalkNetwork, segment: int, along: float) -> Spot:
    return spot_at(int(streets.row[segment]), along, int(streets.length[segment]))


def _joined(streets: WalkNetwork, mark: shapely.Geometry) -> list[tuple[Spot, Spot]]:
    """The pairs of places that a crossing joins; none if there is nothing to join."""
    if isinstance(mark, shapely.LineString):
        ends = [_nearest(streets, shapely.get_point(mark, at)) for at in (0, -1)]
        if ends[0] is None or ends[1] is None:
            return []
        return [(_spot(streets, *ends[0]), _spot(streets, *ends[1]))] if _apart(streets, ends[0], [ends[1]]) else []
    near = np.sort(streets.tree_segment[streets.tree.query(mark, predicate="dwithin", distance=REACH_M)])
    if not len(near):
        return []
    feet = [(int(segment), _foot(streets, int(segment), mark)) for segment in near]
    at = np.array([_xy(streets, *foot) for foot in feet])
    away = at - shapely.get_coordinates(mark)
    order = np.argsort(np.hypot(*away.T), kind="stable")
    first, others = int(order[0]), order[1:]
    if np.hypot(*away[first]) <= ALONG_M:
        segment, along = feet[first]
        side = _sides(streets, segment, along, at - at[first])
        sides = [others[side[others] == which] for which in (1, -1)]
    else:
        sides = [others[away[others] @ away[first] <= 0]]
    links = []
    for one in sides:
        apart = _apart(streets, feet[first], [feet[int(i)] for i in one])
        links += [(_spot(streets, *feet[first]), _spot(streets, *foot)) for foot in apart[:1]]
    return links


def _xy(streets: WalkNetwork, segment: int, along: float) -> NDArray[np.float64]:
    point = shapely.line_interpolate_point(streets.lines[segment], along, normalized=True)
    return np.asarray(shapely.get_coordinates(point)[0])


def _sides(streets: WalkNetwork, segment: int, along: float, away: NDArray[np.float64]) -> NDArray[np.float64]:
    """On which side of a street places are, as it runs past a point: 1 left, -1 right, 0 neither."""
    line = streets.lines[segment]
    step = min(1.0 / line.length, 1.0)  # the street's direction over the metre before and the metre after
    ahead = _xy(streets, segment, min(along + step, 1.0)) - _xy(streets, segment, max(along - step, 0.0))
    return np.asarray(np.sign(ahead[0] * away[:, 1] - ahead[1] * away[:, 0]))


def _apart(streets: WalkNetwork, one: tuple[int, float], others: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Those of some places that are not joined to a first one already, by a short walk along the streets."""
    start = _xy(streets, *one)
    gaps = [1000 * float(np.hypot(*(_xy(streets, *other) - start))) for other in others]
    most = [max(1000 * JOINED_M, JOINED_TIMES * gap) for gap in gaps]
    labels = paths.blank_labels(streets.junctions)
    segment, at = one[0], round(one[1] * int(streets.cost[one[0]]))
    ends = np.array([streets.start[segment], streets.end[segment]])
    walked = np.array([at, streets.cost[segment] - at], np.int32)
    leads = np.array([streets.start_open[segment], streets.end_open[segment]])
    seeds = paths.sorted_seeds(ends[leads], np.zeros(leads.sum(), np.int32), walked[leads], walked[leads])
    paths.spread(streets.graph, seeds, *labels, int(max(most, default=0)))

    def walk(other: int, along: float) -> float:
        cost = int(streets.cost[other])
        here = round(along * cost)
        found = [abs(here - at)] if other == segment else []
        for junction, is_open, rest in (
            (streets.start[other], streets.start_open[other], here),
            (streets.end[other], streets.end_open[other], cost - here),
        ):
            if is_open and labels.cost[junction] != paths.FAR:
                found.append(int(labels.cost[junction]) + rest)
        return min(found, default=float("inf"))

    return [other for other, limit in zip(others, most, strict=True) if walk(*other) > limit]
