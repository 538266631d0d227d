"""The moderators' desk: what can be decided, from which status; versions, and who was first."""

from __future__ import annotations

import threading

import pytest

from data.store import mark_rows
from data.store.marks import STATUSES
from data.store.people import OPERATOR
from data.store.schema import now
from geo.errors import ConflictError, PramshedError, RequestError, UnknownNameError
from tests.data.store.conftest import PLACE, draft, everything, point, run_sql

pytestmark = pytest.mark.usefixtures("unchecked")

ALLOWED = {
    "approve": {"waiting": "approved", "lapsed": "approved"},
    "reject": {"waiting": "rejected"},
    "withdraw": {"approved": "withdrawn"},
    "restore": dict.fromkeys(("rejected", "withdrawn", "merged", "lapsed"), "waiting"),
    "merge": {"waiting": "merged", "approved": "merged"},
    "confirm": {"approved": "approved"},
    "edit": {status: status for status in STATUSES},
}
"""Every decision: the statuses that it can be made in, and the status that comes of it."""


def in_status(town, status: str) -> str:
    """A mark of that status."""
    desk, by = town.store.desk, town.everyone
    mark = town.add()
    match status:
        case "approved" | "withdrawn" | "lapsed":
            desk.approve(by, mark, version=1)
        case "rejected":
            desk.reject(by, mark, version=1, reason="no")
        case "merged":
            desk.merge(by, mark, version=1, into=town.add())
    if status == "withdrawn":
        desk.withdraw(by, mark, version=2, reason="moved")
    if status == "lapsed":
        run_sql(town.store, "UPDATE marks SET confirm_by = '2020-01-01' WHERE id = :id", id=mark)
        assert town.store.tidy(OPERATOR).lapsed == 1
    assert town.status(mark) == status
    return mark


def decide(town, what: str, mark: str, version: int, into: str = ""):
    desk, by = town.store.desk, town.everyone
    match what:
        case "reject" | "withdraw":
            return getattr(desk, what)(by, mark, version=version, reason="because")
        case "merge":
            return desk.merge(by, mark, version=version, into=into or town.add())
        case "edit":
            return desk.edit(by, mark, version=version, draft=draft(name="Edited"))
        case _:
            return getattr(desk, what)(by, mark, version=version)


@pytest.mark.both_databases
def test_each_decision(town):
    """From the first status that it can be made in."""
    for what, allowed in ALLOWED.items():
        before = next(iter(allowed))
        mark = in_status(town, before)
        version = town.version(mark)
        after = decide(town, what, mark, version)
        assert (after.status, after.version) == (allowed[before], version + 1)
        assert town.store.desk.get(OPERATOR, mark) == after
        assert len(town.store.trail.rows(OPERATOR, mark_id=mark)) == version + 1
        assert (mark in {row[0] for row in _published(town)}) is (after.status == "approved")


@pytest.mark.parametrize("status", STATUSES)
def test_every_decision_in_every_status(town, status):
    for what, allowed in ALLOWED.items():
        mark = in_status(town, status)
        version = town.version(mark)
        if status in allowed:
            after = decide(town, what, mark, version)
            assert (after.status, after.version) == (allowed[status], version + 1)
            assert town.store.desk.get(OPERATOR, mark) == after
            lines = town.store.trail.rows(OPERATOR, mark_id=mark)
            assert len(lines) == version + 1, "one line a decision"
            assert lines.iloc[0]["actor"] == "Everyone"
            states = town.store.desk.history(OPERATOR, mark)
            assert list(states.index) == list(range(1, version + 2))
            assert states["status"].iloc[-1] == after.status
            shown = {row[0] for row in _published(town)}
            assert (mark in shown) is (after.status == "approved")
        else:
            other = town.add()
            before = everything(town.store)
            with pytest.raises(RequestError, match=f"this mark is {status}"):
                decide(town, what, mark, version, into=other)
            assert everything(town.store) == before


def _published(town):
    from tests.data.store.conftest import rows_of

    return rows_of(town.store, "published")


@pytest.mark.parametrize("what", ALLOWED)
def test_who_was_slower_is_told(town, what):
    """Before anything else that might be wrong by now, such as the status."""
    desk, by = town.store.desk, town.everyone
    mark = town.add()
    desk.edit(by, mark, version=1, draft=draft(name="First"))
    desk.approve(by, mark, version=2)
    other = town.add()
    before = everything(town.store)
    for version in (1, 2, 4, -1):
        with pytest.raises(ConflictError, match=r"someone else has changed this mark at \d\d:\d\d on "):
            decide(town, what, mark, version, into=other)
    assert everything(town.store) == before
    assert town.store.desk.get(OPERATOR, mark).draft.name == "First"


