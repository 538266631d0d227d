"""What the browser is given of streets and of what lies beneath: every corner comes back, and whose street it is."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.crs import BNG
from geo.errors import CrsError
from layers.maps import base_map
from layers.maps.scene import NO_WAY, NOT_WALKED, walk_bytes

WEST, NORTH = 459_000, 87_000


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=BNG)


@pytest.fixture
def areas():
    """Two neighbours of a kilometre each."""
    boxes = [shapely.box(WEST + x, NORTH, WEST + x + 1000, NORTH + 1000) for x in (0, 1000)]
    return gpd.GeoDataFrame(geometry=boxes, index=["E01017282", "E01017283"], crs=BNG)


@pytest.fixture
def segments():
    """A street with homes, one on the border that belongs to them, a lane without, and a street of another county."""
    lines = [[(100, 100), (300, 100)], [(1010, 100), (1030, 400)], [(1900, 900), (1950, 950)], [(5000, 0), (5100, 0)]]
    shapes = [shapely.LineString(np.array(line) + (WEST, NORTH)) for line in lines]
    return frame(shapes, street_class=np.array([1, 2, 0, 1], np.uint8))


@pytest.fixture
def origins():
    """Homes on the first street, and one of the first neighbourhood across the border."""
    points = shapely.points(np.array([(200, 130), (1000, 250)]) + (WEST, NORTH))
    return frame(points, area_code=["E01017282", "E01017282"])


def read(folder, address):
    return json.loads((folder / address.rsplit("/", 1)[1]).read_text("utf-8"))


def corners(steps):
    """The corners that steps lead to, in British National Grid."""
    pixels = np.cumsum(np.array(steps).reshape(-1, 2), axis=0) * base_map._PIXEL_M
    half = base_map._HALF_WORLD_M
    points = gpd.GeoSeries(gpd.points_from_xy(pixels[:, 0] - half, half - pixels[:, 1]), crs=base_map.WEB_MERCATOR)
    return shapely.get_coordinates(points.to_crs(BNG).to_numpy())


def test_every_segment_comes_back_in_its_row(segments, origins, areas, tmp_path):
    written = read(tmp_path, base_map.write_streets(segments, origins, areas, folder=tmp_path))
    for steps, line in zip(written["paths"], segments.geometry, strict=True):
        np.testing.assert_allclose(corners(steps), shapely.get_coordinates(line), atol=0.5)
    assert written["kind"] == "1201"
    assert written["codes"] == ["E01017282", "E01017283"]


def test_homes_say_whose_street_it_is_and_where_there_are_none_the_outline(segments, origins, areas, tmp_path):
    written = read(tmp_path, base_map.write_streets(segments, origins, areas, folder=tmp_path))
    assert written["area"] == [0, 0, 1, -1]
    assert written["lived"] == "1100"


def test_no_homes_at_all(segments, origins, areas, tmp_path):
    written = read(tmp_path, base_map.write_streets(segments, origins.iloc[:0], areas, folder=tmp_path))
    assert written["area"] == [0, 1, 1, -1]
    assert written["lived"] == "0000"


def test_a_pier_belongs_to_nobody(segments, origins, areas, tmp_path):
    land = frame([shapely.box(WEST, NORTH + 50, WEST + 1500, NORTH + 1000)], kind=["land"])
    written = read(tmp_path, base_map.write_streets(segments, origins, areas, land, tmp_path))
    assert written["area"] == [0, 0, -1, -1]


def test_a_file_is_named_by_its_content(segments, origins, areas, tmp_path):
    first = base_map.write_streets(segments, origins, areas, folder=tmp_path)
    assert base_map.write_streets(segments, origins, areas, folder=tmp_path) == first
    assert base_map.write_streets(segments.iloc[:2], origins, areas, folder=tmp_path) != first


def test_outlines_are_drawn_where_homes_lie_in_their_own(origins, areas, tmp_path):
    assert not base_map.outlines_fit(areas, origins.iloc[:0])
    inside = frame(shapely.points([(WEST + 500, NORTH + 500)] * 99), area_code=["E01017282"] * 99)
    lost = frame(shapely.points([(WEST + 1500, NORTH + 500)]), area_code=["E01017282"])
    assert base_map.outlines_fit(areas, pd.concat([inside, lost]))
    assert not base_map.outlines_fit(areas, pd.concat([inside, lost, lost]))

    written = read(tmp_path, base_map.write_outlines(areas, tmp_path))
    drawn = [shapely.LineString(corners(steps)) for steps in written["paths"]]
    assert shapely.length(drawn).sum() == pytest.approx(7_000, abs=10)  # the border between them is drawn once


def test_no_crs(segments, origins, areas, tmp_path):
    with pytest.raises(CrsError):
        base_map.write_streets(segments.set_crs(None, allow_override=True), origins, areas, folder=tmp_path)


def test_what_lies_beneath(tmp_path):
    lake = shapely.box(0, 0, 100, 100).difference(shapely.box(40, 40, 60, 60))
    backdrop = frame(
        [shapely.affinity.translate(lake, WEST, NORTH), shapely.LineString([(WEST, NORTH), (WEST + 50, NORTH + 50)])],
        kind=["water", "railway"],
    )
    labels = frame(
        shapely.points([(WEST, NORTH), (WEST + 10, NORTH)]),
        name=["</script> Second", "First"], kind=["street", "town"], rank=[7, 1], angle=[30.4, 0.0],
        room_m=[120.0, np.nan],
    )  # fmt: skip
    written = read(tmp_path, base_map.write_base(backdrop, labels, tmp_path))
    ((outer, hole),) = written["shapes"]["water"]
    assert len(corners(outer)) == len(corners(hole)) == 5
    np.testing.assert_allclose(
        corners(written["shapes"]["railway"][0]), [(WEST, NORTH), (WEST + 50, NORTH + 50)], atol=0.5
    )
    first, second = written["names"]
    assert (first[0], first[1], first[4], first[5]) == ("First", "town", 0, None)
    assert second[0] == "</script> Second"
    assert second[4:] == [30, 120, 1]


def test_a_walk_is_within_whole_minutes_as_before():
    minutes = np.array([0.0, 14.2, 15.0, 15.0 + 1e-12, 15.001, 249.5, 900, np.inf, np.nan])
    assert list(walk_bytes(minutes)) == [0, 15, 15, 15, 16, 250, 250, NO_WAY, NOT_WALKED]
