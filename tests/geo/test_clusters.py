"""Clusters, against every possible draw, and what must hold of them."""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import affinity, box

from geo.clusters import clusters, false_discovery, neighbours_of


def squares(columns, rows):
    return gpd.GeoSeries([box(x, y, x + 1, y + 1) for y in range(rows) for x in range(columns)]).scale(
        100, 100, origin=(0, 0)
    )


def beside(neighbours, area):
    return set(neighbours.neighbour[neighbours.offset[area] : neighbours.offset[area + 1]].tolist())


class TestNeighbours:
    def test_a_border_or_a_corner_however_it_is_rounded(self):
        grid = squares(3, 3)
        grid[4] = affinity.scale(grid[4], 0.999, 0.999)
        found = neighbours_of(grid)
        assert beside(found, 4) == {0, 1, 2, 3, 5, 6, 7, 8}
        assert beside(found, 0) == {1, 3, 4}
        assert not found.joined.any()

    def test_an_island_is_set_beside_the_nearest(self):
        grid = pd.concat([squares(2, 1), gpd.GeoSeries([box(900, 0, 950, 50)])], ignore_index=True)
        found = neighbours_of(grid)
        assert [beside(found, area) for area in range(3)] == [{1}, {0, 2}, {1}]
        assert found.joined.tolist() == [False, False, True]


class TestMeasures:
    def test_p_against_every_draw(self):
        grid = neighbours_of(squares(3, 3))
        values = pd.Series(np.random.default_rng(4).gamma(2, 1, 9))
        found = clusters(values, grid, permutations=20_000)
        z = ((values - values.mean()) / values.std(ddof=0)).to_numpy()
        for area in range(9):
            around = beside(grid, area)
            drawn = np.array([sum(one) for one in combinations(np.delete(z, area), len(around))])
            seen = sum(z[list(around)])
            exact = 2 * min((drawn >= seen - 1e-9).mean(), (drawn <= seen + 1e-9).mean())
            assert found.loc[area, "p"] == pytest.approx(min(1, exact), abs=0.03)

    def test_both_by_their_definitions(self):
        grid = neighbours_of(squares(4, 3))
        x = np.random.default_rng(5).gamma(2, 1, 12)
        found = clusters(pd.Series(x), grid, permutations=9)
        mean, spread = x.mean(), x.std()
        for area in range(12):
            around = list(beside(grid, area))
            both = [*around, area]
            moran = (x[area] - mean) / spread**2 * (x[around] - mean).mean()
            w = len(both)
            gi_star = (x[both].sum() - mean * w) / (spread * np.sqrt((12 * w - w**2) / 11))
            assert found.loc[area, ["moran", "gi_star"]].tolist() == pytest.approx([moran, gi_star])

    def test_a_block_is_one_run_and_the_same_again_whatever_the_order(self):
        outlines = squares(12, 12)
        at = np.arange(144)
        values = pd.Series(
            np.where((at % 12 < 4) & (at // 12 < 4), 30.0, 10.0) + np.random.default_rng(6).normal(0, 1, 144)
        )
        found = clusters(values, neighbours_of(outlines), permutations=9_999)
        first = found[found["run"] == 1]
        assert set(first["kind"]) == {"high among high"}
        assert set(first.index) <= {x + 12 * y for x in range(5) for y in range(5)}
        assert len(first) > 8
        assert found.equals(clusters(values, neighbours_of(outlines), permutations=9_999))
        turned = clusters(values[::-1], neighbours_of(outlines[::-1]), permutations=9_999).loc[found.index]
        assert turned[["moran", "gi_star"]].to_numpy() == pytest.approx(found[["moran", "gi_star"]].to_numpy())

    def test_where_all_are_alike_there_is_nothing(self):
        found = clusters(pd.Series(np.ones(9)), neighbours_of(squares(3, 3)))
        assert not found["clear"].any()
        assert found["p"].isna().all()


def test_false_discoveries():
    """Of p at 0.01, 0.02, 0.03, 0.04 and 0.2 the first four stand: the fourth is no more than 4/5 of 0.05."""
    assert false_discovery(np.array([0.2, 0.04, 0.01, 0.03, 0.02])).tolist() == [False, True, True, True, True]
    assert not false_discovery(np.array([0.2, 0.03])).any()
