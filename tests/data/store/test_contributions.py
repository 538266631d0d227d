"""Adding marks by link: sent twice, too many, the receipt, and saying that a place is still there."""

from __future__ import annotations

import threading
import uuid
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from data.store.marks import AGES, CHOICES, DAYS, LANGUAGES, MarkDraft
from data.store.people import OPERATOR
from data.store.store import Store
from geo.errors import DeniedError, PramshedError, RequestError, TooOftenError, UnknownNameError
from geo.sites import MARK_KINDS, ON_THE_WAY
from tests.data.store.conftest import PLACE, Town, draft, everything, point, rows_of, run_sql

pytestmark = pytest.mark.usefixtures("unchecked")


def photo() -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 48), "red").save(file, "PNG")
    return file.getvalue()


class TestSending:
    @pytest.mark.both_databases
    def test_twice_makes_one_mark_and_a_receipt_again(self, town):
        form = str(uuid.uuid4())
        first = town.store.marks.add(town.ada, draft(), submission=form)
        again = town.store.marks.add(town.ada, draft(name="Other"), submission=form.upper().replace("-", ""))
        assert again.mark_id == first.mark_id
        assert town.store.marks.receipt(again.token).name == "Hall"
        with pytest.raises(UnknownNameError):
            town.store.marks.receipt(first.token)
        assert len(rows_of(town.store, "marks")) == 1
        assert len(town.store.trail.rows(OPERATOR, mark_id=first.mark_id)) == 1

    @pytest.mark.parametrize("by_link", [True, False])
    @pytest.mark.both_databases
    def test_many_times_at_the_same_moment_makes_one_mark(self, town, by_link):
        form, start, outcomes = str(uuid.uuid4()), threading.Barrier(8), []
        who, group = (town.ada, None) if by_link else (town.everyone, town.mums.id)

        def send() -> None:
            start.wait()
            try:
                outcomes.append(town.store.marks.add(who, draft(), submission=form, group_id=group).mark_id)
            except PramshedError as fault:
                outcomes.append(repr(fault))

        threads = [threading.Thread(target=send) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(outcomes) == 8
        assert len(set(outcomes)) == 1
        assert len(rows_of(town.store, "marks")) == 1

    def test_anothers_number(self, town):
        """A number that somebody else has used gives neither their mark nor a receipt for it."""
        form = str(uuid.uuid4())
        town.store.marks.add(town.ada, draft(), submission=form)
        other = town.store.groups.open_link(town.store.groups.make_link(OPERATOR, town.dads.id).token)
        before = everything(town.store)
        for who, group in ((other, None), (town.everyone, town.mums.id), (town.everyone, None)):
            with pytest.raises(RequestError, match="this form has expired"):
                town.store.marks.add(who, draft(), submission=form, group_id=group)
        assert everything(town.store) == before

    def test_no_number(self, town):
        for form in ("", "1", "' OR 1=1 --", "é" * 36, "0" * 31, "\x00" * 36):
            with pytest.raises(RequestError, match="this form has expired"):
                town.store.marks.add(town.ada, draft(), submission=form)

    @pytest.mark.both_databases
    def test_a_photo(self, town):
        mark = town.store.marks.add(town.ada, draft(), submission=str(uuid.uuid4()), photo=photo()).mark_id
        desk, public = town.store.desk, town.store.public
        kept = desk.photo(town.everyone, mark)
        assert Image.open(BytesIO(kept)).format == "JPEG"
        assert desk.get(town.everyone, mark).has_photo
        assert public.photo(mark) is None, "not before it is approved"
        desk.approve(town.everyone, mark, version=1)
        assert public.photo(mark) == kept
        desk.withdraw(town.everyone, mark, version=2, reason="moved")
        assert public.photo(mark) is None
        desk.erase(town.everyone, mark)
        assert rows_of(town.store, "photos") == []

    def test_no_photo(self, town):
        before = everything(town.store)
        with pytest.raises(RequestError):
            town.store.marks.add(town.ada, draft(), submission=str(uuid.uuid4()), photo=b"GIF89a")
        assert everything(town.store) == before

    def test_a_photo_is_not_looked_at_for_who_may_not_add(self, town, monkeypatch):
        monkeypatch.setattr("data.store.contributions.reencoded", lambda photo: pytest.fail("work for nothing"))
        town.store.groups.revoke(OPERATOR, town.ada.link_id)
        with pytest.raises(DeniedError):
            town.store.marks.add(town.ada, draft(), submission=str(uuid.uuid4()), photo=photo())

    def test_groups_that_are_not_there(self, town):
        with pytest.raises(UnknownNameError, match="no group 99"):
            town.store.marks.add(town.everyone, draft(), submission=str(uuid.uuid4()), group_id=99)
        town.store.groups.close(OPERATOR, town.mums.id)
        with pytest.raises(RequestError, match="closed"):
            town.store.marks.add(town.everyone, draft(), submission=str(uuid.uuid4()), group_id=town.mums.id)

    @pytest.mark.both_databases
    def test_all_or_none(self, town):
        forms = [str(uuid.uuid4()) for _ in range(3)]
        receipts = town.store.marks.add_all(town.everyone, [(draft(name=form), form) for form in forms])
        assert len({one.mark_id for one in receipts}) == 3
        again = town.store.marks.add_all(town.everyone, [(draft(), form) for form in forms])
        assert [one.mark_id for one in again] == [one.mark_id for one in receipts]
        before = everything(town.store)
        with pytest.raises(RequestError):
            town.store.marks.add_all(town.everyone, [(draft(), str(uuid.uuid4())), (draft(), "no number")])
        assert everything(town.store) == before


class TestTooMany:
    def test_marks_within_an_hour(self, town):
        link = town.store.groups.make_link(OPERATOR, town.mums.id, per_hour=3)
        who = town.store.groups.open_link(link.token)
        forms = [str(uuid.uuid4()) for _ in range(4)]
        for form in forms[:3]:
            receipt = town.store.marks.add(who, draft(), submission=form)
        with pytest.raises(TooOftenError, match="3 marks within an hour"):
            town.store.marks.add(who, draft(), submission=forms[3])
        assert town.store.marks.add(who, draft(), submission=forms[2]).mark_id == receipt.mark_id, "sent again"
        town.add()  # another link
        receipt = town.store.marks.add(who, draft(), submission=forms[2])
        town.store.marks.erase_own(receipt.token)
        with pytest.raises(TooOftenError):
            town.store.marks.add(who, draft(), submission=forms[3])

    @pytest.mark.both_databases
    def test_at_the_same_moment(self, town):
        link = town.store.groups.make_link(OPERATOR, town.mums.id, per_hour=3)
        who, start, outcomes = town.store.groups.open_link(link.token), threading.Barrier(9), []

        def send() -> None:
            start.wait()
            try:
                outcomes.append(town.store.marks.add(who, draft(), submission=str(uuid.uuid4())))
            except TooOftenError:
                outcomes.append(None)

        threads = [threading.Thread(target=send) for _ in range(9)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(outcomes) == 9
        assert len(rows_of(town.store, "marks")) == len([one for one in outcomes if one]) == 3

    @pytest.mark.both_databases
    def test_an_hour_later(self, town):
        link = town.store.groups.make_link(OPERATOR, town.mums.id, per_hour=1)
        who = town.store.groups.open_link(link.token)
        town.store.marks.add(who, draft(), submission=str(uuid.uuid4()))
        with pytest.MonkeyPatch.context() as patch:
            from datetime import timedelta

            from data.store import contributions

            real = contributions.now
            patch.setattr(contributions, "now", lambda: real() + timedelta(minutes=61))
            town.store.marks.add(who, draft(), submission=str(uuid.uuid4()))


class TestReceipts:
    def test_it_tells_what_became_of_the_mark_and_nothing_else(self, town):
        receipt = town.receipt(contact="me", private_note="secret")
        found = town.store.marks.receipt(receipt.token)
        assert (found.id, found.status, found.decided) == (receipt.mark_id, "waiting", None)
        assert "secret" not in repr(found)
        for token in ("", "x", receipt.token[:-1], receipt.token.swapcase(), "' OR ''='", "\ud800", "\x00"):
            with pytest.raises(UnknownNameError):
                town.store.marks.receipt(token)
            with pytest.raises(UnknownNameError):
                town.store.marks.erase_own(token)

    @pytest.mark.both_databases
    def test_deletion_leaves_nothing_but_the_line_that_it_was(self, town):
        receipt = town.receipt(name="NAMEX", note="NOTEX", contact="CONTACTX", private_note="PRIVATEX")
        mark = receipt.mark_id
        town.store.desk.edit(OPERATOR, mark, version=1, draft=draft(name="SECONDX"))
        town.store.desk.approve(OPERATOR, mark, version=2)
        town.store.marks.tell(town.ada, mark, still_there=True)
        town.store.marks.erase_own(receipt.token)
        assert town.public().empty
        left = everything(town.store)
        assert {name for name, rows in left.items() if mark in repr(rows)} == {"audit"}
        for text in ("NAMEX", "NOTEX", "CONTACTX", "PRIVATEX", "SECONDX"):
            assert text not in repr(left)
        assert town.store.trail.rows(OPERATOR, mark_id=mark)["actor"].iloc[0] == "receipt"


class TestTelling:
    @pytest.mark.both_databases
    def test_a_link_counts_once_a_day(self, town):
        mark = town.approved()
        for said in (True, True, False, False):
            town.store.marks.tell(town.ada, mark, still_there=said)
        found = town.store.desk.get(OPERATOR, mark)
        assert (found.still_there, found.gone) == (0, 1)
        assert list(town.store.trail.rows(OPERATOR, mark_id=mark)["action"]).count("told") == 2
        run_sql(town.store, "UPDATE tellings SET at = '2020-01-01 00:00:00'")
        town.store.marks.tell(town.ada, mark, still_there=False)
        assert len(rows_of(town.store, "tellings")) == 2

    def test_only_of_what_is_on_the_map(self, town):
        for mark in (town.add(), "mark-aaaaaaaaaaaa", "square-450-0090-isle-of-wight"):
            with pytest.raises(UnknownNameError, match="on the map"):
                town.store.marks.tell(town.ada, mark, still_there=True)


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cf")), min_size=4, max_size=30)
ONE_OF = {name: st.sampled_from(("", *known)) for name, known in CHOICES.items() if name != "stops"}


@st.composite
def drafts(draw) -> MarkDraft:
    kind = draw(st.sampled_from([one for one in MARK_KINDS if one not in ON_THE_WAY]))
    lists = {"days": DAYS, "ages": AGES, "languages": LANGUAGES}
    return MarkDraft(
        place=PLACE, kind=kind, geometry=point(draw(st.integers(0, 2500)), draw(st.integers(0, 2500))),
        at_home=draw(st.booleans()), name="PUBLIC" + draw(TEXTS), note=draw(TEXTS),
        contact="PRIVATE" + draw(TEXTS), private_note="PRIVATE" + draw(TEXTS),
        **{name: tuple(draw(st.sets(st.sampled_from(known)))) for name, known in lists.items()},
        **{name: draw(choice) for name, choice in ONE_OF.items()},
    )  # fmt: skip


@given(said=st.lists(drafts(), min_size=1, max_size=6))
def test_no_private_text_and_no_home_is_ever_public(said, tmp_path, empty_file):
    """Whatever is said, what is published is what was meant for it; homes only as squares of three or more."""
    import shutil

    file = shutil.copyfile(empty_file, tmp_path / "any.sqlite")
    town = Town(Store.open(f"sqlite:///{file}"))
    try:
        ids = [town.store.marks.add(town.ada, one, submission=str(uuid.uuid4())).mark_id for one in said]
        for mark in ids:
            town.store.desk.approve(OPERATOR, mark, version=1, checked=True)
        found = town.public()
        shown = repr(rows_of(town.store, "published")) + found.to_csv()
        assert "PRIVATE" not in shown
        for mark, one in zip(ids, said, strict=True):
            assert (mark in found.index) is not one.at_home
            if not one.at_home:
                assert found.loc[mark, "name"] == one.name
        homes = [one for one in said if one.at_home]
        assert found["homes"].sum() <= len(homes)
        assert all(count == 0 or count >= 3 for count in found["homes"])
        for square in found[found["homes"] > 0].itertuples():
            assert all(corner % 1000 == 0 for corner in square.geometry.bounds)
            corners = [(one.geometry.x // 1000 * 1000, one.geometry.y // 1000 * 1000) for one in homes]
            assert square.homes == corners.count(square.geometry.bounds[:2])
    finally:
        town.store.close()
