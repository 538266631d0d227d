"""Where families walk to: centres and hubs, neighbours' too; and buildings where a centre could be put."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from data.sources import centres, hubs, venues
from data.sources.delimited import normalise_postcodes
from data.sources.return_doors import join_return
from data.sources.site_return import is_return, read_site_return
from geo import tables
from geo.crs import BNG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from data.build.inputs import Inputs

CONTEXT_M = 3000.0
"""Streets and sites are taken this far beyond the authority's boundary: inside are answers, outside is context."""


def centres_of(
    inputs: Inputs, directory: pd.DataFrame, outline: shapely.Geometry, authority_name: str, notes: list[str]
) -> gpd.GeoDataFrame:
    """Children's centres, family hubs and network sites of the authority, and its neighbours' up to `CONTEXT_M` away.

    A site is inside if its point is; if it has none, or lies on the shore, if its postcode is the authority's or the
    register names the authority. The council's own return of sites may stand among the lists or in place of the hubs.

    Parameters
    ----------
    inputs
        The lists, their points, the council's closures, the family hubs and the council's return.
    directory
        Postcodes as `data.sources.postcodes.Postcodes.table`.
    outline
        The authority's, British National Grid.
    authority_name
        As the register may have it.
    notes
        Sentences on what a reader should know are added to it.

    Returns
    -------
    geopandas.GeoDataFrame
        As `geo.tables.Sites`.
    """
    returns = returns_of(inputs)
    lists = [path for path in inputs.centres if path not in returns]
    listed = centres.read_centres(lists) if lists or not returns else centres.no_centres()
    national = len(listed.notes)  # what is odd elsewhere in England is no concern of this place
    for path in inputs.closures:
        listed = centres.apply_closures(listed, centres.read_closures(path))
    table = listed.table
    if inputs.centre_points:
        table = _filled(table, centres.read_centre_points(inputs.centre_points))
    known = directory if inputs.retired_postcodes else directory[directory["live"]]
    sites, unsure = _placed(table, known), pd.Series(dtype="str")
    for path in returns:
        rows, said = read_site_return(path)
        sites, matched = join_return(sites, _placed(rows.assign(la_name=authority_name), known))
        notes += [*said, *matched]
    if inputs.hubs and inputs.hubs not in returns:
        # a hub that is listed nationally is no network site, whatever it shares with one
        network = sites["kind"] == "network_site"
        both, unsure = hubs.join_hubs(sites[~network], _placed(hubs.read_hubs(inputs.hubs), known))
        sites = pd.concat([both, sites[network]]).rename_axis("site_id")
    of_authority = directory[directory["authority_code"].fillna(inputs.authority) == inputs.authority]
    ours = normalise_postcodes(sites["postcode"]).isin(of_authority.index) | (sites["la_name"] == authority_name)
    shapely.prepare(outline)
    near = shapely.dwithin(outline, sites.geometry.to_numpy(), CONTEXT_M)
    sites["inside"] = shapely.contains(outline, sites.geometry.to_numpy()) | (ours & (near | sites.geometry.isna()))
    kept = sites[sites["inside"] | near]
    far = sites[(sites["la_name"] == authority_name) & ~sites.index.isin(kept.index)]
    notes += [
        f"{name} ({site_id}) is the authority's by {'its' if site_id.startswith('return-') else 'the'} "
        f"{'return' if site_id.startswith('return-') else 'register'}, but its coordinates lie more than "
        f"{CONTEXT_M / 1000:.0f} km outside, so it is left out: are they right?"
        for site_id, name in far["name"].items()
    ]
    notes += _not_located(kept, directory)
    notes += listed.notes[national:]
    notes += unsure[unsure.index.isin(kept.index)].tolist()
    if not (kept["inside"] & (kept["kind"] == "centre")).any():
        notes.append("No children's centre of this authority is in the lists given.")
    kept = kept.drop(columns=["easting", "northing", "la_code", "la_name", "district_code"], errors="ignore")
    return tables.check(tables.Sites, kept.sort_index(), str(inputs.centres[0]))


def returns_of(inputs: Inputs) -> list[Path]:
    """The council's returns of sites, of the files that were given as lists of centres or of hubs."""
    given = (*inputs.centres, *([inputs.hubs] if inputs.hubs else []))
    return [path for path in dict.fromkeys(given) if is_return(path)]


def _filled(table: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """The table with coordinates from ``points`` where it has none of its own."""
    return table.assign(
        **{axis: table[axis].fillna(points[axis].reindex(table.index)) for axis in ("easting", "northing")}
    )


def _placed(table: pd.DataFrame, directory: pd.DataFrame) -> gpd.GeoDataFrame:
    """The table with points, by its own coordinates or else by its postcodes; none where neither is known."""
    by_postcode = (
        directory[["easting", "northing"]].reindex(normalise_postcodes(table["postcode"])).set_axis(table.index)
    )
    table = _filled(table, by_postcode)
    points = gpd.GeoSeries(gpd.points_from_xy(table["easting"], table["northing"]), index=table.index, crs=BNG)
    return gpd.GeoDataFrame(table, geometry=points.where(table["easting"].notna(), None), crs=BNG)


def _not_located(kept: gpd.GeoDataFrame, directory: pd.DataFrame) -> Iterator[str]:
    """Name the sites without a point, and say what would give them one."""
    lost = kept[kept.geometry.isna()]
    last = directory[["easting", "northing"]].reindex(normalise_postcodes(lost["postcode"]))
    for site_id, (name, kind, postcode), (east, north) in zip(
        lost.index, lost[["name", "kind", "postcode"]].to_numpy(object), last.to_numpy(), strict=True
    ):
        if pd.notna(east):
            hint = (
                f"its postcode {postcode} is retired; the directory last had it at {east:.0f}, {north:.0f} "
                "(--retired-postcodes would put it there)"
            )
        elif site_id.startswith("return-"):
            hint = f"its postcode {postcode} is in no directory given; is it right in the return?"
        elif kind == "hub":
            hint = "give it lat and lon in the list of hubs"
        else:
            hint = "give it some in a --centre-points file"
        yield f"{name} ({site_id}) has no coordinates and is not walked to: {hint}."


def venues_of(path: Path, outline: shapely.Geometry, notes: list[str]) -> gpd.GeoDataFrame | None:
    """Venues up to `CONTEXT_M` away, as `geo.tables.Venues`; None where the file has none."""
    found = venues.read_venues(path)
    table = found.table[shapely.dwithin(outline, found.table.geometry.to_numpy(), CONTEXT_M)]
    if not len(table):
        notes.append("There is no data on venues for this place, so none are suggested for a new centre.")
        return None
    notes += list(found.notes)
    inside = shapely.contains(outline, table.geometry.to_numpy())
    return tables.check(tables.Venues, table.assign(inside=inside).sort_index(), str(path))
