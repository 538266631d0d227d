"""Raw official files to checked tables to a place pack: the pipeline in order, one function a table."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data import origins as homes
from data.catalogue import CATALOGUE
from data.place import CARD, Card, Place, Source, write_card
from data.sources import boundaries as outlines
from data.sources import census, centres, deprivation, lookups, play_spaces, postcodes, streets
from geo import tables
from geo.crs import BNG, WGS84
from geo.errors import InputError
from geo.network import BUGGY, SNAP_LIMIT_M, WalkNetwork, save_segments, segments_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CONTEXT_M = 3000.0
"""Streets and sites are taken this far beyond the authority's boundary: inside are answers, outside is context."""

STEPS = ("areas", "homes", "streets", "children's centres", "play spaces", "writing")


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """The raw files of a place; look-ups, census tables and centre lists are told apart by their columns."""

    name: str
    authority: str
    streets: Path
    boundaries: Path
    postcodes: tuple[Path, ...]
    deprivation: Path
    population: tuple[Path, ...]
    centres: tuple[Path, ...]
    lookups: tuple[Path, ...] = ()
    children: Path | None = None
    wards: Path | None = None
    centre_points: Path | None = None
    closures: tuple[Path, ...] = ()
    play_spaces: Path | None = None
    retired_postcodes: bool = False
    """Whether a centre without coordinates is put where its retired postcode last was."""


@dataclass(frozen=True, kw_only=True)
class _Lookups:
    output_areas: lookups.OutputAreas | None
    changes: lookups.AreaChanges | None
    wards: lookups.Wards | None
    dataset: dict[Path, str]
    """What each file is, by the catalogue."""


