"""What comes through the gate for files of marks, and what does not: kind, size, count, reference system, bounds."""

from __future__ import annotations

import gzip
import io
import json
import time
import tracemalloc
import zipfile

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.store.exchange.uploads import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, read_upload
from geo.crs import BNG
from geo.errors import CrsError, InputError

NAMES = ["Church hall", 'Söndag, "play"', "=cmd|'/c calc'!A1"]
SHAPES = [
    shapely.Point(450_000, 90_000),
    shapely.LineString([(450_000, 90_000), (450_100, 90_100)]),
    shapely.Polygon([(450_000, 90_000), (450_050, 90_000), (450_050, 90_050)]),
]
CSV = "name,easting,northing\nHall,450000,90000\n"


@pytest.fixture
def marks():
    cells = {"name": NAMES, "at_home": [True, False, True], "n": [1, 2.5, None], "note": [None, "", "x"]}
    return gpd.GeoDataFrame(cells, geometry=SHAPES, crs=BNG)


def geojson(*features, **members):
    return json.dumps({"type": "FeatureCollection", "features": features} | members).encode()


def feature(geometry=None, **properties):
    geometry = geometry or {"type": "Point", "coordinates": [-1.3, 50.7]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def refused(content, name, *words, row=None, kind=InputError):
    with pytest.raises(kind) as caught:
        read_upload(content, name)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(name)
    assert caught.value.row == row
    for word in words:
        assert word in message
    return message


def test_a_geojson(marks, tmp_path):
    path = tmp_path / "marks.geojson"
    marks.to_crs(4326).to_file(path, driver="GeoJSON", COORDINATE_PRECISION=9)
    table = read_upload(path)
    assert list(table["name"]) == NAMES
    assert list(table["at_home"]) == ["yes", "no", "yes"]
    assert list(table["n"]) == ["1", "2.5", ""]
    assert shapely.equals_exact(table.geometry.to_numpy(), SHAPES, tolerance=0.01).all()


def test_cells_of_a_geojson():
    one = feature(days=["mon", "tue"], code="007", more={"a": 1}, nothing=None, whole=3.0) | {"id": "mark-1"}
    row = read_upload(geojson(one), "a.json").iloc[0]
    assert row.drop("geometry").to_dict() == {
        "id": "mark-1", "days": "mon,tue", "code": "007", "more": '{"a": 1}', "nothing": "", "whole": "3",
    }  # fmt: skip
    many = {"type": "MultiPoint", "coordinates": [[-1.3, 50.7, 12.0]]}
    assert read_upload(b"\xef\xbb\xbf" + geojson(feature(many)), "a.json").geom_type[1] == "Point"


@pytest.mark.parametrize("head", ["lon,lat", "Longitude,LATITUDE", "lng,lat"])
def test_a_csv_in_degrees(head):
    table = read_upload(f"name,{head}\n007,-1.3,50.7\n\nb,-1.31,50.71\n".encode(), "a.csv")
    assert list(table.columns) == ["name", "geometry"]
    assert list(table["name"]) == ["007", "b"]
    assert table.geometry.x.between(448_000, 450_000).all()


def test_a_csv_in_metres():
    table = read_upload(b'note,easting,northing,lon,lat\r\n"two\r\nlines",450000,90000,,\r\n', "C:\\files\\a.CSV")
    assert list(table.columns) == ["note", "geometry"]
    assert table.geometry.iloc[0] == shapely.Point(450_000, 90_000)
    assert list(table.index) == [2]
    assert read_upload("name,easting,northing\nCafé,450000,90000".encode("cp1252"), "a.csv")["name"].iloc[0] == "Café"


def _zip():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("marks.csv", CSV)
    return packed.getvalue()


KINDS = {
    "zip": (_zip(), "zip archive"),
    "gzip": (gzip.compress(b"0" * 5_000_000), "gzip"),
    "page": (b"<html><script>alert(1)</script>", "web page"),
    "vrt": (b"<OGRVRTDataSource><SrcDataSource>/etc/passwd", "web page or XML"),
    "pdf": (b"%PDF-1.7", "PDF"),
    "utf-16": (CSV.encode("utf-16"), "UTF-16"),
    "nothing": (b" \n", "empty"),
}


@pytest.mark.parametrize("case", KINDS)
@pytest.mark.parametrize("suffix", ["csv", "geojson", "gpkg"])
def test_another_kind_under_a_good_name(case, suffix):
    content, word = KINDS[case]
    refused(content, f"a.{suffix}", word)


@pytest.mark.parametrize("name", ["a.zip", "a.shp", "a.xlsx", "a.gpkg.exe", "a", "csv", "a.csv.gz", "a.kml"])
def test_another_ending(name):
    refused(CSV.encode(), name, "ending in .geojson, .csv or .gpkg")


def test_a_kind_under_the_name_of_another(marks, tmp_path):
    marks.to_file(tmp_path / "marks.gpkg", driver="GPKG")
    package = (tmp_path / "marks.gpkg").read_bytes()
    refused(package, "a.csv", "database")
    refused(package, "a.geojson", "database")
    refused(geojson(feature()), "a.csv", "JSON")
    refused(CSV.encode(), "a.geojson", "no JSON")
    refused(CSV.encode(), "a.gpkg", "something else")


def test_too_large(tmp_path):
    refused(b"x" * (MOST_BYTES + 1), "a.csv", "at most 10 MB")
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)
    tracemalloc.start()
    refused(path, "a.csv", "at most 10 MB")
    assert tracemalloc.get_traced_memory()[1] < 25_000_000
    tracemalloc.stop()
    with pytest.raises(InputError, match="No such file"):
        read_upload(tmp_path / "none.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match=r"folder\.csv"):
        read_upload(tmp_path / "folder.csv")


def test_as_many_rows_as_there_may_be():
    rows = "Hall,450000,90000\n"
    assert len(read_upload((CSV + rows * (MOST_ROWS - 1)).encode(), "a.csv")) == MOST_ROWS
    refused((CSV + rows * MOST_ROWS).encode(), "a.csv", "5,000 rows")
    assert len(read_upload(geojson(*[feature()] * MOST_ROWS), "a.json")) == MOST_ROWS
    refused(geojson(*[feature()] * (MOST_ROWS + 1)), "a.json", "5,000 rows")


@pytest.mark.parametrize(
    ("content", "words", "row"),
    [
        (",".join(f"c{n}" for n in range(MOST_COLUMNS + 1)) + "\n", ("80 columns",), 1),
        ("name,easting\nHall,450000\n", ("easting and northing, or lon and lat",), 1),
        ("name,x,y\nHall,450000,90000\n", ("easting and northing, or lon and lat",), 1),
        (CSV + "Hall,,90000\n", ("easting", "a blank"), 3),
        (CSV + "Hall,four,90000\n", ("'four'", "easting"), 3),
        (CSV + "Hall,nan,90000\n", ("'nan'",), 3),
        (CSV + "Hall,-1.3,50.7\nHall,9e99,1\n", ("'9e99'",), 4),
        (CSV + "Hall,450000\n", ("3 fields",), 3),
        ("name,Name,easting,northing\na,b,450000,90000\n", ("twice",), None),
        ("geometry,easting,northing\na,450000,90000\n", ("another name",), None),
        ("name,easting,northing\n", ("rows below the header",), None),
        ("\n" + CSV, ("a blank line",), 1),
        ("lon,lat\n50.7,-1.3\n", ("own place",), 2),
        ("lon,lat\n-1.3,50.7\n-6.26,53.35\n0,0\n", ("EPSG:4326",), 4),
        (CSV + "x" * 50_000 + ",450000,90000\n", ("characters in a cell",), 3),
        (CSV + "x" * 10_001 + ",450000,90000\n", ("'name'", "characters in a cell"), 3),
        (CSV + '"' + "x" * 200_000, ("field larger",), None),
    ],
)
def test_faults_of_a_csv(content, words, row):
    refused(content.encode(), "a.csv", *words, row=row)


@pytest.mark.parametrize(
    ("content", "word", "row"),
    [
        (b"[1, 2]", "other JSON", None),
        (b'{"type": "FeatureCollection", "features": {}}', "other JSON", None),
        (geojson(), "at least one feature", None),
        (b"{" * 100_000, "no JSON", None),
        (b'{"a":' + b"[" * 500_000, "no JSON", None),
        (b'{"a": NaN}', "NaN", None),
        (b'{"a": [' + b"[]," * 3_000_000 + b"[]]}", "600,000 brackets", None),
        (b'{"a": ' + b"9" * 5_000 + b"}", "no JSON", None),
        (b'{"a": "\xff"}', "no JSON", None),
        (b'{"a": 1, "a": 2}', "JSON with 'a' twice", None),
        (geojson(feature(), 7), "a Feature", 2),
        (geojson(feature() | {"properties": [1]}), "by name", 1),
        (geojson(feature() | {"geometry": None}), "no geometry", 1),
        (geojson(feature({"type": "GeometryCollection", "geometries": []})), "GeometryCollection", 1),
        (geojson(feature({"type": "MultiPoint", "coordinates": [[0, 51], [0, 52]]})), "MultiPoint", 1),
        (geojson(feature({"type": ["Point"], "coordinates": [0, 51]})), "['Point']", 1),
        (geojson(feature({"type": "Point", "coordinates": ["0", "51"]})), "coordinates", 1),
        (geojson(feature({"type": "Point", "coordinates": []})), "coordinates", 1),
        (geojson(feature({"type": "Point", "coordinates": [True, 51]})), "coordinates", 1),
        (geojson(feature({"type": "Point", "coordinates": {"x": 1}})), "coordinates", 1),
        (geojson(feature({"type": "LineString", "coordinates": [[0, 51]]})), "coordinates", 1),
        (geojson(feature({"type": "Polygon", "coordinates": []})), "coordinates", 1),
        (geojson(feature({"type": "Polygon", "coordinates": [[[0, 51], [0, 52]]]})), "coordinates", 1),
        (geojson(feature(note="x" * 10_001)), "characters in a cell", 1),
        (geojson(feature(geometry_={}), feature(Geometry="x")), "another name", None),
        (geojson(feature(**{f"c{n}": n for n in range(81)})), "80 columns", None),
    ],
)
def test_faults_of_a_geojson(content, word, row):
    refused(content, "a.geojson", word, row=row)


def test_the_reference_system_of_a_geojson():
    for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"):
        read_upload(geojson(feature(), crs={"type": "name", "properties": {"name": name}}), "a.geojson")
    grid = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    refused(geojson(feature(), crs=grid), "a.geojson", "EPSG::27700", kind=CrsError)
    refused(geojson(feature(), crs={"type": "link"}), "a.geojson", "another", kind=CrsError)
    off = {"type": "Point", "coordinates": [450_000, 90_000]}
    refused(geojson(feature(), feature(off)), "a.geojson", "450000, 90000", row=2, kind=CrsError)
    for west, north in ((-1.3, 61.7), (-1.3, 49.0), (3.0, 50.7), (-10.0, 50.7)):  # each a little off Great Britain
        off["coordinates"] = [west, north]
        refused(geojson(feature(off)), "a.geojson", "a place in Great Britain", row=1, kind=CrsError)
    huge = geojson(feature()).replace(b"-1.3", b"9" * 400)
    refused(huge, "a.geojson", "coordinates", row=1)


@given(content=st.binary(max_size=300), suffix=st.sampled_from(["csv", "geojson", "gpkg"]))
def test_any_bytes_are_an_input_error(content, suffix):
    with pytest.raises(InputError):
        read_upload(content, f"a.{suffix}")


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda x: st.lists(x, max_size=4)))
def test_any_coordinates_are_an_input_error_or_on_the_map(at):
    shapes = [{"type": kind, "coordinates": at} for kind in ("Point", "LineString", "Polygon", "MultiPolygon")]
    for shape in shapes:
        with pytest.raises(InputError):
            read_upload(geojson(feature(shape)), "a.geojson")


@pytest.mark.parametrize(
    "content",
    [b"\n" * 9_999_999, b"," * 9_999_999, b"a,b\n" + b"\n" * 9_000_000, b"a,b\n" + b"1\n" * 4_999_000,
     b'"' * 9_999_999, b'a,"' + b"\n" * 9_000_000],
    ids=["lines", "commas", "blank", "ragged", "quotation", "unclosed"],
)  # fmt: skip
def test_ten_megabytes_of_nothing_are_refused_soon(content):
    begun = time.process_time()
    tracemalloc.start()
    with pytest.raises(InputError):
        read_upload(content, "a.csv")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 400_000_000
    assert time.process_time() - begun < 10
