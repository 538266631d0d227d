"""Every official source: what it is, who publishes it, and the credit line that must be shown with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from geo.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable

_OGL = ("Open Government Licence v3.0", "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/")
_ODBL = ("Open Database License v1.0", "https://opendatacommons.org/licenses/odbl/1-0/")
_OPL = (
    "Open Parliament Licence",
    "https://www.parliament.uk/site-information/copyright-parliament/open-parliament-licence/",
)

_PUBLIC_SECTOR = "Contains public sector information licensed under the Open Government Licence v3.0"
_PARLIAMENT = "Contains Parliamentary information licensed under the Open Parliament Licence"
_ONS = "Source: Office for National Statistics licensed under the Open Government Licence v.3.0"
_ONS_BOUNDARIES = "Contains National Statistics and OS data © Crown copyright and database right 2026"
_OS = "Contains OS data © Crown copyright and database right 2026"
_ROYAL_MAIL = "Contains Royal Mail data © Royal Mail copyright and database right 2026"
_OSM = (
    "© OpenStreetMap contributors",
    "OpenStreetMap data is available under the Open Database License: openstreetmap.org/copyright",
)

_BORN = "data.sources.census.read_country_of_birth"
_PROXIES = "data.sources.proxies.read_proxies"
_UNPUBLISHED = "the council's own; it is not published"
_GIAS = "https://get-information-schools.service.gov.uk/Downloads"
_GIAS_FILES = "https://ea-edubase-api-prod.azurewebsites.net/edubase/downloads/public/"
_GEOPORTAL = "https://geoportal.statistics.gov.uk/"
_ARCGIS = "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services/{}/FeatureServer/0/query"


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One source.

    Parameters
    ----------
    key
        Its short name, used in place packs.
    title, publisher
        What it is called and by whom.
    landing_page, url
        The page that a person reads; the address that a program asks (``{}`` stands for a day or an area; empty
        where a person must fetch the file).
    licence, licence_url
        Under which it may be used: where nothing else is said, the Open Government Licence.
    attribution
        The lines to show with anything made from it.
    geography
        The areas or things that it speaks of, with their vintage.
    reader
        The function that reads it, by its full name.
    private
        Whether it counts people and nobody has published it: no more is shown than `data.build.children` lets through.
    """

    key: str
    title: str
    publisher: str
    landing_page: str
    url: str
    licence: str = _OGL[0]
    licence_url: str = _OGL[1]
    attribution: tuple[str, ...]
    geography: str
    reader: str
    private: bool = False


def _census(key: str, title: str, table: str, *, reader: str) -> Dataset:
    """A table of the Census for small areas."""
    return Dataset(
        key=key,
        title=title,
        publisher="Office for National Statistics",
        landing_page="https://www.nomisweb.co.uk/sources/census_2021_bulk",
        url=f"https://www.nomisweb.co.uk/output/census/2021/census2021-{table}.zip",
        attribution=(_ONS,),
        geography="output area or LSOA 2021, England and Wales",
        reader=reader,
    )


def _council(key: str, title: str, *, licence: str = "as the council states", **more: Any) -> Dataset:  # noqa: ANN401
    """What a council has of its own; ``more`` are the other fields."""
    none: dict[str, Any] = {"landing_page": "", "url": "", "licence_url": ""}
    return Dataset(key=key, title=title, publisher="the council", licence=licence, **none, **more)


def _openstreetmap(key: str, title: str, *, geography: str, reader: str) -> Dataset:
    """A part of OpenStreetMap."""
    return Dataset(
        key=key,
        title=f"OpenStreetMap: {title}",
        publisher="OpenStreetMap contributors",
        landing_page="https://www.openstreetmap.org/copyright",
        url="https://overpass-api.de/api/interpreter",
        licence=_ODBL[0],
        licence_url=_ODBL[1],
        attribution=_OSM,
        geography=geography,
        reader=reader,
    )


