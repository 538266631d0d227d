"""Two places side by side: the figures are those that each place's own pages have, and missing stays missing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.place import SAMPLE, Place
from geo.whole import whole
from layers.answers.question import Question, answer
from layers.answers.side_by_side import Figure, rows, side, table, told


@pytest.fixture(scope="module")
def found():
    """The island's answer."""
    return answer(Place.open(SAMPLE / "isle_of_wight"), Question(day=date(2026, 6, 1)))


@pytest.fixture(scope="module")
def island(found):
    """Its figures; every neighbourhood in the high third."""
    areas = found.ground.areas
    return side(areas, pd.Series("high", areas.index), found, lost=100.0)


def test_figures_are_those_of_the_answer(found, island):
    assert round(island.under5.value) == 5891
    assert told("known", island.known) == "5,882 (100%)"
    assert told("beyond", island.beyond) == "4,008 (68%)"
    assert island.beyond.value == whole(found.gaps["under5_beyond"].sum())
    assert told("sites", island.sites) == "8 (1.4)"
    assert told("lost", island.lost) == "100 (2%)"
    far = found.gaps["access_class"] == "far"
    assert island.high_far.value == pytest.approx(found.ground.areas.loc[far, "under5"].sum())
    half = pd.Series(np.where(np.arange(len(far)) % 2, "high", "low"), far.index)
    of_these = side(found.ground.areas, half, found)
    assert of_these.high_far.share == pytest.approx(of_these.high_far.value / of_these.high.value), "of the row above"


def test_the_median_is_that_of_the_homes(found, island):
    reach, children = found.reach, found.ground.counted_children
    near = np.nansum(children[(reach["minutes"] <= island.median.value).to_numpy()])
    nearer = np.nansum(children[(reach["minutes"] < island.median.value).to_numpy()])
    assert nearer < children.sum() / 2 <= near + 1e-6


def test_thirds_add_up_to_the_place(found, island):
    assert island.need["under5"].tolist() == [island.under5.value, 0, 0]
    assert island.need.loc["high", "beyond"] == pytest.approx(island.beyond.value)
    areas = found.ground.areas
    by_turns = pd.Series(np.resize(["high", "middle", "low"], len(areas)), areas.index)
    parts = side(areas, by_turns, found).need
    assert parts["under5"].sum() == pytest.approx(island.under5.value)
    assert parts["beyond"].sum() == pytest.approx(island.beyond.value)
    assert parts["share"].sum() == pytest.approx(1)


def test_what_is_not_known_is_said_to_be(found):
    areas = found.ground.areas
    third = pd.Series("high", areas.index)
    nothing = side(areas, third, None)
    assert told("under5", nothing.under5) == "5,891"
    for name in ("known", "beyond", "median", "sites", "lost", "high_far"):
        assert told(name, getattr(nothing, name)) == "not known"
    assert nothing.need["beyond"].isna().all()
    uncounted = side(areas.assign(under5=np.nan), third, None)
    assert told("high", uncounted.high) == "not known"
    assert told("median", Figure(np.inf)) == "no way there for half of them"


def test_a_third_whose_children_are_not_known_is_not_empty(found):
    areas = found.ground.areas
    far = found.gaps["access_class"] == "far"
    third = pd.Series(np.where(far, "high", "middle"), areas.index)
    made = side(areas.assign(under5=areas["under5"].mask(far)), third, found)
    assert told("high", made.high) == "not known"
    assert told("high_far", made.high_far) == "not known"
    assert made.need.loc["low", "under5"] == 0, "no neighbourhood is in it, so nobody is"


def test_as_a_file(found, island):
    words = rows(found.question.walk, "1 January 2010", centres=True)
    assert "lost" not in rows(found.question.walk, "1 January 2010", centres=False)
    made = table({"Isle": island, "Twin": island}, words)
    assert list(made.columns) == ["figure", "Isle", "Isle, share", "Twin", "Twin, share"]
    assert made.loc["beyond", "Isle"] == 4008
    assert made.loc["beyond_high", "Twin, share"] == pytest.approx(0.6815, abs=0.001)
