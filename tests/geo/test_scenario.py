"""What if: changes, the copy they are applied to, and what is said of them."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date

import pandas as pd
import pytest
import shapely

from geo.errors import RequestError
from geo.scenario import (
    CHANGES,
    MOST_CHANGES,
    AddSite,
    ChangeOpening,
    CloseSite,
    DowngradeSite,
    MoveSite,
    OpenSite,
    Scenario,
    apply,
    resolve,
)
from geo.sites import serving, status_on
from tests.geo.conftest import ORIGIN
from tests.geo.rows import site_table

DAY = date(2026, 11, 21)
EAST, NORTH = ORIGIN
STREET = {"highway": "residential"}


@pytest.fixture(scope="module")
def town_sites():
    """One of each kind, on a street of 8 km."""
    rows = {
        "full": {"at": (1000, 0), "opened": "2005-01-01", "source_date": "2026-01-30"},
        "linked": {"at": (2000, 0), "status": "linked", "linked_since": "2016-03-07", "source_date": "2026-01-30"},
        "closed": {"at": (3000, 0), "status": "closed", "closed": "2018-06-30"},
        "due": {"at": (4000, 0), "status": "announced", "closed": "2026-12-31", "source_date": "2026-01-01"},
        "past": {"at": (4500, 0), "status": "announced", "closed": "2026-03-31", "source_date": "2026-01-01"},
        "missing": {
            "at": (5000, 0), "status": "no_longer_listed", "last_seen": "2021-01-01", "source_date": "2026-01-30",
        },
        "lost": {"at": None, "opened": "2005-01-01"},
        "hub": {"at": (6000, 0), "hub": "Family Hub"},
        "later": {"at": (7000, 0), "opened": "2027-04-01"},
        "outside": {"at": (7900, 0), "inside": False},
    }  # fmt: skip
    return site_table(rows)


@pytest.fixture(scope="module")
def street(town):
    return town({"a": (0, 0), "b": (4000, 0), "c": (8000, 0)}, [(("a", "b", "c"), STREET)])


def at(x, y=0):
    """Where a new or moved site stands."""
    return {"easting": EAST + x, "northing": NORTH + y}


def same_table(one, other):
    pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))
    assert type(one) is type(other)
    assert one.crs == other.crs
    assert one.geometry.name == other.geometry.name


class TestChanges:
    """What a change is, and what none can be."""

    def test_a_change_is_frozen_and_equal_by_content(self):
        change = MoveSite("1", **at(5))
        assert change == MoveSite("1", **at(5))
        assert len({change, MoveSite("1", **at(5)), CloseSite("1")}) == 2
        with pytest.raises(FrozenInstanceError):
            change.site_id = "2"
        assert {kind.do for kind in CHANGES.values()} == set(CHANGES)
        assert set(CHANGES) == {"close", "open", "downgrade", "opening", "move", "add", "block", "crossing", "mend"}

    @pytest.mark.parametrize("site_id", ["", "a b", "a\n", "é", "a~", "x" * 65, "<b>", "a%"])
    def test_ids_are_plain(self, site_id):
        with pytest.raises(RequestError, match="is not the id of a site"):
            CloseSite(site_id)

    @pytest.mark.parametrize("bad", [float("nan"), float("inf"), -1.0, 700_001.0, 1e308])
    def test_coordinates_are_of_the_national_grid(self, bad):
        with pytest.raises(RequestError, match="not British National Grid coordinates"):
            MoveSite("1", bad, 5.0)
        with pytest.raises(RequestError, match="not British National Grid coordinates"):
            AddSite("new-1", 5.0, bad * 2, "x")

    @pytest.mark.parametrize(
        "name", ["", "  ", "a\nb", "a\tb", "a\x00", "\u202e" * 3, "\ud800", "x" * 81, " " * 90 + "x", "\u200c\u200d "]
    )
    def test_names_are_one_line_that_can_be_shown(self, name):
        with pytest.raises(RequestError, match="1 to 80 letters"):
            AddSite("new-1", 5.0, 5.0, name)

    @pytest.mark.parametrize("day", [date(1, 1, 1), date(1677, 1, 1), date(2262, 12, 31), date(9999, 12, 31)])
    def test_opening_days_are_of_a_time_when_there_may_be_centres(self, town_sites, day):
        with pytest.raises(RequestError, match="no day on which a site may open"):
            ChangeOpening("full", day)
        apply(town_sites, (ChangeOpening("full", date(1900, 1, 1)), ChangeOpening("hub", date(2099, 12, 31))))

    def test_a_scenario_has_a_limit_and_a_plain_name(self):
        made = Scenario(place="p", fingerprint="f", changes=(CloseSite("1"),) * MOST_CHANGES)
        with pytest.raises(RequestError, match=f"at most {MOST_CHANGES} changes, this one has {MOST_CHANGES + 1}"):
            made.with_change(CloseSite("2"))
        for wrong in ({"name": "x" * 81}, {"name": "a\nb"}, {"place": "p\n"}, {"fingerprint": "f\u2028"}):
            with pytest.raises(RequestError) as caught:
                Scenario(**{"place": "p", "fingerprint": "f"} | wrong)
            assert "\n" not in str(caught.value)

    def test_changes_are_added_and_taken_back_one_by_one(self):
        none = Scenario(place="p", fingerprint="f")
        made = none.with_change(CloseSite("1")).with_change(OpenSite("2")).with_change(CloseSite("3"))
        assert made.without(1).changes == (CloseSite("1"), CloseSite("3"))
        assert made.without(2).without(1).without(0) == none
        assert len(none.changes) == 0

    def test_it_is_refused_elsewhere_with_the_reason(self):
        made = Scenario(place="leeds", fingerprint="0123456789abcdef")
        made.require_place(place="leeds", fingerprint="0123456789abcdef")
        with pytest.raises(RequestError, match="made for the place 'leeds', not for 'york'"):
            made.require_place(place="york", fingerprint="0123456789abcdef")
        with pytest.raises(RequestError, match=r"built from other data \(then 0123456789abcdef, now ffff\)"):
            made.require_place(place="leeds", fingerprint="ffff")


class TestApply:
    """The table of sites after a change."""

    def test_nothing_to_do_is_the_table_itself(self, town_sites):
        assert apply(town_sites, ()) is town_sites

    def test_closed_serves_on_no_day(self, town_sites):
        for site_id in ("full", "linked", "due", "past", "missing", "later"):
            table = apply(town_sites, (CloseSite(site_id),))
            for day in (date(2000, 1, 1), date(2016, 1, 1), DAY, date(2099, 1, 1)):
                for reading in ("best", "fewest", "most"):
                    assert site_id not in serving(table, day=day, reading=reading).index

    def test_opened_is_a_full_centre_for_certain_on_every_day(self, town_sites):
        for site_id in town_sites.index:
            table = apply(town_sites, (OpenSite(site_id),))
            for day in (date(2000, 1, 1), DAY, date(2099, 1, 1)):
                assert site_id in serving(table, day=day, counting="full", reading="fewest").index

    def test_downgraded_is_a_linked_site_for_certain(self, town_sites):
        table = apply(town_sites, (DowngradeSite("full"),))
        assert "full" in serving(table, day=DAY, reading="fewest").index
        assert "full" not in serving(table, day=DAY, counting="full", reading="most").index
        assert "full" not in serving(table, day=date(2004, 12, 31), reading="most").index  # it opened when it did

    def test_an_opening_day(self, town_sites):
        table = apply(
            town_sites, (ChangeOpening("later", date(2026, 11, 21)), ChangeOpening("full", date(2026, 11, 22)))
        )
        assert status_on(table, DAY)[["later", "full"]].fillna("-").tolist() == ["open", "-"]
        assert status_on(table, date(2026, 11, 20))[["later", "full"]].isna().all()
        assert status_on(table, date(2026, 11, 22))[["later", "full"]].tolist() == ["open", "open"]
        closed = apply(town_sites, (ChangeOpening("closed", date(2001, 1, 1)),))
        assert status_on(closed, DAY)["closed"] == "closed"  # an opening day opens nothing that has closed

    def test_moved_is_elsewhere_and_otherwise_as_it_was(self, town_sites):
        table = apply(town_sites, (MoveSite("linked", **at(2500, 10)), MoveSite("lost", **at(100))))
        assert table.geometry["linked"] == shapely.Point(EAST + 2500, NORTH + 10)
        assert table.geometry["lost"] == shapely.Point(EAST + 100, NORTH)
        same_table(table.drop(columns="geometry").set_geometry(town_sites.geometry), town_sites)

    def test_added_is_a_full_centre_and_a_hub_of_the_authority(self, town_sites):
        table = apply(town_sites, (AddSite("new-1", name="Library ~ Ü", **at(500)),))
        row = table.loc["new-1"]
        assert row[["name", "kind", "status", "served_as", "hub"]].tolist() == [
            "Library ~ Ü", "centre", "open", "open", "Library ~ Ü",
        ]  # fmt: skip
        assert bool(row["inside"])
        assert row[["opened", "closed", "linked_since", "last_seen", "source_date", "postcode", "note"]].isna().all()
        assert list(table.index) == [*town_sites.index, "new-1"]
        for counting in ("listed", "full", "hubs"):
            found = serving(table, day=date(1999, 1, 1), counting=counting, context=False, reading="fewest")
            assert "new-1" in found.index

    def test_the_hub_of_a_site_stays_through_closing_and_opening(self, town_sites):
        table = apply(town_sites, (CloseSite("hub"), OpenSite("hub"), MoveSite("hub", **at(1))))
        assert list(serving(table, day=DAY, counting="hubs").index) == ["hub"]

    def test_a_table_with_further_columns_keeps_them(self, town_sites):
        more = town_sites.assign(
            type_code=pd.array(["47"] * len(town_sites), dtype="str"), number=range(len(town_sites))
        )
        with pytest.raises((TypeError, ValueError)):
            apply(more, (AddSite("new-1", name="x", **at(1)),))  # a whole number cannot be missing
        table = apply(more.drop(columns="number"), (AddSite("new-1", name="x", **at(1)), CloseSite("full")))
        assert table["type_code"].dtype == more["type_code"].dtype
        assert pd.isna(table.loc["new-1", "type_code"])

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ((CloseSite("no"),), "change 1: there is no site no in this place"),
            ((CloseSite("full"), MoveSite("no", **at(1))), "change 2: there is no site no in this place"),
            ((AddSite("full", name="x", **at(1)),), "change 1: there is a site full already"),
            ((AddSite("n", name="x", **at(1)), CloseSite("n"), AddSite("n", name="x", **at(1))), "change 3: there is"),
        ],
    )
    def test_what_cannot_be_is_refused_by_its_number(self, town_sites, street, changes, said):
        with pytest.raises(RequestError, match=said):
            apply(town_sites, changes)
        with pytest.raises(RequestError, match=said):
            resolve(town_sites, changes, network=street)


class TestResolve:
    """What is odd is said in a sentence."""

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (CloseSite("full"), ()),
            (CloseSite("due"), ()),
            (OpenSite("closed"), ()),
            (OpenSite("linked"), ()),
            (OpenSite("due"), ()),
            (MoveSite("full", EAST + 10, NORTH), ()),
            (AddSite("new-1", EAST + 10, NORTH, "Library"), ()),
            (CloseSite("closed"), ("Centre closed does not serve, so closing it changes nothing.",)),
            (CloseSite("missing"), ("Centre missing does not serve, so closing it changes nothing.",)),
            (CloseSite("past"), ("Centre past does not serve, so closing it changes nothing.",)),
            (CloseSite("later"), ("Centre later does not serve, so closing it changes nothing.",)),
            (OpenSite("full"), ("Centre full is open as a full centre already, so opening it changes nothing.",)),
            (DowngradeSite("linked"), ("Centre linked is a linked site already, so that changes nothing.",)),
            (
                DowngradeSite("full"),
                ("Centre full still counts as a linked site; choose full centres only to see what the change takes.",),
            ),
            (DowngradeSite("closed"), ("Centre closed does not serve, so that opens it, as a linked site.",)),
            (
                DowngradeSite("later"),
                ("Centre later is not there yet on that day, so downgrading it changes nothing.",),
            ),
            (MoveSite("closed", EAST + 10, NORTH), ("Centre closed does not serve, so moving it changes nothing.",)),
            (
                AddSite("new-1", EAST, NORTH + 251, "Library"),
                ("Library would be more than 250 m from any street we have, so nobody can walk to it.",),
            ),
            (
                MoveSite("full", EAST, NORTH + 251),
                ("Centre full would be more than 250 m from any street we have, so nobody can walk to it.",),
            ),
            (MoveSite("full", EAST, NORTH + 249), ()),
            (ChangeOpening("full", DAY), ()),
            (
                ChangeOpening("full", date(2026, 11, 22)),
                ("Centre full would not be open yet on 21 November 2026, so it does not count on that day.",),
            ),
            (
                ChangeOpening("closed", date(2001, 1, 1)),
                ("Centre closed does not serve, so another opening day changes nothing.",),
            ),
        ],
    )
    def test_sentences(self, town_sites, street, change, said):
        assert resolve(town_sites, (change,), network=street, day=DAY) == said

    def test_they_speak_of_the_day_that_is_asked_about(self, town_sites, street):
        for change in (CloseSite("closed"), CloseSite("past"), CloseSite("missing"), MoveSite("closed", EAST, NORTH)):
            assert resolve(town_sites, (change,), network=street, day=date(2012, 1, 1)) == ()
        assert resolve(town_sites, (CloseSite("closed"),), network=street) != ()  # as last known
        assert resolve(town_sites, (OpenSite("linked"),), network=street, day=date(2012, 1, 1)) != ()

    def test_of_full_centres_a_downgrade_takes_something(self, town_sites, street):
        asked = {"network": street, "day": DAY, "counting": "full"}
        assert resolve(town_sites, (DowngradeSite("full"),), **asked) == ()

    def test_each_change_is_judged_after_those_before_it_and_each_sentence_said_once(self, town_sites, street):
        odd = resolve(
            town_sites, (CloseSite("full"), CloseSite("full"), CloseSite("full"), OpenSite("full"), OpenSite("full")),
            network=street, day=DAY,
        )  # fmt: skip
        assert odd == (
            "Centre full does not serve, so closing it changes nothing.",
            "Centre full is open as a full centre already, so opening it changes nothing.",
        )
        new = AddSite("new-1", EAST, NORTH, "Library")
        assert resolve(town_sites, (new, CloseSite("new-1"), OpenSite("new-1")), network=street, day=DAY) == ()

    def test_a_site_without_a_name(self, town_sites, street):
        nameless = town_sites.assign(name=town_sites["name"].where(town_sites.index != "closed"))
        (said,) = resolve(nameless, (CloseSite("closed"),), network=street, day=DAY)
        assert said == "a site without a name does not serve, so closing it changes nothing."
