"""What a place's maps are drawn on: land and water, and the names written there; of wards where no others are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.build.sites import CONTEXT_M
from data.sources.backdrop import read_backdrop, view_of
from data.sources.labels import PLACES, read_labels
from geo import tables
from geo.crs import BNG

if TYPE_CHECKING:
    from pathlib import Path

FEWEST_PLACES = 3
"""A map with fewer names of towns, villages and suburbs inside the authority has those of wards, too."""


def ground_of(
    path: Path, areas: gpd.GeoDataFrame, origins: gpd.GeoDataFrame, notes: list[str]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None]:
    """What is drawn beneath the answers, and the names on it.

    Parameters
    ----------
    path
        The OpenStreetMap extract.
    areas, origins
        As `geo.tables.Areas` and `Origins`.
    notes
        Sentences on what a reader should know are added to it.

    Returns
    -------
    backdrop
        As `geo.tables.Backdrop`: up to `CONTEXT_M` around the authority's furthest points; land as far as it is seen.
    labels
        As `geo.tables.Labels`; None if nothing has a name.

    Raises
    ------
    InputError
        The file is missing or is no OpenStreetMap extract.
    """
    outline = shapely.union_all(areas.geometry.to_numpy(), grid_size=0.01)
    frame = shapely.box(*shapely.bounds(outline.buffer(CONTEXT_M)))
    found = read_backdrop(path, outline=outline, frame=frame, view=view_of(outline))
    notes += found.notes
    labels = read_labels(path, frame=frame)
    place = labels[labels["kind"] != "street"]
    shapely.prepare(outline)
    if shapely.contains(outline, place.geometry.to_numpy()).sum() < FEWEST_PLACES:
        wards = ward_labels(areas, origins)
        wards = wards[~wards["name"].isin(place["name"])]
        if len(wards):
            labels = pd.concat([labels, wards]).sort_values("rank", kind="stable", ignore_index=True)
            notes.append(
                f"The street file has {'few' if len(place) else 'no'} names of towns and suburbs, so the map shows "
                "those of wards."
            )
    return (
        tables.check(tables.Backdrop, found.table, str(path)),
        tables.check(tables.Labels, labels, str(path)) if len(labels) else None,
    )


def ward_labels(areas: gpd.GeoDataFrame, origins: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A name for each ward, as `geo.tables.Labels`, those with most homes first.

    It stands at the home that is nearest to the mean of the ward's homes, so that it lies where people live.
    """
    ward = areas["ward_name"].reindex(origins["area_code"]).to_numpy()
    x, y = shapely.get_coordinates(origins.geometry.to_numpy()).T
    homes = pd.DataFrame({"name": ward, "x": x, "y": y}).dropna(subset="name")
    of_ward = homes.groupby("name")
    homes["size"] = of_ward["x"].transform("size")
    off = homes[["x", "y"]] - of_ward[["x", "y"]].transform("mean")
    homes["off"] = np.hypot(off["x"], off["y"])
    table = homes.sort_values("off", kind="stable").drop_duplicates("name")
    table = table.sort_values(["size", "name"], ascending=[False, True], ignore_index=True)
    kind, rank = PLACES["suburb"]
    return gpd.GeoDataFrame(
        {
            "name": table["name"].astype("str"),
            "kind": pd.Series(kind, index=table.index, dtype="str"),
            "rank": rank,
            "angle": 0.0,
            "room_m": np.nan,
        },
        geometry=gpd.points_from_xy(table["x"], table["y"]),
        crs=BNG,
    )
