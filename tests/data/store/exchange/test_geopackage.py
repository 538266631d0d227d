"""A GeoPackage that a stranger sent: what is read of it, and that nothing in it is run."""

from __future__ import annotations

import sqlite3
import struct
import time

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.store.exchange import geopackage
from data.store.exchange.uploads import read_upload
from geo.crs import BNG
from geo.errors import CrsError, InputError

NAMES = ["Church hall", 'Söndag, "play"', "=cmd|'/c calc'!A1"]
SHAPES = [
    shapely.Point(450_000, 90_000),
    shapely.LineString([(450_000, 90_000), (450_100, 90_100)]),
    shapely.Polygon([(450_000, 90_000), (450_050, 90_000), (450_050, 90_050)]),
]


@pytest.fixture(scope="module")
def marks():
    cells = {"name": NAMES, "at_home": [True, False, True], "n": [1, 2.5, None], "note": [None, "", "x"]}
    return gpd.GeoDataFrame(cells, geometry=SHAPES, crs=BNG)


@pytest.fixture(scope="module")
def written(tmp_path_factory, marks):
    """The bytes of a GeoPackage of a table, or of marks, in a reference system; that of marks is written once."""
    once, path = {}, tmp_path_factory.mktemp("written") / "marks.gpkg"

    def write(table, crs):
        path.unlink(missing_ok=True)
        table.to_crs(crs).to_file(path, layer="marks", driver="GPKG")
        return path.read_bytes()

    def of(table, crs):
        if table is not None:
            return write(table, crs)
        if crs not in once:
            once[crs] = write(marks, crs)
        return once[crs]

    return of


@pytest.fixture
def package(tmp_path, written):
    """The bytes of a GeoPackage of marks, after some SQL."""

    def made(*statements, crs=27700, table=None):
        path = tmp_path / "marks.gpkg"
        path.write_bytes(written(table, crs))
        with sqlite3.connect(path) as base:
            triggers = base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for statement in (*(f"DROP TRIGGER {name}" for (name,) in triggers if len(statements)), *statements):
                base.execute(statement)
        base.close()
        return path.read_bytes()

    return made


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


@pytest.mark.parametrize("crs", [27700, 4326, 3857])
def test_a_geopackage(package, tmp_path, crs):
    table = read_upload(package(crs=crs), "marks.gpkg")
    assert table.crs == BNG
    assert list(table.columns) == ["name", "at_home", "n", "note", "geometry"]
    assert list(table["name"]) == NAMES
    assert list(table["at_home"]) == ["yes", "no", "yes"]
    assert list(table["n"]) == ["1", "2.5", ""]
    assert list(table["note"]) == ["", "", "x"]
    assert list(table.index) == [1, 2, 3]
    assert shapely.equals_exact(table.geometry.to_numpy(), SHAPES, tolerance=0.01).all()
    assert read_upload(tmp_path / "marks.gpkg").equals(table)


def test_a_geopackage_that_was_never_closed(package):
    content = bytearray(package())
    content[18:20] = b"\x02\x02"  # write-ahead mode, as QGIS leaves it
    assert len(read_upload(bytes(content), "marks.gpkg")) == 3


def test_a_geopackage_of_multiple_kinds(package, marks):
    several = marks.assign(geometry=[shapely.MultiPoint([SHAPES[0]]), SHAPES[1], shapely.MultiPolygon([SHAPES[2]])])
    assert list(read_upload(package(table=several), "m.gpkg").geom_type) == ["Point", "LineString", "Polygon"]
    two = several.assign(geometry=[shapely.MultiPoint([(450_000, 90_000), (450_001, 90_000)]), *SHAPES[1:]])
    refused(package(table=two), "m.gpkg", "several parts", row=1)
    none = several.assign(geometry=[None, *SHAPES[1:]])
    refused(package(table=none), "m.gpkg", "no geometry", row=1)
    assert read_upload(package(table=marks.assign(geometry=shapely.force_3d(SHAPES))), "m.gpkg").has_z.sum() == 0


MANY = (
    "INSERT INTO marks (geom, name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
    "SELECT m.geom, m.name FROM marks m, n"
)


def test_too_many_rows_of_a_geopackage(package):
    refused(package(MANY), "m.gpkg", "5,000 rows")
    with pytest.raises(InputError, match="more in its rows"):
        geopackage.read_layer(package(), "m.gpkg", most_rows=9, most_bytes=100)


