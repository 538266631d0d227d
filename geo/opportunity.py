"""What one more site would give: at every junction of the streets, and at each place that somebody proposes.

The sites that there are stay where they are. All walks are those of `geo.access`, to the millimetre: the figure of a
junction or a candidate is what opening a site there and walking again from every home would show.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import BNG
from geo.errors import RequestError
from geo.network import Snaps, WalkNetwork
from geo.searches import THREADS, ends_of, home_doors, search, weights_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Integers = NDArray[np.int64]

_HOMES_AT_ONCE = 512


def opportunity(
    network: WalkNetwork, snaps: Snaps, *, cost: NDArray[np.int32], weight: ArrayLike, minutes: float
) -> NDArray[np.float64]:
    """How many children now beyond the threshold would come within it, for a site at each junction.

    A walk is as long there as back, so the search goes out from the homes beyond the threshold and every junction adds
    up who arrives: one short search for each of them, instead of a new answer for each junction.

    Parameters
    ----------
    network, snaps
        The profile's network, and the homes joined to it.
    cost
        Of each home's walk to its nearest site: `geo.access.Nearest.cost`.
    weight
        How much each home counts: children aged 0 to 4. Zero or more.
    minutes
        The threshold.

    Returns
    -------
    array of shape (junctions,)
        Weight; NaN where no site can stand (see `junction_points`). The same bit for bit at every call.

    Raises
    ------
    RequestError
        The threshold or a weight makes no sense.
    """
    limit = network.cost_of(minutes)
    weights = weights_of(weight, len(cost), "weight")
    homes = np.flatnonzero((cost > limit) & snaps.on_network & (weights > 0))
    ends = ends_of(network, home_doors(snaps, homes))
    most = np.full(network.junctions, limit, np.int32)

    def arrived(begin: int) -> NDArray[np.float64]:
        run = homes[begin : begin + _HOMES_AT_ONCE]
        until, reached, _ = search(network, ends, np.arange(begin, begin + len(run) + 1), most)
        return np.bincount(reached, np.repeat(weights[run], np.diff(until)), network.junctions).astype(np.float64)

    surface = np.zeros(network.junctions)
    with ThreadPoolExecutor(THREADS) as pool:
        for part in pool.map(arrived, range(0, len(homes), _HOMES_AT_ONCE)):
            surface += part
    return np.where(np.isnan(_places(network)[:, 0]), np.nan, surface)


def of_streets(network: WalkNetwork, surface: NDArray[np.float64]) -> NDArray[np.float64]:
    """The surface as streets are coloured by it: the better of each segment's ends; NaN where neither has a figure."""
    return np.fmax(surface[network.start], surface[network.end])


def junction_points(network: WalkNetwork) -> NDArray[np.object_]:
    """Where each junction is: points in British National Grid, shape (junctions,); None where no site can stand.

    That is a gate that the profile cannot pass, a place where none of its streets ends, and a connected part with too
    little way to be joined to. A site put at such a point joins the junction's own streets, unless others pass through
    the very same point without meeting them, as on a bridge.
    """
    place = _places(network)
    points = np.full(network.junctions, None, dtype=object)
    points[~np.isnan(place[:, 0])] = shapely.points(place[~np.isnan(place[:, 0])])
    return points


def _places(network: WalkNetwork) -> NDArray[np.float64]:
    """Easting and northing of the junctions where a site can stand, at open ends of streets that may be joined."""
    count = shapely.get_num_coordinates(network.lines)
    corner = np.append(np.cumsum(count) - count, np.cumsum(count) - 1)
    here = np.append(network.start_open & network.joinable, network.end_open & network.joinable)
    place = np.full((network.junctions, 2), np.nan)
    place[np.append(network.start, network.end)[here]] = shapely.get_coordinates(network.lines)[corner[here]]
    return place


def junction_candidates(
    network: WalkNetwork, surface: NDArray[np.float64], *, most: int = 500, apart_m: float = 300.0
) -> gpd.GeoDataFrame:
    """The junctions with the largest opportunity, thinned: every junction is asked, neighbours are not asked twice.

    Taken one by one, the largest first (of equals the lower number), passing over what lies within ``apart_m`` of one
    that was taken. A junction where a site would bring nobody within the threshold is none.

    Parameters
    ----------
    network, surface
        As for and from `opportunity`.
    most, apart_m
        How many at most, and the least straight distance between two. 500 at 300 m lose nothing of what the best 1 to
        5 of 3,000 at 100 m cover in Leeds and on the Isle of Wight, and 1 % of the walking that those save.

    Returns
    -------
    GeoDataFrame
        Index ``candidate_id`` (``j`` and the junction's number), column ``opportunity``, points.
    """
    if most < 1 or not apart_m >= 0:
        message = f"{most} candidates {apart_m} m apart make no sense"
        raise RequestError(message)
    order = np.argsort(-np.nan_to_num(surface), kind="stable")
    order = order[np.nan_to_num(surface[order]) > 0]
    points = junction_points(network)[order]
    tree = shapely.STRtree(points)
    free = np.ones(len(order), np.bool_)
    taken: list[int] = []
    for place in range(len(order)):
        if len(taken) == most:
            break
        if free[place]:
            taken.append(place)
            if apart_m > 0:
                free[tree.query(points[place], predicate="dwithin", distance=apart_m)] = False
    ids = pd.Index([f"j{number}" for number in order[taken]], name="candidate_id", dtype="str")
    return gpd.GeoDataFrame({"opportunity": surface[order[taken]]}, index=ids, geometry=points[taken], crs=BNG)
