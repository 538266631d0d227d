"""What HSDS 3.0 and the profile of Open Referral UK 3.0 ask of a service, as a JSON Schema.

Names, types and needs are those of the specification's schema reference; the text of its files is not here. It is
stricter than theirs: a field that the specification does not know is refused.
"""

from __future__ import annotations

_TEXT = {"type": "string", "minLength": 1}
_NUMBER = {"type": "number"}
_UUID = {"type": "string", "format": "uuid", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
_URL = {"type": "string", "format": "uri", "pattern": "^https?://"}
_DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_MOMENT = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"}
_TIME = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}


def _entity(needed, **fields):
    return {
        "type": "object",
        "properties": {"id": _UUID} | fields,
        "required": ["id", *needed],
        "additionalProperties": False,
    }


def _several(entity):
    return {"type": "array", "items": entity, "minItems": 1}


def _texts(*names):
    return dict.fromkeys(names, _TEXT)


_TERM = _entity(
    ["name", "description", "taxonomy", "term"],
    **_texts("code", "name", "description", "taxonomy", "language", "term"),
    **dict.fromkeys(["parent_id", "taxonomy_id"], _UUID),
    term_uri=_URL,
)
_ATTRIBUTE = _entity(
    ["taxonomy_term_id", "taxonomy_term", "link_id", "link_entity"],
    **dict.fromkeys(["link_id", "taxonomy_term_id"], _UUID),
    **_texts("link_type", "link_entity", "value", "label"),
    taxonomy_term=_TERM,
)
_SCHEDULE = _entity(
    [],
    **dict.fromkeys(["valid_from", "valid_to", "dtstart", "until"], _DAY),
    freq={"enum": ["WEEKLY", "MONTHLY"]},
    interval=_NUMBER,
    byday={"type": "string", "pattern": "^(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*$"},
    opens_at=_TIME,
    closes_at=_TIME,
    **_texts("description", "notes", "attending_type"),
)
_LANGUAGE = _entity([], **_texts("name", "note"), code={"type": "string", "pattern": "^[a-z]{2,3}$"})
_COST = _entity([], **_texts("option", "amount_description", "currency"), amount=_NUMBER)
_ACCESS = _entity([], **_texts("description", "details"), url=_URL)
_LOCATION = _entity(
    ["location_type", "latitude", "longitude"],
    location_type={"enum": ["physical", "postal", "virtual"]},
    **_texts("name", "description", "external_identifier", "external_identifier_type", "transportation"),
    latitude={"type": "number", "minimum": 49, "maximum": 61},
    longitude={"type": "number", "minimum": -9, "maximum": 3},
    accessibility=_several(_ACCESS),
    attributes=_several(_ATTRIBUTE),
)
_ORGANISATION = _entity(["name", "description"], **_texts("name", "description"), website=_URL)

SERVICE = _entity(
    ["name", "status", "organization", "last_modified"],
    **_texts("name", "description", "eligibility_description", "alert"),
    url=_URL,
    status={"enum": ["active", "inactive", "defunct", "temporarily closed"]},
    minimum_age=_NUMBER,
    maximum_age=_NUMBER,
    assured_date=_DAY,
    last_modified=_MOMENT,
    organization=_ORGANISATION,
    schedules=_several(_SCHEDULE),
    languages=_several(_LANGUAGE),
    cost_options=_several(_COST),
    service_at_locations=_several(_entity(["location"], location=_LOCATION)),
    attributes=_several(_ATTRIBUTE),
)
UK_SERVICE = SERVICE | {"required": [*SERVICE["required"], "url"]}


def page_of(service):
    """A page of ``/services``; what else a publisher says beside the services is let through."""
    whole = {"type": "integer", "minimum": 0}
    header = dict.fromkeys(("total_items", "total_pages", "page_number", "size"), whole)
    header |= {name: {"type": "boolean"} for name in ("first_page", "last_page", "empty")}
    contents = {"type": "array", "items": service}
    return {"type": "object", "properties": header | {"contents": contents}, "required": [*header, "contents"]}
