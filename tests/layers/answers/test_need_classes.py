"""High, middle and low need by the authority's thirds and by England's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.england.figures import read_figures
from data.place import Place
from geo.errors import RequestError
from geo.need import NeedWeights, need
from layers.answers.need_classes import both_classes, both_said, england, needs_of
from layers.answers.question import Question
from tests.layers.conftest import ISLAND


def test_both_classes_and_the_one_that_is_asked_for():
    areas, weights = Place.open(ISLAND).areas(), NeedWeights()
    own = need(areas)
    both = both_classes(areas, own, weights)
    assert both["need_here"].equals(own["need_class"].rename("need_here"))
    assert needs_of(areas, weights, "authority").equals(own)
    found = needs_of(areas, weights, "england")
    assert found["need_class"].tolist() == both["need_in_england"].tolist()
    assert found.drop(columns="need_class").equals(own.drop(columns="need_class")), "score and rank are the same"
    counts = pd.crosstab(both["need_here"], both["need_in_england"])
    assert (counts.loc["high", "middle"], counts.loc["high"].sum()) == (21, 30), "as docs/methods.md says"


def test_the_class_in_england_is_that_of_a_count():
    """A neighbourhood has high need if a third of England's or fewer have a higher score: counted one by one."""
    areas, figures = Place.open(ISLAND).areas().iloc[:5], read_figures()
    table = figures.assign(residents=1.0, born_outside_uk=figures["born_outside_uk_share"])
    scores = england().need(table)["england_score"].to_numpy()
    ours = england().need(areas)
    for score, said in zip(ours["england_score"], ours["england_class"], strict=True):
        part = (scores < score - 1e-9).sum() / len(scores)
        assert said == ("low" if part < 1 / 3 else "middle" if part < 2 / 3 else "high")


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (("high", "middle"), "high here, middle in England"), (("low", "low"), "low here and in England"),
        ((np.nan, np.nan), "not known here and in England"),
    ],
)  # fmt: skip
def test_in_words(pair, said):
    assert both_said(*pair) == said


def test_other_thirds_are_refused():
    with pytest.raises(RequestError, match="no thirds of 'wales'; there are authority, england"):
        Question(thirds="wales")
