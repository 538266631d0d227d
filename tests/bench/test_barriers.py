"""How long it takes to mend everything in a pram's way, and to find who is cut off. Figures to read, not to pass."""

from __future__ import annotations

from datetime import date

import pytest

from data.place import SAMPLE, Place
from layers.answers.barriers import barriers_of
from layers.answers.cut_off import cut_off_of
from layers.answers.question import Question, answer


@pytest.mark.benchmark(group="all single fixes for prams, and the pairs that help each other")
@pytest.mark.parametrize("key", ["isle-of-wight", "leeds-review"])
def test_all_single_fixes(benchmark, key, request):
    """The bundled place, and Leeds from the files beside the repository."""
    bundled = key == "isle-of-wight"
    place = Place.open(SAMPLE / "isle_of_wight") if bundled else request.getfixturevalue("real_place")(key)
    found = answer(place, Question(day=date(2026, 6, 1)))
    benchmark.pedantic(lambda: barriers_of(place, found, most=20), rounds=3, warmup_rounds=1)


@pytest.mark.benchmark(group="who is cut off, and by what")
@pytest.mark.parametrize("key", ["isle-of-wight", "leeds-review"])
def test_who_is_cut_off(benchmark, key, request):
    """The same places."""
    place = (
        Place.open(SAMPLE / "isle_of_wight") if key == "isle-of-wight" else request.getfixturevalue("real_place")(key)
    )
    found = answer(place, Question(day=date(2026, 6, 1)))
    benchmark.pedantic(lambda: cut_off_of(place, found), rounds=3, warmup_rounds=1)
