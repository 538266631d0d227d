"""CSV, GeoJSON and the data dictionary, read back with the csv module, pandas, json and geopandas."""

from __future__ import annotations

import csv
import io
import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from layers.reports.writers.csv_geojson import csv_of, dictionary_of, figures_csv_of, geojson_of
from tests.layers.reports.made import CODES, HOSTILE, NAMES, made_report

X = "[x]"


@pytest.fixture(scope="module")
def report():
    return made_report()


@pytest.fixture(scope="module")
def areas(report):
    return json.loads(geojson_of(report.tables["neighbourhoods"], report))


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_has_keys_above_and_the_values_as_published(report):
    head, *rows = rows_of(csv_of(report.tables["neighbourhoods"]))
    assert head == [
        "area_code",
        "rank",
        "area_name",
        "minutes",
        "under5",
        "under5_beyond",
        "within_share",
        "reason",
        "need_score",
    ]
    assert [row[:7] + row[8:] for row in rows] == [
        ["E01017280", "1", "'" + HOSTILE, "24.46", "66", "66", "0.0", "91.2"],
        ["E01017281", "2", NAMES[1], "18.0", "81", "50", "0.378", "80.0"],
        ["E01017282", "3", NAMES[2], "16.04", "54", "30", "0.443", "55.0"],
        ["E01017283", "4", NAMES[3], X, "41", "12", "0.71", "54.0"],
        ["E01017284", "5", NAMES[4], "7.2", "120", "4", "0.965", "20.0"],
        ["E01017285", X, NAMES[5], X, "77", X, X, X],
    ]


def test_csv_of_days_changes_and_rows_without_a_name(report):
    assert rows_of(csv_of(report.tables["lost"])) == [
        ["site_id", "name", "ended", "crossed", "change"],
        ["20001", "'" + HOSTILE, "2016-03-07", "312", "-3"],
        ["20002", "مركز", "", "55", "0"],
    ]
    assert rows_of(csv_of(report.tables["settings"])) == [
        ["setting", "value", "source"], ["Threshold", "15 minutes", "1,000 m at 4 km/h"],
    ]  # fmt: skip


def test_csv_opens_in_excel_and_in_pandas(report):
    content = csv_of(report.tables["neighbourhoods"])
    assert content.startswith(b"\xef\xbb\xbfarea_code,")
    assert content.count(b"\r\n") == content.count(b"\n") == 7
    read = pd.read_csv(io.BytesIO(content), index_col="area_code", na_values=[X])
    values = report.tables["neighbourhoods"].values  # noqa: PD011 (the table's own)
    for column in ("rank", "minutes", "under5", "under5_beyond", "within_share", "need_score"):
        pd.testing.assert_series_equal(read[column].astype(float), values[column], check_names=False)
    assert read["area_name"].tolist()[1:] == list(NAMES[1:])


def test_no_cell_of_a_csv_would_run(report):
    for table in report.tables.values():
        for row in rows_of(csv_of(table))[1:]:
            for cell in row:
                assert cell[:1] not in {"=", "+", "@", "\t", "\r"}
                assert not cell.startswith("-") or float(cell) < 0


def test_the_figures_as_csv(report):
    assert rows_of(figures_csv_of(report)) == [
        ["figure", "label", "number", "unit", "base", "base_unit", "share", "said"],
        ["under5_beyond", "Under-fives beyond 15 minutes' walk", "163", "under-fives", "439",
         "under-fives whose walk is known", "37%", "163 of 439 under-fives whose walk is known (37%)"],
        ["areas_far", "Neighbourhoods mostly beyond", "3", "neighbourhoods", "6", "neighbourhoods", "50%",
         "3 of 6 neighbourhoods (50%)"],
        ["few", "A small count", "7", "under-fives", "40", "under-fives", "18%", "7 of 40 under-fives (18%)"],
    ]  # fmt: skip


def test_geojson_has_every_area(areas):
    assert areas["type"] == "FeatureCollection"
    assert [feature["id"] for feature in areas["features"]] == list(CODES)
    told = [feature["properties"] for feature in areas["features"]]
    assert told[0]["area_name"] == HOSTILE  # no spreadsheet: as it is
    assert [one["minutes"] for one in told] == [24.46, 18, 16.04, None, 7.2, None]
    assert [one["under5_beyond"] for one in told] == [66, 50, 30, 12, 4, None]
    assert told[0]["area_code"] == "E01017280"


def test_geojson_follows_rfc_7946(areas):
    assert "crs" not in areas
    west, south, east, north = areas["bbox"]
    assert -1.3 < west < east < -1.2
    assert 50.7 < south < north < 50.8  # the Isle of Wight
    for feature in areas["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        (ring,) = feature["geometry"]["coordinates"]
        assert ring[0] == ring[-1]
        assert shapely.LinearRing(ring).is_ccw
        assert all(round(number, 7) == number for at in ring for number in at)
        assert all(west <= x <= east and south <= y <= north for x, y in ring)


def test_geojson_lies_where_the_areas_are(report):
    read = gpd.read_file(io.BytesIO(geojson_of(report.tables["neighbourhoods"], report)))
    assert read.crs.to_epsg() == 4326
    back = read.to_crs(27700).geometry
    wanted = report.tables["neighbourhoods"].geometry
    assert max(a.hausdorff_distance(b) for a, b in zip(back, wanted, strict=True)) < 0.05  # metres


def test_geojson_says_whose_it_is(report, areas):
    assert areas["title"].startswith(report.title)
    assert areas["date"] == "2026-11-22"
    assert areas["credits"] == list(report.credits)


def test_geojson_of_points_one_of_which_is_nowhere(report):
    read = json.loads(geojson_of(report.tables["lost"], report))
    first, second = read["features"]
    assert first["geometry"]["coordinates"] == pytest.approx([-1.2861, 50.7119], abs=0.0001)
    assert second["geometry"] is None
    assert first["properties"]["ended"] == "2016-03-07"
    assert second["properties"]["ended"] is None
    with pytest.raises(ValueError, match="settings"):
        geojson_of(report.tables["settings"], report)


def test_the_dictionary_names_every_column_and_every_credit(report):
    text = dictionary_of(report).decode("utf-8-sig")
    for key, table in report.tables.items():
        part = text.split(f"{key}.csv: ")[1].split("\r\n\r\n")[0]
        assert table.title in part
        assert all(f"  {column.key} ({column.title}; " in part for column in table.columns)
    assert "  area_code (Area code; code): " in text
    assert "figures.csv: Headline figures" in text
    assert "[x]: not known" in text
    assert all(line in text for line in (*report.credits, *report.cautions))
