"""Need by England's thirds: an area stands where it stands in England, wherever it is asked about."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.england.figures import read_figures
from geo.need import NEED_CLASSES, NeedWeights, need
from geo.need_in_england import England


def areas(rank, share=(0.1,), under5=(50.0,), idaci=None):
    rank, share, under5 = np.broadcast_arrays(np.asarray(rank, float), share, under5)
    return pd.DataFrame(
        {"imd_rank": rank, "idaci_rank": rank if idaci is None else idaci, "residents": 1000.0,
         "born_outside_uk": share * 1000, "born_outside_uk_share": share, "under5": under5}
    )  # fmt: skip


NINE = areas(np.arange(1, 10), np.linspace(0.9, 0.1, 9).round(1), np.linspace(90, 10, 9))


class TestByHand:
    def test_of_its_own_neighbourhoods_it_says_what_the_need_score_says(self):
        found, own = England.of(NINE).need(NINE), need(NINE)
        np.testing.assert_allclose(found["england_score"], own["need_score"])
        assert (
            found["england_class"].tolist() == own["need_class"].tolist() == ["high"] * 3 + ["middle"] * 3 + ["low"] * 3
        )

    def test_a_place_of_deprived_neighbourhoods_is_all_high(self):
        found = England.of(NINE).need(NINE.iloc[:3])
        assert set(found["england_class"]) == {"high"}
        assert set(need(NINE.iloc[:3])["need_class"]) == set(NEED_CLASSES)

    def test_a_figure_that_no_neighbourhood_has_stands_between(self):
        one = England.of(NINE).need(areas([4.5]), weights=NeedWeights(imd=1, idaci=0, abroad=0, under5=0))
        assert one["england_score"].tolist() == [pytest.approx(62.5)]  # five of eight steps: four have more need
        far = England.of(NINE).need(areas([99]), weights=NeedWeights(imd=1, idaci=0, abroad=0, under5=0))
        assert far["england_score"].tolist() == [0]

    def test_missing_parts_are_passed_over(self):
        some = NINE.assign(under5=np.nan, born_outside_uk=np.nan)
        assert England.of(NINE).need(some)["england_score"].tolist() == pytest.approx(list(np.linspace(100, 0, 9)))
        none = some.assign(imd_rank=np.nan, idaci_rank=np.nan)
        found = England.of(NINE).need(none)
        assert found.isna().all(axis=None)


def test_thirds_of_england_are_thirds():
    table = read_figures()
    england = England.of(table)
    assert len(england) == len(table) == 33_755
    for weights in (NeedWeights(), NeedWeights(imd=0, idaci=0, abroad=3, under5=1)):
        own = table.assign(residents=1000.0, born_outside_uk=table["born_outside_uk_share"] * 1000)
        counted = england.need(own, weights=weights)["england_class"].value_counts(normalize=True)
        assert counted.tolist() == pytest.approx([1 / 3] * 3, abs=0.002)


def test_the_bundled_table_is_that_of_the_official_files(real):
    from data.england.recipe import england

    made = england(real / "england")
    made["born_outside_uk_share"] = made.pop("born_outside_uk_per_1000") / 1000
    pd.testing.assert_frame_equal(made.astype(float), read_figures(), check_like=True)
