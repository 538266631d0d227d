"""Two days: lost less gained is what the command line counts on both, and each change has its words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from data.place import SAMPLE, Place
from geo.gaps import headline
from layers.answers import since
from layers.answers.question import Question, answer, today

ISLAND = Place.open(SAMPLE / "isle_of_wight")
THEN = Question(day=date(2015, 1, 1), counting="full")


@pytest.fixture(scope="module")
def both():
    """The island's answers on both days."""
    then = answer(ISLAND, THEN)
    return then, answer(ISLAND, replace(THEN, day=date(2026, 6, 1)), on=then.ground)


@pytest.fixture(scope="module")
def found(both):
    return since.compared(*both)


def test_lost_and_gained_are_the_difference_of_what_gaps_says_on_both_days(both, found):
    then, now = (one.gaps["under5_beyond"] for one in both)
    net = found.areas["under5_lost"] - found.areas["under5_gained"]
    np.testing.assert_allclose(net, now - then, atol=1e-6)
    assert found.lost - found.gained == pytest.approx(now.sum() - then.sum())
    said = [headline(one.gaps, walk=one.question.walk) for one in both]
    assert "4,008 of 5,882" in said[0]
    assert "5,064 of 5,882" in said[1]
    # 1,055.2, but 5,064 less 4,008: five centres became linked sites in March 2016, and none was opened
    assert found.counts == (1056, 0, -1056)
    assert found.gained == 0
    assert len(found.gone) == 5
    assert found.new.empty


def test_it_does_not_matter_which_day_is_named_first(both, found):
    other = since.compared(*both[::-1])
    assert other.days == found.days == (date(2015, 1, 1), date(2026, 6, 1))
    pd.testing.assert_frame_equal(other.areas, found.areas)


def test_the_table_begins_with_the_greatest_loss(found):
    rows = since.table(found)
    assert rows["under5_lost"].is_monotonic_decreasing
    assert tuple(rows.columns) == (*since.COLUMNS, "geometry")
    first = rows.iloc[0]
    assert first["minutes_after"] - first["minutes_before"] == pytest.approx(first["minutes_change"], abs=0.02)
    assert first["change"] == f"{first['minutes_change']:.0f} min longer"


def test_in_words(found):
    assert since.in_words(found) == (
        "Of today's under-fives, 1,056 had a full children's centre within 15 minutes' walk on 1 January 2015 and have "
        "none on 1 June 2026; nobody gained one. 1,056 fewer have one so near."
    )
    swapped = since.in_words(replace(found, areas=found.areas.assign(under5_lost=2.0 / 89, under5_gained=5.0 / 89)))
    assert swapped.endswith("; 5 had none and have one. 3 more have one so near.")
    unknown = since.in_words(replace(found, areas=found.areas.assign(under5_lost=np.nan)))
    assert "not known" in unknown
    same = since.in_words(replace(found, areas=found.areas.assign(under5_lost=0.0, under5_gained=0.0)))
    assert same.startswith("No change: the same under-fives had ")


def test_what_counts_still_and_was_reduced_is_said(both):
    assert not since.reduced_words(*both)  # of full centres, it is lost
    listed = (answer(ISLAND, replace(one.question, counting="listed"), on=one.ground) for one in both)
    assert since.reduced_words(*listed) == (
        "5 of the 8 centres that counted on 1 January 2015 have been reduced to linked sites since, and still count here."
    )


def test_what_the_change_is_called():
    assert since.called(date(2015, 1, 1)) == "Change since 1 January 2015"
    assert since.called(today() + timedelta(days=400)).startswith("Change by ")


def test_no_way_is_not_a_number_of_minutes():
    before = pd.DataFrame(
        {"no_route": [False, True, True, False, False], "minutes_median": [9, np.nan, np.nan, np.nan, 9]}
    )
    after = pd.DataFrame(
        {"no_route": [True, False, True, False, False], "minutes_median": [np.nan, 9, np.nan, np.nan, 9.4]}
    )
    change = since.walk_change(before, after)
    assert change.tolist()[:2] == [np.inf, -np.inf]
    assert change[2:4].isna().all()
    said = since.change_words(change, pd.Series([False, False, False, True, False]))
    assert said.tolist() == [
        "a way then, none now", "none then, a way now", "no way on either day", "no street data", "the same",
    ]  # fmt: skip


def test_the_net_is_the_difference_of_the_counts_that_are_shown(found):
    each = found.areas.assign(under5_lost=0.0, under5_gained=0.0)
    each.iloc[0, each.columns.get_indexer(["under5_lost", "under5_gained"])] = 10.4, 20.6
    made = replace(found, areas=each)
    assert made.counts == (10, 20, 10), "10.4 and 20.6; 4,008 and 3,998 beyond"
    assert since.in_words(made).startswith("Of today's under-fives, 10 had")
    assert "20 had none and have one. 10 more" in since.in_words(made)
