"""A reader's own list of sites: read row by row, each fault said, the good rows known by what is in them."""

from __future__ import annotations

import json

import pytest

from data.place import SAMPLE, Place
from layers.files.own_lists import MOST_SITES, TEMPLATE, read_own_list

HALL = "name,easting,northing\nHall,450014,89065\n"


@pytest.fixture(scope="module")
def island():
    return Place.open(SAMPLE / "isle_of_wight")


@pytest.fixture(scope="module")
def read(island):
    return lambda content, name="mine.csv": read_own_list(
        content if isinstance(content, bytes) else content.encode(), name, island
    )


def test_the_template_can_be_dropped_as_it_is(read, island):
    found = read(TEMPLATE)
    assert found.faults == ()
    assert (len(found.good), found.good.by_postcode) == (3, 1)
    sites = found.good.sites
    assert sites.index.tolist() == ["own-2", "own-3", "own-4"]
    assert sites.geometry.iloc[1].distance(sites.geometry.iloc[0]) < 60
    assert sites.geometry.iloc[2] == island.origins().geometry["PO302AN"]


def test_each_row_that_is_wrong_is_said_and_the_others_are_good(read):
    found = read(
        "name,lat,lon,Postcode\nA,50.7,-1.3,\nB,-1.3,50.7,\nC,x,-1.3,PO30 2AN\nD,,,LS1 1AA\nE,,,\nF,50.7,,\n"
        f"{'G' * 121},50.7,-1.3,\nH,inf,-1.3,\nI,50.7,-1.3,nonsense\n"
    )
    assert [(fault.row, fault.column) for fault in found.faults] == [
        (3, "lon"), (4, "lat"), (5, "Postcode"), (6, None), (7, "lon"), (8, "name"), (9, "lat"),
    ]  # fmt: skip
    said = "\n".join(map(str, found.faults))
    for words in (
        "found 50.7 and -1.3; expected a place in Great Britain", "found 'x'; expected a number",
        "found 'LS1 1AA'; expected a live postcode of Isle of Wight", "found a blank", "found 121 characters",
        "found nothing that says where it is; expected lon and lat, or Postcode",
    ):  # fmt: skip
        assert words in said
    assert found.good.sites.index.tolist() == ["own-2", "own-10"], "coordinates count before a postcode"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("where\nhere\n", "mine.csv", "expected columns easting and northing, or lat and lon, or postcode"),
        (HALL, "mine.xlsx", "expected a file ending in"),
        ("PK\x03\x04", "mine.csv", "found a zip archive"),
        (HALL + "x,1,2\n" * MOST_SITES, "mine.csv", "expected at most 1,000 sites"),
        (" " * 2_000_001, "mine.csv", "expected at most 2 MB"),
        ("{}", "mine.geojson", "GeoJSON FeatureCollection"),
    ],
)
def test_a_file_that_is_no_list_gives_nothing_and_one_fault(read, content, name, said):
    found = read(content, name)
    assert found.good is None
    (fault,) = found.faults
    assert said in str(fault)


def test_a_geojson_with_an_outline_and_no_line(read):
    def features(kind, at):
        one = {"type": "Feature", "properties": {"title": " Big\n hall"}, "geometry": {"type": kind, "coordinates": at}}
        return json.dumps({"type": "FeatureCollection", "features": [one]})

    found = read(features("Polygon", [[[-1.3, 50.7], [-1.299, 50.7], [-1.299, 50.701], [-1.3, 50.7]]]), "a.geojson")
    assert found.good.sites["name"].tolist() == ["Big hall"]
    (fault,) = read(features("LineString", [[-1.3, 50.7], [-1.299, 50.7]]), "a.geojson").faults
    assert str(fault) == "a.geojson, row 1: found a line; expected a point or an outline"


def test_a_list_is_known_by_what_is_in_it(read):
    one, again = read(HALL).good, read(HALL, "folder/mine.csv").good
    assert one == again
    others = [read(HALL.replace("Hall", "Wall")), read(HALL.replace("89065", "89066")), read(HALL, "other.csv")]
    assert len({one.digest, *(other.good.digest for other in others)}) == 4
    assert one.digest in repr(one)
    assert "POINT" not in repr(one)
