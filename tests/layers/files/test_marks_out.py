"""Marks as files: what is written comes back as it was, and nothing else than the public copy is written."""

from __future__ import annotations

import csv
import io
import json

import pandas as pd
import pyogrio
import pytest
import shapely

from data.store.exchange.drafts import drafts
from data.store.exchange.services import drafts_from_open_referral
from data.store.exchange.uploads import read_upload
from geo.errors import InputError, RequestError
from layers.files import marks_out
from tests.data.store.public_marks import hostile, mark_id, same, shapes, table_of

TERMS = {
    "place_name": "Isle of Wight",
    "licence": "Under the Open Government Licence v3.0.",
    "attributions": ["Contains “marks” of <groups>."],
    "page": "https://pramshed.example/community",
}
TABLES = (".csv", ".geojson", ".gpkg")


def file_bytes(marks, ending):
    return marks_out.file_bytes(marks, ending, **TERMS)


def back(content, ending):
    if ending == ".json":
        return drafts_from_open_referral(content, "isle-of-wight", name="marks.json")
    return drafts(read_upload(content, f"marks{ending}"), "isle-of-wight", name=f"marks{ending}")


@pytest.mark.parametrize("ending", marks_out.FORMATS)
@pytest.mark.parametrize("given", [shapes, hostile])
def test_what_is_exported_comes_back_the_same(given, ending):
    given = [one for one in given() if ending != ".json" or one.kind not in ("barrier", "missing_crossing")]
    found = back(file_bytes(table_of(given), ending), ending)
    assert len(found.arrivals) == len(given)
    for one, arrival in zip(given, found.arrivals, strict=True):
        assert same(one, arrival.draft), (one, arrival.draft)
    assert [arrival.source_id for arrival in found.arrivals] == [mark_id(number) for number in range(len(given))]
    assert not found.unread
    assert not found.left_out


def test_a_mark_is_the_same_submission_whichever_file_it_comes_in():
    given = table_of([one for one in shapes() if one.kind not in ("barrier", "missing_crossing")])
    submissions = {
        tuple(arrival.submission for arrival in back(file_bytes(given, ending), ending).arrivals)
        for ending in marks_out.FORMATS
    }
    assert len(submissions) == 1
    assert len(set(submissions.pop())) == len(given)


@pytest.mark.parametrize("ending", TABLES)
def test_squares_with_homes_are_exported_as_squares_and_never_come_back_as_marks(ending):
    content = file_bytes(table_of(shapes(), homes=2), ending)
    found = back(content, ending)
    assert found.left_out == {"squares with people's homes": 2}
    assert len(found.arrivals) == len(shapes())


def test_services_say_what_was_left_out():
    page = json.loads(file_bytes(table_of(shapes(), homes=2), ".json"))
    assert page["left_out"] == {"squares with people's homes": 2, "barriers and missing crossings": 3}
    assert page["total_items"] == len(page["contents"]) == 6
    assert page["licence"] == TERMS["licence"]
    assert page["attributions"] == TERMS["attributions"]


@pytest.mark.parametrize("ending", marks_out.FORMATS)
def test_private_fields_are_never_written_even_if_a_table_has_them(ending):
    private = {"contact": "Fatima SECRET-1", "private_note": "SECRET-2", "lived_at": "SECRET-3"}
    content = file_bytes(table_of(shapes(), **private), ending)
    assert b"SECRET" not in content
    assert b"private_note" not in content
    assert b"lived_at" not in content


@pytest.mark.parametrize("ending", [".geojson", ".gpkg"])
def test_gdal_reads_what_is_written(ending, tmp_path):
    path = tmp_path / f"marks{ending}"
    marks_out.write(table_of(shapes()), path, **TERMS)
    found = pyogrio.read_dataframe(path)
    assert list(found["mark_id"]) == [mark_id(number) for number in range(len(shapes()))]
    assert set(found.geom_type) == {"Point", "LineString", "Polygon"}
    assert found.crs.to_epsg() == (4326 if ending == ".geojson" else 27700)
    assert found["days"][0] == "mon,wed"
    # GDAL takes what looks like a day in GeoJSON for a day
    assert str(found["confirmed"][0]).startswith("2026-09-15")
    assert TERMS["licence"].encode() in path.read_bytes()
    notice = (tmp_path / f"marks{ending}.sources.txt").read_text("utf-8")
    assert TERMS["licence"] in notice
    assert TERMS["attributions"][0] in notice


def test_gdal_reads_the_csv_with_its_shapes(tmp_path):
    path = tmp_path / "marks.csv"
    marks_out.write(table_of(shapes()), path, **TERMS)
    found = pyogrio.read_dataframe(path)
    line = shapely.from_wkt(found["wkt"][2])
    assert line.geom_type == "LineString"
    assert found["wkt"][0] in ("", None)
    assert shapely.dwithin(line, shapely.Point(float(found["lon"][2]), float(found["lat"][2])), 1e-6)


def test_no_cell_of_a_csv_runs_in_a_spreadsheet():
    content = file_bytes(table_of(hostile()), ".csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(rows) == len(hostile())
    for row in rows:
        for column, cell in row.items():
            if column in ("lon", "lat"):
                float(cell)
            else:
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (column, cell)
    assert rows[1]["name"] == "'" + hostile()[1].name
    assert rows[5]["name"] == "''=1+1"


@pytest.mark.parametrize("ending", marks_out.FORMATS)
def test_no_marks_at_all_is_a_file_too(ending, tmp_path):
    path = tmp_path / f"marks{ending}"
    marks_out.write(table_of(shapes()).iloc[:0], path, **TERMS)
    if ending == ".json":
        assert json.loads(path.read_text("utf-8"))["empty"] is True
        assert back(path.read_bytes(), ending).arrivals == ()
    else:
        assert len(pyogrio.read_dataframe(path)) == 0


def test_a_format_that_is_none_is_refused(tmp_path):
    with pytest.raises(RequestError, match=r"\.geojson, \.csv, \.gpkg, \.json"):
        marks_out.write(table_of(shapes()), tmp_path / "marks.exe", **TERMS)
    with pytest.raises(RequestError, match="cannot be written"):
        marks_out.write(table_of(shapes()), tmp_path / "nowhere" / "marks.csv", **TERMS)
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_is_no_public_copy_is_refused(tmp_path):
    marks = table_of(shapes())
    with pytest.raises(InputError, match="kind"):
        marks_out.file_bytes(marks.assign(kind="castle"), ".csv", **TERMS)
    with pytest.raises(InputError):
        marks_out.file_bytes(marks.drop(columns="approved"), ".json", **TERMS)


def test_times_of_day_of_a_decision_are_not_told():
    marks = table_of(shapes())
    assert (marks["approved"] == pd.Timestamp("2026-03-01 10:20")).all()
    marks["confirmed"] = marks["approved"]
    for ending in marks_out.FORMATS:
        assert b"10:20" not in file_bytes(marks, ending)
