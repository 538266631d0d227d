"""The community's places as services of Open Referral UK 3.0 (HSDS 3.0), for councils' directories.

Field names are those of the Human Services Data Specification, https://docs.openreferral.org, version 3.0, and of its
UK profile. `data.store.exchange.services` reads them back.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import shapely

from data.store.exchange.drafts import HOMES, NAMESPACE
from data.store.exchange.vocabulary import WORDS
from data.store.marks import CHOICES, DAYS
from geo import tables
from geo.crs import WGS84
from geo.sites import ON_THE_WAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    import pandas as pd

TAXONOMY = "Pramshed community marks"
OUR_IDENTIFIER = "Pramshed mark"
"""What kind of identifier a location's is."""

OUTLINE = "outline"
"""The attribute of a location that has its line or area, as GeoJSON."""

UNNAMED = "name:none"
"""The code for a place without a name: the service is then called what it is."""

ON_WAY = "barriers and missing crossings"

BYDAY = dict(zip(DAYS, ("MO", "TU", "WE", "TH", "FR", "SA", "SU"), strict=True))
YEARS: dict[str, tuple[int, int | None]] = {"baby": (0, 0), "toddler": (1, 2), "preschool": (3, 4), "older": (5, None)}
"""Ages in completed years, first and last; before birth there is none."""

_ASKED = {
    "kind": "What it is",
    "ages": "For whom",
    "pram_friendly": "With a pram",
    "toilets": "Toilets",
    "cost": "Cost",
    "term_time": "School holidays",
}
_COSTS: dict[str, dict[str, object]] = {
    "free": {"option": "Free", "amount": 0},
    "donation": {"option": "Donation", "amount_description": "You give what you can"},
    "paid": {"option": "Paid", "amount_description": "There is a charge"},
}


def left_out(marks: pd.DataFrame) -> dict[str, int]:
    """What of a table of marks is no service, in words, and how many: squares with homes, and what is on the way."""
    homes = marks["homes"] > 0
    counts = {HOMES: int(homes.sum()), ON_WAY: int((marks["kind"].isin(ON_THE_WAY) & ~homes).sum())}
    return {what: count for what, count in counts.items() if count}


