"""Services of Open Referral UK: as the standard has them, read back, and read from other directories."""

from __future__ import annotations

import json
import uuid
from functools import cache

import jsonschema
import numpy as np
import pytest
import shapely

from data.store.exchange import services
from data.store.exchange.open_referral import to_open_referral
from data.store.exchange.services import drafts_from_open_referral
from geo.crs import to_wgs84
from geo.errors import CrsError, InputError
from tests.data.store.hsds import SERVICE, UK_SERVICE, page_of
from tests.data.store.public_marks import POINT, draft, hostile, mark_id, shapes, table_of

PAGE = "https://pramshed.example/community"
FOREIGN = {
    "id": "ac148810-d857-441c-9679-408f346de14b",
    "name": "Stay and play",
    "description": "Come along.",
    "status": "active",
    "minimum_age": 0,
    "maximum_age": 4,
    "contacts": [{"id": "1", "name": "Ann Persona", "email": "ann@example.com"}],
    "phones": [{"id": "2", "number": "01983 000000"}],
    "languages": [{"id": "3", "name": "Urdu", "code": "urd"}, {"id": "4", "name": "Klingon", "code": "tlh"}],
    "cost_options": [{"id": "5", "option": "Per child", "amount": 2.5}],
    "schedules": [
        {"id": "6", "freq": "WEEKLY", "byday": "TU,TH", "opens_at": "10:00:00Z", "closes_at": "11:30:00+01:00"},
        {"id": "7", "freq": "WEEKLY", "byday": "FR", "opens_at": "10:00", "closes_at": "11:30"},
    ],
    "attributes": [{"id": "8", "taxonomy_term": {"id": "9", "code": "kind:drop_in", "taxonomy": "Another list"}}],
    "service_at_locations": [
        {"id": "a", "location": {"id": "b", "location_type": "physical", "latitude": 50.7, "longitude": -1.3}}
    ],
}


def page(marks, url=PAGE):
    return json.loads(to_open_referral(marks, "Isle of Wight", "OGL v3.", attributions=["Credits"], page=url))


@cache
def checker(uk):
    """What checks a page of the standard, or of its UK profile; its schema is checked itself."""
    schema = page_of(UK_SERVICE if uk else SERVICE)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema, format_checker=kind.FORMAT_CHECKER)


def check(found, *, uk=False):
    checker(uk).validate(found)


def read(*found, **options):
    return drafts_from_open_referral(
        json.dumps({"contents": list(found)}), "isle-of-wight", name="feed.json", **options
    )


def changed(**fields):
    return FOREIGN | fields


@pytest.mark.parametrize("given", [shapes, hostile])
def test_a_page_is_as_the_standard_has_it(given):
    marks = table_of(given(), homes=1)
    check(page(marks), uk=True)
    check(page(marks, url=""))
    with pytest.raises(jsonschema.ValidationError, match="'url' is a required property"):
        check(page(marks, url=""), uk=True)


def test_the_schema_refuses_what_is_not_of_the_standard():
    found = page(table_of(shapes()))
    for wrong in ({"colour": "red"}, {"status": "open"}, {"id": "7"}, {"last_modified": "today"}, {"languages": []}):
        with pytest.raises(jsonschema.ValidationError):
            check(found | {"contents": [found["contents"][0] | wrong]})


def test_every_identifier_is_one_of_a_kind_and_stays():
    marks = table_of(shapes())
    found, again = page(marks), page(marks.iloc[::-1])
    assert {one["id"]: one for one in found["contents"]} == {one["id"]: one for one in again["contents"]}
    ids = []
    for service in found["contents"]:
        links = service["service_at_locations"]
        ids += [one["id"] for one in [service, *links, *(link["location"] for link in links)]]
        for name in ("schedules", "languages", "cost_options", "attributes"):
            ids += [one["id"] for one in service.get(name, [])]
    assert len(ids) == len(set(ids))
    assert all(str(uuid.UUID(one)) == one for one in ids)