def build(inputs: Inputs, out: Path, *, step: Callable[[str], None] = lambda _: None) -> Place:
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

    Raises
    ------
    InputError
        A file is not what it should be; nothing is written.
    """
    if out.exists() and not (out / CARD).exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(out, expected="a new folder or an older place", found="something else")
    notes: list[str] = []
    step("areas")
    known = _lookups(inputs)
    census_tables = [census.read_country_of_birth(path) for path in inputs.population]
    areas, figures = _areas(inputs, known, census_tables, notes)
    outline = shapely.union_all(areas.geometry.to_numpy(), grid_size=0.01)

    step("homes")
    directory = postcodes.merge_postcodes([postcodes.read_postcodes(path) for path in inputs.postcodes])
    live, said = homes.locate(_on_2021(directory, known), areas, authority=inputs.authority)
    notes += said
    by_output_area = next((table for table in census_tables if table.geography == "oa21"), None)
    origins, said = homes.share_out(live, areas, output_areas=known.output_areas, counts=by_output_area)
    notes += said
    _check_weights(origins, areas)

    step("streets")
    segments = _segments(inputs.streets, outline, notes)
    off_streets = _off_streets(segments, origins, notes)

    step("children's centres")
    sites = _centres(inputs, directory.table, outline, notes)

    step("play spaces")
    playing = _play_spaces(inputs, outline, notes)

    step("writing")
    areas = tables.check(tables.Areas, areas, str(inputs.boundaries))
    bounds = gpd.GeoSeries([outline], crs=BNG).to_crs(WGS84).total_bounds
    card = Card(
        name=inputs.name,
        authority_code=inputs.authority,
        authority_name=str(areas["authority_name"].iloc[0]),
        bounds=tuple(round(float(value), 5) for value in bounds),  # type: ignore[arg-type]
        figures=figures,
        sources=_sources(inputs, known, figures, sites),
        notes=tuple(notes),
        counts={
            "areas": len(areas),
            "homes": len(origins),
            "homes_off_the_streets": off_streets,
            "centres": int(sites["inside"].sum()),
            "centres_without_coordinates": int((sites["inside"] & sites.geometry.isna()).sum()),
            "street_segments": len(segments),
        }
        | ({"play_spaces": int(playing["inside"].sum())} if playing is not None else {}),
    )
    with _moved_when_whole(out) as folder:
        areas.to_parquet(folder / "areas.parquet", compression="zstd")
        origins.to_parquet(folder / "origins.parquet", compression="zstd")
        sites.to_parquet(folder / "centres.parquet", compression="zstd")
        if playing is not None:
            playing.to_parquet(folder / "play_spaces.parquet", compression="zstd")
        save_segments(segments, folder / "network.parquet")
        write_card(card, folder)
    return Place.open(out)


_LOOKUP_DATASETS = {
    lookups.OutputAreas: "output_areas", lookups.AreaChanges: "area_changes", lookups.Wards: "wards",
}  # fmt: skip


def _lookups(inputs: Inputs) -> _Lookups:
    paths = (*inputs.lookups, *([inputs.wards] if inputs.wards else []))
    read = {path: lookups.read_lookup(path) for path in paths}
    return _Lookups(
        output_areas=next((table for table in read.values() if isinstance(table, lookups.OutputAreas)), None),
        changes=next((table for table in read.values() if isinstance(table, lookups.AreaChanges)), None),
        wards=next((table for table in read.values() if isinstance(table, lookups.Wards)), None),
        dataset={path: _LOOKUP_DATASETS[type(table)] for path, table in read.items()},
    )


def _areas(
    inputs: Inputs, known: _Lookups, census_tables: list[census.CountryOfBirth], notes: list[str]
) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """The authority's areas with their figures, and the vintage of each figure."""
    drawn = _on_2021_codes(outlines.read_boundaries(inputs.boundaries), inputs.boundaries, known)
    deprived = deprivation.read_deprivation(inputs.deprivation)
    ranks = deprived.table
    changed = None
    if deprived.geography == "lsoa11":
        ranks = lookups.carry_ranks(ranks, changes=_changes(known, inputs.deprivation))
        changed = ranks["change_2011"]
    codes, authority_name = _members(inputs, known, drawn, ranks)
    areas = drawn.reindex(codes)
    if areas.geometry.isna().any():
        lost = areas.index[areas.geometry.isna()]
        raise InputError(
            inputs.boundaries, expected=f"an outline for each of {len(areas):,} areas", found=f"none for {lost[0]} "
            f"({len(lost):,} in all)",
        )  # fmt: skip
    if not areas.index.isin(ranks.index).any():
        raise InputError(
            inputs.deprivation,
            expected=f"the areas of {inputs.authority}, such as {areas.index[0]}",
            found="none of them (LSOA codes of another vintage or country?)",
        )
    figures = {}
    for column in ("imd_score", "imd_rank", "imd_decile", "idaci_rank", "idaci_decile"):
        areas[column] = ranks[column].reindex(areas.index)
        figures[column] = f"{deprived.vintage} on {'2021' if deprived.geography == 'lsoa21' else '2011'} areas"
    people = _residents(inputs, known, census_tables, areas)
    for column in ("residents", "born_outside_uk"):
        areas[column] = people[column].reindex(areas.index)
        figures[column] = "Census 2021"
    areas["under2"] = areas["under5"] = np.nan
    if inputs.children:
        children = census.read_children(inputs.children)
        counts = children.table
        if children.geography == "oa21":
            counts = _summed_to_areas(counts, inputs.children, known)
        elif children.geography == "lsoa11":
            counts = lookups.carry_counts(
                counts, changes=_changes(known, inputs.children), residents=areas["residents"]
            )
            changed = counts["change_2011"]
        for column in ("under2", "under5"):
            areas[column] = counts[column].reindex(areas.index)
            figures[column] = children.vintage
    areas["change_2011"] = changed.reindex(areas.index) if changed is not None else None
    ward = known.wards.table.reindex(areas.index) if known.wards else None
    for column in ("ward_code", "ward_name"):
        areas[column] = ward[column] if ward is not None else None
    areas["authority_code"] = inputs.authority
    areas["authority_name"] = authority_name or inputs.name
    notes += _missing_figures(areas)
    return areas.sort_index(), {name: figures[name] for name in figures if areas[name].notna().any()}


def _members(
    inputs: Inputs, known: _Lookups, drawn: gpd.GeoDataFrame, ranks: pd.DataFrame
) -> tuple[pd.Index[str], str | None]:
    """Which areas are the authority's, by the first of the files that knows the authority; and its name."""
    codes: pd.Index[str] | None = None
    name: str | None = None
    seen: list[str] = []
    candidates = [drawn, known.wards.table if known.wards else None, _area_parents(known), ranks]
    for table in candidates:
        if table is None or "authority_code" not in table:
            continue
        mine = table["authority_code"] == inputs.authority
        seen += [str(code) for code in table["authority_code"].dropna().unique()[:3]]
        if mine.any():
            codes = table.index[mine] if codes is None else codes
            if name is None and "authority_name" in table:
                name = str(table.loc[mine, "authority_name"].iloc[0])
    if codes is None:
        raise InputError(
            inputs.boundaries,
            expected=f"areas of authority {inputs.authority} in it or in a look-up",
            found=f"authorities {', '.join(sorted(set(seen))[:5]) or '(none named)'}",
        )
    return codes.unique().rename("area_code"), name


