"""The walk itself: which streets lead from a point to its nearest site, and where one turns.

A route is walked back along the labels that `geo.access.nearest` left at the junctions, so that its time and length are
those of the tables, to the millimetre. Of walks that take equally long it is the one that the tables measure: that to
the site of lower number, then the shorter one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from shapely.ops import substring

from geo import paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

    from geo.access import Nearest
    from geo.network import Snaps, WalkNetwork


_SAME_M = 0.01
"""Corners nearer to each other are drawn as one: pieces of streets meet to the millimetre, not to the last bit."""


class Stretch(NamedTuple):
    """A piece of a street that is walked: from ``begin`` to ``end``, millimetres from the segment's start.

    One that is walked against the segment's direction begins farther along than it ends. ``cost`` is the level ground
    that takes as long, millimetres.
    """

    segment: int
    begin: int
    end: int
    cost: int

    @property
    def length(self) -> int:
        """Millimetres."""
        return abs(self.end - self.begin)


class _Arrival(NamedTuple):
    """The last piece, to a site's door: the stretch to it, and the straight leg from there."""

    stretch: Stretch
    leg: int


@dataclass(frozen=True, eq=False)
class Route:
    """A walk from a point to a site.

    ``cost`` and ``length`` are those of the table, millimetres of level ground and of way; they are the sums of ``leg``
    (straight from the point to the street), the ``stretches`` in the order in which they are walked, and ``site_leg``
    (straight from the street to the site).
    """

    site_id: str
    cost: int
    length: int
    leg: int
    stretches: tuple[Stretch, ...]
    site_leg: int
    line: shapely.LineString
    """From the point to the site, British National Grid; both legs are straight."""


def route(state: Nearest, sites: gpd.GeoDataFrame, point: shapely.Point) -> Route | None:
    """The walk from a point to the nearest site.

    Parameters
    ----------
    state
        The nearest site of every junction; of one site alone for the walk to that one.
    sites
        The sites that it is for, index ``site_id``: where the last leg leads.
    point
        British National Grid.

    Returns
    -------
    Route or None
        None where the point is off the network, or where there is no way.
    """
    network = state.network
    snaps = network.snap(np.array([point], dtype=object))
    cost, site, length = (int(values[0]) for values in state.cost(snaps))
    if cost == paths.FAR:
        return None
    pieces, site_leg = _walked(state, snaps, cost, site, length)
    site_id = state.site_ids[site]
    leg = int(snaps.leg[0])
    stretches = tuple(one for one in pieces if one.begin != one.end or one.cost)
    line = _line(network, point, stretches, snaps, sites.geometry[site_id] if site_leg else None)
    return Route(site_id, cost, length, leg, stretches, site_leg, line)


def line_of(network: WalkNetwork, stretch: Stretch) -> shapely.LineString:
    """A stretch as it is walked, British National Grid."""
    begin, end = (_share(network, stretch.segment, along) for along in (stretch.begin, stretch.end))
    found = substring(network.lines[stretch.segment], begin, end, normalized=True)
    return found if isinstance(found, shapely.LineString) else shapely.LineString([found, found])


def _walked(state: Nearest, snaps: Snaps, cost: int, site: int, length: int) -> tuple[list[Stretch], int]:
    """The stretches of the walk of that cost and length, and the straight leg at its end."""
    network = state.network
    segment, along, walked, leg = (int(values[0]) for values in snaps[:4])
    left = (cost - leg, length - leg)
    for arrival in _on_the_same_street(state, segment, along, walked, site):
        if (arrival.stretch.cost + arrival.leg, arrival.stretch.length + arrival.leg) == left:
            return [arrival.stretch], arrival.leg
    doors = _doors_at_junctions(state, site)
    whole, whole_length = int(network.cost[segment]), int(network.length[segment])
    for junction, is_open, first in (
        (network.start[segment], network.start_open[segment], Stretch(segment, walked, 0, along)),
        (network.end[segment], network.end_open[segment], Stretch(segment, walked, whole_length, whole - along)),
    ):
        here = int(junction)
        at = (int(state.labels.cost[here]), int(state.labels.length[here]))
        if is_open and state.labels.site[here] == site and (at[0] + first.cost, at[1] + first.length) == left:
            between, last = _back(state, here, site, doors)
            return [first, *between, last.stretch], last.leg
    message = "the labels of the junctions are not those of the walk"
    raise RuntimeError(message)


