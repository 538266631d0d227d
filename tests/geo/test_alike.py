"""The areas with the most similar need: by hand, and against a tree of points."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.spatial import cKDTree

from geo.alike import PARTS, medians, most_alike
from geo.need import NeedWeights

ONE = NeedWeights(imd=3, idaci=0, abroad=1, under5=0)


def needs(rows):
    """Standings of deprivation and of residents born abroad, by area."""
    table = pd.DataFrame(np.nan, index=list(rows), columns=list(PARTS))
    table[["need_imd", "need_abroad"]] = list(rows.values())
    return table


def test_by_hand():
    found = most_alike(needs({"A": (50, 50), "B": (50, 58), "C": (40, 50), "D": (50, np.nan)}), "A", weights=ONE)
    assert found.to_dict() == {"B": pytest.approx(4.0), "C": pytest.approx(np.sqrt(0.75 * 100))}, "D lacks a part"


def test_as_another_program_finds_them():
    rng = np.random.default_rng(3)
    parts = rng.uniform(0, 100, (60, 2))
    table = needs({f"{row:02}": values for row, values in enumerate(parts)})
    scaled = parts * np.sqrt([0.75, 0.25])
    far, which = cKDTree(scaled).query(scaled[0], 11)
    found = most_alike(table, "00", weights=ONE)
    assert found.index.tolist() == [f"{row:02}" for row in which[1:]]
    np.testing.assert_allclose(found, far[1:])


def test_nothing_is_like_an_area_of_unknown_need():
    assert most_alike(needs({"A": (np.nan, np.nan), "B": (1, 1)}), "A", weights=ONE).empty
    assert most_alike(needs({"A": (1, 1)}), "A", weights=ONE).empty


def test_a_walk_that_most_have_no_way_for_is_the_longest():
    table = pd.DataFrame({"minutes_median": [10.0, np.nan, 30], "no_route": [False, True, False]})
    assert medians(table, ["minutes_median"]).tolist() == [30]
