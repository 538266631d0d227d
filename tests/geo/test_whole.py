"""Whole people: rounded once, differences of what is shown, parts that add up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.whole import fewer, more, parts, shown, whole

counts = st.floats(0, 1e5, allow_nan=False)


def test_a_count_is_rounded_the_same_in_whatever_order_its_sum_was_made():
    assert whole(137.5) == whole(137.49999999999) == whole(0.1 + 137.4) == 138
    assert np.isnan(whole(float("nan")))
    assert whole(pd.Series([0.4, np.nan, 2.6])).equals(pd.Series([0.0, np.nan, 3.0]))
    assert (shown(4008.43), shown(float("nan"))) == ("4,008", "not known")


@pytest.mark.parametrize(("before", "change", "shown"), [(4008.43, 1055.20, 1056), (4008.43, 0, 0), (3.4, 0.2, 1)])
def test_a_change_is_the_difference_of_what_is_shown(before, change, shown):
    assert more(before, change) == whole(before + change) - whole(before) == shown
    assert fewer(before + change, change) == shown


@given(st.lists(counts, min_size=1, max_size=9), st.integers(-1, 1))
def test_parts_add_up_to_their_total(values, off):
    exact = pd.Series(values)
    total = max(float(whole(exact.sum())) + off, 0) if whole(exact.sum()) and exact.round(6).gt(0).any() else 0
    shown = parts(exact, total)
    if exact.round(6).gt(0).any():
        assert shown.sum() == total
    assert (shown[exact == 0] == 0).all()
    assert ((shown - exact).abs() <= 2).all()
    assert (shown >= 0).all()


def test_the_greatest_remainders_are_rounded_up_and_what_is_missing_stays_so():
    exact = pd.Series([403.73, 306.35, 137.25, 116.59, np.nan, 91.28], index=list("abcdef"))
    assert parts(exact, 1056).dropna().to_list() == [404, 307, 137, 117, 91]
    assert parts(exact, 1056).isna().to_list() == [False] * 4 + [True, False]
