"""Ranks under several weightings of need: by hand, and what must hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.need import PART_NAMES, NeedWeights
from geo.weightings import WEIGHTINGS, overlap, ranks_under, weightings_with


def table(beyond, **parts):
    """Areas with so many under-fives beyond, all at the same walk; parts of need by name, the others not known."""
    rows = len(beyond)
    columns = {f"need_{name}": parts.get(name, [np.nan] * rows) for name in PART_NAMES}
    plain = {"under5_beyond": beyond, "within_share": 0.0, "minutes_median": 20.0, "gap_rank": np.arange(1.0, rows + 1)}
    return pd.DataFrame(plain | columns)


AREAS = pd.DataFrame({"under5": [10.0, 20, 30], "residents": [100.0, 200, 300]})


def test_by_hand():
    found = table(
        [10.0, 20, 30], imd=[100.0, 50, 0], idaci=[100.0, 50, 0], abroad=[0.0, 50, 100], under5=[0.0, 50, 100]
    )
    ranks = ranks_under(AREAS, found)
    # gaps alike: 10, 20, 30 times 50; once: the same; deprivation: 10 x 100, 20 x 50, 30 x 0; the first two walk alike
    assert ranks["alike"].tolist() == ranks["once"].tolist() == [3, 2, 1]
    assert ranks["deprivation"].tolist() == [1, 2, 3]
    assert ranks["abroad"].tolist() == [3, 2, 1]
    assert ranks[["low", "high"]].to_numpy().tolist() == [[1, 3], [2, 2], [1, 3]]


def test_an_area_without_streets_has_no_rank():
    found = table([10.0, np.nan, 30], imd=[100.0, 50, 0]).assign(gap_rank=[1.0, np.nan, 2.0])
    ranks = ranks_under(AREAS, found)
    assert ranks.loc[1].isna().all()
    assert ranks.loc[[0, 2], "deprivation"].tolist() == [1, 2]


def test_weights_of_ones_own_come_beside():
    assert weightings_with(NeedWeights(imd=2, idaci=2, abroad=2, under5=2)) == WEIGHTINGS, "only proportions matter"
    own = NeedWeights(imd=3)
    assert [one.weights for one in weightings_with(own)][len(WEIGHTINGS) :] == [own]


def test_overlap_is_spearmans():
    rng = np.random.default_rng(1)
    one, other = rng.permutation(40).astype(float), rng.permutation(40).astype(float)
    found = pd.DataFrame({"need_imd": one, "need_idaci": other})
    apart = ((one - other) ** 2).sum()  # no ties: 1 - 6 sum d^2 / (n (n^2 - 1))
    assert overlap(found) == pytest.approx(1 - 6 * apart / (40 * (40**2 - 1)))
    assert np.isnan(overlap(found.assign(need_idaci=np.nan)))
    assert np.isnan(overlap(found.assign(need_idaci=50.0)))