def test_what_a_mark_says_stands_in_the_standards_fields():
    (service, *_) = page(table_of(shapes()))["contents"]
    assert service["name"] == "St Mary's hall"
    assert service["description"] == "Bring a cup"
    assert (service["status"], service["url"]) == ("active", PAGE)
    assert (service["minimum_age"], service["maximum_age"]) == (0, 2)
    assert service["assured_date"] == "2026-09-15"
    (schedule,) = service["schedules"]
    assert (schedule["freq"], schedule["byday"]) == ("WEEKLY", "MO,WE")
    assert (schedule["opens_at"], schedule["closes_at"]) == ("09:30", "11:30")
    assert schedule["description"] == "Monday, Wednesday, 09:30 to 11:30, closed in the school holidays"
    assert [one["code"] for one in service["languages"]] == ["en", "ar", "ckb"]
    location = service["service_at_locations"][0]["location"]
    assert location["external_identifier"] == mark_id(0)
    assert "addresses" not in location
    east, north = to_wgs84(np.array([POINT.x]), np.array([POINT.y]))
    assert location["longitude"] == pytest.approx(east[0], abs=1e-6)
    assert location["latitude"] == pytest.approx(north[0], abs=1e-6)
    assert {one["taxonomy_term"]["code"] for one in service["attributes"]} == {
        "kind:meeting_place", "ages:bump", "ages:baby", "ages:toddler", "pram_friendly:partly", "toilets:changing",
        "cost:donation", "term_time:term_only",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("ages", "years"),
    [
        (("bump",), (None, None)),
        (("bump", "baby"), (0, 0)),
        (("toddler", "preschool"), (1, 4)),
        (("baby", "older"), (0, None)),
        ((), (None, None)),
    ],
)
def test_ages_in_years(ages, years):
    (service,) = page(table_of([draft(ages=ages)]))["contents"]
    assert (service.get("minimum_age"), service.get("maximum_age")) == years


def test_a_service_without_a_name_is_called_what_it_is():
    marks = table_of([draft("peer_group")])
    assert page(marks)["contents"][0]["name"] == "Peer-support group"
    (arrival,) = drafts_from_open_referral(json.dumps(page(marks)), "isle-of-wight").arrivals
    assert arrival.draft.name == ""
    (named,) = read(page(table_of([draft("peer_group", name="Peer-support group")]))["contents"][0]).arrivals
    assert named.draft.name == "Peer-support group"


def test_another_directorys_service():
    found = read(FOREIGN)
    (arrival,) = found.arrivals
    assert arrival.draft.kind == "other"  # another list's term of the same name says nothing here
    assert (arrival.draft.name, arrival.draft.note) == ("Stay and play", "Come along.")
    assert arrival.draft.ages == ("baby", "toddler", "preschool")
    assert arrival.draft.languages == ("ur",)
    assert arrival.draft.cost == "paid"
    assert arrival.draft.days == ("tue", "thu", "fri")
    assert (arrival.draft.opens, arrival.draft.closes) == ("10:00", "11:30")
    assert (arrival.draft.contact, arrival.draft.private_note) == ("", "")
    assert "Ann" not in repr(arrival)
    assert found.left_out == {services.OTHER_LANGUAGES: 1}
    assert read(FOREIGN, kind="drop_in").arrivals[0].draft.kind == "drop_in"
    assert read(changed(name="Renamed")).arrivals[0].submission == arrival.submission


def test_a_page_a_list_and_one_service_are_read_alike():
    whole = [
        drafts_from_open_referral(json.dumps(found), "isle-of-wight").arrivals
        for found in ({"contents": [FOREIGN]}, [FOREIGN], FOREIGN)
    ]
    assert whole[0] == whole[1] == whole[2]
    marked = drafts_from_open_referral(b"\xef\xbb\xbf" + json.dumps(FOREIGN).encode(), "isle-of-wight")
    assert marked.arrivals == whole[0]


