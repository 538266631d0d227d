"""What is needed of ONS Open Geography: which layer has it, in its newest edition, and under which columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from data.services import arcgis
from data.services.alternatives import first_of
from geo.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from data.services.alternatives import Asking

T = TypeVar("T")

EDITIONS = 2
"""How many editions that the portal lists are tried: where the newest do not answer, older ones hardly would."""


@dataclass(frozen=True, kw_only=True)
class Need:
    """One thing that the portal has, in editions.

    Parameters
    ----------
    source
        The data set, by the catalogue.
    what
        What it is, for messages.
    pattern
        Which services are editions of it: see `data.services.arcgis.newest_first`.
    known
        Services that are known to have had it, the best first, with the layer's number if it is not 0 (``NAME/1``):
        asked after what the pattern finds.
    fields
        The column by our name, to the pattern of the publisher's, which changes its year.
    last
        As `pattern`, for what is asked after all the others; empty for nothing.
    """

    source: str
    what: str
    pattern: str
    known: tuple[str, ...]
    fields: dict[str, str]
    last: str = ""


class Layer(NamedTuple):
    """A layer that has what is needed: its name and address, the publisher's name of each column, and its card."""

    service: str
    address: str
    columns: dict[str, str]
    card: arcgis.LayerCard


AUTHORITY_NAMES = Need(
    source="authorities",
    what="names of local authorities",
    pattern=r"WD\d\d_LAD(?P<year>\d\d)_UK_LU(?:_v(?P<version>\d+))?",
    known=(
        "WD26_LAD26_UK_LU",
        "LAD_APR_2025_UK_NC_v2",
        "Local_Authority_Districts_May_2026_Boundaries_UK_BGC",
        "LAD_MAY_2025_UK_BGC_V2",
    ),
    fields={"code": r"LAD\d\dCD", "name": r"LAD\d\dNM"},
)
AUTHORITY_OUTLINES = Need(
    source="authorities",
    what="the outline of the authority",
    pattern=r"(?:Local_Authority_Districts|LAD)_(?P<month>[A-Za-z]+)_(?P<year>\d{4})_(?:Boundaries_)?UK_BGC"
    r"(?:_V(?P<version>\d+))?",
    known=("Local_Authority_Districts_May_2026_Boundaries_UK_BGC", "LAD_MAY_2025_UK_BGC_V2"),
    fields={"code": r"LAD\d\dCD", "name": r"LAD\d\dNM"},
)
WARDS = Need(
    source="wards",
    what="neighbourhoods by ward and authority",
    pattern=r"LSOA21_WD\d\d_LAD(?P<year>\d\d)_EW_LU(?:_v(?P<version>\d+))?",
    known=("LSOA21_WD25_LAD25_EW_LU_v2", "LSOA21_WD24_LAD24_EW_LU"),
    fields={
        "lsoa": "LSOA21CD",
        "lsoa_name": "LSOA21NM",
        "ward": r"WD\d\dCD",
        "ward_name": r"WD\d\dNM",
        "code": r"LAD\d\dCD",
        "name": r"LAD\d\dNM",
    },
)
HEALTH_AREAS = Need(
    source="wards",
    what="neighbourhoods by authority",
    pattern=r"LSOA21_SICBL\d\d_ICB\d\d_(?:NHSER\d\d_)?LAD(?P<year>\d\d)(?:_EN_LU)?(?:_v(?P<version>\d+))?",
    known=("LSOA21_SICBL26_ICB26_NHSER26_LAD26",),
    fields={"lsoa": "LSOA21CD", "code": r"LAD\d\dCD"},
)
OUTPUT_AREAS = Need(
    source="output_areas",
    what="output areas by neighbourhood",
    pattern=r"OA_LSOA_MSOA_EW_DEC_2021_LU_v(?P<version>\d+)",
    known=("OA_LSOA_MSOA_EW_DEC_2021_LU_v3",),
    fields={
        "oa": "OA21CD",
        "lsoa": "LSOA21CD",
        "lsoa_name": "LSOA21NM",
        "msoa": "MSOA21CD",
        "msoa_name": "MSOA21NM",
        "code": r"LAD\d\dCD",
        "name": r"LAD\d\dNM",
    },
)
OUTPUT_AREA_POINTS = Need(
    source="output_areas",
    what="the middle of the homes of output areas",
    pattern=r"Output_Areas_2021_PWC_V(?P<version>\d+)",
    known=("Output_Areas_2021_PWC_V3",),
    fields={"oa": "OA21CD"},
)
BOUNDARIES = Need(
    source="boundaries",
    what="outlines of neighbourhoods",
    # generalised to 20 m: at 200 m one postcode in ten would lie in another neighbourhood
    pattern=r"Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BGC_V(?P<version>\d+)",
    known=("Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BGC_V5",),
    fields={"lsoa": "LSOA21CD", "lsoa_name": "LSOA21NM"},
)


def ask_portal(client: Asking, need: Need, ask: Callable[[Asking, Layer], T]) -> T:
    """What `ask` makes of the newest layer that has what is needed; of an older one where that fails.

    Raises
    ------
    ServiceError
        No layer has it.
    """
    return first_of(client, need.what, _ways(client, need, ask))


def _ways(client: Asking, need: Need, ask: Callable[[Asking, Layer], T]) -> Iterator[tuple[str, Callable[[Asking], T]]]:
    services = _services(client)
    editions = arcgis.newest_first(services, need.pattern)[:EDITIONS] if need.pattern else []
    last = arcgis.newest_first(services, need.last)[:1] if need.last else []
    for service in dict.fromkeys([*editions, *need.known, *last]):

        def way(client: Asking, service: str = service) -> T:
            return ask(client, open_layer(client, service, need))

        yield service, way


def _services(client: Asking) -> tuple[str, ...]:
    """The services that the portal lists; none if it does not give its list, for the known ones may still answer."""
    try:
        # under one source, so that it is asked once for all that is needed
        return arcgis.read_services(client.get(arcgis.services_ask(source=AUTHORITY_NAMES.source)).path)
    except ServiceError:
        return ()


def open_layer(client: Asking, service: str, need: Need) -> Layer:
    """Look a layer's columns up.

    Raises
    ------
    ServiceError
        The layer is gone or lacks a column.
    """
    name, _, number = service.partition("/")
    address = arcgis.layer_address(name, number=int(number or 0))
    card = arcgis.read_card(client.get(arcgis.card_ask(address, source=need.source)).path)
    columns = {name: card.field(pattern) for name, pattern in need.fields.items()}
    missing = [need.fields[name] for name, column in columns.items() if column is None]
    if missing:
        wanted = missing[0].replace(r"\d\d", "YY")
        raise _fault(service, found="no such column", expected=f"a column {wanted}")
    return Layer(service, address, {name: str(column) for name, column in columns.items()}, card)


def _fault(service: str, *, found: str, expected: str) -> ServiceError:
    return ServiceError(f"ONS Open Geography, {service}", found=found, expected=expected)
