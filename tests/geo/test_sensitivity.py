"""How sure the answer is: the nine cells worked by hand, and by other means on the Isle of Wight."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.access import reach
from geo.crs import BNG
from geo.errors import RequestError
from geo.gaps import Walk, gaps
from geo.network import WalkNetwork
from geo.sensitivity import SPEEDS_KMH, robustness, thresholds_of
from layers.answers.question import Question, answer
from layers.answers.summary import band, band_said

CELLS = [(speed, minutes) for speed in (4.8, 4.0, 3.2) for minutes in (12.0, 15.0, 20.0)]
CODES = [f"E0100000{i}" for i in range(1, 6)]


@pytest.fixture(scope="module")
def areas():
    """Five areas: far by a little, near with a few who are not, without street data, without a route, just near."""
    frame = pd.DataFrame(
        {
            "area_name": CODES, "authority_code": "E06000046", "imd_rank": 100.0, "imd_decile": 4.0,
            "idaci_rank": 300.0, "idaci_decile": 3.0, "residents": 1000.0, "born_outside_uk": 50.0,
            "under2": 40.0, "under5": [60.0, 60, 40, 50, 30], "change_2011": None,
        },
        index=pd.Index(CODES, name="area_code"),
    )  # fmt: skip
    return gpd.GeoDataFrame(frame, geometry=[shapely.box(i, 0, i + 1, 1) for i in range(5)], crs=BNG)


@pytest.fixture(scope="module")
def walked():
    """Origins and their reach at 4 km/h: (area, under-fives, minutes or why not)."""
    rows = [(0, 60, 17.0), (1, 40, 5.0), (1, 20, 11.0), (2, 40, "off_network"), (3, 50, "no_route"), (4, 30, 10.0)]
    index = pd.Index([f"P{i}" for i in range(len(rows))], name="origin_id")
    origins = pd.DataFrame(
        {
            "area_code": [CODES[area] for area, _, _ in rows],
            "under5": [float(n) for _, n, _ in rows],
            "residents": 10.0, "born_outside_uk": 5.0,
        },
        index=index,
    )  # fmt: skip
    minutes = np.array([m if isinstance(m, float) else np.nan for _, _, m in rows])
    table = pd.DataFrame(
        {
            "area_code": origins["area_code"], "site_id": np.where(np.isnan(minutes), None, "s"), "minutes": minutes,
            "metres": minutes * 66, "reached": ["yes" if isinstance(m, float) else m for _, _, m in rows],
        },
        index=index,
    )  # fmt: skip
    return origins, table


@pytest.fixture(scope="module")
def sure(areas, walked):
    return robustness(areas, *walked, profile_speed_kmh=4.0)


def test_three_thresholds_around_the_one_that_is_asked_about():
    assert thresholds_of(15) == (12, 15, 20)
    assert thresholds_of(7.5) == (6, 7.5, 10)
    assert thresholds_of(10) == (8, 10, 13.3)
    assert thresholds_of(37.123) == (29.7, 37.123, 49.5)
    assert thresholds_of(0.05) == (0.04, 0.05, 0.0667)


def test_the_headline_in_nine_cells_by_hand(sure):
    # a walk of 17 minutes at 4 km/h is one of 14.2 at 4.8 and of 21.3 at 3.2; 10 are 8.3 and 12.5; 11 are 13.8 at 3.2
    grid = sure.grid
    assert grid.index.to_list() == CELLS
    assert grid.index.names == ["speed_kmh", "minutes"]
    assert grid["under5_beyond"].tolist() == [110, 50, 50, 110, 110, 50, 160, 110, 110]
    assert grid["under5_known"].tolist() == [200] * 9
    assert grid["areas_near"].tolist() == [1, 2, 2, 1, 2, 2, 1, 1, 2]
    assert grid["areas_fair"].tolist() == [1, 1, 1, 1, 0, 1, 0, 1, 0]
    assert grid["areas_far"].tolist() == [2, 1, 1, 2, 2, 1, 3, 2, 2]
    assert grid["areas_known"].tolist() == [4] * 9
    assert grid["areas_changed"].tolist() == [1, 1, 1, 1, 0, 1, 1, 1, 0]


def test_which_areas_change_and_where_first(sure):
    assert sure.changing.tolist() == [True, False, False, False, True]
    first = sure.first_change
    # the last changes at 3.2 km/h as at 12 minutes, both a quarter off: the speed is named
    assert first["speed_kmh"].tolist() == pytest.approx([4.8, np.nan, np.nan, np.nan, 3.2], nan_ok=True)
    assert first["minutes"].tolist() == pytest.approx([15, np.nan, np.nan, np.nan, 15], nan_ok=True)
    assert first["access_class"].fillna("").tolist() == ["fair", "", "", "", "fair"]


def test_an_area_without_street_data_counts_nowhere(sure):
    assert (sure.classes.loc[CODES[2]] == "no street data").all()
    assert sure.beyond.loc[CODES[2]].isna().all()
    assert np.isnan(sure.known[CODES[2]])
    assert sure.seen.tolist() == [True, True, False, True, True]


def test_some_of_the_areas(sure):
    some = sure.among(pd.Index([CODES[4], CODES[2]]))
    assert some.grid.loc[(3.2, 12.0)].to_dict() == {
        "under5_beyond": 30, "under5_known": 30, "areas_near": 0, "areas_fair": 0, "areas_far": 1, "areas_known": 1,
        "areas_changed": 1,
    }  # fmt: skip
    assert some.changing.tolist() == [True, False]
    blind = sure.among(pd.Index([CODES[2]]))
    assert blind.grid[["under5_beyond", "under5_known"]].isna().all(axis=None)
    assert (blind.grid["areas_known"] == 0).all()
    nobody = sure.among(pd.Index([]))
    assert len(nobody.first_change) == 0
    assert (nobody.grid["areas_known"] == 0).all()


def test_without_counts_of_children_nothing_is_said_of_them(areas, walked):
    origins, table = walked
    sure = robustness(areas.assign(under5=np.nan), origins.assign(under5=np.nan), table, profile_speed_kmh=4.0)
    assert sure.grid[["under5_beyond", "under5_known"]].isna().all(axis=None)
    assert sure.grid.loc[sure.asked, "areas_far"] == 2


def test_the_asked_speed_and_threshold_are_always_there(areas, walked):
    sure = robustness(areas, *walked, profile_speed_kmh=4.5, walk=Walk(minutes=14), thresholds=(10, 15, 20, 15))
    assert sure.classes.columns.to_list() == [(s, t) for s in (4.5, 4.0, 3.2) for t in (10, 14, 20)]
    assert sure.asked == (4.5, 14)
    assert sure.grid.loc[sure.asked, "areas_changed"] == 0
    alone = robustness(areas, *walked, profile_speed_kmh=3.0, speeds=(5,), thresholds=(7,))
    assert alone.classes.columns.to_list() == [(3.0, 15.0)]
    assert not alone.changing.any()


def test_the_longest_threshold_that_can_be_asked_about_has_a_longer_one_beside_it(areas, walked):
    sure = robustness(areas, *walked, profile_speed_kmh=4.0, walk=Walk(minutes=240))
    assert sure.grid.loc[(4.8, 320.0), "under5_beyond"] == 50


@pytest.mark.parametrize("given", [{"speeds": ()}, {"thresholds": (0, 15)}, {"speeds": (4, float("nan"))}])
def test_what_makes_no_sense_is_refused(areas, walked, given):
    with pytest.raises(RequestError):
        robustness(areas, *walked, profile_speed_kmh=4.0, **given)


def nine_of(found):
    on, question = found.ground, found.question
    return robustness(
        on.areas, on.origins, found.reach, profile_speed_kmh=question.walker.speed_kmh, walk=question.walk, homes=on.homes
    )  # fmt: skip


@pytest.fixture(scope="module", params=["buggy", "adult"])
def asked(request, island):
    found = answer(island, Question(profile=request.param, day=date(2026, 1, 30)))
    return found, nine_of(found)


def test_the_asked_cell_is_the_answer_itself(asked):
    found, sure = asked
    assert sure.asked == (found.question.walker.speed_kmh, 15)
    assert sorted(sure.classes.columns.get_level_values(0).unique()) == sorted(SPEEDS_KMH)
    pd.testing.assert_series_equal(sure.classes[sure.asked], found.gaps["access_class"], check_names=False)
    pd.testing.assert_series_equal(
        sure.beyond[sure.asked], found.gaps["under5_beyond"], check_names=False, check_exact=True
    )
    pd.testing.assert_series_equal(sure.known, found.gaps["under5_known"], check_names=False)


@pytest.mark.parametrize(("profile", "minutes"), [("buggy", 15.0), ("adult", 15.0), ("toddler", 20.0)])
def test_the_quick_grid_is_the_same(island, profile, minutes):
    """From the walks of the homes that sums are made of, without a table of areas."""
    found = answer(island, Question(day=date(2026, 6, 1), profile=profile, minutes=minutes))
    on, speed = found.ground, found.question.walker.speed_kmh
    whole = robustness(
        on.areas, on.origins, found.reach, homes=on.homes, profile_speed_kmh=speed, walk=found.question.walk
    )  # fmt: skip
    quick = band(found)
    cells = whole.grid["under5_beyond"].to_numpy().reshape(3, 3)  # speeds, and thresholds within each
    assert list(whole.grid.index) == [(one, limit) for one in quick.index for limit in quick.columns]
    assert quick.to_numpy() == pytest.approx(cells)
    assert quick.loc[speed, minutes] == pytest.approx(found.gaps["under5_beyond"].sum())
    said = band_said(quick, found.question)
    assert said.startswith(
        f"How sure is {round(quick.loc[speed, minutes]):,}? Lowest estimate {round(cells.min()):,} ("
    )
    assert f"highest {round(cells.max()):,} (" in said


def test_slower_or_sooner_never_brings_anybody_nearer(asked):
    _, sure = asked
    step = {"near": 0, "fair": 1, "far": 2}
    for table in (sure.beyond, sure.classes.map(step.get)):
        for speed in SPEEDS_KMH:
            assert (table[speed].diff(axis=1).iloc[:, 1:] <= 1e-9).all(axis=None)
        for minutes in (12.0, 15.0, 20.0):
            by_speed = table.xs(minutes, axis=1, level="minutes")
            assert (by_speed.diff(axis=1).iloc[:, 1:] >= -1e-9).all(axis=None)  # slower from left to right


def test_every_cell_is_what_pandas_finds_home_by_home(asked):
    found, sure = asked
    homes = found.ground.origins[["area_code", "under5"]].join(found.reach[["minutes", "reached"]])
    homes = homes[homes["reached"] != "off_network"]
    assert set(homes["area_code"]) == set(sure.classes.index)  # no area of the island is without street data
    children = homes.groupby("area_code")["under5"].sum()
    for speed, minutes in CELLS:
        walk = (homes["minutes"] * found.question.walker.speed_kmh / speed).fillna(np.inf)
        beyond = homes["under5"].where(walk > minutes, 0).groupby(homes["area_code"]).sum()
        np.testing.assert_allclose(sure.beyond[speed, minutes], beyond.reindex(sure.beyond.index), atol=1e-6)
        near = homes["under5"].where(walk <= minutes * 2 / 3, 0).groupby(homes["area_code"]).sum()
        half = children / 2 - 1e-6
        named = (
            pd.Series("far", index=children.index).mask(children - beyond >= half, "fair").mask(near >= half, "near")
        )
        assert sure.classes[speed, minutes].tolist() == named.reindex(sure.classes.index).tolist()
        assert sure.grid.loc[(speed, minutes), "under5_beyond"] == pytest.approx(beyond.sum())


def test_every_speed_is_what_a_walker_of_that_speed_finds(asked, island_segments):
    found, sure = asked
    on = found.ground
    for speed in SPEEDS_KMH:
        network = WalkNetwork.of(island_segments, replace(found.question.walker, speed_kmh=speed))
        anew = reach(network, on.origins, found.sites)
        for minutes in (12.0, 15.0, 20.0):
            table = gaps(on.areas, on.origins, anew, walk=Walk(minutes=minutes))
            assert table["access_class"].tolist() == sure.classes[speed, minutes].tolist()
            np.testing.assert_allclose(table["under5_beyond"], sure.beyond[speed, minutes], atol=1e-6)


def test_on_the_island_about_half_of_the_areas_are_fragile(asked):
    _, sure = asked
    assert sure.changing.equals(sure.classes.apply(lambda row: len(set(row)) > 1, axis=1).rename("changing"))
    assert 0.3 < sure.changing.mean() < 0.6
    first = sure.first_change
    for code, row in first[sure.changing].iterrows():
        assert sure.classes.loc[code, (row["speed_kmh"], row["minutes"])] == row["access_class"]
        assert row["access_class"] != sure.classes.loc[code, sure.asked]
    assert first[~sure.changing].isna().all(axis=None)
