"""Services of Open Referral (HSDS 3.0, UK profile) as drafts for the store: our own, or another directory's.

Read are a service's name, description, ages, languages, schedules, costs and places, and what our own attributes say.
Contacts, telephone numbers, e-mail addresses and postal addresses are never looked at.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from data.json_text import TwiceError, read_json
from data.store.exchange.drafts import Arrival, Incoming, checked, submission_of
from data.store.exchange.open_referral import BYDAY, OUR_IDENTIFIER, OUTLINE, TAXONOMY, UNNAMED, YEARS
from data.store.exchange.uploads import MOST_ROWS, require_letters
from data.store.exchange.vocabulary import WORDS, code_of, time_of
from data.store.marks import AGES, CHOICES, LENGTHS
from geo.crs import GREAT_BRITAIN, to_bng
from geo.errors import CrsError, InputError
from geo.sites import MARK_KINDS, ON_THE_WAY

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 30_000_000
"""A full service is some ten thousand characters."""

NOT_ACTIVE = "services that are not active"
NO_PLACE = "services without a place on the map"
SHORTENED = "names or descriptions shortened"
OTHER_LANGUAGES = "languages that are not of our list"
OTHER_TIMES = "services whose times do not fit one pair of times, or are not weekly"

_SERVICE_KINDS = tuple(kind for kind in MARK_KINDS if kind not in ON_THE_WAY)
_DAY_OF = {code: day for day, code in BYDAY.items()}
_ADULT = 18
_CLOCK = re.compile(r"T?(\d{1,2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?", re.ASCII)


class _Said(NamedTuple):
    """What our own attributes of a service say."""

    codes: dict[str, tuple[str, ...]]
    unnamed: bool


def drafts_from_open_referral(
    content: str | bytes, place: str, *, name: str = "the file", kind: str = "other"
) -> Incoming:
    """Drafts of a page of services.

    Parameters
    ----------
    content
        JSON: a page of ``/services`` with full services in ``contents``, a list of services, or one service. Of a
        service at several places each place becomes a mark. Services that are not active, and those without a
        physical place with latitude and longitude, are left out and counted.
    place
        Key of the place that they are in.
    name
        The file's name, for messages.
    kind
        What a service of another directory is; one of `MARK_KINDS` that is not on the way.

    Raises
    ------
    InputError
        It is no such JSON, or a service makes no sense as a mark: the row is the service's number from 1. Then none
        is taken.
    CrsError
        A service lies off Great Britain.
    """
    if kind not in _SERVICE_KINDS:
        raise InputError(name, expected=f"services as one of {', '.join(_SERVICE_KINDS)}", found=kind)
    notes: Counter[str] = Counter()
    arrivals: list[Arrival] = []
    seen: dict[str, int] = {}
    for row, service in enumerate(_services(content, name), start=1):
        if not isinstance(service, dict) or not isinstance(service.get("id"), str | int):
            raise InputError(name, row=row, column="id", expected="a service with an id", found="none")
        if service.get("status", "active") != "active":
            notes[NOT_ACTIVE] += 1
            continue
        places = list(_places(service))
        if not places:
            notes[NO_PLACE] += 1
            continue
        answers = _answers(service, kind, row, name, notes)
        for number, (location, at) in enumerate(places, start=1):
            columns = {"geometry": "location", "note": "description"}
            draft = checked(place, _shape(location, at, row, name), answers, (name, row, columns))
            known = _source_id(service, location, number if len(places) > 1 else 0)
            arrival = Arrival(row, draft, submission_of(draft, known, name), known)
            if arrival.submission in seen:
                found = f"{known!r} again, first in row {seen[arrival.submission]}"
                raise InputError(name, row=row, column="id", expected="each service once", found=found)
            seen[arrival.submission] = row
            arrivals.append(arrival)
    return Incoming(tuple(arrivals), dict(notes))


def _services(content: str | bytes, name: str) -> list[Any]:
    expected = "JSON of Open Referral services"
    if len(content) > MOST_BYTES:
        raise InputError(name, expected=f"at most {MOST_BYTES // 1_000_000} MB", found="a larger file")
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        found = read_json(text)
        require_letters(text, found)
    except TwiceError as fault:
        raise InputError(name, expected=expected, found=str(fault)) from fault
    except ValueError as fault:
        raise InputError(name, expected=expected, found=f"no JSON ({str(fault)[:80]})") from fault
    if isinstance(found, dict):
        found = found.get("contents", [found] if "id" in found else None)
    if not isinstance(found, list):
        raise InputError(name, expected=f"{expected}, with contents", found="other JSON")
    if len(found) > MOST_ROWS:
        raise InputError(name, expected=f"at most {MOST_ROWS:,} services", found=f"{len(found):,}")
    return found


def _places(service: dict[str, Any]) -> Iterator[tuple[dict[str, Any], tuple[float, float]]]:
    """Each physical location of a service once, with its longitude and latitude."""
    seen = set()
    for link in _listed(service.get("service_at_locations")):
        location = link.get("location")
        if not isinstance(location, dict) or location.get("location_type", "physical") != "physical":
            continue
        east, north = _number(location.get("longitude")), _number(location.get("latitude"))
        if east is None or north is None or (key := (_text(location.get("id")), east, north)) in seen:
            continue
        seen.add(key)
        yield location, (east, north)


def _answers(service: dict[str, Any], kind: str, row: int, name: str, notes: Counter[str]) -> dict[str, object]:
    """The fields of a draft besides where it is."""
    title = service.get("name")
    if not isinstance(title, str) or not title.strip():
        raise InputError(name, row=row, column="name", expected="a name", found="none")
    said = _attributes(service)
    answers: dict[str, object] = {one: codes[0] for one, codes in said.codes.items() if one not in ("ages", "kind")}
    answers["kind"] = next((one for one in said.codes.get("kind", ()) if one in _SERVICE_KINDS), kind)
    answers["name"] = "" if said.unnamed else _short(title, LENGTHS["name"], notes)
    answers["note"] = _short(service.get("description"), LENGTHS["note"], notes)
    answers["ages"] = said.codes.get("ages") or _ages(service)
    answers["languages"] = _languages(service, notes)
    answers["cost"] = answers.get("cost") or _cost(service)
    return answers | _schedule(service, notes)


def _attributes(service: dict[str, Any]) -> _Said:
    """What the terms of our own taxonomy say; terms of others are not known here."""
    found: dict[str, list[str]] = {}
    unnamed = False
    for attribute in _listed(service.get("attributes")):
        term = attribute.get("taxonomy_term")
        if not isinstance(term, dict) or term.get("taxonomy") != TAXONOMY:
            continue
        unnamed |= term.get("code") == UNNAMED
        one, _, code = _text(term.get("code")).partition(":")
        if one in ("kind", "ages", *CHOICES) and one != "stops" and code in WORDS[one]:
            found.setdefault(one, []).append(code)
    return _Said({one: tuple(dict.fromkeys(codes)) for one, codes in found.items()}, unnamed)


def _ages(service: dict[str, Any]) -> tuple[str, ...]:
    """Our ages that a service's years touch; nothing if it says none, or is for adults."""
    least, most = _number(service.get("minimum_age")), _number(service.get("maximum_age"))
    if (least is None and most is None) or (least or 0) >= _ADULT:
        return ()
    return tuple(
        age
        for age in AGES
        if age in YEARS
        for first, last in [YEARS[age]]
        if (most is None or first <= most) and (last is None or last >= (least or 0))
    )


