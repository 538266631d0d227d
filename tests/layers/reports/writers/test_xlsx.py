"""The workbook, read back with openpyxl and with LibreOffice."""

from __future__ import annotations

import csv
import io
import math
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest

from layers.reports.figure import Figure, per_cent
from layers.reports.table import Column, Table
from layers.reports.writers.xlsx import _sheet_name, workbook_of
from tests.layers.reports.made import HOSTILE, NAMES, made_report
from tests.required import missing

SHEETS = ["Summary", "Neighbourhoods", "Lost", "Settings", "Data dictionary", "Notes", "Licences"]
X = "[x]"
HARMLESS = "'" + HOSTILE


@pytest.fixture(scope="module")
def content() -> bytes:
    return workbook_of(made_report())


@pytest.fixture(scope="module")
def book(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def table_of(sheet, name: str | None = None) -> list[list[object]]:
    """The rows of the sheet's table, header first."""
    table = sheet.tables[name] if name else next(iter(sheet.tables.values()))
    return [[cell.value for cell in row] for row in sheet[table.ref]]


def format_of(sheet, title: str) -> set[str]:
    """Number formats in a column, told by its title."""
    head, *rows = sheet[next(iter(sheet.tables.values())).ref]
    place = [cell.value for cell in head].index(title)
    return {row[place].number_format for row in rows}


def test_sheets_stand_in_their_order_with_legal_names(book):
    assert book.sheetnames == SHEETS
    assert book.active.title == "Summary"
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in book.sheetnames)


def test_every_neighbourhood_is_there_with_real_numbers(book):
    head, *rows = table_of(book["Neighbourhoods"])
    assert head == [
        "Area code",
        "Rank",
        "Neighbourhood",
        "Minutes",
        "Under-fives",
        "Beyond 15 min",
        "Within",
        "Why",
        "Need",
    ]
    without = [row[:7] + row[8:] for row in rows]
    assert without == [
        ["E01017280", 1, HARMLESS, 24.46, 66, 66, 0, 91.2],
        ["E01017281", 2, NAMES[1], 18, 81, 50, 0.378, 80],
        ["E01017282", 3, NAMES[2], 16.04, 54, 30, 0.443, 55],
        ["E01017283", 4, NAMES[3], X, 41, 12, 0.71, 54],
        ["E01017284", 5, NAMES[4], 7.2, 120, 4, 0.965, 20],
        ["E01017285", X, NAMES[5], X, 77, X, X, X],
    ]


def test_every_cell_equals_the_table(book):
    for key, table in made_report().tables.items():
        head, *rows = table_of(book[key.capitalize()])
        titles = {column.title: column for column in table.columns}
        values = table.values  # noqa: PD011 (the table's own)
        assert len(rows) == len(values)
        for place, title in enumerate(head):
            if title not in titles:
                assert [row[place] for row in rows] == list(values.index)
                continue
            column = titles[title]
            for row, value in zip(rows, values[column.key], strict=True):
                found = row[place]
                if value is None or (isinstance(value, float) and math.isnan(value)):
                    assert found == (X if column.numeric else None)
                elif column.kind == "day":
                    assert found == datetime(value.year, value.month, value.day)
                else:
                    assert found in (value, f"'{value}")


def test_numbers_are_shown_with_the_decimals_that_they_are_kept_with(book):
    areas, lost = book["Neighbourhoods"], book["Lost"]
    assert format_of(areas, "Under-fives") == {"#,##0"}
    assert format_of(areas, "Within") == {"0.0%"}
    assert format_of(areas, "Minutes") == {"0.0"}
    assert format_of(areas, "Need") == {"0.0"}
    assert format_of(areas, "Rank") == {"0"}
    assert format_of(lost, "Ended") == {"d mmmm yyyy"}
    assert format_of(lost, "Change") == {"+#,##0;\N{MINUS SIGN}#,##0;0"}
    assert format_of(areas, "Neighbourhood") == {"@"}


