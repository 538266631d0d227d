"""Where a ferry would make a walk much shorter. No ferry is ever part of a walk: this only says what is left out.

The crossing itself counts nothing: neither its minutes nor the wait nor the fare. So a walk with it is a bound from
below, and only short crossings, from shore to shore of one place, are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from geo import paths
from geo.access import nearest
from geo.crs import BNG

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo.access import Nearest
    from geo.network import Snaps, WalkNetwork

LONGEST_M = 1000.0
"""A ferry that goes farther is a journey, not a way over a river."""

SHORTER = 2 / 3
"""A walk with a ferry is told if it takes no more than this share of the walk without; or if there is none without."""

_GRID = 0.99
"""Metres of the grid are no more than a thousandth longer than those of the streets; a bound must not cut too much."""


class ByFerry(NamedTuple):
    """For each point the best ferry that is worth telling; arrays of shape (points,).

    ``ferry`` is its row in the table, -1 for none; ``site`` the number of the site that is then walked to; ``cost`` and
    ``length`` are millimetres of level ground and of way, to the ferry and from it.
    """

    ferry: NDArray[np.int64]
    site: NDArray[np.int64]
    cost: NDArray[np.int64]
    length: NDArray[np.int64]


class Searches(NamedTuple):
    """The walks that those with a ferry are put together from, searched for when they are asked for."""

    to_sites: Callable[[], Nearest]
    """Of every junction to its nearest site."""
    to_landing: Callable[[shapely.Point], Nearest]
    """Of every junction to a landing, British National Grid."""

    @classmethod
    def of(cls, network: WalkNetwork, sites: gpd.GeoDataFrame) -> Searches:
        """Those on a network to some sites, not kept anywhere."""
        return cls(lambda: nearest(network, sites), lambda shore: to_landing(network, shore))


def by_ferry(
    network: WalkNetwork,
    sites: gpd.GeoDataFrame,
    ferries: gpd.GeoDataFrame,
    points: NDArray[np.object_],
    snaps: Snaps,
    cost: NDArray[np.int64],
    *,
    searches: Searches | None = None,
) -> ByFerry:
    """The ferries that would make walks shorter by a third or more, or possible at all.

    Parameters
    ----------
    network
        The profile's network.
    sites
        Those that are walked to.
    ferries
        As `geo.tables.Ferries`.
    points, snaps
        Where walks begin, British National Grid, shape (points,), and where they join the network.
    cost
        Of their walks to the sites, millimetres of level ground; `paths.FAR` where there is none.
    searches
        On that network and to those sites, if they are kept.

    Notes
    -----
    A straight line is never longer than a walk, so most ferries are left aside without a search.
    """
    limit = np.where(snaps.on_network, np.where(cost >= paths.FAR, np.inf, cost * SHORTER), -1.0)
    found = ByFerry(*(np.full(len(points), -1, np.int64) for _ in range(4)))
    best = limit + 0.5
    searches = searches or Searches.of(network, sites)
    there = sites.geometry.dropna().to_numpy()
    for row, line in enumerate(ferries.geometry):
        shores = shapely.get_point(line, [0, -1])
        ends = network.snap(shores)
        if line.length > LONGEST_M or not ends.on_network.all() or not len(there):
            continue
        for near, far in ((0, 1), (1, 0)):
            beyond = shapely.distance(there, shores[far]).min()
            least = (shapely.distance(points, shores[near]) + beyond) * 1000 * _GRID
            if not (least <= limit).any():
                continue
            rest, site, rest_length = (values[far] for values in searches.to_sites().cost(ends))
            to_ferry, _, to_length = searches.to_landing(shores[near]).cost(snaps)
            whole = to_ferry.astype(np.int64) + int(rest)
            better = (to_ferry < paths.FAR) & (rest < paths.FAR) & (whole < best)
            best = np.where(better, whole, best)
            length = to_length.astype(np.int64) + int(rest_length)
            found.ferry[better], found.site[better] = row, int(site)
            found.cost[better], found.length[better] = whole[better], length[better]
    return found


def to_landing(network: WalkNetwork, shore: shapely.Point) -> Nearest:
    """The walk of every junction to a landing."""
    return nearest(network, gpd.GeoDataFrame(geometry=[shore], index=["landing"], crs=BNG))
