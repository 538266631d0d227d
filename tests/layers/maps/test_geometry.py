"""What the browser fetches: outlines, streets and gains, named by content, whole, and not too many."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.errors import CrsError, InputError
from layers.maps import geometry


@pytest.fixture
def areas():
    """Two neighbours in British National Grid, the first with a hole."""
    geometry = [
        shapely.box(459_000, 87_000, 460_000, 88_000).difference(shapely.box(459_400, 87_400, 459_500, 87_500)),
        shapely.MultiPolygon([shapely.box(460_000, 87_000, 461_000, 88_000)]),
    ]
    return gpd.GeoDataFrame(
        {"area_name": ["Secret", "Other"]},
        geometry=geometry,
        index=["E01017282", "E01017283"],
        crs="EPSG:27700",
    )


class TestWriteGeometry:
    def read(self, folder: Path, address: str):
        assert re.fullmatch(r"/app/static/places/[a-z]+-[0-9a-f]{16}\.geojson", address)
        return json.loads((folder / address.rsplit("/", 1)[1]).read_text("utf-8"))

    def test_areas_in_degrees_with_their_code_alone(self, areas, tmp_path):
        written = self.read(tmp_path, geometry.write_geometry(areas, tmp_path))
        assert [feature["properties"] for feature in written["features"]] == [
            {"code": "E01017282"},
            {"code": "E01017283"},
        ]
        assert len(written["features"][0]["geometry"]["coordinates"]) == 2
        back = gpd.GeoDataFrame.from_features(written["features"], crs="EPSG:4326").to_crs("EPSG:27700")
        np.testing.assert_allclose(back.total_bounds, areas.total_bounds, atol=2)

    def test_five_digits(self, areas, tmp_path):
        address = geometry.write_geometry(areas, tmp_path)
        text = (tmp_path / address.rsplit("/", 1)[1]).read_text("utf-8")
        assert max(len(digits) for digits in re.findall(r"\d\.(\d+)", text)) == 5
        assert len(geometry.write_geometry(areas, tmp_path, digits=2)) == len(address)

    def test_neighbours_still_touch(self, areas, tmp_path):
        written = self.read(tmp_path, geometry.write_geometry(areas, tmp_path))
        one, two = (shapely.from_geojson(json.dumps(feature["geometry"])) for feature in written["features"])
        assert one.touches(two)

    def test_degrees_come_out_as_they_went_in(self, areas, tmp_path):
        assert geometry.write_geometry(areas.to_crs("EPSG:4326"), tmp_path) == geometry.write_geometry(areas, tmp_path)

    def test_named_by_content(self, areas, tmp_path):
        first = geometry.write_geometry(areas, tmp_path)
        assert geometry.write_geometry(areas.assign(area_name="Changed"), tmp_path) == first
        assert geometry.write_geometry(areas.iloc[:1], tmp_path) != first
        assert len(list(tmp_path.iterdir())) == 2

    def test_whole_or_not_at_all(self, areas, tmp_path, monkeypatch):
        def full(self, data):
            self.touch()
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space"):
            geometry.write_geometry(areas, tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_two_visitors_at_once(self, areas, tmp_path):
        threads = [threading.Thread(target=geometry.write_geometry, args=(areas, tmp_path / "new")) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(list((tmp_path / "new").iterdir())) == 1

    def test_no_crs(self, areas, tmp_path):
        with pytest.raises(CrsError):
            geometry.write_geometry(areas.set_crs(None, allow_override=True), tmp_path)

    def test_no_code(self, areas, tmp_path):
        with pytest.raises(InputError, match="LSOA 2021 codes"):
            geometry.write_geometry(areas.reset_index(drop=True), tmp_path)


LIMITS = (10, 25, 50, 100)


@pytest.fixture
def segments():
    """Six streets side by side, 100 m long, with a corner that drawing does not need and one that it does."""
    lines = [
        shapely.LineString([(459_000, y), (459_050, y + 1), (459_080, y), (459_080, y + 40)])
        for y in range(87_000, 87_600, 100)
    ]
    return gpd.GeoDataFrame({"street_class": [1] * 6}, geometry=lines, crs="EPSG:27700")


def features(folder: Path, address: str):
    assert re.fullmatch(r"/app/static/places/gains-[0-9a-f]{16}\.geojson", address)
    return json.loads((folder / address.rsplit("/", 1)[1]).read_text("utf-8"))["features"]


class TestGainClasses:
    def test_a_value_on_a_limit_belongs_below(self):
        found = geometry.gain_classes([0, 1, 10, 11, 25, 26, 50, 51, 100, 101, 9e9], LIMITS)
        assert found.tolist() == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]

    def test_values_count_as_the_legend_says_them(self):
        assert geometry.gain_classes([0.4, 0.6, 10.4, 10.6, -3, np.nan], LIMITS).tolist() == [0, 1, 1, 2, 0, 0]

    @pytest.mark.parametrize("limits", [(1, 2, 3), (1, 2, 3, 4, 5), (10, 10, 20, 30), (0, 1, 2, 3), (1, 2, 3, np.nan)])
    def test_limits_that_make_no_classes(self, limits):
        with pytest.raises(InputError, match="rising limits"):
            geometry.gain_classes([1.0], limits)


class TestWriteGains:
    def test_one_feature_a_class_and_what_gains_nothing_is_left_out(self, segments, tmp_path):
        found = features(tmp_path, geometry.write_gains(segments, [0, 1, 5, 1, 0, 3], tmp_path))
        assert [feature["properties"] for feature in found] == [{"gain": 1}, {"gain": 3}, {"gain": 5}]
        assert {feature["geometry"]["type"] for feature in found} == {"MultiLineString"}
        assert [len(feature["geometry"]["coordinates"]) for feature in found] == [2, 1, 1]

    def test_lines_are_where_they_were_and_simpler(self, segments, tmp_path):
        (found,) = features(tmp_path, geometry.write_gains(segments, [0, 0, 2, 0, 0, 0], tmp_path))
        back = gpd.GeoSeries([shapely.from_geojson(json.dumps(found["geometry"]))], crs="EPSG:4326").to_crs(
            "EPSG:27700"
        )
        corners = shapely.get_coordinates(back.iloc[0])
        np.testing.assert_allclose(corners, [(459_000, 87_200), (459_080, 87_200), (459_080, 87_240)], atol=1.5)

    def test_nothing_gained_is_an_empty_file(self, segments, tmp_path):
        assert features(tmp_path, geometry.write_gains(segments, np.zeros(6, int), tmp_path)) == []

    def test_a_segment_without_a_line(self, segments, tmp_path):
        lines = segments.geometry.to_numpy().copy()
        lines[0], lines[1] = None, shapely.LineString()
        bare = segments.set_geometry(gpd.GeoSeries(lines, crs=segments.crs))
        assert len(features(tmp_path, geometry.write_gains(bare, [1] * 6, tmp_path))[0]["geometry"]["coordinates"]) == 4

    @pytest.mark.parametrize("wrong", [[1] * 5, [[1] * 6], [1, 2, 3, 4, 5, 6], [-1] * 6, [1.5] * 6, [np.nan] * 6])
    def test_classes_that_are_none(self, segments, tmp_path, wrong):
        with pytest.raises(InputError, match="map geometry"):
            geometry.write_gains(segments, wrong, tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_no_crs(self, segments, tmp_path):
        with pytest.raises(CrsError):
            geometry.write_gains(segments.set_crs(None, allow_override=True), [1] * 6, tmp_path)

    def test_the_newest_are_kept_and_nothing_else_is_touched(self, segments, areas, tmp_path, monkeypatch):
        monkeypatch.setattr(geometry, "MOST_GAINS", 3)
        others = {geometry.write_geometry(areas.iloc[:n], tmp_path) for n in (1, 2)}
        written = [geometry.write_gains(segments, np.eye(6, dtype=int)[n], tmp_path) for n in (0, 1, 2, 0, 3)]
        there = {address for address in [*others, *written] if geometry.is_written(address, tmp_path)}
        assert there == others | {written[2], written[3], written[4]}  # the first was asked for again
        assert len(list(tmp_path.iterdir())) == 5

    def test_many_visitors_at_once(self, segments, tmp_path, monkeypatch):
        monkeypatch.setattr(geometry, "MOST_GAINS", 4)
        faults = []

        def visit(n):
            try:
                for turn in range(4):
                    geometry.write_gains(segments, [(n + turn * k) % 6 for k in range(6)], tmp_path)
            except Exception as fault:  # noqa: BLE001 (a thread's fault would be lost)
                faults.append(fault)

        threads = [threading.Thread(target=visit, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert faults == []
        assert 0 < len(list(tmp_path.iterdir())) <= 4  # and nothing unfinished is left
