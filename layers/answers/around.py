"""The street that tells where a neighbourhood is: the best known of those that most of its homes are near."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    import geopandas as gpd

NEAR_M = 500.0
"""A street whose name stands farther from a home than this, metres, is not near it."""

_RANK_M = 50.0
"""A street of the next better rank may be so much farther, metres, and yet be the one by which a home is found."""

_LAST_RANK = 10
"""Below it are paths and service roads, by which nobody is found."""

_LOOKED_AT = 6
_NO_ADDRESS = ("Roundabout", "Gyratory", "Interchange", "Bypass")


def streets_around(origins: gpd.GeoDataFrame, labels: gpd.GeoDataFrame) -> pd.Series[str]:
    """The street around which each area's homes are.

    Every home is found by the street whose name stands nearest, where a better rank counts as 50 m. Of the streets by
    which at least half as many homes of an area are found as by its first, the one of best rank is taken. An area of
    which most homes are near no named street has none.

    Parameters
    ----------
    origins, labels
        As `geo.tables.Origins` and `geo.tables.Labels`; British National Grid.

    Returns
    -------
    pandas.Series
        Name of a street by ``area_code``; only areas that have one.
    """
    street = (labels["kind"] == "street") & (labels["rank"] <= _LAST_RANK)
    named = labels[street & ~labels["name"].str.endswith(_NO_ADDRESS)]
    area, codes = pd.factorize(origins["area_code"])
    found = pd.Series(dtype="str", index=pd.Index([], dtype="str", name="area_code"))
    if named.empty or origins.empty:
        return found
    name, names = pd.factorize(named["name"])
    rank = named["rank"].to_numpy(np.int64)
    tree = cKDTree(shapely.get_coordinates(named.geometry.to_numpy()))
    home = shapely.get_coordinates(origins.geometry.to_numpy())
    metres, label = tree.query(home, k=_LOOKED_AT, distance_upper_bound=NEAR_M)
    near = np.isfinite(metres[:, 0])
    # beyond the limit and past the last name the metres are infinite and the label is one more than there are
    cost = metres + _RANK_M * np.append(rank, 0)[label]
    label = label[np.arange(len(home)), cost.argmin(axis=1)][near]
    pair, of, homes = np.unique(area[near] * len(names) + name[label], return_inverse=True, return_counts=True)
    best = np.full(len(pair), _LAST_RANK)
    np.minimum.at(best, of, rank[label])
    where, which = np.divmod(pair, len(names))
    most = np.zeros(len(codes), np.int64)
    np.maximum.at(most, where, homes)
    known = 2 * np.bincount(area[near], minlength=len(codes)) > np.bincount(area, minlength=len(codes))
    kept = known[where] & (2 * homes >= most[where])
    where, which, homes, best = where[kept], which[kept], homes[kept], best[kept]
    order = np.lexsort([which, -homes, best, where])
    _, first = np.unique(where[order], return_index=True)
    chosen = order[first]
    return pd.Series(
        np.asarray(names)[which[chosen]], index=pd.Index(codes[where[chosen]], name="area_code"), dtype="str"
    )


def with_streets(
    areas: gpd.GeoDataFrame, origins: gpd.GeoDataFrame, labels: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame:
    """The areas with the street of each as ``around``; missing where it has none, or no names are known."""
    found = pd.Series(dtype="str") if labels is None else streets_around(origins, labels)
    return areas.assign(around=found.reindex(areas.index).astype("str"))
