"""Where two streets lie side by side, or a railway or water between, and a pram has a long way round between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo import paths
from geo.opportunity import junction_points
from geo.segment_cuts import Spot, spot_at
from geo.street_changes import REACH_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import WalkNetwork

SAVES_M = 200.0
"""A link that saves less than this of the walk from its farther end is none; three minutes with a pram."""

BRIDGE_M = 100.0
"""How far apart two streets may be between which a railway or water lies."""

BESIDE_M = 10.0
"""Where a closed way or a gate is this near, it is the barrier, and no link is missing."""


def missing_links(
    network: WalkNetwork,
    cost: NDArray[np.int32],
    *,
    minutes: float,
    barriers: NDArray[np.object_],
    between: NDArray[np.object_],
) -> list[tuple[Spot, Spot]]:
    """Short straight ways that would save much, from a junction or the end of a street to another street.

    Parameters
    ----------
    network
        A pram's streets.
    cost
        Of each junction's walk to its nearest site.
    minutes
        The threshold: a link whose nearer end lies beyond it is left out, as it brings nobody within it.
    barriers
        Lines and points that somebody on foot can pass, and a pram cannot.
    between
        Railways and water, which a longer link may cross.

    Returns
    -------
    list
        As `geo.segment_cuts.cut_segments` takes them; of each junction the one that saves most. Both ends are on
        streets that homes may join, at most `geo.street_changes.REACH_M` apart, or `BRIDGE_M` across a railway or
        water; the one and the other are looked for apart.
    """
    points = junction_points(network)
    here = np.flatnonzero(~shapely.is_missing(points))
    severing = shapely.STRtree(between)
    shore = here[np.unique(severing.query(points[here], predicate="dwithin", distance=BRIDGE_M)[0])]
    near_here, line = network.tree.query(points[here], predicate="dwithin", distance=REACH_M)
    near_shore, far_line = network.tree.query(points[shore], predicate="dwithin", distance=BRIDGE_M)
    junction = np.concatenate([here[near_here], shore[near_shore]])
    segment = network.tree_segment[np.concatenate([line, far_line])]
    other = (network.start[segment] != junction) & (network.end[segment] != junction)
    walk = np.where(cost == paths.FAR, np.inf, cost)
    other &= _may_save(network, walk, junction, segment)
    junction, segment = junction[other], segment[other]
    lines, point = network.lines[segment], points[junction]
    along = shapely.line_locate_point(lines, point, normalized=True)
    gap = 1000 * shapely.distance(lines, point)

    there = np.minimum(
        np.where(network.start_open[segment], walk[network.start[segment]] + along * network.cost[segment], np.inf),
        np.where(network.end_open[segment], walk[network.end[segment]] + (1 - along) * network.cost[segment], np.inf),
    )
    near, far = np.minimum(walk[junction], there), np.maximum(walk[junction], there)
    near_enough = near + gap < network.cost_of(minutes)
    saves = np.where(near_enough, far - np.where(near_enough, near, 0) - gap, 0)
    kept = np.flatnonzero(saves >= 1000 * SAVES_M)
    way = shapely.shortest_line(point[kept], lines[kept])
    long = gap[kept] > 1000 * REACH_M
    crosses = np.zeros(len(kept), np.bool_)
    crosses[severing.query(way, predicate="intersects")[0]] = True
    beside_one = shapely.STRtree(barriers).query(way, predicate="dwithin", distance=BESIDE_M)[0]
    sound = (crosses | ~long) & ~np.isin(np.arange(len(kept)), beside_one)
    kept, long = kept[sound], long[sound]
    kept = kept[np.lexsort([gap[kept], -saves[kept], long, junction[kept]])]
    _, first = np.unique(np.column_stack([junction[kept], gap[kept] > 1000 * REACH_M]), axis=0, return_index=True)
    kept = kept[first]

    beside = np.zeros(network.junctions, np.int64)  # of each junction, a street that ends there
    beside[network.end] = beside[network.start] = np.arange(len(network.start))
    pairs = (
        (_spot(network, beside[at], float(network.end[beside[at]] == at)), _spot(network, on, share))
        for at, on, share in zip(junction[kept], segment[kept], along[kept], strict=True)
    )
    return sorted({(min(pair), max(pair)) for pair in pairs})


def _may_save(
    network: WalkNetwork, walk: NDArray[np.float64], junction: NDArray[np.integer], segment: NDArray[np.integer]
) -> NDArray[np.bool_]:
    """Whether the walk to a street can differ enough from that to a junction, wherever they are joined: seldom so."""
    ends = np.array(
        [np.where(network.start_open[segment], walk[network.start[segment]], np.inf),
         np.where(network.end_open[segment], walk[network.end[segment]], np.inf)]
    )  # fmt: skip
    least, here = ends.min(axis=0), walk[junction]
    most, saved = least + network.cost[segment], 1000 * SAVES_M
    return np.asarray((here >= least + saved) | (most >= here + saved))


def _spot(network: WalkNetwork, segment: int, along: float) -> Spot:
    return spot_at(int(network.row[segment]), float(along), int(network.length[segment]))
