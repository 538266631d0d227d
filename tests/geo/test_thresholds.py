"""Distances that guidance names, at each walker's own pace."""

from __future__ import annotations

import numpy as np
import pytest

from geo.errors import RequestError
from geo.profiles import ADULT, BUGGY, TODDLER
from geo.thresholds import NAMED, beyond_each, named_at, threshold_of


def test_each_walker_at_their_own_pace():
    said = {key: [each.minutes_for(walker) for walker in (BUGGY, ADULT, TODDLER)] for key, each in NAMED.items()}
    assert said == {
        "400m": [6, 5, 7.5],
        "800m": [12, 10, 15],
        "1000m": [15, 12.5, 18.75],
        "30min": [30, 30, 30],
        "2500m": [37.5, 31.25, 46.875],
    }
    assert named_at(12, BUGGY) is named_at(10, ADULT) is NAMED["800m"]
    assert named_at(12, ADULT) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("15", 15), ("30 minutes", 30), ("800 m", 12), ("1,000m", 15), ("1 km", 15), (" 2.5 KM", 37.5), ("650 m", 9.75)],
)
def test_a_walk_in_minutes_or_metres(text, minutes):
    assert threshold_of(text).minutes_for(BUGGY) == minutes


@pytest.mark.parametrize("text", ["", "800 yards", "m", "15 minutes 30", "8OO m"])
def test_what_is_no_walk(text):
    with pytest.raises(RequestError, match=r"guidance names 400 m, 800 m, 1,000 m, 30 minutes, 2\.5 km"):
        threshold_of(text)


def test_children_beyond_each():
    """Five homes: at the doorstep, just within 1,000 m, beyond it, without a way, and one whose walk is not known."""
    found = beyond_each(np.array([1, 15, 15.01, np.nan, np.nan]), np.array([1, 2, 4, 8, 0.0]), BUGGY)
    assert found["beyond"].tolist() == [14, 14, 12, 8, 8]
    assert found["share"].tolist() == pytest.approx([14 / 15, 14 / 15, 12 / 15, 8 / 15, 8 / 15])
    assert beyond_each(np.array([1.0]), np.array([np.nan]), BUGGY)["beyond"].isna().all()