def test_days_are_days_and_an_unknown_day_is_empty(book):
    assert [row[2] for row in table_of(book["Lost"])] == ["Ended", datetime(2016, 3, 7), None]


def test_nothing_is_a_formula_or_would_be_after_saving_as_csv(book, content):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.coordinate
                if isinstance(cell.value, str):
                    assert cell.value[:1] not in "=+-@\t\r", cell.coordinate
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == len(SHEETS)
        assert not any(re.search(rb"<f[ >]", parts.read(name)) for name in sheets)
        assert not any(b"x.invalid" in parts.read(name) for name in parts.namelist() if name.endswith(".rels"))


def test_a_table_a_sheet_with_frozen_header_and_filter(book):
    for sheet in book.worksheets[1:]:
        (table,) = sheet.tables.values()
        assert table.autoFilter.ref == table.ref
        top = int(re.search(r"\d+", table.ref)[0])
        assert sheet.freeze_panes.lstrip("ABCD") == str(top + 1)
        assert [column.name for column in table.tableColumns] == table_of(sheet)[0]
        assert not sheet.merged_cells.ranges
        assert all(any(value is not None for value in row) for row in table_of(sheet))
        assert sheet.max_row == int(table.ref.rsplit(":", 1)[1].lstrip("ABCDEFGHIJ"))  # nothing below it
        assert sheet["A1"].value
    assert book["Neighbourhoods"].freeze_panes == "D5"  # title, about, [x], header; code, rank and name


def test_columns_are_wide_enough_for_their_header(book):
    for sheet in book.worksheets[1:]:
        for cell in sheet[next(iter(sheet.tables.values())).ref][0]:
            longest = max(len(word) for word in cell.value.split())
            assert longest + 2 < sheet.column_dimensions[cell.column_letter].width < 111


def test_shorthand_is_explained_where_it_is_used(book):
    said = [cell.value for cell in book["Neighbourhoods"]["A"][:5]]
    assert "[x]: not known." in said
    assert not any("[x]" in str(cell.value) for cell in book["Lost"]["A"])


def test_the_front_sheet_has_the_answer_and_the_figures(book):
    front = book["Summary"]
    report = made_report()
    assert [front.cell(row, 1).value for row in (1, 2, 3)] == [report.title, report.subtitle, report.answer]
    assert table_of(front, "headline_figures") == [
        ["What is counted", "Number", "Unit", "Out of", "Unit of the base", "Share"],
        ["Under-fives beyond 15 minutes' walk", 163, "under-fives", 439, "under-fives whose walk is known", 0.37],
        ["Neighbourhoods mostly beyond", 3, "neighbourhoods", 6, "neighbourhoods", 0.5],
        ["A small count", 7, "under-fives", 40, "under-fives", 0.18],
    ]
    shown = [str(cell.value) for cell in front["A"]]
    assert [line for line in shown if line.startswith("©")] == ["© OpenStreetMap contributors, ODbL 1.0"]
    assert "[x]: not known." in shown


def test_the_front_sheet_leads_to_every_other(book):
    links = {cell.value: cell.hyperlink.location for cell in book["Summary"]["A"] if cell.hyperlink}
    assert list(links.values()) == [f"'{name}'!A1" for name in SHEETS[1:]]
    assert "Lost: What was lost" in links


@pytest.mark.parametrize(
    ("value", "base", "number", "share"),
    [(1, 1000, 1, 0.001), (999, 1000, 999, 0.999), (77, 200, 77, 0.38), (float("nan"), 10, X, None)],
)
def test_a_share_is_the_one_that_the_report_says(value, base, number, share):
    figure = Figure(key="one", label="One", value=value, unit="people", base=base)
    made = replace(made_report(), figures={"one": figure})
    front = openpyxl.load_workbook(io.BytesIO(workbook_of(made)))["Summary"]
    (row,) = table_of(front, "headline_figures")[1:]
    assert row == ["One", number, "people", base, "people", share]
    assert figure.share == ("" if share is None else per_cent(share))


