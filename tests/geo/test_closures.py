"""The closure ledger: streets on paper, every subset from scratch, and SciPy on the island and on Leeds."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.place import SAMPLE, Place
from geo import paths, tables
from geo.access import nearest, reach_from
from geo.closures import PEOPLE, Lost, ledger, lost_by
from geo.gaps import Walk, gaps
from geo.network import WalkNetwork, segments_from
from geo.profiles import BUGGY
from geo.sites import EVENTS, SERVING, ever_serving, possible_on, serving
from layers.question import Question, ground
from tests.geo.by_scipy import walks
from tests.geo.rows import area_table, home_table, site_table
from tests.geo.test_shares import by_subsets

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


@pytest.fixture
def told(streets):
    """The ledger of some sites and homes on the two streets, checked against its contract."""

    def tell(sites=SITES, homes=HOMES, *, minutes=15, day=DAY, spoil=lambda homes: homes, **asked):
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


# ---------------------------------------------------------------------------------------------------------------------


LIVES = {
    "open": {"status": "open", "opened": "2005-01-01", "source_date": "2026-01-30"},
    "linked": {"status": "linked", "opened": "2005-01-01", "linked_since": "2016-03-07", "source_date": "2026-01-30"},
    "linked, no day": {"status": "linked", "opened": "2005-01-01", "source_date": "2026-01-30"},
    "closed": {"status": "closed", "opened": "2005-01-01", "closed": "2018-06-30", "source_date": "2026-01-30"},
    "closed, no day": {"status": "closed", "opened": "2005-01-01", "source_date": "2019-05-01"},
    "linked, then closed": {
        "status": "closed", "served_as": "linked", "opened": "2005-01-01", "linked_since": "2016-03-07",
        "closed": "2018-06-30", "source_date": "2026-01-30",
    },
    "due": {"status": "announced", "opened": "2005-01-01", "closed": "2026-03-31", "source_date": "2025-12-31"},
    "due, no day": {"status": "announced", "opened": "2005-01-01", "source_date": "2025-12-31"},
    "due, linked": {
        "status": "announced", "served_as": "linked", "opened": "2005-01-01", "linked_since": "2016-03-07",
        "closed": "2026-03-31", "source_date": "2025-12-31",
    },
    "missing": {
        "status": "no_longer_listed", "opened": "2005-01-01", "last_seen": "2021-01-01", "source_date": "2026-01-30",
    },
    "hub": {"status": "closed", "opened": "2005-01-01", "closed": "2020-01-01", "hub": "Hub"},
    "new": {"status": "open", "opened": "2026-06-01"},
    "neighbour": {"status": "closed", "opened": "2005-01-01", "closed": "2018-06-30", "inside": False},
}  # fmt: skip


@pytest.fixture(scope="module")
def sites():
    return site_table({name: row | {"at": (0, 0)} for name, row in LIVES.items()})


class TestLostBy:
    """What is gone and what is left, by day and by what counts."""

    @pytest.mark.parametrize(
        ("asked", "gone"),
        [
            # long before anything: all serve but those that nobody dates; a linked one was a full centre
            ({"day": date(2010, 1, 1)}, {"closed, no day"}),
            ({"day": date(2010, 1, 1), "counting": "full"}, {"closed, no day", "linked, no day"}),
            # the day itself counts
            ({"day": date(2016, 3, 6), "counting": "full"}, {"closed, no day", "linked, no day"}),
            (
                {"day": date(2016, 3, 7), "counting": "full"},
                {"closed, no day", "linked, no day", "linked", "linked, then closed", "due, linked"},
            ),
            ({"day": date(2018, 6, 29)}, {"closed, no day"}),
            ({"day": date(2018, 6, 30)}, {"closed, no day", "closed", "linked, then closed", "neighbour"}),
            ({"day": date(2018, 6, 30), "context": False}, {"closed, no day", "closed", "linked, then closed"}),
            # between the last list that had it and the first that had not, it is taken to have gone
            ({"day": date(2020, 12, 31), "context": False}, {"closed, no day", "closed", "linked, then closed", "hub"}),
            (
                {"day": date(2021, 1, 1), "context": False},
                {"closed, no day", "closed", "linked, then closed", "hub", "missing"},
            ),
            # nobody knew of the announcements the day before; from their day on they count, whatever they are for
            (
                {"day": date(2025, 12, 30), "context": False},
                {"closed, no day", "closed", "linked, then closed", "hub", "missing"},
            ),
            (
                {"day": date(2025, 12, 31), "context": False},
                {
                    "closed, no day", "closed", "linked, then closed", "hub", "missing", "due", "due, no day",
                    "due, linked",
                },
            ),
            # confirmed only: announced and delisted ones stay, even when the day has passed
            (
                {"day": DAY, "context": False, "confirmed_only": True},
                {"closed, no day", "closed", "linked, then closed", "hub"},
            ),
            # but that one of them became a linked site is confirmed
            (
                {"day": DAY, "context": False, "confirmed_only": True, "counting": "full"},
                {"closed, no day", "closed", "linked, then closed", "hub", "linked", "linked, no day", "due, linked"},
            ),
            ({"day": DAY, "counting": "hubs"}, {"hub"}),
            ({"day": date(2019, 1, 1), "counting": "hubs"}, set()),
            # since: what ended before is neither; "closed, no day" had closed by May 2019
            ({"day": DAY, "since": date(2019, 5, 1), "context": False, "confirmed_only": True}, {"closed, no day", "hub"}),
            ({"day": DAY, "since": date(2019, 5, 2), "context": False, "confirmed_only": True}, {"hub"}),
            ({"day": DAY, "since": date(2026, 3, 31)}, {"due", "due, no day", "due, linked"}),
            ({"day": DAY, "since": date(2026, 1, 31), "counting": "full"}, {"due", "due, no day", "linked, no day"}),
        ],
    )  # fmt: skip
    def test_what_is_gone(self, sites, asked, gone):
        assert set(lost_by(sites, **asked).gone.index) == gone

    def test_what_is_left(self, sites):
        assert set(lost_by(sites, day=DAY).left.index) == {"open", "linked", "linked, no day", "new"}
        assert set(lost_by(sites, day=DAY, counting="full").left.index) == {"open", "new"}
        assert "new" not in lost_by(sites, day=date(2026, 5, 31)).left.index
        kept = lost_by(sites, day=DAY, confirmed_only=True, counting="full").left.index
        assert set(kept) == {"open", "new", "due", "due, no day", "missing"}
        since = lost_by(sites, day=DAY, since=date(2019, 1, 1)).left.index
        assert set(since) == {"open", "linked", "linked, no day", "new"}  # what ended before is not among them either

    def test_events_say_what_happened_when_and_how_surely(self, sites):
        rows = lost_by(sites, day=DAY, counting="full").gone
        said = rows[["event", "event_precision", "confirmed"]].apply(tuple, axis=1).to_dict()
        assert said == {
            "linked": ("downgraded", "day", True),
            "linked, no day": ("downgraded", "unknown", True),
            "closed": ("closed", "day", True),
            "closed, no day": ("closed", "unknown", True),
            # as a full centre it was lost when it was linked; a closure that followed took a linked site
            "linked, then closed": ("downgraded", "day", True),
            "due": ("announced", "day", False),
            "due, no day": ("announced", "unknown", False),
            "due, linked": ("downgraded", "day", True),
            "missing": ("no_longer_listed", "unknown", False),
            "hub": ("closed", "day", True),
            "neighbour": ("closed", "day", True),
        }
        assert rows["event_day"].dropna().dt.strftime("%Y-%m-%d").to_dict() == {
            "linked": "2016-03-07", "closed": "2018-06-30", "linked, then closed": "2016-03-07", "due": "2026-03-31",
            "due, linked": "2016-03-07", "hub": "2020-01-01", "neighbour": "2018-06-30",
        }  # fmt: skip
        listed = lost_by(sites, day=DAY).gone
        assert listed.loc["linked, then closed", "event"] == "closed"
        assert listed.loc["due, linked", "event"] == "announced"

    def test_an_announcement_whose_day_has_passed_stays_an_announcement(self, sites):
        row = lost_by(sites, day=date(2026, 4, 1)).gone.loc["due"]
        assert (row["event"], bool(row["confirmed"])) == ("announced", False)
        assert "due" in lost_by(sites, day=date(2026, 4, 1), confirmed_only=True).left.index

    def test_delisted_without_a_day_of_delisting_still_served_until_it_was_last_seen(self):
        rows = {"m": LIVES["missing"] | {"at": (0, 0), "source_date": None}}
        assert list(lost_by(site_table(rows), day=date(2020, 12, 31)).left.index) == ["m"]
        assert list(lost_by(site_table(rows), day=date(2021, 1, 1)).gone.index) == ["m"]

    def test_what_was_a_full_centre_that_day_and_nothing_confirms_gone_is_left(self):
        rows = {"m": LIVES["missing"] | {"at": (0, 0), "served_as": "linked", "linked_since": "2022-01-01"}}
        asked = {"counting": "full", "confirmed_only": True}
        assert list(lost_by(site_table(rows), day=date(2021, 12, 31), **asked).left.index) == ["m"]
        assert list(lost_by(site_table(rows), day=date(2022, 1, 1), **asked).gone.index) == ["m"]

    def test_a_downgrade_to_come_is_not_what_happened(self):
        rows = {"d": LIVES["due, linked"] | {"at": (0, 0), "linked_since": "2026-02-01"}}
        row = lost_by(site_table(rows), day=date(2026, 1, 1), counting="full").gone.loc["d"]
        assert row["event"] == "announced"
        assert lost_by(site_table(rows), day=DAY, counting="full").gone.loc["d", "event"] == "downgraded"


_day = st.dates(date(2004, 1, 1), date(2027, 12, 31))


@st.composite
def lives(draw):
    """A site's life that makes sense: it opened, was linked, was last seen and closed, in that order."""
    opened, linked, seen, closed, later = sorted(draw(st.lists(_day, min_size=5, max_size=5)))
    status = draw(st.sampled_from(["open", "linked", "announced", "closed", "no_longer_listed"]))
    served_as = {"open": "open", "linked": "linked"}.get(status) or draw(st.sampled_from(["open", "linked"]))
    maybe = st.booleans()
    row = {
        "status": status,
        "served_as": served_as,
        "at": (0, 0),
        "inside": draw(maybe),
        "hub": draw(st.sampled_from([None, "H"])),
    }
    row["opened"] = opened if draw(maybe) else None
    row["linked_since"] = linked if served_as == "linked" and draw(maybe) else None
    row["last_seen"] = seen if status == "no_longer_listed" and draw(maybe) else None
    row["closed"] = closed if status in ("announced", "closed") and draw(maybe) else None
    row["source_date"] = later if draw(maybe) else None
    if status == "announced" and draw(maybe):
        row["source_date"] = seen  # heard of before it is due
    if row["closed"]:
        row["date_precision"] = draw(st.sampled_from(["day", "month", "by"]))
        if row["date_precision"] == "by":
            row["source_date"] = row["closed"]
    return row


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(lives(), min_size=1, max_size=6),
    day=_day,
    before=st.none() | st.integers(0, 4000),
    counting=st.sampled_from(["listed", "full", "hubs"]),
    confirmed_only=st.booleans(),
    context=st.booleans(),
)
def test_gone_and_left_part_what_ever_served(rows, day, before, counting, confirmed_only, context):
    sites = site_table({str(n): row for n, row in enumerate(rows)}, checked=False)
    asked = {"day": day, "counting": counting, "confirmed_only": confirmed_only, "context": context}
    gone, left = lost_by(sites, **asked)
    once = ever_serving(sites, day=day, counting=counting, context=context)
    assert not set(gone.index) & set(left.index)
    assert set(gone.index) | set(left.index) == set(once.index)
    assert set(gone["event"]) <= set(EVENTS)
    assert (gone["confirmed"] == gone["event"].isin(["closed", "downgraded"])).all()
    possible = possible_on(sites, day)
    counts = ["open", "announced_full"] + (["linked", "announced_linked"] if counting != "full" else [])
    others = [state for state in possible if state not in counts]
    doubted = sites["status"].isin(["announced", "no_longer_listed"])
    heard = (sites["status"] == "announced") & ~(sites["source_date"] > pd.Timestamp(day))
    for name in gone.index:  # nothing that surely counts is gone, but for what was announced by then
        assert possible.loc[name, others].any() or (heard[name] and not confirmed_only), name
    for name in left.index:  # nothing that surely does not is left, but for what nothing confirms
        assert possible.loc[name, counts].any() or (doubted[name] and confirmed_only), name
    if confirmed_only:
        assert not set(gone["event"]) & {"announced", "no_longer_listed"}
    if before is not None:
        since = (pd.Timestamp(day) - pd.Timedelta(days=before)).date()
        part = lost_by(sites, since=since, **asked)
        assert list(part.left.index) == list(left.index)
        assert set(part.gone.index) <= set(gone.index)
        assert not (part.gone["event_day"] < pd.Timestamp(since)).any()
        dropped = gone.drop(part.gone.index)
        assert (dropped["event_day"].fillna(dropped["source_date"]) < pd.Timestamp(since)).all()


