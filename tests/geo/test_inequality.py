"""Inequality of walks, against SciPy and sums by hand; and what must hold of any such measure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from geo.inequality import Families, between_ends, inequality, ranks, shortfall

MEASURES = ["mean", "slope", "relative_slope", "concentration", "gini", "least_deprived", "most_deprived", "difference"]


@pytest.fixture(scope="module")
def town():
    """Minutes of 300 homes in 20 areas, each with a whole number of children; the more deprived walk less."""
    random = np.random.default_rng(3)
    area = np.sort(random.integers(0, 20, 300))
    families = Families(
        area=area, children=random.integers(0, 6, 300).astype(float), deprivation=random.permutation(20)[area] * 2.5
    )
    return random.gamma(4, 5, 300) + 30 - 0.4 * families.deprivation, families


def children_of(minutes, families):
    """One row a child: minutes, and the middle of the ranks of all who are as deprived, from 0 to 1."""
    number = families.children.astype(int)
    deprivation = np.repeat(families.deprivation, number)
    return np.repeat(minutes, number), (stats.rankdata(deprivation) - 0.5) / len(deprivation)


class TestByHand:
    def test_slope_and_concentration_of_every_child(self, town):
        value, rank = children_of(*town)
        found = inequality(*town, bounds=(0, 100), draws=0).table["value"]
        slope = stats.linregress(rank, value).slope
        concentration = 2 * np.cov(value, rank, ddof=0)[0, 1] / value.mean()
        assert found["mean"] == pytest.approx(value.mean())
        assert found["slope"] == pytest.approx(slope)
        assert found["relative_slope"] == pytest.approx(slope / value.mean())
        assert found["concentration"] == pytest.approx(concentration)
        assert found["erreygers"] == pytest.approx(4 * value.mean() * concentration / 100)
        assert found["mean"] * found["concentration"] == pytest.approx(2 * slope * rank.var())  # an identity

    def test_ranks(self, town):
        minutes, families = town
        assert np.repeat(ranks(families), families.children.astype(int)) == pytest.approx(
            children_of(minutes, families)[1]
        )

    def test_how_the_walking_is_shared_out(self, town):
        found = inequality(*town, draws=0)
        value, _ = children_of(*town)
        lorenz = np.append(0, np.cumsum(np.sort(value)) / value.sum())
        shared = found.shared.set_index("families")
        assert shared["by_walk"].to_numpy() == pytest.approx(
            np.interp(shared.index, np.linspace(0, 1, len(lorenz)), lorenz)
        )
        assert shared["by_order"].to_numpy() == pytest.approx(
            np.interp(shared.index, found.curve["families"], found.curve["outcome"])
        )
        assert (shared["by_walk"] <= shared["by_order"] + 1e-12).all(), "no order has less before"

    def test_gini_is_half_the_mean_difference_of_two_children(self, town):
        value, _ = children_of(*town)
        apart = np.abs(value[:, None] - value).mean() / (2 * value.mean())
        assert inequality(*town, draws=0).table.at["gini", "value"] == pytest.approx(apart)

    def test_the_tenths_and_their_difference(self):
        families = Families(area=np.arange(4), children=np.array([5.0, 15, 70, 10]), deprivation=np.arange(4.0))
        found = inequality(np.array([40.0, 20, 15, 6]), families, draws=0)
        assert found.table["value"][MEASURES[-3:]].tolist() == pytest.approx([30, 6, -24])
        assert found.curve["families"].tolist() == pytest.approx([0, 0.05, 0.2, 0.9, 1])
        assert found.curve["outcome"].tolist() == pytest.approx(np.array([0, 200, 500, 1550, 1610]) / 1610)

    def test_the_difference_is_a_sum_over_homes(self, town):
        found = inequality(*town, draws=0).table.at["difference", "value"]
        assert (between_ends(town[1]) * town[0]).sum() == pytest.approx(found)

    def test_the_shortfall(self):
        found = shortfall(np.array([10.0, 30, 45, np.inf]), np.array([2.0, 1, 1, 9]), threshold=15)
        assert found == pytest.approx({0: 0.5, 1: (1 + 2) / 4, 2: (1 + 4) / 4})


class TestWhatMustHold:
    def test_equal_walks_are_equal(self, town):
        found = inequality(np.full(300, 12.0), town[1]).table
        equal = [name for name in MEASURES if name not in ("mean", "least_deprived", "most_deprived")]
        assert found.loc[equal].to_numpy() == pytest.approx(0, abs=1e-12)

    def test_it_scales_with_the_walk(self, town):
        one, two = (inequality(town[0] * times, town[1], draws=0).table["value"] for times in (1, 3))
        parts = ["relative_slope", "concentration", "gini"]
        assert two[parts].tolist() == pytest.approx(one[parts].tolist())
        assert two["slope"] == pytest.approx(3 * one["slope"])

    def test_areas_may_be_renumbered_or_split_in_two_alike(self, town):
        minutes, families = town
        other = replace(families, area=19 - families.area)
        twice = Families(
            area=np.append(families.area, families.area + 20),
            children=np.tile(families.children / 2, 2),
            deprivation=np.tile(families.deprivation, 2),
        )
        asked = inequality(minutes, families, draws=0).table["value"].tolist()
        for again in (inequality(minutes, other, draws=0), inequality(np.tile(minutes, 2), twice, draws=0)):
            assert again.table["value"].tolist() == pytest.approx(asked)

    def test_what_is_not_known_is_left_out_and_counted(self, town):
        minutes, families = town
        gone = np.where(np.arange(300) < 30, np.nan, minutes)
        found = inequality(gone, families, draws=0)
        kept = Families(area=families.area[30:], children=families.children[30:], deprivation=families.deprivation[30:])
        assert found.table.equals(inequality(minutes[30:], kept, draws=0).table)
        assert found.left_out == families.children[:30].sum()
        nothing = inequality(np.full(300, np.nan), families)
        assert nothing.table.isna().all(axis=None)
        assert (nothing.children, nothing.left_out) == (0, families.children.sum())

    def test_the_interval_is_the_same_again_and_holds_the_value(self, town):
        first, again = (inequality(*town, draws=60).table for _ in range(2))
        assert first.equals(again)
        assert ((first["low"] < first["value"]) & (first["value"] < first["high"])).all()