def _languages(service: dict[str, Any], notes: Counter[str]) -> tuple[str, ...]:
    found: list[str] = []
    for language in _listed(service.get("languages")):
        said = [_text(language.get(one)) for one in ("code", "name")]
        code = next((code for code in (code_of("languages", one) for one in said) if code), None)
        if code:
            found.append(code)
        else:
            notes[OTHER_LANGUAGES] += 1
    return tuple(dict.fromkeys(found))


def _cost(service: dict[str, Any]) -> str:
    options = _listed(service.get("cost_options"))
    amounts = [amount for amount in (_number(option.get("amount")) for option in options) if amount is not None]
    words = " ".join(
        _text(option.get(one)) for option in options for one in ("option", "amount_description")
    ).casefold()
    if any(amount > 0 for amount in amounts):
        return "paid"
    if "donation" in words:
        return "donation"
    return "free" if amounts else ""


def _schedule(service: dict[str, Any], notes: Counter[str]) -> dict[str, object]:
    """Days and times, if they are the same every week and one pair of times holds for all days."""
    links = _listed(service.get("service_at_locations"))
    places = [link["location"] for link in links if isinstance(link.get("location"), dict)]
    schedules = next((found for one in (service, *links, *places) if (found := _listed(one.get("schedules")))), [])
    days: set[str] = set()
    times: set[tuple[str, str]] = set()
    odd = False
    for schedule in schedules:
        if schedule.get("freq") not in (None, "", "WEEKLY") or _number(schedule.get("interval")) not in (None, 1.0):
            odd = True
            continue
        codes = [code.strip().upper() for code in _text(schedule.get("byday")).split(",") if code.strip()]
        days |= {_DAY_OF[code] for code in codes if code in _DAY_OF}
        odd |= any(code not in _DAY_OF for code in codes)
        if schedule.get("opens_at") or schedule.get("closes_at"):
            opens, closes = _clock(schedule.get("opens_at")), _clock(schedule.get("closes_at"))
            if opens and closes and opens < closes:
                times.add((opens, closes))
            else:
                odd = True
    if odd or len(times) > 1:
        notes[OTHER_TIMES] += 1
    answers: dict[str, object] = {"days": tuple(days)}
    if len(times) == 1 and not odd:
        answers["opens"], answers["closes"] = next(iter(times))
    return answers


