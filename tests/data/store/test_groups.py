"""Groups and their links: forged, expired, revoked, guessed."""

from __future__ import annotations

import secrets
import threading
from datetime import timedelta

import pytest

from data.store import credentials
from data.store.groups import LONGEST_NAME, MOST_DAYS, MOST_PER_HOUR
from data.store.people import OPERATOR, LinkError
from data.store.schema import now
from geo.errors import DeniedError, RequestError, TooOftenError, UnknownNameError
from tests.data.store.conftest import PLACE, draft, rows_of, run_sql, until


class TestGroups:
    @pytest.mark.both_databases
    def test_create_and_close(self, store):
        group = store.groups.create(OPERATOR, name="  Mums \n of Ryde ", place=PLACE)
        assert (group.name, group.place, group.closed) == ("Mums of Ryde", PLACE, None)
        link = store.groups.make_link(OPERATOR, group.id)
        store.groups.close(OPERATOR, group.id)
        (found,) = store.groups.all(OPERATOR)
        assert found.closed is not None
        with pytest.raises(LinkError) as fault:
            store.groups.open_link(link.token)
        assert fault.value.why == "revoked"
        assert not any(one.works for one in store.groups.links(OPERATOR, group.id))
        with pytest.raises(RequestError, match="closed"):
            store.groups.make_link(OPERATOR, group.id)
        store.groups.close(OPERATOR, group.id)
        assert store.groups.all(OPERATOR) == [found], "the day stays"

    def test_names_and_places(self, store):
        for name in ("", "  ", "\x00\x00", "x" * (LONGEST_NAME + 1)):
            with pytest.raises(RequestError, match="a name is needed"):
                store.groups.create(OPERATOR, name=name, place=PLACE)
        for place in ("", "Isle of Wight", "a" * 81, "x'; DROP TABLE marks; --", "../up", "a\x00"):
            with pytest.raises(RequestError, match="no key of a place"):
                store.groups.create(OPERATOR, name="Group", place=place)

    def test_what_is_not_there(self, store):
        for call in (
            lambda: store.groups.close(OPERATOR, 7),
            lambda: store.groups.make_link(OPERATOR, 7),
            lambda: store.groups.revoke(OPERATOR, 7),
        ):
            with pytest.raises(UnknownNameError, match="7"):
                call()
        assert store.groups.links(OPERATOR, 7) == []
        assert rows_of(store, "audit") == []

    @pytest.mark.both_databases
    def test_numbers_out_of_all_bounds(self, store):
        for number in (2**31, 2**63, -(2**70)):
            with pytest.raises((RequestError, UnknownNameError)):
                store.groups.close(OPERATOR, number)


