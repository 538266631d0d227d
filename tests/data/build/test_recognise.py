"""What a file is that somebody brought: by its columns, with its faults row by row, and nothing that leads elsewhere."""

from __future__ import annotations

import csv
import gzip

import openpyxl
import pandas as pd
import pytest

from data.build import recognise as module
from data.build.recognise import of_columns, recognise, with_columns
from data.sources.centres import read_closures


def test_each_raw_file_of_a_place_is_recognised(small):
    fields = (
        "streets",
        "boundaries",
        "postcodes",
        "deprivation",
        "population",
        "centres",
        "children",
        "wards",
        "lookups",
    )
    for field in fields:
        given = getattr(small, field)
        for path in given if isinstance(given, tuple) else (given,):
            found = recognise(path)
            assert found.good, found.faults
            assert found.kind.field == field


def test_a_councils_return_of_sites_is_known_whatever_it_is_called(fixtures, tmp_path):
    found = recognise(fixtures / "site_return_2026-06-30.csv")
    assert (found.good, found.kind.field) == (True, "hubs")
    book = openpyxl.Workbook()
    book.active.title = "Data"
    for row in csv.reader((fixtures / "site_return_2026-06-30.csv").read_text("utf-8").splitlines()):
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    for name in ("return.xlsx", "return.csv"):
        (tmp_path / name).write_bytes((tmp_path / "book.xlsx").read_bytes())
        found = recognise(tmp_path / name)
        assert (found.good, found.kind.what) == (True, "a council's return of its sites")
    (tmp_path / "other.xlsx").write_bytes(b"PK\x03\x04")
    assert "CSV" in recognise(tmp_path / "other.xlsx").faults[0].expected


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ("pcds,doterm,oa21cd,lsoa21cd,lad26cd,wd25cd", "postcodes"),
        ("LS1 1AA,10,430000,433000", "postcodes"),
        ("URN,exit_date_or_month,source", "closures"),
        ("oa21cd,Does not apply,English (English or Welsh if in Wales),French", "languages"),
        ("URN,Postcode,Easting,Northing", "centre_points"),
        ("URN,LinkURN,LinkName", "centres"),
        ("date,geography,geography code,Age: Total", "children"),
        ("Local_Authority,Family_Hub,Postcode", "hubs"),
        ("lsoa21cd,name", "area_names"),
        ("msoa21cd,msoa21nm,msoa21hclnm", "area_names"),
        ("OA21CD,LSOA21CD,MSOA21CD", "lookups"),
        ("name,easting,northing", None),
        ("", None),
    ],
)
def test_a_table_is_told_by_its_columns(columns, field):
    found = of_columns(columns.split(","))
    assert (found and found.field) == field


def test_its_faults_are_found_row_by_row(tmp_path):
    path = tmp_path / "closures.csv"
    path.write_text(
        "URN,exit_date_or_month,source\n20004,2026-04,a\nx,2026-04,a\n20005,May,a\n20006,2026-05,\n", "utf-8"
    )
    found = recognise(path)
    assert [fault.row for fault in found.faults] == [3, 5, 4]
    assert "URN" in found.faults[0].column
    assert not found.more
    assert all(fault.source == str(path) for fault in found.faults)


def test_who_has_many_faults_has_another_file(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_FAULTS", 3)
    path = tmp_path / "closures.csv"
    path.write_text("URN,exit_date_or_month,source\n" + "x,2026-04,a\n" * 9, "utf-8")
    found = recognise(path)
    assert (len(found.faults), found.more) == (3, True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.geojson", b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>"),
        ("a.gpkg", b'{"type": "FeatureCollection", "features": []}'),
        ("a.osm.pbf", b"PK\x03\x04 not streets"),
        ("a.osm", b"{}"),
        ("a.csv", b"PK\x03\x04" + b"x" * 40),
        ("a.csv.gz", b"\x1f\x8bnot packed"),
    ],
)
def test_what_is_something_else_is_said_in_a_line(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    found = recognise(path)
    assert not found.good
    assert found.kind is None


def test_a_packed_table_that_becomes_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LARGEST_TABLE", 1_000)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"URN,source\n" + b"1,x\n" * 1_000))
    found = recognise(path)
    assert not found.good


def test_columns_that_a_person_has_named(tmp_path):
    path, out = tmp_path / "council.csv", tmp_path / "council-2.csv"
    path.write_text("Centre no,Shuts,URN,Whose word\n20004,2026-04,old,the council\n", "utf-8")
    assert not recognise(path).good
    chosen = {"URN": "Centre no", "exit_date_or_month": "Shuts", "source": "Whose word"}
    with_columns(path, "closures", chosen, out)
    found = recognise(out)
    assert (found.good, found.kind.field) == (True, "closures")
    assert read_closures(out).loc["20004", "closed"] == pd.Timestamp(2026, 4, 30)
