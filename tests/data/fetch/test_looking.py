"""A file is looked at and not taken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.errors import ServiceError
from tests.data.fetch.asks import BIG, STREETS, left_in, streets
from tests.servers.scripted import Answer, later

MODIFIED = "Sun, 01 Nov 2026 08:00:00 GMT"


def test_its_state_is_told_and_it_does_not_come(service, client, clock):
    service.on(STREETS, Answer(BIG, etag='"1"', modified=MODIFIED))
    receipt = client.get(streets()).receipt
    service.on(STREETS, later(503), Answer(BIG, etag='"2"', modified=MODIFIED))
    seen = client.look(streets())
    assert clock.slept[-1] == 7  # as the service asked
    assert (seen.etag, seen.day) == ('"2"', "2026-11-01")
    assert [one.method for one in service.asked] == ["GET", "HEAD", "HEAD"]
    assert client.get(streets()).receipt == receipt  # what is kept stays
    assert left_in(client.settings.cache) == set()
    # by the name of its state, else by its day; nobody can tell without either
    assert seen.same_as(receipt) is False
    assert seen.same_as(replace(receipt, etag=None)) is True
    assert replace(seen, last_modified=None, etag=None).same_as(receipt) is None
    assert replace(seen, last_modified="yesterday").day == ""


def test_a_service_that_does_not_say_is_one_line(service, client, client_of):
    with pytest.raises(ServiceError, match=r"Geofabrik.*found status 404 \(not there\)"):
        client.look(streets())
    with pytest.raises(ServiceError, match="offline"):
        client_of(offline=True).look(streets())
