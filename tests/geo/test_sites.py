"""A site's life: what it was on a day."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.crs import BNG
from geo.sites import serving, status_on


@pytest.fixture
def sites():
    rows = {
        "main": ("open", "open", "2005-01-01", None, None, None, True),
        "linked": ("linked", "linked", "2006-01-01", "2016-03-07", None, None, True),
        "undated": ("open", "open", None, None, None, None, True),
        "closed": ("closed", "open", "2004-01-01", None, "2018-06-30", None, True),
        "gone": ("closed", "open", None, None, None, None, True),
        "due": ("announced", "linked", None, None, "2026-03-31", "2025-12-31", True),
        "unconfirmed": ("announced", "open", None, None, None, "2025-12-31", True),
        "missing": ("no_longer_listed", "open", None, None, None, None, True),
        "neighbour": ("open", "open", None, None, None, None, False),
    }
    frame = pd.DataFrame.from_dict(
        rows,
        orient="index",
        columns=["status", "served_as", "opened", "linked_since", "closed", "source_date", "inside"],
    )
    for column in ("opened", "linked_since", "closed", "source_date"):
        frame[column] = pd.to_datetime(frame[column])
    return gpd.GeoDataFrame(frame.rename_axis("site_id"), geometry=[shapely.Point(0, 0)] * len(frame), crs=BNG)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2004, 6, 1), {"main": None, "linked": None, "closed": "open", "undated": "open"}),
        (date(2015, 1, 1), {"main": "open", "linked": "open", "closed": "open"}),
        (date(2016, 3, 7), {"linked": "linked"}),
        (date(2018, 6, 29), {"closed": "open"}),
        (date(2018, 6, 30), {"closed": "closed"}),
        # before it was announced a centre was what it served as, and nobody knew
        (date(2025, 12, 30), {"due": "linked", "unconfirmed": "open"}),
        (date(2025, 12, 31), {"due": "announced", "unconfirmed": "announced"}),
        (date(2026, 3, 30), {"due": "announced", "unconfirmed": "announced"}),
        (
            date(2026, 3, 31),
            {"due": "closed", "unconfirmed": "announced", "gone": "closed", "missing": "no_longer_listed"},
        ),
    ],
)
def test_status_on_a_day(sites, day, expected):
    status = status_on(sites, day)
    assert {name: None if pd.isna(status[name]) else status[name] for name in expected} == expected


def test_what_serves_is_open_linked_or_not_yet_closed(sites):
    assert set(serving(sites, day=date(2026, 1, 1)).index) == {
        "main", "linked", "undated", "due", "unconfirmed", "neighbour",
    }  # fmt: skip
    assert set(serving(sites, day=date(2026, 1, 1), statuses=("linked",)).index) == {"linked"}
    assert "neighbour" not in serving(sites, day=date(2026, 1, 1), context=False).index
