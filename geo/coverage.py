"""Whose walk may change where streets are missing: how far it is to ground without any, and what could lie there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from geo.homes import Homes


def metres_to_unmapped(
    homes: NDArray[np.object_], unmapped: NDArray[np.object_], sites: NDArray[np.object_]
) -> NDArray[np.float64]:
    """Straight distance from each home to where something near it may be missing; infinite where nothing is.

    Parameters
    ----------
    homes
        Points, shape (homes,).
    unmapped
        Ground without streets, as `Covered` has it.
    sites
        Points of sites that no street leads to.
    """
    corners, ring = shapely.get_coordinates(shapely.get_rings(unmapped), return_index=True)
    edges = shapely.linestrings(np.stack([corners[:-1], corners[1:]], axis=1)[ring[:-1] == ring[1:]])
    lacking = np.concatenate([edges, sites[~(shapely.is_missing(sites) | shapely.is_empty(sites))]])
    metres = np.full(len(homes), np.inf)
    if len(lacking):
        # edge by edge, for the distance to a whole outline goes through all of its corners
        (home, _), distance = shapely.STRtree(lacking).query_nearest(homes, return_distance=True, all_matches=False)
        metres[home] = distance
        metres[shapely.STRtree(homes).query(unmapped, predicate="contains")[1]] = 0.0
    return metres


def may_change(
    homes: Homes, reach: pd.DataFrame, unmapped_min: NDArray[np.float64], *, minutes: float
) -> NDArray[np.bool_]:
    """Which areas' answers could change if the missing streets and sites were known.

    Nothing that is missing can be nearer than the ground that it is missing from, in a straight line. So a home's walk
    may be as short as that, and no shorter. An area's answer could change if with such walks its typical one (the
    median) were shorter, or if a home beyond the threshold could be within it. Where most walks are not known there is
    no answer that could.

    Parameters
    ----------
    homes
        How much each home counts.
    reach
        As `geo.tables.Reach`.
    unmapped_min
        Minutes from each home to missing ground, straight; infinite where nothing is missing.
    minutes
        The threshold.

    Returns
    -------
    array of shape (areas,)
    """
    reached = reach["reached"].to_numpy(object)
    known = homes.counted(reached != "off_network") & (homes.weight > 0)
    walk = np.where(reached == "yes", reach["minutes"].to_numpy(float), np.inf)
    shortest = np.minimum(walk, unmapped_min)
    nearer = known & (walk > minutes) & (shortest <= minutes)
    now, then = (
        np.where(at >= 0, values[at], np.nan)
        for values in (walk, shortest)
        for at in (homes.quantiles(values, (0.5,), known=known)[:, 0],)
    )
    return np.asarray((np.bincount(homes.area[nearer], minlength=len(homes.areas)) > 0) | (then < now))
