"""How the order moves when need is weighed otherwise, on the bundled place: the words against its table."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from data.place import Place
from geo.children_drawn import children_drawn
from layers.answers.question import Question, answer
from layers.answers.weightings import overlap_said, rank_said, said, weightings_table
from tests.layers.conftest import ISLAND


def test_the_usual_weighting_gives_the_usual_rank_and_the_words_count_rows():
    found = answer(Place.open(ISLAND), Question(day=date(2026, 12, 1)))
    table = weightings_table(found, children_drawn(found.gaps, draws=20))
    assert table["rank_alike"].tolist() == table["gap_rank"].tolist() == sorted(table["gap_rank"])
    for name in ("alike", "once", "deprivation", "abroad"):
        assert sorted(table[f"rank_{name}"]) == sorted(table["gap_rank"]), "each is an order of all areas"
    stay = sum(
        row.max() <= 10 for row in table.filter(like="rank_").filter(regex="alike|once|dep|abroad").to_numpy()[:10]
    )
    words = said(table, found)
    assert words[0].startswith(f"Of the 10 neighbourhoods that come first, {stay} stay among the first 10")
    assert "(0.83; 1 is the same order)" in words[2]
    code = table.index[8]
    assert rank_said(table, code)[0][1] == f"{table['weighed_low'][code]:.0f} to {table['weighed_high'][code]:.0f}"
    assert rank_said(table, "E01000001") == []


@pytest.mark.parametrize(
    ("value", "words"), [(0.93, "in nearly the same order"), (0.6, "in much the same order"), (0.1, "different things")]
)
def test_overlap_in_words(value, words):
    assert words in overlap_said(value)
    assert overlap_said(np.nan).startswith("Under-fives count twice")