def test_a_geopackage_must_say_its_reference_system(package):
    said = "UPDATE gpkg_geometry_columns SET srs_id = {}"
    refused(package(said.format(-1)), "m.gpkg", "stated reference system", "none", kind=CrsError)
    refused(package(said.format(999_999)), "m.gpkg", "stated reference system", kind=CrsError)
    refused(package(said.format(4326)), "m.gpkg", "Great Britain", row=1, kind=CrsError)
    own = "UPDATE gpkg_spatial_ref_sys SET organization = 'ME' WHERE srs_id = 27700"
    refused(package(own), "m.gpkg", "ME", kind=CrsError)
    for number, word in ((5701, "for maps"), (4978, "for maps"), (31_999_999, "unknown"), (32760, "Great Britain")):
        other = f"UPDATE gpkg_spatial_ref_sys SET organization_coordsys_id = {number} WHERE srs_id = 27700"
        with pytest.raises(CrsError, match=word):
            read_upload(package(other), "m.gpkg")


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid, i AS geom FROM n"
HOSTILE = {
    "a view that never ends": (
        ["ALTER TABLE marks RENAME TO kept", f"CREATE VIEW marks AS {ENDLESS}",
         "UPDATE gpkg_contents SET table_name = 'marks'", "UPDATE gpkg_geometry_columns SET table_name = 'marks'"],
        "plain table"),
    "contents that are a view": (
        ["ALTER TABLE gpkg_contents RENAME TO kept", f"CREATE VIEW gpkg_contents AS {ENDLESS}"], "gpkg_contents"),
    "a table of another module": (
        ["UPDATE gpkg_contents SET table_name = 'rtree_marks_geom'"], "plain table"),
    "a layer named as SQL": (
        ["UPDATE gpkg_contents SET table_name = 'marks\"; DROP TABLE marks; --'"], "plain table"),
    "two layers": (
        ["INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('b', 'features', 'b', 27700)"],
        "one layer"),
    "no layer": (["UPDATE gpkg_contents SET data_type = 'tiles'"], "one layer"),
    "no shapes": (["UPDATE gpkg_geometry_columns SET column_name = 'shape'"], "column of geometries"),
    "binary content": (["ALTER TABLE marks ADD COLUMN photo BLOB DEFAULT x'ffd8'"], "binary content"),
    "a cell of gigabytes": (["UPDATE marks SET note = zeroblob(3000000)"], "too big"),
    "text that is none": (["UPDATE marks SET note = CAST(x'ff80' AS TEXT)"], "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_geopackage(case, package):
    statements, word = HOSTILE[case]
    begun = time.process_time()
    with pytest.raises(InputError, match=word):
        read_upload(package("PRAGMA legacy_alter_table = ON", *statements), "m.gpkg")
    assert time.process_time() - begun < 5


def test_nothing_in_a_geopackage_is_run(package):
    worked_out = "ALTER TABLE marks ADD COLUMN slow TEXT AS (hex(zeroblob(400000000))) VIRTUAL"
    trigger = "CREATE TRIGGER t AFTER INSERT ON marks BEGIN SELECT load_extension('evil'); END"
    table = read_upload(package(worked_out, trigger), "m.gpkg")
    assert list(table.columns) == ["name", "at_home", "n", "note", "geometry"]


def test_only_reading_is_allowed():
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE t (a)")
    base.set_authorizer(geopackage._only_reading)
    assert base.execute("SELECT a FROM t").fetchall() == []
    for statement in ("DELETE FROM t", "ATTACH ':memory:' AS b", "SELECT random()", "PRAGMA journal_mode", ENDLESS):
        with pytest.raises(sqlite3.DatabaseError):
            base.execute(statement)
    base.close()


def test_a_geopackage_that_takes_too_long(package, monkeypatch):
    monkeypatch.setattr(geopackage, "SECONDS", -1.0)
    refused(package(MANY), "m.gpkg", "interrupted")


def _blob(wkb):
    return b"GP\x00\x01" + struct.pack("<i", 27700) + wkb


DEEP = struct.pack("<BII", 1, 7, 1) * 200_000
SHAPELESS = {
    "a nest of collections": DEEP,
    "a nest within a multiple point": struct.pack("<BII", 1, 4, 1) + DEEP,
    "multiple within multiple": struct.pack("<BII", 1, 4, 1) * 200_000,
    "a count of billions": struct.pack("<BII", 1, 2, 2**31 - 1),
    "a curve": struct.pack("<BII", 1, 8, 0),
    "an extended type": struct.pack("<BII", 1, 0x20000001, 27700) + b"\0" * 16,
    "another order": b"\x07\x01\0\0\0",
    "nothing": b"",
    "half a point": struct.pack("<BId", 1, 1, 450_000.0),
    "no numbers": struct.pack("<BIdd", 1, 1, float("nan"), 90_000.0),
    "no end": struct.pack("<BIdd", 1, 1, float("inf"), 90_000.0),
}


@pytest.mark.parametrize("case", SHAPELESS)
def test_shapes_that_are_none(case, package):
    content = package(f"UPDATE marks SET geom = x'{_blob(SHAPELESS[case]).hex()}' WHERE fid = 2")
    refused(content, "m.gpkg", row=2)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    path = tmp_path_factory.mktemp("sound") / "m.gpkg"
    gpd.GeoDataFrame({"name": NAMES}, geometry=SHAPES, crs=BNG).to_file(path)
    return path


@given(at=st.integers(0, 2**20), what=st.binary(min_size=1, max_size=200), cut=st.booleans())
def test_a_damaged_geopackage_is_an_input_error_or_sound(sound, at, what, cut):
    content = sound.read_bytes()
    at = 20 + at % (len(content) - 20)
    spoiled = content[:at] + what + (b"" if cut else content[at + len(what) :])
    try:
        table = read_upload(spoiled, "m.gpkg")
    except InputError:
        return
    assert table.crs == BNG


def test_names_that_are_no_text(package):
    whole = package()
    assert b'"note"' in whole
    refused(whole.replace(b'"note"', b'"n\x80te"'), "m.gpkg", "damaged")
