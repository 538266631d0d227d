"""What depends on each site: a street on paper, and every site of the island closed for real."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.access import nearest, reach_from
from geo.gaps import Walk, gaps
from geo.homes import Homes
from geo.single_closure import AWAY_CLASSES, depends_on, one_closure_away, without_main_site
from geo.whole import more, whole
from tests.geo.by_scipy import walks
from tests.geo.rows import area_table, home_table, site_table

STREET = {"highway": "residential"}
NODES = {"a": (0, 0), "b": (4000, 0), "c": (8000, 0), "x": (0, 5000), "y": (3000, 5000)}
WAYS = [(("a", "b", "c"), STREET), (("x", "y"), STREET)]
PACE = 4000 / 60
LIKE = {"rel": 4e-3, "abs": 0.02}  # the ground is 0.3 % shorter than the grid here


@pytest.fixture(scope="module")
def streets(town):
    return town(NODES, WAYS)


@pytest.fixture
def walked(streets):
    """The walk from some homes to some sites."""

    def walk(sites, homes, areas=None):
        table, places = home_table(homes, areas), site_table(sites)
        reach = reach_from(streets, streets.snap(table.geometry.to_numpy()), table["area_code"], places)
        return reach, table, places

    return walk


# A at 1,000, B at 1,800, C at 6,000
SITES = {"A": {"at": (1000, 0)}, "B": {"at": (1800, 0)}, "C": {"at": (6000, 0)}}
HOMES = {
    "1": ((900, 0), 10),  # A 100 m, B 900: stays within 1,000 m of the next
    "2": ((400, 0), 20),  # A 600 m, B 1,400: would cross
    "3": ((2500, 0), 5),  # B 700 m, A 1,500: would cross
    "4": ((4500, 0), 7),  # C 1,500 m, B 2,700: beyond already
    "5": ((6100, 0), 3),  # C 100 m, B 4,300: would cross
}


class TestDependsOn:
    """Five homes, three centres."""

    def test_by_hand(self, walked):
        found = depends_on(*walked(SITES, HOMES), minutes=15)
        assert list(found.index) == ["A", "B", "C"]  # the most who would cross first
        assert found["would_cross"].to_dict() == {"A": 20, "B": 5, "C": 3}
        assert found["under5"].to_dict() == {"A": 30, "B": 5, "C": 10}
        assert found["residents"].to_dict() == {"A": 300, "B": 50, "C": 100}
        assert found["born_outside_uk"].to_dict() == {"A": 60, "B": 10, "C": 20}
        assert found["no_other"].tolist() == [0, 0, 0]
        # A: 800 m more for all thirty; C: 1,200 for seven of ten, 4,200 for three
        metres = found["extra_minutes_median"] * PACE
        assert metres.to_dict() == pytest.approx({"A": 800, "B": 800, "C": 1200}, **LIKE)

    def test_the_threshold_itself_is_within(self, walked):
        reach, homes, sites = walked(SITES, HOMES)
        exact = reach.assign(minutes=15.0, second_minutes=[15.0, 15.1, 15.0, 15.0, 15.1])
        assert depends_on(exact, homes, sites, minutes=15)["would_cross"].to_dict() == {"A": 20, "C": 3, "B": 0}

    def test_who_has_no_other_way_would_cross_too(self, walked):
        more = SITES | {"D": {"at": (500, 5000)}}
        found = depends_on(*walked(more, HOMES | {"6": ((600, 5000), 4)}), minutes=15).loc["D"]
        assert (found["no_other"], found["would_cross"]) == (4, 4)
        assert np.isnan(found["extra_minutes_median"])

    def test_nobodys_nearest_is_zero_and_homes_without_a_walk_are_nobodys(self, walked):
        more = SITES | {"E": {"at": (8000, 0)}}
        far = {"off": ((900, 600), 50), "no way": ((600, 5000), 60)}
        found = depends_on(*walked(more, HOMES | far), minutes=15)
        assert found.loc["E", ["residents", "under5", "would_cross", "no_other"]].tolist() == [0, 0, 0, 0]
        assert np.isnan(found.loc["E", "extra_minutes_median"])
        assert found["under5"].sum() == 45

    def test_two_at_one_door_stand_in_for_each_other(self, walked):
        found = depends_on(*walked({"A": {"at": (1000, 0)}, "A2": {"at": (1000, 0)}}, HOMES), minutes=15)
        assert found["would_cross"].tolist() == [0, 0]
        assert found["under5"].to_dict() == {"A": 45, "A2": 0}  # ties go to the first
        assert found.loc["A", "extra_minutes_median"] == 0

    def test_under_fives_of_nobody_or_of_some_are_known(self, walked):
        reach, homes, sites = walked(SITES, HOMES)
        none = depends_on(reach, homes.assign(under5=np.nan), sites, minutes=15)
        assert none[["under5", "would_cross", "no_other"]].isna().all(axis=None)
        assert none["residents"].to_dict() == {"A": 300, "B": 50, "C": 100}
        # every home alike: C's two homes would walk 1,200 and 4,200 m more, and the first is half of them
        assert none.loc["C", "extra_minutes_median"] * PACE == pytest.approx(1200, **LIKE)
        some = depends_on(reach, homes.assign(under5=[10, np.nan, 5, 7, 3]), sites, minutes=15)
        assert some["would_cross"].to_dict() == {"A": 0, "B": 5, "C": 3}

    def test_sites_that_cannot_be_walked_to_are_not_known_and_come_last(self, walked):
        reach, homes, sites = walked({"0 lost": {"at": None}, "1 off": {"at": (1000, 900)}} | SITES, HOMES)
        found = depends_on(reach, homes, sites, minutes=15)
        assert found.loc["0 lost"].isna().all()
        assert list(found.index)[-1] == "0 lost"
        doors = np.isin(np.arange(5), [2, 3, 4])
        sure = depends_on(reach, homes, sites, minutes=15, measured=doors)
        assert sure.loc[["0 lost", "1 off"]].isna().all(axis=None)
        assert sure["would_cross"].dropna().to_dict() == {"A": 20, "B": 5, "C": 3}

    def test_no_site_and_no_home(self, walked):
        assert depends_on(*walked({}, HOMES), minutes=15).empty
        reach, homes, sites = walked(SITES, HOMES)
        empty = depends_on(reach.iloc[:0], homes.iloc[:0], sites, minutes=15)
        assert list(empty.index) == ["A", "B", "C"]


class TestOneClosureAway:
    """An area's main site is the one that most of its under-fives are nearest to."""

    AREAS = ("E01000001", "E01000002", "E01000003")

    def away(self, walked, homes, codes, minutes=15, sites=SITES):
        reach, table, _ = walked(sites, homes, codes)
        walks = without_main_site(Homes.of(area_table(list(self.AREAS)), table), reach)
        return walks.assign(away_class=one_closure_away(walks, minutes=minutes))

    def test_by_hand(self, walked):
        codes = [self.AREAS[i] for i in (0, 0, 1, 2, 2)]
        found = self.away(walked, HOMES, codes)
        # area 1: A for both homes; without it 900 m for ten, 1,400 for twenty: the median is 1,400, beyond
        # area 2: B; without it 1,500 m, beyond; area 3: C, 1,500 m for seven of ten: beyond as it is
        assert found["main_site_id"].tolist() == ["A", "B", "C"]
        assert (found["minutes_then"] * PACE).tolist() == pytest.approx([1400, 1500, 2700], **LIKE)
        assert found["away_class"].tolist() == ["depends on one centre", "depends on one centre", "beyond already"]
        wide = self.away(walked, HOMES, codes, minutes=22)  # 1,467 m
        assert wide["away_class"].tolist() == ["holds", "depends on one centre", "beyond already"]
        assert set(AWAY_CLASSES) == {"holds", "depends on one centre", "beyond already"}

    def test_families_of_another_site_stay_with_it(self, walked):
        # 1 and 2 go to A (thirty), 3 to B (forty): B closes, and only 3 walks on
        homes = {"1": ((900, 0), 10), "2": ((400, 0), 20), "3": ((1700, 0), 40)}
        row = self.away(walked, homes, [self.AREAS[0]] * 3).loc[self.AREAS[0]]
        # 100 m for ten, 600 for twenty, 700 (to A) for forty: half of seventy is reached at 700
        assert row["main_site_id"] == "B"
        assert row["minutes_then"] * PACE == pytest.approx(700, **LIKE)
        assert row["away_class"] == "holds"

    def test_areas_without_street_data_or_homes_are_not_judged(self, walked):
        homes = {"1": ((900, 0), 10), "2": ((900, 500), 20), "3": ((900, 0), 20), "4": ((900, 500), 20)}
        found = self.away(walked, homes, [self.AREAS[0]] * 2 + [self.AREAS[1]] * 2)
        # 20 of 30 without streets; 20 of 40; no home at all: as geo.gaps has it, half is too much
        assert found["away_class"].isna().tolist() == [True, True, True]
        assert found["minutes_then"].isna().all()
        more = self.away(walked, homes | {"5": ((900, 0), 1)}, [self.AREAS[0]] * 2 + [self.AREAS[1]] * 3)
        assert more["away_class"].tolist()[1] == "holds"

    def test_no_way_to_any_other_is_away_and_no_way_at_all_is_beyond(self, walked):
        sites = SITES | {"D": {"at": (500, 5000)}}
        homes = {"1": ((600, 5000), 4), "2": ((900, 0), 9)}
        row = self.away(walked, homes, [self.AREAS[0], self.AREAS[1]], sites=sites).loc[self.AREAS[0]]
        assert (row["main_site_id"], row["away_class"]) == ("D", "depends on one centre")
        assert np.isinf(row["minutes_then"])
        none = self.away(walked, homes, [self.AREAS[0], self.AREAS[1]]).loc[self.AREAS[0]]
        assert none["away_class"] == "beyond already"
        assert pd.isna(none["main_site_id"])


