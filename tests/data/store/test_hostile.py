"""Hostile texts in every field and every argument: SQL, templates, characters that no text may have, very long ones."""

from __future__ import annotations

import pytest

from data.store.people import OPERATOR
from data.store.schema import metadata
from geo.errors import PramshedError, StoreError
from tests.data.store.conftest import PLACE, draft, everything

pytestmark = pytest.mark.usefixtures("unchecked")

_COLUMNS = metadata.tables["marks"].c.keys()
HOSTILE = (
    "'; DROP TABLE marks; --", '" OR ""="', "{{7*7}} ${7*7} #{7*7}", "%s %(name)s %%", "a\x00b", "a\ud800b", ":id ?1 $1",
    "🍼👩‍👧‍👦", "\u202egnp.exe", "\\'; SELECT pg_sleep(9)--", "x" * 100_000, "\r\n\t\x1b[31m", "NULL", "=1+1", "\ufeff\uffff",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts(town, text):
    """Everything that takes a text takes it as it is, or refuses it in plain words; then all still works."""
    store, by = town.store, town.administrator
    mark = town.add()
    store.desk.approve(by, mark, version=1)
    calls = (
        lambda: store.marks.add(town.ada, draft(name=text), submission="1" * 32),
        lambda: store.marks.add(town.ada, draft(note=text, contact=text, private_note=text), submission="2" * 32),
        lambda: store.marks.add(town.ada, draft(), submission=text),
        lambda: store.marks.receipt(text),
        lambda: store.marks.erase_own(text),
        lambda: store.marks.tell(town.ada, text, still_there=True),
        lambda: store.marks.nearby(text, text, 450_000, 90_000),
        lambda: store.public.marks(text),
        lambda: store.public.revision(text),
        lambda: store.public.photo(text),
        lambda: store.desk.queue(by, text),
        lambda: store.desk.queue(by, status=text),
        lambda: store.desk.get(by, text),
        lambda: store.desk.erase(by, text),
        lambda: store.desk.merge(by, mark, version=2, into=text),
        lambda: store.desk.withdraw(by, mark, version=2, reason=text),
        lambda: store.groups.create(by, name=text, place=text),
        lambda: store.groups.create(by, name=text, place=PLACE),
        lambda: store.groups.make_link(by, town.mums.id, label=text),
        lambda: store.groups.open_link(text, client=text),
        lambda: store.accounts.add(by, name=text, role=text, passphrase=text),
        lambda: store.accounts.add(by, name="Somebody", issuer=text, subject=text),
        lambda: store.accounts.sign_in(text, text, client=text),
        lambda: store.accounts.by_identity(text, text),
        lambda: store.trail.rows(by, mark_id=text),
    )
    faults = []
    for number, call in enumerate(calls):
        try:
            call()
        except PramshedError as fault:
            faults.append((number, fault))
    assert not [(number, fault) for number, fault in faults if isinstance(fault, StoreError)], "no fault of the store's"
    kept = everything(store)
    names = {row[_COLUMNS.index("name")] for row in kept["marks"] if row[_COLUMNS.index("submission")][0] == "1"}
    assert names <= {"Hall", text, " ".join(text.split())} or not text.isprintable() or not text.isascii()
    assert not any("\x00" in value for rows in kept.values() for row in rows for value in row if isinstance(value, str))
    assert town.add()
    assert store.desk.queue(by)


@pytest.mark.both_databases
def test_texts_come_back_as_they_were(town):
    for said in HOSTILE:
        text = said[:80].strip()
        if not text.isprintable():
            continue
        mark = town.add(name=text, note=text, contact=text)
        found = town.store.desk.approve(OPERATOR, mark, version=1, checked=True).draft
        assert found.name == found.note == found.contact == text
        assert town.public().loc[mark, "name"] == text


@pytest.mark.both_databases
def test_what_nobody_can_see_is_taken_out(town):
    mark = town.add(name="a\x00b\u202ec\ud800d", note="one\r\ntwo\x1b[31m")
    found = town.store.desk.get(OPERATOR, mark).draft
    assert (found.name, found.note) == ("a b c d", "one\ntwo [31m")
