"""Births by parents' country, of a council's own table: what is hidden cannot be told, what is wrong is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.build.births import births_of, vintage_of
from data.sources.births import read_births
from geo.errors import InputError

AREAS = pd.Index([f"E0100000{number}" for number in range(1, 7)], name="area_code")
TABLE = """lsoa21_code,births,births_parent_abroad
E01000001,40,9
E01000002,40,12
E01000003,40,31
E01000004,60,48
E01000005,70,
"""


@pytest.fixture
def table(tmp_path):
    def written(text=TABLE):
        path = tmp_path / "births_2021-2024.csv"
        path.write_text(text)
        return path

    return written


def test_counts_under_ten_on_either_side_are_hidden_and_the_others_rounded(table):
    """Nine, and nine others: both look like the missing ones, and like an area that the table does not have."""
    notes = []
    shown = births_of(table(), AREAS, notes)
    np.testing.assert_array_equal(shown, [np.nan, 10, np.nan, 50, np.nan, np.nan])
    assert "no count is here of 2 neighbourhoods with fewer than 10 births" in notes[0]
    assert vintage_of(table()) == "2024 back to 2021, the council's own, rounded to 5"
    nine_to_none = births_of(table(TABLE.replace(",40,9", ",40,0").replace(",40,31", ",40,40")), AREAS, [])
    pd.testing.assert_series_equal(nine_to_none, shown)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TABLE.replace(",40,9", ",40,41"), "found 41 of 40"),
        (TABLE.replace("births,", "all,"), "a column 'births'"),
        (TABLE.replace("E01000002", "E02000002"), "an LSOA of 2021"),
        (TABLE.replace("E01000002", "E01000001"), "E01000001"),
        (TABLE.replace(",12", ",few"), "'few'"),
    ],
)
def test_what_cannot_be_is_refused(table, text, said):
    with pytest.raises(InputError, match=said):
        read_births(table(text))


def test_another_authoritys_table_is_refused(table):
    with pytest.raises(InputError, match="such as E01999999"):
        births_of(table(), pd.Index(["E01999999"]), [])