# ---------------------------------------------------------------------------------------------------------------------


def figures(homes, snaps):
    """People of each home; those off the network are not counted as under-fives."""
    people = {name: homes[name].to_numpy(float) for name in PEOPLE}
    return people, np.where(snaps.on_network, people["under5"], 0.0)


def recomputed(network, homes, snaps, lost, minutes, walk_to):
    """The ledger from its definitions, given the walk from every home to the nearest of any sites."""
    gone, left = list(lost.gone.index), list(lost.left.index)
    _, children = figures(homes, snaps)
    now = walk_to((*left,))
    stuck = now == paths.FAR
    speed = 1000 * network.profile.metres_per_minute

    def loss(worth):
        @cache
        def of(closed):
            still = walk_to((*left, *(name for i, name in enumerate(gone) if i not in closed)))
            return float((children * (worth(still) - worth(walk_to((*left, *gone))))).sum())

        return of

    def far(cost):
        return (~((cost < paths.FAR) & (cost / speed <= minutes))).astype(float)

    def long(cost):
        return np.where(stuck, 0.0, cost / speed)

    return {"crossed": loss(far), "minutes": loss(long)}


def agrees(found, losses, gone):
    """Every figure of the ledger that is a loss of some set of closures."""
    rows = found.closures.reindex(gone)
    every = frozenset(range(len(gone)))
    assert (rows["reached"] == "yes").all()
    for of, loss in losses.items():
        alone = np.array([loss(frozenset({i})) for i in every])
        np.testing.assert_allclose(rows[f"alone_{of}"], alone, atol=1e-6)
        np.testing.assert_allclose(rows[f"reopened_{of}"], [loss(every) - loss(every - {i}) for i in every], atol=1e-6)
        assert found.together[of] == pytest.approx(loss(every), abs=1e-6)
        np.testing.assert_allclose(rows[f"share_{of}"], by_subsets(len(gone), loss), atol=1e-6)
        pairs = {
            (gone[i], gone[j]): loss(frozenset({i, j})) - alone[i] - alone[j] for i in every for j in every if i < j
        }
        named = {tuple(sorted((row.site_id, row.with_site_id))): getattr(row, of) for row in found.pairs.itertuples()}
        for pair, excess in pairs.items():
            assert named.get(tuple(sorted(pair)), 0.0) == pytest.approx(excess, abs=1e-6), pair