def test_what_cannot_be_on_the_map_is_left_out_and_counted():
    online = {"location": {"id": "c", "location_type": "virtual", "latitude": 50.7, "longitude": -1.3}}
    nowhere = {"location": {"id": "d", "location_type": "physical"}}
    found = read(
        changed(id="1", status="defunct"),
        changed(id="2", service_at_locations=[online]),
        changed(id="3", service_at_locations=[nowhere]),
        changed(id="4", service_at_locations=None),
        changed(id="5", description="word " * 200),
    )
    assert [arrival.source_id for arrival in found.arrivals] == ["5"]
    assert len(found.arrivals[0].draft.note) <= 500
    assert found.arrivals[0].draft.note.endswith("word…")
    assert found.left_out == {
        services.NOT_ACTIVE: 1, services.NO_PLACE: 3, services.SHORTENED: 1, services.OTHER_LANGUAGES: 1,
    }  # fmt: skip


def test_a_service_at_two_places_is_two_marks():
    links = [
        {"id": "a", "location": {"id": "b", "latitude": "50.7", "longitude": "-1.3"}},
        {"id": "a", "location": {"id": "b", "latitude": "50.7", "longitude": "-1.3"}},
        {"id": "c", "location": {"id": "d", "latitude": 50.6, "longitude": -1.2}},
    ]
    arrivals = read(changed(service_at_locations=links)).arrivals
    assert [arrival.source_id for arrival in arrivals] == [f"{FOREIGN['id']}/b", f"{FOREIGN['id']}/d"]
    assert len({arrival.submission for arrival in arrivals}) == 2


@pytest.mark.parametrize(
    "schedules",
    [
        [{"freq": "MONTHLY", "byday": "2MO", "opens_at": "10:00", "closes_at": "11:00"}],
        [{"freq": "WEEKLY", "interval": 2, "byday": "MO", "opens_at": "10:00", "closes_at": "11:00"}],
        [
            {"byday": "MO", "opens_at": "10:00", "closes_at": "11:00"},
            {"byday": "TU", "opens_at": "9:00", "closes_at": "11:00"},
        ],
        [{"byday": "MO", "opens_at": "18:00", "closes_at": "00:00"}],
        [{"byday": "MO", "opens_at": "late"}],
    ],
)
def test_times_that_do_not_fit_are_not_guessed(schedules):
    found = read(changed(schedules=schedules))
    assert found.arrivals[0].draft.opens == ""
    assert found.left_out[services.OTHER_TIMES] == 1


@pytest.mark.parametrize(
    ("years", "ages"),
    [
        ({"minimum_age": 0, "maximum_age": 0}, ("baby",)),
        ({"minimum_age": 2}, ("toddler", "preschool", "older")),
        ({"maximum_age": 3}, ("baby", "toddler", "preschool")),
        ({"minimum_age": 18}, ()),
        ({"minimum_age": None, "maximum_age": "old"}, ()),
    ],
)
def test_years_as_our_ages(years, ages):
    assert (
        read({name: value for name, value in FOREIGN.items() if "age" not in name[-4:]} | years).arrivals[0].draft.ages
        == ages
    )


@pytest.mark.parametrize(
    ("options", "cost"),
    [
        ([{"amount": 0}], "free"),
        ([{"amount": 0}, {"amount": "3.50"}], "paid"),
        ([{"option": "Suggested donation"}], "donation"),
        ([{"option": "Ask us"}], ""),
        ("free", ""),
    ],
)
def test_costs(options, cost):
    assert read(changed(cost_options=options)).arrivals[0].draft.cost == cost


@pytest.mark.parametrize(
    ("wrong", "column"),
    [({"name": None}, "name"), ({"name": " "}, "name"), ({"name": ["x"]}, "name"), ({"id": None}, "id")],
)
def test_a_faulty_service_is_told_with_its_number_and_nothing_comes_in(wrong, column):
    with pytest.raises(InputError) as fault:
        read(FOREIGN, changed(id="2") | wrong)
    assert (fault.value.source, fault.value.row, fault.value.column) == ("feed.json", 2, column)


def test_a_service_that_stands_twice_is_refused():
    with pytest.raises(InputError, match="again, first in row 1"):
        read(FOREIGN, FOREIGN)


