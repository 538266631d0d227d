"""Where something is, as residents would say it: the nearest town or village, and the nearest street with a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from data.place import Place

NEAR_M = 200.0
"""A street with a name that is farther away is not near."""

_LOCALITY_RANK = 6
"""Of a label: down to suburbs and villages."""


def localities(place: Place, points: NDArray[np.object_]) -> list[str | None]:
    """The nearest town, village or suburb to each point; None where the place has no names."""
    labels = place.labels()
    if labels is None:
        return [None] * len(points)
    named = labels[(labels["kind"] != "street") & (labels["rank"] <= _LOCALITY_RANK)]
    if named.empty:
        return [None] * len(points)
    near = shapely.STRtree(named.geometry.to_numpy()).nearest(points)
    return list(named["name"].to_numpy(object)[near])


def streets_beside(place: Place, segments: gpd.GeoDataFrame, points: NDArray[np.object_]) -> NDArray[np.object_]:
    """The nearest street with a name, within `NEAR_M`; None where there is none."""
    street = np.full(len(points), None, dtype=object)
    parts = place.street_parts()
    if parts is None:
        return street
    named = parts[parts["name"].notna()].drop_duplicates("segment")
    tree = shapely.STRtree(segments.geometry.to_numpy()[named["segment"]])
    point, row = tree.query_nearest(points, max_distance=NEAR_M, all_matches=False)
    street[point] = named["name"].to_numpy(object)[row]
    return street


def where(place: Place, segments: gpd.GeoDataFrame, points: NDArray[np.object_]) -> list[str | None]:
    """Both in words: "Bridge Street, Newport"; None where neither is known."""
    both = zip(streets_beside(place, segments, points), localities(place, points), strict=True)
    return [", ".join(filter(None, names)) or None for names in both]
