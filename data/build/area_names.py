"""What neighbourhoods are called: by a name that a resident knows, where a file of such names is given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from data.sources.area_names import MsoaNames
from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

    from data.build.inputs import Inputs, Lookups
    from data.sources.area_names import OwnNames

_NUMBER = r" (\d{3}[A-Z])$"
"""The end of an official name; without its letter, the name is that of the MSOA."""


def name_areas(areas: gpd.GeoDataFrame, inputs: Inputs, known: Lookups, notes: list[str]) -> gpd.GeoDataFrame:
    """The areas under the names that residents know, and their official ones beside them.

    "Isle of Wight 007E" becomes "Ryde South (007E)": several neighbourhoods share the name of an MSOA, and the number
    tells them apart. An own name goes before it and stands alone, unless several areas have the same.

    Parameters
    ----------
    areas
        As `geo.tables.Areas`, under official names.
    inputs, known
        The files of names; the look-up from output areas, if given, tells an area's MSOA by code. Otherwise it is told
        by name: an LSOA is called as its MSOA is, and a letter.
    notes
        Takes up how many areas keep their official name.

    Returns
    -------
    geopandas.GeoDataFrame
        The same areas with ``official_name``; without a file of names, as they were.

    Raises
    ------
    InputError
        A file names no MSOA of the authority, or an area that is not one of its own.
    """
    if not known.area_names:
        return areas
    official = areas["area_name"]
    number = official.str.extract(_NUMBER, expand=False)
    msoa = official.str[:-1].where(number.notna())
    number = number.fillna(areas.index.to_series())
    by_msoa = pd.Series(pd.NA, index=areas.index, dtype="str")
    own = by_msoa.copy()
    for path, names in known.area_names.items():
        if isinstance(names, MsoaNames):
            found = _of_msoas(names, msoa, known)
            if not found.notna().any():
                expected = f"names of the MSOAs of {inputs.authority}, such as {official.iloc[0][:-1]}"
                raise InputError(path, expected=expected, found="none of them")
            by_msoa = found.where(found.notna(), by_msoa)
        else:
            found = _of_areas(names, path, areas.index, inputs.authority)
            own = found.where(found.notna(), own)
    told = own.where(own.notna(), by_msoa + " (" + number + ")")
    shared = own.notna() & told.duplicated(keep=False)
    told = told.mask(shared, told + " (" + number + ")")
    if told.isna().any():
        notes.append(
            f"{told.isna().sum():,} of {len(areas):,} areas have no name in the files of names and keep their official "
            f"one, such as {official[told.isna()].iloc[0]}."
        )
    named = areas.assign(area_name=told.where(told.notna(), official))
    named.insert(named.columns.get_loc("area_name") + 1, "official_name", official)
    return named


def _of_msoas(names: MsoaNames, msoa: pd.Series[str], known: Lookups) -> pd.Series[str]:
    """The name of each area's MSOA, found by code where a look-up tells it, otherwise by official name."""
    found = msoa.map(names.table.set_index("msoa_name")["name"])
    if known.output_areas is not None:
        parents = known.output_areas.table.drop_duplicates("area_code").set_index("area_code")["msoa_code"]
        by_code = parents.reindex(msoa.index).map(names.table["name"])
        found = by_code.where(by_code.notna(), found)
    return found


def _of_areas(names: OwnNames, path: Path, codes: pd.Index[str], authority: str) -> pd.Series[str]:
    """Each area's own name.

    Raises
    ------
    InputError
        The file names an area that the authority does not have.
    """
    strange = names.table[~names.table.index.isin(codes)]
    if len(strange):
        raise InputError(
            path, row=int(strange["row"].iloc[0]), column="lsoa21cd",
            expected=f"an area of {authority}, such as {codes[0]}", found=repr(strange.index[0]),
        )  # fmt: skip
    return names.table["name"].reindex(codes)


def dataset_of(names: Mapping[Path, MsoaNames | OwnNames]) -> list[tuple[str, Path, str | None]]:
    """What each file of names is by the catalogue, and of which vintage."""
    return [
        ("area_names", path, f"{_edition(path)}{read.geography}")
        if isinstance(read, MsoaNames)
        else ("own_area_names", path, None)
        for path, read in names.items()
    ]


def _edition(path: Path) -> str:
    """The edition that the publisher writes into the file's name: "1.14"."""
    found = re.search(r"(?<!\d)(\d+\.\d+)\.csv", path.name)
    return f"edition {found[1]}, " if found else ""
