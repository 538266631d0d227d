"""What a report says beyond the walk: what cannot be told is said in a sentence, and nothing is looked for."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from geo.changes import CloseSite
from layers.answers.question import Question
from layers.reports.content import weighed
from layers.reports.content.weighed import Weighed


@pytest.mark.parametrize(
    ("question", "said"),
    [(Question(profile="adult"), "walks with a pram"), (Question(changes=(CloseSite("1"),)), "not in a scenario")],
)
def test_barriers_are_looked_for_with_a_pram_on_the_streets_as_they_are(question, said):
    assert said in Weighed(None, SimpleNamespace(question=question), None).fixes


def test_each_is_found_once_and_only_if_it_is_wanted(monkeypatch):
    asked = []
    monkeypatch.setattr(weighed, "all_fixes", lambda *_: asked.append(1) or "fixes")
    one = Weighed(None, SimpleNamespace(question=Question()), None)
    assert asked == []
    assert (one.fixes, one.fixes) == ("fixes", "fixes")
    assert asked == [1]


def test_without_children_it_says_so():
    asked = SimpleNamespace(question=Question(), ground=SimpleNamespace(counted_children=np.array([np.nan])))
    assert Weighed(SimpleNamespace(folder="x"), asked, None).fixes == "Under-fives or their walks are not known here."
