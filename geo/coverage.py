"""Whose walk may change where streets are missing: how far it is to ground without any, and what could lie there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from geo.homes import Homes

EDGE_M = 25.0
"""The edge of missing ground is looked at in points so far apart: exact distances would take much longer."""


def metres_to_unmapped(
    homes: NDArray[np.object_], unmapped: NDArray[np.object_], sites: NDArray[np.object_]
) -> NDArray[np.float64]:
    """Straight distance from each home to where something near it may be missing, or up to `EDGE_M` / 2 less.

    It is infinite where nothing is missing.

    Parameters
    ----------
    homes
        Points, shape (homes,).
    unmapped
        Ground without streets, as `Covered` has it.
    sites
        Points of sites that no street leads to.
    """
    shapely.prepare(unmapped)
    inside = np.zeros(len(homes), bool)
    for ground in unmapped:
        inside |= shapely.contains(ground, homes)
    metres = np.where(inside, 0.0, np.inf)
    where = shapely.get_coordinates(homes)[~inside]
    edge = shapely.get_coordinates(shapely.segmentize(unmapped, EDGE_M))
    apart = shapely.get_coordinates(sites[~(shapely.is_missing(sites) | shapely.is_empty(sites))])
    for points, short in ((edge, EDGE_M / 2), (apart, 0.0)):  # the edge may be so much nearer than a point of it
        if len(points):
            metres[~inside] = np.minimum(metres[~inside], np.maximum(cKDTree(points).query(where)[0] - short, 0.0))
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
