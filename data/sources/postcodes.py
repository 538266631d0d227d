"""Where postcodes are, whether they are in use and which area they belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from data.sources.delimited import (
    codes,
    dates,
    find_column,
    normalise_postcodes,
    numbers,
    read_delimited,
    refuse_duplicates,
    require_columns,
)
from geo.errors import InputError, RequestError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_POSTCODE = ("pcds", "pcd7", "pcd", "pcd8", "pcd2")
_EASTING, _NORTHING = ("oseast1m", "east1m"), ("osnrth1m", "north1m")
_LIVE = ("live_in_codepoint_open",)
_ENDED = ("doterm",)
_AUTHORITY = ("laua", "oslaua", "ladYYcd", "ladcd")
_AREA = {"lsoa21": ("lsoa21cd_pip", "lsoa21cd", "lsoa21"), "lsoa11": ("lsoa11cd", "lsoa11")}
_OUTPUT_AREA = {"lsoa21": ("oa21cd", "oa21"), "lsoa11": ("oa11cd", "oa11")}
_COLUMNS = (
    *_POSTCODE,
    *_LIVE,
    *_ENDED,
    *_AUTHORITY,
    *(name for spellings in (*_AREA.values(), *_OUTPUT_AREA.values()) for name in spellings),
    *_EASTING,
    *_NORTHING,
    "quality",
)
_CODE_POINT = {
    4: ("pcd", "quality", "oseast1m", "osnrth1m"),
    10: ("pcd", "quality", "oseast1m", "osnrth1m", "country", "region", "health", "county", "laua", "ward"),
}
"""Code-Point Open has no header: its columns by their number, under the names of the postcode directory."""

SHAPE = r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}"
"""A postcode without its space."""

_TABLE = ["easting", "northing", "live", "area_code", "oa_code", "authority_code"]


@dataclass(frozen=True)
class Postcodes:
    """Where postcodes are and which areas they belong to.

    Parameters
    ----------
    table
        Indexed by ``postcode`` (upper case, no spaces): ``easting, northing`` (float, metres, British
        National Grid; NaN if unknown), ``live`` (bool: in use), ``area_code`` (LSOA), ``oa_code``,
        ``authority_code`` (text, missing if unknown).
    geography
        The vintage of ``area_code`` and ``oa_code``; None where there are none.
    """

    table: pd.DataFrame
    geography: Literal["lsoa21", "lsoa11"] | None


def read_postcodes(path: Path) -> Postcodes:
    """Read postcodes from any of the official lists, told apart by their columns.

    Understood are the ONS Postcode Directory (whole, or cut to a few columns), ONS's lookup of postcodes to
    output areas (no coordinates), and OS Code-Point Open (no header; 4 or 10 columns; live postcodes only).
    A postcode is live if ``doterm``, the month it ended, is blank. A grid reference of 0 is unknown.

    Source: ONS Postcode Directory; ONS postcode to OA, LSOA, MSOA and LAD lookup; OS Code-Point Open.

    Raises
    ------
    InputError
        The file is none of these, or a postcode stands twice or is not one, or a grid reference is no number.
    """
    frame = read_delimited(path, wanted=_COLUMNS, headerless=_code_point_columns)
    geography: Literal["lsoa21", "lsoa11"] | None = None
    if find_column(list(frame.columns), _AREA["lsoa21"]) is not None:
        geography = "lsoa21"
    elif find_column(list(frame.columns), _AREA["lsoa11"]) is not None:
        geography = "lsoa11"
    cells = require_columns(
        frame,
        source=path,
        columns={"postcode": _POSTCODE},
        optional={
            "easting": _EASTING,
            "northing": _NORTHING,
            "live": _LIVE,
            "ended": _ENDED,
            "authority_code": _AUTHORITY,
            "area_code": _AREA[geography or "lsoa21"],
            "oa_code": _OUTPUT_AREA[geography or "lsoa21"],
        },
    )
    _check_layout(list(frame.columns), path, geography)
    cells["postcode"] = normalise_postcodes(cells["postcode"])
    cells["postcode"] = codes(
        cells.fillna({"postcode": ""}),
        "postcode",
        source=path,
        pattern="[A-Z0-9]{5,7}",
        expected="a postcode such as PO30 1AA",
    )
    refuse_duplicates(cells, "postcode", source=path)
    table = _located(cells, path)
    table["live"] = _live(frame, cells, path)
    for name in ("area_code", "oa_code", "authority_code"):
        found = codes(cells, name, source=path, pattern="[A-Z0-9]+", expected="an area code", blank=True)
        # ONS fills some gaps with pseudo codes such as L99999999.
        table[name] = found.mask(found.str.contains("99999999", regex=False))
    return Postcodes(table.set_index(pd.Index(cells["postcode"], name="postcode"))[_TABLE], geography)


def read_postcode_column(path: Path) -> pd.Series[str]:
    """The postcodes of anybody's list, upper case without spaces, by the row of the file; missing where a row has none.

    Parameters
    ----------
    path
        CSV with a column ``postcode`` (or as the official lists call it). Other columns are not read.

    Raises
    ------
    InputError
        The file cannot be read, or has no such column.
    """
    spellings = ("postcode", "post_code", *_POSTCODE)
    frame = read_delimited(path, wanted=spellings)
    cells = require_columns(frame, source=path, columns={"postcode": spellings})
    return normalise_postcodes(cells["postcode"])


def merge_postcodes(parts: Sequence[Postcodes]) -> Postcodes:
    """Join lists of postcodes: coordinates from one, codes and liveness from another.

    Every postcode of any part is kept and none is added. A postcode is live if every part that lists it
    says so. Coordinates and codes come from the first part that has them; area codes from parts of one
    vintage only, that of 2021 if any part has it.

    Raises
    ------
    RequestError
        There are no parts.
    """
    if not parts:
        message = "no lists of postcodes to join"
        raise RequestError(message)
    known = [part.geography for part in parts if part.geography is not None]
    geography = ("lsoa21" if "lsoa21" in known else known[0]) if known else None
    index = parts[0].table.index
    for part in parts[1:]:
        index = index.union(part.table.index, sort=False)
    live = pd.Series(data=True, index=index)
    merged: pd.DataFrame | None = None
    for part in parts:
        table = part.table.drop(columns="live")
        if part.geography != geography:
            table = table.assign(area_code=np.nan, oa_code=np.nan).astype({"area_code": "str", "oa_code": "str"})
        whole = table["easting"].notna() & table["northing"].notna()
        table[["easting", "northing"]] = table[["easting", "northing"]].where(whole)
        table = table.reindex(index)
        merged = table if merged is None else merged.fillna(table)
        live &= part.table["live"].reindex(index, fill_value=True)
    return Postcodes(pd.DataFrame(merged).assign(live=live)[_TABLE].rename_axis("postcode"), geography)


def _code_point_columns(first: Sequence[str]) -> Sequence[str] | None:
    """Return Code-Point Open's columns if the first row is a postcode already."""
    if re.fullmatch(SHAPE, re.sub(r"\s", "", first[0]).upper()) is None:
        return None
    return _CODE_POINT.get(len(first), _CODE_POINT[10])


