"""Which area belongs to which: output areas, the changes from 2011 to 2021, wards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.sources.delimited import (
    codes,
    find_column,
    numbers,
    read_delimited,
    refuse_duplicates,
    require_columns,
    text,
)
from geo.errors import InputError
from geo.tables import CHANGES_2011

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_OA = ("oa21cd", "oa21_code")
_LSOA21 = ("lsoa21cd", "lsoa21_code")
_LSOA11 = ("lsoa11cd", "F_LSOA11CD", "lsoa11_code")
_CHANGE = ("chgind", "chngind")
_WARD = ("wdYYcd", "wardYY_code", "wdYY_code")
_WORDS = dict(zip("USMX", CHANGES_2011, strict=True))
_LSOA_PATTERN, _LSOA_EXPECTED = r"[EW]01[0-9]{6}", "an LSOA code such as E01000001"


@dataclass(frozen=True)
class OutputAreas:
    """Which neighbourhood and authority each output area belongs to.

    Parameters
    ----------
    table
        Indexed by ``oa_code`` (2021): ``area_code, area_name, msoa_code, msoa_name, authority_code,
        authority_name`` (text) and, if the file carries points, ``easting, northing`` (metres, British
        National Grid).
    """

    table: pd.DataFrame


@dataclass(frozen=True)
class AreaChanges:
    """What became of the neighbourhoods of 2011 by 2021.

    Parameters
    ----------
    table
        One row a pair: ``lsoa11_code, lsoa21_code, change`` (unchanged, split, merged or complex).
    """

    table: pd.DataFrame


@dataclass(frozen=True)
class Wards:
    """Which ward each neighbourhood lies in, by best fit: it may cross a ward's boundary.

    Parameters
    ----------
    table
        Indexed by ``area_code`` (LSOA 2021): ``ward_code, ward_name, authority_code, authority_name`` (text).
    """

    table: pd.DataFrame


def read_lookup(path: Path) -> OutputAreas | AreaChanges | Wards:
    """Read a lookup of areas; its columns tell which of the three it is.

    Source: Office for National Statistics, Open Geography Portal.

    Raises
    ------
    InputError
        The file is none of the three, lacks a column, or has a code twice or ill-formed.
    """
    frame = read_delimited(path)
    columns = [str(name) for name in frame.columns]
    if find_column(columns, _OA) is not None:
        return _output_areas(frame, path)
    if find_column(columns, _LSOA11) is not None:
        return _area_changes(frame, path)
    if find_column(columns, _WARD) is not None:
        return _wards(frame, path)
    expected = "columns oa21cd and lsoa21cd, or lsoa11cd, lsoa21cd and chgind, or lsoa21cd and wd24cd"
    raise InputError(path, row=1, expected=expected, found=f"only {', '.join(map(repr, columns[:8]))}")


def carry_counts(counts: pd.DataFrame, *, changes: AreaChanges, residents: pd.Series[float] | None) -> pd.DataFrame:
    """Carry counts of people from the neighbourhoods of 2011 to those of 2021.

    An unchanged area keeps its count, merged areas are added up, a split area's count is shared over its
    parts by their residents. Across a complex change nothing is carried. Missing stays missing: it is never
    0.

    Source: the rule of ONS's exact-fit lookup; counts may be apportioned, rates and ranks may not.

    Parameters
    ----------
    counts
        Figures indexed by the codes of 2011.
    changes
        The lookup; every 2021 area that it names is in the result, and no other.
    residents
        People by code of 2021, the key for sharing; where a part's are unknown (or all are without
        residents) its split is NaN.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``area_code`` (2021): the columns of `counts` as float and ``change_2011`` in words.
    """
    pairs = changes.table
    weights = pd.Series(1.0, index=pairs.index)
    if residents is None:
        people = pd.Series(np.nan, index=pairs.index)
    else:
        people = pairs["lsoa21_code"].map(residents).astype("float64")
    whole = pairs["lsoa11_code"].map(people.groupby(pairs["lsoa11_code"]).sum(skipna=False))
    split = pairs["change"] == "split"
    weights[split] = (people / whole.where(whole > 0))[split]
    weights[pairs["change"] == "complex"] = np.nan
    carried = counts.astype("float64").reindex(pairs["lsoa11_code"]).mul(weights.to_numpy(), axis=0)
    table = carried.groupby(pairs["lsoa21_code"].to_numpy()).sum(skipna=False)
    return table.rename_axis("area_code").assign(change_2011=_change_by_area(pairs))


def carry_ranks(table: pd.DataFrame, *, changes: AreaChanges) -> pd.DataFrame:
    """Carry ranks, tenths and scores to the neighbourhoods of 2021, where nothing changed.

    Elsewhere they are NaN: a rank cannot be shared out or added up.

    Parameters
    ----------
    table
        Figures indexed by the codes of 2011.
    changes
        The lookup; every 2021 area that it names is in the result, and no other.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``area_code`` (2021): the columns of `table` and ``change_2011`` in words.
    """
    pairs = changes.table
    kept = pairs[pairs["change"] == "unchanged"].set_index("lsoa21_code")["lsoa11_code"]
    carried = table.reindex(kept).set_axis(kept.index)
    change = _change_by_area(pairs)
    return carried.reindex(change.index).assign(change_2011=change)


def _change_by_area(pairs: pd.DataFrame) -> pd.Series[str]:
    """Return one word for each 2021 area; one that is told two things is complex."""
    said = pairs.groupby("lsoa21_code")["change"].agg(["first", "nunique"])
    return said["first"].mask(said["nunique"] > 1, "complex").rename_axis("area_code").rename("change_2011")


def _output_areas(frame: pd.DataFrame, path: Path) -> OutputAreas:
    names: dict[str, Sequence[str]] = {
        "oa_code": _OA,
        "area_code": _LSOA21,
        "area_name": ("lsoa21nm", "lsoa21_name"),
        "msoa_code": ("msoa21cd", "msoa21_code"),
        "msoa_name": ("msoa21nm", "msoa21_name"),
        "authority_code": ("ladYYcd", "ladYY_code", "ltlaYY_code"),
        "authority_name": ("ladYYnm", "ladYY_name", "ltlaYY_name"),
    }
    points: dict[str, Sequence[str]] = {
        "easting": ("easting", "BNG_E", "x"),
        "northing": ("northing", "BNG_N", "y"),
    }
    cells = require_columns(frame, source=path, columns=names, optional=points)
    oa_codes = codes(
        cells,
        "oa_code",
        source=path,
        pattern=r"[EW]00[0-9]{6}",
        expected="an output area code such as E00000001",
    )
    refuse_duplicates(cells, "oa_code", source=path)
    table = pd.DataFrame({name: text(cells, name) for name in list(names)[1:]})
    table["area_code"] = codes(cells, "area_code", source=path, pattern=_LSOA_PATTERN, expected=_LSOA_EXPECTED)
    if all(find_column(list(frame.columns), spellings) is not None for spellings in points.values()):
        # Below 1,000 m there is no land: such a figure is a degree or a slip.
        table["easting"] = numbers(cells, "easting", source=path, low=1_000, high=700_000)
        table["northing"] = numbers(cells, "northing", source=path, low=1_000, high=1_300_000)
    return OutputAreas(table.set_index(pd.Index(oa_codes, name="oa_code")))


def _area_changes(frame: pd.DataFrame, path: Path) -> AreaChanges:
    columns: dict[str, Sequence[str]] = {"lsoa11_code": _LSOA11, "lsoa21_code": _LSOA21, "change": _CHANGE}
    cells = require_columns(frame, source=path, columns=columns)
    table = pd.DataFrame(
        {
            name: codes(cells, name, source=path, pattern=_LSOA_PATTERN, expected=_LSOA_EXPECTED)
            for name in ("lsoa11_code", "lsoa21_code")
        }
    )
    letters = codes(cells, "change", source=path, pattern="[USMX]", expected="a change indicator: U, S, M or X")
    refuse_duplicates(
        pd.DataFrame({"lsoa11cd and lsoa21cd": table["lsoa11_code"] + " " + table["lsoa21_code"]}),
        "lsoa11cd and lsoa21cd",
        source=path,
    )
    return AreaChanges(table.assign(change=letters.map(_WORDS)).reset_index(drop=True))


def _wards(frame: pd.DataFrame, path: Path) -> Wards:
    columns: dict[str, Sequence[str]] = {
        "area_code": _LSOA21,
        "ward_code": _WARD,
        "ward_name": ("wdYYnm", "wardYY_name", "wdYY_name"),
        "authority_code": ("ladYYcd", "ltlaYY_code", "ladYY_code"),
        "authority_name": ("ladYYnm", "ltlaYY_name", "ladYY_name"),
    }
    cells = require_columns(frame, source=path, columns=columns)
    area_codes = codes(cells, "area_code", source=path, pattern=_LSOA_PATTERN, expected=_LSOA_EXPECTED)
    refuse_duplicates(cells, "area_code", source=path)
    table = pd.DataFrame({name: text(cells, name) for name in list(columns)[1:]})
    return Wards(table.set_index(area_codes))
