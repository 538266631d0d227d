"""The raw files of a place, told apart by their columns, and what their look-ups say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from data.sources import area_names, lookups
from data.sources.proxies import read_proxies
from geo.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from data.sources.proxies import Proxies


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """The raw files of a place; look-ups, names, census tables and centre lists are told apart by their columns."""

    name: str
    authority: str
    streets: tuple[Path, ...]
    boundaries: Path
    postcodes: tuple[Path, ...]
    deprivation: Path
    population: tuple[Path, ...]
    centres: tuple[Path, ...]
    lookups: tuple[Path, ...] = ()
    area_names: tuple[Path, ...] = ()
    census: tuple[Path, ...] = ()
    """Further tables of the Census: length of residence, proficiency in English, household language."""
    languages: Path | None = None
    """People by main language and output area."""
    children: Path | None = None
    births: Path | None = None
    """A council's own table of births by parents' country, which is private."""
    wards: Path | None = None
    centre_points: Path | None = None
    closures: tuple[Path, ...] = ()
    play_spaces: Path | None = None
    greenspace: Path | None = None
    """OS Open Greenspace, of which play spaces are taken that the former does not have."""
    hubs: Path | None = None
    venues: Path | None = None
    retired_postcodes: bool = False
    """Whether a centre without coordinates is put where its retired postcode last was."""
    accept_off_streets: bool = False
    """Whether a place is built even if over half of its homes are off the streets."""
    children_published: bool = False
    """Whether somebody says that the table of children is published; otherwise all but the Census is private."""


@dataclass(frozen=True, kw_only=True)
class Lookups:
    """The look-ups that were given; None for those that were not."""

    output_areas: lookups.OutputAreas | None
    changes: lookups.AreaChanges | None
    wards: lookups.Wards | None
    dataset: dict[Path, str]
    """What each file is, by the catalogue."""
    area_names: dict[Path, area_names.MsoaNames | area_names.OwnNames]
    """The names of neighbourhoods in each file of them, in the order given; a later file goes before an earlier one."""
    proxies: dict[Path, Proxies] = field(default_factory=dict)
    """What each further table of the Census says."""

    def area_changes(self, of: Path) -> lookups.AreaChanges:
        """The look-up from 2011 to 2021 areas, which a file on 2011 areas needs.

        Raises
        ------
        InputError
            None was given.
        """
        if self.changes is None:
            raise InputError(
                of, expected="2021 areas, or a --lookup from 2011 to 2021 areas", found="2011 areas and no such look-up"
            )
        return self.changes

    def unchanged(self, of: Path) -> pd.Series[str]:
        """Codes of the areas that are as they were in 2011: for them, and only for them, a 2011 code is a 2021 code."""
        table = self.area_changes(of).table
        return table.loc[table["change"] == "unchanged", "lsoa21_code"]

    def to_areas(self, counts: pd.DataFrame, of: Path) -> pd.DataFrame:
        """Counts by output area, summed by the area they belong to; an area that lacks one of its own is missing.

        Raises
        ------
        InputError
            No look-up from output areas was given.
        """
        if self.output_areas is None:
            raise InputError(of, expected="a table of LSOAs, or a --lookup from output areas to them", found="neither")
        parent = self.output_areas.table["area_code"]
        every = counts.reindex(parent.index)
        return every.groupby(parent).sum().where(every.notna().groupby(parent).all())


_LOOKUP_DATASETS = {
    lookups.OutputAreas: "output_areas", lookups.AreaChanges: "area_changes", lookups.Wards: "wards",
}  # fmt: skip


def read_lookups(inputs: Inputs) -> Lookups:
    """Read the look-ups, whatever they are."""
    paths = (*inputs.lookups, *([inputs.wards] if inputs.wards else []))
    read = {path: lookups.read_lookup(path) for path in paths}
    if inputs.wards and not isinstance(read[inputs.wards], lookups.Wards):
        raise InputError(inputs.wards, expected="a look-up of areas to wards", found="another look-up")
    return Lookups(
        output_areas=next((table for table in read.values() if isinstance(table, lookups.OutputAreas)), None),
        changes=next((table for table in read.values() if isinstance(table, lookups.AreaChanges)), None),
        wards=next((table for table in read.values() if isinstance(table, lookups.Wards)), None),
        dataset={path: _LOOKUP_DATASETS[type(table)] for path, table in read.items()},
        area_names={path: area_names.read_area_names(path) for path in inputs.area_names},
        proxies={path: read_proxies(path) for path in inputs.census},
    )