@pytest.fixture(scope="module")
def walked_island(island_by_buggy, island_centres):
    on, centres = island_by_buggy, island_centres
    return on, centres, reach_from(on.network, on.snaps, on.origins["area_code"], centres)


@pytest.mark.parametrize("minutes", [10, 15, 25])
def test_on_the_island_every_site_is_closed_for_real(walked_island, minutes):
    on, centres, reach = walked_island
    found = depends_on(reach, on.origins, centres, minutes=minutes)
    assert set(found.index) == set(centres.index)
    assert found["would_cross"].is_monotonic_decreasing
    every, state = walks(on.network, on.snaps, centres), nearest(on.network, centres)
    before = state.cost(on.snaps)[0].astype(np.int64)
    np.testing.assert_array_equal(before, every.min(axis=0))
    children = on.origins["under5"].to_numpy()
    limit = minutes * 1000 * PACE
    for number, site_id in enumerate(centres.index):
        after = state.without_site(site_id).cost(on.snaps)[0].astype(np.int64)
        np.testing.assert_array_equal(after, np.delete(every, number, axis=0).min(axis=0))  # and by SciPy
        grew = (after > before) & on.snaps.on_network
        crossed = on.snaps.on_network & (before <= limit) & (after > limit)
        row = found.loc[site_id]
        assert row["would_cross"] == more(
            children[on.snaps.on_network & (before > limit)].sum(), children[crossed].sum()
        )
        for who in ("residents", "under5", "born_outside_uk"):
            assert row[who] == whole(on.origins[who].to_numpy()[grew].sum()), site_id
        order = np.argsort((after - before)[grew], kind="stable")
        heap = np.cumsum(children[grew][order])
        middle = (after - before)[grew][order][np.searchsorted(heap, heap[-1] / 2 * (1 - 1e-9))]
        assert row["extra_minutes_median"] == pytest.approx(middle / (1000 * PACE)), site_id


