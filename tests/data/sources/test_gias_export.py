"""The search export of the register in its whole layout, as a person downloads it."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from data.sources.centres import read_centres

HEADER = [
    "URN", "LA (code)", "LA (name)", "EstablishmentName", "TypeOfEstablishment (code)", "TypeOfEstablishment (name)",
    "EstablishmentTypeGroup (code)", "EstablishmentTypeGroup (name)", "EstablishmentStatus (code)",
    "EstablishmentStatus (name)", "ReasonEstablishmentOpened (code)", "ReasonEstablishmentOpened (name)", "OpenDate",
    "ReasonEstablishmentClosed (code)", "ReasonEstablishmentClosed (name)", "CloseDate", "LastChangedDate", "Street",
    "Locality", "Address3", "Town", "County (name)", "Postcode", "TelephoneNum", "HeadTitle (name)", "HeadFirstName",
    "HeadLastName", "HeadPreferredJobTitle", "DistrictAdministrative (code)", "DistrictAdministrative (name)",
    "AdministrativeWard (code)", "AdministrativeWard (name)", "Easting", "Northing", "PreviousLA (code)",
    "PreviousLA (name)", "UPRN", "MSOA (code)", "LSOA (code)",
]  # fmt: skip
"""The layout of sources.md 2.2 D with the columns on people where the register has them."""

STATUSES = {"1": "Open", "2": "Closed", "3": "Open, but proposed to close", "4": "Proposed to open"}
TYPES = {
    "47": ("Children's centre", "12", "Children's Centres"),
    "48": ("Children's Centre Linked Site", "12", "Children's Centres"),
    "01": ("Community school", "4", "Local authority maintained schools"),
}
USUAL = {
    "LA (code)": "921",
    "LA (name)": "Isle of Wight",
    "ReasonEstablishmentClosed (code)": "0",
    "ReasonEstablishmentClosed (name)": "Not applicable",
    "LastChangedDate": "25-06-2025",
    "County (name)": "Isle of Wight",
    "Postcode": "PO33 2JF",
    "TelephoneNum": "01983000000",
    "HeadTitle (name)": "Dr",
    "HeadFirstName": "Zebedee",
    "HeadLastName": "Quagmire",
    "HeadPreferredJobTitle": "Wizard",
    "DistrictAdministrative (code)": "E06000046",
    "DistrictAdministrative (name)": "Isle of Wight",
    "Easting": "459282",
    "Northing": "92539",
    "PreviousLA (code)": "999",
}


def row(urn, kind, status, **changes):
    """One establishment; what is not said is as usual or blank."""
    name, group, group_name = TYPES[kind]
    said = {
        "URN": urn, "EstablishmentName": f"Café {urn}", "TypeOfEstablishment (code)": kind,
        "TypeOfEstablishment (name)": name, "EstablishmentTypeGroup (code)": group,
        "EstablishmentTypeGroup (name)": group_name, "EstablishmentStatus (code)": status,
        "EstablishmentStatus (name)": STATUSES[status],
    }  # fmt: skip
    given = {
        "opened": "OpenDate", "closed": "CloseDate", "reason_code": "ReasonEstablishmentClosed (code)",
        "reason": "ReasonEstablishmentClosed (name)", "easting": "Easting", "northing": "Northing",
    }  # fmt: skip
    cells = USUAL | said | {given[key]: value for key, value in changes.items()}
    return [cells.get(column, "") for column in HEADER]


ROWS = [
    row("20001", "47", "1", opened="19-10-2005"),
    row("20002", "47", "2", closed="31-08-2019", reason_code="2", reason="Closure", easting="", northing=""),
    row("20003", "48", "2", opened="01-01-1900", closed="31/03/2020", reason_code="99", reason=""),
    row("20004", "48", "1", opened="01-04-2006"),
    row("20005", "47", "3", closed="31-07-2026", reason_code="2", reason="Closure"),
    row("20006", "47", "4"),
    row("20007", "47", "2", closed="01-01-1900", reason_code="1", reason="Result of Amalgamation/Merger"),
    row("20008", "47", "1", reason_code="2", reason="Closure"),
    row("118146", "01", "1", opened="01-09-1970"),
    row("118147", "01", "2", closed="yesterday", easting="far"),
]


@pytest.fixture
def export(tmp_path):
    """Write rows as the website does: quoted, CRLF, Windows-1252."""

    def write(rows=ROWS, header=HEADER):
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerows([header, *rows])
        path = tmp_path / "results_20260201.csv"
        path.write_bytes(text.getvalue().encode("cp1252"))
        return path

    return write


@pytest.fixture
def centres(export):
    return read_centres([export()])


def test_schools_and_what_is_only_proposed_are_left_out_and_said(centres):
    assert centres.table.index.tolist() == ["20001", "20002", "20003", "20004", "20005", "20007", "20008"]
    assert centres.notes[:2] == (
        "results_20260201.csv: rows left out, not of a children's centre (type 47 or 48): 2.",
        "results_20260201.csv: left out, only proposed to open: 20006.",
    )


def test_status_and_what_it_served_as(centres):
    assert centres.table["status"].tolist() == ["open", "closed", "closed", "linked", "announced", "closed", "open"]
    assert centres.table["served_as"].tolist() == ["open", "open", "linked", "linked", "open", "open", "open"]


def test_days_as_given_and_1900_as_not_known(centres):
    table = centres.table
    assert table["opened"].dt.strftime("%Y-%m-%d").fillna("").tolist() == [
        "2005-10-19", "", "", "2006-04-01", "", "", "",
    ]  # fmt: skip
    assert table["closed"].dt.strftime("%Y-%m-%d").fillna("").tolist() == [
        "", "2019-08-31", "2020-03-31", "", "2026-07-31", "", "",
    ]  # fmt: skip
    assert table["date_precision"].fillna("").tolist() == ["", "day", "day", "", "day", "unknown", ""]
    assert table["last_seen"].isna().all()
    assert table["source_date"].unique().tolist() == [pd.Timestamp("2026-02-01")]


def test_why_it_closed_is_kept_and_nothing_is_said_where_nothing_is_known(centres):
    assert centres.table["note"].fillna("").to_dict() == {
        "20001": "",
        "20002": "Closed because: Closure.",
        "20003": "",  # code 99 has no name
        "20004": "",
        "20005": "Closing because: Closure.",
        "20007": "Closed because: Result of Amalgamation/Merger.",
        "20008": "",  # it is open, whatever reason stands there
    }


def test_blank_coordinates_are_not_known(centres):
    unplaced = centres.table.index[centres.table["easting"].isna()]
    assert unplaced.tolist() == ["20002"]
    assert centres.table.loc["20001", ["easting", "northing", "district_code"]].tolist() == [
        459_282, 92_539, "E06000046",
    ]  # fmt: skip


def test_people_are_nowhere(export, centres):
    raw = export().read_bytes()
    everything = centres.table.to_csv() + " ".join(centres.notes)
    for said in ("Zebedee", "Quagmire", "01983000000", "Wizard"):
        assert said.encode() in raw
        assert said not in everything
    assert "Café 20001" in everything  # Windows-1252 is understood


def test_an_export_without_reasons_says_so(export):
    at = HEADER.index("ReasonEstablishmentClosed (name)")
    rows = [[cell for place, cell in enumerate(cells) if place != at] for cells in (HEADER, *ROWS)]
    centres = read_centres([export(rows[1:], rows[0])])
    assert centres.table["note"].isna().all()
    assert "results_20260201.csv has no column ReasonEstablishmentClosed (name): left blank." in centres.notes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"closed": "last spring"}, ["CloseDate", "'last spring'", "31-01-2026"]),
        ({"easting": "459 km"}, ["Easting", "'459 km'", "a number"]),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(export, refused, changes, words):
    path = export([ROWS[0], row("20009", "47", "2", **changes)])
    refused(lambda path: read_centres([path]), path, *words, row=3)
