"""Which questions are asked again, after what pause, and at what pace."""

import re
import socket
import threading
import time
from email.utils import formatdate

import pytest

from data.fetch.ask import NotYet, is_csv
from data.fetch.client import Client
from data.fetch.settings import FetchSettings
from geo.errors import ServiceError
from tests.data.fetch.asks import CSV, NAMES, STREETS, left_in, names, streets
from tests.servers.scripted import Answer, later


class TestAskedAgain:
    """Faults that pass, and how long is waited."""

    def test_pauses_that_grow(self, service, client_of, clock):
        said = []
        service.on(NAMES, *[later(503, None)] * 4, CSV)
        assert (
            client_of(tell=said.append, pace={"houseofcommonslibrary.github.io": 0}).get(names()).path.read_bytes()
            == CSV
        )
        assert [2 <= clock.slept[0] <= 3, 4 <= clock.slept[1] <= 5, 8 <= clock.slept[2] <= 9] == [True] * 3
        assert re.fullmatch(
            r"House of Commons Library \(MSOA Names\): found status 503 \(busy\); asked again in 2 s|.*in 3 s", said[0]
        )

    def test_a_pause_in_seconds(self, service, client, clock):
        service.on(NAMES, later(429, "7"), CSV)
        client.get(names())
        assert clock.slept == [7.0]

    def test_a_pause_as_a_date(self, service, client, clock):
        service.on(NAMES, later(429, formatdate(clock.now + 90, usegmt=True)), CSV)
        client.get(names())
        assert clock.slept == [90.0]

    def test_a_pause_that_nobody_can_read(self, service, client, clock):
        service.on(NAMES, later(429, "soon"), CSV)
        client.get(names())
        assert 2 <= clock.slept[0] <= 3

    def test_a_pause_that_is_too_long(self, service, client, clock):
        service.on(NAMES, later(429, "3600"))
        with pytest.raises(
            ServiceError, match=r"found status 429 \(asked too often\), to be asked again in 60 minutes"
        ):
            client.get(names())
        assert clock.slept == []

    def test_not_for_ever(self, service, client):
        service.on(NAMES, later(500, None))
        with pytest.raises(ServiceError, match=r"found status 500 \(a fault of its own\); expected a table") as caught:
            client.get(names(looks=is_csv("msoa21cd")))
        assert (len(service.asked), caught.value.status) == (5, 500)
        with pytest.raises(ServiceError):
            client.get(names(tries=1))
        assert len(service.asked) == 6

    def test_not_what_will_not_change(self, service, client):
        with pytest.raises(
            ServiceError,
            match=r"found status 404 \(not there\); expected the file; its publisher may have moved it: see https://house",
        ):
            client.get(names())
        assert len(service.asked) == 1

    def test_a_check_may_want_another_answer(self, service, client, clock):
        def check(path):
            if b"pending" in path.read_bytes():
                raise NotYet(30.0)

        service.on(NAMES, '{"status":"pending"}', CSV)
        assert client.get(names(check=check)).path.read_bytes() == CSV
        assert clock.slept == [30.0]
        service.on(STREETS, "pending")
        with pytest.raises(ServiceError, match="found an answer that is not ready"):
            client.get(streets(check=check))
        assert left_in(client.settings.cache) == set()

    def test_what_refuses_may_be_read(self, service, client):
        def refused(status, first):
            if status == 400 and b"Invalid query" in first:
                raise NotYet(found="a false 400")

        service.on(NAMES, Answer(b"Invalid query parameters", status=400), CSV)
        assert client.get(names(refused=refused)).path.read_bytes() == CSV

    def test_nobody_there(self, client_of, clock):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        with pytest.raises(
            ServiceError, match=r"found no connection; .* see whether this machine reaches the internet"
        ):
            client_of(bases={"houseofcommonslibrary.github.io": f"http://127.0.0.1:{port}"}).get(names())
        assert len(clock.slept) <= 4

    def test_no_such_host(self, client, monkeypatch):
        def nobody(*_, **__):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", nobody)
        with pytest.raises(ServiceError, match="found no host of that name from here"):
            client.get(names())

    def test_headers_that_drip(self, secure_service, client_of):
        service, certificate = secure_service
        service.on(NAMES, Answer(header_drip=0.02))
        limits = {"connect_seconds": 0.5, "idle_seconds": 0.2, "certificates": certificate, "tries": 1}
        with pytest.raises(ServiceError, match="found an answer that does not begin"):
            client_of(bases=service.bases(), **limits).get(names())

    def test_silence(self, service, client_of):
        service.on(NAMES, Answer(CSV, before=0.15))
        with pytest.raises(ServiceError, match="found silence for too long"):
            client_of(idle_seconds=0.05, tries=1).get(names())


class TestPace:
    """One request after the other, with a pause."""

    def test_pauses_between_two(self, service, client_of, clock):
        service.on(NAMES, lambda asked: asked.query["n"])
        client = client_of()
        for number in range(3):
            client.get(names(query={"n": number}))
        assert clock.slept == pytest.approx([0.3, 0.3], abs=0.002)
        client_of().get(names(query={"n": 3}, pace=2.0))
        assert clock.slept[2] == pytest.approx(2, abs=0.002)

    def test_a_clock_that_was_set_back(self, service, client, clock):
        service.on(NAMES, lambda asked: asked.query["n"])
        client.get(names(query={"n": 1}))
        clock.now -= 1000
        client.get(names(query={"n": 2}))
        assert clock.slept == pytest.approx([0.3])

    def test_never_two_at_once(self, service, tmp_path):
        now, most = [], []

        def answer(asked):
            now.append(1)
            most.append(len(now))
            time.sleep(0.02)
            now.pop()
            return b"x"

        service.on(NAMES, answer)
        settings = FetchSettings(cache=tmp_path, bases=service.bases(), pace={"houseofcommonslibrary.github.io": 0.0})

        def fetch(number):
            with Client(settings) as client:
                client.get(names(query={"n": number}))

        threads = [threading.Thread(target=fetch, args=(number,)) for number in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert most == [1, 1, 1, 1]

    def test_who_asks(self, service, client_of):
        service.on(NAMES, CSV)
        client_of().get(names())
        client_of(contact="data@leeds.example\r\nX: y", refresh=True).get(names())
        first, second = (one.headers["user-agent"] for one in service.asked)
        assert re.fullmatch(r"Pramshed/[\d.]+ \(\+.+\)", first)
        assert second.endswith("(+data@leeds.exampleX: y)")
