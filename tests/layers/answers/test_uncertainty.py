"""What is not certain on a day is counted both ways: on the bundled place, with what is known of it taken away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.place import SAMPLE, Place
from geo.access import reach
from geo.sites import serving
from geo.whole import whole
from layers.answers import over_time
from layers.answers.question import Question, ground
from layers.answers.uncertainty import bounds_of, bounds_said, counted_said

DAY = date(2015, 1, 1)


@pytest.fixture(scope="module")
def on():
    return ground(Place.open(SAMPLE / "isle_of_wight"), Question().walker)


class Forgetful:
    """The bundled place; `forget` takes the opening days of some centres away."""

    def __init__(self):
        opened = Place.open(SAMPLE / "isle_of_wight")
        self.card, self.known = opened.card, opened.centres()

    def forget(self, ids):
        self.known = self.known.assign(opened=self.known["opened"].where(~self.known.index.isin(ids)))

    def centres(self):
        return self.known


@pytest.fixture
def place():
    return Forgetful()


def beyond(on, sites, minutes=15.0) -> float:
    """Independent of the code under test: a full search from the sites, then a plain sum."""
    walked = reach(on.network, on.origins, sites)
    far = (walked["reached"] != "off_network") & ~(walked["minutes"] <= minutes)
    return float(on.origins["under5"].where(far & pd.Series(on.counted, on.origins.index), 0.0).sum())


def test_all_is_certain_where_every_day_is_known(place, on):
    assert bounds_of(place, on, Question(day=DAY)) is None
    assert bounds_of(place, on, Question(day=DAY, to="play")) is None


def test_both_ways(place, on):
    place.forget(["20004", "21020"])
    found = bounds_of(place, on, Question(day=DAY))
    assert set(found.unsure.index) == {"20004", "21020"}
    every = place.centres()
    assert found.at_least == whole(beyond(on, every))
    assert found.at_most == whole(beyond(on, every.drop(["20004", "21020"])))
    assert found.at_least < found.at_most
    said = bounds_said(found, Question(day=DAY))
    assert said.startswith(
        "It is not certain whether these were open on 1 January 2015: Ryde Children's Centre; East Cowes"
    )
    assert (
        f"So between {found.at_least:,.0f} and {found.at_most:,.0f} under-fives live beyond 15 minutes: fewest if all did, "
        "most if none did." in said
    )


def test_what_is_not_certain_makes_no_difference_where_nobody_is_near(place, on):
    place.forget(["20004"])
    found = bounds_of(place, on, Question(day=DAY))
    assert "Either way 9 under-fives live beyond 15 minutes." in bounds_said(
        replace(found, at_least=9, at_most=9), Question(day=DAY)
    )


def test_unknown_under_fives_are_not_nought(place, on):
    place.forget(["20004"])
    blank = replace(on, origins=on.origins.assign(under5=np.nan))
    found = bounds_of(place, blank, Question(day=DAY))
    assert np.isnan([found.at_least, found.at_most]).all()
    assert "live beyond" not in bounds_said(found, Question(day=DAY))


@pytest.mark.parametrize(
    ("day", "counting", "said"),
    [
        (date(2015, 1, 1), "listed", "On 1 January 2015 8 sites count: 8 full centres."),
        (date(2016, 3, 7), "listed", "On 7 March 2016 8 sites count: 3 full centres and 5 linked sites."),
        (date(2004, 9, 1), "listed", "On 1 September 2004 1 site counts: 1 full centre."),
        (date(2003, 1, 1), "listed", "On 1 January 2003 no site counts."),
    ],
)
def test_how_many_count(place, day, counting, said):
    question = Question(day=day, counting=counting)
    assert counted_said(serving(place.centres(), day=day, counting=counting), question) == said


def test_through_the_years(place, on):
    """Each day as if it were asked for alone, by another program."""
    days = [date(2006, 1, 1), DAY, date(2016, 3, 6), date(2016, 3, 7), date(2020, 1, 1)]
    table = over_time.through_time(place.centres(), on, Question(counting="full"), days)
    for day in days:
        sites = serving(place.centres(), day=day, counting="full")
        row = table.loc[pd.Timestamp(day)]
        assert row["sites"] == len(sites)
        assert row["beyond"] == row["at_least"] == row["at_most"] == whole(beyond(on, sites))
    place.forget(["20004"])
    row = over_time.through_time(place.centres(), on, Question(), [DAY]).iloc[0]
    assert row["at_least"] == row["beyond"] < row["at_most"]
    blank = replace(on, origins=on.origins.assign(under5=np.nan))
    assert over_time.through_time(place.centres(), blank, Question(), [DAY])["beyond"].isna().all()


def test_the_days_of_a_time_line(place):
    days = over_time.days_of(place.centres())
    assert days == sorted(days)
    assert {date(2004, 1, 1), date(2016, 3, 7), date(2015, 1, 1)} <= set(days)
    assert over_time.days_of(place.centres().iloc[:0])
