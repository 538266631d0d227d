"""Homes stand for their area: weights, sums, and the home that stands at a part of them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.homes import Homes, main_site, weighted_quantiles
from tests.geo.rows import area_table, home_table

CODES = ["E01000001", "E01000002", "E01000003"]


def homes_of(weights, area):
    codes = pd.Index([f"E0{i}" for i in range(max(area, default=0) + 1)])
    basis = pd.Series("under5", index=codes, dtype="str")
    return Homes(codes, np.array(area, np.int64), np.array(weights, float), basis)


class TestWeights:
    """Under-fives, else residents, else alike: decided for each area by itself."""

    def test_each_area_has_its_own_basis(self):
        homes = home_table(dict.fromkeys("abcdef", ((0, 0), 4)), [CODES[0]] * 2 + [CODES[1]] * 2 + [CODES[2]] * 2)
        homes["under5"] = [1, 3, np.nan, np.nan, np.nan, np.nan]
        homes["residents"] = [10, 10, 7, np.nan, np.nan, np.nan]
        found = Homes.of(area_table(CODES), homes)
        assert found.basis.tolist() == ["under5", "residents", "homes"]
        # one of which nothing is known weighs nothing beside one of which something is
        assert found.weight.tolist() == [1, 3, 7, 0, 1, 1]

    def test_an_area_without_children_is_weighed_by_its_residents(self):
        homes = home_table(dict.fromkeys("ab", ((0, 0), 0)), [CODES[0]] * 2).assign(residents=[2.0, 6.0])
        assert Homes.of(area_table(CODES[:1]), homes).weight.tolist() == [2, 6]

    def test_sums_are_missing_where_any_part_is_and_where_there_is_no_home(self):
        found = Homes.of(area_table(CODES), home_table(dict.fromkeys("abc", ((0, 0), 1)), [*CODES[:2], CODES[1]]))
        np.testing.assert_array_equal(found.total(np.array([1.0, 2.0, np.nan])), [1, np.nan, np.nan])

    def test_half_of_an_area_unknown_is_too_much_to_count_any_of_it(self):
        homes = homes_of([1, 1, 1, 2, 5], [0, 0, 1, 1, 2])
        known = np.array([True, False, False, True, True])
        assert homes.unknown_share(known).tolist() == pytest.approx([1 / 2, 1 / 3, 0])
        assert homes.counted(known).tolist() == [False, False, False, True, True]
        assert homes_of([0, 1], [0, 1]).counted(np.array([True, True])).tolist() == [False, True]


def at_part(values, weights, part):
    """The first value, in order, up to which this part of the weight is reached: in fractions, one after another."""
    whole, heap = sum(weights), Fraction(0)
    for value, weight in sorted(zip(values, weights, strict=True)):
        heap += weight
        if heap >= whole * part:
            return value
    return None


_homes = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from([0, 0, 1, 2, 5, 0.1, 0.7]), st.sampled_from([0.0, 1.0, 2.5, 2.5, 7.0, np.inf]), st.booleans()),
    min_size=1, max_size=14,
)  # fmt: skip


@given(rows=_homes, part=st.sampled_from([Fraction(1, 2), Fraction(9, 10), Fraction(1)]))
def test_quantiles_against_a_count_in_fractions(rows, part):
    area, weights, values, known = (list(column) for column in zip(*rows, strict=True))
    homes = homes_of(weights, area)
    found = homes.quantiles(np.array(values), (float(part),), known=np.array(known))[:, 0]
    for number in range(len(homes.areas)):
        mine = [i for i in range(len(rows)) if area[i] == number and known[i] and weights[i] > 0]
        exact = [Fraction(str(weights[i])) for i in mine]
        if not mine:
            assert found[number] == -1
            continue
        assert found[number] in mine
        assert values[found[number]] == at_part([values[i] for i in mine], exact, part)
    mine = [i for i in range(len(rows)) if weights[i] > 0 and known[i]]
    alone = weighted_quantiles(np.array(values), np.where(known, weights, 0.0), (float(part),))
    if mine:
        assert alone[0] == at_part([values[i] for i in mine], [Fraction(str(weights[i])) for i in mine], part)
    else:
        assert np.isnan(alone[0])


def test_a_part_that_is_met_exactly_is_met_whatever_floats_make_of_the_sum():
    six = np.full(6, 0.7)  # three of them add up to a hair less than half of six
    assert np.cumsum(six)[2] < np.cumsum(six)[5] / 2
    assert weighted_quantiles(np.arange(6.0), six, (0.5,)).tolist() == [2]
    assert homes_of(six, [0] * 6).quantiles(np.arange(6.0), (0.5,), known=np.ones(6, bool)).tolist() == [[2]]


def test_values_that_are_not_known_have_no_part_in_a_quantile():
    assert weighted_quantiles(np.array([np.nan, 3.0, 9.0]), np.array([100.0, 1.0, 1.0]), (0.5, 0.9)).tolist() == [3, 9]
    assert np.isnan(weighted_quantiles(np.array([np.nan]), np.ones(1), (0.5,))).all()
    assert np.isnan(weighted_quantiles(np.array([]), np.array([]), (0.5, 0.9))).tolist() == [True, True]


class TestMainSite:
    """The site that most of an area's weight has as its own."""

    def test_most_weight_not_most_homes(self):
        homes = homes_of([1, 1, 3, 2], [0, 0, 0, 1])
        sites = pd.Series(["x", "x", "y", None], dtype="str")
        found = main_site(homes, sites)
        assert found.iloc[0] == "y"
        assert pd.isna(found.iloc[1])

    def test_of_equal_weights_the_first_id_whatever_comes_first(self):
        homes = homes_of([1, 1], [0, 0])
        assert main_site(homes, pd.Series(["b", "a"], dtype="str")).tolist() == ["a"]
        assert main_site(homes, pd.Series(["a", "b"], dtype="str")).tolist() == ["a"]

    def test_none_has_any(self):
        found = main_site(homes_of([1, 1], [0, 1]), pd.Series([None, None], dtype="str"))
        assert found.isna().all()
        assert list(found.index) == ["E00", "E01"]
