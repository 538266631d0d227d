"""What if: the incremental answer is the one that a new question would get, and its words agree with its numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.place import SAMPLE, Place
from geo.access import nearest
from geo.difference import CHANGE_COLUMNS, in_words
from geo.errors import RequestError
from geo.gaps import headline
from geo.groups import GROUPINGS
from geo.need import NeedWeights, need
from geo.scenario import (
    AddCrossing,
    AddSite,
    BlockWay,
    ChangeOpening,
    CloseSite,
    DowngradeSite,
    MoveSite,
    OpenSite,
    apply,
)
from geo.sites import serving
from geo.whole import whole
from layers.answers.comparison import GROUP_WORDS, compare, compare_from_files, difference_table, group_said
from layers.answers.ledger import LedgerQuestion, answer_ledger
from layers.answers.question import Question, answer
from layers.files.tables import csv_text
from tests.geo.test_between import random_scenarios

DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def island():
    return Place.open(SAMPLE / "isle_of_wight")


@pytest.fixture(scope="module")
def asked(island):
    """A function from a question to all that `compare` takes, each opened once."""
    known = {}

    def ask(**question):
        key = tuple(sorted(question.items(), key=str))
        if key not in known:
            before, centres = answer(island, Question(day=DAY, **question)), island.centres()
            state = nearest(before.ground.network, before.sites, among=centres.index)
            known[key] = before, state, centres, need(before.ground.areas, weights=before.question.weights)
        return known[key]

    return ask


def changed(parts, *changes):
    before, state, centres, needs = parts
    return compare(before, state, centres, changes, needs=needs)


def as_if_asked_anew(place, found, changes, on=None):
    """Everything in the answer is what a new question with these changes is answered; on a ground that is open, if any."""
    anew = answer(place, replace(found.before.question, changes=changes), on=on)
    assert found.after.question == anew.question
    pd.testing.assert_frame_equal(pd.DataFrame(found.after.sites), pd.DataFrame(anew.sites))
    pd.testing.assert_frame_equal(found.after.reach, anew.reach.drop(columns=["second_site_id", "second_minutes"]))
    pd.testing.assert_frame_equal(found.after.gaps, anew.gaps)


@pytest.mark.parametrize(
    "question", [{}, {"counting": "full"}, {"profile": "adult", "minutes": 10.0}, {"weights": NeedWeights(imd=3.0), "context": False}]
)  # fmt: skip
def test_it_is_the_answer_to_a_new_question(island, asked, question, thorough):
    parts = asked(**question)
    kept = [values.copy() for values in parts[1].labels], parts[2].copy(deep=True), parts[0].gaps.copy()
    rng = np.random.default_rng(3)
    centres = island.centres()
    for number, changes in enumerate(random_scenarios(rng, centres, centres.total_bounds, 6 if thorough else 3)):
        on = parts[0].ground if number else None  # the first is asked of the files themselves
        as_if_asked_anew(island, changed(parts, *changes), changes, on)
    for one, other in zip(parts[1].labels, kept[0], strict=True):
        np.testing.assert_array_equal(one, other)  # what was asked first is as it was
    pd.testing.assert_frame_equal(pd.DataFrame(parts[2]), pd.DataFrame(kept[1]))
    pd.testing.assert_frame_equal(parts[0].gaps, kept[2])


def test_no_change_and_a_change_undone_restore_every_bit(asked):
    parts = asked()
    for changes in ((), (CloseSite("20004"), OpenSite("20004")), (ChangeOpening("20004", date(2001, 1, 1)),)):
        found = changed(parts, *changes)
        first = parts[0].reach.drop(columns=["second_site_id", "second_minutes"])
        pd.testing.assert_frame_equal(found.after.reach, first)
        pd.testing.assert_frame_equal(found.after.gaps, parts[0].gaps)
        assert (found.found.longer == 0).all()
        assert (found.found.shorter == 0).all()
        assert in_words(found.found, parts[0].question.walk).startswith("Nothing changes: as before, 4,008 of 5,882")


def test_reopening_the_five_gives_back_what_the_ledger_says_they_took(island, asked):
    parts = asked(counting="full")
    linked = island.centres().index[island.centres()["status"] == "linked"]
    found = changed(parts, *(OpenSite(site) for site in linked))
    took = answer_ledger(island, parts[0].ground, LedgerQuestion(day=DAY, counting="full")).ledger
    everyone = found.found.groups.loc[("everyone", "everyone")]
    assert everyone["beyond_before"] == pytest.approx(took.together["beyond_after"])
    assert everyone["beyond_after"] == pytest.approx(took.together["beyond_before"])
    for who in ("residents", "under5", "under2", "born_outside_uk"):
        assert whole(found.found.shorter[who]) == took.together[who]
    assert (found.found.longer == 0).all()
    assert found.found.under5_minutes == pytest.approx(-took.together["minutes"])
    np.testing.assert_array_equal(found.after.reach["minutes"], took.walks["before_minutes"])
    for site in linked:  # and one by one: reopening only it
        one = changed(parts, OpenSite(site)).found
        back = one.groups.loc[("everyone", "everyone")]
        row = took.closures.loc[site]
        assert back["beyond_before"] - back["beyond_after"] == row["reopened_crossed"], site
        assert -one.under5_minutes == pytest.approx(row["reopened_minutes"])


def test_downgrading_takes_from_full_centres_what_closing_takes(asked):
    parts = asked(counting="full")
    closed, reduced = changed(parts, CloseSite("20004")), changed(parts, DowngradeSite("20004"))
    pd.testing.assert_frame_equal(closed.after.reach, reduced.after.reach)
    listed = changed(asked(), DowngradeSite("20004"))
    assert (listed.found.longer == 0).all()
    assert listed.odd == (
        "Ryde Children's Centre still counts as a linked site; choose full centres only to see what the change takes.",
    )
    assert reduced.odd == ()


def test_one_more_centre_never_lengthens_and_one_fewer_never_shortens(island, asked, thorough):
    parts, rng = asked(), np.random.default_rng(9)
    west, south, east, north = island.centres().total_bounds
    before = parts[0].reach["minutes"].fillna(np.inf)
    for _ in range(8 if thorough else 3):
        xy = float(rng.uniform(west, east)), float(rng.uniform(south, north))
        after = changed(parts, AddSite("new-1", *xy, "New")).after.reach["minutes"].fillna(np.inf)
        assert (after <= before).all()
    for site in island.centres().index[:: 1 if thorough else 3]:
        found = changed(parts, CloseSite(site))
        after = found.after.reach["minutes"].fillna(np.inf)
        assert (after >= before).all()
        assert site not in set(found.after.reach["site_id"].dropna())


def test_what_is_said_of_areas_groups_and_people_agrees(asked):
    parts = asked()
    found = changed(parts, CloseSite("23515"), AddSite("new-1", 449_900.0, 89_000.0, "Library"))
    areas, groups = found.found.areas, found.found.groups
    assert list(areas.columns) == list(CHANGE_COLUMNS)
    for when, gaps in (("before", found.before.gaps), ("after", found.after.gaps)):
        assert areas[f"under5_beyond_{when}"].equals(whole(gaps["under5_beyond"]))
        assert groups.loc[("everyone", "everyone"), f"beyond_{when}"] == whole(gaps["under5_beyond"].sum())
        for grouping in GROUPINGS:
            assert groups.loc[grouping, f"beyond_{when}"].sum() == pytest.approx(gaps["under5_beyond"].sum(), abs=2.5)
    children = found.before.ground.origins["under5"]
    step = found.after.reach["minutes"] - found.before.reach["minutes"]
    assert found.found.longer["under5"] == pytest.approx(children[step > 0].sum())
    assert found.found.shorter["under5"] == pytest.approx(children[step < 0].sum())
    assert found.found.under5_minutes == pytest.approx((children * step).sum())
    said = in_words(found.found, found.after.question.walk)
    row = groups.loc[("everyone", "everyone")]
    after = f"{row['beyond_after']:,.0f}"
    assert f": {after} of 5,882, down from 4,008." in said
    # the Explore page of the changed place says the same
    assert headline(found.after.gaps, walk=found.after.question.walk).startswith(
        f"{after} of 5,882 under-fives whose walk is known ("
    )


def test_the_table_has_the_greatest_change_first(asked):
    found = changed(asked(), CloseSite("20004"))
    table = difference_table(found)
    assert set(table.index) == set(found.found.areas.index)
    step = table["under5_beyond_change"].abs()
    assert (step.diff().dropna() <= 0.05 + 1e-9).all()
    assert table.iloc[0]["under5_beyond_change"] == step.max() > 0
    assert table["under5_beyond_change"].sum() == pytest.approx(
        found.found.groups.loc[("everyone", "everyone")].pipe(lambda row: row["beyond_after"] - row["beyond_before"]),
        abs=5,
    )
    lines = csv_text(table).splitlines()
    assert len(lines) == 90
    assert lines[0].startswith("area_code,area_name,ward_name,")


class TestGroupSaid:
    """One group in words."""

    def test_every_group_has_a_name(self):
        assert set(GROUP_WORDS) == {(grouping, group) for grouping, groups in GROUPINGS.items() for group in groups}

    @pytest.mark.parametrize(
        ("row", "said"),
        [
            ((100, 40, 51, 12.0, 13.4), "Everyone: 40 of 100 under-fives beyond now, 51 after; typical walk about 12 minutes now, about 13 minutes after."),
            ((100, 40, 51, 12.0, np.nan), "Everyone: 40 of 100 under-fives beyond now, 51 after; typical walk about 12 minutes now, not possible on foot after."),
            ((100, 40, 51, np.nan, 1.0), "Everyone: 40 of 100 under-fives beyond now, 51 after; typical walk not possible on foot now, about 1 minute after."),
            ((0, 0, 0, np.nan, np.nan), "Everyone: no under-fives."),
            ((np.nan,) * 5, "Everyone: not known."),
        ],
    )  # fmt: skip
    def test_words(self, row, said):
        columns = ["under5", "beyond_before", "beyond_after", "median_before", "median_after"]
        assert group_said("everyone", "everyone", pd.Series(row, index=columns)) == said


class TestTheTown:
    """Three centres on one street with a kissing gate: every change by hand."""

    @pytest.fixture(scope="class")
    @classmethod
    def town(cls, small_place):
        return small_place

    def test_a_new_centre_beyond_the_gate(self, town):
        # the full centre stands 100 m from the western end; 2,200 and 2,800 are beyond the gate at 2,000
        question = Question(day=DAY, counting="full")
        x, y = town.centres().geometry["20001"].x - 100 + 2600, town.centres().geometry["20001"].y
        found = compare_from_files(town, question, (AddSite("new-1", x, y, "Library"),))
        assert found.found.groups.loc[("everyone", "everyone"), ["beyond_before", "beyond_after"]].tolist() == [50, 0]
        assert in_words(found.found, question.walk) == (
            "50 fewer under-fives would live beyond 15 minutes' walk of a full children's centre: 0 of 100, down from 50. "
            "50 under-fives can now walk there."
        )
        assert found.odd == ()
        assert found.after.reach.loc["TW1 3AA", "site_id"] == "new-1"
        assert found.after.reach.loc["TW1 3AA", "metres"] == pytest.approx(400, rel=4e-3)
        assert found.found.under5_minutes == 0  # they had no way before

    def test_a_centre_that_was_not_located_is_put_somewhere(self, town):
        x, y = town.centres().geometry["20001"].x + 700, town.centres().geometry["20001"].y
        found = compare_from_files(town, Question(day=DAY), (MoveSite("20003", x, y),))
        assert found.after.reach.loc["TW1 1AB", "site_id"] == "20003"
        assert found.found.shorter["under5"] == 25

    def test_closing_all_there_is(self, town):
        changes = tuple(CloseSite(site) for site in town.centres().index)
        found = compare_from_files(town, Question(day=DAY), changes)
        assert (found.after.reach["reached"] != "yes").all()
        assert found.after.sites.empty
        assert found.found.groups.loc[("everyone", "everyone"), "beyond_after"] == 100
        assert in_words(found.found, Question().walk).startswith("100 more under-fives would live beyond")

    def test_an_opening_day_to_come(self, town):
        closed_till = (ChangeOpening("20001", date(2026, 11, 22)),)
        today, tomorrow = (
            compare_from_files(town, Question(day=day), closed_till) for day in (DAY, date(2026, 11, 22))
        )
        assert today.found.stranded["under5"] == 50  # the other one is beyond the gate
        assert tomorrow.found.stranded["under5"] == tomorrow.found.longer["under5"] == 0
        assert "20001" not in today.after.sites.index
        assert "20001" in tomorrow.after.sites.index

    def test_on_a_day_long_past_changes_are_judged_by_that_day(self, town):
        # the full centre opened in September 2005
        early = compare_from_files(town, Question(day=date(2005, 8, 31)), (CloseSite("20001"),))
        assert early.odd == ("Western Children's Centre does not serve, so closing it changes nothing.",)
        assert compare_from_files(town, Question(day=date(2005, 9, 1)), (CloseSite("20001"),)).odd == ()

    def test_what_cannot_be_is_refused(self, town):
        with pytest.raises(RequestError, match="change 2: there is no site 99999"):
            compare_from_files(town, Question(day=DAY), (CloseSite("20001"), CloseSite("99999")))

    def test_serving_after_the_changes_is_what_the_changed_table_says(self, town):
        changes = (CloseSite("20001"), OpenSite("20002"))
        found = compare_from_files(town, Question(day=DAY, counting="full"), changes)
        assert set(found.after.sites.index) == {"20002"}  # nobody can walk to 20003, which has no point
        assert set(serving(apply(town.centres(), changes), day=DAY, counting="full").index) == {"20002"}


class TestStreets:
    """Barriers and crossings: the same answer as a new question, on streets that changed."""

    ROAD = BlockWay("mark-road", "The road to Seaview", "everyone", ((461_019, 91_732),))
    PRAMS = BlockWay("mark-gate", "The gate", "prams", ((461_019, 91_732),))
    CROSSING = AddCrossing("mark-crossing", "the ford", ((435_800, 85_600), (435_900, 86_400)))

    @pytest.fixture(scope="class")
    @classmethod
    def shut(cls, island):
        """The road to Seaview is shut: for families with a pram."""
        return compare_from_files(island, Question(day=DAY), (cls.ROAD,))

    def test_it_is_the_answer_to_a_new_question(self, island, shut, thorough):
        everything = (CloseSite("20004"), self.ROAD, AddSite("new-1", 462_000.0, 91_000.0, "Library"), self.CROSSING)
        closed = (self.PRAMS, CloseSite("20004"))
        usual, adult = Question(day=DAY), Question(day=DAY, profile="adult", minutes=10.0)
        more = ((usual, everything), (adult, (self.ROAD,)), (adult, closed)) if thorough else ()
        found = [((self.ROAD,), shut)]
        for question, changes in ((usual, closed), (adult, everything), *more):
            found.append((changes, compare_from_files(island, question, changes)))
        for changes, one in found:
            as_if_asked_anew(island, one, changes, one.before.ground)
            assert one.before.ground.network.junctions < one.after.ground.network.junctions

    def test_a_barrier_only_lengthens_and_only_for_whom_it_stops(self, island, shut):
        buggy, adult = (Question(day=DAY, profile=who) for who in ("buggy", "adult"))
        found = shut
        assert found.found.longer["under5"] > 50
        assert found.found.shorter["under5"] == found.found.joined["under5"] == 0
        assert found.odd == ()
        assert in_words(found.found, buggy.walk).endswith("under-fives.")
        same = compare_from_files(island, buggy, (self.PRAMS,))
        pd.testing.assert_frame_equal(same.after.reach, found.after.reach)
        assert in_words(compare_from_files(island, adult, (self.PRAMS,)).found, adult.walk).startswith(
            "Nothing changes"
        )

    def test_what_is_odd_is_said_of_sites_and_streets(self, island):
        far = AddCrossing("mark-sea", "the sea", ((470_000, 80_000),))
        found = compare_from_files(island, Question(day=DAY), (far, CloseSite("20004"), CloseSite("20004")))
        assert found.odd == (
            "Ryde Children's Centre does not serve, so closing it changes nothing.",
            "the sea is more than 30 m from any street we have, so it changes nothing.",
        )

    def test_streets_are_not_passed_over_in_silence(self, asked):
        with pytest.raises(RequestError, match="the streets change"):
            changed(asked(), self.ROAD)