_DATASETS = (
    Dataset(
        key="deprivation",
        title="English Indices of Deprivation 2025, File 7",
        publisher="Ministry of Housing, Communities and Local Government",
        landing_page="https://www.gov.uk/government/statistics/english-indices-of-deprivation-2025",
        url="https://assets.publishing.service.gov.uk/media/691ded56d140bbbaa59a2a7d/"
        "File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv",
        attribution=(_PUBLIC_SECTOR,),
        geography="LSOA 2021, England",
        reader="data.sources.deprivation.read_deprivation",
    ),
    _census("country_of_birth", "Census 2021, TS004 Country of birth", "ts004", reader=_BORN),
    Dataset(
        key="children",
        title="Small-area population estimates by single year of age; or Census 2021, TS007A Age",
        publisher="Office for National Statistics",
        landing_page="https://www.nomisweb.co.uk/sources/census_2021_bulk",
        url="https://www.nomisweb.co.uk/output/census/2021/census2021-ts007a.zip",
        attribution=(_ONS,),
        geography="LSOA 2011 (estimates for mid-2020) or output area and LSOA 2021 (Census)",
        reader="data.sources.census.read_children",
    ),
    _council(
        "own_children",
        "Children as a council counts them: births, registrations",
        licence=_UNPUBLISHED,
        attribution=("Children as the council counts them; fewer than 10 are hidden, the others rounded to 5",),
        geography="LSOA 2021 or 2011, one council",
        reader="data.sources.census.read_children",
        private=True,
    ),
    _council(
        "own_births",
        "Births by parents' country as a council counts them",
        licence=_UNPUBLISHED,
        attribution=("Births as the council counts them; fewer than 10 are hidden, the others rounded to 5",),
        geography="LSOA 2021, one council",
        reader="data.sources.births.read_births",
        private=True,
    ),
    _census("length_of_residence", "Census 2021, TS016 Length of residence in the UK", "ts016", reader=_PROXIES),
    _census("english", "Census 2021, TS029 Proficiency in English", "ts029", reader=_PROXIES),
    _census("household_language", "Census 2021, TS025 Household language", "ts025", reader=_PROXIES),
    replace(
        _census("census_percentages", "Census 2021, percentages of the same by output area", "", reader=_PROXIES),
        landing_page="https://www.ons.gov.uk/census/maps",
        url="",
    ),
    Dataset(
        key="languages",
        title="Census 2021, main language in 26 groups",
        publisher="Office for National Statistics",
        landing_page="https://www.ons.gov.uk/datasets/create",
        url="https://api.beta.ons.gov.uk/v1/population-types/UR/census-observations",
        attribution=(_ONS,),
        geography="output area 2021, England and Wales",
        reader="data.sources.languages.read_languages",
    ),
    Dataset(
        key="authorities",
        title="Local authority districts: names and boundaries",
        publisher="Office for National Statistics",
        landing_page=_GEOPORTAL,
        url=_ARCGIS.format("Local_Authority_Districts_May_2026_Boundaries_UK_BGC"),
        attribution=(_ONS, _ONS_BOUNDARIES),
        geography="local authority district 2026, United Kingdom",
        reader="data.services.authorities.read_outline",
    ),
    Dataset(
        key="boundaries",
        title="Lower layer Super Output Areas (LSOA): boundaries",
        publisher="Office for National Statistics",
        landing_page=_GEOPORTAL,
        url=_ARCGIS.format("Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BGC_V5"),
        attribution=(_ONS, _ONS_BOUNDARIES),
        geography="LSOA 2021, England and Wales",
        reader="data.sources.boundaries.read_boundaries",
    ),
    Dataset(
        key="output_areas",
        title="Output area to LSOA, MSOA and local authority district (December 2021), exact-fit lookup",
        publisher="Office for National Statistics",
        landing_page=_GEOPORTAL,
        url=_ARCGIS.format("OA_LSOA_MSOA_EW_DEC_2021_LU_v3"),
        attribution=(_ONS,),
        geography="output area 2021, England and Wales",
        reader="data.sources.lookups.read_lookup",
    ),
    Dataset(
        key="area_changes",
        title="LSOA (2011) to LSOA (2021), exact-fit lookup with change indicator",
        publisher="Office for National Statistics",
        landing_page=_GEOPORTAL,
        url=_ARCGIS.format("LSOA11_LSOA21_LAD22_EW_LU_v5"),
        attribution=(_ONS,),
        geography="LSOA 2011 and LSOA 2021, England and Wales",
        reader="data.sources.lookups.read_lookup",
    ),
    Dataset(
        key="wards",
        title="LSOA (2021) to electoral ward and local authority district, best-fit lookup",
        publisher="Office for National Statistics",
        landing_page=_GEOPORTAL,
        url=_ARCGIS.format("LSOA21_WD25_LAD25_EW_LU_v2"),
        attribution=(_ONS,),
        geography="LSOA 2021 to ward 2025, England and Wales",
        reader="data.sources.lookups.read_lookup",
    ),
    Dataset(
        key="area_names",
        title="MSOA Names",
        publisher="House of Commons Library",
        landing_page="https://houseofcommonslibrary.github.io/msoanames/",
        url="https://houseofcommonslibrary.github.io/msoanames/MSOA-Names-2.2.csv",
        licence=_OPL[0],
        licence_url=_OPL[1],
        attribution=(_PARLIAMENT,),
        geography="MSOA 2021 (editions 1.x: MSOA 2011), England and Wales",
        reader="data.sources.area_names.read_area_names",
    ),
    _council(
        "own_area_names",
        "Names of neighbourhoods as a council gives them",
        attribution=("Names of neighbourhoods as given by the council",),
        geography="LSOA 2021, one council",
        reader="data.sources.area_names.read_area_names",
    ),
    Dataset(
        key="code_point_open",
        title="Code-Point Open",
        publisher="Ordnance Survey",
        landing_page="https://www.ordnancesurvey.co.uk/products/code-point-open",
        url="https://api.os.uk/downloads/v1/products/CodePointOpen/downloads?area=GB&format=CSV&redirect",
        attribution=(_OS, _ROYAL_MAIL),
        geography="live postcode, Great Britain",
        reader="data.sources.postcodes.read_postcodes",
    ),
    Dataset(
        key="postcode_directory",
        title="ONS Postcode Directory",
        publisher="Office for National Statistics",
        landing_page=_GEOPORTAL,
        url="",
        attribution=(_OS, _ROYAL_MAIL, _ONS),
        geography="postcode, live and retired, United Kingdom",
        reader="data.sources.postcodes.read_postcodes",
    ),
    Dataset(
        key="centres",
        title="Get Information about Schools: children's centres",
        publisher="Department for Education",
        landing_page=_GIAS,
        url=_GIAS_FILES + "edubaseallchildrencentre{}.csv",
        attribution=(_PUBLIC_SECTOR,),
        geography="children's centre, England",
        reader="data.sources.centres.read_centres",
    ),
    Dataset(
        key="centre_links",
        title="Get Information about Schools: links between children's centres and linked sites",
        publisher="Department for Education",
        landing_page=_GIAS,
        url=_GIAS_FILES + "links_edubaseallchildrencentre{}.csv",
        attribution=(_PUBLIC_SECTOR,),
        geography="pair of children's centres, England",
        reader="data.sources.centres.read_centres",
    ),
    _council(
        "council_closures",
        "Closures of children's centres as a council publishes them",
        attribution=("Closures as published by the council, see each centre's source",),
        geography="children's centre, one council",
        reader="data.sources.centres.read_closures",
    ),
    Dataset(
        key="family_hubs",
        title="List of family hub sites",
        publisher="Department for Education",
        landing_page="https://www.gov.uk/government/publications/list-of-family-hub-sites",
        url="https://assets.publishing.service.gov.uk/media/6980dbf0ec71a16669612e3d/List_of_family_hub_sites.csv",
        attribution=(_PUBLIC_SECTOR,),
        geography="family hub, England; by its publisher's word not every one",
        reader="data.sources.hubs.read_hubs",
    ),
    _council(
        "site_return",
        "A council's return of its family hubs and network sites",
        licence=_UNPUBLISHED,
        attribution=("Family hubs and network sites as the council returns them to the Department for Education",),
        geography="hub or network site, one council",
        reader="data.sources.site_return.read_site_return",
    ),
    _openstreetmap(
        "play_spaces",
        "playgrounds",
        geography="mapped playground",
        reader="data.sources.play_spaces.read_play_spaces",
    ),
    Dataset(
        key="open_greenspace",
        title="OS Open Greenspace: play spaces and their access points",
        publisher="Ordnance Survey",
        landing_page="https://www.ordnancesurvey.co.uk/products/os-open-greenspace",
        url="https://api.os.uk/downloads/v1/products/OpenGreenspace/downloads?area=GB&format=GeoPackage&redirect",
        attribution=(_OS,),
        geography="green space and access point, Great Britain",
        reader="data.sources.play_spaces.read_play_spaces",
    ),
    _openstreetmap(
        "venues",
        "libraries, community centres, schools, places of worship, health centres",
        geography="mapped building",
        reader="data.sources.venues.read_venues",
    ),
    _openstreetmap(
        "gazetteer",
        "names of streets, landmarks, towns and villages",
        geography="named street, landmark or locality",
        reader="data.sources.gazetteer.read_gazetteer",
    ),
    _openstreetmap(
        "backdrop",
        "coast, water, greens, railways and main roads to draw",
        geography="outline or line",
        reader="data.sources.backdrop.read_backdrop",
    ),
    _openstreetmap(
        "labels",
        "names to write on the map",
        geography="point of a place, or on a street",
        reader="data.sources.labels.read_labels",
    ),
    _openstreetmap(
        "streets",
        "streets and paths",
        geography="way",
        reader="data.sources.streets.read_streets",
    ),
)

CATALOGUE: dict[str, Dataset] = {dataset.key: dataset for dataset in _DATASETS}
"""The sources by their short name."""


def attributions(keys: Iterable[str]) -> tuple[str, ...]:
    """Collect the lines that must stand beside anything made from these sources, each once, in order.

    Raises
    ------
    UnknownNameError
        The catalogue has no source of that name.
    """
    lines: dict[str, None] = {}
    for key in keys:
        if key not in CATALOGUE:
            message = f"no source {key!r} in the catalogue; there are {', '.join(CATALOGUE)}"
            raise UnknownNameError(message)
        lines.update(dict.fromkeys(CATALOGUE[key].attribution))
    return tuple(lines)
