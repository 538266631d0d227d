"""What was lost, in words and tables, on a place of five homes that can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from layers.answers import losses
from layers.answers.closure_card import event_card
from layers.answers.ledger import LedgerQuestion, cautions
from layers.answers.losses import Losses
from layers.maps.choropleth import MISSING
from layers.maps.closure_map import shades
from tests.layers.five_homes import DAY, PLACE, A, B, C, D, answer, drawn, ground, sites, walks


@pytest.fixture
def told():
    return Losses.of(answer(), ground())


def card(told, site_id):
    return event_card(told, site_id, PLACE)


# --- minutes -----------------------------------------------------------------------------------------------------------


def test_added_minutes_by_hand():
    """A: 4 of 8 walk no longer, which is half. B: 2 of 5 walk 5 minutes more, the other 3 walk 20."""
    found = losses.added_minutes(ground(), walks())
    assert found.index.tolist() == [A, B, C, D]
    assert found[[A, B, D]].tolist() == [0.0, 20.0, 0.0]
    assert np.isnan(found[C])


def test_who_lost_every_way_is_told_apart_from_who_never_had_one():
    nan = np.nan
    stuck = walks(
        before_minutes=[5.0, 5, 5, 10, 10, nan, nan], after_minutes=[5.0, 15, 55, 15, nan, nan, nan],
        reached=["yes", "yes", "yes", "yes", "no_route", "off_network", "no_route"],
    )  # fmt: skip
    found = losses.added_minutes(ground(), stuck)
    assert np.isinf(found[B])  # 3 of 5 had a way
    assert found[D] == 0


def test_residents_weigh_where_under_fives_are_not_known():
    on = ground(under5=[np.nan] * 7, residents=[10.0, 30, 10, 20, 30, 50, 20])
    assert losses.added_minutes(on, walks())[A] == 10  # 10 of 50 no longer, 30 of them 10 minutes


@pytest.mark.parametrize(
    ("minutes", "place", "words"),
    [
        (0.0, 0, "typical walk as long as before"),
        (0.4, 1, "typical walk less than a minute longer"),
        (5.0, 1, "typical walk about 5 minutes longer"),
        (5.1, 2, "typical walk about 5 minutes longer"),
        (15.0, 2, "typical walk about 15 minutes longer"),
        (60.0, 4, "typical walk about 60 minutes longer"),
        (400.0, 5, "typical walk over an hour longer"),
        (np.inf, 6, "most families can no longer walk to one"),
        (np.nan, -1, "no street data here"),
    ],
)
def test_classes_of_minutes(minutes, place, words):
    table = pd.DataFrame({"added_minutes": [minutes, np.inf], "under5": [3.0, 4.0]}, index=[A, B])
    layer = shades(table)
    assert layer.classes(table)[A] == place
    assert losses.added_words(minutes) == words
    assert layer.fills(table)[A] == (MISSING if place < 0 else layer.palette[place])


def test_no_class_for_what_does_not_occur():
    layer = shades(pd.DataFrame({"added_minutes": [1.0]}))
    assert len(layer.palette) == len(layer.labels) == len(layer.limits) + 1 == 6
    assert "can no longer walk to one" not in layer.labels


@pytest.mark.parametrize(("minutes", "said"), [(0, "0 hours"), (20, "less than an hour"), (60, "1 hour"),
                                               (65_396, "1,090 hours")])  # fmt: skip
def test_hours(minutes, said):
    assert losses.hours(minutes) == said


# --- what happened, and where families go ------------------------------------------------------------------------------


def test_what_is_told_of(told):
    """The neighbour's that cannot be measured is only counted in the caution."""
    assert told.events["name"].tolist() == ["Oak", "Ash", "Elm"]
    assert told.events["said"].tolist() == [
        "Became a linked site on 7 March 2016", "Announced to close, no date confirmed", "Closed in March 2016",
    ]  # fmt: skip
    measured = answer(rows={"residents": [60.0, 30, np.nan, 2]})
    assert losses.events(measured)["name"].tolist()[-1] == "Yew (neighbouring authority)"


def test_namesakes_and_the_nameless_are_told_apart():
    rows = losses.events(answer(rows={"name": ["Oak", "Oak", None, "Yew"]}))
    assert losses.event_names(rows) == {"3": "One without a name (3)", "1": "Oak, 1", "2": "Oak, 2"}


