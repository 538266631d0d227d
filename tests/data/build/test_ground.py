"""What maps are drawn on: names of wards stand in where the street file has none."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely.geometry import Point, box

from data.build.ground import ground_of, ward_labels
from geo.crs import BNG
from geo.tables import Labels, check
from tests.conftest import NORTH, WEST

SENTENCE = "The street file has {} names of towns and suburbs, so the map shows those of wards."


def at(x, y):
    return Point(WEST + x, NORTH + y)


@pytest.fixture
def areas():
    """Three areas in a row: two of one ward, one whose ward is not known."""
    return gpd.GeoDataFrame(
        {"ward_name": ["Burmantofts & Richmond Hill"] * 2 + [None]},
        geometry=[box(x, NORTH, x + 1000, NORTH + 1000) for x in range(WEST, WEST + 3000, 1000)],
        index=["E01000001", "E01000002", "E01000003"],
        crs=BNG,
    )


@pytest.fixture
def origins():
    places = [(100, 100), (900, 100), (1200, 100), (1900, 900), (2500, 500)]
    codes = ["E01000001", "E01000001", "E01000002", "E01000002", "E01000003"]
    return gpd.GeoDataFrame({"area_code": codes}, geometry=[at(*place) for place in places], crs=BNG)


def test_a_ward_has_its_name_at_the_home_in_its_middle(areas, origins):
    table = check(Labels, ward_labels(areas, origins), "wards")
    assert table["name"].tolist() == ["Burmantofts & Richmond Hill"]
    assert table[["kind", "rank", "angle"]].iloc[0].tolist() == ["suburb", 4, 0]
    assert table.geometry.iloc[0] == at(900, 100)  # their mean is at 1025, 300


@pytest.mark.parametrize(
    ("places", "wards", "word"), [([], 1, "no"), (["A", "B"], 1, "few"), (["A", "B", "C"], 0, None)]
)
def test_wards_stand_in_for_places(osm_file, areas, origins, places, wards, word):
    nodes = [((700 * n, 500), {"place": "village", "name": name}) for n, name in enumerate(places, start=1)]
    street = ([(0, 0), (500, 0)], {"highway": "residential", "name": "High Street"})
    notes = []
    _, labels = ground_of(osm_file([street], nodes), areas, origins, notes)
    assert labels["name"].str.startswith("Burmantofts").sum() == wards
    assert labels["name"].iloc[-1] == "High Street"
    assert notes == ([SENTENCE.format(word)] if word else [])


def test_without_wards_nothing_is_said(osm_file, areas, origins):
    notes = []
    _, labels = ground_of(osm_file([]), areas.assign(ward_name=None), origins, notes)
    assert labels is None
    assert notes == []


def test_a_name_that_is_there_is_not_written_twice(osm_file, areas, origins):
    node = ((300, 500), {"place": "suburb", "name": "Harehills"})
    notes = []
    _, labels = ground_of(osm_file([], [node]), areas.assign(ward_name="Harehills"), origins, notes)
    assert labels["name"].tolist() == ["Harehills"]
    assert notes == []
