"""The public copy: what is in it, what never is, and people's homes."""

from __future__ import annotations

import pytest
import shapely

from data.store.marks import MarkDraft
from geo.crs import BNG
from geo.tables import Marks, check
from tests.data.store.conftest import PLACE, draft, point


@pytest.mark.both_databases
def test_empty(store):
    found = store.public.marks(PLACE)
    assert found.empty
    assert found.crs == BNG
    check(Marks, found, "nothing")
    assert store.public.revision(PLACE) == 0
    assert store.public.photo("mark-aaaaaaaaaaaa") is None


def test_only_what_is_approved(town):
    waiting = town.add(name="Waiting")
    shown = town.approved(name="Shown", languages=("ar", "pl"), days=("mon",), opens="09:00", closes="11:00")
    found = town.public()
    assert list(found.index) == [shown]
    row = found.loc[shown]
    assert (row["name"], row["languages"], row["days"], row["group"], row["homes"]) == (
        "Shown",
        "ar,pl",
        "mon",
        "Mums",
        0,
    )
    assert row.geometry == point()
    assert town.store.public.marks("leeds").empty
    assert waiting not in found.index


@pytest.mark.both_databases
def test_the_revision_goes_up_with_every_change_of_the_public_copy(town):
    seen = [town.store.public.revision(PLACE)]
    mark = town.add()
    assert town.store.public.revision(PLACE) == seen[-1], "a mark in the queue is nobody's business"
    desk = town.store.desk
    for change in (
        lambda version: desk.approve(town.everyone, mark, version=version),
        lambda version: desk.edit(town.everyone, mark, version=version, draft=draft(name="Other")),
        lambda version: desk.confirm(town.everyone, mark, version=version),
        lambda version: desk.withdraw(town.everyone, mark, version=version, reason="moved"),
    ):
        change(town.version(mark))
        seen.append(town.store.public.revision(PLACE))
    assert seen == sorted(set(seen))
    assert town.store.public.revision("leeds") == 0


def test_the_day_it_was_approved_stays_when_it_is_confirmed(town):
    from tests.data.store.conftest import run_sql

    mark = town.approved()
    run_sql(town.store, "UPDATE marks SET decided = '2024-01-02 12:00:00', confirmed = '2024-01-02 12:00:00'")
    town.store.desk.confirm(town.everyone, mark, version=2)
    row = town.public().loc[mark]
    assert f"{row['approved']:%Y-%m-%d}" == "2024-01-02"
    assert row["confirmed"].year > 2024