@pytest.mark.parametrize("seed", range(8))
def test_on_a_random_grid_every_figure_is_what_every_subset_says(seed, draw, lattice, monkeypatch):
    monkeypatch.setattr("geo.network.PART_LIMIT_M", 0.0)  # parts of any size: so that some homes have no way
    rng = np.random.default_rng(seed)
    network = WalkNetwork.of(segments_from(draw(*lattice(rng))), BUGGY)
    closed = int(rng.integers(2, 7))
    rows = {
        f"s{i}": (CLOSED if i < closed else {}) | {"at": tuple(rng.uniform(-50, 1000, 2))}
        for i in range(closed + int(rng.integers(1, 4)))
    }
    rows["s0"]["at"] = rows["s1"]["at"]  # two at one door
    sites = site_table(rows)
    homes = home_table({f"h{i}": (tuple(rng.uniform(-250, 1250, 2)), int(rng.integers(0, 9))) for i in range(80)})
    snaps = network.snap(homes.geometry.to_numpy())
    lost = lost_by(sites, day=DAY)
    minutes = float(rng.choice([2, 4.5, 7]))
    found = ledger(network, snaps, homes, lost, minutes=minutes)
    walk_to = cache(lambda ids: nearest(network, sites.loc[list(ids)]).cost(snaps)[0].astype(np.int64))
    agrees(found, recomputed(network, homes, snaps, lost, minutes, walk_to), list(lost.gone.index))


