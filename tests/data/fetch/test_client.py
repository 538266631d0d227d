"""What the client keeps, what it goes on with after a cut, and when an older copy is used."""

import gzip
import hashlib
import json
import re
import threading

import pytest

from data.fetch.ask import is_csv, not_html
from data.fetch.client import Client
from data.fetch.settings import FetchSettings
from geo.errors import InputError, ServiceError
from tests.data.fetch.asks import BIG, CSV, DAY, MD5, NAMES, STREETS, left_in, names, streets
from tests.servers.scripted import PAGE, Answer, later


class TestKept:
    """Cache first."""

    def test_a_file_comes_with_its_receipt(self, service, client, clock):
        service.on(NAMES, Answer(CSV, etag='"1"', modified="Sun, 01 Nov 2026 08:00:00 GMT"))
        got = client.get(names(edition="2.2"))
        assert (got.path.name, got.path.read_bytes(), got.instead) == ("MSOA-Names-2.2.csv", CSV, None)
        written = json.loads((got.path.parent / "receipt.json").read_text())
        assert written == {
            "source": "area_names", "url": f"{service.address}/houseofcommonslibrary.github.io/msoanames/MSOA-Names-2.2.csv",
            "asked_at": got.receipt.asked_at.isoformat(), "status": 200, "bytes": len(CSV),
            "sha256": hashlib.sha256(CSV).hexdigest(), "edition": "2.2", "etag": '"1"',
            "last_modified": "Sun, 01 Nov 2026 08:00:00 GMT",
        }  # fmt: skip
        assert (got.receipt.asked_at.timestamp(), got.receipt.asked_at.utcoffset().total_seconds()) == (clock.now, 0)
        assert left_in(client.settings.cache) == set()

    def test_while_it_is_fresh_nobody_is_asked(self, service, client, client_of, clock):
        service.on(NAMES, CSV)
        got = client.get(names())
        clock.now += DAY - 1
        assert client_of().get(names()) == got
        assert client_of(offline=True).get(names()) == got
        assert len(service.asked) == 1
        client_of(refresh=True).get(names())
        assert len(service.asked) == 2

    def test_a_dated_file_is_fresh_for_ever(self, service, client_of, clock):
        service.on(NAMES, CSV)
        client_of().get(names(fresh_for=None))
        clock.now += 1000 * DAY
        client_of().get(names(fresh_for=None))
        assert len(service.asked) == 1

    def test_a_run_asks_once_even_to_refresh(self, service, client_of):
        service.on(NAMES, CSV)
        refreshing = client_of(refresh=True)
        for _ in range(3):
            refreshing.get(names())
        assert len(service.asked) == 1

    @pytest.mark.parametrize("refresh", [True, False])
    def test_what_is_never_fresh_is_asked_for_each_time(self, service, client_of, refresh):
        service.on(NAMES, CSV, CSV * 2)
        client = client_of(refresh=refresh)
        assert [client.get(names(fresh_for=0.0)).receipt.bytes for _ in range(2)] == [len(CSV), 2 * len(CSV)]

    @pytest.mark.parametrize("state", [{"etag": '"1"'}, {"modified": "Sun, 01 Nov 2026 08:00:00 GMT"}])
    def test_what_has_not_changed_is_confirmed(self, service, client_of, clock, state):
        service.on(NAMES, Answer(CSV, **state))
        first = client_of().get(names())
        clock.now += 2 * DAY
        again = client_of().get(names())
        assert (again.receipt.status, again.receipt.sha256) == (304, first.receipt.sha256)
        assert (again.receipt.asked_at - first.receipt.asked_at).days == 2
        assert client_of().get(names()) == again
        assert len(service.asked) == 2

    def test_what_has_changed_is_fetched(self, service, client_of, clock):
        service.on(NAMES, Answer(CSV, etag='"1"'), Answer(CSV * 2, etag='"2"'))
        client_of().get(names())
        clock.now += 2 * DAY
        got = client_of().get(names())
        assert (got.path.read_bytes(), got.receipt.etag) == (CSV * 2, '"2"')

    def test_a_damaged_copy_is_none(self, service, client_of):
        service.on(NAMES, Answer(CSV, etag='"1"'))
        got = client_of().get(names())
        got.path.write_bytes(CSV.replace(b"W", b"V"))
        assert client_of().get(names()).path.read_bytes() == CSV
        assert "if-none-match" not in service.asked[1].headers

    def test_the_publishers_md5_says_what_is_new(self, service, client_of, clock):
        service.on(STREETS, BIG)
        client_of().get(streets(md5=MD5))
        clock.now += 30 * DAY
        client_of().get(streets(md5=MD5.lower()))
        assert len(service.asked) == 1
        service.on(STREETS, BIG + b"new")
        client_of().get(streets(md5=hashlib.md5(BIG + b"new").hexdigest(), fresh_for=None))
        assert len(service.asked) == 2

    def test_offline_without_a_copy(self, client_of, service):
        with pytest.raises(ServiceError, match=r"House of Commons Library \(MSOA Names\): found no copy .* offline"):
            client_of(offline=True).get(names())
        assert service.asked == []

    def test_questions_that_differ_are_kept_apart(self, service, client):
        service.on(NAMES, lambda asked: f"{asked.method} {asked.get('page')}")
        of = [
            client.get(names(**what))
            for what in ({"query": {"page": 1}}, {"query": {"page": 2}}, {"form": {"page": 1}})
        ]
        assert [got.path.read_text() for got in of] == ["GET 1", "GET 2", "POST 1"]

    def test_a_receipt_from_the_future_is_none(self, service, client_of, clock):
        service.on(NAMES, CSV)
        client_of().get(names())
        clock.now -= 30 * DAY
        client_of().get(names())
        assert len(service.asked) == 2

    def test_two_at_once_share(self, service, tmp_path):
        said, waits = [], threading.Event()
        service.on(NAMES, lambda asked: waits.wait(10) and CSV)
        settings = FetchSettings(cache=tmp_path / "kept", bases=service.bases(), refresh=True)
        got = []

        def fetch():
            with Client(settings, tell=lambda sentence: (said.append(sentence), waits.set())) as client:
                got.append(client.get(names()))

        both = [threading.Thread(target=fetch) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert got[0] == got[1]
        assert said == ["House of Commons Library (MSOA Names): waiting for another run that is fetching it"]
        assert len(service.asked) == 1


class TestGoesOn:
    """After a cut, from where it was."""

    def test_from_the_byte(self, service, client):
        service.on(STREETS, Answer(BIG, etag='"1"', ranges=True, cut=300_000), Answer(BIG, etag='"1"', ranges=True))
        got = client.get(streets())
        assert (got.path.read_bytes(), got.receipt.status, got.receipt.etag) == (BIG, 206, '"1"')
        assert got.receipt.sha256 == hashlib.sha256(BIG).hexdigest()
        assert service.asked[1].headers["range"] == "bytes=300000-"
        assert service.asked[1].headers["if-range"] == '"1"'

    def test_in_the_next_run(self, service, client_of):
        cut = Answer(BIG, modified="Sun, 01 Nov 2026 08:00:00 GMT", ranges=True, cut=300_000)
        service.on(STREETS, cut, Answer(BIG, modified=cut.modified, ranges=True))
        with pytest.raises(ServiceError, match="found a connection that was cut"):
            client_of(tries=1).get(streets())
        assert client_of().get(streets()).path.read_bytes() == BIG
        assert [one.headers.get("if-range") for one in service.asked] == [None, cut.modified]

    def test_when_somebody_stops_it(self, service, client_of):
        class StoppedError(Exception):
            pass

        def stop(ask, have, total):
            if have > 100_000:
                raise StoppedError

        service.on(STREETS, Answer(BIG, etag='"1"', ranges=True))
        with pytest.raises(StoppedError):
            client_of(watch=stop).get(streets())
        seen = []
        client_of(watch=lambda ask, have, total: seen.append((have, total))).get(streets())
        assert seen[0][0] > 100_000
        assert seen[-1] == (len(BIG), len(BIG))

    def test_from_the_beginning_if_it_has_changed(self, service, client):
        service.on(STREETS, Answer(BIG, etag='"1"', ranges=True, cut=300_000), Answer(CSV, etag='"2"', ranges=True))
        assert client.get(streets()).path.read_bytes() == CSV

    @pytest.mark.parametrize("weak", [None, 'W/"1"'])
    def test_from_the_beginning_if_the_state_has_no_name(self, service, client, weak):
        service.on(STREETS, Answer(BIG, etag=weak, ranges=True, cut=300_000), Answer(BIG, etag=weak, ranges=True))
        assert client.get(streets()).path.read_bytes() == BIG
        assert "range" not in service.asked[1].headers

    def test_from_the_beginning_if_it_came_packed(self, service, client):
        packed = gzip.compress(BIG)
        state = {"etag": '"1"', "ranges": True, "headers": {"Content-Encoding": "gzip"}}
        service.on(STREETS, Answer(packed, **state, cut=len(packed) // 2), Answer(packed, **state))
        assert client.get(streets(query={"page": 1})).path.read_bytes() == BIG
        assert [one.headers.get("range") for one in service.asked] == [None, None]
        assert service.asked[0].headers["accept-encoding"] == "gzip, deflate"

    def test_with_an_md5_no_name_is_needed(self, service, client):
        service.on(STREETS, Answer(BIG, ranges=True, cut=300_000), Answer(BIG, ranges=True))
        assert client.get(streets(md5=MD5)).path.read_bytes() == BIG
        assert service.asked[1].headers["range"] == "bytes=300000-"

    def test_what_was_whole_is_not_fetched_twice(self, service, client_of):
        answer = Answer(BIG, etag='"1"', ranges=True)
        service.on(STREETS, answer)

        def stop(ask, have, total):
            if have == total:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            client_of(watch=stop).get(streets())
        assert client_of().get(streets()).path.read_bytes() == BIG
        assert service.asked[1].headers["range"] == f"bytes={len(BIG)}-"

    def test_not_with_the_rest_of_another_file(self, service, client):
        wrong = Answer(BIG[5:], status=206, headers={"Content-Range": f"bytes 5-{len(BIG) - 1}/{len(BIG)}"})
        service.on(STREETS, Answer(BIG, etag='"1"', ranges=True, cut=300_000), wrong, Answer(BIG, etag='"1"'))
        assert client.get(streets()).path.read_bytes() == BIG

    def test_not_after_a_fault_that_passes(self, service, client):
        state = {"etag": '"1"', "ranges": True}
        service.on(STREETS, Answer(BIG, **state, cut=300_000), later(503, None), Answer(BIG, **state))
        client.get(streets())
        assert service.asked[2].headers["range"] == "bytes=300000-"


class TestOlderCopy:
    """A copy that was good stays in use, and is named."""

    @pytest.fixture
    def kept(self, service, client_of, clock):
        service.on(NAMES, Answer(CSV, etag='"1"'))
        got = client_of().get(names())
        clock.now += 20 * DAY
        return got

    @pytest.mark.parametrize("answer", [later(500, None), PAGE, Answer(status=404), Answer(CSV, cut=9)])
    def test_when_the_service_fails(self, service, client_of, kept, answer):
        said = []
        service.on(NAMES, answer)
        got = client_of(tell=said.append).get(names(looks=not_html))
        assert (got.path.read_bytes(), got.receipt) == (CSV, kept.receipt)
        assert re.fullmatch(
            r"House of Commons Library \(MSOA Names\): found .+; the copy of 30 November 2026 is used", got.instead
        )
        assert said[-1] == got.instead

    def test_not_if_there_is_another_address_to_ask(self, service, client_of, kept):
        service.on(NAMES, Answer(status=404))
        with pytest.raises(ServiceError, match="status 404"):
            client_of().get(names(), older=False)
        assert client_of().get(names()).path.read_bytes() == CSV

    def test_when_the_new_one_fails_its_check(self, service, client_of, kept):
        def check(path):
            raise InputError(path.name, expected="rows", found="none")

        service.on(NAMES, b"msoa21cd\n")
        assert client_of().get(names(check=check)).instead.endswith("found none; the copy of 30 November 2026 is used")


def test_what_may_not_be_written_down_never_is(service, client, tmp_path):
    def reduce(content):
        assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"Wharfedale" in path.read_bytes()]
        return content.replace(b"Wharfedale", b"")

    ask = names(looks=is_csv("msoa21cd"), reduce=reduce)
    service.on(
        NAMES,
        Answer(CSV[:30] + b" " * 512, etag='"1"', ranges=True, cut=400),
        PAGE,
        Answer(CSV, etag='"1"', ranges=True),
    )
    with pytest.raises(ServiceError, match="an HTML page"):
        client.get(ask)
    got = client.get(ask)
    assert got.path.read_bytes() == b"msoa21cd,msoa21hclnm\nE02002330,\n"
    assert not any("range" in asked.headers for asked in service.asked)
    assert client.get(ask) == got
    assert len(service.asked) == 3


def test_a_copy_is_given_without_asking_and_whoever_is_told_knows_its_day(service, client_of, clock):
    told = []
    service.on(NAMES, CSV)
    client = client_of(tell=told.append)
    with pytest.raises(ServiceError, match="found no copy that is kept; expected an older copy"):
        client.kept(names())
    kept = client.get(names())
    clock.now += 100 * DAY
    got = client.kept(names())
    assert client.kept(names()) == got
    assert (got.path, got.receipt) == (kept.path, kept.receipt)
    assert told == [got.instead]
    assert got.instead.endswith(f"the copy of {kept.receipt.day} is used")
    assert len(service.asked) == 1
