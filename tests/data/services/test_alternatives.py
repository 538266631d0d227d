"""One way after another to the same data."""

from __future__ import annotations

import pytest

from data.fetch.ask import Ask
from data.services.alternatives import first_of
from geo.errors import ServiceError
from tests.servers.scripted import Answer

FIRST, SECOND = (f"https://download.geofabrik.de/{name}" for name in ("first", "second"))
WAYS = [(url[-6:], lambda client, url=url: client.get(Ask(url, source="streets", tries=1))) for url in (FIRST, SECOND)]


def test_an_older_copy_is_taken_only_when_nobody_answers(service, client_of, clock):
    told = []
    client = client_of(tell=told.append)
    service.on(FIRST, b"old", Answer(status=404))
    service.on(SECOND, b"new", Answer(status=404))
    assert first_of(client, "streets", WAYS).path.read_bytes() == b"old"
    clock.now += 2 * 86_400
    assert first_of(client_of(), "streets", WAYS).path.read_bytes() == b"new"  # not the old copy of the first
    clock.now += 2 * 86_400
    late = client_of(tell=told.append)
    assert first_of(late, "streets", WAYS).path.read_bytes() == b"old"
    assert len(told) == 1
    assert "the copy of" in told[0]


def test_what_each_way_said_is_said(service, client):
    service.on(FIRST, Answer(status=403))
    with pytest.raises(ServiceError, match=r"streets: found first.*403.*second.*404.*one of 2 ways"):
        first_of(client, "streets", [("first", WAYS[0][1]), ("second", WAYS[1][1])])
