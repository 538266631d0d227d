"""Births by where the parents were born, as a council counts them for its neighbourhoods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.sources.delimited import codes, numbers, read_delimited, refuse_duplicates, require_columns
from geo.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("births_abroad", "births_parent_abroad", "births_parents_abroad")
"""What the column of births to a parent born outside the UK may be called."""


def read_births(path: Path) -> pd.DataFrame:
    """Read a council's own table: ``lsoa21_code``, ``births`` and, of these, ``births_abroad``.

    Returns
    -------
    DataFrame
        Indexed by LSOA of 2021: ``births, births_abroad`` (float; NaN where the file has a blank), of the file's years.

    Raises
    ------
    InputError
        A column is missing, a code ill-formed or there twice, a count is none, or a part is more than the whole.
    """
    cells = require_columns(
        read_delimited(path),
        source=path,
        columns={"code": ("lsoa21_code", "lsoa21cd"), "births": ("births",), "births_abroad": COLUMNS},
    )
    area_codes = codes(cells, "code", source=path, pattern=r"E01\d{6}", expected="an LSOA of 2021 (E01000001)")
    refuse_duplicates(cells, "code", source=path)
    table = pd.DataFrame({name: numbers(cells, name, source=path, low=0) for name in ("births", "births_abroad")})
    wrong = (table["births_abroad"] > table["births"]).to_numpy()
    if wrong.any():
        at = int(np.argmax(wrong))
        found = f"{cells['births_abroad'].iloc[at]} of {cells['births'].iloc[at]}"
        raise InputError(path, row=int(cells.index[at]), expected="no more than all births", found=found)
    return table.set_index(area_codes)