@pytest.mark.both_databases
def test_two_at_once_and_none_is_lost(town, opened):
    """Ten sessions decide on one mark at the same moment: one does, the others are told."""
    mark = town.add()
    other = opened(town.store.database.engine.url.render_as_string(hide_password=False))
    start, outcomes = threading.Barrier(10), []

    def edit(number: int) -> None:
        start.wait()
        desk = (town.store if number % 2 else other).desk
        try:
            desk.edit(town.everyone, mark, version=1, draft=draft(name=f"By {number}"))
            outcomes.append(number)
        except ConflictError:
            outcomes.append(None)

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [one for one in outcomes if one is not None]
    assert len(outcomes) == 10
    found = town.store.desk.get(OPERATOR, mark)
    assert (found.draft.name, found.version) == (f"By {winner}", 2)
    assert list(town.store.desk.history(OPERATOR, mark)["name"]) == ["Hall", f"By {winner}"]


def test_what_is_not_there(town):
    desk, by = town.store.desk, town.everyone
    for call in (
        lambda: desk.get(by, "mark-aaaaaaaaaaaa"),
        lambda: desk.photo(by, "mark-aaaaaaaaaaaa"),
        lambda: desk.history(by, "mark-aaaaaaaaaaaa"),
        lambda: desk.approve(by, "mark-aaaaaaaaaaaa", version=1),
        lambda: desk.erase(by, "mark-aaaaaaaaaaaa"),
        lambda: desk.merge(by, town.add(), version=1, into="mark-aaaaaaaaaaaa"),
    ):
        with pytest.raises(UnknownNameError, match="there is no mark mark-aaaaaaaaaaaa"):
            call()
    with pytest.raises(RequestError, match="unknown status 'lost'"):
        desk.queue(by, status="lost")


def test_a_reason_is_needed(town):
    mark = town.add()
    for reason in ("", "  \n\t ", "\x00", "x" * 301):
        with pytest.raises(RequestError, match="a reason is needed"):
            town.store.desk.reject(town.everyone, mark, version=1, reason=reason)
    receipt = town.receipt()
    town.store.desk.reject(town.everyone, receipt.mark_id, version=1, reason=" not\na  place ")
    told = town.store.marks.receipt(receipt.token)
    assert (told.status, told.reason) == ("rejected", "not a place")
    assert told.decided is not None
    town.store.desk.restore(town.everyone, receipt.mark_id, version=2)
    told = town.store.marks.receipt(receipt.token)
    assert (told.status, told.reason, told.decided) == ("waiting", "", None)


def test_what_looks_private_is_only_shown_after_a_look(town):
    mark = town.add(note="ring 07700 900123")
    assert town.store.desk.get(OPERATOR, mark).warnings == ("note: phone",)
    with pytest.raises(RequestError, match=r"take this out of the text first.*phone in the note: 07700 900123"):
        town.store.desk.approve(town.everyone, mark, version=1)
    assert town.store.desk.approve(town.everyone, mark, version=1, checked=True).status == "approved"
    after = town.store.desk.edit(town.everyone, mark, version=2, draft=draft(note="ask at the door"))
    assert after.warnings == ()


