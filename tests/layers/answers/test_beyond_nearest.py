"""Beyond the nearest centre of the bundled place, against its other answers and sums of the exported tables."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from data.place import SAMPLE, Place
from geo.errors import RequestError
from layers.answers.beyond_nearest import beyond_nearest
from layers.answers.question import Question, answer

PLACE = Place.open(SAMPLE / "isle_of_wight")


@pytest.fixture(scope="module")
def found():
    return answer(PLACE, Question(day=date(2026, 6, 1)))


@pytest.fixture(scope="module")
def asked(found):
    return beyond_nearest(found, play=PLACE.play_spaces())


def test_what_all_children_have_is_what_there_is(asked):
    """Three full centres and five linked sites, each with children around."""
    assert (asked.areas["under5"] * asked.areas["per_1000"]).sum() / 1000 == pytest.approx(5.5, abs=1e-3)
    assert (asked.sites["sharing"] * asked.sites["per_1000"]).sum() / 1000 == pytest.approx(5.5, abs=1e-3)
    assert asked.sites["capacity"].sum() == 5.5
    assert "there are 0.94 full centres for every 1,000 under-fives" in asked.said[1]


def test_pairs_of_homes_and_sites_are_the_same_from_both_ends(asked):
    for minutes in (5, 10, 15, 20, 30):
        from_homes = (asked.areas["under5"] * asked.areas[f"sites_{minutes}"]).sum()
        assert asked.sites[f"under5_{minutes}"].sum() == pytest.approx(from_homes, abs=0.1)


def test_it_begins_with_the_number_of_every_other_answer(found, asked):
    near = found.ground.counted_children[(found.reach["minutes"] <= 15).to_numpy()].sum()
    assert asked.said[0] == (
        f"Of 5,882 under-fives whose walk is known, {near:,.0f} (32%) have a children's centre within 15 minutes' walk; "
        "none of them can choose between two or more."
    )


def test_a_round_trip_by_way_of_a_centre_and_a_play_space(asked):
    assert asked.areas["round_trip"].notna().sum() == 55
    assert asked.said[3] == (
        "3,875 (66%) can walk to a children's centre, on to a play space and home in 60 minutes altogether, none of the "
        "three walks longer than 30."
    )


def test_a_linked_site_may_count_as_nothing_or_as_full(found):
    for weight, capacity in ((0, 3), (1, 8)):
        asked = beyond_nearest(found, weight)
        assert asked.sites["capacity"].sum() == capacity
        assert "1,848 (31%) have none within that walk." in asked.said[1]
    for wrong in (-0.1, 1.1, np.nan):
        with pytest.raises(RequestError):
            beyond_nearest(found, wrong)


def test_without_any_site_there_is_nothing_to_choose_from():
    asked = beyond_nearest(answer(PLACE, Question(day=date(1990, 1, 1))), play=PLACE.play_spaces())
    assert asked.said == ["No site that counts is near any home, so there is nothing to choose from."]
    assert (asked.areas[["sites_30", "per_1000"]] == 0).all(axis=None)
    assert asked.areas["round_trip"].isna().all()