def test_where_families_go(told):
    """Of site 1's, homes of 3, 1 and 2 under-fives walk 10, 50 and 5 minutes more: half of the six up to 10."""
    assert told.moves[["site_id", "to_site_id", "minutes"]].to_numpy().tolist() == [["1", "5", 10.0], ["2", "6", 20.0]]


def test_families_without_any_way_go_nowhere():
    stuck = walks(
        after_site_id=["5", "5", "5", "5", None, None, "5"], after_minutes=[5.0, 15, 55, 15, np.nan, np.nan, 8]
    )
    found = answer(walked=stuck)
    flows = found.ledger.flows.assign(to_site_id=["5", None])
    told = Losses.of(replace(found, ledger=replace(found.ledger, flows=flows)), ground())
    assert card(told, "2").goes == (("nowhere on foot", "3", ""),)
    assert [flow.lines[0] for flow in drawn(told).flows] == ["Oak → Fir"]


# --- one closure -------------------------------------------------------------------------------------------------------


def test_a_downgrade_that_closed_since(told):
    said = card(told, "1")
    assert said.title == "Oak"
    assert said.said == (
        "Became a linked site on 7 March 2016.", "We take it that a linked site was a full centre once; it offers less now.",
        "What came after: closed by 7 March 2016, the date is not known.",
    )  # fmt: skip
    assert said.sources == ("Source: GIAS, as of 7 March 2016.",)
    assert dict(said.facts) == {
        "Under-fives nearest to it": "6 (mid-2020)", "Under-twos": "1", "Residents": "60 (Census 2021)",
        "Born outside the UK (proxy for families from abroad)": "7",
        "Their walk is longer": "typically about 10 minutes longer; for one in ten about 50 minutes longer or more",
        "Were within 15 minutes, now beyond": "4 of 6 under-fives",
    }  # fmt: skip
    assert [text for _, text in said.counted] == [
        "4 under-fives, 2 hours", "5 under-fives, 10 hours", "4 under-fives (56% of the whole), 2 hours",
    ]  # fmt: skip
    assert said.goes == (("Fir", "6", "about 10 minutes longer"),)


@pytest.mark.parametrize(
    ("median", "slow", "walk", "took"),
    [
        (10, np.nan, "typically about 10 minutes longer; one in ten or more can no longer walk to one",
         "Was the nearest for 6 under-fives; their typical walk is about 10 minutes longer"),
        (np.nan, np.nan, "half of them or more can no longer walk to one",
         "Was the nearest for 6 under-fives; half of them or more can no longer walk to one"),
    ],
)  # fmt: skip
def test_who_has_no_way_left_walks_no_minutes_longer(median, slow, walk, took):
    nan = np.nan
    rows = {"extra_minutes_median": [median, 20, nan, nan], "extra_minutes_p90": [slow, 20, nan, nan]}
    found = Losses.of(answer(rows=rows | {"no_way": [3.0, 0, nan, nan]}), ground())
    assert dict(card(found, "1").facts)["Their walk is longer"] == walk
    assert found.took(found.events.loc["1"]) == took


def test_what_nothing_confirms(told):
    said = card(told, "2")
    assert said.said == (
        "Announced to close, no date confirmed.", "Not confirmed as closed, but counted as closed here.",
    )  # fmt: skip
    assert said.sources[1] == "Recorded: The council calls it Ash."


def test_what_could_not_be_measured(told):
    said = card(told, "3")
    assert "more than 250 m from any street" in said.said[-1]
    assert said.said[-1].endswith("That does not mean that nothing was.")
    assert said.facts == said.counted == said.goes == ()
    assert said.sources == ("Source: GIAS.",)
    assert "nan" not in " ".join([*said.said, *said.sources]).lower()


def test_a_neighbours(told):
    found = Losses.of(answer(rows={"residents": [60.0, 30, np.nan, 2], "source": ["GIAS"] * 3 + [None]}), ground())
    said = card(found, "4")
    assert "only families of Isle are counted" in " ".join(said.said)
    assert said.sources == ("Source: not named, as of 7 March 2016.",)


