"""Wards and towns: whose homes they are, on a place of three areas and on the island."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from data.place import SAMPLE, Place
from layers.answers.place_parts import parts_of, towns, wards

A, B, C = "E01000001", "E01000002", "E01000003"


@pytest.fixture
def areas():
    return gpd.GeoDataFrame(
        {"ward_code": ["E05000001", "E05000001", None], "ward_name": ["North", "North", None]},
        index=pd.Index([A, B, C], name="area_code"),
        geometry=[shapely.box(at * 1000, 0, at * 1000 + 1000, 1000) for at in range(3)],
        crs=27700,
    )


@pytest.fixture
def homes():
    points = [shapely.Point(x, 500) for x in (500, 950, 1050, 2500)]
    return gpd.GeoDataFrame({"area_code": [A, A, B, C]}, geometry=points, crs=27700)


def test_wards(areas, homes):
    parts = wards(areas, homes)
    assert parts.names.to_dict() == {"E05000001": "North"}
    assert parts.shapes["E05000001"].equals(shapely.box(0, 0, 2000, 1000))
    assert parts.areas == {"E05000001": {A, B}}
    assert parts.of_area == {A: "E05000001", B: "E05000001"}
    assert pd.isna(parts.home).tolist() == [False, False, False, True]


def test_towns(areas, homes):
    built = gpd.GeoDataFrame(geometry=[shapely.box(400, 450, 1100, 550), shapely.box(2400, 450, 2600, 550)], crs=27700)
    said = {"name": ["Old Town", "Old Town", "Nowhere"], "kind": ["town", "village", "village"]}
    at = [shapely.Point(500, 500), shapely.Point(2500, 500), shapely.Point(9000, 9000)]
    parts = towns(gpd.GeoDataFrame(said, geometry=at, crs=27700), built, homes)
    assert parts.names.to_dict() == {"old-town": "Old Town", "old-town-2": "Old Town"}
    assert parts.kinds.to_dict() == {"old-town": "town", "old-town-2": "village"}
    assert parts.home.tolist() == ["old-town"] * 3 + ["old-town-2"]
    assert parts.areas == {"old-town": {A, B}, "old-town-2": {C}}
    assert parts.of_area == {A: "old-town", B: "old-town", C: "old-town-2"}
    assert parts.at(2500, 500) == "old-town-2"
    assert parts.at(2600, 500) is None


def test_a_place_that_knows_of_neither(small_place):
    assert "towns" not in parts_of(small_place)


def test_the_towns_of_the_island():
    parts = parts_of(Place.open(SAMPLE / "isle_of_wight"))["towns"]
    assert {"Newport", "Ryde", "Cowes", "East Cowes", "Ventnor", "Sandown", "Shanklin"} <= set(parts.names)
    assert "Binstead" not in set(parts.names), "Ryde has grown together with it"
    assert "Gurnard" not in set(parts.names), "Cowes has"
