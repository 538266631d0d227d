"""The parts of a place that people ask for by name, and the homes in each: wards, towns and villages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.place import key_of
from geo.settlements import settlements

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from data.place import Place

SAME_M = 1.0
"""A locality of the gazetteer that lies no farther from a town's name than this, metres, is the town."""


@dataclass(frozen=True, eq=False)
class Parts:
    """Parts of one sort. Tables are on the parts' codes, in the order of their names."""

    one: str
    """What each is called: "ward"."""
    many: str
    key: str
    """What the code is called in a file."""
    names: pd.Series[str]
    kinds: pd.Series[str]
    """What each is: ward, city, town, village."""
    points: gpd.GeoSeries
    """Where its name stands, British National Grid."""
    shapes: gpd.GeoSeries
    """Its land, British National Grid."""
    home: NDArray[np.object_]
    """The code of each home's part; None for none. Shape (origins,)."""
    areas: dict[str, frozenset[str]]
    """The neighbourhoods of each part, by code; of a town those with a home in it."""
    of_area: dict[str, str]
    """The part in which each neighbourhood mostly lies, where it lies in any."""

    def at(self, easting: float, northing: float) -> str | None:
        """The part whose name stands there, if any does."""
        off = self.points.distance(shapely.Point(easting, northing))
        return str(off.idxmin()) if len(off) and off.min() <= SAME_M else None


def parts_of(place: Place) -> dict[str, Parts]:
    """The sorts of parts that are known of a place, by the words ``wards`` and ``towns``."""
    areas, origins = place.areas(), place.origins()
    found = {"wards": wards(areas, origins)}
    built, labels = place.built_up(), place.labels()
    if built is not None and labels is not None:
        found["towns"] = towns(labels, built, origins)
    return {which: parts for which, parts in found.items() if len(parts.names)}


def wards(areas: gpd.GeoDataFrame, origins: pd.DataFrame) -> Parts:
    """Wards; a neighbourhood belongs to the one it mostly lies in, and to none where that is not known.

    Parameters
    ----------
    areas, origins
        As in `geo.tables`.
    """
    known = areas[areas["ward_code"].notna()]
    grouped = known.groupby("ward_code")
    names = grouped["ward_name"].first()
    names = names.fillna(pd.Series(names.index, index=names.index)).sort_values(kind="stable")
    land = known.geometry.groupby(known["ward_code"]).apply(lambda each: shapely.union_all(each.to_numpy()))
    shapes = gpd.GeoSeries(land, crs=areas.crs).reindex(names.index)
    return Parts(
        one="ward",
        many="wards",
        key="ward_code",
        names=names,
        kinds=pd.Series("ward", index=names.index),
        points=shapes.representative_point(),
        shapes=shapes,
        home=areas["ward_code"].reindex(origins["area_code"]).to_numpy(object),
        areas={str(code): frozenset(rows) for code, rows in grouped.groups.items()},
        of_area=known["ward_code"].to_dict(),
    )


def towns(labels: gpd.GeoDataFrame, built: gpd.GeoDataFrame, origins: gpd.GeoDataFrame) -> Parts:
    """Cities, towns and villages with a home in them, as `geo.settlements.settlements` tells.

    Parameters
    ----------
    labels, built, origins
        As `geo.tables.Labels`, `BuiltUp` and `Origins`.
    """
    found = settlements(labels, built.geometry, origins.geometry)
    named = labels.iloc[found.place][["name", "kind", "geometry"]].assign(shape=found.shape)
    codes = [key_of(name)[:60] or "place" for name in named["name"]]
    named["code"] = pd.Series(codes, index=named.index, dtype="str")
    more = named.groupby("code").cumcount()
    named["code"] = named["code"].where(more == 0, named["code"] + "-" + (more + 1).astype(str))
    of_home = np.array([*named["code"], None], dtype=object)  # the last for those in none
    homes = pd.DataFrame({"code": of_home[found.home], "area": origins["area_code"].to_numpy(object)}).dropna()
    named = named[named["code"].isin(homes["code"])].set_index("code").sort_values("name", kind="stable")
    mostly = homes.value_counts().reset_index().drop_duplicates("area")
    return Parts(
        one="town",
        many="towns and villages",
        key="town",
        names=named["name"],
        kinds=named["kind"],
        points=named.geometry,
        shapes=gpd.GeoSeries(named["shape"], index=named.index, crs=labels.crs),
        home=of_home[found.home],
        areas={str(code): frozenset(rows) for code, rows in homes.groupby("code")["area"]},
        of_area=dict(zip(mostly["area"], mostly["code"], strict=True)),
    )