def to_open_referral(
    marks: gpd.GeoDataFrame,
    place_name: str,
    licence: str,
    *,
    attributions: Iterable[str] = (),
    page: str = "",
) -> str:
    """The marks as one page of Open Referral UK's ``/services``, each service with all that belongs to it.

    Barriers, missing crossings and squares with people's homes are no services and are left out; ``left_out`` on the
    page says how many. A line or an area stands at a point on it, with its shape in an attribute of the location.
    Identifiers are made from the marks' and stay the same.

    Parameters
    ----------
    marks
        As `geo.tables.Marks`: the public copy. Other columns are not looked at.
    place_name
        The place, in words.
    licence, attributions
        Under which terms, and whom to credit; they stand on the page beside the services.
    page
        Public address of the map. The UK profile asks every service for a ``url``; without a page there is none, and
        the services are of HSDS 3.0 only.

    Returns
    -------
    str
        JSON.

    Raises
    ------
    InputError
        The table is not as the contract has it.
    """
    table = tables.check(tables.Marks, marks, "marks")
    kept = table[(table["homes"] == 0) & ~table["kind"].isin(ON_THE_WAY)]
    shapes = kept.geometry.to_crs(WGS84)
    services = [
        _service(str(mark_id), mark, shape, place_name, page)
        for mark_id, mark, shape in zip(kept.index, kept.to_dict("records"), shapes, strict=True)
    ]
    whole = {
        "total_items": len(services),
        "total_pages": 1,
        "page_number": 1,
        "size": len(services),
        "first_page": True,
        "last_page": True,
        "empty": not services,
        "about": f"Places that community groups in {place_name} put on the map, each checked by a moderator.",
        "licence": licence,
        "attributions": list(attributions),
        "left_out": left_out(table),
        "contents": services,
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def _service(
    mark_id: str, mark: dict[Any, Any], shape: shapely.Geometry, place_name: str, page: str
) -> dict[str, object]:
    ages = _listed(mark["ages"])
    service: dict[str, object] = {
        "id": _uuid("service", mark_id),
        "name": mark["name"] or WORDS["kind"][mark["kind"]].capitalize(),
        "description": mark["note"],
        "url": page,
        "status": "active",
        "eligibility_description": ", ".join(WORDS["ages"][age] for age in ages).capitalize(),
        **_years(ages),
        "assured_date": f"{mark['confirmed']:%Y-%m-%d}",
        "last_modified": f"{max(mark['approved'], mark['confirmed']):%Y-%m-%d}T00:00:00.000Z",
        "organization": _organisation(mark["group"], place_name),
        "schedules": _schedules(mark_id, mark),
        "languages": [
            {"id": _uuid("language", mark_id, code), "name": WORDS["languages"][code], "code": code}
            for code in _listed(mark["languages"])
        ],
        "cost_options": [{"id": _uuid("cost", mark_id)} | _COSTS[cost] for cost in [mark["cost"]] if cost],
        "service_at_locations": [
            {"id": _uuid("service at location", mark_id), "location": _location(mark_id, mark, shape)}
        ],
        "attributes": _attributes(mark_id, mark, ages),
    }
    return {name: value for name, value in service.items() if value not in ("", [])}


def _organisation(group: str, place_name: str) -> dict[str, str]:
    return {
        "id": _uuid("group", place_name, group),
        "name": group or f"Community marks of {place_name}",
        "description": f"{'A community group' if group else 'People'} in {place_name} who put this place on the map; "
        "the place itself may be run by others.",
    }


def _years(ages: list[str]) -> dict[str, int]:
    spans = [YEARS[age] for age in ages if age in YEARS]
    last = [most for _, most in spans]
    years = {"minimum_age": min(least for least, _ in spans)} if spans else {}
    return years | (
        {"maximum_age": max(most for most in last if most is not None)} if spans and None not in last else {}
    )


def _schedules(mark_id: str, mark: dict[Any, Any]) -> list[dict[str, str]]:
    days, times = _listed(mark["days"]), f"{mark['opens']} to {mark['closes']}" if mark["opens"] else ""
    if not (days or times):
        return []
    words = [*(WORDS["days"][day] for day in days), *filter(None, [times, _words("term_time", mark["term_time"])])]
    schedule = {
        "id": _uuid("schedule", mark_id),
        "freq": "WEEKLY" if days else "",
        "byday": ",".join(BYDAY[day] for day in days),
        "opens_at": mark["opens"],
        "closes_at": mark["closes"],
        "description": ", ".join(words),
        "notes": "Times are those of the clock in the United Kingdom." if times else "",
    }
    return [{name: value for name, value in schedule.items() if value}]


def _location(mark_id: str, mark: dict[Any, Any], shape: shapely.Geometry) -> dict[str, object]:
    at = shape.representative_point()
    location: dict[str, object] = {
        "id": _uuid("location", mark_id),
        "location_type": "physical",
        "name": mark["name"],
        "latitude": round(at.y, 7),
        "longitude": round(at.x, 7),
        "external_identifier": mark_id,
        "external_identifier_type": OUR_IDENTIFIER,
    }
    if mark["pram_friendly"]:
        words = _words("pram_friendly", mark["pram_friendly"])
        location["accessibility"] = [{"id": _uuid("accessibility", mark_id), "description": words.capitalize()}]
    if shape.geom_type != "Point":
        outline = shapely.to_geojson(shapely.transform(shape, lambda corners: corners.round(7)))
        location["attributes"] = [
            _attribute(mark_id, "location", OUTLINE, OUTLINE, "shape of the place, as GeoJSON") | {"value": outline}
        ]
    return {name: value for name, value in location.items() if value != ""}


def _attributes(mark_id: str, mark: dict[Any, Any], ages: list[str]) -> list[dict[str, object]]:
    """One term for each answer that is a code; what is not said has none."""
    said = [("kind", mark["kind"]), *(("ages", age) for age in ages)]
    said += [(one, mark[one]) for one in CHOICES if one in _ASKED and mark[one]]
    terms = [_attribute(mark_id, "service", one, f"{one}:{code}", _words(one, code)) for one, code in said]
    return terms if mark["name"] else [*terms, _attribute(mark_id, "service", "name", UNNAMED, "has no name")]


def _attribute(mark_id: str, entity: str, asked: str, code: str, words: str) -> dict[str, object]:
    term = _uuid("term", code)
    return {
        "id": _uuid("attribute", mark_id, code),
        "link_id": _uuid(entity, mark_id),
        "link_entity": entity,
        "link_type": asked,
        "taxonomy_term_id": term,
        "taxonomy_term": {
            "id": term,
            "code": code,
            "name": words,
            "term": words,  # as the UK profile calls it
            "description": f"{_ASKED.get(asked, asked)}: {words}",
            "taxonomy": TAXONOMY,
        },
    }


def _words(one: str, code: str) -> str:
    return WORDS[one][code] if code else ""


def _listed(codes: str) -> list[str]:
    return codes.split(",") if codes else []


def _uuid(*of: str) -> str:
    return str(uuid.uuid5(NAMESPACE, "\n".join(of)))
