"""Need without reach, worked by hand: nothing dropped, nothing zero that is not known."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo import tables
from geo.crs import BNG
from geo.errors import RequestError
from geo.gaps import Walk, classes, gaps, headline

CODES = ["E01000001", "E01000002", "E01000003", "E01000004"]


@pytest.fixture
def areas():
    """Four areas: near, far, without street data, without a route."""
    index = pd.Index(CODES, name="area_code")
    frame = pd.DataFrame(
        {
            "area_name": [f"Town {letter}" for letter in "ABCD"],
            "ward_code": None, "ward_name": None, "authority_code": "E06000046", "authority_name": "Town",
            "imd_score": 20.0, "imd_rank": [300.0, 100, 200, 400], "imd_decile": [4.0, 1, 2, 9],
            "idaci_rank": [300.0, 100, 200, 400], "idaci_decile": 3.0, "residents": 1000.0,
            "born_outside_uk": [50.0, 200, 100, 10], "under2": 40.0, "under5": [100.0, 90, 80, 70], "change_2011": None,
        },
        index=index,
    )  # fmt: skip
    return gpd.GeoDataFrame(frame, geometry=[shapely.box(i, 0, i + 1, 1) for i in range(4)], crs=BNG)


@pytest.fixture
def walked(areas):
    """Origins and their reach: (area, under-fives, minutes or why not)."""
    rows = [
        (0, 60, 5.0), (0, 40, 16.0),
        (1, 30, 10.0), (1, 30, 20.0), (1, 30, 40.0),
        (2, 30, 12.0), (2, 50, "off_network"),
        (3, 20, 3.0), (3, 50, "no_route"),
    ]  # fmt: skip
    index = pd.Index([f"P{i}" for i in range(len(rows))], name="origin_id")
    code = [CODES[area] for area, _, _ in rows]
    origins = pd.DataFrame(
        {
            "area_code": code,
            "under5": [float(n) for _, n, _ in rows],
            "residents": 10.0,
            "born_outside_uk": 5.0,
        },
        index=index,
    )
    minutes = [m if isinstance(m, float) else np.nan for _, _, m in rows]
    reach = pd.DataFrame(
        {
            "area_code": code,
            "site_id": ["s" if isinstance(m, float) else None for _, _, m in rows],
            "minutes": minutes,
            "metres": np.array(minutes) * 66,
            "reached": ["yes" if isinstance(m, float) else m for _, _, m in rows],
        },
        index=index,
    )
    return origins, reach


@pytest.fixture
def table(areas, walked):
    return gaps(areas, *walked)


def test_it_keeps_its_contract(table, areas):
    assert list(table.index) == list(areas.index)
    tables.check(tables.Gaps, table, "gaps")


def test_shares_and_counts(table):
    assert table["within_share"].tolist() == pytest.approx([0.6, 1 / 3, np.nan, 2 / 7], nan_ok=True)
    assert table["under5_beyond"].tolist() == pytest.approx([40, 60, np.nan, 50], nan_ok=True)
    assert table["born_outside_uk_beyond"].tolist() == pytest.approx([5, 10, np.nan, 5], nan_ok=True)


def test_median_and_p90_are_weighted_by_children(table):
    assert table["minutes_median"].tolist() == pytest.approx([5, 20, np.nan, np.nan], nan_ok=True)
    assert table["minutes_p90"].tolist() == pytest.approx([16, 40, np.nan, np.nan], nan_ok=True)
    assert table.loc[CODES[1], "metres_median"] == pytest.approx(20 * 66)


def test_no_street_data_is_neither_a_gap_nor_a_zero(table):
    row = table.loc[CODES[2]]
    assert row["access_class"] == "no street data"
    assert np.isnan(row["gap_rank"])
    assert row["off_network_share"] == pytest.approx(50 / 80)
    assert "no streets here" in row["reason"]


def test_no_route_counts_as_far(table):
    row = table.loc[CODES[3]]
    assert row["access_class"] == "far"
    assert "most families cannot walk" in row["reason"]


def test_access_classes_speak_of_the_median(table, areas, walked):
    assert table["access_class"].tolist() == ["near", "far", "no street data", "far"]
    twice = gaps(areas, *walked, walk=Walk(minutes=25))
    assert twice["access_class"].tolist() == ["near", "fair", "no street data", "far"]
    # far if and only if most live beyond
    known = table["within_share"].notna()
    assert ((table["within_share"] < 0.5) == (table["access_class"] == "far"))[known].all()


def test_the_rank_counts_children_by_need(table):
    assert table["gap_rank"].tolist() == pytest.approx([2, 1, np.nan, 3], nan_ok=True)


def test_reasons_say_walk_children_deprivation_and_proxy(table):
    assert table.loc[CODES[1], "reason"] == (
        "High need: the typical walk to a children's centre is about 20 minutes; 60 of 90 under-fives live "
        "beyond 15 minutes; among the 10% most deprived areas of England; 20% of residents born outside the UK."
    )
    assert "among the 20% least deprived areas of England" in table.loc[CODES[3], "reason"]


def test_without_counts_of_children_residents_stand_in_and_it_says_so(areas, walked):
    origins, reach = walked
    table = gaps(areas.assign(under5=np.nan), origins.assign(under5=np.nan), reach)
    assert table["under5_beyond"].isna().all()
    assert table.loc[CODES[1], "within_share"] == pytest.approx(1 / 3)
    assert table["gap_rank"].notna().sum() == 3
    assert "under-fives are not known" in table.loc[CODES[0], "confidence"]


def test_one_area_without_a_count_of_children_is_ranked_by_as_many_as_usual(areas, walked):
    origins, reach = walked
    unknown = origins["under5"].where(origins["area_code"] != CODES[0])
    table = gaps(
        areas.assign(under5=areas["under5"].where(areas.index != CODES[0])), origins.assign(under5=unknown), reach
    )
    # half of its homes' residents are beyond: about 40 children of 80, not 500 residents
    assert table["gap_rank"].tolist() == pytest.approx([2, 1, np.nan, 3], nan_ok=True)
    assert np.isnan(table.loc[CODES[0], "under5_beyond"])


def test_a_few_homes_off_the_streets_are_said(areas, walked):
    origins, reach = walked
    reach.loc["P1", ["reached", "minutes", "site_id"]] = ["off_network", np.nan, None]
    table = gaps(areas, origins, reach)
    assert table.loc[CODES[0], "off_network_share"] == pytest.approx(0.4)
    assert "40% of homes" in table.loc[CODES[0], "confidence"]
    assert table.loc[CODES[0], "under5_beyond"] == 0  # the known ones are all near; the others are not counted


def test_the_headline_counts_only_what_is_known_and_says_so_first(table, areas):
    assert headline(table, walk=Walk(), every=areas["under5"].sum()) == (
        "80 of 340 under-fives (24%) are in none of these numbers: we have no streets near their homes, or near most "
        "homes of their neighbourhood, so their walk is not known. "
        "150 of 260 under-fives whose walk is known (58%) live more than 15 minutes' walk from a children's centre. "
        "In 2 of 3 neighbourhoods most families with a pram do. "
        "Neighbourhoods that we have no streets for are left out: 1."
    )


def test_the_nine_classes_add_up(table, areas):
    counted = classes(table, areas)
    assert counted.shape == (9, 2)
    assert counted["areas"].sum() == 3
    assert counted["under5"].sum() == 260
    assert counted.loc[("high", "far"), "under5"] == 90


def test_minutes_are_said_as_the_table_rounds_them(areas, walked):
    origins, reach = walked
    reach["minutes"] = reach["minutes"].replace({20.0: 19.6, 5.0: 5.2})
    table = gaps(areas, origins, reach)
    assert "the typical walk to a children's centre is about 20 minutes" in table.loc[CODES[1], "reason"]
    assert "is about 5 minutes" in table.loc[CODES[0], "reason"]


def test_children_without_street_data_are_not_in_the_base(areas, walked):
    origins, reach = walked
    reach.loc["P2", ["reached", "minutes", "site_id"]] = ["off_network", np.nan, None]
    assert "60 of 60 under-fives with street data live beyond" in gaps(areas, origins, reach).loc[CODES[1], "reason"]


def test_without_a_site_it_is_said_so(areas, walked):
    origins, reach = walked
    nowhere = reach.assign(minutes=np.nan, site_id=None).replace({"reached": {"yes": "no_route"}})
    said = headline(gaps(areas, origins, nowhere), walk=Walk())
    assert said.startswith("Nobody can walk to a children's centre here: none counts on that day")


@pytest.mark.parametrize("minutes", [0, -5, 241, float("nan")])
def test_a_threshold_of_nonsense_is_refused(minutes):
    with pytest.raises(RequestError, match="longest acceptable walk"):
        Walk(minutes=minutes)


def test_minutes_are_monotone_in_the_threshold(areas, walked):
    shares = [gaps(areas, *walked, walk=Walk(minutes=m))["within_share"].fillna(-1) for m in (5, 10, 15, 20, 45)]
    assert all((b >= a).all() for a, b in zip(shares, shares[1:], strict=False))
