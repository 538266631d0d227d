"""An English local authority: found by name or code, its outline, its neighbourhoods, output areas and wards."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from data.services import arcgis, paging, portal
from data.services.alternatives import first_of
from data.sources.boundaries import write_layers
from geo.errors import RequestError, ServiceError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from data.services.alternatives import Asking

ENGLISH = r"E0[6-9]\d{6}"
"""The code of a local authority in England: a unitary, a district, a metropolitan district or a London borough."""

FORMER = {"E08000038": ("E08000016",), "E08000039": ("E08000019",)}
"""Codes that an authority had before its present one and that other data sets still use: Barnsley, Sheffield.

Source: SI 2024/1328, in force on 1 April 2025.
"""

_FEWEST, _MOST = 150, 400
"""Between these is how many authorities England has (296 in 2026, fewer from 2027): another number is no list."""

_TITLES = re.compile(
    r"^(?:the )?(?:(?:(?:london|royal|metropolitan) )*borough|city|county|district) of (?:the )?|^the "
    r"|(?: city| county| district| borough| metropolitan| mbc)*(?: council| mbc| corporation)$"
)
"""What people put before and after an authority's name."""


@dataclass(frozen=True, kw_only=True)
class Authority:
    """A local authority of England.

    Parameters
    ----------
    code
        Its present code.
    name
        Its official name.
    """

    code: str
    name: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The present code and those it had before."""
        return (self.code, *FORMER.get(self.code, ()))


def same_name(name: str) -> str:
    """A name as it is compared: without capitals, full stops, commas, hyphens or apostrophes, ``&`` as ``and``."""
    plain = re.sub(r"['\u2019\u2018`.]", "", name.casefold().replace("&", " and "))
    return " ".join(re.sub(r"[^\w]+", " ", plain).split())


def names_of(name: str) -> frozenset[str]:
    """The forms under which an official name is found: "Bristol, City of" also as "Bristol" and "City of Bristol"."""
    first, comma, rest = name.partition(",")
    forms = {same_name(name), same_name(first)}
    if comma:
        forms.add(same_name(f"{rest} {first}"))
    forms.add(re.sub("^county ", "", same_name(name)))
    return frozenset(forms - {""})


def find_authority(wanted: str, known: pd.DataFrame) -> Authority:
    """The authority of that name or code.

    Parameters
    ----------
    wanted
        What somebody typed: a name in any of its forms, or a code, also a former one.
    known
        ``code, name`` of every authority, as `list_authorities` has them.

    Raises
    ------
    UnknownNameError
        None has it; those that come near are named.
    RequestError
        Several have it; they are listed, with their codes.
    """
    table = known.astype("str")
    code = wanted.strip().upper()
    present = {old: new for new, before in FORMER.items() for old in before}
    hits = table[table["code"] == present.get(code, code)]
    if hits.empty:
        forms = table["name"].map(names_of)
        for typed in dict.fromkeys([same_name(wanted), _TITLES.sub("", same_name(wanted))]):
            hits = table[forms.map(lambda known, typed=typed: typed in known)]
            if len(hits):
                break
    if len(hits) > 1:
        message = f"several authorities are called {wanted!r}; name one by its code: {_listed(hits)}"
        raise RequestError(message)
    if hits.empty:
        near = _near(wanted, table)
        hint = f"; near it are {_listed(near)}" if len(near) else ""
        message = f"no local authority of England is called {wanted!r}{hint}"
        raise UnknownNameError(message)
    return Authority(code=hits["code"].iloc[0], name=hits["name"].iloc[0])


def _listed(table: pd.DataFrame) -> str:
    return ", ".join(table["name"] + " (" + table["code"] + ")")


def _near(wanted: str, table: pd.DataFrame) -> pd.DataFrame:
    """Up to eight whose name has all the words, else those that are spelt much like it."""
    words = set(same_name(wanted).split())
    plain = table["name"].map(same_name)
    having = plain.str.split().map(lambda parts: bool(words) and words <= set(parts)).astype(bool)
    if having.any():
        return table[having].head(8)
    alike = difflib.get_close_matches(same_name(wanted), list(plain), n=3, cutoff=0.7)
    return table[plain.isin(alike)]


def list_authorities(client: Asking) -> pd.DataFrame:
    """Every local authority of England: ``code, name``, by code.

    Source: Office for National Statistics, Open Geography Portal.

    Raises
    ------
    ServiceError
        No list answers, or none that can be one.
    """

    def ask(client: Asking, layer: portal.Layer) -> pd.DataFrame:
        code, name = layer.columns["code"], layer.columns["name"]
        query = arcgis.Query(where=f"{code} LIKE 'E0%'", fields=(code, name), order=code, distinct=True)
        rows = paging.read_rows(client, layer.address, query, source=portal.AUTHORITY_NAMES.source)
        return english(rows.rename(columns={code: "code", name: "name"}))

    return portal.ask_portal(client, portal.AUTHORITY_NAMES, ask)


def english(rows: pd.DataFrame) -> pd.DataFrame:
    """Those of the rows (``code, name``) that are authorities of England, each once.

    Raises
    ------
    ServiceError
        Far fewer or more than England has.
    """
    table = rows.reindex(columns=["code", "name"]).dropna().astype("str")
    table = table[table["code"].str.fullmatch(ENGLISH).astype(bool)].drop_duplicates("code").sort_values("code")
    if not _FEWEST <= len(table) <= _MOST:
        found = f"{len(table):,} authorities of England"
        raise _fault(layer="authorities", found=found, expected=f"{_FEWEST} to {_MOST}")
    return table.reset_index(drop=True)


def read_outline(client: Asking, authority: Authority) -> BaseGeometry:
    """The authority's outline in British National Grid.

    Raises
    ------
    ServiceError
        No layer has it.
    """

    def ask(client: Asking, layer: portal.Layer) -> BaseGeometry:
        code = layer.columns["code"]
        query = arcgis.Query(where=arcgis.in_list(code, authority.codes), fields=(code,), geometry=True)
        rows = paging.read_rows(client, layer.address, query, source=portal.AUTHORITY_OUTLINES.source)
        return gpd.GeoDataFrame(_some(rows, layer, authority)).make_valid().union_all()

    return portal.ask_portal(client, portal.AUTHORITY_OUTLINES, ask)


def read_wards(client: Asking, authority: Authority) -> pd.DataFrame:
    """The authority's neighbourhoods (LSOA 2021) and the ward of each, in the columns of the publisher.

    An older edition may know the authority by a former code.

    Raises
    ------
    ServiceError
        No edition has the authority.
    """

    def ask(client: Asking, layer: portal.Layer) -> pd.DataFrame:
        where = arcgis.in_list(layer.columns["code"], authority.codes)
        query = arcgis.Query(where=where, fields=tuple(layer.columns.values()), order=layer.columns["lsoa"])
        rows = paging.read_rows(client, layer.address, query, source=portal.WARDS.source)
        return _upper(_some(rows, layer, authority))

    return portal.ask_portal(client, portal.WARDS, ask)


def read_lsoas(client: Asking, authority: Authority) -> list[str]:
    """The codes of the authority's neighbourhoods (LSOA 2021), also where no look-up of wards has the authority yet.

    Raises
    ------
    ServiceError
        Neither the look-up of wards nor that of health areas has it.
    """

    def by_ward(client: Asking) -> list[str]:
        return sorted(read_wards(client, authority)["LSOA21CD"].astype("str"))

    def by_health_area(client: Asking) -> list[str]:
        def ask(client: Asking, layer: portal.Layer) -> list[str]:
            lsoa = layer.columns["lsoa"]
            where = arcgis.in_list(layer.columns["code"], authority.codes)
            query = arcgis.Query(where=where, fields=(lsoa,), order=lsoa)
            rows = paging.read_rows(client, layer.address, query, source=portal.HEALTH_AREAS.source)
            return sorted(_some(rows, layer, authority)[lsoa].astype("str"))

        return portal.ask_portal(client, portal.HEALTH_AREAS, ask)

    ways = [("by ward", by_ward), ("by health area", by_health_area)]
    return first_of(client, f"neighbourhoods of {authority.name}", ways)


def read_wards_of(client: Asking, lsoas: Iterable[str]) -> pd.DataFrame:
    """The ward of each of some neighbourhoods, in the columns of the publisher, whatever authority they are counted to.

    Raises
    ------
    ServiceError
        No edition has all of them.
    """
    wanted = sorted(set(lsoas))

    def ask(client: Asking, layer: portal.Layer) -> pd.DataFrame:
        lsoa = layer.columns["lsoa"]
        query = arcgis.Query(fields=tuple(layer.columns.values()), order=lsoa)
        return _upper(
            paging.read_listed(
                client, layer.address, query, field=lsoa, codes=wanted, source=portal.WARDS.source, once=True
            )
        )

    return portal.ask_portal(client, portal.WARDS, ask)


def read_output_areas(client: Asking, lsoas: Iterable[str], *, points: bool = True) -> pd.DataFrame:
    """The output areas of some neighbourhoods, in the columns of the publisher.

    They are asked for by the neighbourhoods' codes: the look-up names authorities as they were in 2022.

    Parameters
    ----------
    lsoas
        Codes (LSOA 2021).
    points
        Whether ``x, y`` (metres, British National Grid) come too: the middle of each output area's homes. They are a
        help, not a need: where no layer has them they are left out.

    Raises
    ------
    ServiceError
        No edition has all the neighbourhoods.
    """
    wanted = sorted(set(lsoas))

    def ask(client: Asking, layer: portal.Layer) -> pd.DataFrame:
        field = layer.columns["lsoa"]
        query = arcgis.Query(fields=tuple(layer.columns.values()), order=layer.columns["oa"])
        source = portal.OUTPUT_AREAS.source
        return _upper(paging.read_listed(client, layer.address, query, field=field, codes=wanted, source=source))

    table = portal.ask_portal(client, portal.OUTPUT_AREAS, ask)
    return _with_points(client, table) if points else table


def _with_points(client: Asking, table: pd.DataFrame) -> pd.DataFrame:
    def ask(client: Asking, layer: portal.Layer) -> gpd.GeoDataFrame:
        field = layer.columns["oa"]
        query = arcgis.Query(fields=(field,), geometry=True)
        source = portal.OUTPUT_AREA_POINTS.source
        rows = paging.read_listed(
            client, layer.address, query, field=field, codes=table["OA21CD"].astype("str"), source=source, once=True
        )
        return gpd.GeoDataFrame(rows).rename(columns={field: "OA21CD"})

    try:
        found = portal.ask_portal(client, portal.OUTPUT_AREA_POINTS, ask)
    except ServiceError:
        return table
    located = found.drop_duplicates("OA21CD").set_index("OA21CD").geometry
    return table.assign(x=table["OA21CD"].map(located.x.round(1)), y=table["OA21CD"].map(located.y.round(1)))


def read_boundaries(client: Asking, lsoas: Iterable[str]) -> gpd.GeoDataFrame:
    """The outlines of some neighbourhoods (LSOA 2021) in British National Grid, in the columns of the publisher.

    Raises
    ------
    ServiceError
        No edition has all of them.
    """
    wanted = sorted(set(lsoas))

    def ask(client: Asking, layer: portal.Layer) -> gpd.GeoDataFrame:
        query = arcgis.Query(fields=(layer.columns["lsoa"], layer.columns["lsoa_name"]), geometry=True)
        return gpd.GeoDataFrame(
            paging.read_listed(
                client,
                layer.address,
                query,
                field=layer.columns["lsoa"],
                codes=wanted,
                source=portal.BOUNDARIES.source,
                once=True,
            )
        )

    return portal.ask_portal(client, portal.BOUNDARIES, ask)


def census_code(output_areas: pd.DataFrame) -> str | None:
    """The code of 2022 under which the Census knows the authority; None if it was several authorities then.

    Parameters
    ----------
    output_areas
        As `read_output_areas` returns them.
    """
    column = next((name for name in map(str, output_areas.columns) if re.fullmatch(r"(?i)LAD22CD", name)), None)
    codes = set(output_areas[column].dropna().astype("str")) if column else set()
    return codes.pop() if len(codes) == 1 else None


def write_table(table: pd.DataFrame, path: Path) -> Path:
    """Write a look-up as CSV, as the publisher does."""
    table.to_csv(path, index=False, encoding="utf-8")
    return path


def write_outlines(table: gpd.GeoDataFrame, path: Path) -> Path:
    """Write outlines as a GeoPackage, which keeps their reference system."""
    return write_layers({path.stem: table}, path)


def _upper(rows: pd.DataFrame) -> pd.DataFrame:
    """Columns in capitals, as the publisher mostly has them."""
    return rows.rename(columns=str.upper)


def _some(rows: pd.DataFrame, layer: portal.Layer, authority: Authority) -> pd.DataFrame:
    if rows.empty:
        wanted = f"rows of {authority.name} ({', '.join(authority.codes)})"
        raise _fault(layer=layer.service, found="none", expected=wanted)
    return rows


def _fault(*, layer: str, found: str, expected: str) -> ServiceError:
    return ServiceError(f"ONS Open Geography, {layer}", found=found, expected=expected)