def by_scipy(network, snaps, sites):
    """The walk from every home to the nearest of any sites, by SciPy."""
    every = walks(network, snaps, sites)
    rows = {name: every[i] for i, name in enumerate(sites.index)}
    none = np.full(len(snaps.segment), int(paths.FAR), np.int64)
    return rows, cache(lambda ids: np.min([none, *(rows[name] for name in ids)], axis=0))


def told_right(network, homes, snaps, lost, minutes):
    """The ledger agrees with SciPy in every figure; return it."""
    found = ledger(network, snaps, homes, lost, minutes=minutes)
    every = pd.concat([lost.gone, lost.left])
    rows, walk_to = by_scipy(network, snaps, every)
    measured = [name for name in lost.gone.index if (rows[name] < paths.FAR).any()]
    assert set(measured) == set(found.closures.index[found.closures["reached"] == "yes"])
    only = Lost(lost.gone.loc[measured], lost.left)
    agrees(found, recomputed(network, homes, snaps, only, minutes, walk_to), measured)

    people, children = figures(homes, snaps)
    left, gone = list(lost.left.index), measured
    now, before = walk_to((*left,)), walk_to((*left, *gone))
    np.testing.assert_array_equal(found.walks["after_minutes"], network.minutes(now.astype(np.int32)))
    np.testing.assert_array_equal(found.walks["before_minutes"], network.minutes(before.astype(np.int32)))
    nearest_gone = np.argmin([rows[name] for name in gone], axis=0) if gone else np.zeros(len(homes), int)
    grew = before < now
    for i, name in enumerate(gone):
        mine, row = grew & (nearest_gone == i), found.closures.loc[name]
        assert row[list(PEOPLE)].tolist() == pytest.approx([people[who][mine].sum() for who in PEOPLE])
        flow = found.flows[found.flows["site_id"] == name]
        assert flow["under5"].sum() == pytest.approx(people["under5"][mine].sum())
        order = np.argsort((now - before)[mine], kind="stable")
        heap = np.cumsum(children[mine][order])
        if len(heap) and heap[-1] > 0 and (now[mine] < paths.FAR).all():
            for part, column in ((0.5, "extra_minutes_median"), (0.9, "extra_minutes_p90")):
                at = np.searchsorted(heap, heap[-1] * part * (1 - 1e-9))
                extra = (now - before)[mine][order][at] / (1000 * network.profile.metres_per_minute)
                assert row[column] == pytest.approx(extra)
    assert found.together[list(PEOPLE)].tolist() == pytest.approx([people[who][grew].sum() for who in PEOPLE])
    limit = minutes * 1000 * network.profile.metres_per_minute
    assert found.together["base"] == pytest.approx(children.sum())
    assert found.together["beyond_before"] == pytest.approx(children[before > limit].sum())
    assert found.together["beyond_after"] == pytest.approx(children[now > limit].sum())
    rows = found.closures
    for of in ("crossed", "minutes"):
        assert rows[f"share_{of}"].sum() == pytest.approx(found.together[of])
        assert (rows[f"alone_{of}"].dropna() <= rows[f"share_{of}"].dropna() + 1e-6).all()
        assert (rows[f"share_{of}"].dropna() <= rows[f"reopened_{of}"].dropna() + 1e-6).all()
    assert rows["crossed"].sum() == pytest.approx(found.together["crossed"])
    assert found.together["crossed"] == pytest.approx(found.together["beyond_after"] - found.together["beyond_before"])
    tables.check(tables.Closures, rows, "the ledger")
    return found


