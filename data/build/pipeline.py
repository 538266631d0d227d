"""Raw official files to checked tables to a place pack: the pipeline in order, one function a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from data.build import origins as homes
from data.build.area_names import name_areas
from data.build.areas import areas_of
from data.build.built_up import built_up_of
from data.build.coverage import coverage_of
from data.build.extracts import one_extract
from data.build.ground import ground_of
from data.build.homes_checked import off_the_streets, require_homes
from data.build.inputs import Inputs, Lookups, read_lookups
from data.build.languages import languages_of
from data.build.pack import moved_when_whole, require_free
from data.build.play_spaces import play_spaces_of
from data.build.provenance import sources_of
from data.build.sites import CONTEXT_M, centres_of, returns_of, venues_of
from data.fetch.receipts import write_receipts
from data.place import RECEIPTS, Card, Place, key_of, write_card
from data.sources import census, postcodes, streets
from data.sources.ferries import read_ferries
from data.sources.gazetteer import read_gazetteer
from data.sources.workbooks import in_one_line, one_line
from geo import tables
from geo.crs import BNG, WGS84
from geo.errors import InputError
from geo.network import assumed_parts, contracted, save_segments, street_parts, waypoints

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from data.fetch.receipts import Receipt

STEPS = (
    "areas", "homes", "streets", "children's centres", "play spaces", "venues", "names", "backdrop", "built-up parts",
    "coverage", "writing",
)  # fmt: skip


def build(
    inputs: Inputs,
    out: Path,
    *,
    step: Callable[[str], None] = lambda _: None,
    receipts: Sequence[Receipt] = (),
    remarks: Sequence[str] = (),
) -> Place:
    """Build a place pack from raw files.

    Parameters
    ----------
    inputs
        The files.
    out
        Folder of the pack. It is written aside and moved there when it is whole; an older pack there is replaced, any
        other folder that is not empty is refused.
    step
        Called with each of `STEPS` as it begins.
    receipts, remarks
        Of what a program fetched: where each answer came from, and what could not be had.

    Raises
    ------
    InputError
        A file is not what it should be, or the folder cannot be written; nothing is.
    """
    out = out.resolve()
    require_free(out)
    if not key_of(inputs.name):
        where = "--name"
        raise InputError(where, expected="a name with letters or figures in it", found=repr(inputs.name))
    notes = list(remarks)
    step("areas")
    known = read_lookups(inputs)
    census_tables = [census.read_country_of_birth(path) for path in inputs.population]
    areas, figures = areas_of(inputs, known, census_tables, notes)
    areas = tables.check(tables.Areas, name_areas(areas, inputs, known, notes), str(inputs.boundaries))
    spoken = languages_of(inputs, known, areas.index, notes)
    outline = shapely.union_all(areas.geometry.to_numpy(), grid_size=0.01)

    step("homes")
    directory = postcodes.merge_postcodes([postcodes.read_postcodes(path) for path in inputs.postcodes])
    by_output_area = next((table for table in census_tables if table.geography == "oa21"), None)
    located = _on_2021(directory, known, inputs.postcodes[0])
    origins, within = _homes(inputs, known, areas, located, by_output_area, notes)

    step("streets")
    with one_extract(inputs.streets, outline) as extract:
        segments, parts, met, assumed = _streets(extract, outline, notes)
        off_streets, said = off_the_streets(segments, origins, outline, inputs)
        notes += said

        step("children's centres")
        sites = centres_of(inputs, directory.table, outline, str(areas["authority_name"].iloc[0]), notes)

        step("play spaces")
        playing = play_spaces_of(inputs, extract, outline, notes)

        step("venues")
        candidates = venues_of(inputs.venues or extract, outline, notes)

        step("names")
        names = _names(extract, outline, notes)
        crossed_by = _ferries(extract, outline)

        step("backdrop")
        backdrop, labels = ground_of(extract, areas, origins, notes)

    step("built-up parts")
    built_up = tables.check(tables.BuiltUp, built_up_of(areas, origins, segments, backdrop), str(inputs.postcodes[0]))

    step("coverage")
    coverage, unmapped = coverage_of(segments, outline, backdrop, origins, sites)

    step("writing")
    bounds = gpd.GeoSeries([outline], crs=BNG).to_crs(WGS84).total_bounds
    card = Card(
        name=one_line(pd.Series([inputs.name])).iloc[0],
        authority_code=inputs.authority,
        authority_name=str(areas["authority_name"].iloc[0]),
        bounds=tuple(round(float(value), 5) for value in bounds),  # type: ignore[arg-type]
        figures=figures,
        sources=sources_of(inputs, known, figures, areas=areas, sites=sites, play_spaces=playing, receipts=receipts),
        notes=tuple(notes),
        coverage=coverage,
        counts={"areas": len(areas), "homes": len(origins), "homes_off_the_streets": off_streets}
        | _counts(sites, coverage.unreached, hubs=inputs.hubs is not None, returned=bool(returns_of(inputs)))
        | {"street_segments": len(segments)}
        | {
            what: int(table["inside"].sum())
            for what, table in (("play_spaces", playing), ("venues", candidates), ("gazetteer", names))
            if table is not None
        },
    )
    written = {
        "areas": areas, "origins": origins, "centres": sites, "play_spaces": playing, "venues": candidates,
        "gazetteer": names, "backdrop": backdrop, "labels": labels, "built_up": built_up, "street_parts": parts,
        "waypoints": met, "assumed": assumed, "ferries": crossed_by, "unmapped": unmapped, "languages": spoken,
        "output_areas": within,
    }  # fmt: skip
    with moved_when_whole(out) as folder:
        for name, table in written.items():
            if table is not None:
                in_one_line(table).to_parquet(folder / f"{name}.parquet", compression="zstd")
        save_segments(segments, folder / "network.parquet")
        if receipts:
            write_receipts(receipts, folder / RECEIPTS)
        write_card(card, folder)
    return Place.open(out)


def _counts(sites: gpd.GeoDataFrame, unreached: Sequence[str], *, hubs: bool, returned: bool) -> dict[str, int]:
    """How many centres, and where lists of them were given doors with a family hub and network sites, there are here.

    Those of the second and third that closed are left out, and of all those that nobody can walk to.
    """
    inside = sites[sites["inside"]]
    centres = inside[inside["kind"] == "centre"]
    apart = int(centres.index.isin(unreached).sum())
    counts = {"centres": len(centres) - apart} | ({"centres_nobody_can_walk_to": apart} if apart else {})
    counts["centres_without_coordinates"] = int(centres.geometry.isna().sum())
    inside = inside[~inside.index.isin(unreached)]
    lasting = inside[~inside["status"].isin(("closed", "no_longer_listed"))]
    if hubs or returned:
        counts["family_hubs"] = int(lasting["hub"].notna().sum())
    return counts | ({"network_sites": int((lasting["kind"] == "network_site").sum())} if returned else {})


def _on_2021(directory: postcodes.Postcodes, known: Lookups, path: Path) -> pd.DataFrame:
    """The postcode directory with 2021 area codes; a 2011 code serves where the area has not changed."""
    if directory.geography != "lsoa11":
        return directory.table
    area = directory.table["area_code"]
    return directory.table.assign(area_code=area.where(area.isin(known.unchanged(path))))


def _homes(
    inputs: Inputs,
    known: Lookups,
    areas: gpd.GeoDataFrame,
    directory: pd.DataFrame,
    by_output_area: census.CountryOfBirth | None,
    notes: list[str],
) -> tuple[gpd.GeoDataFrame, pd.DataFrame | None]:
    """The authority's live postcodes with the people of each area shared out over them; their output areas."""
    live, said = homes.locate(directory, areas, authority=inputs.authority)
    notes += said
    require_homes(live, directory, areas, inputs)
    origins, said = homes.share_out(live, areas, output_areas=known.output_areas, counts=by_output_area)
    notes += said
    source, within = str(inputs.postcodes[0]), pd.DataFrame(origins[["oa_code"]].dropna())
    origins = tables.check(tables.Origins, origins.drop(columns="oa_code"), source)
    return origins, tables.check(tables.OutputAreas, within, source) if len(within) else None


