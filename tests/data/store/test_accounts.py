"""People: their names, passphrases and identities; guessing; the last administrator."""

from __future__ import annotations

import itertools
import threading
import unicodedata

import pytest

from data.store import credentials
from data.store.people import OPERATOR, Person, Visitor
from data.store.schema import people
from geo.errors import DeniedError, PramshedError, RequestError, TooOftenError, UnknownNameError
from tests.data.store.conftest import PASSPHRASE, rows_of, run_sql, until


class TestAdding:
    @pytest.mark.both_databases
    def test_names_of_all_scripts(self, store):
        for name in (
            "Ada", "ada2@example.org", "Zoë O'Neill-Smith", "রহিমা খাতুন", "فاطمة", "ਗੁਰਪ੍ਰੀਤ", "Łucja", "D\u2019Arcy", "a b.c_d+e",
        ):  # fmt: skip
            person = store.accounts.add(OPERATOR, name=name, passphrase=PASSPHRASE)
            assert person == Person(person.id, name, "moderator", None, person.stamp)
            for typed in (name, f"  {name} ", unicodedata.normalize("NFD", name).upper()):
                assert store.accounts.sign_in(typed, PASSPHRASE) == person

    def test_names_that_are_none(self, store):
        for name in ("", "  ", "x" * 81, "a\x00b", "a<b>", "a;b", "\ud800", "a\u202eb", "=1+1", "a/b", '"'):
            with pytest.raises(RequestError, match="a person has a name"):
                store.accounts.add(OPERATOR, name=name, passphrase=PASSPHRASE)

    @pytest.mark.both_databases
    def test_the_same_name_twice(self, store):
        store.accounts.add(OPERATOR, name="Ada Smith", passphrase=PASSPHRASE)
        for again in ("Ada Smith", "ada  smith", "ADA SMITH", "\uff21da Smith"):
            with pytest.raises(RequestError, match="already"):
                store.accounts.add(OPERATOR, name=again, passphrase=PASSPHRASE)

    @pytest.mark.both_databases
    def test_the_same_name_at_the_same_moment(self, store):
        start, outcomes = threading.Barrier(6), []

        def add(name: str) -> None:
            start.wait()
            try:
                outcomes.append(store.accounts.add(OPERATOR, name=name, issuer="https://a", subject=name))
            except RequestError:
                outcomes.append(None)

        threads = [threading.Thread(target=add, args=(name,)) for name in ("Ada", "ADA", "ada", "aDa", "Ada", "adA")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(outcomes) == 6
        assert len([one for one in outcomes if one]) == len(rows_of(store, "people")) == 1

    def test_what_makes_no_sense(self, town):
        before = rows_of(town.store, "people")
        for more in (
            {}, {"issuer": "https://a"}, {"subject": "b"}, {"passphrase": "too short"}, {"passphrase": " " * 30},
            {"passphrase": "x" * 1001}, {"passphrase": PASSPHRASE, "role": "operator"},
            {"passphrase": PASSPHRASE, "role": "administrator", "group_id": 1},
            {"issuer": "x" * 301, "subject": "b"}, {"issuer": "https://a", "subject": "b\x00"},
            {"issuer": "https://a", "subject": "\ud800"},
        ):  # fmt: skip
            with pytest.raises(RequestError):
                town.store.accounts.add(OPERATOR, name="New", **more)
        assert rows_of(town.store, "people") == before

    def test_no_such_group(self, store):
        with pytest.raises(UnknownNameError, match="no group 5"):
            store.accounts.add(OPERATOR, name="New", passphrase=PASSPHRASE, group_id=5)

    @pytest.mark.both_databases
    def test_identities(self, store):
        person = store.accounts.add(OPERATOR, name="Ada", issuer="https://id.example", subject="7")
        assert store.accounts.by_identity("https://id.example", "7") == person
        for issuer, subject in (("https://id.example", "8"), ("https://other.example", "7"), ("", ""), ("7", "7")):
            assert store.accounts.by_identity(issuer, subject) is None
        with pytest.raises(RequestError, match="already"):
            store.accounts.add(OPERATOR, name="Other", issuer="https://id.example", subject="7")
        with pytest.raises(DeniedError):
            store.accounts.sign_in("Ada", "")
        with pytest.raises(DeniedError):
            store.accounts.sign_in("Ada", "any passphrase at all")


class TestSigningIn:
    def test_wrong_name_and_wrong_passphrase_are_told_alike(self, store):
        store.accounts.add(OPERATOR, name="Ada", passphrase=PASSPHRASE)
        said = set()
        for name, passphrase in (
            ("Ada", ""), ("Ada", PASSPHRASE.upper()), ("Ada", PASSPHRASE + "x"), ("Ada", "\ud800"), ("Ada", "\x00" * 20),
            ("Bea", PASSPHRASE), ("", ""), ("' OR 1=1 --", "x"), ("\ud800", "x"), ("Ada", "x" * 1_000_000),
        ):  # fmt: skip
            with pytest.raises(DeniedError) as fault:
                store.accounts.sign_in(name, passphrase)
            said.add(str(fault.value))
            run_sql(store, "DELETE FROM attempts")
        assert said == {"the name or the passphrase is wrong"}

    def test_the_same_work_for_a_name_that_nobody_has(self, store, monkeypatch):
        store.accounts.add(OPERATOR, name="Ada", passphrase=PASSPHRASE)
        store.accounts.add(OPERATOR, name="By provider", issuer="https://a", subject="b")
        checked = []
        real = credentials._hasher()

        class Counting:
            hash = real.hash

            def verify(self, known: str, said: bytes) -> bool:
                checked.append(known.split("$")[1:4])
                return real.verify(known, said)

        monkeypatch.setattr(credentials, "_hasher", Counting)
        for name in ("Ada", "Nobody", "By provider"):
            with pytest.raises(DeniedError):
                store.accounts.sign_in(name, "x" * 20)
        assert len(checked) == 3
        assert checked[0] == checked[1] == checked[2]

    def test_a_passphrase_typed_on_a_telephone(self, store):
        person = store.accounts.add(OPERATOR, name="Ada", passphrase="café crème brûlée ")
        for typed in ("café crème brûlée", unicodedata.normalize("NFD", "café crème brûlée") + " "):
            assert store.accounts.sign_in("ada", typed) == person

    @pytest.mark.both_databases
    def test_guessing(self, store):
        """From one place ten tries are the end; they shut nobody out who comes from elsewhere."""
        person = store.accounts.add(OPERATOR, name="Ada", passphrase=PASSPHRASE)
        for number in range(credentials.MOST_FAILURES):
            with pytest.raises(DeniedError):
                store.accounts.sign_in("ADA", f"wrong {number}", client="198.51.100.7")
        with pytest.raises(TooOftenError):
            store.accounts.sign_in("Ada", PASSPHRASE, client="198.51.100.7")
        assert store.accounts.sign_in("Ada", PASSPHRASE, client="203.0.113.1") == person
        run_sql(store, "UPDATE attempts SET at = '2020-01-01 00:00:00'")
        assert store.accounts.sign_in("Ada", PASSPHRASE, client="198.51.100.7") == person
        assert rows_of(store, "attempts") == []

    def test_guessing_from_many_places(self, store, monkeypatch):
        monkeypatch.setattr(credentials, "MOST_FROM_ANYWHERE", 3)
        person = store.accounts.add(OPERATOR, name="Ada", passphrase=PASSPHRASE)
        for number in range(3):
            with pytest.raises(DeniedError):
                store.accounts.sign_in("Ada", "wrong", client=f"198.51.100.{number}")
        with pytest.raises(TooOftenError):
            store.accounts.sign_in("Ada", PASSPHRASE, client="203.0.113.1")
        with pytest.raises(DeniedError):
            store.accounts.unlock(Visitor())
        store.accounts.unlock(OPERATOR)
        assert store.accounts.sign_in("Ada", PASSPHRASE, client="203.0.113.1") == person

    def test_guessing_many_names_from_one_place(self, store):
        person = store.accounts.add(OPERATOR, name="Ada", passphrase=PASSPHRASE)
        for number in range(credentials.MOST_FAILURES):
            with pytest.raises(DeniedError):
                store.accounts.sign_in(f"Name {number}", PASSPHRASE, client="198.51.100.7")
        with pytest.raises(TooOftenError):
            store.accounts.sign_in("Ada", PASSPHRASE, client="198.51.100.7")
        assert store.accounts.sign_in("Ada", PASSPHRASE, client="203.0.113.1") == person

    def test_argon2id_with_the_usual_work(self, cheap_passphrases):
        kept = cheap_passphrases().hash(PASSPHRASE)
        assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert len(kept) <= people.c.passphrase_hash.type.length


class TestDisabling:
    def test_at_once(self, town):
        desk, mark = town.store.desk, town.add()
        person = town.store.accounts.add(OPERATOR, name="Ada", passphrase=PASSPHRASE, issuer="https://a", subject="b")
        town.store.accounts.disable(town.administrator, person.id)
        with pytest.raises(DeniedError):
            desk.approve(person, mark, version=1)
        with pytest.raises(DeniedError):
            town.store.accounts.sign_in("Ada", PASSPHRASE)
        assert town.store.accounts.by_identity("https://a", "b") is None
        assert person not in town.store.accounts.all(OPERATOR)
        with pytest.raises(UnknownNameError):
            town.store.accounts.disable(OPERATOR, 99)
        with pytest.raises(UnknownNameError):
            town.store.accounts.set_passphrase(OPERATOR, 99, PASSPHRASE)

    @pytest.mark.both_databases
    def test_in_the_middle_of_deciding(self, town):
        """Whoever takes the rights away knows that nothing is decided with them any more."""
        marks, after, denied = [town.add() for _ in range(6)], [], []
        person, gone, begun = town.person("Ada"), threading.Event(), threading.Barrier(4)

        def decide(mine: list[str]) -> None:
            begun.wait()
            more = iter(lambda: town.add(town.everyone), None)  # there is always one more to decide on
            for mark in itertools.chain(mine, more):
                late = gone.is_set()
                try:
                    town.store.desk.approve(person, mark, version=1)
                except DeniedError:
                    denied.append(mark)
                    return
                after.append(late)

        threads = [threading.Thread(target=decide, args=(marks[part::3],)) for part in range(3)]
        for thread in threads:
            thread.start()
        begun.wait()
        until(lambda: after)
        town.store.accounts.disable(OPERATOR, person.id)
        gone.set()
        approved = len(town.store.desk.queue(OPERATOR, status="approved"))
        for thread in threads:
            thread.join()
        assert True not in after
        assert len(town.store.desk.queue(OPERATOR, status="approved")) == approved == len(after)
        assert len(denied) == len(threads)

    def test_the_last_administrator_stays(self, town):
        with pytest.raises(RequestError, match="the last administrator"):
            town.store.accounts.disable(OPERATOR, town.administrator.id)
        second = town.person("Second", role="administrator")
        town.store.accounts.disable(second, town.administrator.id)
        with pytest.raises(RequestError, match="the last administrator"):
            town.store.accounts.disable(second, second.id)

    @pytest.mark.both_databases
    def test_two_who_disable_each_other(self, town):
        for _ in range(3):
            one, two = (town.person(f"{name} {_}", role="administrator") for name in ("One", "Two"))
            start, outcomes = threading.Barrier(2), []

            def disable(by: Person, whom: Person, start=start, outcomes=outcomes) -> None:
                start.wait()
                try:
                    outcomes.append(town.store.accounts.disable(by, whom.id))
                except PramshedError as fault:
                    outcomes.append(type(fault).__name__)

            threads = [threading.Thread(target=disable, args=pair) for pair in ((one, two), (two, one))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert outcomes in ([None, "DeniedError"], ["DeniedError", None])


@pytest.mark.both_databases
def test_secrets_are_nowhere_to_be_read(store, url, server_text):
    """Neither tokens nor codes nor passphrases nor receipts are in the files of the database."""
    from tests.data.store.conftest import Town

    town = Town(store)
    made = store.groups.make_link(OPERATOR, town.mums.id)
    store.accounts.add(OPERATOR, name="Ada", passphrase="SECRET-PASSPHRASE")
    with pytest.raises(DeniedError):
        store.accounts.sign_in("Ada", "SECRET-GUESS-OF-ADA", client="198.51.100.7")
    receipt = town.receipt(name="VISIBLE-NAME")
    text = server_text(store)
    assert b"VISIBLE-NAME" in text
    code = made.code
    for secret in (
        made.token,
        code,
        code.replace("-", ""),
        receipt.token,
        "SECRET-PASSPHRASE",
        "SECRET-GUESS",
        "198.51",
    ):
        assert secret.encode() not in text


class TestRights:
    @pytest.mark.both_databases
    def test_given_back(self, store):
        person = store.accounts.add(OPERATOR, name="Ada", passphrase=PASSPHRASE)
        store.accounts.disable(OPERATOR, person.id)
        assert [one.name for one in store.accounts.former(OPERATOR)] == ["Ada"]
        with pytest.raises(DeniedError):
            store.accounts.sign_in("Ada", PASSPHRASE)
        store.accounts.enable(OPERATOR, person.id)
        assert store.accounts.former(OPERATOR) == []
        assert store.accounts.sign_in("Ada", PASSPHRASE) == person
