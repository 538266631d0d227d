"""What services really answer is noted for tests, without secrets and without people."""

import json

import pytest

from data.fetch.record import BEGINNING
from geo.errors import ServiceError
from tests.data.fetch.asks import CSV, NAMES, STREETS, names, streets
from tests.servers.scripted import Answer, later


def test_the_beginning_of_each_answer(service, client_of, tmp_path):
    client = client_of(record=tmp_path / "noted")
    state = {"etag": '"1"', "headers": {"Set-Cookie": "who=me"}}
    service.on(NAMES, later(503, "1", b"busy"), Answer(CSV, **state))
    client.get(names(form={"page": 1}))
    noted = {path.name.partition(".")[2]: path for path in (tmp_path / "noted" / "area_names").iterdir()}
    assert set(noted) == {"503.json", "503.body", "200.json", "200.body"}
    assert noted["503.body"].read_bytes() == b"busy"
    about = json.loads(noted["200.json"].read_text())
    assert (about["method"], about["form"], about["status"]) == ("POST", {"page": 1}, 200)
    assert set(about["headers"]) == {"content-type", "content-length", "etag"}
    service.on(STREETS, Answer(bytes(9000)))
    client.get(streets())
    (body,) = (tmp_path / "noted" / "streets").glob("*.body")
    assert body.read_bytes() == bytes(BEGINNING)


def test_a_refusal_is_noted_and_people_are_not(service, client_of, tmp_path):
    client = client_of(record=tmp_path / "noted")
    service.on(NAMES, Answer(b"name of somebody"))
    client.get(names(reduce=lambda content: b""))
    with pytest.raises(ServiceError):
        client.get(streets())
    assert sorted(path.suffix for path in (tmp_path / "noted").rglob("*.*")) == [".body", ".json", ".json"]
    assert not any(b"somebody" in path.read_bytes() for path in (tmp_path / "noted").rglob("*.*"))


def test_what_takes_long_to_work_out_has_its_own_patience(service, client_of):
    service.on(NAMES, Answer(CSV, before=0.1))
    client = client_of(idle_seconds=0.03, tries=1)
    with pytest.raises(ServiceError, match="silence"):
        client.get(names())
    assert client.get(names(patience=5.0)).path.read_bytes() == CSV