def _check_layout(columns: Sequence[str], path: Path, geography: str | None) -> None:
    """Refuse a list without areas and coordinates, or one that does not say which postcodes are live."""
    found = f"only {', '.join(map(repr, columns[:8]))}"
    lacking = [names[0] for names in (_EASTING, _NORTHING) if find_column(columns, names) is None]
    located = not lacking
    if len(lacking) == 1:
        raise InputError(
            path, row=1, column=lacking[0], expected="eastings and northings, both or neither", found=found
        )
    if geography is None and not located:
        expected = "coordinates (oseast1m, osnrth1m) or areas (lsoa21cd, lsoa11cd)"
        raise InputError(path, row=1, expected=expected, found=found)
    if find_column(columns, (*_LIVE, *_ENDED, "quality")) is None:
        expected = "a column 'doterm' (blank where a postcode is in use)"
        raise InputError(path, column="doterm", expected=expected, found=found)


def _located(cells: pd.DataFrame, path: Path) -> pd.DataFrame:
    points = pd.DataFrame(
        {
            "easting": numbers(cells, "easting", source=path, low=0, high=700_000),
            "northing": numbers(cells, "northing", source=path, low=0, high=1_300_000),
        }
    )
    known = points.notna().all(axis=1) & points.gt(0).all(axis=1)
    return points.where(known)


def _live(frame: pd.DataFrame, cells: pd.DataFrame, path: Path) -> pd.Series[bool]:
    if find_column(list(frame.columns), _LIVE) is not None:
        said = codes(cells, "live", source=path, pattern="(?i)true|false", expected="True or False")
        return said.str.casefold() == "true"
    # The month it ended (202301); the directory has also been seen with whole dates.
    ended = cells["ended"]
    months = ended.str.fullmatch("[0-9]{6}")
    dates(cells.assign(ended=ended.mask(months, "")), "ended", source=path)
    return ended == ""