def _on_the_same_street(state: Nearest, segment: int, along: int, walked: int, site: int) -> Iterator[_Arrival]:
    """The site's doors on the point's own segment, each with the stretch to it."""
    doors = state.doors
    for door in np.flatnonzero((doors.segment == segment) & (doors.site == site)):
        low, high, low_length, high_length, leg = (int(values[door]) for values in doors[2:])
        end = min(max(walked, low_length), high_length)
        yield _Arrival(Stretch(segment, walked, end, max(low - along, along - high, 0)), leg)


def _doors_at_junctions(state: Nearest, site: int) -> dict[int, list[_Arrival]]:
    """The site's doors, by the junctions from which one comes to them."""
    network, doors = state.network, state.doors
    found: dict[int, list[_Arrival]] = {}
    for door in np.flatnonzero(doors.site == site):
        segment, _, low, high, low_length, high_length, leg = (int(values[door]) for values in doors)
        whole, whole_length = int(network.cost[segment]), int(network.length[segment])
        for junction, is_open, stretch in (
            (network.start[segment], network.start_open[segment], Stretch(segment, 0, low_length, low)),
            (
                network.end[segment],
                network.end_open[segment],
                Stretch(segment, whole_length, high_length, whole - high),
            ),
        ):
            if is_open:
                found.setdefault(int(junction), []).append(_Arrival(stretch, leg))
    return found


def _back(state: Nearest, junction: int, site: int, doors: dict[int, list[_Arrival]]) -> tuple[list[Stretch], _Arrival]:
    """From a junction along its labels to the door that they come from.

    Junctions at one spot are joined by segments of no length, on which labels do not fall: what was tried is not tried
    again, and a way that leads no farther is left.
    """
    network, labels = state.network, state.labels
    trail: list[tuple[int, Stretch | None]] = [(junction, None)]
    untried = [_nearer(state, junction, site)]
    seen = {junction}
    while untried:
        here = trail[-1][0]
        for arrival in doors.get(here, ()):
            walked = (arrival.stretch.cost + arrival.leg, arrival.stretch.length + arrival.leg)
            if walked == (labels.cost[here], labels.length[here]):
                return [stretch for _, stretch in trail if stretch is not None], arrival
        step = next(((there, segment) for there, segment in untried[-1] if there not in seen), None)
        if step is None:
            untried.pop()
            trail.pop()
            continue
        there, segment = step
        whole = int(network.length[segment])
        begin, end = (0, whole) if network.start[segment] == here else (whole, 0)
        trail.append((there, Stretch(segment, begin, end, int(network.cost[segment]))))
        untried.append(_nearer(state, there, site))
        seen.add(there)
    message = f"the label of junction {junction} comes from nowhere"
    raise RuntimeError(message)


def _nearer(state: Nearest, junction: int, site: int) -> Iterator[tuple[int, int]]:
    """The neighbours from which a junction's label may come, each with the segment to it."""
    graph, labels, segment_of = state.network.graph, state.labels, state.network.edge_segment
    rows = np.arange(graph.offset[junction], graph.offset[junction + 1])
    there = graph.neighbour[rows]
    comes = (
        (labels.site[there] == site)
        & (labels.cost[there] == labels.cost[junction] - graph.cost[rows])
        & (labels.length[there] == labels.length[junction] - graph.length[rows])
    )
    return zip(there[comes].tolist(), segment_of[rows[comes]].tolist(), strict=True)


def _line(
    network: WalkNetwork,
    point: shapely.Point,
    stretches: tuple[Stretch, ...],
    snaps: Snaps,
    site: shapely.Geometry | None,
) -> shapely.LineString:
    """The walk as it is drawn."""
    segment = int(snaps.segment[0])
    foot = network.lines[segment].interpolate(_share(network, segment, int(snaps.length[0])), normalized=True)
    corners = [*point.coords, *foot.coords]
    for one in stretches:
        corners += line_of(network, one).coords
    if site is not None:
        door = shapely.point_on_surface(site) if shapely.get_dimensions(site) else site
        corners += shapely.shortest_line(shapely.Point(corners[-1]), door).coords
    return shapely.remove_repeated_points(shapely.LineString(corners), tolerance=_SAME_M)


def _share(network: WalkNetwork, segment: int, along: int) -> float:
    whole = int(network.length[segment])
    return along / whole if whole else 0.0
