"""Candidates for a new centre, as OpenStreetMap has them."""

from __future__ import annotations

import pytest
from shapely.geometry import Point, Polygon

from data.sources.venues import read_venues
from geo.crs import BNG, to_bng
from geo.tables import Venues, check


def metres(*corners):
    lon, lat = zip(*corners, strict=True)
    return list(zip(*to_bng(lon, lat), strict=True))


def test_public_buildings_of_an_extract(fixtures):
    table = read_venues(fixtures / "venues.osm").table
    assert table["kind"].to_dict() == {
        "node/1": "library",
        "node/2": "community_centre",
        "node/6": "health_centre",
        "node/7": "community_centre",  # what it is first; that it holds a clinic comes second
        "way/100": "school",
        "relation/7": "health_centre",
    }
    assert table["name"].fillna("").tolist() == ["Lord Louis", "", "", "", "Nine Acres", "Ring Surgery"]
    assert table["source"].unique().tolist() == ["OpenStreetMap"]
    assert table.index.name == "venue_id"
    check(Venues, table, "venues")


def test_what_is_private_disused_or_without_an_outline_is_counted(fixtures):
    assert read_venues(fixtures / "venues.osm").notes == (
        "Venues of the whole file left out, for want of an outline: 1.",
        "Venues of the whole file left out, private: 2.",
        "Venues of the whole file left out, disused: 1.",
    )


def test_an_area_is_a_point_inside_it(fixtures):
    table = read_venues(fixtures / "venues.osm").table
    assert table.crs == BNG
    assert table.geom_type.unique().tolist() == ["Point"]
    (corner,) = metres((-1.30, 50.70))
    assert table.loc["node/1", "geometry"].distance(Point(corner)) < 0.01
    ring = metres((-1.300, 50.710), (-1.296, 50.710), (-1.296, 50.714), (-1.300, 50.714))
    hole = metres((-1.299, 50.711), (-1.297, 50.711), (-1.297, 50.713), (-1.299, 50.713))
    assert Polygon(ring).contains(table.loc["way/100", "geometry"])
    assert Polygon(ring, [hole]).contains(table.loc["relation/7", "geometry"])  # not in its courtyard


def test_none_is_an_empty_table_and_no_error(file):
    found = read_venues(file('<?xml version="1.0"?><osm version="0.6"></osm>', "none.osm"))
    assert len(found.table) == 0
    assert found.notes == ()
    check(Venues, found.table, "none")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<html>404</html>", "a.osm.pbf", ["a damaged or other file", "an OpenStreetMap extract"]),
        (b"", "a.osm.pbf", ["a damaged or other file"]),
        (b"name,lat,lon\n", "a.csv", ["another file", ".osm.pbf or .osm"]),
    ],
)
def test_a_bad_file_is_refused(file, refused, content, name, words):
    refused(read_venues, file(content, name), *words)


def test_a_missing_file_is_refused(tmp_path, refused):
    refused(read_venues, tmp_path / "a.osm.pbf", "no such file")


@pytest.mark.real
def test_the_venues_of_the_island(real):
    """Counted tag by tag in the extract: 8 + 2 libraries, 41 + 12 + 1 halls, 45 + 3 clinics and 14 + 5 surgeries ..."""
    found = read_venues(real / "isle-of-wight" / "isle-of-wight_2020-04-22.osm.pbf")
    assert found.table["kind"].value_counts().to_dict() == {
        "place_of_worship": 18 + 107 - 1,  # one is private
        "school": 5 + 57 + 3 + 3 + 1 + 1,
        "health_centre": 45 + 3 + 14 + 5,
        "community_centre": 41 + 12 + 1,
        "library": 8 + 2,
    }
    assert found.notes == ("Venues of the whole file left out, private: 1.",)


@pytest.mark.real
def test_streets_alone_have_no_venues(real):
    assert len(read_venues(real / "leeds" / "streets_2022-07.osm.pbf").table) == 0
