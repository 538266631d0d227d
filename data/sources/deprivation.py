"""The English Indices of Deprivation, File 7 (all ranks, scores and deciles)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from data.sources.delimited import (
    codes,
    find_column,
    numbers,
    read_delimited,
    refuse_duplicates,
    require_columns,
    text,
)
from geo.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

_EDITIONS: dict[str, tuple[Literal["IoD2025", "IoD2019"], Literal["lsoa21", "lsoa11"], int]] = {
    "2021": ("IoD2025", "lsoa21", 33_755),
    "2011": ("IoD2019", "lsoa11", 32_844),
}
"""By the year in the header of the area codes: edition, geography, areas in England."""

_CODE = "LSOA code (YYYY)"
_AREAS = {
    "area_name": ("LSOA name (YYYY)",),
    "authority_code": ("Local Authority District code (YYYY)",),
    "authority_name": ("Local Authority District name (YYYY)",),
}
# By the start of the header: the publisher cuts long ones short.
_IMD = {
    "imd_score": ("Index of Multiple Deprivation (IMD) Score*",),
    "imd_rank": ("Index of Multiple Deprivation (IMD) Rank*",),
    "imd_decile": ("Index of Multiple Deprivation (IMD) Decile*",),
}
_IDACI = {
    "idaci_rank": ("Income Deprivation Affecting Children Index (IDACI) Rank*",),
    "idaci_decile": ("Income Deprivation Affecting Children Index (IDACI) Decile*",),
}


@dataclass(frozen=True)
class Deprivation:
    """How deprived each neighbourhood of England is.

    Parameters
    ----------
    table
        Indexed by ``area_code``: ``area_name, authority_code, authority_name`` (text), ``imd_score,
        imd_rank, imd_decile, idaci_rank, idaci_decile`` (float). Rank 1 and decile 1 are the most deprived;
        missing is NaN.
    vintage
        The edition; ranks of two editions are not comparable.
    geography
        The areas that it speaks of.
    """

    table: pd.DataFrame
    vintage: Literal["IoD2025", "IoD2019"]
    geography: Literal["lsoa21", "lsoa11"]


def read_deprivation(path: Path) -> Deprivation:
    """Read how deprived each neighbourhood is: File 7 of the Indices of Deprivation 2025 or 2019.

    Columns may stand in any order and others be absent, save the areas' and the Index of Multiple
    Deprivation's. Without columns on children (IDACI) those figures are NaN.

    Source: Ministry of Housing, Communities and Local Government, English Indices of Deprivation.

    Raises
    ------
    InputError
        A column is missing, a code ill-formed or given twice, or a figure not a number or out of range;
        also an older edition, whose areas are others.
    """
    frame = read_delimited(path)
    vintage, geography, areas = _edition(frame, path)
    cells = require_columns(frame, source=path, columns={"area_code": (_CODE,), **_IMD}, optional=_AREAS | _IDACI)
    area_codes = codes(
        cells, "area_code", source=path, pattern=r"E01[0-9]{6}", expected="an LSOA code such as E01000001"
    )
    refuse_duplicates(cells, "area_code", source=path)
    table = pd.DataFrame({name: text(cells, name) for name in _AREAS})
    for name in (*_IMD, *_IDACI):
        low, high = {"score": (0, 100), "rank": (1, areas), "decile": (1, 10)}[name.split("_")[1]]
        table[name] = numbers(cells, name, source=path, low=low, high=high)
    return Deprivation(table.set_index(area_codes), vintage, geography)


def _edition(frame: pd.DataFrame, path: Path) -> tuple[Literal["IoD2025", "IoD2019"], Literal["lsoa21", "lsoa11"], int]:
    """Tell the edition by the years that its headers carry."""
    code = require_columns(frame, source=path, columns={"area_code": (_CODE,)})
    header = find_column(list(frame.columns), (_CODE,)) or ""
    edition = _EDITIONS.get(re.sub("[^0-9]", "", header))
    district = find_column(list(frame.columns), _AREAS["authority_code"]) or ""
    # The edition of 2015 is on the areas of 2011 as well; only its districts tell it from that of 2019.
    if edition is None or "2013" in district:
        expected = "Indices of Deprivation 2025 (LSOA 2021) or 2019 (LSOA 2011)"
        found = f"areas {header!r} and districts {district!r}, the first {code['area_code'].iloc[0]!r}"
        raise InputError(path, row=1, expected=expected, found=found)
    return edition
