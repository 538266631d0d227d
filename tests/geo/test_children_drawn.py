"""Where children live, drawn at random: against the spread that a binomial has, and what must hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.children_drawn import children_drawn


def table(beyond, known=40.0, **columns):
    beyond = np.asarray(beyond, float)
    rank = (-beyond).argsort().argsort() + 1.0
    plain = {
        "under5_known": known,
        "under5_beyond": beyond,
        "gap_rank": rank,
        "minutes_median": 20.0,
        "need_score": 50.0,
    }
    return pd.DataFrame(plain | columns)


def test_as_wide_as_a_binomial():
    shares = np.linspace(0.1, 0.9, 100)
    found = children_drawn(table(40 * shares), draws=4_000)
    spread = np.sqrt((40 * shares * (1 - shares)).sum())
    low, high = found.beyond
    assert (low + high) / 2 == pytest.approx(2000, abs=3)
    assert (high - low) / (2 * 1.96) == pytest.approx(spread, rel=0.05)


def test_ranks_are_apart_where_nothing_hangs_on_it():
    """All or none beyond: nothing to draw. An area half beyond may stand on either side of its like."""
    found = children_drawn(table([40, 20, 21, 0]), draws=400).ranks
    assert found.loc[[0, 3]].to_numpy().tolist() == [[1, 1], [4, 4]]
    assert found.loc[[1, 2]].to_numpy().tolist() == [[2, 3], [2, 3]]


def test_what_is_not_known_stays_so():
    """An area without a count keeps its rank's place; one without streets has none."""
    found = children_drawn(table([40, np.nan, 20], under5_known=[40, 0, 40], gap_rank=[1, np.nan, 2])).ranks
    assert found["low"].isna().tolist() == [False, True, False]
    nothing = children_drawn(table([np.nan, np.nan], gap_rank=[1, 2]))
    assert np.isnan(nothing.beyond).all()
    assert nothing.ranks["low"].tolist() == nothing.ranks["high"].tolist() == [1, 2]


def test_the_same_again():
    asked = table(np.linspace(1, 39, 30))
    assert children_drawn(asked).ranks.equals(children_drawn(asked).ranks)
