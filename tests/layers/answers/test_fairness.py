"""How fairly the bundled place's walks fall, and what its closures did to that."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from data.place import SAMPLE, Place
from geo.errors import RequestError
from geo.profiles import profile_named
from layers.answers import fairness, ledger
from layers.answers.question import Question, answer, ground

DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def island():
    return Place.open(SAMPLE / "isle_of_wight")


@pytest.fixture(scope="module")
def on(island):
    return ground(island, profile_named("buggy"))


@pytest.fixture(scope="module")
def found(island, on):
    question = Question(day=DAY, counting="full")
    lost = ledger.answer_ledger(island, on, ledger.LedgerQuestion(day=DAY, counting="full"))
    return fairness.fairness(answer(island, question, on=on), closed=lost)


def rows(found, outcome, of="now"):
    table = found.table[(found.table["outcome"] == outcome) & (found.table["of"] == of)]
    return table.set_index("measure")["value"]


def test_the_slope_is_that_of_a_line_by_hand(island, on):
    """Of the share within 15 minutes of any listed site; independently worked out as +0.35."""
    asked = answer(island, Question(day=DAY), on=on)
    order = on.areas["imd_rank"].sort_values(ascending=False).index
    children = np.bincount(on.homes.area, on.counted_children, minlength=len(on.areas))
    near = on.counted_children * (asked.reach["minutes"].to_numpy(float) <= 15)
    share = np.bincount(on.homes.area, near, minlength=len(on.areas)) / children
    at = on.areas.index.get_indexer(order)
    rank = (np.cumsum(children[at]) - children[at] / 2) / children.sum()
    slope = np.polyfit(rank, share[at], 1, w=np.sqrt(children[at]))[0]
    assert rows(fairness.fairness(asked), "share within")["slope"] == pytest.approx(slope, abs=1e-4)
    assert slope == pytest.approx(0.35, abs=0.01)


def test_the_parts_of_the_closures_add_up_to_the_change(found):
    change = rows(found, "minutes", "after closures") - rows(found, "minutes", "before closures")
    parts = found.table.loc[found.table["measure"] == "difference, part of", "value"]
    assert len(parts) == 5
    assert parts.sum() == pytest.approx(change["difference"], abs=1e-3)


def test_what_is_said(found):
    assert found.said[0].startswith(
        "Families in the most deprived tenth walk about 39 minutes to a full children's centre"
    )
    assert found.said[0].endswith("Sites stand nearer to the most deprived.")
    assert found.said[-1].startswith(
        "Cowes Children's Centre hit families in the least deprived harder, by 45.4 minutes;"
    )


def test_an_order_that_is_none(on):
    with pytest.raises(RequestError, match="put in order by 'age'; there are imd, idaci, abroad"):
        fairness.families_of(on, "age")


def test_where_no_walk_is_known_nothing_is_said(island, on):
    with pytest.raises(RequestError, match="no walk to a children's centre is known here"):
        fairness.fairness(answer(island, Question(day=date(1990, 1, 1)), on=on))