def _area_parents(known: _Lookups) -> pd.DataFrame | None:
    if known.output_areas is None:
        return None
    parents = known.output_areas.table[["area_code", "authority_code", "authority_name"]]
    return parents.drop_duplicates("area_code").set_index("area_code")


def _residents(
    inputs: Inputs, known: _Lookups, census_tables: list[census.CountryOfBirth], areas: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Residents by area; summed from output areas only where no table of areas is given (the two differ by design)."""
    for table in census_tables:
        if table.geography == "lsoa21":
            people = table.table
            break
    else:
        people = _summed_to_areas(census_tables[0].table, inputs.population[0], known)
    if not areas.index.isin(people.index).any():
        raise InputError(
            inputs.population[0],
            expected=f"the areas of {inputs.authority}, such as {areas.index[0]}",
            found="none of them (codes of another vintage?)",
        )
    return people


def _summed_to_areas(counts: pd.DataFrame, path: Path, known: _Lookups) -> pd.DataFrame:
    """Counts by output area, summed by the area they belong to; missing stays missing."""
    if known.output_areas is None:
        raise InputError(path, expected="a table of LSOAs, or a look-up from output areas to them", found="neither")
    parent = known.output_areas.table["area_code"].reindex(counts.index)
    return counts.groupby(parent).sum(min_count=1)


def _changes(known: _Lookups, of: Path) -> lookups.AreaChanges:
    if known.changes is None:
        raise InputError(of, expected="2021 areas, or a --lookup from 2011 to 2021 areas", found="2011 areas and none")
    return known.changes


def _on_2021_codes(drawn: outlines.Boundaries, path: Path, known: _Lookups) -> gpd.GeoDataFrame:
    """Outlines by 2021 code; those of 2011 serve where the area has not changed."""
    if drawn.geography == "lsoa21":
        return drawn.table
    changes = _changes(known, path).table
    same = changes.loc[changes["change"] == "unchanged", "lsoa21_code"]
    return drawn.table[drawn.table.index.isin(same)]


def _on_2021(directory: postcodes.Postcodes, known: _Lookups) -> pd.DataFrame:
    """The postcode directory with 2021 area codes; a 2011 code serves where the area has not changed."""
    if directory.geography != "lsoa11":
        return directory.table
    if known.changes is None:
        return directory.table.assign(area_code=None)
    changes = known.changes.table
    same = changes.loc[changes["change"] == "unchanged", "lsoa21_code"]
    return directory.table.assign(area_code=directory.table["area_code"].where(directory.table["area_code"].isin(same)))


def _missing_figures(areas: gpd.GeoDataFrame) -> list[str]:
    notes = []
    for column, what in (
        ("imd_rank", "no deprivation rank"), ("residents", "no resident count"), ("under5", "no count of under-fives"),
    ):  # fmt: skip
        missing = int(areas[column].isna().sum())
        if missing:
            notes.append(f"{missing:,} of {len(areas):,} areas have {what}.")
    for change, said in (
        ("split", "are parts of a larger 2011 area: their counts of children are shared out by residents"),
        ("merged", "are several 2011 areas made one: their counts of children are summed"),
        ("complex", "changed in a complex way since 2011: 2011 figures are not carried to them"),
    ):
        count = int((areas["change_2011"] == change).sum())
        if count:
            notes.append(f"{count:,} areas {said}.")
    return notes


def _check_weights(origins: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> None:
    """People in must be people out."""
    for column in homes.WEIGHTS:
        shared = origins.groupby("area_code")[column].sum(min_count=1).reindex(areas.index)
        if not np.allclose(shared, areas[column], equal_nan=True):
            where = "origins"
            raise InputError(where, column=column, expected=f"{areas[column].sum():,.0f}", found=f"{shared.sum():,.0f}")


def _segments(path: Path, outline: shapely.Geometry, notes: list[str]) -> gpd.GeoDataFrame:
    around = gpd.GeoSeries([outline.buffer(CONTEXT_M)], crs=BNG).to_crs(WGS84).total_bounds
    read = streets.read_streets(path, bounds=tuple(around))  # type: ignore[arg-type]
    segments = segments_from(read)
    if not len(segments):
        raise InputError(path, expected="streets that can be walked", found="none in the authority")
    if not len(read.barriers):
        notes.append(
            "The street file records no gates, stiles or other barriers, so walks with a pram may look better than "
            "they are."
        )
    return segments


def _off_streets(segments: gpd.GeoDataFrame, origins: gpd.GeoDataFrame, notes: list[str]) -> int:
    """How many homes no pram can be walked from, for want of a street within `SNAP_LIMIT_M`."""
    off = int((~WalkNetwork.of(segments, BUGGY).snap(origins.geometry.to_numpy()).on_network).sum())
    if off:
        notes.append(
            f"{off:,} of {len(origins):,} homes are more than {SNAP_LIMIT_M:.0f} m from any street of the street file: "
            "their walk is not known, and areas where most are so are shown as having no street data."
        )
    return off


def _centres(inputs: Inputs, directory: pd.DataFrame, outline: shapely.Geometry, notes: list[str]) -> gpd.GeoDataFrame:
    """Children's centres of the authority, and of its neighbours up to `CONTEXT_M` away."""
    listed = centres.read_centres(inputs.centres)
    table = listed.table
    if inputs.centre_points:
        given = centres.read_centre_points(inputs.centre_points)
        for column in ("easting", "northing"):
            table[column] = table[column].fillna(given[column].reindex(table.index))
    key = table["postcode"].fillna("").str.replace(" ", "").str.upper()
    if inputs.retired_postcodes or not inputs.centre_points:
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
    postcode_here = key.reindex(sites.index).isin(of_authority.index)
    shapely.prepare(outline)
    near = shapely.dwithin(outline, sites.geometry.to_numpy(), CONTEXT_M)
    sites["inside"] = shapely.contains(outline, sites.geometry.to_numpy()) | (
        postcode_here & (near | sites.geometry.isna())
    )
    kept = sites[sites["inside"] | near]
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


def _play_spaces(inputs: Inputs, outline: shapely.Geometry, notes: list[str]) -> gpd.GeoDataFrame | None:
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


def _sources(inputs: Inputs, known: _Lookups, figures: dict[str, str], sites: gpd.GeoDataFrame) -> tuple[Source, ...]:
    """Every file with its vintage, hash and the day it was read."""
    today = datetime.now(tz=UTC).date().isoformat()
    listed = sites["source_date"].max()
    given: list[tuple[str, Path | None, str | None]] = [
        ("streets", inputs.streets, streets.vintage(inputs.streets)),
        ("boundaries", inputs.boundaries, None),
        *(("postcode_directory", path, None) for path in inputs.postcodes),
        ("deprivation", inputs.deprivation, figures.get("imd_rank")),
        *(("country_of_birth", path, "Census 2021") for path in inputs.population),
        ("children", inputs.children, figures.get("under5")),
        *((known.dataset[path], path, None) for path in inputs.lookups),
        ("wards", inputs.wards, None),
        *(("centres", path, None if pd.isna(listed) else f"{listed:%Y-%m-%d}") for path in inputs.centres),
        ("code_point_open", inputs.centre_points, None),
        *(("council_closures", path, None) for path in inputs.closures),
        ("play_spaces", inputs.play_spaces, None),
    ]
    return tuple(
        Source(
            dataset=dataset,
            file=path.name,
            vintage=vintage or _vintage_in_name(path),
            sha256=_sha256(path),
            read=today,
            licence=CATALOGUE[dataset].licence,
            attribution=CATALOGUE[dataset].attribution,
        )
        for dataset, path, vintage in given
        if path is not None
    )


def _vintage_in_name(path: Path) -> str:
    found = re.search(r"20\d\d(?:-\d\d){0,2}", path.name)
    return found.group() if found else "not stated"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _moved_when_whole(out: Path) -> Iterator[Path]:
    """A folder to write in, beside ``out``; it takes its place when all went well and vanishes when not."""
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield folder
        folder.chmod(0o755)
        if out.exists():
            old = folder.with_name(folder.name + "-old")
            out.replace(old)
            folder.replace(out)
            shutil.rmtree(old)
        else:
            folder.replace(out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
