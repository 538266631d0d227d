"""Every file that a place is built from, fetched for one authority and laid into a folder."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from data.build.inputs import Inputs
from data.build.sites import CONTEXT_M
from data.fetch.archives import extract
from data.services import (
    authorities,
    geofabrik,
    gias,
    govuk,
    msoa_names,
    nomis,
    ons_api,
    onspd,
    os_downloads,
    overpass,
)
from data.sources.play_spaces import cut_greenspace
from geo.errors import InputError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from data.fetch.ask import Ask
    from data.fetch.client import Client, Got
    from data.fetch.receipts import Receipt
    from data.fetch.settings import FetchSettings
    from data.services.authorities import Authority

T = TypeVar("T")

StreetsBy = Literal["geofabrik", "overpass"]
"""Whose streets: the counties' extracts, or what Overpass has of the outline today."""

STEPS = (
    "the authority", "neighbourhoods", "people", "postcodes", "deprivation", "children's centres", "family hubs",
    "names of neighbourhoods", "play spaces", "streets",
)  # fmt: skip
"""What is fetched, in order."""


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What was fetched for an authority.

    Parameters
    ----------
    authority
        Who it is.
    inputs
        The files, as `data.build.pipeline.build` takes them; some lie in the cache and are shared with other places.
    receipts
        Where they came from, in the order in which they were asked for.
    remarks
        Sentences on what could not be had, and which older copies are used.
    faults
        The whole of what the services said of the former.
    """

    authority: Authority
    inputs: Inputs
    receipts: tuple[Receipt, ...]
    remarks: tuple[str, ...]
    faults: tuple[str, ...]


@dataclass
class _Noting:
    """Asks through a client and notes what came."""

    client: Client
    receipts: list[Receipt] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def settings(self) -> FetchSettings:
        return self.client.settings

    def get(self, ask: Ask, *, older: bool = True) -> Got:
        return self._noted(self.client.get(ask, older=older))

    def kept(self, ask: Ask) -> Got:
        return self._noted(self.client.kept(ask))

    def _noted(self, got: Got) -> Got:
        if got.receipt not in self.receipts:
            self.receipts.append(got.receipt)
        if got.instead and got.instead not in self.remarks:
            self.remarks.append(got.instead)
        return got


def gather(
    client: Client,
    wanted: str,
    folder: Path,
    *,
    today: date,
    streets: StreetsBy = "geofabrik",
    step: Callable[[str], None] = lambda _: None,
) -> Gathered:
    """Fetch what a place needs.

    Parameters
    ----------
    client
        Asks the services. What it has kept is used; a run that was broken off goes on where it stood.
    wanted
        The authority's name or code.
    folder
        Where tables are written that are cut out of larger ones or made of many answers; made if it is not there.
    today
        UTC.
    streets
        Who gives them.
    step
        Called with each of `STEPS` as it begins.

    Raises
    ------
    ServiceError
        Something that no place can do without cannot be had.
    UnknownNameError, RequestError
        No authority has that name, or several have.
    """
    folder.mkdir(parents=True, exist_ok=True)
    noting = _Noting(client)

    step("the authority")
    authority = authorities.find_authority(wanted, authorities.list_authorities(noting))
    outline = authorities.read_outline(noting, authority)

    step("neighbourhoods")
    lsoas = authorities.read_lsoas(noting, authority)
    wards = _wards(noting, authority, lsoas)
    output_areas = authorities.read_output_areas(noting, lsoas)
    shapes = authorities.read_boundaries(noting, lsoas)

    step("people")
    population, children = _people(noting, lsoas, output_areas, folder)
    census = _further(noting, lsoas, output_areas, folder)
    languages = _languages(noting, output_areas, folder)

    step("postcodes")
    postcodes = _postcodes(noting, authority, outline, folder)

    step("deprivation")
    deprivation = govuk.get_file(noting, govuk.DEPRIVATION).path

    step("children's centres")
    centres = gias.newest_extract(noting, "centres", today=today)
    links = _unless_missing(
        noting,
        "which centre followed which",
        lambda: gias.newest_extract(noting, "centre_links", today=today),
        then="mergers and successors of centres are not known",
    )

    step("family hubs")
    hubs = _unless_missing(
        noting, "a list of family hubs", lambda: govuk.get_file(noting, govuk.FAMILY_HUBS), then="no hub is shown"
    )

    step("names of neighbourhoods")
    names = _unless_missing(
        noting, "names of neighbourhoods", lambda: msoa_names.get_names(noting), then="they have their official names"
    )

    step("play spaces")
    greenspace = _greenspace(noting, outline, folder)

    step("streets")
    if streets == "overpass":
        drawn = [folder / "streets_overpass.osm.pbf"]
        noting.remarks.append(overpass.get_streets(noting, outline, drawn[0], today=today))
    else:
        drawn = [got.path for got in geofabrik.get_streets(noting, outline, city=authority.name)]

    inputs = Inputs(
        name=authority.name,
        authority=authority.code,
        streets=tuple(drawn),
        boundaries=authorities.write_outlines(shapes, folder / "lsoa21_outlines.gpkg"),
        postcodes=postcodes,
        deprivation=deprivation,
        population=population,
        centres=tuple(extract.got.path for extract in (centres, links) if extract),
        lookups=(authorities.write_table(output_areas, folder / "oa21_lsoa21_msoa21.csv"),),
        area_names=(names.path,) if names else (),
        census=census,
        languages=languages,
        children=children,
        children_published=True,
        wards=authorities.write_table(wards, folder / "lsoa21_wards.csv"),
        greenspace=greenspace,
        hubs=hubs.path if hubs else None,
    )
    return Gathered(
        authority=authority,
        inputs=inputs,
        receipts=tuple(noting.receipts),
        remarks=tuple(noting.remarks),
        faults=tuple(noting.faults),
    )


def _wards(noting: _Noting, authority: Authority, lsoas: list[str]) -> pd.DataFrame:
    """The ward of each neighbourhood, all of them counted to the authority: an edition may be older than it is."""
    table = authorities.read_wards_of(noting, lsoas)
    columns = [str(name) for name in table.columns if str(name).startswith("LAD")]
    named = {name: authority.code if name.endswith("CD") else authority.name for name in columns}
    return table.assign(**named)


def _people(
    noting: _Noting, lsoas: list[str], output_areas: pd.DataFrame, folder: Path
) -> tuple[tuple[Path, ...], Path | None]:
    """Country of birth by neighbourhood and by output area, and the newest estimates of children."""
    code = authorities.census_code(output_areas)
    by_area = replace(nomis.COUNTRY_OF_BIRTH, geography="lsoa21")
    paths = []
    for table, codes in ((by_area, lsoas), (nomis.COUNTRY_OF_BIRTH, output_areas["OA21CD"].astype("str"))):
        born = nomis.read_table(noting, table, codes, authority=code)
        paths.append(authorities.write_table(born, folder / f"census2021_{table.name.lower()}_{table.geography}.csv"))

    def estimated() -> Path:
        table, year = nomis.estimates(nomis.read_table(noting, nomis.ESTIMATES, lsoas, authority=code))
        return authorities.write_table(table, folder / nomis.estimates_name(year))

    def counted() -> Path:
        table = nomis.read_table(noting, nomis.AGE, output_areas["OA21CD"].astype("str"), authority=code)
        return authorities.write_table(table, folder / "census2021_ts007a_oa21.csv")

    then = "children are those that the Census of 2021 counted, and under-twos are not known"
    children = _unless_missing(noting, "estimates of children", estimated, then=then)
    if children is None:
        children = _unless_missing(
            noting, "children as the Census counted them", counted, then="children are not known"
        )
    return tuple(paths), children


def _further(noting: _Noting, lsoas: list[str], output_areas: pd.DataFrame, folder: Path) -> tuple[Path, ...]:
    """Further tables of the Census by neighbourhood: how long residents have lived here, and what they speak."""
    code, paths = authorities.census_code(output_areas), []
    for asked, what in (
        (nomis.LENGTH_OF_RESIDENCE, "how long residents have lived in the UK"),
        (nomis.ENGLISH, "how well residents speak English"),
        (nomis.HOUSEHOLD_LANGUAGE, "what households speak"),
    ):
        table = replace(asked, geography="lsoa21")

        def counted(table: nomis.Table = table) -> Path:
            counts = nomis.read_table(noting, table, lsoas, authority=code)
            return authorities.write_table(counts, folder / f"census2021_{table.name.lower()}_lsoa21.csv")

        if path := _unless_missing(noting, what, counted, then="it cannot count as need"):
            paths.append(path)
    return tuple(paths)


def _languages(noting: _Noting, output_areas: pd.DataFrame, folder: Path) -> Path | None:
    """People by main language and output area."""

    def counted() -> Path:
        table = ons_api.read_languages(noting, output_areas["OA21CD"].astype("str"))
        return authorities.write_table(table, folder / "census2021_languages_oa21.csv")

    return _unless_missing(noting, "main languages", counted, then="who speaks which is not known")


def _postcodes(noting: _Noting, authority: Authority, outline: BaseGeometry, folder: Path) -> tuple[Path, ...]:
    """The authority's postcodes with their areas, and those around with a position only: neighbours' centres too.

    Either alone will do: without the directory homes belong to the area in whose outline they lie.

    Raises
    ------
    ServiceError
        Neither can be fetched.
    """

    def directory() -> Path:
        table = onspd.read_postcodes(noting, authority)
        return onspd.write_postcodes(table, folder / "onspd_postcodes.csv")

    def around() -> Path:
        archive = os_downloads.get_product(noting, os_downloads.CODE_POINT_OPEN).path
        table = os_downloads.read_postcodes(archive, _around(outline))
        return os_downloads.write_postcodes(table, folder / "code_point_open.csv")

    found = (
        _unless_missing(
            noting, "the ONS Postcode Directory", directory, then="homes belong to the area in whose outline they lie"
        ),
        _unless_missing(
            noting,
            "Code-Point Open",
            around,
            then="neighbouring authorities' centres have no position and do not count",
        ),
    )
    if not any(found):
        what = "postcodes"
        raise ServiceError(what, found=noting.faults[-1], expected="the ONS Postcode Directory or Code-Point Open")
    return tuple(path for path in found if path)


def _greenspace(noting: _Noting, outline: BaseGeometry, folder: Path) -> Path | None:
    """The play spaces of OS Open Greenspace around the authority, with their edition in the file's name."""

    def around() -> Path:
        got = os_downloads.get_product(noting, os_downloads.OPEN_GREENSPACE)
        out = folder / f"open_greenspace_{got.receipt.edition or 'undated'}.gpkg"
        with tempfile.TemporaryDirectory(dir=folder) as unpacked:
            return cut_greenspace(extract(got.path, ".gpkg", Path(unpacked)), _around(outline), out)

    return _unless_missing(
        noting, "OS Open Greenspace", around, then="play spaces are those that OpenStreetMap has, and no others"
    )


def _around(outline: BaseGeometry) -> tuple[float, float, float, float]:
    west, south, east, north = outline.buffer(CONTEXT_M).bounds
    return west, south, east, north


def _unless_missing(noting: _Noting, what: str, fetch: Callable[[], T], *, then: str) -> T | None:
    """What is fetched; None, and a remark on what follows, where it cannot be had."""
    try:
        return fetch()
    except (ServiceError, InputError) as fault:
        noting.remarks.append(f"{what[0].upper()}{what[1:]} could not be fetched: {then}.")
        noting.faults.append(str(fault))
        return None