def _shape(location: dict[str, Any], at: tuple[float, float], row: int, name: str) -> shapely.Geometry:
    """The point of a location, or the line or area of our own that it has beside it."""
    point = shapely.Point(*_on_grid(np.array([at]))[0])
    least_x, least_y, most_x, most_y = GREAT_BRITAIN
    if not (least_x <= point.x <= most_x and least_y <= point.y <= most_y):
        found, expected = f"{at[1]:.7g}, {at[0]:.7g}", "latitude and longitude of a place in Great Britain"
        raise CrsError(name, row=row, column="location", expected=expected, found=found)
    for attribute in _listed(location.get("attributes")):
        term = attribute.get("taxonomy_term")
        if isinstance(term, dict) and (term.get("taxonomy"), term.get("code")) == (TAXONOMY, OUTLINE):
            return _outline(attribute.get("value"), point, row, name)
    return point


def _outline(text: object, point: shapely.Point, row: int, name: str) -> shapely.Geometry:
    expected = "a line or an area around its point, as GeoJSON"
    fault = InputError(name, row=row, column=OUTLINE, expected=expected, found=repr(_text(text)[:60]))
    try:
        said = json.loads(_text(text))
        line = {"LineString": True, "Polygon": False}[said["type"]]
        rings = [said["coordinates"]] if line else said["coordinates"]
        first, *holes = [_on_grid(np.array(ring, dtype=float)[:, :2]) for ring in rings]
        shape = shapely.LineString(first) if line else shapely.Polygon(first, holes)
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, shapely.errors.ShapelyError) as wrong:
        raise fault from wrong
    if not shape.is_valid or not shapely.dwithin(shape, point, 50):
        raise fault
    return shape


def _source_id(service: dict[str, Any], location: dict[str, Any], number: int) -> str:
    if location.get("external_identifier_type") == OUR_IDENTIFIER:
        return _text(location.get("external_identifier"))[:200]
    id_ = str(service["id"])[:100]
    return f"{id_}/{_text(location.get('id'))[:100] or number}" if number else id_


def _on_grid(at: np.ndarray) -> np.ndarray:
    """Longitudes and latitudes as eastings and northings."""
    return np.column_stack(to_bng(at[:, 0], at[:, 1]))


def _short(said: object, longest: int, notes: Counter[str]) -> str:
    text = said.strip() if isinstance(said, str) else ""
    if len(text) <= longest:
        return text
    notes[SHORTENED] += 1
    cut = text[: longest - 1]
    return (cut.rsplit(None, 1)[0] if re.search(r"\s", cut) else cut) + "\u2026"


def _clock(said: object) -> str | None:
    """A time of the clock as HH:MM; seconds and an offset do not matter."""
    match = _CLOCK.fullmatch(_text(said).strip())
    return time_of(match[1]) if match else None


def _text(said: object) -> str:
    return str(said) if isinstance(said, str | int) else ""


def _listed(said: object) -> list[dict[str, Any]]:
    """The objects of a list; whatever else somebody wrote there is nothing."""
    return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []


def _number(said: object) -> float | None:
    if isinstance(said, bool) or not isinstance(said, int | float | str):
        return None
    try:
        number = float(said)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
