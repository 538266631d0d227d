"""The councils' return of sites: as CSV and as a workbook, and what is refused of it."""

from __future__ import annotations

import csv
import zipfile
from datetime import datetime

import openpyxl
import pandas as pd
import pytest

from data.sources.site_return import is_return, read_site_return
from geo.errors import InputError


@pytest.fixture
def lines(fixtures):
    """The rows of the fixture, to be spoilt."""
    with (fixtures / "site_return_2026-06-30.csv").open(newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def returned(lines, tmp_path):
    """Write the return with some cells changed, told by row and code."""

    def write(*changes, name="return_2026-06-30.csv"):
        for row, code, value in changes:
            lines[row - 1][lines[0].index(code)] = value
        path = tmp_path / name
        with path.open("w", newline="") as file:
            csv.writer(file).writerows(lines)
        return path

    return write


@pytest.fixture
def workbook(lines, tmp_path):
    """Write the return as a workbook, its days as days, in a sheet of a name."""

    def write(sheet="Data", name="return_2026-06-30.xlsx"):
        book = openpyxl.Workbook()
        book.active.title = "Guidance"
        page = book.create_sheet(sheet)
        for row in lines:
            page.append(row)
        page.cell(3, lines[0].index("FHS08") + 1, datetime(2026, 4, 1))
        page.cell(3, lines[0].index("FHS03") + 1, 100012345678)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


def test_the_return_as_sent(fixtures):
    table, notes = read_site_return(fixtures / "site_return_2026-06-30.csv")
    assert table.index.tolist() == [
        "return-TW11AA", "return-TW12AA", "return-TW13AA", "return-TW13AB", "return-TW12AB", "return-TW12AB-2",
    ]  # fmt: skip
    assert table["kind"].tolist() == ["hub", "network_site", "hub", "hub", "network_site", "hub"]
    assert table["status"].tolist() == ["open", "open", "planned", "closed", "closed", "planned"]
    days = [None if pd.isna(day) else f"{day:%Y-%m-%d}" for day in table["opened"]]
    assert days == ["2026-04-01", "2026-05-01", "2027-03-15", None, "2025-09-01", None]
    assert table["closed"].dropna().tolist() == [pd.Timestamp("2026-05-31"), pd.Timestamp("2026-02-01")]
    assert table["date_precision"].dropna().unique().tolist() == ["day"]
    assert table["source_date"].unique().tolist() == [pd.Timestamp("2026-06-30")]
    assert table["hub"].isna().tolist() == [False, True, False, False, True, False]
    assert table["note"].fillna("").tolist() == [
        "Best Start Family Hub. Before, it was a children's centre.",
        "In the same building as a library and another council service.",
        "Working towards a Best Start Family Hub. In the same building as a school.",
        "", "", "Best Start Family Hub.",
    ]  # fmt: skip
    assert notes == [
        "site_return_2026-06-30.csv: not known what it is to share a place with 'somewhere_new' (FHS11), so it is left "
        "out.",
        "site_return_2026-06-30.csv: planned, but for no known day: Later Hub.",
    ]


def test_nothing_that_may_name_a_person_is_kept(fixtures):
    table, notes = read_site_return(fixtures / "site_return_2026-06-30.csv")
    assert "Given" not in table.to_csv() + "".join(notes)
    assert "High Street" not in table.to_csv()


@pytest.mark.parametrize("name", ["return_2026-06-30.xlsx", "return_2026-06-30.csv"])
def test_a_workbook_says_the_same_whatever_it_is_called(workbook, fixtures, name):
    table, _ = read_site_return(workbook(name=name))
    pd.testing.assert_frame_equal(table, read_site_return(fixtures / "site_return_2026-06-30.csv")[0])


def test_text_that_is_called_a_workbook_is_read(returned, fixtures):
    table, _ = read_site_return(returned(name="return_2026-06-30.xlsx"))
    assert table.equals(read_site_return(fixtures / "site_return_2026-06-30.csv")[0])


def test_what_a_place_gives_is_kept_where_a_council_adds_it(lines, returned):
    lines[0].append("services")
    for line, what in zip(lines[1:], ["", "", "stay and play; health visiting.", *[""] * 4], strict=True):
        line.append(what)
    assert read_site_return(returned())[0]["note"].iloc[1].endswith("Gives: stay and play; health visiting.")


def test_it_is_known_by_its_codes(fixtures, workbook, file):
    assert is_return(fixtures / "site_return_2026-06-30.csv")
    assert is_return(workbook())
    for other in (fixtures / "family_hubs_2025-03-31.csv", fixtures / "no such file", file(b"PK\x03\x04 no archive")):
        assert not is_return(other)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((4, "FHS01", ""), ["'FHS01'", "a blank"]),
        ((4, "FHS02", "TOWN"), ["'FHS02'", "'TOWN'", "a postcode such as"]),
        ((5, "FHS04", "soon"), ["'FHS04'", "'soon'", "active, planned, closed"]),
        ((5, "FHS07", ""), ["'FHS07'", "a blank", "network_site"]),
        ((5, "FHS07A", "spring 2027"), ["'FHS07A'", "'spring 2027'"]),
        ((7, "FHS05", ""), ["'FHS05'", "a blank", "closed location"]),
        ((7, "FHS05", "01-08-2025"), ["'FHS05'", "01-09-2025"]),
        ((4, "FHS08", "31-02-2026"), ["'FHS08'", "'31-02-2026'"]),
    ],
)
def test_a_cell_that_is_wrong_is_named(returned, refused, change, words):
    refused(read_site_return, returned(change), *words, row=change[0])


def test_a_location_may_stand_once(returned, refused):
    path = returned((4, "FHS01", "western  FAMILY hub"), (4, "FHS02", "tw1 1aa"))
    refused(read_site_return, path, "first in row 3", row=4)


def test_a_workbook_that_is_none_is_refused_in_a_line(workbook, tmp_path, refused, monkeypatch):
    refused(read_site_return, workbook(sheet="Answers"), "a sheet called Data", "Guidance, Answers")
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    refused(read_site_return, tmp_path / "other.xlsx", "an archive that is no workbook")
    book = workbook()
    monkeypatch.setattr("data.sources.site_return.LARGEST", 1_000)
    refused(read_site_return, book, "unpacked")


def test_a_return_without_a_column_or_without_rows_is_refused(lines, returned, refused):
    del lines[2:]
    refused(read_site_return, returned(), "locations from row 3", row=3)
    lines[0][lines[0].index("FHS04")] = "Status"
    with pytest.raises(InputError, match="FHS04"):
        read_site_return(returned())
