"""The need score, worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.errors import RequestError
from geo.need import PART_NAMES, NeedWeights, need, parts_there, standings, thirds


@pytest.fixture
def areas():
    return pd.DataFrame(
        {
            "imd_rank": [100.0, 20_000, 30_000],
            "idaci_rank": [30_000.0, 200, 20_000],
            "residents": [1000.0, 1000, 2000],
            "born_outside_uk": [100.0, 300, 100],
            "under5": [50.0, 40, 60],
        },
        index=pd.Index(["E01000001", "E01000002", "E01000003"], name="area_code"),
    )


def test_parts_are_the_standing_within_the_authority(areas):
    table = need(areas)
    assert table["need_imd"].tolist() == [
        100,
        50,
        0,
    ]  # rank 1 is the most deprived: the lowest rank stands highest
    assert table["need_idaci"].tolist() == [0, 100, 50]
    assert table["need_abroad"].tolist() == [50, 100, 0]  # shares 10 %, 30 %, 5 %: not the counts
    assert table["need_under5"].tolist() == [50, 0, 100]
    assert table["need_score"].tolist() == [50, 62.5, 37.5]
    assert table["need_class"].tolist() == ["middle", "high", "low"]


def test_weights_count_by_their_proportion(areas):
    table = need(areas, weights=NeedWeights(imd=3, idaci=0, abroad=1, under5=0))
    assert table["need_score"].tolist() == [87.5, 62.5, 0]
    again = need(areas, weights=NeedWeights(imd=6, idaci=0, abroad=2, under5=0))
    pd.testing.assert_frame_equal(table, again)


def test_a_missing_part_is_left_out_and_said_so_not_counted_as_zero(areas):
    areas.loc["E01000001", "under5"] = np.nan
    table = need(areas)
    assert np.isnan(table.loc["E01000001", "need_under5"])
    assert table.loc["E01000001", "need_score"] == pytest.approx((100 + 0 + 50) / 3)
    assert table["need_known"].tolist() == [0.75, 1, 1]


def test_further_parts_count_only_where_they_are_given_weight(areas):
    more = areas.assign(
        under2=[10.0, 30, 20], arrived_2y_share=[0.0, 0.01, np.nan], arrived_5y_share=[0.05, 0.01, 0.02],
        little_english_share=[0.002, 0.0, 0.03], no_adult_english_share=[0.01, 0.04, 0.02], births_abroad=[10.0, np.nan, 25],
    )  # fmt: skip
    table = need(more)
    pd.testing.assert_series_equal(table["need_score"], need(areas)["need_score"], check_exact=True)
    assert table["need_known"].tolist() == [1, 1, 1]
    assert table["need_under2"].tolist() == [0, 100, 50]  # numbers of children
    assert table["need_arrived5"].tolist() == [100, 0, 50]  # shares as they are
    only = NeedWeights(imd=0, idaci=0, abroad=0, under5=0, arrived2=1, language=1)
    assert need(more, weights=only)["need_score"].tolist() == [0, 100, 50]
    assert need(more, weights=only)["need_known"].tolist() == [1, 1, 0.5]
    assert need(areas, weights=only)["need_class"].isna().all()  # a place without these figures
    assert list(parts_there(areas)) == ["imd", "idaci", "abroad", "under5"]
    assert parts_there(more) == tuple(PART_NAMES)


def test_an_area_of_which_nothing_is_known_has_no_class(areas):
    areas.loc["E01000002"] = np.nan
    table = need(areas)
    assert np.isnan(table.loc["E01000002", "need_score"])
    assert table["need_class"].isna().tolist() == [False, True, False]


def test_an_area_without_residents_has_no_share(areas):
    areas.loc["E01000001", ["residents", "born_outside_uk"]] = 0.0
    assert np.isnan(need(areas).loc["E01000001", "need_abroad"])


def test_ties_share_their_standing_and_their_class():
    values = pd.Series([1.0, 2, 2, 3])
    assert standings(values.to_frame())[0].tolist() == [0, 50, 50, 100]
    assert thirds(values).tolist() == ["low", "middle", "middle", "high"]
    assert thirds(pd.Series([5.0, 5, 5])).tolist() == ["middle"] * 3


@pytest.mark.parametrize(
    "wrong", [{"imd": -1}, {"imd": 0, "idaci": 0, "abroad": 0, "under5": 0}, {"abroad": float("nan")}]
)
def test_weights_of_nonsense_are_refused(wrong):
    with pytest.raises(RequestError, match="need weights"):
        NeedWeights(**wrong)
