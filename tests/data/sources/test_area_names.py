"""Names of neighbourhoods: both layouts, and what is refused."""

from __future__ import annotations

import pandas as pd
import pytest

from data.sources.area_names import MsoaNames, OwnNames, read_area_names

OLDER = "msoa11cd,msoa11nm,msoa11nmw,msoa11hclnm,msoa11hclnmw,Laname\n"
NEWER = "msoa21cd,msoa21nm,msoa21nmw,msoa21hclnm,msoa21hclnmw,localauthorityname\n"


def test_the_library_names_msoas_of_2011_and_of_2021(file):
    row = 'E02003588,Isle of Wight 008,Isle of Wight 008,"Niton, Shorwell & Godshill",,Isle of Wight\n'
    bare = "W02000001,Isle of Anglesey 001,Ynys Môn 001,,Amlwch,Isle of Anglesey\n"
    for header, geography in ((OLDER, "MSOA 2011"), (NEWER, "MSOA 2021")):
        names = read_area_names(file((header + row + bare).encode("utf-8-sig")))
        assert isinstance(names, MsoaNames)
        assert names.geography == geography
        assert names.table.loc["E02003588"].tolist() == ["Isle of Wight 008", "Niton, Shorwell & Godshill"]
        assert pd.isna(names.table.loc["W02000001", "name"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_an_own_table_may_come_from_a_spreadsheet(file, encoding):
    names = read_area_names(file("LSOA21CD,Name\nE01017282, Café End \nE01017283,\n".encode(encoding)))
    assert isinstance(names, OwnNames)
    assert names.table["name"].fillna("blank").to_dict() == {"E01017282": "Café End", "E01017283": "blank"}
    assert names.table["row"].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("code,name\nE01017282,A\n", 1, ["'code', 'name'", "msoa21hclnm, or lsoa21cd and name"]),
        ("lsoa21cd,called\nE01017282,A\n", None, ["'name'", "'called'"]),
        ("msoa21cd,msoa21nm\nE02003588,Town 001\n", None, ["msoa21hclnm", "'msoa21nm'"]),
        ("lsoa21cd,name\nE01017282,A\nE01017282,B\n", 3, ["'E01017282' again, first in row 2"]),
        (NEWER + "E02003588,Town 001,,A,,Town\nE02003589,Town 001,,B,,Town\n", 3, ["msoa21nm", "each code once"]),
        (NEWER + "E01017282,Town 001A,,A,,Town\n", 2, ["'E01017282'", "an MSOA code"]),
        ("lsoa21cd,name\nE02003588,A\n", 2, ["'E02003588'", "an LSOA code"]),
        ('lsoa21cd,name\nE01017282,"The\nRow"\n', 2, ["'The\\nRow'", "a name on one line, of at most 80 characters"]),
        (f"lsoa21cd,name\nE01017282,{'W' * 81}\n", 2, ["at most 80"]),
        ("lsoa21cd,name\nE01017282,\u202ednE ehT\n", 2, ["on one line"]),
        ("lsoa21cd,name\nE01017282,The\u2028End\n", 2, ["on one line"]),
    ],
)
def test_what_is_no_such_table_or_no_such_name_is_refused(file, refused, text, row, words):
    refused(read_area_names, file(text), *words, row=row)


@pytest.mark.real
def test_the_edition_at_hand(real):
    names = read_area_names(real / "england" / "msoa_names_1.14.csv")
    assert len(names.table) == 7_201
    assert names.table["name"].notna().all()
    assert names.table.loc["E02003587"].tolist() == ["Isle of Wight 007", "Ryde South"]
