"""By what an answer is kept: whatever makes another answer makes another key."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import get_args

import pytest

from data.place import SAMPLE, Place
from geo.changes import (
    AddCrossing,
    AddSite,
    BlockWay,
    Change,
    ChangeOpening,
    CloseSite,
    DowngradeSite,
    MendWay,
    MoveSite,
    OpenSite,
    WayChange,
)  # fmt: skip
from geo.need import NeedWeights
from layers import cache
from layers.answers.question import Question
from layers.cache import keys
from layers.reports.request import ReportRequest

DAY = date(2026, 6, 1)
ASKED = Question(day=DAY)
CHANGES = (
    CloseSite("23410"),
    OpenSite("23410"),
    DowngradeSite("23410"),
    ChangeOpening("23410", DAY),
    AddSite("new-1", 450_000, 90_000, "Hall"),
    MoveSite("new-1", 450_000, 90_000),
)
WAYS = (
    BlockWay("b1", "Gate", "everyone", ((450_000, 90_000),)),
    BlockWay("b1", "Gate", "prams", ((450_000, 90_000),)),
    AddCrossing("b1", "Gate", ((450_000, 90_000), (450_010, 90_000))),
    MendWay("b1", "Gate", ((450_000, 90_000), (450_010, 90_000))),
)


@keys.resource(max_entries=200)
def kept(*asked):
    """What is kept for a key: the values that it was first asked with."""
    return asked


@pytest.mark.parametrize(
    "values",
    [
        [(one,) for one in (*CHANGES, *WAYS)],
        [((one,),) for one in (*CHANGES, *WAYS)],
        [(replace(ASKED, changes=(one,)),) for one in (*CHANGES, *WAYS)],
        [(ReportRequest(question=replace(ASKED, changes=(one,))),) for one in (*CHANGES, *WAYS)],
        [(replace(ASKED, weights=one),) for one in (NeedWeights(), NeedWeights(imd=2.0))],
        [(ASKED,), (replace(ASKED, minutes=20.0),), (replace(ASKED, profile="adult"),), (replace(ASKED, community=1),)],
    ],
    ids=["a change", "changes", "a question's changes", "a report's changes", "a question's weights", "questions"],
)
def test_two_that_differ_never_share_a_key(values):
    for one, other in combinations(values, 2):
        assert kept(*one) == one
        assert kept(*other) == other


def test_the_same_is_kept():
    assert kept(replace(ASKED, changes=CHANGES)) is kept(replace(ASKED, changes=CHANGES))


def test_a_place_that_was_built_again_is_another():
    place = Place.open(SAMPLE / "isle_of_wight")
    again = replace(place, card=replace(place.card, tables=place.card.tables | {"areas.parquet": "0" * 64}))
    assert kept(place) is kept(Place.open(place.folder))
    assert kept(again) is not kept(place)


@pytest.mark.parametrize("kind", [lambda question: question, lambda question: ReportRequest(question=question)])
def test_a_revision_is_of_its_own_store(monkeypatch, kind):
    official, with_marks = kind(ASKED), kind(replace(ASKED, community=1))
    here = {asked: kept(asked) for asked in (official, with_marks)}
    monkeypatch.setenv("PRAMSHED_MARKS_URL", "sqlite:///another.sqlite")
    assert kept(with_marks) is not here[with_marks]
    assert kept(official) is here[official], "what no mark counts in is the same whichever store is open"
    assert cache.marks.state(1).url == "sqlite:///another.sqlite"


def test_every_kind_of_value_has_its_key():
    """Streamlit would take a dataclass of ours that is not listed by its fields, and lose what is within it."""
    modules = [getattr(cache, name) for name in cache.__all__]
    functions = [one for module in modules for one in vars(module).values() if callable(one) and hasattr(one, "clear")]
    assert len(functions) > 20
    said = {
        word
        for function in functions
        for name, hint in inspect.get_annotations(inspect.unwrap(function)).items()
        if name != "return"
        for word in re.findall(r"\b[A-Z]\w+", str(hint))
    }
    plain = {"None", "State", "Retention", "Sought", "Timestamp"}  # of numbers and texts alone
    assert said - plain - {"Change", "WayChange"} <= {kind.__name__ for kind in keys.KEYS}
    assert {*get_args(Change), *get_args(WayChange)} <= set(keys.KEYS)
