"""A reader's own list of sites from a file that was dropped on a page: checked row by row."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from data.sources.delimited import find_column, normalise_postcodes
from data.sources.own_sites import NAMES, require_places, sites_table
from data.store.exchange.uploads import known_as, read_cells, read_upload
from geo import tables
from geo.crs import BNG, GREAT_BRITAIN, WGS84
from geo.errors import InputError
from layers.answers.own_list import OwnList

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.place import Place

MOST_SITES = 1_000
MOST_MB = 2
LONGEST_NAME = 120
"""Characters: a name stands on the map and in tables."""

ENDINGS = ("csv", "geojson", "json", "gpkg")

TEMPLATE = (
    "name,easting,northing,lat,lon,postcode\r\n"
    "Example by grid reference,450014,89065,,,\r\n"
    "Example by latitude and longitude,,,50.6995,-1.2935,\r\n"
    "Example by postcode,,,,,PO30 2AN\r\n"
)
"""A list to begin with: each row says in one way where its site is."""

_PAIRS = (
    (("easting", "eastings", "x"), ("northing", "northings", "y"), BNG, "easting and northing, metres"),
    (("lon", "longitude", "lng"), ("lat", "latitude"), WGS84, "latitude (49 to 61) and longitude (-8 to 2), degrees"),
)
_POSTCODE = ("postcode", "post code", "pcds", "post_code")
_THOUSANDS = r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?"


@dataclass(frozen=True, eq=False)
class ReadList:
    """What a file of sites came to."""

    good: OwnList | None
    """The sites that can be used; None if there are none."""
    faults: tuple[InputError, ...] = ()
    """What is wrong, row by row; those rows are not among the good ones."""


def read_own_list(content: bytes, name: str, place: Place) -> ReadList:
    """Read a list of sites.

    Parameters
    ----------
    content
        What is in the file.
    name
        What it is called; its ending says the format. A ``.csv`` says of each row where it is by ``easting`` and
        ``northing``, by ``lat`` and ``lon``, or by ``postcode``; ``.geojson`` and ``.gpkg`` are read as
        `data.store.exchange.uploads.read_upload` does, all of it or nothing.
    place
        Whose live postcodes are known.

    Returns
    -------
    ReadList
        Sites in British National Grid, their ids ``own-`` and the row: a CSV's, its header being row 1; otherwise the
        feature's number.
    """
    name = known_as(name)
    try:
        _require_small(content, name)
        if PurePosixPath(name.lower()).suffix == ".csv":
            return _of_cells(read_cells(content, name), name, place)
        return _of_shapes(read_upload(content, name), name)
    except InputError as fault:
        return ReadList(None, (fault,))


def _of_shapes(found: gpd.GeoDataFrame, name: str) -> ReadList:
    _require_few(len(found), name)
    line = found.geometry.geom_type.to_numpy() == "LineString"
    if line.any():
        row = int(found.index[int(line.argmax())])
        raise InputError(name, row=row, expected="a point or an outline", found="a line")
    require_places(found, name)
    column = find_column(found.columns, NAMES)
    names = found[column] if column else pd.Series("", found.index)
    return _listed(found.geometry, names, pd.Series(False, found.index), name, _long_names(names, column, name))


def _of_cells(cells: pd.DataFrame, name: str, place: Place) -> ReadList:
    _require_few(len(cells), name)
    column, codes = find_column(cells.columns, NAMES), find_column(cells.columns, _POSTCODE)
    there = [
        (x, y, crs, meant)
        for xs, ys, crs, meant in _PAIRS
        if (x := find_column(cells.columns, xs)) and (y := find_column(cells.columns, ys))
    ]
    if not there and codes is None:
        found = f"columns {', '.join(str(one)[:20] for one in cells.columns[:6])}"
        raise InputError(name, row=1, expected="columns easting and northing, or lat and lon, or postcode", found=found)
    where = gpd.GeoSeries([None] * len(cells), index=cells.index, crs=BNG)
    tried = pd.Series(False, cells.index)
    names = cells[column] if column else pd.Series("", cells.index)
    faults = _long_names(names, column, name)
    for x, y, crs, meant in there:
        rows = ~tried & (cells[x].ne("") | cells[y].ne(""))
        tried |= rows
        placed, wrong = _placed(cells.loc[rows, [x, y]], crs, meant, name)
        where.loc[placed.index] = placed
        faults += wrong
    by_postcode = ~tried & cells[codes].ne("") if codes else tried & False
    if codes and by_postcode.any():
        found_at = _at_postcodes(cells.loc[by_postcode, codes], place)
        where.loc[found_at.index] = found_at
        wanted = f"a live postcode of {place.card.name}, or its easting and northing, or lat and lon"
        faults += _faults(cells.loc[by_postcode & where.isna(), codes], wanted, name)
    nowhere = ~tried & ~by_postcode
    ways = [*(f"{x} and {y}" for x, y, *_ in there), *([str(codes)] if codes else [])]
    faults += [
        InputError(name, row=int(row), expected=", or ".join(ways), found="nothing that says where it is")
        for row in cells.index[nowhere]
    ]
    return _listed(where, names, by_postcode, name, faults)


def _placed(pair: pd.DataFrame, crs: str, meant: str, name: str) -> tuple[gpd.GeoSeries, list[InputError]]:
    """The points of rows that say two coordinates, British National Grid; and what is wrong with the others."""
    faults, values = [], []
    for column in pair.columns:
        text = pair[column]
        plain = text.where(~text.str.fullmatch(_THOUSANDS), text.str.replace(",", "", regex=False))
        number = pd.to_numeric(plain, errors="coerce").astype(float)
        number = number.where(np.isfinite(number))
        values.append(number)
        faults += _faults(text[number.isna()], "a number", name)
    good = values[0].notna() & values[1].notna()
    x, y = (one[good] for one in values)
    points = gpd.GeoSeries(gpd.points_from_xy(x, y), index=x.index, crs=crs)
    with np.errstate(invalid="ignore"):
        moved = points if crs == BNG else points.to_crs(BNG)
    least_x, least_y, most_x, most_y = GREAT_BRITAIN
    on = moved.x.between(least_x, most_x) & moved.y.between(least_y, most_y)
    off = pair.loc[on.index[~on]]
    first = str(pair.columns[0])
    faults += [
        InputError(name, row=int(row), column=first, expected=f"a place in Great Britain: {meant}", found=said)
        for row, said in (off.iloc[:, 0].str[:20] + " and " + off.iloc[:, 1].str[:20]).items()
    ]
    return moved[on], faults


def _at_postcodes(codes: pd.Series[str], place: Place) -> gpd.GeoSeries:
    """Where the live postcodes of a place are, of those that it has."""
    origins = place.origins()
    known = origins.loc[origins["kind"] == "postcode"].geometry
    known.index = normalise_postcodes(known.index.to_series())
    close = normalise_postcodes(codes)
    hit = close[close.isin(known.index)]
    return gpd.GeoSeries(known.loc[hit].to_numpy(), index=hit.index, crs=BNG)


def _listed(
    where: gpd.GeoSeries, names: pd.Series[str], by_postcode: pd.Series[bool], name: str, faults: list[InputError]
) -> ReadList:
    """The sites without those rows that something is wrong with."""
    faults.sort(key=lambda fault: fault.row or 0)
    wrong = {fault.row for fault in faults}
    good = where.index[where.notna() & ~where.index.isin(wrong)]
    if not len(good):
        return ReadList(None, tuple(faults))
    said = names.loc[good].str.split().str.join(" ")
    ids = ("own-" + good.astype(str)).to_numpy()
    table = sites_table(where.loc[good], ids, said.mask(said == "").to_numpy(object), name)
    checked = tables.check(tables.Sites, table, name)
    return ReadList(OwnList.of(checked, name, int(by_postcode.loc[good].sum())), tuple(faults))


def _long_names(names: pd.Series[str], column: object, name: str) -> list[InputError]:
    long = names[names.str.len() > LONGEST_NAME].str.len().map("{:,} characters".format)
    expected = f"at most {LONGEST_NAME} characters"
    return [
        InputError(name, row=int(row), column=str(column), expected=expected, found=found)
        for row, found in long.items()
    ]


def _faults(cells: pd.Series[str], expected: str, name: str) -> list[InputError]:
    """A fault for each cell."""
    said: Iterator[tuple[int, str]] = ((int(row), text) for row, text in cells.items())
    return [
        InputError(
            name, row=row, column=str(cells.name), expected=expected, found=repr(text[:40]) if text else "a blank"
        )
        for row, text in said
    ]


def _require_small(content: bytes, name: str) -> None:
    if len(content) > MOST_MB * 1_000_000:
        raise InputError(name, expected=f"at most {MOST_MB} MB", found="a larger file")


def _require_few(number: int, name: str) -> None:
    if number > MOST_SITES:
        raise InputError(name, expected=f"at most {MOST_SITES:,} sites", found=f"{number:,}")
