"""Where families live: an area's people shared out over its live postcodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import BNG
from geo.errors import InputError

if TYPE_CHECKING:
    from data.sources.census import CountryOfBirth
    from data.sources.lookups import OutputAreas

WEIGHTS = ("residents", "under2", "under5", "born_outside_uk")


def pcd7(postcode: pd.Series[str]) -> pd.Series[str]:
    """Postcodes without spaces in the ONS seven-character form: ``PO301AA``, ``LS1 8TL``."""
    return postcode.str[:-3].str.ljust(4) + postcode.str[-3:]


def locate(postcodes: pd.DataFrame, areas: gpd.GeoDataFrame, *, authority: str) -> tuple[gpd.GeoDataFrame, list[str]]:
    """The authority's live postcodes as points, each with its area, and what could not be placed.

    Membership is by the directory's own code where it has one, by outline otherwise; a postcode that the directory
    counts to the authority but to no area, such as one on a pier, belongs to the nearest.

    Parameters
    ----------
    postcodes
        Index ``postcode``; ``easting, northing`` (metres), ``live``, ``area_code``, ``oa_code``, ``authority_code``.
    areas
        Index ``area_code``; outlines in British National Grid.
    authority
        Code; rows of other authorities are left out.
    """
    ours = postcodes["authority_code"] == authority
    of_others = ~ours & (postcodes["authority_code"].notna() | _elsewhere(postcodes, areas))
    live = postcodes[postcodes["live"] & ~of_others]
    notes = []
    without_point = live["easting"].isna()
    if without_point.any():
        notes.append(
            f"{without_point.sum():,} live postcodes have no coordinates and are left out "
            f"({_some(live.index[without_point])})."
        )
    live = live[~without_point]
    points = gpd.GeoDataFrame(
        {"area_code": live["area_code"].where(live["area_code"].isin(areas.index)), "oa_code": live["oa_code"]},
        geometry=gpd.points_from_xy(live["easting"], live["northing"]),
        crs=BNG,
        index=live.index,
    )
    foreign = live["area_code"].notna() & points["area_code"].isna()
    if foreign.any():
        notes.append(
            f"Live postcodes that the directory counts to an area that is not here, left out: {foreign.sum():,} "
            f"({_some(points.index[foreign])})."
        )
    points = points[~foreign]
    open_question = points["area_code"].isna()
    if open_question.any():
        lost = points.loc[open_question, ["geometry"]]
        outlines = areas[["geometry"]]
        found = lost.sjoin(outlines, predicate="within")["area_code"]
        ours_still = lost[ours.reindex(lost.index) & ~lost.index.isin(found.index)]
        nearest = ours_still.sjoin_nearest(outlines)["area_code"]
        found = pd.concat([found, nearest])
        points.loc[open_question, "area_code"] = found[~found.index.duplicated()]
        if postcodes["area_code"].notna().any():
            named = points.index[open_question & points["area_code"].notna()]
            notes.append(
                f"{len(named):,} live postcodes that the directory gives no area are counted to the one they lie in "
                f"or nearest to ({_some(named)})."
            )
        points = points[points["area_code"].notna()]  # what is left lies outside and is nobody's here
    return points, notes


def _elsewhere(postcodes: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.Series[bool]:
    """Which postcodes the directory counts to an area that is not one of these."""
    return postcodes["area_code"].notna() & ~postcodes["area_code"].isin(areas.index)


def share_out(
    postcodes: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    *,
    output_areas: OutputAreas | None = None,
    counts: CountryOfBirth | None = None,
) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Origins: each area's people shared over its postcodes, so that they add up to the area's own figure.

    Parameters
    ----------
    postcodes
        As `locate` returns them.
    areas
        As `geo.tables.Areas`.
    output_areas
        Look-up with points, for areas without a live postcode.
    counts
        Residents by output area: with them a postcode counts by its output area's residents, else all count alike.

    Returns
    -------
    tuple
        `geo.tables.Origins`, with ``oa_code`` besides, and sentences on what stands for what. An area with no live
        postcode is stood for by its output areas' points or, failing that, by a point inside its outline; its `kind`
        says so.
    """
    notes = []
    lone = areas.index.difference(pd.Index(postcodes["area_code"].unique()))
    stand_ins = [_output_area_points(output_areas, lone)] if output_areas is not None else []
    lone_still = lone.difference(pd.Index(stand_ins[0]["area_code"])) if stand_ins else lone
    inside = areas.loc[lone_still].geometry.representative_point()
    stand_ins.append(
        gpd.GeoDataFrame(
            {"area_code": lone_still, "oa_code": None, "kind": "area_point"},
            geometry=inside.to_numpy(),
            crs=BNG,
            index=pd.Index(lone_still, dtype="str"),
        )
    )
    for frame, what in zip(stand_ins[::-1], ("a point inside its outline", "its output areas' points"), strict=False):
        if len(frame):
            names = areas.loc[frame["area_code"].unique(), "area_name"]
            notes.append(f"{len(names)} areas have no live postcode and are stood for by {what} ({_some(names)}).")
    homes = postcodes.assign(kind="postcode").set_axis(pcd7(postcodes.index.to_series()).to_numpy(), axis=0)
    origins = pd.concat([homes, *(frame for frame in stand_ins if len(frame))]).rename_axis("origin_id")

    weight = _weights(origins, counts)
    for column in WEIGHTS:
        part = weight[column if column in weight else "residents"]
        total = part.groupby(origins["area_code"]).transform("sum")
        size = part.groupby(origins["area_code"]).transform("size")
        share = (part / total.where(total > 0)).fillna(1 / size)
        origins[column] = share * origins["area_code"].map(areas[column])
    _check_people(origins, areas)
    return origins.sort_index(), notes


def _check_people(origins: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> None:
    """People in must be people out."""
    for column in WEIGHTS:
        shared = origins.groupby("area_code")[column].sum(min_count=1).reindex(areas.index)
        if not np.allclose(shared, areas[column], equal_nan=True):
            where = "origins"
            raise InputError(where, column=column, expected=f"{areas[column].sum():,.0f}", found=f"{shared.sum():,.0f}")


def _weights(origins: gpd.GeoDataFrame, counts: CountryOfBirth | None) -> pd.DataFrame:
    """People per origin by its output area, spread evenly within it; the area's usual weight where it is not known."""
    if counts is None or origins["oa_code"].isna().all():
        return pd.DataFrame({"residents": 1.0}, index=origins.index)
    sharing = origins.groupby("oa_code")["oa_code"].transform("size")
    weight = pd.DataFrame(
        {column: origins["oa_code"].map(counts.table[column]) / sharing for column in ("residents", "born_outside_uk")}
    )
    usual = weight.groupby(origins["area_code"]).transform("mean")
    return weight.fillna(usual).fillna(1.0)


def _output_area_points(output_areas: OutputAreas, lone: pd.Index) -> gpd.GeoDataFrame:
    table = output_areas.table
    if not {"easting", "northing"} <= set(table.columns):
        table = table.assign(easting=np.nan, northing=np.nan)
    table = table[table["area_code"].isin(lone) & table["easting"].notna()]
    return gpd.GeoDataFrame(
        {"area_code": table["area_code"], "oa_code": table.index, "kind": "output_area"},
        geometry=gpd.points_from_xy(table["easting"], table["northing"]),
        crs=BNG,
        index=table.index,
    )


def _some(names: pd.Index | pd.Series[str], most: int = 3) -> str:
    listed = [str(name) for name in names[:most]]
    return ", ".join(listed) + (f" and {len(names) - most:,} more" if len(names) > most else "")