def _streets(
    path: Path, outline: shapely.Geometry, notes: list[str]
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, gpd.GeoDataFrame | None, pd.DataFrame]:
    """The segments; what they are called, piece by piece; what one meets, if there is any; and what is assumed."""
    around = gpd.GeoSeries([outline.buffer(CONTEXT_M)], crs=BNG).to_crs(WGS84).total_bounds
    read = streets.read_streets(path, bounds=tuple(around))
    segments, chains = contracted(read)
    if not len(segments):
        raise InputError(path, expected="streets that can be walked", found="none in the authority")
    if not len(read.barriers):
        notes.append(
            "The street file records no gates, stiles or other barriers, so walks with a pram may look better than "
            "they are."
        )
    parts = tables.check(tables.StreetParts, street_parts(read, chains, segments), str(path))
    met = waypoints(read, chains, segments)
    assumed = tables.check(tables.Assumed, assumed_parts(read, chains, segments), str(path))
    return segments, parts, tables.check(tables.Waypoints, met, str(path)) if len(met) else None, assumed


def _ferries(path: Path, outline: shapely.Geometry) -> gpd.GeoDataFrame | None:
    """Ferries between two shores of the place or just beside it; None where the file has none."""
    table = read_ferries(path, around=outline.buffer(CONTEXT_M))
    return tables.check(tables.Ferries, table, str(path)) if len(table) else None


def _names(path: Path, outline: shapely.Geometry, notes: list[str]) -> gpd.GeoDataFrame | None:
    """Names of streets, landmarks and localities up to `CONTEXT_M` away; None where the file has none."""
    table = read_gazetteer(path, around=outline.buffer(CONTEXT_M))
    if not len(table):
        notes.append("The street file has no names, so only postcodes and grid references are found by typing.")
        return None
    shapely.prepare(outline)
    inside = shapely.contains(outline, table.geometry.to_numpy())
    return tables.check(tables.Gazetteer, table.assign(inside=inside), str(path))