@pytest.mark.parametrize("minutes", [15, 45])
def test_on_the_island_the_main_site_of_each_area_is_closed_for_real(walked_island, minutes):
    on, centres, reach = walked_island
    found = without_main_site(on.homes, reach)
    found["away_class"] = one_closure_away(found, minutes=minutes)
    now = gaps(on.areas, on.origins, reach, walk=Walk(minutes=minutes), homes=on.homes)
    known = now["minutes_median"].notna()
    assert (found["main_site_id"].fillna("-") == now["site_id"].fillna("-")).all()
    assert ((found["away_class"] == "beyond already") == (now["access_class"] == "far"))[known].all()
    for site_id in centres.index:
        mine = found.index[found["main_site_id"] == site_id]
        left = reach_from(on.network, on.snaps, on.origins["area_code"], centres.drop(site_id))
        then = gaps(on.areas, on.origins, left, walk=Walk(minutes=minutes), homes=on.homes).loc[mine]
        np.testing.assert_allclose(found.loc[mine, "minutes_then"].replace(np.inf, np.nan), then["minutes_median"])
        falls = (now.loc[mine, "access_class"] != "far") & (then["access_class"] == "far")
        assert ((found.loc[mine, "away_class"] == "depends on one centre") == falls).all()
    assert len(set(found["away_class"].dropna())) == (2 if minutes == 15 else 3)  # at 15 minutes none would hold