class TestLinks:
    @pytest.mark.both_databases
    def test_token_and_code_open_the_same(self, town):
        made = town.store.groups.make_link(OPERATOR, town.mums.id, label=" for  Ada ", days=7)
        found = town.store.groups.open_link(made.token)
        assert (found.group, found.place, found.label) == ("Mums", PLACE, "for Ada")
        assert timedelta(days=6) < found.expires - now() < timedelta(days=8)
        for typed in (made.code, made.code.lower(), made.code.replace("-", " "), f"  {made.code.replace('-', '')}\n"):
            assert town.store.groups.open_link(typed) == found
        assert len(made.token) >= 32
        assert town.store.groups.links(OPERATOR, town.mums.id)[0] == made.link

    def test_what_makes_no_sense(self, town):
        for more in (
            {"days": 0}, {"days": MOST_DAYS + 1}, {"per_hour": 0}, {"per_hour": MOST_PER_HOUR + 1}, {"label": "x" * 81},
        ):  # fmt: skip
            with pytest.raises(RequestError, match="a link lasts"):
                town.store.groups.make_link(OPERATOR, town.mums.id, **more)

    def test_forged(self, town):
        token = town.link.token
        for secret in (
            "", " ", token[:-1], token + "x", token.swapcase(), token.encode().hex(), "x" * 100_000, "' OR 1=1 --",
            "\x00", "\ud800", "%s", credentials.digest(token), "AAAA-BBBB", "null",
        ):  # fmt: skip
            with pytest.raises(LinkError) as fault:
                town.store.groups.open_link(secret)
            assert fault.value.why == "unknown"
        assert rows_of(town.store, "attempts") == [], "a token is beyond guessing, and costs nobody anything"

    @pytest.mark.parametrize("why", ["revoked", "expired"])
    @pytest.mark.both_databases
    def test_no_longer(self, town, why):
        """Who has it open can send nothing more either."""
        made = town.store.groups.make_link(OPERATOR, town.mums.id)
        who = town.store.groups.open_link(made.token)
        if why == "revoked":
            town.store.groups.revoke(OPERATOR, made.link.id)
        else:
            run_sql(town.store, "UPDATE links SET expires = '2020-01-01 00:00:00' WHERE id = :id", id=made.link.id)
        mark = town.approved()
        for call in (
            lambda: town.store.groups.open_link(made.token),
            lambda: town.store.groups.open_link(made.code),
            lambda: town.store.marks.add(who, draft(), submission=secrets.token_hex(16)),
            lambda: town.store.marks.tell(who, mark, still_there=True),
        ):
            with pytest.raises(LinkError) as fault:
                call()
            assert fault.value.why == why
        assert not next(one for one in town.store.groups.links(OPERATOR, town.mums.id) if one.id == made.link.id).works

    @pytest.mark.both_databases
    def test_a_link_withdrawn_meanwhile(self, town):
        """Whoever withdraws a link knows that nothing comes by it any more."""
        after, start = [], threading.Barrier(4)
        revoked = threading.Event()

        def send() -> None:
            start.wait()
            while True:
                late = revoked.is_set()
                try:
                    town.add()
                except DeniedError:
                    return
                after.append(late)

        threads = [threading.Thread(target=send) for _ in range(3)]
        for thread in threads:
            thread.start()
        start.wait()
        until(lambda: after)
        town.store.groups.revoke(OPERATOR, town.ada.link_id)
        revoked.set()
        count = len(rows_of(town.store, "marks"))
        for thread in threads:
            thread.join()
        assert True not in after
        assert len(rows_of(town.store, "marks")) == count == len(after)


class TestGuessing:
    def test_codes(self, town):
        code = town.store.groups.make_link(OPERATOR, town.mums.id).code
        for _ in range(credentials.MOST_FAILURES):
            with pytest.raises(LinkError):
                town.store.groups.open_link(credentials.new_code(), client="198.51.100.7")
        for secret in (credentials.new_code(), code):
            with pytest.raises(TooOftenError, match="wait 15 minutes"):
                town.store.groups.open_link(secret, client="198.51.100.7")
        assert town.store.groups.open_link(code, client="203.0.113.9"), "somebody else's"
        assert town.store.groups.open_link(town.link.token, client="198.51.100.7"), "the link itself"
        run_sql(town.store, "UPDATE attempts SET at = '2020-01-01 00:00:00'")
        assert town.store.groups.open_link(code, client="198.51.100.7")
        assert rows_of(town.store, "attempts") == [], "forgotten after their time; and what was right does not count"

    @pytest.mark.both_databases
    def test_many_at_the_same_moment(self, town):
        """Guesses are counted before they are looked at."""
        start, outcomes = threading.Barrier(25), []

        def guess() -> None:
            start.wait()
            try:
                town.store.groups.open_link(credentials.new_code(), client="198.51.100.7")
            except DeniedError as fault:
                outcomes.append(type(fault).__name__)

        threads = [threading.Thread(target=guess) for _ in range(25)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcomes.count("LinkError") == credentials.MOST_FAILURES
        assert outcomes.count("TooOftenError") == 15

    def test_addresses_are_not_kept(self, town):
        with pytest.raises(LinkError):
            town.store.groups.open_link(credentials.new_code(), client="198.51.100.7")
        ((_, bucket, _),) = rows_of(town.store, "attempts")
        assert "198" not in bucket or len(bucket) == 64
        assert bucket != credentials.digest("code:198.51.100.7")


def test_codes_can_be_read_out(monkeypatch):
    codes = {credentials.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert not set("".join(codes)) & set("01OIL")
    assert all(credentials.as_code(code) == code for code in codes)
    assert credentials.as_code("ABCD-EFGH-JKM") is None
    assert credentials.as_code("ABCD-EFGH-JKM1") is None
