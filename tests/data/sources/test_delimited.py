import gzip

import numpy as np
import pandas as pd
import pytest

from data.sources.delimited import (
    codes,
    dates,
    file_day,
    find_column,
    normalise_postcodes,
    numbers,
    read_delimited,
    refuse_duplicates,
    require_columns,
)
from geo.errors import InputError


def column(*cells, name="figure"):
    """A column of text as `read_delimited` returns it: the first cell stands in row 2."""
    return pd.DataFrame({name: pd.Series(list(cells), index=range(2, len(cells) + 2), dtype="str")})


def test_every_cell_is_text_and_leading_zeros_stay(file):
    frame = read_delimited(file('URN,"County, code"\r\n20001,003\r\n20002, 006 '))
    assert frame.to_dict("list") == {"URN": ["20001", "20002"], "County, code": ["003", "006"]}
    assert list(frame.index) == [2, 3]
    assert set(frame.dtypes.astype(str)) == {"str"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_both_encodings_are_read(file, encoding):
    frame = read_delimited(file("name,n\nCr\u00e8che \u2019s,1\n".encode(encoding)))
    assert list(frame.columns) == ["name", "n"]
    assert frame["name"].tolist() == ["Cr\u00e8che \u2019s"]


def test_gzip_is_known_by_its_content(file):
    assert read_delimited(file(gzip.compress(b"a,b\n1,2\n"), "named.csv"))["b"].tolist() == ["2"]


def test_rows_are_numbered_across_blank_lines_and_line_breaks(file):
    frame = read_delimited(file('a,b\n\n1,"two\nlines"\n,\n3,4\n\n'))
    assert frame["b"].tolist() == ["two\nlines", "4"]
    assert list(frame.index) == [3, 5]


def test_unnamed_columns_go_if_they_hold_nothing(file):
    assert list(read_delimited(file("a,b,,\n1,2,,x\n3,4,,\n")).columns) == ["a", "b", "column 4"]


def test_personal_columns_are_never_in_the_table(file):
    text = (
        "URN,TelephoneNum,HeadTitle (name),headfirstname,HEADLASTNAME,HeadPreferredJobTitle,Town\n"
        "20001,01983000000,Dr,Zebedee,Quagmire,Lead,Ryde\n"
    )
    frame = read_delimited(file(text))
    assert list(frame.columns) == ["URN", "Town"]
    assert "Zebedee" not in frame.to_csv()
    assert "01983000000" not in frame.to_csv()
    assert list(read_delimited(file(text), wanted=["URN", "HeadLastName"]).columns) == ["URN"]


def test_only_wanted_columns_are_kept_unless_there_is_none(file):
    path = file("LAD22CD,b,c\n1,2,3\n")
    assert list(read_delimited(path, wanted=["ladYYcd", "c"]).columns) == ["LAD22CD", "c"]
    assert list(read_delimited(path, wanted=["x"]).columns) == ["LAD22CD", "b", "c"]


def test_a_file_without_header_gets_names(file):
    path = file("AB1 1AA,10\nAB1 1AB,20\n")
    frame = read_delimited(path, headerless=lambda first: ["pcd", "quality"] if first[0] == "AB1 1AA" else None)
    assert frame["quality"].tolist() == ["10", "20"]
    assert list(frame.index) == [1, 2]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["empty file"]),
        (b" \r\n\n", ["empty file"]),
        (b"\xef\xbb\xbf<!DOCTYPE html>\n<html><body>404</body></html>", ["a web page", "<!DOCTYPE html>"]),
        (b'{"error":{"code":400}}', ["JSON", "CSV file"]),
        (b"PK\x03\x04rest", ["zip archive", "unpack"]),
        (b"\x89PNG\r\n\x1a\n\0\0\0", ["binary"]),
        (b"a,b\n", ["rows below the header"]),
        (gzip.compress(b"a,b\n1,2\n" * 500, mtime=0)[:40], ["damaged", "gzip"]),
    ],
)
def test_what_is_not_csv_is_refused(file, refused, content, words):
    refused(read_delimited, file(content), *words)


def test_a_missing_file_is_refused(tmp_path, refused):
    refused(read_delimited, tmp_path / "nowhere.csv", "No such file")


@pytest.mark.parametrize(
    ("content", "row", "words"),
    [
        (b"a,b,c\n1,2,3\n\n1,2\n", 4, ["found 2", "3 fields"]),
        (b"a,b,c\n1,2,3\n1,2,3,4\n", 3, ["found 4", "3 fields"]),
        (b'a,b\n1,2\n3,"open\n5,6\n', 3, ["never closed"]),
        (b"a,b\n1,2\n3,\x81\n", 3, ["0x81", "UTF-8 or Windows-1252"]),
        (b"a,b,A,b\n1,2,3,4\n", 1, ["'b'", "twice"]),
    ],
)
def test_broken_rows_are_named(file, refused, content, row, words):
    refused(read_delimited, file(content), *words, row=row)


def test_columns_answer_to_any_spelling():
    assert find_column(["OA21CD", "LAD22CD", "LAD23CD"], ["ladYYcd"]) == "LAD23CD"
    assert find_column(["LSOA code (2021)"], ["lsoa CODE (YYYY)"]) == "LSOA code (2021)"
    assert find_column(["Rank (where 1"], ["Rank*"]) == "Rank (where 1"
    assert find_column(["pcds", "pcd"], ["pcd", "pcds"]) == "pcd"
    assert find_column(["ladnm"], ["ladYYnm", "lad"]) is None


