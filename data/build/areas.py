"""Neighbourhoods: which belong to the authority, their outlines, and the figures known for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from data.build.births import births_of, vintage_of
from data.build.children import children_of
from data.build.proxies import proxies_of
from data.sources import boundaries as outlines
from data.sources import deprivation, lookups
from geo.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from data.build.inputs import Inputs, Lookups
    from data.sources.census import CountryOfBirth


def areas_of(
    inputs: Inputs, known: Lookups, census_tables: list[CountryOfBirth], notes: list[str]
) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """The authority's areas with their figures (`geo.tables.Areas`), and the vintage of each figure.

    Raises
    ------
    InputError
        An area has no outline, or a table speaks of other areas altogether.
    """
    drawn = _on_2021_codes(outlines.read_boundaries(inputs.boundaries), inputs.boundaries, known)
    deprived, ranks = _ranks(inputs, known)
    codes, authority_name = _members(inputs, known, drawn, ranks)
    areas = drawn.reindex(codes)
    _require_drawn_and_ranked(inputs, areas, ranks)
    figures = {}
    for column in ("imd_score", "imd_rank", "imd_decile", "idaci_rank", "idaci_decile"):
        areas[column] = ranks[column].reindex(areas.index)
        figures[column] = f"{deprived.vintage} on {'2021' if deprived.geography == 'lsoa21' else '2011'} areas"
    people = _residents(inputs, known, census_tables, areas)
    for column in ("residents", "born_outside_uk"):
        areas[column] = people[column].reindex(areas.index)
        figures[column] = "Census 2021"
    for column, (share, vintage) in proxies_of(known, areas.index, notes).items():
        areas[column], figures[column] = share, vintage
    vintage, counts = children_of(inputs, known, areas, notes)
    for column in ("under2", "under5"):
        areas[column] = np.nan if counts is None else counts[column].reindex(areas.index)
        figures[column] = vintage
    if inputs.births:
        areas["births_abroad"] = births_of(inputs.births, areas.index, notes)
        figures["births_abroad"] = vintage_of(inputs.births)
    carried = next((table for table in (counts, ranks) if table is not None and "change_2011" in table), None)
    areas["change_2011"] = None if carried is None else carried["change_2011"].reindex(areas.index)
    ward = known.wards.table.reindex(areas.index) if known.wards else None
    for column in ("ward_code", "ward_name"):
        areas[column] = ward[column] if ward is not None else None
    areas["authority_code"] = inputs.authority
    areas["authority_name"] = authority_name or inputs.name
    notes += _missing_figures(areas)
    return areas.sort_index(), {name: figures[name] for name in figures if areas[name].notna().any()}


def _ranks(inputs: Inputs, known: Lookups) -> tuple[deprivation.Deprivation, pd.DataFrame]:
    """Deprivation as it was published, and its ranks by 2021 code."""
    deprived = deprivation.read_deprivation(inputs.deprivation)
    if deprived.geography == "lsoa11":
        return deprived, lookups.carry_ranks(deprived.table, changes=known.area_changes(inputs.deprivation))
    return deprived, deprived.table


def _require_drawn_and_ranked(inputs: Inputs, areas: gpd.GeoDataFrame, ranks: pd.DataFrame) -> None:
    """Raise InputError if an area has no outline, or none has a rank."""
    if areas.geometry.isna().any():
        lost = areas.index[areas.geometry.isna()]
        raise InputError(
            inputs.boundaries,
            expected=f"an outline for each of {len(areas):,} areas",
            found=f"none for {lost[0]}, which a look-up counts to {inputs.authority} ({len(lost):,} in all)",
        )
    if not areas.index.isin(ranks.index).any():
        raise InputError(
            inputs.deprivation,
            expected=f"the areas of {inputs.authority}, such as {areas.index[0]}",
            found="none of them (LSOA codes of another vintage or country?)",
        )


def _members(
    inputs: Inputs, known: Lookups, drawn: gpd.GeoDataFrame, ranks: pd.DataFrame
) -> tuple[pd.Index[str], str | None]:
    """Which areas are the authority's, by outlines and look-ups together, so that none is missed; and its name."""
    codes: pd.Index[str] = pd.Index([], dtype="str")
    name: str | None = None
    seen: list[str] = []
    candidates = [drawn, known.wards.table if known.wards else None, _area_parents(known), ranks]
    for table in candidates:
        if table is None or "authority_code" not in table:
            continue
        mine = table["authority_code"] == inputs.authority
        seen += [str(code) for code in table["authority_code"].dropna().unique()[:3]]
        if mine.any():
            # the look-ups complete what is drawn; the ranks, of which vintage ever, decide only if nothing else does
            codes = codes.union(table.index[mine]) if table is not ranks or codes.empty else codes
            if name is None and "authority_name" in table:
                name = str(table.loc[mine, "authority_name"].iloc[0])
    if codes.empty:
        raise InputError(
            inputs.boundaries,
            expected=f"areas of authority {inputs.authority} in it or in a look-up",
            found=f"authorities {', '.join(sorted(set(seen))[:5]) or '(none named)'}",
        )
    return codes.unique().rename("area_code"), name


def _area_parents(known: Lookups) -> pd.DataFrame | None:
    if known.output_areas is None:
        return None
    parents = known.output_areas.table[["area_code", "authority_code", "authority_name"]]
    return parents.drop_duplicates("area_code").set_index("area_code")


def _residents(
    inputs: Inputs, known: Lookups, census_tables: list[CountryOfBirth], areas: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Residents by area; summed from output areas only where no table of areas is given (the two differ by design)."""
    for table in census_tables:
        if table.geography == "lsoa21":
            people = table.table
            break
    else:
        people = known.to_areas(census_tables[0].table, inputs.population[0])
    if not areas.index.isin(people.index).any():
        raise InputError(
            inputs.population[0],
            expected=f"the areas of {inputs.authority}, such as {areas.index[0]}",
            found="none of them (codes of another vintage?)",
        )
    return people


def _on_2021_codes(drawn: outlines.Boundaries, path: Path, known: Lookups) -> gpd.GeoDataFrame:
    """Outlines by 2021 code; those of 2011 serve where the area has not changed."""
    return drawn.table if drawn.geography == "lsoa21" else drawn.table[drawn.table.index.isin(known.unchanged(path))]


def _missing_figures(areas: gpd.GeoDataFrame) -> list[str]:
    notes = []
    for column, what in (
        ("imd_rank", "no deprivation rank"), ("residents", "no resident count"), ("under5", "no count of under-fives"),
    ):  # fmt: skip
        missing = int(areas[column].isna().sum())
        if missing:
            notes.append(f"{missing:,} of {len(areas):,} areas have {what}.")
    for change, said in (
        ("split", "are parts of a larger 2011 area, their counts of children shared out by residents"),
        ("merged", "are several 2011 areas made one, their counts of children summed"),
        ("complex", "changed in a complex way since 2011, so that 2011 figures are not carried to them"),
    ):
        count = int((areas["change_2011"] == change).sum())
        if count:
            notes.append(f"Areas that {said}: {count:,}.")
    return notes
