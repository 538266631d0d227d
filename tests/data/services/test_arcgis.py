"""Layers of ONS Open Geography, asked of a service on this machine that answers as they do."""

from __future__ import annotations

import pandas as pd
import pytest

from data.fetch.ask import NotYet
from data.services import arcgis, paging
from data.services.arcgis import Query, layer_address
from geo.errors import ServiceError
from tests.data.services.fakes import geography

LAYER = layer_address("OA21_WD25_LAD25_EW_LU_v3")
CODES = [f"E000567{number:02}" for number in range(50, 75)]
TABLE = pd.DataFrame({"OA21CD": CODES, "LAD25NM": ["King's Lynn and West Norfolk"] * 20 + ["Leeds"] * 5})


@pytest.fixture
def layer(service):
    """A layer of 25 output areas that gives ten rows at once."""
    geography.serve(service, {"OA21_WD25_LAD25_EW_LU_v3": TABLE}, most=10)
    return LAYER


def test_pages_go_by_the_rows_received_until_the_flag_is_gone(client, service, layer):
    query = Query(where=f"LAD25NM={arcgis.quoted('King' + chr(39) + 's Lynn and West Norfolk')}", fields=("OA21CD",))
    assert paging.read_rows(client, layer, query, source="output_areas")["OA21CD"].tolist() == CODES[:20]
    asked = [one.get("resultOffset") for one in service.asked_for(f"{layer}/query")]
    assert asked == [None, "0", "10"]  # the count, then two pages: the second is full and has no flag


def test_the_flag_is_found_among_the_properties_too(client, service):
    shapes = geography.squares({"LSOA21CD": ["E01000001", "E01000002", "E01000003"]})
    geography.serve(service, {"X": shapes}, most=2)
    found = paging.read_rows(client, layer_address("X"), Query(geometry=True), source="boundaries")
    assert found["LSOA21CD"].tolist() == ["E01000001", "E01000002", "E01000003"]
    assert found.crs == "EPSG:27700"
    assert found.total_bounds.tolist() == [430_000, 430_000, 433_000, 431_000]


def test_shapes_in_degrees_are_refused_where_metres_were_asked_for(client, service):
    shapes = geography.squares({"LSOA21CD": ["E01000001"]}).to_crs(4326)
    geography.serve(service, {"X": shapes.set_crs(27700, allow_override=True)})
    with pytest.raises(ServiceError, match="shapes in degrees; expected metres"):
        paging.read_rows(client, layer_address("X"), Query(geometry=True), source="boundaries")


def test_a_list_of_codes_is_posted_some_at_a_time(client, service):
    codes = [f"E01{number:06}" for number in range(200)]
    geography.serve(service, {"X": pd.DataFrame({"LSOA21CD": codes})})
    query = Query(fields=("LSOA21CD",))
    found = paging.read_listed(client, layer_address("X"), query, field="LSOA21CD", codes=codes, source="boundaries")
    assert found["LSOA21CD"].tolist() == codes
    calls = [one for one in service.asked_for(f"{layer_address('X')}/query") if one.get("resultOffset")]
    assert [(one.method, one["where"].count("E01")) for one in calls] == [("POST", 90), ("POST", 90), ("GET", 20)]
    assert len(calls) < len(service.asked_for(f"{layer_address('X')}/query"))  # it was asked how many there are
    twice = geography.rows(pd.DataFrame({"LSOA21CD": [*codes, codes[0]]}))
    service.on(f"{layer_address('Y')}/query", twice)
    listed = {"field": "LSOA21CD", "codes": codes, "source": "boundaries", "once": True}
    with pytest.raises(ServiceError, match="201 rows for 200 codes; expected one for each"):
        paging.read_listed(client, layer_address("Y"), query, **listed)
    assert len(service.asked_for(f"{layer_address('Y')}/query")) == 3
    more = [*codes, "E01999999"]
    with pytest.raises(ServiceError, match="no row for 1 of 201 codes, such as E01999999"):
        paging.read_listed(client, layer_address("X"), query, field="LSOA21CD", codes=more, source="boundaries")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (geography.GONE, "Invalid URL"),
        (geography.WITHDRAWN, "Token Required"),
        (geography.no_field("LAD24CD"), "Invalid field: LAD24CD"),
    ],
)
def test_an_error_with_status_200_that_stays_is_not_asked_again(client, service, answer, words):
    service.on(f"{LAYER}/query", answer)
    with pytest.raises(ServiceError, match=words) as caught:
        paging.read_rows(client, LAYER, Query(), source="wards")
    assert "OA21_WD25_LAD25_EW_LU_v3" in str(caught.value)
    assert len(service.asked) == 1


@pytest.mark.parametrize("passing", [geography.BURST, geography.BURST_400, geography.said({}).body[:-1] + b'{"cou'])
def test_what_a_burst_draws_is_asked_again(client, service, passing):
    service.on(f"{LAYER}/query", passing, geography.rows(TABLE))
    assert len(paging.read_rows(client, LAYER, Query(), source="wards")) == 25


@pytest.mark.parametrize("code", [429, 500, 504])
def test_a_busy_server_says_so_with_status_200(file, code):
    with pytest.raises(NotYet):
        arcgis.check_answer(file(geography.error("Try later", code=code).body), layer="X")


def test_fewer_rows_than_are_counted_are_refused(client, service):
    answer = geography.rows(TABLE)
    service.on(
        f"{LAYER}/query", lambda asked: geography.said({"count": 26}) if asked.get("returnCountOnly") else answer(asked)
    )
    with pytest.raises(ServiceError, match="found 25 rows; expected 26"):
        paging.read_rows(client, LAYER, Query(), source="wards")


def test_pages_kept_on_different_days_are_all_asked_for_again(client_of, service, layer):
    query, client = Query(fields=("OA21CD",)), client_of()
    paging.read_rows(client, layer, query, source="wards")
    geography.serve(service, {"OA21_WD25_LAD25_EW_LU_v3": TABLE[:15]}, most=10)
    kept = client.settings.cache / "wards"
    counted = next(path for path in kept.glob("*/answer.json") if b"count" in path.read_bytes())
    counted.unlink()  # the count is asked for again, and is another
    assert len(paging.read_rows(client_of(), layer, query, source="wards")) == 15


def test_the_newest_edition_goes_first():
    names = [
        "LAD_MAY_2025_UK_BGC", "LAD_MAY_2025_UK_BGC_V2", "Local_Authority_Districts_December_2025_Boundaries_UK_BGC",
        "local_authority_districts_may_2026_boundaries_uk_bgc", "Local_Authority_Districts_May_2026_Boundaries_UK_BFC",
    ]  # fmt: skip
    from data.services.portal import AUTHORITY_OUTLINES

    assert arcgis.newest_first(names, AUTHORITY_OUTLINES.pattern) == [names[3], names[2], names[1], names[0]]
