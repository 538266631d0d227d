"""Main languages by neighbourhood, out of a table by output area."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.build.inputs import read_lookups
from data.build.languages import languages_of
from geo.errors import InputError

CODES = pd.Index(["E01000001", "E01000002", "E01000003"], name="area_code")
TABLE = (
    "oa21cd,Does not apply,English (English or Welsh if in Wales),Other European language (EU): Polish\n"
    "E00000001,5,100,20\nE00000002,1,50,0\nE00000003,,,\nE00000004,2,40,3\n"
)


@pytest.fixture
def read(small, tmp_path):
    """The languages of the small authority's areas, of which the first has two output areas: ``read(text)``."""
    lookup = tmp_path / "oa.csv"
    lookup.write_text(
        "oa21cd,lsoa21cd,lsoa21nm,msoa21cd,msoa21nm,lad22cd,lad22nm\n"
        + "".join(
            f"E0000000{number},{area},A,E02000001,M,E06000099,Town\n"
            for number, area in enumerate(["E01000001", "E01000001", "E01000002", "E01000003"], start=1)
        )
    )

    def languages(text, *, lookups=(lookup,)):
        path = tmp_path / "languages.csv"
        path.write_text(text)
        inputs, notes = replace(small, languages=path, lookups=lookups), []
        return languages_of(inputs, read_lookups(inputs), CODES, notes), notes

    return languages


def test_output_areas_are_added_up_and_what_is_held_back_is_missing(read):
    found, notes = read(TABLE)
    wide = found.pivot_table(index="area_code", columns="language", values="people", dropna=False)
    assert wide.loc["E01000001"].to_dict() == {"English": 150, "Polish": 20}
    assert np.isnan(wide.loc["E01000002"]).all()
    assert wide.loc["E01000003", "Polish"] == 3
    assert notes == ["Main languages are held back for output areas in 1 of 3 neighbourhoods: not known there."]


def test_without_a_table_without_a_look_up_and_of_elsewhere(read, small):
    assert languages_of(small, read_lookups(small), CODES, []) is None
    with pytest.raises(InputError, match="--lookup"):
        read(TABLE, lookups=small.lookups)
    with pytest.raises(InputError, match="none of them"):
        read(TABLE.replace("E0000000", "E0000009"))
