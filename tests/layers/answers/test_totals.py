"""Totals of wards and towns: by hand on six homes, and on the island against plain sums and the place's headline."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.place import SAMPLE, Place
from geo.gaps import gaps, headline
from geo.homes import Homes
from layers.answers.place_parts import parts_of, wards
from layers.answers.question import Answer, Ground, Question, answer
from layers.answers.totals import total_card, totals

A, B, C, D = "E01000001", "E01000002", "E01000003", "E01000004"
NORTH, SOUTH = "E05000001", "E05000002"
CARD = SimpleNamespace(figures={"under5": "mid-2020"})


def ward_totals(found: Answer) -> pd.DataFrame:
    return totals(found, wards(found.ground.areas, found.ground.origins))


def asked(**areas) -> Answer:
    """North: A with 4 and 2 under-fives at 6 and 30 minutes, B with 3 that have no way; South: C, unknown; D of none.

    One home of A, of 1 under-five, is off the streets.
    """
    about = {
        "area_name": list("ABCD"), "ward_code": [NORTH, NORTH, SOUTH, None], "ward_name": ["North", "North", None, None],
        "imd_decile": [1.0] * 4, "imd_rank": [10.0] * 4, "idaci_rank": [20.0] * 4, "residents": [100.0] * 4,
        "born_outside_uk": [10.0] * 4, "under2": [3.0] * 4, "under5": [7.0, 3.0, np.nan, 5.0],
        "change_2011": ["unchanged"] * 4,
    }  # fmt: skip
    squares = [shapely.box(at, 0, at + 1, 1) for at in range(4)]
    index = pd.Index([A, B, C, D], name="area_code")
    ground_areas = gpd.GeoDataFrame(about | areas, index=index, geometry=squares, crs=27700)
    origins = gpd.GeoDataFrame(
        {
            "area_code": [A, A, A, B, C, D], "residents": [50.0, 20.0, 30.0, 100.0, 100.0, 100.0],
            "under5": [4.0, 2.0, 1.0, 3.0, np.nan, 5.0], "under2": [2.0, 1.0, 0.0, 1.0, np.nan, 2.0],
            "born_outside_uk": [5.0, 2.0, 3.0, 10.0, 10.0, 10.0],
        },
        index=[f"H{number}" for number in range(6)], geometry=[shapely.Point(0, 0)] * 6,
    )  # fmt: skip
    reached = ["yes", "yes", "off_network", "no_route", "yes", "yes"]
    minutes = [6.0, 30.0, np.nan, np.nan, 20.0, 20.0]
    reach = pd.DataFrame({"site_id": "1", "minutes": minutes, "metres": 400.0, "reached": reached}, index=origins.index)
    question, homes = Question(minutes=15), Homes.of(ground_areas, origins)
    counted = homes.counted(np.array(reached) != "off_network")
    found = gaps(ground_areas, origins, reach, walk=question.walk, homes=homes)
    return Answer(question, Ground(ground_areas, origins, homes, None, None, counted), None, reach, found)


def test_a_ward_is_the_sum_of_its_homes():
    table = ward_totals(asked())
    north = table.loc[NORTH]
    assert table.index.tolist() == [NORTH, SOUTH]
    assert north[["name", "areas", "beyond_rank"]].tolist() == ["North", 2, 1]
    assert north[["under5", "under5_known", "under5_beyond", "under2"]].tolist() == [10, 9, 5, 4]
    assert north["beyond_share"] == pytest.approx(5 / 9)
    assert north["born_outside_uk_beyond"] == 12
    assert north["minutes_median"] == 30  # 4 of 9 walk 6 minutes, 3 have no way


def test_what_is_not_known_is_missing_and_no_nought():
    south = ward_totals(asked()).loc[SOUTH]
    missing = ["under5", "under5_known", "under5_beyond", "beyond_share", "under2", "beyond_rank"]
    assert south[missing].isna().all()
    assert south["born_outside_uk_beyond"] == 10
    assert south["minutes_median"] == 20  # by its residents
    assert south["name"] == SOUTH, "one without a name is called by its code"


def test_a_place_without_wards_has_none():
    nowhere = asked(ward_code=[None] * 4)
    assert ward_totals(nowhere).empty


def test_the_card():
    found = asked()
    parts = wards(found.ground.areas, found.ground.origins)
    said = total_card(found, parts, totals(found, parts), NORTH, CARD)
    assert said.title == "North"
    assert said.subtitle == f"Ward · 2 neighbourhoods · {NORTH}"
    walk = "more than 15 minutes' walk from a children's centre"
    assert said.said == f"5 of 9 under-fives whose walk is known live {walk}."
    facts = dict(said.facts)
    assert facts["Rank among the wards"] == "1 of 1 (1 has most under-fives beyond)"
    assert facts["Typical walk"] == "about 30 minutes"
    assert facts["Under-fives"] == "10 (mid-2020)"
    unknown = total_card(found, parts, totals(found, parts), SOUTH, CARD)
    assert "not known" in unknown.said
    assert dict(unknown.facts)["Under-fives"] == "not known"


@pytest.fixture(scope="module")
def island():
    return answer(Place.open(SAMPLE / "isle_of_wight"), Question(day=date(2026, 6, 1), minutes=12))


def test_wards_add_up_to_the_headline(island):
    table, gap = ward_totals(island), island.gaps
    assert table["under5_beyond"].sum() == pytest.approx(gap["under5_beyond"].sum(), abs=1e-6)
    beyond, known = table["under5_beyond"].sum(), table["under5_known"].sum()
    said = headline(gap, walk=island.question.walk)
    assert f"{beyond:,.0f} of {known:,.0f} under-fives whose walk is known" in said
    assert table["areas"].sum() == len(gap)
    sums = gap["under5_beyond"].groupby(island.ground.areas["ward_code"]).sum()  # as reports make them
    assert table["under5_beyond"].reindex(sums.index).tolist() == pytest.approx(sums.tolist(), abs=1e-6)
    assert table["under5"].sum() == pytest.approx(island.ground.areas["under5"].sum())


def test_plain_sums_over_homes_say_the_same(island):
    homes = pd.read_parquet(SAMPLE / "isle_of_wight" / "origins.parquet").join(island.reach[["minutes", "reached"]])
    homes["ward"] = homes["area_code"].map(pd.read_parquet(SAMPLE / "isle_of_wight" / "areas.parquet")["ward_code"])
    homes = homes[homes["reached"] != "off_network"]
    far = homes[~(homes["minutes"] <= 12)]
    table = ward_totals(island).sort_index()
    for column, figure in (("under5", "under5_beyond"), ("born_outside_uk", "born_outside_uk_beyond")):
        sums = far.groupby("ward")[column].sum().reindex(table.index, fill_value=0.0)
        assert table[figure].tolist() == pytest.approx(sums.tolist(), abs=1e-6)
    for code, theirs in homes.groupby("ward"):
        walked = theirs.sort_values("minutes")
        half = walked[walked["under5"].cumsum() >= walked["under5"].sum() / 2 - 1e-9].iloc[0]
        assert table.loc[code, "minutes_median"] == pytest.approx(half["minutes"])
    assert table.sort_values("beyond_rank")["under5_beyond"].is_monotonic_decreasing


def test_a_town_is_the_sum_of_its_homes(island):
    towns = parts_of(Place.open(SAMPLE / "isle_of_wight"))["towns"]
    table, here = totals(island, towns), towns.home == "ventnor"
    homes, reach = island.ground.origins[here], island.reach[here]
    assert table.loc["ventnor", "name"] == "Ventnor"
    assert table.loc["ventnor", "under5"] == pytest.approx(homes["under5"].sum())
    assert table.loc["ventnor", "under5_beyond"] == pytest.approx(homes["under5"][~(reach["minutes"] <= 12)].sum())
    assert table["under5"].sum() < island.ground.areas["under5"].sum(), "farms are in no town"
    card = total_card(island, towns, table, "ventnor", CARD)
    assert card.subtitle == "Town · homes in 4 neighbourhoods"
