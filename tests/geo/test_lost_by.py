"""What is gone by a day and what is left, by what counts and by what is certain."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.closures import lost_by
from geo.sites import EVENTS, ever_serving, possible_on
from tests.geo.rows import site_table

DAY = date(2026, 11, 21)

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
                {"closed, no day", "closed", "linked, then closed", "hub", "linked", "due, linked"},
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
            "linked, no day": ("downgraded", "unknown", False),
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
    neither = once.drop([*gone.index, *left.index])
    assert neither.empty or (confirmed_only and counting == "full")
    assert (neither["served_as"] == "linked").all()  # nothing confirms that they were ever full
    assert (neither["linked_since"].isna() & (neither["status"] != "closed")).all()
    assert set(gone["event"]) <= set(EVENTS)
    dated = (gone["event"] == "downgraded") & gone["event_day"].notna()
    assert (gone["confirmed"] == ((gone["event"] == "closed") | dated)).all()
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
        assert gone["confirmed"].all()
    if before is not None:
        since = (pd.Timestamp(day) - pd.Timedelta(days=before)).date()
        part = lost_by(sites, since=since, **asked)
        assert list(part.left.index) == list(left.index)
        assert set(part.gone.index) <= set(gone.index)
        assert not (part.gone["event_day"] < pd.Timestamp(since)).any()
        dropped = gone.drop(part.gone.index)
        assert (dropped["event_day"].fillna(dropped["source_date"]) < pd.Timestamp(since)).all()