def test_required_columns_come_under_our_names_and_optional_ones_blank():
    frame = pd.DataFrame({"URN": ["1"], "Town": ["Ryde"]}, dtype="str")
    picked = require_columns(frame, source="f.csv", columns={"site_id": ("urn",)}, optional={"note": ("x",)})
    assert picked.to_dict("list") == {"site_id": ["1"], "note": [""]}


def test_a_missing_column_names_the_nearest(file):
    frame = pd.DataFrame({"LSOA21_CODE": ["1"], "Town": ["Ryde"]}, dtype="str")
    with pytest.raises(InputError) as caught:
        require_columns(frame, source="f.csv", columns={"area_code": ("lsoa21cd",)})
    assert str(caught.value) == (
        "f.csv, column 'lsoa21cd': found no such column; the nearest are 'LSOA21_CODE'; expected a column 'lsoa21cd'"
    )


def test_a_missing_column_without_a_near_one_lists_what_there_is():
    frame = pd.DataFrame({name: ["1"] for name in "abcdefgh"}, dtype="str")
    with pytest.raises(InputError, match=r"only 'a', 'b', 'c', 'd', 'e', 'f' and 2 more; expected a column 'Postcode'"):
        require_columns(frame, source="f.csv", columns={"postcode": ("Postcode",)})


def test_numbers_keep_blanks_as_missing():
    frame = column("1,234", "", "5.5", "0", "-1e3", "12,345,678.5")
    assert numbers(frame, "figure", source="f").tolist()[2:] == [5.5, 0, -1000, 12_345_678.5]
    assert numbers(frame, "figure", source="f").iloc[0] == 1234
    assert np.isnan(numbers(frame, "figure", source="f").iloc[1])
    assert numbers(column("", ""), "figure", source="f").isna().all()


@pytest.mark.parametrize("cell", ["1,23", "12 %", "nan", "inf", "c", "1.2.3", "-", ".", "0x10", "\uff11\uff12"])
def test_what_is_no_number_is_named(cell):
    with pytest.raises(InputError) as caught:
        numbers(column("1", cell), "figure", source="f.csv")
    assert str(caught.value) == (f"f.csv, row 3, column 'figure': found {cell!r}; expected a number or a blank")


def test_a_number_out_of_range_is_named():
    with pytest.raises(InputError, match=r"row 2, column 'figure': found '33756'; expected a number from 1 to 33,755"):
        numbers(column("33756"), "figure", source="f.csv", low=1, high=33_755)
    with pytest.raises(InputError, match=r"found '-1'; expected a number not below 0"):
        numbers(column("-1"), "figure", source="f.csv", low=0)


def test_days_are_read_day_first():
    frame = column("19-10-2005", "07/12/2009", "2026-01-30", "2026-01-30T00:00:00", "", "01-01-1900", "1900-01-01")
    days = dates(frame, "figure", source="f")
    assert days.dt.strftime("%Y-%m-%d").tolist()[:4] == ["2005-10-19", "2009-12-07", "2026-01-30", "2026-01-30"]
    assert days.isna().tolist() == [False] * 4 + [True] * 3
    assert str(days.dtype) == "datetime64[ns]"


@pytest.mark.parametrize("cell", ["31-02-2020", "12/31/2020", "2020", "1-1-2020", "soon", "01-01-0200", "20200101"])
def test_what_is_no_day_is_named(cell):
    with pytest.raises(InputError) as caught:
        dates(column("", cell, name="CloseDate"), "CloseDate", source="f.csv")
    message = str(caught.value)
    assert message.startswith(f"f.csv, row 3, column 'CloseDate': found {cell!r}; expected a date such as 31-01-2026")


def test_postcodes_lose_their_spaces():
    cells = pd.Series([" dl1  2an", "PO30\u00a01AA", "BD1 1JS", ""], dtype="str")
    assert normalise_postcodes(cells).tolist()[:3] == ["DL12AN", "PO301AA", "BD11JS"]
    assert normalise_postcodes(cells).isna().tolist() == [False, False, False, True]


def test_a_code_given_twice_is_named():
    with pytest.raises(InputError) as caught:
        refuse_duplicates(column("A", "B", "A", name="code"), "code", source="f.csv")
    assert str(caught.value) == (
        "f.csv, row 4, column 'code': found 'A' again, first in row 2; expected each code once"
    )
    refuse_duplicates(column("A", "B", name="code"), "code", source="f.csv")


def test_an_ill_formed_code_is_named():
    frame = column("E01", "", name="code")
    with pytest.raises(InputError, match=r"row 3, column 'code': found a blank; expected a code"):
        codes(frame, "code", source="f.csv", pattern="E[0-9]{2}", expected="a code")
    assert codes(frame, "code", source="f.csv", pattern="E[0-9]{2}", expected="a code", blank=True).isna().sum() == 1


def test_the_day_of_a_file_is_in_its_name(tmp_path):
    assert file_day(tmp_path / "gias_2026-01-30.csv") == pd.Timestamp(2026, 1, 30)
    assert file_day(tmp_path / "edubaseallchildrencentre20260130.csv") == pd.Timestamp(2026, 1, 30)
    assert pd.isna(file_day(tmp_path / "listed_before_2026.csv"))
    assert pd.isna(file_day(tmp_path / "x_2026-19-39.csv"))
