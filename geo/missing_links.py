"""Where two streets lie side by side and a pram has to go a long way round from one to the other."""

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

BESIDE_M = 10.0
"""Where a closed way or a gate is this near, it is the barrier, and no link is missing."""


def missing_links(
    network: WalkNetwork,
    cost: NDArray[np.int32],
    *,
    minutes: float,
    barriers: NDArray[np.object_],
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

    Returns
    -------
    list
        As `geo.segment_cuts.cut_segments` takes them; of each junction the one that saves most. Both ends are on
        streets that homes may join, at most `geo.street_changes.REACH_M` apart.
    """
    points = junction_points(network)
    here = np.flatnonzero(~shapely.is_missing(points))
    which, line = network.tree.query(points[here], predicate="dwithin", distance=REACH_M)
    junction, segment = here[which], network.tree_segment[line]
    other = (network.start[segment] != junction) & (network.end[segment] != junction)
    junction, segment = junction[other], segment[other]
    lines, point = network.lines[segment], points[junction]
    along = shapely.line_locate_point(lines, point, normalized=True)
    gap = 1000 * shapely.distance(lines, point)

    walk = np.where(cost == paths.FAR, np.inf, cost)
    there = np.minimum(
        np.where(network.start_open[segment], walk[network.start[segment]] + along * network.cost[segment], np.inf),
        np.where(network.end_open[segment], walk[network.end[segment]] + (1 - along) * network.cost[segment], np.inf),
    )
    near, far = np.minimum(walk[junction], there), np.maximum(walk[junction], there)
    near_enough = near + gap < network.cost_of(minutes)
    saves = np.where(near_enough, far - np.where(near_enough, near, 0) - gap, 0)
    kept = np.flatnonzero(saves >= 1000 * SAVES_M)
    kept = kept[np.lexsort([gap[kept], -saves[kept], junction[kept]])]
    kept = kept[np.unique(junction[kept], return_index=True)[1]]
    way = shapely.shortest_line(point[kept], lines[kept])
    kept = np.delete(kept, shapely.STRtree(barriers).query(way, predicate="dwithin", distance=BESIDE_M)[0])

    beside = np.zeros(network.junctions, np.int64)  # of each junction, a street that ends there
    beside[network.end] = beside[network.start] = np.arange(len(network.start))
    pairs = (
        (_spot(network, beside[at], float(network.end[beside[at]] == at)), _spot(network, on, share))
        for at, on, share in zip(junction[kept], segment[kept], along[kept], strict=True)
    )
    return sorted({(min(pair), max(pair)) for pair in pairs})


def _spot(network: WalkNetwork, segment: int, along: float) -> Spot:
    return spot_at(int(network.row[segment]), float(along), int(network.length[segment]))
