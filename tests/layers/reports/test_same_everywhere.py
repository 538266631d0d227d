"""One report, many forms: the same headline figures and the same neighbourhoods in each, read back by other programs."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from html.parser import HTMLParser

import openpyxl
import pandas as pd
import pyogrio
import pytest

from layers.reports.table import UNKNOWN
from tests.layers.reports.reader import cells
from tests.required import missing

pytestmark = [pytest.mark.whole_report, pytest.mark.xdist_group("reports")]  # they share what is found for the island

KEYS = ("gap_rank", "minutes_median", "under5", "under5_beyond")


@pytest.fixture(scope="module")
def files(pack):
    """The finished files of the Isle of Wight's report, in a folder."""
    return pack


@pytest.fixture(scope="module")
def paper(files):
    """The PDF's text, lines as they stand on paper."""
    if shutil.which("pdftotext") is None:
        missing("poppler", "no pdftotext on this machine: it comes with poppler-utils")
    said = subprocess.run(["pdftotext", "-layout", files / "report.pdf", "-"], capture_output=True, check=True)
    return said.stdout.decode().replace("\N{SOFT HYPHEN}", "")


class Page(HTMLParser):
    """The words of a page, and its tables as rows of cells, by their caption."""

    def __init__(self):
        super().__init__()
        self.words, self.tables, self.cell, self.skip = [], [], None, 0

    def handle_starttag(self, tag, attrs):
        self.skip += tag in {"script", "style"}
        if tag == "table":
            self.tables.append([])
        if tag == "tr" and self.tables:
            self.tables[-1].append([])
        if tag in {"td", "th"} and self.tables:
            self.cell = []

    def handle_endtag(self, tag):
        self.skip -= tag in {"script", "style"}
        if tag in {"td", "th"} and self.cell is not None:
            self.tables[-1][-1].append(" ".join("".join(self.cell).split()).replace("\N{SOFT HYPHEN}", ""))
            self.cell = None

    def handle_data(self, data):
        if not self.skip:
            self.words.append(data)
            if self.cell is not None:
                self.cell.append(data)


@pytest.fixture(scope="module")
def page(files):
    parsed = Page()
    parsed.feed((files / "report.html").read_text("utf-8"))
    return parsed


@pytest.fixture(scope="module")
def rows(report):
    """The neighbourhoods as they are told: by code, the cells of `KEYS` as people read them."""
    return report.tables["neighbourhoods"].text()[list(KEYS)]


def one_line(text):
    return " ".join(text.split())


@pytest.mark.program
def test_headlines_on_paper(report, paper):
    said = one_line(paper)
    assert one_line(report.title) in said
    for key in (
        "under5_beyond",
        "areas_far",
        "most_deprived_beyond",
        "born_abroad_beyond",
        "lost_beyond",
        "new_sites_bring",
    ):
        figure = report.figures[key]
        assert f"{figure.number} of {figure.base:,.0f}" in said, key
    assert one_line(report.answer).split(". ", maxsplit=1)[0] in said


def test_headlines_on_the_page(report, page):
    said = one_line(" ".join(page.words))
    for figure in report.figures.values():
        assert figure.said in said, figure.key
    assert one_line(report.answer) in said


def test_headlines_in_the_workbook(report, files):
    book = openpyxl.load_workbook(files / "tables.xlsx", read_only=True)
    found = [[value for value in row if value is not None] for row in book["Summary"].iter_rows(values_only=True)]
    for figure in report.figures.values():
        row = next(row for row in found if figure.label in row)
        assert figure.value in row, figure.key
        assert figure.base in row, figure.key


