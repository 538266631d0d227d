"""Where families walk to: a place's children's centres and play spaces, and its neighbours' just across the border."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from data.sources import centres, play_spaces
from geo import tables
from geo.crs import BNG

if TYPE_CHECKING:
    from data.inputs import Inputs

CONTEXT_M = 3000.0
"""Streets and sites are taken this far beyond the authority's boundary: inside are answers, outside is context."""


def centres_of(
    inputs: Inputs, directory: pd.DataFrame, outline: shapely.Geometry, authority_name: str, notes: list[str]
) -> gpd.GeoDataFrame:
    """Children's centres of the authority, and of its neighbours up to `CONTEXT_M` away (`geo.tables.Sites`).

    A centre is inside if its point is; if it has none, or lies on the shore, if its postcode is the authority's or the
    register names the authority.

    Parameters
    ----------
    inputs
        The lists, their points and the council's closures.
    directory
        Postcodes as `data.sources.postcodes.Postcodes.table`.
    outline
        The authority's, British National Grid.
    authority_name
        As the register may have it.
    notes
        Sentences on what a reader should know are added to it.
    """
    listed = centres.read_centres(inputs.centres)
    table = listed.table
    if inputs.centre_points:
        given = centres.read_centre_points(inputs.centre_points)
        for column in ("easting", "northing"):
            table[column] = table[column].fillna(given[column].reindex(table.index))
    key = table["postcode"].fillna("").str.replace(" ", "").str.upper()
    known = directory if inputs.retired_postcodes else directory[directory["live"]]
    for column in ("easting", "northing"):
        table[column] = table[column].fillna(key.map(known[column]))
    national = len(listed.notes)  # what is odd elsewhere in England is no concern of this place
    for path in inputs.closures:
        listed = centres.apply_closures(listed, centres.read_closures(path))
        table = listed.table
    points = gpd.GeoSeries(gpd.points_from_xy(table["easting"], table["northing"]), index=table.index, crs=BNG)
    points = points.where(table["easting"].notna(), None)
    sites = gpd.GeoDataFrame(table, geometry=points, crs=BNG)
    of_authority = directory[directory["authority_code"].fillna(inputs.authority) == inputs.authority]
    ours = key.reindex(sites.index).isin(of_authority.index) | (sites["la_name"] == authority_name)
    shapely.prepare(outline)
    near = shapely.dwithin(outline, sites.geometry.to_numpy(), CONTEXT_M)
    sites["inside"] = shapely.contains(outline, sites.geometry.to_numpy()) | (ours & (near | sites.geometry.isna()))
    kept = sites[sites["inside"] | near]
    far = sites[(sites["la_name"] == authority_name) & ~sites.index.isin(kept.index)]
    for site_id, name in far["name"].items():
        notes.append(
            f"{name} ({site_id}) is the authority's by the register, but its coordinates lie more than "
            f"{CONTEXT_M / 1000:.0f} km outside, so it is left out: are they right?"
        )
    lost = kept[kept.geometry.isna()]
    for site_id, site in lost.iterrows():
        at = key[site_id]
        hint = (
            f"its postcode {site['postcode']} is retired; the directory last had it at "
            f"{directory.loc[at, 'easting']:.0f}, {directory.loc[at, 'northing']:.0f} (--retired-postcodes "
            "would put it there)"
            if at in directory.index and pd.notna(directory.loc[at, "easting"])
            else "give it some in a --centre-points file"
        )
        notes.append(f"{site['name']} ({site_id}) has no coordinates and is not walked to: {hint}.")
    notes += listed.notes[national:]
    if not kept["inside"].any():
        notes.append("No children's centre of this authority is in the lists given.")
    kept = kept.drop(columns=["easting", "northing", "la_code", "la_name", "district_code"], errors="ignore")
    return tables.check(tables.Sites, kept.sort_index(), str(inputs.centres[0]))


def play_spaces_of(inputs: Inputs, outline: shapely.Geometry, notes: list[str]) -> gpd.GeoDataFrame | None:
    """Play spaces up to `CONTEXT_M` away; None where the file has none, for that is no answer."""
    found = play_spaces.read_play_spaces(inputs.play_spaces or inputs.streets)
    near = shapely.dwithin(outline, found.table.geometry.to_numpy(), CONTEXT_M)
    table = found.table[near]
    if not len(table):
        notes.append("There is no play-space data for this place: walks to play spaces are not known.")
        return None
    notes += list(found.notes)
    inside = shapely.intersects(outline, table.geometry.to_numpy())
    return tables.check(
        tables.Sites, table.assign(inside=inside).sort_index(), str(inputs.play_spaces or inputs.streets)
    )
