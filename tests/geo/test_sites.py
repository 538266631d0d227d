"""A site's life: what it was on a day, and what it may have been."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis.strategies import dates, sampled_from, sets

from geo.crs import BNG
from geo.errors import RequestError
from geo.sites import COUNTING, SITE_STATUSES, ever_serving, possible_on, serving, status_on, unsure_of
from tests.geo.rows import site_table


@pytest.fixture
def sites():
    rows = {
        "main": ("open", "open", "2005-01-01", None, None, None, "2026-01-30", None, None, True),
        "linked": ("linked", "linked", "2006-01-01", "2016-03-07", None, None, "2026-01-30", None, None, True),
        "undated": ("open", "open", None, None, None, None, "2026-01-30", None, "Hub", True),
        "reduced": ("linked", "linked", "2006-01-01", None, None, None, "2026-01-30", None, None, True),
        "closed": ("closed", "open", "2004-01-01", None, "2018-06-30", "day", None, None, None, True),
        "month": ("closed", "open", "2004-01-01", None, "2018-06-30", "month", None, None, None, True),
        "by": ("closed", "open", "2004-01-01", None, "2018-06-30", "by", "2018-06-30", None, None, True),
        "gone": ("closed", "open", "2004-01-01", None, None, "unknown", "2019-01-01", None, None, True),
        "due": ("announced", "linked", "2004-01-01", "2010-05-05", "2026-03-31", "month", "2025-12-31", None, None, True),
        "unconfirmed": ("announced", "open", "2004-01-01", None, None, "unknown", "2025-12-31", None, None, True),
        "missing": ("no_longer_listed", "open", "2004-01-01", None, None, "unknown", "2026-01-30", "2021-01-01", None, True),
        "never seen": ("no_longer_listed", "open", "2004-01-01", None, None, "unknown", "2026-01-30", None, None, True),
        "neighbour": ("open", "open", "2004-01-01", None, None, None, None, None, None, False),
    }  # fmt: skip
    days = ["opened", "linked_since", "closed", "source_date", "last_seen"]
    frame = pd.DataFrame.from_dict(
        rows,
        orient="index",
        columns=["status", "served_as", *days[:3], "date_precision", *days[3:], "hub", "inside"],
    )
    frame["kind"] = "centre"
    for column in days:
        frame[column] = pd.to_datetime(frame[column])
    return gpd.GeoDataFrame(frame.rename_axis("site_id"), geometry=[shapely.Point(0, 0)] * len(frame), crs=BNG)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2004, 6, 1), {"main": None, "linked": None, "closed": "open", "undated": "open"}),
        (date(2015, 1, 1), {"main": "open", "linked": "open", "closed": "open"}),
        (date(2016, 3, 7), {"linked": "linked"}),
        (date(2018, 6, 29), {"closed": "open"}),
        (date(2018, 6, 30), {"closed": "closed"}),
        # before it was announced a centre was what it served as, and nobody knew
        (date(2025, 12, 30), {"due": "linked", "unconfirmed": "open"}),
        (date(2025, 12, 31), {"due": "announced", "unconfirmed": "announced"}),
        (date(2026, 3, 30), {"due": "announced", "unconfirmed": "announced"}),
        (
            date(2026, 3, 31),
            {"due": "closed", "unconfirmed": "announced", "gone": "closed", "missing": "no_longer_listed"},
        ),
    ],
)
def test_status_on_a_day(sites, day, expected):
    status = status_on(sites, day)
    assert {name: None if pd.isna(status[name]) else status[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # what is known to the day is certain on every day
        (date(2004, 6, 1), {"main": {"not_yet"}, "closed": {"open"}}),
        (date(2016, 3, 6), {"linked": {"open"}}),
        (date(2016, 3, 7), {"linked": {"linked"}}),
        (date(2018, 6, 29), {"closed": {"open"}}),
        (date(2018, 6, 30), {"closed": {"closed"}}),
        # no opening day: not before the first day that anything is known of it
        (date(2026, 1, 29), {"undated": {"open", "not_yet"}, "reduced": {"open", "linked"}}),
        (date(2026, 1, 30), {"undated": {"open"}, "reduced": {"linked"}}),
        # a month is uncertain throughout, "by" at any time before, an unknown day until somebody said so
        (date(2018, 5, 31), {"month": {"open"}, "by": {"open", "closed"}, "gone": {"open", "closed"}}),
        (date(2018, 6, 1), {"month": {"open", "closed"}}),
        (date(2018, 6, 30), {"month": {"closed"}, "by": {"closed"}, "gone": {"open", "closed"}}),
        (date(2019, 1, 1), {"gone": {"closed"}}),
        # an announcement is no proof: from its month on it may have closed or not
        (date(2009, 1, 1), {"due": {"open"}}),
        (date(2025, 12, 30), {"due": {"linked"}, "unconfirmed": {"open"}}),
        (date(2025, 12, 31), {"due": {"announced_linked"}, "unconfirmed": {"announced_full", "closed"}}),
        (date(2026, 2, 28), {"due": {"announced_linked"}}),
        (date(2026, 3, 1), {"due": {"announced_linked", "closed"}}),
        (date(2027, 1, 1), {"due": {"announced_linked", "closed"}}),
        # the register: there until last seen, gone from the first list without it, unknown between
        (date(2020, 12, 31), {"missing": {"open"}, "never seen": {"open", "no_longer_listed"}}),
        (date(2021, 1, 1), {"missing": {"open", "no_longer_listed"}}),
        (date(2026, 1, 30), {"missing": {"no_longer_listed"}, "never seen": {"no_longer_listed"}}),
    ],
)
def test_what_each_may_have_been(sites, day, expected):
    possible = possible_on(sites, day)
    assert {name: {state for state in possible if possible.loc[name, state]} for name in expected} == expected


@given(day=dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_the_best_reading_is_a_possible_one(sites, day):
    possible, best = possible_on(sites, day), status_on(sites, day)
    assert possible.any(axis=1).all()
    for name, status in best.items():
        states = [state for state in possible if possible.loc[name, state]]
        assert any(state == "not_yet" if pd.isna(status) else state.startswith(status) for state in states), name


@given(
    day=dates(date(2000, 1, 1), date(2030, 1, 1)),
    statuses=sets(sampled_from(SITE_STATUSES), min_size=1),
    counting=sampled_from(COUNTING),
)
def test_fewest_is_within_best_is_within_most(sites, day, statuses, counting):
    asked = {"day": day, "statuses": tuple(statuses), "counting": counting}
    fewest, best, most = (set(serving(sites, **asked, reading=r).index) for r in ("fewest", "best", "most"))
    assert fewest <= best <= most
    assert set(unsure_of(sites, **asked).index) == most - fewest


def test_what_serves_is_open_linked_or_not_yet_closed(sites):
    serves = {"main", "linked", "undated", "reduced", "due", "unconfirmed", "neighbour"}
    assert set(serving(sites, day=date(2026, 1, 31)).index) == serves
    assert set(serving(sites, day=date(2026, 1, 31), statuses=("linked",)).index) == {"linked", "reduced"}
    assert "neighbour" not in serving(sites, day=date(2026, 1, 31), context=False).index


def test_what_counts_as_a_centre(sites):
    on = {"day": date(2026, 1, 31)}
    assert set(serving(sites, **on, counting="full").index) == {"main", "undated", "unconfirmed", "neighbour"}
    assert set(serving(sites, **on, counting="hubs").index) == {"undated"}
    # before it was linked it was a full centre
    assert "linked" in serving(sites, day=date(2016, 3, 6), counting="full").index
    with pytest.raises(RequestError, match="unknown choice of centres 'all'"):
        serving(sites, **on, counting="all")


def test_the_unsure_are_marked_and_named_as_they_count(sites):
    on = {"day": date(2026, 3, 15)}
    best = serving(sites, **on)
    assert set(best.index[best["unsure"]]) == {"due", "unconfirmed"}
    assert best["status"]["due"] == "announced"
    later = serving(sites, day=date(2026, 4, 1), reading="most")
    assert later["status"]["due"] == "announced"
    assert "due" not in serving(sites, day=date(2026, 4, 1)).index


def test_what_ever_served(sites):
    assert set(ever_serving(sites, day=date(2005, 6, 1)).index) == set(sites.index) - {"linked", "reduced"}
    assert set(ever_serving(sites, day=date(2030, 1, 1), counting="hubs").index) == {"undated"}


PLANS = {
    "plan": {"status": "planned", "kind": "hub", "hub": "Plan", "opened": "2027-03-15", "source_date": "2026-06-30"},
    "someday": {"status": "planned", "kind": "hub", "hub": "Some", "source_date": "2026-06-30"},
    "overdue": {"status": "planned", "kind": "hub", "hub": "Over", "opened": "2026-01-01", "source_date": "2026-06-30"},
    "library": {"status": "open", "kind": "network_site", "opened": "2026-05-01", "source_date": "2026-06-30"},
    "to be a hub": {"status": "open", "hub": "New", "hub_since": "2027-03-15", "opened": "2005-01-01"},
}


@pytest.fixture
def plans():
    table = site_table({name: row | {"at": (0, 0)} for name, row in PLANS.items()})
    return table.assign(
        hub_since=pd.to_datetime(pd.Series({name: row.get("hub_since") for name, row in PLANS.items()}))
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 6, 29), {"plan": {"not_yet"}, "someday": {"not_yet"}, "overdue": {"not_yet"}}),
        (date(2026, 6, 30), {"plan": {"planned"}, "someday": {"planned"}, "overdue": {"planned"}}),
        # a plan is no proof: from its day on it may have opened or not, without one at any time after it was told
        (date(2027, 3, 14), {"plan": {"planned"}, "someday": {"planned", "open"}, "overdue": {"planned", "open"}}),
        (date(2027, 3, 15), {"plan": {"planned", "open"}}),
    ],
)
def test_what_is_planned_may_be_open_from_its_day_on(plans, day, expected):
    possible = possible_on(plans, day)
    assert {name: {state for state in possible if possible.loc[name, state]} for name in expected} == expected


def test_a_plan_counts_from_its_day_on_and_a_network_site_if_asked_for(plans):
    before, after = date(2027, 3, 14), date(2027, 3, 15)
    assert status_on(plans, before)["plan"] == "planned"
    assert status_on(plans, after)["plan"] == "open"
    assert set(serving(plans, day=before).index) == {"to be a hub"}
    assert set(serving(plans, day=after).index) == {"to be a hub", "plan"}
    assert set(serving(plans, day=after, reading="fewest").index) == {"to be a hub"}
    assert set(unsure_of(plans, day=after).index) == {"plan", "someday", "overdue"}
    assert set(serving(plans, day=before, counting="network").index) == {"to be a hub", "library"}
    assert set(serving(plans, day=before, counting="full").index) == {"to be a hub"}
    assert set(serving(plans, day=before, counting="hubs").index) == set()
    assert set(serving(plans, day=after, counting="hubs").index) == {"to be a hub", "plan"}
    assert set(serving(plans, day=before, statuses=("planned",)).index) == {"plan", "someday", "overdue"}


def test_what_is_planned_never_served(plans):
    assert set(ever_serving(plans, day=date(2027, 3, 14)).index) == {"to be a hub"}
    assert set(ever_serving(plans, day=date(2027, 3, 15), counting="network").index) == {
        "to be a hub",
        "library",
        "plan",
    }
