"""Shares that stand in for families who came lately or speak little English: counted, as percentages, or worked out.

No table of small areas counts families from abroad with babies: each of these is a *proxy*, of residents of all ages
or of households, on Census Day 2021.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from data.sources.census import CODE, geography_of, read_counts, small_area_codes
from data.sources.delimited import find_column, numbers, read_delimited, require_columns
from geo.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal

_COUNTED = {
    "TS016": (
        "length_of_residence",
        {"arrived_2y_share": ["under_two_years"], "arrived_5y_share": ["under_two_years", "two_to_five_years"]},
    ),
    "TS029": ("english", {"little_english_share": ["not_well", "not_at_all"]}),
    "TS025": ("household_language", {"no_adult_english_share": ["english_a_child", "english_nobody"]}),
}
"""The tables of counts: what the catalogue calls each, and of which counts a share is made."""

_PERCENTAGES = {
    "arrived_2y_share": ["pct_residence_length_6b-005"],
    "arrived_5y_share": ["pct_residence_length_6b-005", "pct_residence_length_6b-004"],
    "little_english_share": ["pct_english_proficiency_4a-003"],
    "no_adult_english_share": ["pct_hh_language-003", "pct_hh_language-004"],
}
"""The Office's own names of categories, each a percentage of its area."""

PERCENTAGES = "census_percentages"
"""What the catalogue calls a table of percentages, and one of shares worked out from it."""

COLUMNS = ("Length of residence in the UK: *", "Proficiency in English*", "Household language*", *_PERCENTAGES,
           *(name for names in _PERCENTAGES.values() for name in names))  # fmt: skip
"""By one of these a table is recognised."""


@dataclass(frozen=True)
class Proxies:
    """Shares of some areas, as parts of a whole, so that output areas can be summed to larger ones.

    Parameters
    ----------
    parts, wholes
        Indexed by area code, a column a share as `geo.tables.Areas` calls it: people or households (float), NaN where
        the file has a blank.
    geography
        Output areas or neighbourhoods, both of 2021.
    dataset
        What it is, by the catalogue.
    """

    parts: pd.DataFrame
    wholes: pd.DataFrame
    geography: Literal["oa21", "lsoa21"]
    dataset: str

    @property
    def derived(self) -> bool:
        """Whether shares are worked out from percentages; otherwise people or households were counted."""
        return self.dataset == PERCENTAGES


def read_proxies(path: Path) -> Proxies:
    """Read a table of the Census of which shares are made that stand in for families from abroad.

    Read are Nomis's bulk files TS016, TS029 and TS025 (see `data.sources.census.read_counts`); percentages by output
    area under the Office's own names (``pct_residence_length_6b-005`` ...), whose areas count by their residents
    (``pop_total``), households too, for there is no count of these; and shares by neighbourhood that were worked out
    beforehand, under the names of `geo.tables.Areas`.

    Source: Office for National Statistics, Census 2021.

    Raises
    ------
    InputError
        The file is none of these, or has a code twice or ill-formed, or a figure that cannot be.
    """
    frame = read_delimited(path)
    columns = [str(name) for name in frame.columns]
    if find_column(columns, list(_PERCENTAGES)):
        return _of_shares(frame, path, {name: [name] for name in _PERCENTAGES if find_column(columns, [name])}, 1.0)
    if find_column(columns, [name for names in _PERCENTAGES.values() for name in names]):
        return _of_shares(frame, path, _PERCENTAGES, 100.0)
    counts = read_counts(path)
    dataset, shares = _COUNTED[counts.name]
    parts = pd.DataFrame({name: counts.table[of].sum(axis=1, skipna=False) for name, of in shares.items()})
    return Proxies(parts, pd.DataFrame(dict.fromkeys(shares, counts.table.iloc[:, 0])), counts.geography, dataset)


def _of_shares(frame: pd.DataFrame, path: Path, shares: dict[str, list[str]], full: float) -> Proxies:
    """Shares, in which ``full`` is everybody, times the residents of each area; times 1 where these are not told."""
    names = sorted({one for of in shares.values() for one in of})
    cells = require_columns(
        frame,
        source=path,
        columns={"code": CODE, **{name: [name] for name in names}},
        optional={"residents": ("pop_total",)},
    )
    index = small_area_codes(cells, path)
    given = pd.DataFrame({name: numbers(cells, name, source=path, low=0, high=full) for name in names})
    geography = geography_of(index)
    residents = numbers(cells, "residents", source=path, low=0)
    if geography == "oa21" and residents.isna().all():
        raise InputError(path, column="pop_total", expected="residents of each output area", found="no such column")
    parts = {name: given[of].sum(axis=1, skipna=False) / full for name, of in shares.items()}
    people = residents.fillna(1.0) if geography == "lsoa21" else residents
    table = pd.DataFrame(parts).mul(people, axis=0)
    wholes = pd.DataFrame(dict.fromkeys(shares, people)).where(table.notna())
    return Proxies(table.set_index(index), wholes.set_index(index), geography, PERCENTAGES)