@pytest.fixture(scope="module")
def island():
    return ground(Place.open(SAMPLE / "isle_of_wight"), BUGGY)


@pytest.fixture(scope="module")
def centres():
    return Place.open(SAMPLE / "isle_of_wight").centres()


class TestTheIsland:
    """Five full centres of the Isle of Wight became linked sites in March 2016."""

    @pytest.mark.parametrize("minutes", [10, 15, 30])
    def test_every_figure_by_scipy_and_by_all_subsets(self, island, centres, minutes):
        lost = lost_by(centres, day=DAY, counting="full")
        assert (len(lost.gone), len(lost.left)) == (5, 3)
        told_right(island.network, island.origins, island.counted_snaps, lost, minutes)

    def test_before_and_after_are_what_the_gaps_say_of_eight_and_of_three(self, island, centres):
        found = ledger(
            island.network, island.counted_snaps, island.origins, lost_by(centres, day=DAY, counting="full"), minutes=15
        )
        for statuses, column in ((SERVING, "beyond_before"), (("open",), "beyond_after")):
            sites = serving(centres, day=DAY, statuses=statuses)
            reach = reach_from(island.network, island.snaps, island.origins["area_code"], sites)
            table = gaps(island.areas, island.origins, reach, homes=island.homes)
            assert found.together[column] == pytest.approx(table["under5_beyond"].sum())
            # and by SciPy, from the homes' weights alone
            cost = walks(island.network, island.snaps, sites).min(axis=0)
            far = island.snaps.on_network & (cost > 1_000_000)
            assert found.together[column] == pytest.approx(island.origins["under5"].to_numpy()[far].sum())

    def test_nothing_had_happened_by_the_day_before(self, island, centres):
        lost = lost_by(centres, day=date(2016, 3, 6), counting="full")
        assert lost.gone.empty
        found = ledger(island.network, island.counted_snaps, island.origins, lost, minutes=15)
        assert found.together["crossed"] == 0
        assert lost_by(centres, day=DAY, counting="full", since=date(2016, 3, 8)).gone.empty
        assert len(lost_by(centres, day=DAY, counting="full", since=date(2016, 3, 7)).gone) == 5


