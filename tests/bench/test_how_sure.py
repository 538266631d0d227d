"""How long it takes to try every set of assumptions. Figures to read, not to pass: `make bench` prints them."""

from __future__ import annotations

from datetime import date

import pytest

from data.place import SAMPLE, Place
from layers.answers.how_sure import how_sure
from layers.answers.question import Question, answer


@pytest.fixture(scope="module", params=["island", "leeds"])
def asked(request):
    """A place, and the answer there."""
    if request.param == "leeds":
        place = request.getfixturevalue("real_place")("leeds")
    else:
        place = Place.open(SAMPLE / "isle_of_wight")
    return place, answer(place, Question(day=date(2026, 11, 21)))


@pytest.mark.benchmark(group="36 sets of assumptions, 200 draws in each: Leeds within 15 s")
def test_every_set_of_assumptions(benchmark, asked):
    benchmark.pedantic(how_sure, args=asked, rounds=3, warmup_rounds=1)