@pytest.mark.parametrize("at", [(50.7, -1.3), (0, 0), (-1.3, 91), (1e308, 50.7)])
def test_a_service_off_britain_is_refused(at):
    link = {"location": {"id": "b", "longitude": at[0], "latitude": at[1]}}
    with pytest.raises(CrsError, match="Great Britain"):
        read(changed(service_at_locations=[link]))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "x",
        "[" * 100_000,
        "{}",
        "7",
        '"text"',
        '{"contents": {}}',
        '{"contents": [7]}',
        "[null]",
        b"\xff\xfe",
        "[{}]",
        "[" + "9" * 5_000 + "]",
    ],
)
def test_other_files_are_refused_in_a_line(content):
    with pytest.raises(InputError) as fault:
        drafts_from_open_referral(content, "isle-of-wight", name="feed.json")
    assert "\n" not in str(fault.value)


def test_too_large_a_file_is_refused(monkeypatch):
    monkeypatch.setattr(services, "MOST_BYTES", 1_000)
    with pytest.raises(InputError, match="a larger file"):
        drafts_from_open_referral(" " * 1_001, "isle-of-wight")
    monkeypatch.undo()
    monkeypatch.setattr(services, "MOST_ROWS", 1)
    with pytest.raises(InputError, match="at most 1 services"):
        read(FOREIGN, changed(id="2"))


WRONG = [
    None,
    True,
    7,
    -1.5,
    1e308,
    float("nan"),
    10**400,
    "",
    "text",
    "kind:barrier",
    [],
    [7],
    [None],
    [[]],
    {},
    [{}],
    {"a": 1},
]


@cache
def service_of_ours():
    """A service of ours that says something in every field, as text."""
    said = draft(
        "play_space", shapes()[1].geometry, name="x", note="y", days=("mon",), ages=("baby",), cost="free",
        languages=("ar",), opens="09:00", closes="10:00", pram_friendly="yes",
    )  # fmt: skip
    return json.dumps(page(table_of([said]))["contents"][0])


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_whatever_stands_in_a_field_it_is_read_or_refused_in_a_line(wrong):
    """Every field of a service of ours, at every depth, in turn."""
    whole = service_of_ours()
    for path in paths(json.loads(whole)):
        changed_ = json.loads(whole)
        *way, last = path
        inner = changed_
        for step in way:
            inner = inner[step]
        inner[last] = wrong
        try:
            found = drafts_from_open_referral(json.dumps([changed_]), "isle-of-wight")
        except InputError as fault:
            assert "\n" not in str(fault)  # noqa: PT017
        else:
            assert all(arrival.draft.kind not in ("barrier", "missing_crossing") for arrival in found.arrivals)


def paths(found, before=()):
    for key, value in found.items() if isinstance(found, dict) else enumerate(found):
        yield (*before, key)
        if isinstance(value, dict | list):
            yield from paths(value, (*before, key))


@pytest.mark.parametrize(
    "value",
    [
        "", "x", "[]", '{"type":"Point","coordinates":[-1.3,50.7]}', '{"type":"Polygon","coordinates":[]}',
        '{"type":"LineString","coordinates":[[-1.4,50.7],[-1.41,50.7]]}',
        '{"type":"LineString","coordinates":[[1e400,50.7],[-1.3,50.7]]}',
        '{"type":"LineString","coordinates":[[' + "9" * 400 + ",50.7],[-1.3,50.7]]}",
        '{"type":"LineString","coordinates":[[null,50.7],[-1.3,50.7]]}', "[" * 50_000,
    ],
)  # fmt: skip
def test_an_outline_that_is_none_or_elsewhere_is_refused(value):
    service = page(table_of([draft("play_space", shapely.LineString([(449_800, 89_300), (449_850, 89_330)]))]))[
        "contents"
    ][0]
    service["service_at_locations"][0]["location"]["attributes"][0]["value"] = value
    with pytest.raises(InputError) as fault:
        read(service)
    assert fault.value.column == "outline"
