"""The same walk for different families: groups that add up to the whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.access import reach_from
from geo.gaps import gaps
from geo.groups import GROUPINGS, by_group, groups_of
from geo.homes import Homes
from geo.whole import whole
from tests.geo.rows import area_table, home_table

CODES = [f"E0100000{i}" for i in range(1, 7)]


def walk_of(*minutes):
    """A table of walks: minutes, or why there are none."""
    found = [one if isinstance(one, str) else "yes" for one in minutes]
    return pd.DataFrame(
        {"minutes": [np.nan if isinstance(one, str) else float(one) for one in minutes], "reached": found}
    )


class TestWhichGroup:
    """Fifths of England by deprivation; thirds of the authority by residents born abroad."""

    def test_two_tenths_are_a_fifth(self):
        areas = area_table(CODES, imd_decile=[1.0, 2, 3, 9, 10, np.nan])
        assert groups_of(areas)["deprivation"].fillna("-").tolist() == [
            "1 most deprived", "1 most deprived", "2", "5 least deprived", "5 least deprived", "-",
        ]  # fmt: skip

    def test_thirds_by_the_share_born_abroad(self):
        areas = area_table(CODES, born_outside_uk=[10.0, 500, 20, 400, 200, 100])
        found = groups_of(areas)
        assert found["abroad"].tolist() == ["low", "high", "low", "high", "middle", "middle"]
        assert found["everyone"].tolist() == ["everyone"] * 6


class TestByHand:
    """Two areas, one of the most deprived fifth, one of the least; five homes."""

    @pytest.fixture
    def areas(self):
        return area_table(CODES[:2], imd_decile=[1.0, 10.0], born_outside_uk=[500.0, 10.0])

    @pytest.fixture
    def homes(self):
        children = {"a": 6, "b": 3, "c": 1, "d": 8, "e": 2}
        return home_table({n: ((0, 0), count) for n, count in children.items()}, [CODES[0]] * 3 + [CODES[1]] * 2)

    def group(self, areas, homes, **walks):
        return by_group(areas, homes, Homes.of(areas, homes), walks, minutes=15)

    def test_beyond_and_median(self, areas, homes):
        found = self.group(areas, homes, now=walk_of(5, 16, "no_route", 15, 40))
        poor, rich = found.loc[("deprivation", "1 most deprived")], found.loc[("deprivation", "5 least deprived")]
        # six of ten within; three at 16 and one with no way beyond. Half of ten is reached at 5
        assert poor[["areas", "under5", "beyond_now", "median_now"]].tolist() == [1, 10, 4, 5]
        assert poor["mean_now"] == (6 * 5 + 3 * 16) / 9  # of those with a way
        assert rich[["areas", "under5", "beyond_now", "median_now"]].tolist() == [1, 10, 2, 15]  # 15 is within
        everyone = found.loc[("everyone", "everyone")]
        assert everyone[["areas", "under5", "beyond_now", "median_now"]].tolist() == [2, 20, 6, 15]
        empty = found.loc[("deprivation", "3")]
        assert empty["areas"] == 0
        assert empty[["under5", "beyond_now", "median_now"]].isna().all()  # nobody is not "none beyond"

    def test_two_walks_of_the_same_homes(self, areas, homes):
        found = self.group(areas, homes, before=walk_of(5, 16, 20, 15, 40), after=walk_of(5, 6, 20, 15.1, 40))
        assert found.loc[("everyone", "everyone"), ["beyond_before", "beyond_after"]].tolist() == [6, 11]

    def test_the_median_is_missing_if_half_have_no_way(self, areas, homes):
        found = self.group(areas, homes, now=walk_of("no_route", 5, 6, 1, 2))
        assert np.isnan(found.loc[("deprivation", "1 most deprived"), "median_now"])
        assert found.loc[("everyone", "everyone"), "median_now"] == 2

    def test_homes_that_no_sum_is_made_of(self, areas, homes):
        # four of ten without streets: the other six count. Eight of ten: none of that area does, as in geo.gaps
        found = self.group(areas, homes, now=walk_of(20, "off_network", "off_network", "off_network", 40))
        assert found.loc[("deprivation", "1 most deprived"), ["under5", "beyond_now"]].tolist() == [6, 6]
        assert found.loc[("deprivation", "5 least deprived"), ["under5", "beyond_now"]].isna().all()
        assert found.loc[("everyone", "everyone"), ["under5", "beyond_now"]].tolist() == [6, 6]

    def test_under_fives_not_known(self, areas, homes):
        found = self.group(areas, homes.assign(under5=np.nan), now=walk_of(20, 20, 20, 20, 20))
        assert found.drop(columns="areas").isna().all(axis=None)
        some = self.group(areas, homes.assign(under5=[6, np.nan, np.nan, 8, 2]), now=walk_of(20, 20, 20, 1, 20))
        assert some.loc[("everyone", "everyone"), ["under5", "beyond_now"]].tolist() == [16, 8]
        assert some.loc[("deprivation", "1 most deprived"), "beyond_now"] == 6

    def test_a_walk_of_nought_children_has_no_median(self, areas, homes):
        found = self.group(areas, homes.assign(under5=0.0), now=walk_of(20, 20, 20, 20, 20))
        assert found.loc[("everyone", "everyone"), ["under5", "beyond_now"]].tolist() == [0, 0]
        assert np.isnan(found.loc[("everyone", "everyone"), "median_now"])


_home = st.tuples(
    st.integers(0, 5), st.integers(0, 9), st.sampled_from([1.0, 14.0, 15.0, 16.0, "no_route", "off_network"])
)


@given(rows=st.lists(_home, min_size=1, max_size=30), deciles=st.permutations([1.0, 2.0, 4.0, 5.0, 8.0, 9.0]))
def test_groups_add_up_to_the_whole(rows, deciles):
    areas = area_table(CODES, imd_decile=deciles, born_outside_uk=[10.0, 500, 20, 400, 200, 100])
    homes = home_table({str(i): ((0, 0), row[1]) for i, row in enumerate(rows)}, [CODES[row[0]] for row in rows])
    found = by_group(areas, homes, Homes.of(areas, homes), {"now": walk_of(*(row[2] for row in rows))}, minutes=15)
    assert list(found.index) == [(grouping, group) for grouping, groups in GROUPINGS.items() for group in groups]
    every = found.loc[("everyone", "everyone")]
    for grouping in ("deprivation", "abroad"):
        part = found.loc[grouping]
        assert part["areas"].sum() == 6
        for column in ("under5", "beyond_now"):
            assert part[column].sum() == pytest.approx(np.nan_to_num(every[column]))
    assert (found["beyond_now"].dropna() <= found["under5"].dropna()).all()


def test_on_the_island_the_groups_are_the_areas_sums(island_by_buggy, island_centres):
    on = island_by_buggy
    reach = reach_from(on.network, on.snaps, on.origins["area_code"], island_centres)
    table = gaps(on.areas, on.origins, reach, homes=on.homes)
    found = by_group(on.areas, on.origins, on.homes, {"now": reach}, minutes=15)
    for grouping, group in groups_of(on.areas).items():
        beyond = table["under5_beyond"].groupby(group.to_numpy()).sum()
        for name, row in found.loc[grouping].iterrows():
            assert np.nan_to_num(row["beyond_now"]) == whole(beyond.get(name, 0.0)), name
            assert row["areas"] == (group == name).sum()
    assert found.loc[("everyone", "everyone"), "beyond_now"] == whole(table["under5_beyond"].sum())
