"""Runs of neighbouring areas of the bundled place, in words."""

from __future__ import annotations

from datetime import date

import pytest

from data.place import SAMPLE, Place
from geo.errors import RequestError
from layers.answers import gap_clusters
from layers.answers.question import Question, answer


@pytest.fixture(scope="module")
def found():
    return answer(Place.open(SAMPLE / "isle_of_wight"), Question(day=date(2026, 6, 1), counting="full"))


def test_runs_are_named_the_longest_first(found):
    clusters = gap_clusters.clusters_of(found, "minutes")
    lines = gap_clusters.said(clusters)
    assert lines[0].startswith("A run of seven neighbouring areas with short walks: Ryde Central")
    assert lines[1].startswith("A run of five neighbouring areas with long walks: Yarmouth & Freshwater")
    assert clusters.table["run"].iloc[:12].tolist() == [1] * 7 + [2] * 5
    assert clusters.left_out == clusters.joined == 0


def test_nothing_is_said_to_be_nothing(found):
    assert gap_clusters.said(gap_clusters.clusters_of(found)) == [
        "No run of neighbouring areas with a large gap stands out from chance."
    ]


def test_what_cannot_be_looked_for(found):
    with pytest.raises(RequestError, match="no clusters of 'age'; there are gap, minutes"):
        gap_clusters.clusters_of(found, "age")