def test_residents_are_told_where_under_fives_are_not_known():
    unknown = [np.nan] * 4
    names = ["under5", "under2", "crossed", "no_way", "alone_crossed", "reopened_crossed", "share_crossed",
             "alone_minutes", "reopened_minutes", "share_minutes"]  # fmt: skip
    sums = dict.fromkeys(["under5", "under2", "crossed", "minutes", "no_way", "beyond_after"], np.nan)
    found = answer(rows=dict.fromkeys(names, unknown), together=sums)
    flows = found.ledger.flows.assign(under5=np.nan)
    told = Losses.of(replace(found, ledger=replace(found.ledger, flows=flows)), ground(under5=[np.nan] * 7))
    assert (told.column, told.who) == ("residents", "residents")
    said = card(told, "1")
    assert dict(said.facts)["Under-fives nearest to it"] == "not known"
    assert said.counted == ()
    assert said.goes[0][1] == "60"
    assert drawn(told).flows[0].lines[1].startswith("60 residents; their typical walk is about 10 minutes")
    assert told.brief(told.events.loc["1"]) == (
        "Became a linked site on 7 March 2016. Was the nearest for 60 residents; their typical walk is about 10 minutes "
        "longer."
    )
    nobody = told.events.loc["1"].copy()
    nobody["residents"] = np.nan
    assert told.took(nobody) == "How many families were nearest to it is not known"


# --- tables ------------------------------------------------------------------------------------------------------------


def test_every_closure_as_a_row(told):
    rows = losses.event_rows(told)
    assert rows["rank"].tolist()[:2] == [1, 2]
    assert np.isnan(rows["rank"]["3"])
    assert rows["share"].tolist()[:2] == [4, 4]  # whole people
    assert [rows[way].tolist()[:2] for way in ("crossed", "alone", "reopened")] == [[4, 3], [4, 3], [5, 4]]
    assert rows["hours"].tolist()[:2] == [2, 1]
    assert rows.loc["3", ["under5", "share", "alone", "hours", "median"]].isna().all()  # never 0
    assert rows["goes"].tolist()[:2] == ["Fir", "Pine"]
    assert rows["measured"].tolist() == ["yes", "yes", "no street near it"]


def test_the_maps_colours_as_rows(told):
    rows = losses.area_rows(told)
    assert rows.index.tolist() == [B]
    assert rows.loc[B, ["minutes", "then", "now", "under5"]].tolist() == [20, "Ash", "Pine", 5]


def test_a_timeline_has_only_days_on_which_something_changed():
    days = pd.to_datetime(["2010-01-01", "2011-01-01", "2012-01-01", "2013-01-01"])
    through = pd.DataFrame(
        {"sites": [1, 2, 2, 2], "beyond": [9.0, 7, 7, 7], "at_least": [9.0, 7, 7, 6], "at_most": [9.0, 7, 7, 7]},
        index=pd.Index(days, name="day"),
    )
    rows = losses.timeline(through)
    assert rows["date"].dt.year.tolist() == [2010, 2011, 2013]
    assert rows.columns.tolist() == ["date", "beyond", "low", "high"]
    assert rows["low"].tolist() == [9, 7, 6]


def test_what_must_be_known_stands_apart_from_what_is_good_to_know():
    found = answer()
    grave, rest = losses.warned(found)
    assert [line.split(" for ")[0].split(",")[0] for line in grave] == [
        "No loss can be measured", "No loss can be measured", "Announced to close or no longer listed",
    ]  # fmt: skip
    assert rest[-1] == "Walks to closed centres are measured along today's streets."
    assert sorted([*grave, *rest]) == sorted(cautions(found))


def test_no_record_is_no_proof():
    asked = LedgerQuestion(day=date(2026, 6, 1), since=date(2020, 1, 1), counting="listed", closures="confirmed")
    known = sites({"5": "Fir", "6": "Pine"}, ["open", "linked"]).assign(inside=True, source_date=DAY)
    said = " ".join(losses.unknowable(answer(question=asked), known))
    assert "Sources: GIAS, 7 March 2016." in said
    assert "centres may have closed without being recorded" in said
    for hint in ("Ended since", "Closed and announced", "Full centres only"):
        assert hint in said
    plain = " ".join(losses.unknowable(answer(), known.assign(source_date=pd.NaT)))
    assert "GIAS, date not known" in plain
    assert "in the menu" not in plain