class TestQueue:
    @pytest.mark.both_databases
    def test_the_oldest_first_and_the_place(self, town):
        marks = [town.add(name=str(number)) for number in range(4)]
        assert [mark.id for mark in town.store.desk.queue(town.everyone)] == marks
        assert [mark.id for mark in town.store.desk.queue(town.everyone, PLACE)] == marks
        assert town.store.desk.queue(town.everyone, "leeds") == []
        town.store.desk.approve(town.everyone, marks[0], version=1)
        assert [mark.id for mark in town.store.desk.queue(town.everyone)] == marks[1:]
        assert [mark.id for mark in town.store.desk.queue(town.everyone, status="approved")] == marks[:1]

    @pytest.mark.both_databases
    def test_more_than_a_statement_takes(self, town):
        """SQLite takes 32,766 values, and the first queue of an import may be long: here it is asked for in parts."""

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mark_rows, "_IDS_AT_ONCE", 2)
            for _ in range(5):
                town.store.marks.tell(town.ada, town.approved(), still_there=False)
            assert [mark.gone for mark in town.store.desk.queue(town.everyone, status="approved")] == [1] * 5

    @pytest.mark.both_databases
    def test_due(self, town):
        quiet, soon, gone = town.approved(), town.approved(), town.approved()
        town.store.marks.tell(town.ada, gone, still_there=False)
        run_sql(town.store, "UPDATE marks SET confirm_by = :day WHERE id = :id", day=f"{now():%Y-%m-%d}", id=soon)
        assert {mark.id for mark in town.store.desk.due(town.everyone)} == {soon, gone}
        town.store.desk.confirm(town.everyone, gone, version=2)
        assert {mark.id for mark in town.store.desk.due(town.everyone)} == {soon}
        assert {mark.id for mark in town.store.desk.due(town.everyone, within_days=400)} == {quiet, soon, gone}

    @pytest.mark.both_databases
    def test_a_mark_comes_back_as_it_was_said(self, town):
        said = draft(
            name="Hall", note="two\nlines", days=("sun", "mon"), opens="09:00", closes="12:30", ages=("bump",),
            languages=("ar", "en"), pram_friendly="yes", toilets="changing", cost="free", term_time="term_only",
            contact="me", private_note="key at no 4",
        )  # fmt: skip
        mark = town.store.desk.get(OPERATOR, town.store.marks.add(town.ada, said, submission="0" * 32).mark_id)
        assert mark.draft == said
        assert (mark.status, mark.version, mark.group, mark.has_photo) == ("waiting", 1, "Mums", False)
        assert abs((now() - mark.created).total_seconds()) < 60
        assert mark.created.tzinfo is not None


class TestMerging:
    def test_the_other_stays(self, town):
        one, other = town.approved(name="Hall"), town.approved(name="The hall")
        after = town.store.desk.merge(town.everyone, one, version=2, into=other)
        assert (after.status, after.merged_into) == ("merged", other)
        assert list(town.public().index) == [other]
        line = town.store.trail.rows(OPERATOR, mark_id=one).iloc[0]
        assert (line["action"], line["detail"]) == ("merged", f"approved to merged; into {other}")

    def test_no_circles(self, town):
        one, two, three = (town.add() for _ in range(3))
        merge = town.store.desk.merge
        with pytest.raises(RequestError, match="into itself"):
            merge(town.everyone, one, version=1, into=one)
        merge(town.everyone, one, version=1, into=two)
        with pytest.raises(RequestError, match="waiting or on the map"):
            merge(town.everyone, two, version=1, into=one)
        merge(town.everyone, two, version=1, into=three)
        for last in (one, two):
            with pytest.raises(RequestError):
                merge(town.everyone, three, version=1, into=last)

    def test_another_place(self, town):
        here = town.add()
        there = town.store.marks.add(town.everyone, draft(place="leeds"), submission="1" * 32).mark_id
        with pytest.raises(RequestError, match="not a mark of this place"):
            town.store.desk.merge(town.everyone, here, version=1, into=there)

    @pytest.mark.both_databases
    def test_two_into_each_other_at_once(self, town):
        one, two = town.add(), town.add()
        start, outcomes = threading.Barrier(2), []

        def merge(mark: str, into: str) -> None:
            start.wait()
            try:
                town.store.desk.merge(town.everyone, mark, version=1, into=into)
                outcomes.append("merged")
            except PramshedError as fault:
                outcomes.append(type(fault).__name__)

        threads = [threading.Thread(target=merge, args=pair) for pair in ((one, two), (two, one))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) in (["ConflictError", "merged"], ["RequestError", "merged"])

    @pytest.mark.both_databases
    def test_one_that_is_erased_lets_the_others_go(self, town):
        kept = town.approved()
        first, second = town.add(), town.add()
        for one in (first, second):
            town.store.desk.merge(town.everyone, one, version=1, into=kept)
        town.store.desk.erase(town.everyone, kept)
        for one in (first, second):
            mark = town.store.desk.get(OPERATOR, one)
            assert (mark.status, mark.merged_into, mark.decided) == ("waiting", None, None)
            assert town.store.trail.rows(OPERATOR, mark_id=one).iloc[0]["detail"] == "merged to waiting"


def test_an_edit_of_what_is_on_the_map_shows_at_once(town):
    mark = town.approved()
    town.store.desk.edit(town.everyone, mark, version=2, draft=draft(name="New hall", geometry=point(77)))
    assert town.public().loc[mark, "name"] == "New hall"
    assert town.public().geometry[mark].x == 450_077
    with pytest.raises(RequestError, match="another place"):
        town.store.desk.edit(town.everyone, mark, version=3, draft=draft(place="leeds"))
