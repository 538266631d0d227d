"""Census tables and population estimates from Nomis: rows by area, and the three ways to ask for an authority's."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from data.fetch.archives import member, opened
from data.fetch.ask import Ask, not_html
from data.services.alternatives import first_of
from data.services.arcgis import batches
from geo.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from data.services.alternatives import Asking

NOMIS = "https://www.nomisweb.co.uk"
MOST_ROWS = 25_000
"""Rows at which a guest's answer is cut, with status 200 and without a word."""

TYPES = {"oa21": "TYPE150", "lsoa21": "TYPE151"}
"""What small areas within a larger one are called."""

_FOUND = ("GEOGRAPHY_CODE", "OBS_VALUE", "RECORD_COUNT")


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of Nomis, as much of it as is used.

    Parameters
    ----------
    source
        The data set, by the catalogue.
    name
        What it is called: ``TS004``.
    dataset
        Nomis's own number of it.
    dimension
        What its categories are called in a question.
    categories
        The categories wanted, by their code, to the header of their column in the publisher's bulk file. They are
        always named in the question: without, subtotals come too.
    filters
        What else must be said, such as both sexes.
    geography
        The small areas it is wanted for.
    """

    source: str
    name: str
    dataset: str
    dimension: str
    categories: dict[int, str]
    geography: str = "oa21"
    filters: tuple[tuple[str, str], ...] = ()


_ENGLISH, _HOUSEHOLD = "Proficiency in English language", "Household language (English and Welsh)"
_OTHER = f"{_ENGLISH}: Main language is not English (English or Welsh in Wales)"
_IN_ENGLISH = "English in England, or English or Welsh in Wales as a main language"
COUNTRY_OF_BIRTH = Table(
    source="country_of_birth",
    name="TS004",
    dataset="NM_2024_1",
    dimension="c2021_cob_12",
    categories={0: "Country of birth: Total", 1: "Country of birth: Europe: United Kingdom"},
)
AGE = Table(
    source="children",
    name="TS007A",
    dataset="NM_2020_1",
    dimension="c2021_age_19",
    categories={0: "Age: Total", 1: "Age: Aged 4 years and under"},
)
LENGTH_OF_RESIDENCE = Table(
    source="length_of_residence",
    name="TS016",
    dataset="NM_2036_1",
    dimension="c2021_resuk_6",
    categories={
        0: "Length of residence in the UK: Total: All usual residents",
        1: "Length of residence in the UK: Born in the UK",
        2: "Length of residence in the UK: 10 years or more",
        3: "Length of residence in the UK: 5 years or more, but less than 10 years",
        4: "Length of residence in the UK: 2 years or more, but less than 5 years",
        5: "Length of residence in the UK: Less than 2 years",
    },
)
ENGLISH = Table(
    source="english",
    name="TS029",
    dataset="NM_2048_1",
    dimension="c2021_engprf_6",
    categories={
        0: f"{_ENGLISH}: Total: All usual residents aged 3 years and over",
        1: f"{_ENGLISH}: Main language is English (English or Welsh in Wales)",
        2: f"{_OTHER}: Can speak English very well",
        3: f"{_OTHER}: Can speak English well",
        4: f"{_OTHER}: Cannot speak English well",
        5: f"{_OTHER}: Cannot speak English",
    },
)
HOUSEHOLD_LANGUAGE = Table(
    source="household_language",
    name="TS025",
    dataset="NM_2044_1",
    dimension="c2021_hhlang_5",
    categories={
        0: f"{_HOUSEHOLD}: Total: All households",
        1: f"{_HOUSEHOLD}: All adults in household have {_IN_ENGLISH}",
        2: f"{_HOUSEHOLD}: At least one but not all adults in household have {_IN_ENGLISH}",
        3: f"{_HOUSEHOLD}: No adults in household, but at least one person aged 3 to 15 years, has {_IN_ENGLISH}",
        4: f"{_HOUSEHOLD}: No people in household have {_IN_ENGLISH}",
    },
)
ESTIMATES = Table(
    source="children",
    name="small area population estimates by single year of age",
    dataset="NM_2014_1",
    dimension="c_age",
    categories={101: "0", 102: "1", 103: "2", 104: "3", 105: "4"},
    geography="lsoa21",
    filters=(("gender", "0"),),
)
"""The newest year: ages 0 to 4 on the neighbourhoods of 2021. Under the code of an age stand 101 and that age."""


def rows_ask(table: Table, areas: str, *, offset: int = 0) -> Ask:
    """Ask for the rows of some areas from `offset` on.

    Parameters
    ----------
    areas
        ``E08000035TYPE150`` (all output areas in it), or a list of codes with commas.
    """
    asked = {"date": "latest", "geography": areas, **dict(table.filters)}
    asked[table.dimension] = ",".join(map(str, table.categories))
    asked["measures"] = "20100"
    asked["select"] = f"date,geography_code,{table.dimension},obs_value,record_count"
    asked |= {"RecordLimit": str(MOST_ROWS), "RecordOffset": str(offset)}
    # A list of codes may be too long for an address; Nomis takes both.
    long = len(areas) > 1_000
    return Ask(
        f"{NOMIS}/api/v01/dataset/{table.dataset}.data.csv",
        source=table.source,
        query=None if long else asked,
        form=asked if long else None,
        looks=not_html,
        check=partial(check_rows, table=table),
    )


def bulk_ask(table: Table) -> Ask:
    """Ask for the bulk file of a census table, all areas of England and Wales in a zip archive.

    Raises
    ------
    ServiceError
        The table is none of the census.
    """
    if not table.name.startswith("TS"):
        raise _fault(what=table.name, found="no bulk file", expected="a table of the Census")
    name = f"census2021-{table.name.lower()}.zip"
    return Ask(f"{NOMIS}/output/census/2021/{name}", source=table.source, fresh_for=None, limit=1 << 30)


def check_rows(path: Path, *, table: Table) -> None:
    """Refuse an answer without rows, which is what a misspelt or unknown area gets, with status 200.

    Raises
    ------
    ServiceError
        It has no rows or lacks a column.
    """
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text)
        header = [name.upper() for name in next(reader, [])]
        first = next(reader, None)
    if first is None:
        found = "a header alone" if header else "an empty answer"
        raise _fault(what=table.name, found=found, expected="rows of the areas asked for")
    missing = [name for name in (*_FOUND, table.dimension.upper()) if name not in header]
    if missing:
        found = f"only {', '.join(header[:6])}"
        raise _fault(what=table.name, found=found, expected=f"a column {missing[0]}")


def read_rows(path: Path, table: Table) -> pd.DataFrame:
    """Read an answer.

    Returns
    -------
    pandas.DataFrame
        ``area_code, category`` (int), ``value`` (float; missing if suppressed), ``date`` and ``record_count`` (int, of
        the whole question).

    Raises
    ------
    ServiceError
        A category is not among those requested.
    """
    frame = pd.read_csv(path, dtype="str", encoding="utf-8-sig", keep_default_na=False)
    frame.columns = frame.columns.str.upper()
    codes = frame[table.dimension.upper()].str.lstrip("_")
    known = codes.isin([str(code) for code in table.categories])
    if not known.all():
        found = f"category {codes[~known].iloc[0]!r}"
        expected = f"one of {', '.join(map(str, table.categories))}"
        raise _fault(what=table.name, found=found, expected=expected)
    return pd.DataFrame(
        {
            "area_code": frame["GEOGRAPHY_CODE"],
            "category": codes.astype("int64"),
            "value": pd.to_numeric(frame["OBS_VALUE"], errors="coerce"),
            "date": frame.get("DATE", ""),
            "record_count": pd.to_numeric(frame["RECORD_COUNT"]).astype("int64"),
        }
    )


def read_areas(client: Asking, table: Table, areas: str) -> pd.DataFrame:
    """All rows of some areas (see `rows_ask`), page by page where the answer is cut.

    Raises
    ------
    ServiceError
        No rows, or fewer than Nomis counts.
    """
    pages = [read_rows(client.get(rows_ask(table, areas)).path, table)]
    expected = int(pages[0]["record_count"].iloc[0])
    received = len(pages[0])
    while received < expected and len(pages[-1]):
        pages.append(read_rows(client.get(rows_ask(table, areas, offset=received)).path, table))
        received += len(pages[-1])
    if received != expected:
        raise _fault(what=table.name, found=f"{received:,} rows", expected=f"{expected:,}, as it counts them itself")
    return pd.concat(pages, ignore_index=True)


def read_table(client: Asking, table: Table, codes: Iterable[str], *, authority: str | None) -> pd.DataFrame:
    """A table for the small areas of an authority: by the authority's code, else by lists, else from the bulk file.

    Parameters
    ----------
    codes
        The small areas wanted, all of which must come.
    authority
        Its code of 2022, which is what Nomis knows; None if it was several authorities then.

    Returns
    -------
    pandas.DataFrame
        In the layout of the census's bulk files: ``date, geography, geography code`` and a column a category.

    Raises
    ------
    ServiceError
        None of the ways gives all areas.
    """
    wanted = sorted(set(codes))

    def whole(client: Asking) -> pd.DataFrame:
        return wide(read_areas(client, table, f"{authority}{TYPES[table.geography]}"), table, wanted)

    def lists(client: Asking) -> pd.DataFrame:
        parts = [read_areas(client, table, ",".join(some)) for some in batches(wanted)]
        return wide(pd.concat(parts, ignore_index=True), table, wanted)

    def bulk(client: Asking) -> pd.DataFrame:
        return read_bulk(client.get(bulk_ask(table)).path, table, wanted)

    ways = [("by the authority's code", whole)] if authority else []
    return first_of(client, f"Nomis, {table.name}", [*ways, ("by lists of areas", lists), ("the bulk file", bulk)])


def wide(rows: pd.DataFrame, table: Table, codes: Iterable[str]) -> pd.DataFrame:
    """Rows of `read_areas` as one row an area, in the layout of the census's bulk files.

    Raises
    ------
    ServiceError
        An area or a category is missing, or stands twice.
    """
    wanted = pd.Index(sorted(set(codes)), name="geography code")
    if rows.duplicated(["area_code", "category"]).any():
        found = f"{rows.loc[rows.duplicated(['area_code', 'category']), 'area_code'].iloc[0]} twice"
        raise _fault(what=table.name, found=found, expected="each area once")
    cells = rows.pivot_table(index="area_code", columns="category", values="value", aggfunc="first", dropna=False)
    missing = wanted.difference(cells.index)
    if len(missing):
        found = f"nothing for {len(missing):,} of {len(wanted):,} areas, such as {missing[0]}"
        raise _fault(what=table.name, found=found, expected="a row for each")
    lost = [code for code in table.categories if code not in cells.columns]
    if lost:
        raise _fault(what=table.name, found=f"no category {lost[0]}", expected="every category asked for")
    kept = cells.reindex(index=wanted, columns=list(table.categories)).astype("Int64")
    kept = kept.set_axis(list(table.categories.values()), axis=1).reset_index()
    kept.insert(0, "date", str(rows["date"].iloc[0]))
    kept.insert(1, "geography", kept["geography code"])
    return kept


def read_bulk(path: Path, table: Table, codes: Iterable[str]) -> pd.DataFrame:
    """The rows of some output areas from a bulk archive, as it has them.

    Raises
    ------
    ServiceError
        The archive has no table of output areas, or lacks one of them.
    """
    wanted = set(codes)
    level = "oa" if table.geography == "oa21" else "lsoa"
    with opened(path) as archive, archive.open(member(archive, f"-{level}.csv")) as file:
        frame = pd.read_csv(file, dtype="str", encoding="utf-8-sig", keep_default_na=False)
    column = next((name for name in frame.columns if name.casefold() == "geography code"), None)
    kept = frame[frame[column].isin(wanted)] if column else frame[:0]
    if len(kept) != len(wanted):
        found = f"{len(kept):,} of {len(wanted):,} areas"
        raise _fault(what=f"the bulk file of {table.name}", found=found, expected="all of them")
    return kept.reset_index(drop=True)


def estimates(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Estimates by single year of age, in columns that the reader of children takes; and their year.

    Parameters
    ----------
    table
        `ESTIMATES` as `read_table` returns it.

    Raises
    ------
    ServiceError
        The answer does not say its year.
    """
    year = year_of(str(table["date"].iloc[0]))
    ages = list(ESTIMATES.categories.values())
    return table.rename(columns={"geography code": "lsoa21cd"})[["lsoa21cd", *ages]], year


def year_of(date: str) -> str:
    """The year that estimates are of, from the date in a row.

    Raises
    ------
    ServiceError
        It has none.
    """
    year = re.search(r"20\d\d", date)
    if year is None:
        raise _fault(what="population estimates", found=f"the date {date!r}", expected="a year")
    return year.group()


def estimates_name(year: str) -> str:
    """The file name by which the reader of children knows the year."""
    return f"mye{year}_under5_lsoa21.csv"


def _fault(*, what: str, found: str, expected: str) -> ServiceError:
    return ServiceError(f"Nomis, {what}", found=found, expected=expected)
