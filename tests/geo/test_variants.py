"""Robust and fragile areas by hand: five areas of one home each; and the same walks by other boundaries."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.stats import binom

from geo.crs import BNG
from geo.gaps import Walk
from geo.homes import Homes
from geo.need import need
from geo.variants import variants
from geo.zones import by_zones

CODES = [f"E0100000{i}" for i in range(5)]
TAGGED = [14.0, 5.0, 30.0, 24.0, 5.0]


def reach(minutes):
    walked = np.array(minutes)
    return pd.DataFrame(
        {
            "area_code": CODES, "site_id": "s", "minutes": walked, "metres": walked * 66,
            "reached": np.where(np.isnan(walked), "no_route", "yes"),
        },
        index=pd.Index([f"P{i}" for i in range(5)], name="origin_id"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def tried():
    areas = gpd.GeoDataFrame(
        {
            "imd_rank": 100.0, "idaci_rank": 300.0, "residents": 1000.0, "born_outside_uk": 50.0, "under2": 40.0,
            "under5": 100.0, "change_2011": None,
        },
        index=pd.Index(CODES, name="area_code"), geometry=[shapely.box(i, 0, i + 1, 1) for i in range(5)], crs=BNG,
    )  # fmt: skip
    origins = pd.DataFrame(
        {"area_code": CODES, "under5": 100.0, "residents": 1000.0, "born_outside_uk": 50.0}, index=reach(TAGGED).index
    )
    barred = reach([16.0, 5.0, 30.0, 24.0, np.nan])
    return variants(
        areas, origins, {"as_tagged": reach(TAGGED), "pessimistic": barred},
        within={"ground_unknown": reach(TAGGED), "gate_untagged": barred},
        profile_speed_kmh=4.0, walk=Walk(), homes=Homes.of(areas, origins), needs=need(areas),
    )  # fmt: skip


def test_what_decides_by_hand(tried):
    found = tried.areas
    assert found["sure"].tolist() == ["fragile", "robust", "robust", "fragile", "fragile"]
    assert found["decides"].tolist() == ["gate_untagged 3.2_km/h 12_minutes", "", "", "together", "gate_untagged"]
    assert found["only"].tolist() == [False, False, False, True, True]
    # 14 minutes: fair as asked, at 4.8 km/h (11.7 of 15; and 20: near), and at 20 minutes; 16 minutes: at 4.8 and 20
    first = tried.classes.iloc[0]
    assert found["same"].iloc[0] == (first == "fair").sum()
    assert first["as_tagged"].tolist() == ["fair", "fair", "near", "far", "fair", "fair", "far", "far", "fair"]
    assert found.loc[CODES[4], ["same", "under5_beyond_low", "under5_beyond_high"]].tolist() == [9, 0, 100]


def test_the_grid_adds_up_and_the_draws_are_around_it(tried):
    grid = tried.grid
    assert len(grid) == 18
    # 30 and 24 minutes are beyond 15; the pessimistic reading adds 16 minutes, and no way
    assert grid["under5_beyond"]["as_tagged", 4.0, 15.0] == 200
    assert grid["under5_beyond"]["pessimistic", 4.0, 15.0] == 400
    assert (grid["drawn_low"] == grid["under5_beyond"]).all()  # one home an area: there is nothing to draw
    assert grid["areas_changed"]["as_tagged", 4.0, 15.0] == 0
    assert grid["areas_changed"]["pessimistic", 4.0, 15.0] == 2


def test_zones_by_hand():
    minutes = np.array([10.0, 20, 20, 10, 10, np.nan, 5, 5, 5])
    children = np.array([1.0, 1, 1, 1, 1, 1, 0, 2, 2])
    small = np.array(list("aaabbbbcc"), dtype=object)
    large = np.array([*"xxxxxx", "x", "y", None], dtype=object)
    found = by_zones(minutes, children, {"small": small, "large": large}, threshold=15, beside="small")
    assert found.loc["small", ["zones", "zones_far", "under5_there", "under5_beyond"]].tolist() == [3, 1, 3, 3]
    assert found.loc["large", ["zones", "zones_far", "under5_there", "under5_beyond"]].tolist() == [2, 0, 0, 3]
    assert found["other_side"].tolist() == [0, pytest.approx(3 / 8)]  # the children of a; one of c is in no large zone
    assert found["agree"]["small"] == pytest.approx(1)
    ranked = pd.DataFrame({"small": [2 / 3, 1 / 3, 0], "large": [1 / 2, 1 / 2, 0]}).corr("spearman")
    assert found["agree"]["large"] == pytest.approx(ranked.loc["small", "large"])


def test_draws_of_a_half_are_a_binomials():
    from geo.children_drawn import beyond_drawn

    low, high = beyond_drawn(pd.DataFrame({"under5_known": [100.0, np.nan], "under5_beyond": [50.0, np.nan]}))
    assert (low, high) == pytest.approx(binom.interval(0.95, 100, 0.5), abs=2)
    assert np.isnan(beyond_drawn(pd.DataFrame({"under5_known": [np.nan], "under5_beyond": [np.nan]}))).all()