def test_the_dictionary_has_every_column_of_every_table(book):
    _, *rows = table_of(book["Data dictionary"])
    found = {(row[0].lower(), row[2]) for row in rows}
    wanted = {(key, column.key) for key, table in made_report().tables.items() for column in table.columns}
    assert found == wanted | {("neighbourhoods", "area_code"), ("lost", "site_id")}
    assert ["Neighbourhoods", "Within", "within_share", "part of 1", "Share of under-fives within 15 minutes."] in rows


def test_notes_and_licences(book):
    assert table_of(book["Notes"]) == [
        ["About", "Be careful"],
        ["The whole report", "Walks take no account of hills."],
        ["What was lost?", "Walks to closed centres are measured along today's streets."],
    ]
    assert [row[0] for row in table_of(book["Licences"])] == ["Credit", *made_report().credits]


def test_it_says_what_it_is_and_is_the_same_twice(book, content):
    assert book.properties.title == made_report().title
    assert book.properties.creator == "Pramshed"
    assert book.properties.created == book.properties.modified == datetime(2026, 11, 22)
    assert workbook_of(made_report()) == content


def test_an_empty_table_and_titles_alike_and_days_before_spreadsheets():
    columns = tuple(Column(key=f"c{n}", title="Same", kind="day", about="A day.") for n in range(2))
    rows = pd.DataFrame({"c0": [date(1899, 5, 1)], "c1": [date(1901, 5, 1)]})
    tables = {
        "none": Table.of("none", "None", "Nothing.", columns, rows.iloc[:0]),
        "old": Table.of("old", "Old", "Long ago.", columns, rows),
    }
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(replace(made_report(), tables=tables))))
    assert [cell.value for cell in book["None"]["A"]][-1] == "Nothing to list."
    assert table_of(book["Old"]) == [["Same", "Same (2)"], ["1 May 1899", datetime(1901, 5, 1)]]


def test_sheet_names_are_legal_and_never_alike():
    taken = {"notes"}
    wanted = ("under5_beyond", "Notes", "notes", "a/b:c*?[d]\\e", "'quoted'", "history", "", "x" * 40, "X" * 40)
    found = [_sheet_name(key, taken) for key in wanted]
    assert found == [
        "Under5 beyond", "Notes 2", "Notes 3", "A b c d e", "Quoted", "History of it", "Table", "X" + "x" * 30,
        "X" * 29 + " 2",
    ]  # fmt: skip
    assert all(len(name) <= 31 for name in found)


def test_libreoffice_reads_it_and_saves_it_as_harmless_csv(content, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        missing("libreoffice", "no LibreOffice")
    (tmp_path / "report.xlsx").write_bytes(content)
    every = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    for wanted in (every, "pdf"):
        subprocess.run(
            [office, f"-env:UserInstallation={(tmp_path / 'home').as_uri()}", "--headless", "--convert-to", wanted,
             "--outdir", str(tmp_path), str(tmp_path / "report.xlsx")],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    files = {path.stem.removeprefix("report-"): path.read_text("utf-8") for path in tmp_path.glob("*.csv")}
    assert set(files) == set(SHEETS)
    rows = list(csv.reader(io.StringIO(files["Neighbourhoods"])))
    assert next(row for row in rows if row[0] == "E01017280")[1:6] == ["1", HARMLESS, "24.46", "66", "66"]
    assert next(row for row in rows if row[0] == "E01017281")[3:7] == ["18", "81", "50", "37.8%"]
    assert next(row for row in rows if row[0] == "E01017284")[5:7] == ["4", "96.5%"]
    lost = list(csv.reader(io.StringIO(files["Lost"])))
    row = next(row for row in lost if row[0] == "20001")
    assert (row[1], *row[3:]) == (HARMLESS, "312", "-3")
    assert row[2].endswith("2016")  # a day, in the letters of wherever this runs
