"""Residents by country of birth, and children by age, for small areas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from data.sources.delimited import (
    codes,
    find_column,
    numbers,
    read_delimited,
    refuse_duplicates,
    require_columns,
)
from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

_SMALL_AREA = r"[EW]0[01][0-9]{6}"
_SMALL_AREA_EXPECTED = "the code of an output area (E00000001) or an LSOA (E01000001)"
CODE = ("geography code", "code", "oa21cd", "lsoa21cd")
_LSOA = ("lsoa21_code", "lsoa21cd", "lsoa11_code", "lsoa11cd")
_SUMMED = r"under5(_mid20\d\d)?"
CENSUS = "Census 2021"
"""The vintage of children whom the Census counted."""
_TABLES = {
    "age": "TS007A, age",
    "country of birth": "TS004, country of birth",
    "country of birth (detailed)": "TS012, country of birth in detail",
    "ethnic group": "TS021, ethnic group",
    "household language": "TS025, household language",
    "household language (english and welsh)": "TS025, household language",
    "length of residence in the uk": "TS016, length of residence",
    "main language": "TS024, main language",
    "migrant indicator": "TS019, migrant indicator",
    "passports held": "TS005, passports held",
    "proficiency in english language": "TS029, proficiency in English",
    "residence type": "TS001, residents",
    "sex": "TS008, sex",
    "year of arrival in the uk": "TS015, year of arrival",
}
"""Census 2021 tables by the words that begin their headers in the bulk files."""

_LENGTH, _ENGLISH = "Length of residence in the UK: ", "Proficiency in English language: "
_OTHER, _HOUSEHOLD = (
    f"{_ENGLISH}Main language is not English (English or Welsh in Wales): ",
    "Household language (English and Welsh): ",
)
_COUNTS: dict[str, dict[str, str]] = {
    "TS016": {
        "residents": f"{_LENGTH}Total*",
        "born_in_uk": f"{_LENGTH}Born in the UK",
        "ten_years_or_more": f"{_LENGTH}10 years or more",
        "five_to_ten_years": f"{_LENGTH}5 years or more*",
        "two_to_five_years": f"{_LENGTH}2 years or more*",
        "under_two_years": f"{_LENGTH}Less than 2 years",
    },
    "TS029": {
        "aged_3_and_over": f"{_ENGLISH}Total*",
        "english_is_main": f"{_ENGLISH}Main language is English (English or Welsh in Wales)",
        "very_well": f"{_OTHER}Can speak English very well",
        "well": f"{_OTHER}Can speak English well",
        "not_well": f"{_OTHER}Cannot speak English well",
        "not_at_all": f"{_OTHER}Cannot speak English",
    },
    "TS025": {
        "households": f"{_HOUSEHOLD}Total*",
        "english_all_adults": f"{_HOUSEHOLD}All adults*",
        "english_some_adults": f"{_HOUSEHOLD}At least one but not all adults*",
        "english_a_child": f"{_HOUSEHOLD}No adults in household, but*",
        "english_nobody": f"{_HOUSEHOLD}No people*",
    },
}
"""Census 2021 tables on support for families: our name of a count to the header in the bulk files, by its start."""


@dataclass(frozen=True)
class CountryOfBirth:
    """Where the residents of each small area were born.

    Parameters
    ----------
    table
        Indexed by area code: ``residents, born_outside_uk`` (float, people on Census Day 2021).
    geography
        Output areas or neighbourhoods, both of 2021.
    """

    table: pd.DataFrame
    geography: Literal["oa21", "lsoa21"]


@dataclass(frozen=True)
class Children:
    """How many small children live in each small area.

    Parameters
    ----------
    table
        Indexed by area code: ``under2, under5`` (float, children aged 0 and 1, and 0 to 4); NaN where the
        source does not say.
    geography
        The areas that it speaks of.
    vintage
        What the figures are of, such as "mid-2020" or "Census 2021".
    """

    table: pd.DataFrame
    geography: Literal["oa21", "lsoa21", "lsoa11"]
    vintage: str


@dataclass(frozen=True)
class CensusCounts:
    """People or households of each small area by something that the Census asked.

    Parameters
    ----------
    table
        Indexed by area code: a column a count (float; NaN where the file has a blank). The first is the whole, of which
        the others are parts.
    geography
        Output areas or neighbourhoods, both of 2021.
    name
        The table's: TS016, TS025 or TS029.
    """

    table: pd.DataFrame
    geography: Literal["oa21", "lsoa21"]
    name: str


def read_country_of_birth(path: Path) -> CountryOfBirth:
    """Read how many residents were born outside the UK: Census 2021, table TS004.

    Read are Nomis's bulk files and plain tables with ``total`` and ``born_uk``. Born outside the UK is
    everybody less those born in it. Wales, where the file has it, stays in.

    Source: Office for National Statistics, Census 2021, TS004.

    Raises
    ------
    InputError
        The file holds another census table (it is named), another geography, a code twice or ill-formed, a
        count that is not one, or more people born in the UK than people.
    """
    frame = _without_suffix(read_delimited(path))
    _refuse_other_table(frame, path, wanted="country of birth")
    cells = require_columns(
        frame,
        source=path,
        columns={
            "code": CODE,
            "residents": ("Country of birth: Total", "Country of birth: Total: All usual residents", "total"),
            "born_uk": ("Country of birth: Europe: United Kingdom", "born_uk"),
        },
        optional={"given": ("born_outside_uk",)},
    )
    area_codes = small_area_codes(cells, path)
    residents = numbers(cells, "residents", source=path, low=0)
    outside = residents - numbers(cells, "born_uk", source=path, low=0)
    given = numbers(cells, "given", source=path, low=0)
    wrong = (outside < 0) | (given.notna() & outside.notna() & given.ne(outside))
    if wrong.any():
        at = int(np.argmax(wrong.to_numpy()))
        row = cells.iloc[at]
        found = f"{row['residents']} = {row['born_uk']} + {row['given'] or 'the rest'}"
        raise InputError(path, row=int(cells.index[at]), expected="residents = born in the UK + outside", found=found)
    table = pd.DataFrame({"residents": residents, "born_outside_uk": outside}).set_index(area_codes)
    return CountryOfBirth(table, geography_of(area_codes))


def read_children(path: Path) -> Children:
    """Read how many children under two and under five live in each small area.

    Read are mid-year estimates by single year of age (columns ``0`` to ``4``; the name of the code column
    says which areas, the file's name which year), the same summed beforehand (columns such as
    ``under2_mid2020, under5_mid2020``), a council's own count (``under5`` and, if it has it, ``under2``), and
    Census 2021 table TS007A in Nomis's bulk layout, which knows the under-fives only: its under-twos are NaN.

    Source: Office for National Statistics, small-area population estimates; Census 2021, TS007A.

    Raises
    ------
    InputError
        The file holds another census table (it is named), lacks an age, or has a code twice or ill-formed
        or a count that is not one.
    """
    frame = _without_suffix(read_delimited(path))
    _refuse_other_table(frame, path, wanted="age")
    if find_column(list(frame.columns), ("geography code",)) is not None:
        return _children_of_census(frame, path)
    summed = next((name for name in map(str, frame.columns) if re.fullmatch(_SUMMED, name)), None)
    if summed is not None:
        return _children_summed(frame, path, of=summed.removeprefix("under5"))
    by_age: dict[str, Sequence[str]] = {f"age{age}": (str(age), f"age {age}") for age in range(5)}
    cells = require_columns(frame, source=path, columns={"code": _LSOA, **by_age})
    header = str(find_column(list(frame.columns), _LSOA)).casefold()
    area_codes = small_area_codes(cells, path)
    ages = pd.DataFrame({name: numbers(cells, name, source=path, low=0) for name in by_age})
    table = pd.DataFrame(
        {"under2": ages[["age0", "age1"]].sum(axis=1, skipna=False), "under5": ages.sum(axis=1, skipna=False)}
    )
    geography: Literal["lsoa11", "lsoa21"] = "lsoa21" if header.startswith("lsoa21") else "lsoa11"
    return Children(table.set_index(area_codes), geography, _year(Path(path).name.casefold()))


def _year(name: str) -> str:
    """The year that the name of a file, or of its column, tells."""
    if found := re.search(r"(?:mye|mid)[-_ ]?(20\d\d)", name):
        return f"mid-{found[1]}"
    found = re.search(r"20\d\d", name)
    return found[0] if found else "year not stated"


def read_counts(path: Path) -> CensusCounts:
    """Read how long residents have lived in the UK, how well they speak English, or what households speak.

    Read are Nomis's bulk files of Census 2021: TS016 (residents by length of residence), TS029 (those aged 3 and over
    by proficiency in English) and TS025 (households by how many in them have English as a main language).

    Source: Office for National Statistics, Census 2021.

    Raises
    ------
    InputError
        The file is none of the three, or has a code twice or ill-formed or a count that is not one.
    """
    frame = _without_suffix(read_delimited(path))
    columns = [str(name) for name in frame.columns]
    name = next((name for name, wanted in _COUNTS.items() if _first(wanted, columns)), None)
    if name is None:
        expected = "table " + " or ".join(_TABLES[topic] for topic in _COUNT_TOPICS)
        raise InputError(path, row=1, expected=expected, found=f"only {', '.join(map(repr, columns[:4]))}")
    wanted = _COUNTS[name]
    spellings: dict[str, Sequence[str]] = {"code": CODE, **{ours: (header,) for ours, header in wanted.items()}}
    cells = require_columns(frame, source=path, columns=spellings)
    area_codes = small_area_codes(cells, path)
    table = pd.DataFrame({ours: numbers(cells, ours, source=path, low=0) for ours in wanted})
    return CensusCounts(table.set_index(area_codes), geography_of(area_codes), name)


_COUNT_TOPICS = ("length of residence in the uk", "household language", "proficiency in english language")


def _first(wanted: dict[str, str], columns: Sequence[str]) -> bool:
    """Whether the whole of a table is among the columns."""
    return find_column(columns, (next(iter(wanted.values())),)) is not None


def _children_summed(frame: pd.DataFrame, path: Path, *, of: str) -> Children:
    columns = {"code": _LSOA, "under5": (f"under5{of}",)}
    cells = require_columns(frame, source=path, columns=columns, optional={"under2": (f"under2{of}",)})
    table = pd.DataFrame({name: numbers(cells, name, source=path, low=0) for name in ("under2", "under5")})
    header = str(find_column(list(frame.columns), _LSOA)).casefold()
    geography: Literal["lsoa11", "lsoa21"] = "lsoa21" if header.startswith("lsoa21") else "lsoa11"
    return Children(table.set_index(small_area_codes(cells, path)), geography, _year(of or Path(path).name.casefold()))


def _children_of_census(frame: pd.DataFrame, path: Path) -> Children:
    columns = {"code": ("geography code",), "under5": ("Age: Aged 4 years and under",)}
    cells = require_columns(frame, source=path, columns=columns)
    area_codes = small_area_codes(cells, path)
    table = pd.DataFrame({"under2": np.nan, "under5": numbers(cells, "under5", source=path, low=0)})
    return Children(table.set_index(area_codes), geography_of(area_codes), CENSUS)


def _without_suffix(frame: pd.DataFrame) -> pd.DataFrame:
    """Take ``; measures: Value`` off the headers; some bulk tables carry it, some do not."""
    return frame.rename(columns=lambda name: re.sub(r"; measures: value$", "", str(name), flags=re.IGNORECASE))


def _refuse_other_table(frame: pd.DataFrame, path: Path, *, wanted: str) -> None:
    if find_column(list(frame.columns), ("geography code",)) is None:
        return
    others: Sequence[str] = [str(name) for name in frame.columns if ":" in str(name)]
    topics = {name.split(":")[0].strip().casefold(): name for name in others}
    if topics and wanted not in topics:
        topic, header = next(iter(topics.items()))
        found = f"a census table that looks like {_TABLES.get(topic, repr(topic))} (its column {header!r})"
        raise InputError(path, row=1, expected=f"table {_TABLES[wanted]}", found=found)


def small_area_codes(cells: pd.DataFrame, path: Path) -> pd.Series[str]:
    """The codes of output areas or neighbourhoods, which must be of one geography.

    Raises
    ------
    InputError
        One is ill-formed, of the other geography, or stands twice.
    """
    first = cells["code"].iloc[0]
    kinds = {"00": "an output area (such as E00000001)", "01": "an LSOA (such as E01000001)"}
    level = first[1:3] if re.fullmatch(_SMALL_AREA, first) else None
    area_codes = codes(
        cells,
        "code",
        source=path,
        pattern=_SMALL_AREA if level is None else rf"[EW]{level}[0-9]{{6}}",
        expected=_SMALL_AREA_EXPECTED if level is None else f"the code of {kinds[level]}",
    )
    refuse_duplicates(cells, "code", source=path)
    return area_codes


def geography_of(area_codes: pd.Series[str]) -> Literal["oa21", "lsoa21"]:
    """Whether codes, which `small_area_codes` gave, are of output areas or of neighbourhoods."""
    return "oa21" if area_codes.iloc[0][1:3] == "00" else "lsoa21"