@pytest.fixture(scope="module")
def leeds(real_place):
    """Leeds with the council's word on its closures."""
    place = real_place("leeds-review")
    return place.centres(), ground(place, BUGGY)


@pytest.mark.real
class TestLeeds:
    """Fifteen centres of Leeds are to close, or have; the streets end before some of them do."""

    @pytest.mark.parametrize("confirmed_only", [False, True])
    @pytest.mark.parametrize("counting", ["listed", "full"])
    def test_the_ledger_runs_to_the_end_and_agrees_with_scipy(self, leeds, counting, confirmed_only):
        centres, on = leeds
        lost = lost_by(centres, day=DAY, counting=counting, confirmed_only=confirmed_only)
        found = told_right(on.network, on.origins, on.counted_snaps, lost, 15)
        has_door = set(lost.gone.index[np.unique(on.network.doors(lost.gone.geometry.to_numpy()).site)])
        unmeasured = found.closures.index[found.closures["reached"] != "yes"]
        assert set(unmeasured) == set(lost.gone.index) - has_door
        assert len(unmeasured)
        assert list(found.closures.index[-len(unmeasured) :]) == list(unmeasured)

    def test_fifteen_are_announced_or_closed_and_five_are_confirmed(self, leeds):
        centres, _ = leeds
        every, sure = (lost_by(centres, day=DAY, confirmed_only=only) for only in (False, True))
        assert every.gone["event"].value_counts().to_dict() == {"announced": 10, "closed": 5}
        assert sure.gone["event"].value_counts().to_dict() == {"closed": 5}
        assert set(every.left.index) < set(sure.left.index)
        council = set(every.gone.index)
        assert council == set(centres.index[centres["status"].isin(["announced", "closed"])])
        # the day before the council's page was seen, what it announced was not known
        earlier = lost_by(centres, day=date(2025, 12, 30))
        assert set(earlier.gone["event"]) <= {"announced"}  # whose own day had passed
        assert (earlier.gone["closed"] <= pd.Timestamp(2025, 12, 30)).all()

    def test_hubs_only_with_a_list_of_hubs(self, leeds):
        centres, on = leeds
        hubs = centres.assign(hub=pd.Series("Hub", index=centres.index[::2], dtype="str").reindex(centres.index))
        lost = lost_by(hubs, day=DAY, counting="hubs")
        assert set(lost.gone.index) == set(lost_by(centres, day=DAY).gone.index) & set(centres.index[::2])
        told_right(on.network, on.origins, on.counted_snaps, lost, 15)

    def test_confirmed_and_all_differ_by_what_is_only_announced(self, leeds):
        centres, on = leeds
        asked = {"statuses": SERVING, "day": DAY}
        sums = {}
        for only in (False, True):
            lost = lost_by(centres, day=DAY, confirmed_only=only)
            sums[only] = ledger(on.network, on.counted_snaps, on.origins, lost, minutes=15).together
        assert sums[True]["beyond_before"] == sums[False]["beyond_before"]
        assert sums[True]["beyond_after"] <= sums[False]["beyond_after"]
        # with the likeliest reading, those whose day has passed have closed and the undated two have not
        reach = reach_from(on.network, on.snaps, on.origins["area_code"], serving(centres, **asked))
        likeliest = gaps(on.areas, on.origins, reach, homes=on.homes, walk=Question().walk)["under5_beyond"].sum()
        assert sums[True]["beyond_after"] <= likeliest + 1e-6 <= sums[False]["beyond_after"] + 1e-6
