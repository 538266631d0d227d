"""The closure ledger on streets whose every number can be worked out on paper."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
import shapely

from geo import tables
from geo.access import nearest, reach_from
from geo.closures import PEOPLE, ledger, lost_by
from geo.gaps import Walk, gaps
from tests.geo.rows import area_table, home_table, site_table

STREET = {"highway": "residential"}
PACE = 4000 / 60  # metres a minute by buggy: 15 minutes are 1,000 m
DAY = date(2026, 11, 21)
# the ground is 0.3 % shorter than the grid here
LIKE = {"rel": 4e-3, "abs": 0.02}

# A and B closed, C is left: one street from west to east, 8 km, and another, 3 km, that does not meet it
NODES = {"a": (0, 0), "b": (4000, 0), "c": (8000, 0), "x": (0, 5000), "y": (3000, 5000)}
WAYS = [(("a", "b", "c"), STREET), (("x", "y"), STREET)]
CLOSED = {"status": "closed", "closed": "2018-06-30"}
SITES = {"A": CLOSED | {"at": (1000, 0)}, "B": CLOSED | {"at": (2000, 0)}, "C": {"at": (5000, 0)}}
HOMES = {"near A": ((900, 0), 10), "near B": ((1900, 0), 20), "near C": ((4900, 0), 30)}


@pytest.fixture(scope="module")
def streets(town):
    return town(NODES, WAYS)


@pytest.fixture(scope="module")
def told(streets):
    """The ledger of some sites and homes on the two streets, checked against its contract; not to be changed."""

    @cache
    def of_all():
        return anew()

    def tell(*given, **asked):
        return anew(*given, **asked) if given or asked else of_all()

    def anew(sites=SITES, homes=HOMES, *, minutes=15, day=DAY, spoil=lambda homes: homes, **asked):
        homes = spoil(home_table(homes))
        lost = lost_by(site_table(sites), day=day, **asked)
        found = ledger(streets, streets.snap(homes.geometry.to_numpy()), homes, lost, minutes=minutes)
        checked = tables.check(tables.Closures, found.closures, "the ledger")
        assert list(checked.index) == list(found.closures.index)
        assert list(found.walks.index) == list(homes.index)
        assert set(found.walks["reached"]) <= set(tables.REACHED)
        return found

    return tell


class TestByHand:
    """Home at 900 m: A is 100 m away, B 1,100, C 4,100. Home at 1,900 m: B is 100 m away, A 900, C 3,100."""

    def test_people_are_told_under_the_closed_site_that_was_nearest(self, told):
        rows = told().closures
        assert rows.loc["A", list(PEOPLE)].tolist() == [100, 10, 5, 20]
        assert rows.loc["B", list(PEOPLE)].tolist() == [200, 20, 10, 40]
        assert rows["crossed"].to_dict() == {"A": 10, "B": 20}  # 4,100 and 3,100 m are beyond 1,000
        assert rows["goes_to"].to_dict() == {"A": "C", "B": "C"}
        assert rows.loc["A", "extra_minutes_median"] == pytest.approx(4000 / PACE, **LIKE)
        assert rows.loc["B", "extra_minutes_median"] == pytest.approx(3000 / PACE, **LIKE)

    def test_crossings_alone_shared_and_given_back(self, told):
        found = told()
        # A alone: the first home goes to B, 1,100 m, beyond. B alone: the second goes to A, 900 m, within
        assert found.closures["alone_crossed"].to_dict() == {"A": 10, "B": 0}
        # the first home crossed because of A; the second because both went, so A and B share its 20
        assert found.closures["share_crossed"].to_dict() == {"A": 20, "B": 10}
        # A reopened is within 1,000 m of both; B only of the second
        assert found.closures["reopened_crossed"].to_dict() == {"A": 30, "B": 20}
        assert found.together["crossed"] == 30
        assert found.together[["base", "beyond_before", "beyond_after"]].tolist() == [60, 0, 30]
        assert list(found.closures.index) == ["A", "B"]  # the greatest share first

    def test_minutes_alone_shared_and_given_back(self, told):
        found = told()
        metres = found.closures[["alone_minutes", "share_minutes", "reopened_minutes"]] * PACE
        assert metres.loc["A"].tolist() == pytest.approx(
            [10 * 1000, 10 * (1000 + 3000 / 2) + 20 * 2200 / 2, 10 * 4000 + 20 * 2200], **LIKE
        )
        assert metres.loc["B"].tolist() == pytest.approx(
            [20 * 800, 10 * 3000 / 2 + 20 * (800 + 2200 / 2), 10 * 3000 + 20 * 3000], **LIKE
        )
        assert found.together["minutes"] * PACE == pytest.approx(10 * 4000 + 20 * 3000, **LIKE)
        assert found.closures["share_minutes"].sum() == pytest.approx(found.together["minutes"])

    def test_the_pair_is_named_with_its_excess(self, told):
        (pair,) = told().pairs.itertuples(index=False)
        assert (pair.site_id, pair.with_site_id, pair.crossed) == ("A", "B", 20)  # 30 together, 10 and 0 alone
        assert pair.minutes * PACE == pytest.approx(10 * 3000 + 20 * 2200, **LIKE)

    def test_people_go_somewhere(self, told):
        flows = told().flows
        assert flows[["site_id", "to_site_id", "under5", "residents"]].to_numpy().tolist() == [
            ["A", "C", 10, 100], ["B", "C", 20, 200],
        ]  # fmt: skip

    def test_each_homes_walks(self, told):
        rows = told().walks
        assert rows["before_site_id"].tolist() == ["A", "B", "C"]
        assert rows["after_site_id"].tolist() == ["C", "C", "C"]
        assert (rows["before_minutes"] * PACE).tolist() == pytest.approx([100, 100, 100], **LIKE)
        assert (rows["after_minutes"] * PACE).tolist() == pytest.approx([4100, 3100, 100], **LIKE)

    def test_extra_minutes_are_weighed_by_under_fives(self, told):
        # extra: 200 m for five, 2,000 m for three, 4,000 m for two; half of ten is reached at 200 m, nine at 4,000
        sites = {"A": SITES["A"], "C": SITES["C"]}
        row = told(sites, {"i": ((900, 0), 2), "j": ((2000, 0), 3), "k": ((2900, 0), 5)}).closures.loc["A"]
        assert row["extra_minutes_median"] * PACE == pytest.approx(200, **LIKE)
        assert row["extra_minutes_p90"] * PACE == pytest.approx(4000, **LIKE)

    def test_the_greatest_flow_decides_where_families_go(self, told):
        # A at 2,000 m; left are C at 5,000 and D at 0: homes at 2,100 (C 2,900, D 2,100) and 2,900 (C 2,100, D 2,900)
        sites = {"A": CLOSED | {"at": (2000, 0)}, "C": SITES["C"], "D": {"at": (0, 0)}}
        found = told(sites, {"i": ((2100, 0), 4), "j": ((2900, 0), 7)})
        assert found.flows[["to_site_id", "under5"]].to_numpy().tolist() == [["C", 7], ["D", 4]]
        assert found.closures.loc["A", "goes_to"] == "C"

    def test_a_walk_of_exactly_the_threshold_is_judged_as_the_gaps_judge_it(self, streets):
        # ten minutes are 666,666.67 mm: 666,666 are within and 666,667 are not, here as there
        homes = home_table({"in": ((900, 0), 1), "out": ((900, 0), 10)})
        snaps = streets.snap(homes.geometry.to_numpy())
        lost = lost_by(site_table(SITES), day=DAY)
        walked = nearest(streets, site_table(SITES)).cost(snaps)[0]
        snaps = snaps._replace(leg=snaps.leg + np.array([666_666, 666_667], np.int32) - walked)
        found = ledger(streets, snaps, homes, lost, minutes=10)
        assert found.together["beyond_before"] == 10
        reach = reach_from(streets, snaps, homes["area_code"], site_table(SITES))
        assert gaps(area_table(["E01000001"]), homes, reach, walk=Walk(minutes=10))["under5_beyond"].tolist() == [10]


class TestWhatIsNotKnown:
    """Missing is missing: never zero, never dropped."""

    def test_under_fives_of_nobody_are_known(self, told):
        found = told(spoil=lambda homes: homes.assign(under5=np.nan, under2=np.nan))
        children = ["under5", "under2", "crossed", "no_way"]
        children += [f"{what}_{of}" for what in ("alone", "share", "reopened") for of in ("crossed", "minutes")]
        assert found.closures[children].isna().all(axis=None)
        assert found.closures["residents"].to_dict() == {"B": 200, "A": 100}
        assert list(found.closures.index) == ["B", "A"]  # then by residents, who weigh the extra minutes too
        assert found.closures["extra_minutes_median"].notna().all()
        assert found.together[["under5", "crossed", "minutes", "base", "beyond_before", "beyond_after"]].isna().all()
        assert found.together["residents"] == 300
        assert found.pairs.empty
        assert found.flows["residents"].tolist() == [100, 200]
        assert found.flows["under5"].isna().all()

    def test_under_fives_of_some_homes_are_known(self, told):
        found = told(spoil=lambda homes: homes.assign(under5=[np.nan, 20.0, 30.0]))
        assert found.closures["under5"].to_dict() == {"B": 20, "A": 0}
        assert found.closures["share_crossed"].to_dict() == {"B": 10, "A": 10}
        assert found.closures["residents"].to_dict() == {"B": 200, "A": 100}
        assert found.together["base"] == 50

    def test_without_any_weight_every_home_counts_alike(self, told):
        nobody = dict.fromkeys(PEOPLE, np.nan)
        found = told(spoil=lambda homes: homes.assign(**nobody))
        assert found.closures[list(PEOPLE)].isna().all(axis=None)
        assert found.closures["extra_minutes_median"].notna().all()

    def test_homes_off_the_network_are_told_and_not_counted(self, told):
        found = told(homes=HOMES | {"off": ((900, 400), 7)})
        assert found.walks.loc["off", "reached"] == "off_network"
        assert found.walks.loc["off", ["before_minutes", "after_minutes"]].isna().all()
        assert found.walks.loc["off", ["before_site_id", "after_site_id"]].isna().all()
        assert found.together["base"] == 60
        assert found.closures["under5"].sum() == 30

    def test_homes_with_no_way_to_any_site_left(self, told):
        # the second street had D, which closed: its home has no way now, and no minutes to be longer by
        sites = SITES | {"D": CLOSED | {"at": (1000, 5000)}}
        found = told(sites, HOMES | {"cut off": ((1400, 5000), 4)})
        row = found.closures.loc["D"]
        assert row[["under5", "no_way", "crossed", "alone_crossed", "share_crossed"]].tolist() == [4] * 5
        assert row[["alone_minutes", "share_minutes", "reopened_minutes"]].tolist() == [0, 0, 0]
        assert np.isnan(row["extra_minutes_median"])
        assert pd.isna(row["goes_to"])
        assert found.together[["no_way", "crossed", "base", "beyond_after"]].tolist() == [4, 34, 64, 34]
        assert found.walks.loc["cut off", "reached"] == "no_route"
        assert found.walks.loc["cut off", "before_site_id"] == "D"
        assert found.flows.loc[found.flows["site_id"] == "D", "to_site_id"].isna().all()
        # the others' numbers are as without it
        pd.testing.assert_frame_equal(
            found.closures.drop("D").reindex(["A", "B"]), told().closures, check_dtype=False, check_freq=False
        )

    @pytest.mark.parametrize(
        ("on_the_street", "cut_off", "median", "p90"), [(5, 6, None, None), (6, 5, 4000, None), (60, 5, 4000, 4000)]
    )
    def test_who_has_no_way_left_lost_most(self, town, on_the_street, cut_off, median, p90):
        # D has a door on each of two streets that do not meet; only one of them leads to C
        two = town(
            {"a": (0, 0), "b": (8000, 0), "x": (0, 100), "y": (3000, 100)},
            [(("a", "b"), STREET), (("x", "y"), STREET)],
        )
        homes = home_table({"street": ((900, 0), on_the_street), "lane": ((900, 100), cut_off)})
        sites = site_table({"D": CLOSED | {"at": (1000, 0)}, "C": {"at": (5000, 0)}})
        doors = shapely.get_coordinates(sites.geometry["D"]) + [(0, 0), (0, 100)]
        lost = lost_by(sites.set_geometry([shapely.multipoints(doors), sites.geometry["C"]], crs=sites.crs), day=DAY)
        row = ledger(two, two.snap(homes.geometry.to_numpy()), homes, lost, minutes=15).closures.loc["D"]
        assert row[["under5", "no_way"]].tolist() == [on_the_street + cut_off, cut_off]
        for name, metres in (("extra_minutes_median", median), ("extra_minutes_p90", p90)):
            expected = np.nan if metres is None else metres
            assert row[name] * PACE == pytest.approx(expected, **LIKE, nan_ok=True), name

    def test_homes_that_never_had_a_way_lost_nothing(self, told):
        found = told(homes=HOMES | {"never": ((1400, 5000), 4)})
        assert found.together[["no_way", "crossed", "beyond_before", "beyond_after"]].tolist() == [0, 30, 4, 34]
        assert found.walks.loc["never", "reached"] == "no_route"

    def test_sites_off_the_network_or_without_a_point_come_last_with_nothing_known(self, told):
        more = {"0 lost": CLOSED | {"at": None}, "1 far": CLOSED | {"at": (1000, 900)}}
        found = told(more | SITES)
        assert found.closures["reached"].to_dict() == {
            "A": "yes", "B": "yes", "0 lost": "not_located", "1 far": "off_network",
        }  # fmt: skip
        assert list(found.closures.index) == ["A", "B", "0 lost", "1 far"]
        figures = [*PEOPLE, "crossed", "no_way", "extra_minutes_median", "alone_crossed", "share_minutes"]
        assert found.closures.loc[["0 lost", "1 far"], figures].isna().all(axis=None)
        assert set(found.flows["site_id"]) == {"A", "B"}
        alone = told()
        pd.testing.assert_series_equal(found.together, alone.together)
        pd.testing.assert_frame_equal(found.pairs, alone.pairs)

    def test_a_site_left_that_is_off_the_network_helps_nobody(self, told):
        pd.testing.assert_series_equal(told(SITES | {"far": {"at": (950, 900)}}).together, told().together)


class TestTies:
    """Doors shared, distances alike."""

    def test_a_site_closed_at_the_door_of_one_that_is_left_took_nothing(self, told):
        found = told({"A": CLOSED | {"at": (1000, 0)}, "C": {"at": (1000, 0)}})
        row = found.closures.loc["A"]
        assert row["reached"] == "yes"  # a nought that is known
        assert row[[*PEOPLE, "crossed", "share_crossed", "share_minutes", "reopened_minutes"]].tolist() == [0] * 8
        assert found.walks["before_site_id"].tolist() == ["C", "C", "C"]
        assert found.flows.empty

    def test_two_closed_at_one_door_share_alike_and_neither_alone_took_anything(self, told):
        found = told({"A": CLOSED | {"at": (1000, 0)}, "A2": CLOSED | {"at": (1000, 0)}, "C": SITES["C"]})
        rows = found.closures
        assert rows["alone_minutes"].tolist() == [0, 0]
        assert rows["share_minutes"]["A"] == pytest.approx(rows["share_minutes"]["A2"])
        assert rows["share_crossed"].tolist() == [15, 15]
        assert rows["reopened_crossed"].tolist() == [30, 30]
        assert rows["under5"].sum() == 30  # each home is told under one of them
        assert found.pairs["crossed"].tolist() == [30]

    def test_three_at_one_door_have_no_pair_to_name(self, told):
        three = {name: CLOSED | {"at": (1000, 0)} for name in ("A", "A2", "A3")}
        found = told(three | {"C": SITES["C"]})
        assert found.pairs.empty
        assert found.closures["share_crossed"].tolist() == pytest.approx([10, 10, 10])


class TestNothing:
    """No closure; no site left; no site at all; no home."""

    def test_an_empty_ledger_has_its_columns_and_knows_the_walk(self, told):
        found = told({"C": SITES["C"]})
        assert found.closures.empty
        assert set(found.closures.columns) == set(told().closures.columns)
        assert found.flows.empty
        assert found.pairs.empty
        assert found.together[["under5", "crossed", "minutes", "no_way"]].tolist() == [0, 0, 0, 0]
        assert found.together[["base", "beyond_before", "beyond_after"]].tolist() == [60, 30, 30]
        assert found.walks["before_site_id"].tolist() == ["C"] * 3

    def test_no_site_left_at_all(self, told):
        found = told({"A": SITES["A"], "B": SITES["B"]})
        # C's home had B, 2,900 m away, so nobody loses the 30 who were beyond already
        assert found.together[["crossed", "no_way", "beyond_before", "beyond_after"]].tolist() == [30, 60, 30, 60]
        assert found.together["minutes"] == 0
        # near B: reopening either gives it back, so both share; near A: A is within, B is 1,100 m away
        assert found.closures["share_crossed"].to_dict() == {"A": 20, "B": 10}
        assert found.closures["goes_to"].isna().all()
        assert found.flows["to_site_id"].isna().all()
        assert (found.walks["reached"] == "no_route").all()

    def test_no_site_ever(self, told):
        found = told({"later": {"at": (0, 0), "opened": "2027-01-01"}})
        assert found.closures.empty
        assert found.together[["base", "beyond_before", "beyond_after"]].tolist() == [60, 60, 60]
        assert (found.walks["reached"] == "no_route").all()
        assert found.walks["before_site_id"].isna().all()

    def test_no_home(self, streets):
        homes = home_table(HOMES).iloc[:0]
        found = ledger(
            streets, streets.snap(homes.geometry.to_numpy()), homes, lost_by(site_table(SITES), day=DAY), minutes=15
        )
        assert found.together.drop("minutes").fillna(0).eq(0).all()
        assert found.walks.empty
