"""A user's own list of places: what it may be, and what is said of one that cannot be used."""

from __future__ import annotations

import json

import geopandas as gpd
import pytest
import shapely
from openpyxl import Workbook

from data.sources.own_sites import read_own_sites
from geo.crs import BNG
from geo.errors import CrsError

POINTS = gpd.GeoDataFrame({"name": ["Hall"]}, geometry=[shapely.Point(450900, 90500)], crs=BNG)


@pytest.mark.parametrize("name", ["sites.xlsx", "sites.csv", "sites.gpkg"])
def test_a_workbook_is_called_one_whatever_its_name(tmp_path, refused, name):
    book, path = Workbook(), tmp_path / name
    book.active.append(["name", "easting", "northing"])
    book.save(path)
    refused(read_own_sites, path, "an Excel workbook", "CSV")


def test_of_several_layers_one_is_named(tmp_path, refused):
    path = tmp_path / "two.gpkg"
    outlines = POINTS.set_geometry(POINTS.buffer(500)).assign(name="An area")
    outlines.to_file(path, layer="areas")
    POINTS.to_file(path, layer="halls")
    refused(read_own_sites, path, "2 layers", "areas, halls", "two.gpkg#areas")
    assert read_own_sites(tmp_path / "two.gpkg#halls")["name"].tolist() == ["Hall"]
    refused(lambda _: read_own_sites(tmp_path / "two.gpkg#shops"), path, "areas, halls")


def test_outlines_of_neighbourhoods_are_no_places_to_walk_to(tmp_path, refused):
    path = tmp_path / "lsoa.gpkg"
    outlines = POINTS.set_geometry(POINTS.buffer(500)).assign(LSOA21CD="E01000001")
    outlines.to_file(path)
    refused(read_own_sites, path, "'LSOA21CD'", "outlines of areas")
    outlines.set_geometry(outlines.centroid).to_file(path)
    assert len(read_own_sites(path)) == 1, "a point may say in which area it lies"


def test_metres_in_a_geojson_are_called_metres(tmp_path, refused):
    path = tmp_path / "metres.geojson"
    point = {"type": "Point", "coordinates": [450900, 90500]}
    feature = {"type": "Feature", "properties": {}, "geometry": point}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    refused(read_own_sites, path, "450900,90500", "look like metres", "degrees", kind=CrsError)


def test_a_row_without_a_place_is_kept_with_its_number_and_a_name_is_one_line(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text('name,easting,northing\n"Hall\n\x1b[31mred",450900,90500\nSomewhere,,\nHalf,450900,\n')
    found = read_own_sites(path)
    assert found["name"].tolist() == ["Hall [31mred", "Somewhere", "Half"]
    assert found.geometry.isna().tolist() == [False, True, True]
    assert found["note"].fillna("").tolist() == ["", "3", "4"]