class TestHomes:
    """A home is shown as a square kilometre, where three or more are in it."""

    @pytest.mark.both_databases
    def test_three_make_a_square(self, town):
        for count in (1, 2):
            town.home(100 * count, 10)
            assert town.public().empty
        town.home(999, 999)
        (row,) = town.public().itertuples()
        assert row.homes == 3
        assert row.geometry.equals(shapely.box(450_000, 90_000, 451_000, 91_000))
        assert all(corner % 1000 == 0 for corner in row.geometry.bounds)
        assert row.name == row.note == row.group == row.days == ""
        assert row.kind == "peer_group"

    def test_homes_on_either_side_of_a_line_are_not_counted_together(self, town):
        for dx in (900, 990, 1020):
            town.home(dx)
        assert town.public().empty

    def test_three_marks_of_one_home_are_one(self, town):
        for dx in (100, 110, 120, 300):
            town.home(dx, languages=("ar",))
        assert town.public().empty, "two homes, however often they are marked"
        town.home(500, languages=("pl",))
        (row,) = town.public().itertuples()
        assert (row.homes, row.languages) == (3, "")

    @pytest.mark.usefixtures("unchecked")
    @pytest.mark.parametrize("how", ["withdraw", "move", "merge", "erase", "erase_own", "no home"])
    def test_one_that_goes_takes_the_square_along(self, town, how):
        receipt = town.receipt(kind="peer_group", at_home=True, geometry=point(5, 5))
        mark, desk, by = receipt.mark_id, town.store.desk, town.everyone
        desk.approve(by, mark, version=1)
        others = [town.home(dx) for dx in (100, 200)]
        assert len(town.public()) == 1
        match how:
            case "withdraw":
                desk.withdraw(by, mark, version=2, reason="moved away")
            case "move":
                there = draft(kind="peer_group", at_home=True, geometry=point(1500, 5))
                desk.edit(by, mark, version=2, draft=there)
            case "merge":
                desk.merge(by, mark, version=2, into=others[0])
            case "erase":
                desk.erase(by, mark)
            case "erase_own":
                town.store.marks.erase_own(receipt.token)
            case "no home":
                desk.edit(by, mark, version=2, draft=draft(kind="peer_group", geometry=point(5, 5)))
        found = town.public()
        assert list(found["homes"]) == ([0] if how == "no home" else [])
        town.home(300)
        assert 3 in set(town.public()["homes"])

    def test_a_move_into_a_square_fills_it(self, town):
        first = town.home(1500)
        town.home(100), town.home(200)
        there = draft(kind="peer_group", at_home=True, geometry=point(300))
        town.store.desk.edit(town.everyone, first, version=2, draft=there)
        assert list(town.public()["homes"]) == [3]

    def test_a_language_is_named_if_three_speak_it(self, town):
        for dx, spoken in ((100, ("ar", "pl")), (200, ("ar", "so")), (300, ("pl",)), (400, ("ar",))):
            town.home(dx, languages=spoken)
        (row,) = town.public().itertuples()
        assert (row.homes, row.languages) == (4, "ar")

    def test_neither_name_nor_note_nor_photo_nor_id_nor_point(self, town):
        texts = {
            "name": "NAMEOFHOME",
            "note": "NOTEOFHOME",
            "contact": "CONTACTOFHOME",
            "private_note": "PRIVATEOFHOME",
        }
        homes = [town.home(dx + 0.4, 123, opens="09:11", closes="10:11", **texts) for dx in (111, 222, 333)]
        from tests.data.store.conftest import rows_of

        said = repr(rows_of(town.store, "published"))
        for text in (*texts.values(), *homes, "09:11", "Mums", "450111", "450222", "90123"):
            assert text not in said
        for dx in (111, 222, 333):
            assert repr(shapely.to_wkb(point(dx, 123)))[2:-1] not in said
        assert town.store.marks.nearby(PLACE, "peer_group", 450_111, 90_123).empty
        assert all(town.store.public.photo(home) is None for home in homes)

    @pytest.mark.both_databases
    def test_west_of_the_grid(self, town):
        """Rockall is in Britain; its easting is below nought."""
        for dx in (100, 200, 300):
            town.home(geometry=shapely.Point(-20_000 + dx, -1_500))
        (row,) = town.public().itertuples()
        assert row.geometry.bounds == (-20_000, -2_000, -19_000, -1_000)

    @pytest.mark.both_databases
    def test_two_places_count_for_themselves(self, town):
        there = town.store.groups.create(town.administrator, name="There", place="portsmouth")
        for place, group, who in ((PLACE, None, None), (PLACE, None, None), ("portsmouth", there.id, town.everyone)):
            said = MarkDraft(place=place, kind="peer_group", at_home=True, geometry=point(7, 7))
            import uuid

            receipt = town.store.marks.add(who or town.ada, said, submission=str(uuid.uuid4()), group_id=group)
            town.store.desk.approve(town.everyone, receipt.mark_id, version=1)
        assert town.public().empty
        assert town.store.public.marks("portsmouth").empty


@pytest.mark.both_databases
def test_nearby(town):
    """The nearest first, of its own kind before others, none beyond."""
    near = town.approved(geometry=point(20), kind="drop_in")
    own = town.approved(geometry=point(90))
    town.approved(geometry=point(0, 151))
    town.add(geometry=point(1))
    found = town.store.marks.nearby(PLACE, "meeting_place", 450_000, 90_000)
    assert list(found.index) == [own, near]
    assert list(found["distance_m"]) == [90, 20]
    assert town.store.marks.nearby("leeds", "meeting_place", 450_000, 90_000).empty
    assert town.store.marks.nearby(PLACE, "meeting_place", float("nan"), float("inf")).empty
