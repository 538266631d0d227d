"""The GeoPackage, read back with GDAL, with sqlite3 alone, and its styles and metadata with an XML reader."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as Xml

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest

from layers.reports.report_map import LegendEntry
from layers.reports.request import as_dict, hash_of
from layers.reports.table import Table
from layers.reports.writers.geopackage import geopackage_of
from layers.reports.writers.gis_styles import SITES
from tests.layers.reports.made import CODES, HOSTILE, NAMES, made_report

pytestmark = pytest.mark.xdist_group("reports")  # they share what is found for the island

OGC = "{http://www.opengis.net/ogc}"
SLD = "{http://www.opengis.net/sld}"
DUBLIN_CORE = "{http://purl.org/dc/terms/}"


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("gpkg") / "report.gpkg"
    path.write_bytes(geopackage_of(made_report()))
    return path


@pytest.fixture(scope="module")
def ask(path):
    with closing(sqlite3.connect(path)) as file:
        yield lambda sql, *values: file.execute(sql, values).fetchall()


def styles_of(ask, layer: str) -> dict[str, Xml.Element]:
    """The usual style of a layer: ``qml`` and ``sld``."""
    ((qml, sld),) = ask("SELECT styleQML, styleSLD FROM layer_styles WHERE f_table_name = ? AND useAsDefault", layer)
    return {"qml": Xml.fromstring(qml), "sld": Xml.fromstring(sld)}


def colours_of(qml: Xml.Element) -> dict[str, str]:
    """Colour by class, as QGIS reads a categorised renderer: a category names a symbol, whose layer has a colour."""
    renderer = qml.find("renderer-v2")
    assert renderer.get("type") == "categorizedSymbol"
    symbols = {symbol.get("name"): symbol for symbol in renderer.find("symbols")}
    found = {}
    for category in renderer.find("categories"):
        assert category.get("render") == "true"
        layer = symbols[category.get("symbol")].find("layer")
        old = {prop.get("k"): prop.get("v") for prop in layer.findall("prop")}
        new = {option.get("name"): option.get("value") for option in layer.find("Option")}
        assert old == new
        red, green, blue, opacity = map(int, new["color"].split(","))
        assert opacity == 255
        found[category.get("value")] = f"#{red:02x}{green:02x}{blue:02x}"
    return found


def test_it_is_a_sound_geopackage(ask, path):
    assert ask("PRAGMA integrity_check") == [("ok",)]
    assert ask("PRAGMA foreign_key_check") == []
    assert ask("PRAGMA application_id") == [(0x47504B47,)]  # "GPKG"
    tables = {name for (name,) in ask("SELECT name FROM sqlite_master WHERE type = 'table'")}
    contents = dict(ask("SELECT table_name, data_type FROM gpkg_contents"))
    assert contents == {
        "neighbourhoods": "features", "lost": "features", "settings": "attributes", "figures": "attributes",
        "layer_styles": "attributes",
    }  # fmt: skip
    assert set(contents) | {"gpkg_spatial_ref_sys", "gpkg_geometry_columns", "gpkg_extensions"} < tables
    extensions = ask("SELECT table_name, extension_name FROM gpkg_extensions")
    for table, name in (
        ("gpkg_metadata", "gpkg_metadata"), ("gpkg_metadata_reference", "gpkg_metadata"),
        ("gpkg_data_columns", "gpkg_schema"), ("gpkg_data_column_constraints", "gpkg_schema"),
    ):  # fmt: skip
        assert table in tables
        assert (table, name) in extensions
    assert ask("SELECT srs_id FROM gpkg_geometry_columns") == [(27700,), (27700,)]
    assert {name for name, _ in pyogrio.list_layers(path)} == set(contents)


def test_the_neighbourhoods_are_as_published(path):
    read = gpd.read_file(path, layer="neighbourhoods").set_index("area_code")
    report = made_report()
    assert read.index.tolist() == list(CODES)
    assert read["area_name"].tolist() == list(NAMES)
    assert read.crs.to_epsg() == 27700
    assert read.geometry.geom_equals(report.tables["neighbourhoods"].geometry).all()
    np.testing.assert_array_equal(read["under5_beyond"].astype(float), [66, 50, 30, 12, 4, np.nan])
    np.testing.assert_array_equal(read["within_share"].astype(float), [0, 0.378, 0.443, 0.71, 0.965, np.nan])
    np.testing.assert_array_equal(read["minutes"].astype(float), [24.46, 18, 16.04, np.nan, 7.2, np.nan])


def test_whole_numbers_days_and_words_have_their_types(ask):
    types = {name: kind for _, name, kind, *_ in ask("PRAGMA table_info(lost)")}
    assert types == {
        "fid": "INTEGER", "geom": "POINT", "site_id": "TEXT", "name": "TEXT", "ended": "DATE", "crossed": "INTEGER",
        "change": "INTEGER", "map_class": "TEXT",
    }  # fmt: skip
    assert ask("SELECT site_id, name, ended, crossed, change, geom IS NULL FROM lost") == [
        ("20001", HOSTILE, "2016-03-07", 312, -3, 0),
        ("20002", "مركز", None, 55, 0, 1),
    ]


def test_the_figures_are_there(ask):
    assert ask("SELECT figure, number, base, share, said FROM figures") == [
        ("under5_beyond", 163, 439, "37%", "163 of 439 under-fives whose walk is known (37%)"),
        ("areas_far", 3, 6, "50%", "3 of 6 neighbourhoods (50%)"),
        ("few", 7, 40, "18%", "7 of 40 under-fives (18%)"),
    ]


def test_qgis_opens_the_neighbourhoods_coloured_as_the_map(ask, path):
    drawn = made_report().maps["need"]
    colours = colours_of(styles_of(ask, "neighbourhoods")["qml"])
    assert list(colours.items()) == [(entry.label, entry.fill) for entry in drawn.legend]
    classes = gpd.read_file(path, layer="neighbourhoods").set_index("area_code")["map_class"]
    assert classes.map(colours).to_dict() == drawn.areas["fill"].to_dict()
    renderer = styles_of(ask, "neighbourhoods")["qml"].find("renderer-v2")
    assert renderer.get("attr") == "map_class"
    assert {symbol.get("type") for symbol in renderer.find("symbols")} == {"fill"}
    assert ask("SELECT f_geometry_column, f_table_schema FROM layer_styles") == [("geom", "")] * 2


def test_the_descriptor_has_the_same_colours(ask):
    found = {}
    for rule in styles_of(ask, "neighbourhoods")["sld"].iter(f"{SLD}Rule"):
        equal = rule.find(f"{OGC}Filter/{OGC}PropertyIsEqualTo")
        assert equal.findtext(f"{OGC}PropertyName") == "map_class"
        fill = rule.find(f"{SLD}PolygonSymbolizer/{SLD}Fill/{SLD}CssParameter")
        found[equal.findtext(f"{OGC}Literal")] = fill.text
    assert found == colours_of(styles_of(ask, "neighbourhoods")["qml"])


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    geopackage_of(made_report())
    assert list(tmp_path.iterdir()) == []


def test_what_was_lost_is_drawn_as_closed(ask):
    colours = colours_of(styles_of(ask, "lost")["qml"])
    assert colours == {"closed, or no longer a full centre": SITES["closed"][1]}
    assert ask("SELECT DISTINCT map_class FROM lost") == [(next(iter(colours)),)]
    (symbol,) = styles_of(ask, "lost")["qml"].find("renderer-v2/symbols")
    assert symbol.get("type") == "marker"
    assert symbol.find("layer").get("class") == "SimpleMarker"
    mark = next(styles_of(ask, "lost")["sld"].iter(f"{SLD}Mark"))
    assert mark.findtext(f"{SLD}WellKnownName") == "x"
    assert mark.findtext(f"{SLD}Stroke/{SLD}CssParameter") == SITES["closed"][1]  # lines alone: they have the colour


def read_of(report, tmp_path):
    file = tmp_path / "other.gpkg"
    file.write_bytes(geopackage_of(report))
    return file


def test_classes_of_the_same_colour_are_told_apart_by_their_pattern(tmp_path):
    made = made_report()
    drawn = made.maps["need"]
    areas = drawn.areas.assign(fill="#cccccc", hatch=["dots", "lines", "dots", "lines", "cross", "gone"])
    legend = (
        LegendEntry(label="a", fill="#cccccc", hatch="dots"),
        LegendEntry(label="b", fill="#cccccc", hatch="lines"),
    )
    for shown in (areas, areas.assign(fill=["#cccccc"] * 4 + ["#000000"] * 2)):
        file = read_of(replace(made, maps={"need": replace(drawn, areas=shown, legend=legend)}), tmp_path)
        classes = gpd.read_file(file, layer="neighbourhoods")["map_class"].tolist()
        rest = ["a", "a"] if shown is areas else ["other", "other"]
        assert classes == ["a", "b", "a", "b", *rest]
        file.unlink()


def test_a_second_map_is_a_second_style(tmp_path):
    made = made_report()
    walk = replace(made.maps["need"], key="walk", legend=tuple(
        LegendEntry(label=f"class {n}", fill=entry.fill, hatch=entry.hatch)
        for n, entry in enumerate(made.maps["need"].legend)
    ))  # fmt: skip
    file = read_of(replace(made, maps=dict(made.maps) | {"walk": walk}), tmp_path)
    read = gpd.read_file(file, layer="neighbourhoods")
    assert read["map_class"][0] == "high need, far"
    assert read["map_class_walk"].tolist() == [f"class {n}" for n in range(6)]
    with closing(sqlite3.connect(file)) as opened:
        rows = opened.execute(
            "SELECT styleName, useAsDefault, styleQML FROM layer_styles WHERE f_table_name = 'neighbourhoods'"
        ).fetchall()
    assert [row[:2] for row in rows] == [("neighbourhoods", 1), ("neighbourhoods walk", 0)]
    assert Xml.fromstring(rows[1][2]).find("renderer-v2").get("attr") == "map_class_walk"


def test_outlines_that_no_map_shows_are_drawn_alike(tmp_path):
    made = made_report()
    areas = made.tables["neighbourhoods"]
    index = pd.Index(["E05", "E06"], name="ward_code")
    wards = Table.of(
        "wards", "Wards", "Each.", areas.columns[1:2], pd.DataFrame({"area_name": ["Ryde", "Nowhere"]}, index=index),
        geometry=gpd.GeoSeries([areas.geometry.iloc[0], None], index=index, crs=areas.geometry.crs),
    )  # fmt: skip
    file = read_of(replace(made, tables={"wards": wards}), tmp_path)
    with closing(sqlite3.connect(file)) as opened:
        ((qml,),) = opened.execute("SELECT styleQML FROM layer_styles").fetchall()
    assert Xml.fromstring(qml).find("renderer-v2").get("type") == "singleSymbol"
    read = gpd.read_file(file, layer="wards")
    assert "map_class" not in read.columns
    assert read.geometry.isna().tolist() == [False, True]


def test_a_table_without_rows_keeps_its_columns_and_types(tmp_path):
    made = made_report()
    none = {
        key: replace(
            table, values=table.values.iloc[:0],  # noqa: PD011 (the table's own)
            geometry=None if table.geometry is None else table.geometry.iloc[:0],
        )
        for key, table in made.tables.items()
    }  # fmt: skip
    file = read_of(replace(made, tables=none), tmp_path)
    with closing(sqlite3.connect(file)) as opened:
        types = {name: kind for _, name, kind, *_ in opened.execute("PRAGMA table_info(lost)")}
        assert opened.execute("SELECT count(*) FROM lost").fetchone() == (0,)
    assert types["ended"] == "DATE"
    assert pyogrio.read_info(file, layer="neighbourhoods")["geometry_type"] == "MultiPolygon"
    assert types["crossed"] == "INTEGER"


def test_the_metadata_says_what_it_is_from_what_and_how_to_replay_it(ask):
    ((text,),) = ask(
        "SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON md_file_id = id "
        "WHERE reference_scope = 'geopackage' AND table_name IS NULL"
    )
    report, root = made_report(), Xml.fromstring(text)
    assert root.findtext(f"{DUBLIN_CORE}title") == report.title
    assert root.findtext(f"{DUBLIN_CORE}abstract") == report.answer
    assert [one.text for one in root.findall(f"{DUBLIN_CORE}rights")] == list(report.credits)
    assert root.findtext(f"{DUBLIN_CORE}source") == (
        f"dataset: streets; file: x.osm; vintage: 2026; sha256: {'cd' * 32}; licence: ODbL 1.0"
    )
    basis = report.basis
    run = hash_of(
        as_dict(report.request, "made-up"), fingerprint=basis.fingerprint, rules_version="1", marks=""
    )  # fmt: skip
    assert root.findtext(f"{DUBLIN_CORE}identifier") == run
    assert '"minutes": 15' in root.findtext(f"{DUBLIN_CORE}provenance")


def test_every_layer_says_whose_data_it_is(ask):
    rows = ask(
        "SELECT table_name, metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON md_file_id = id "
        "WHERE md_standard_uri = 'http://mrcc.com/qgis.dtd' AND reference_scope = 'table'"
    )
    assert [name for name, _ in rows] == ["neighbourhoods", "lost"]
    for _, text in rows:
        assert [one.text for one in Xml.fromstring(text).findall("rights")] == list(made_report().credits)
    assert ask("SELECT identifier, description FROM gpkg_contents WHERE table_name = 'lost'") == [
        ("What was lost", "Each closure, the greatest first.")
    ]


def test_every_column_is_explained(ask):
    for table in ("neighbourhoods", "lost", "settings", "figures"):
        columns = {row[1] for row in ask(f"PRAGMA table_info({table})")} - {"fid", "geom"}
        assert {
            name for (name,) in ask("SELECT column_name FROM gpkg_data_columns WHERE table_name = ?", table)
        } == columns
    told = ask("SELECT title, description FROM gpkg_data_columns WHERE column_name = 'within_share'")
    assert told == [("Within", "Share of under-fives within 15 minutes. Unit: part of 1.")]


def test_the_same_report_is_the_same_file_and_its_times_are_the_day_of_the_report(ask, path):
    assert geopackage_of(made_report()) == path.read_bytes()
    day = f"{date(2026, 11, 22)}T00:00:00.000Z"
    for column, table in (
        ("last_change", "gpkg_contents"), ("timestamp", "gpkg_metadata_reference"), ("update_time", "layer_styles"),
    ):  # fmt: skip
        assert ask(f"SELECT DISTINCT {column} FROM {table}") == [(day,)]


def test_sites_are_called_what_they_are_in_the_report_of_a_ward_too(ward_report, whole, tmp_path):
    """A ward's map shows few of them; its table has all."""
    path = tmp_path / "ward.gpkg"
    path.write_bytes(geopackage_of(ward_report))
    sites = gpd.read_file(path, layer="sites").set_index("site_id")
    words = {"open": "full children's centre", "linked": "linked site, with a reduced offer"}
    assert sites["map_class"].to_dict() == whole.asked.sites["status"].map(words).to_dict()