def test_headlines_in_the_other_files(report, files):
    rows = {
        row["figure"]: row for row in csv.DictReader(io.StringIO((files / "tables/figures.csv").read_text("utf-8-sig")))
    }
    run = json.loads((files / "run.json").read_text("utf-8"))
    with closing(sqlite3.connect(files / "layers.gpkg")) as base:
        names = [row[0] for row in base.execute("SELECT table_name FROM gpkg_contents")]
        held = next(name for name in names if "figure" in name)
        kept = {row[0]: row[1:] for row in base.execute(f"SELECT figure, number, base FROM {held}")}
    assert set(rows) == set(kept) == set(report.figures)
    for key, figure in report.figures.items():
        assert float(rows[key]["number"]) == kept[key][0] == figure.value, key
        assert float(rows[key]["base"]) == kept[key][1] == figure.base, key
    assert f"{report.figures['under5_beyond'].value:.0f}" in json.dumps(run)


def test_neighbourhoods_in_the_csv(report, files, rows):
    with (files / "tables/neighbourhoods.csv").open(encoding="utf-8-sig", newline="") as text:
        read = list(csv.DictReader(text))
    assert [row["area_code"] for row in read] == list(rows.index)
    table = report.tables["neighbourhoods"]
    for row in read:
        for key in KEYS:
            said, value = row[key], cells(table).loc[row["area_code"], key]
            assert said == UNKNOWN if pd.isna(value) else float(said) == value


def test_neighbourhoods_in_the_workbook(report, files):
    sheet = openpyxl.load_workbook(files / "tables.xlsx")["Neighbourhoods"]
    table = report.tables["neighbourhoods"]
    titles = {column.title: column.key for column in table.columns}
    head, *read = [[cell.value for cell in row] for row in sheet[next(iter(sheet.tables.values())).ref]]
    at = {titles[title]: n for n, title in enumerate(head) if title in titles}
    assert len(read) == 89
    for row in read:
        for key in KEYS:
            value = cells(table).loc[row[0], key]
            assert row[at[key]] == (UNKNOWN if pd.isna(value) else value)


def test_neighbourhoods_in_the_layers(report, files):
    """GeoPackage and GeoJSON: what is not known is null."""
    table = report.tables["neighbourhoods"]
    values = cells(table)[list(KEYS)].astype(float)
    layer = pyogrio.read_dataframe(files / "layers.gpkg", layer="neighbourhoods").set_index("area_code")
    told = layer.loc[values.index, list(KEYS)].astype(float)
    assert told.equals(values)
    features = json.loads((files / "neighbourhoods.geojson").read_text("utf-8"))["features"]
    by_code = {one["properties"]["area_code"]: one["properties"] for one in features}
    assert set(by_code) == set(values.index)
    for code, row in values.iterrows():
        for key in KEYS:
            said = by_code[code][key]
            assert said is None if pd.isna(row[key]) else said == row[key]


def test_neighbourhoods_on_the_page(report, page, rows):
    """Whatever rows the page shows are those of the table."""
    names = cells(report.tables["neighbourhoods"])["area_name"]
    by_name = {name: code for code, name in names.items()}
    titles = [column.title.replace("\N{SOFT HYPHEN}", "") for column in report.tables["neighbourhoods"].printed]
    shown = next(table for table in page.tables if set(titles) <= set(table[0]))
    at = [shown[0].index(title) for title in titles if title in {"Rank", "Minutes", "Under-fives", "Beyond 15 min"}]
    listed = [row for row in shown[1:] if set(row) & set(by_name)]
    assert len(listed) >= 15
    for row in listed:
        code = next(by_name[cell] for cell in row if cell in by_name)
        assert [row[n] for n in at] == rows.loc[code].to_list()


@pytest.mark.program
def test_neighbourhoods_on_paper(report, paper, rows):
    """The first fifteen, each with its rank, minutes and counts in its line."""
    table = report.tables["neighbourhoods"]
    names = cells(table)["area_name"]
    lines = paper.splitlines()
    for code in names.index[: table.printed_rows]:
        rank, minutes, children, beyond = rows.loc[code]
        last = names[code].rsplit(" ", maxsplit=1)[-1]
        parts = [line.split() for line in lines if re.match(rf"\s*{rank}\s", line)]
        assert any(
            [minutes, children, beyond] == [part for part in line if re.fullmatch(r"[\d,]+|\[.\]", part)][1:4]
            for line in parts
        ), code
        assert last in paper
