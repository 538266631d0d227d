"""Births to parents from abroad, of a council's own table: no more of it than may be shown.

Nobody publishes them for neighbourhoods, so such a table is always private: counts under ten are hidden and the others
rounded to five (`data.build.children.protected`), before anything is made of them. How many births there are in all is
published elsewhere, so a count is hidden as well where fewer than ten have no parent from abroad.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from data.build.children import FEWEST, OWN, STEP, protected
from data.sources.births import read_births
from geo.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def births_of(path: Path, codes: pd.Index[str], notes: list[str]) -> pd.Series[float]:
    """Births to a parent born outside the UK by area, protected.

    Parameters
    ----------
    path
        The table.
    codes
        The areas of the place.
    notes
        What is hidden is added to these.

    Raises
    ------
    InputError
        The table knows none of the areas.
    """
    counts = read_births(path)
    if not codes.isin(counts.index).any():
        expected = f"the areas of the authority, such as {codes[0]}"
        raise InputError(path, expected=expected, found="none of them (codes of another vintage?)")
    counts = counts.reindex(codes)
    shown = protected(counts, part="births_abroad", whole="births")["births_abroad"]
    hidden = int((counts["births_abroad"].notna() & shown.isna()).sum())
    notes.append(
        "The table of births is the council's own, and private: no count is here of "
        f"{hidden:,} neighbourhood{'' if hidden == 1 else 's'} with fewer than {FEWEST} births to a parent from abroad "
        f"or fewer than {FEWEST} others; the other counts are rounded to the nearest {STEP}."
    )
    return shown


def vintage_of(path: Path) -> str:
    """The vintage of the counts, by the years that the file's name tells, such as ``births_2021-2024.csv``."""
    years = sorted(set(re.findall(r"20\d\d", path.name)), reverse=True)  # the last first: by it the age is told
    return f"{' back to '.join(years[:: max(len(years) - 1, 1)]) or 'year not stated'}, {OWN}"
