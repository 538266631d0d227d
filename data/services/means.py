"""By which means a program gets each source: whom it asks, in which order, and what it looks at before it keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from data.catalogue import CATALOGUE
from data.fetch.ask import is_json, is_pbf, is_zip, not_html
from data.fetch.hosts import host_of
from data.services import (
    arcgis,
    geofabrik,
    gias,
    govuk,
    msoa_names,
    nomis,
    ons_api,
    onspd,
    os_downloads,
    overpass,
    portal,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, kw_only=True)
class Way:
    """One address to ask, or several under one beginning.

    Parameters
    ----------
    called
        What is asked there.
    address
        The address, or its beginning; the host in it can be pointed elsewhere (`data.fetch.settings.FetchSettings`).
    """

    called: str
    address: str

    @property
    def host(self) -> str:
        """The host that is asked."""
        return host_of(self.address)


@dataclass(frozen=True, kw_only=True)
class Means:
    """How one source is fetched.

    Parameters
    ----------
    wanted
        What is wanted of it, each with its ways in the order in which they are tried. None: a person fetches it.
    first
        What it must look like by its first bytes.
    columns
        Columns that it must have; ``YY`` stands for a year.
    checks
        What else is checked, in words.
    public
        Whether anybody may have its figures, however small the area; a council's own lists may be for it alone.
    """

    wanted: dict[str, tuple[Way, ...]] = field(default_factory=dict)
    first: str = ""
    columns: tuple[str, ...] = ()
    checks: str = ""
    public: bool = True

    @property
    def ways(self) -> tuple[Way, ...]:
        """All ways."""
        return tuple(way for ways in self.wanted.values() for way in ways)


_NEWEST = Way(called="the newest layer by the portal's list", address=arcgis.GEOGRAPHY)


def _layers(*needs: portal.Need) -> Means:
    columns = dict.fromkeys(_plain(column) for need in needs for column in need.fields.values())
    return Means(
        wanted={
            need.what: (_NEWEST, *(Way(called=f"`{one}`", address=_layer(one)) for one in need.known)) for need in needs
        },
        first=is_json.wants,
        columns=tuple(columns),
        checks="as many rows as the layer counts",
    )


def _layer(name: str) -> str:
    service, _, number = name.partition("/")
    return arcgis.layer_address(service, number=int(number or 0))


def _plain(pattern: str) -> str:
    return pattern.replace(r"\d\d", "YY").replace("(?:OS)?", "").replace("|", " or ")


def _table(*tables: nomis.Table) -> Means:
    ways = [way for table in tables for way in _of_nomis(table)]
    columns = ("GEOGRAPHY_CODE", *(one.dimension.upper() for one in tables), "OBS_VALUE", "RECORD_COUNT")
    return Means(
        wanted={"counts": tuple(ways)},
        first=not_html.wants,
        columns=columns,
        checks="as many rows as Nomis counts, and every area once",
    )


def _of_nomis(table: nomis.Table) -> Iterator[Way]:
    asked = f"{nomis.NOMIS}/api/v01/dataset/{table.dataset}.data.csv"
    yield Way(called=f"{table.name} by the authority's code of 2022", address=asked)
    yield Way(called=f"{table.name} by lists of areas", address=asked)
    if table.name.startswith("TS"):
        yield Way(called=f"{table.name}'s bulk file", address=nomis.bulk_ask(table).url)


def _publication(one: govuk.Publication) -> Means:
    known = CATALOGUE[one.source]
    page = known.landing_page.removeprefix(govuk.SITE)
    ways = (
        Way(called="the content API", address=f"{govuk.SITE}/api/content{page}"),
        Way(called="the page", address=known.landing_page),
    )
    last = Way(called="the last known address", address=known.url)
    return Means(
        wanted={"the table": (last, *ways) if one.known_first else (*ways, last)},
        first="a table (CSV)",
        columns=one.columns,
        checks="the whole table is read, and the number of its areas compared where that is known",
    )


def _product(one: os_downloads.Product) -> Means:
    way = Way(called="what the product's list of files names", address=os_downloads.downloads_ask(one).url)
    return Means(wanted={"the archive": (way,)}, first=is_zip.wants, checks="size and MD5 as the list gives them")


def _extract(kind: gias.Kind) -> Means:
    called = f"today's file, or the newest of {gias.DAYS_BACK} days before"
    return Means(
        wanted={"the list": (Way(called=called, address=CATALOGUE[kind].url),)},
        first=gias.begins_with_urn.wants,
        checks="columns about people are taken out before anything is written down",
    )


def _names() -> Means:
    asked = [msoa_names.names_ask(edition) for edition in msoa_names.EDITIONS]
    ways = tuple(Way(called=f"`{one.file_name}`", address=one.url) for one in asked)
    return Means(wanted={"the table": ways}, first="a table (CSV)", columns=("msoa21cd", "msoa21nm", "msoa21hclnm"))


def _languages() -> Means:
    way = Way(called="lists of output areas", address=ons_api.API)
    return Means(
        wanted={"counts": (way,)},
        first=is_json.wants,
        checks="every area, unless the service says that it holds it back",
    )


def _streets() -> Means:
    ways = (
        Way(called="every county that meets the outline or a walk around it", address=geofabrik.index_ask().url),
        Way(called="a rectangle around the city", address=geofabrik.CITIES),
        *(Way(called="the whole country", address=url) for url in geofabrik.ALL_ENGLAND),
    )
    main, *mirrors = overpass.SERVERS
    fresher = (
        Way(called="the outline and a walk around it", address=main),
        *(Way(called=f"its mirror `{host_of(url)}`", address=url) for url in mirrors),
    )
    return Means(
        wanted={"streets": ways, "streets as they are now (`fetch --streets overpass`)": fresher},
        first=f"{is_pbf.wants}, of Overpass {is_json.wants}",
        checks="MD5 as it stands beside the file; of Overpass that nothing breaks off, and a day in this month",
    )


_BY_A_PERSON = Means(public=False)
_WITH_THE_STREETS = ("play_spaces", "venues", "gazetteer", "backdrop", "labels")

MEANS: dict[str, Means] = {
    "deprivation": _publication(govuk.DEPRIVATION),
    "country_of_birth": _table(nomis.COUNTRY_OF_BIRTH),
    "children": _table(nomis.ESTIMATES, nomis.AGE),
    "length_of_residence": _table(nomis.LENGTH_OF_RESIDENCE),
    "english": _table(nomis.ENGLISH),
    "household_language": _table(nomis.HOUSEHOLD_LANGUAGE),
    "languages": _languages(),
    "authorities": _layers(portal.AUTHORITY_NAMES, portal.AUTHORITY_OUTLINES),
    "boundaries": _layers(portal.BOUNDARIES),
    "output_areas": _layers(portal.OUTPUT_AREAS, portal.OUTPUT_AREA_POINTS),
    "census_percentages": Means(),
    "area_changes": Means(),
    "wards": _layers(portal.WARDS, portal.HEALTH_AREAS),
    "area_names": _names(),
    "own_area_names": _BY_A_PERSON,
    "own_children": _BY_A_PERSON,
    "own_births": _BY_A_PERSON,
    "code_point_open": _product(os_downloads.CODE_POINT_OPEN),
    "postcode_directory": _layers(onspd.DIRECTORY),
    "centres": _extract("centres"),
    "centre_links": _extract("centre_links"),
    "site_return": _BY_A_PERSON,
    "council_closures": _BY_A_PERSON,
    "family_hubs": _publication(govuk.FAMILY_HUBS),
    "open_greenspace": _product(os_downloads.OPEN_GREENSPACE),
    "streets": (_STREETS := _streets()),
    **dict.fromkeys(_WITH_THE_STREETS, _STREETS),
}
"""How each source of the catalogue is fetched, by its key."""


def hosts(keys: Iterable[str] = tuple(MEANS)) -> tuple[str, ...]:
    """The hosts that are asked for these sources, each once, in order."""
    return tuple(dict.fromkeys(way.host for key in keys for way in MEANS[key].ways))
