"""Names of neighbourhoods that a resident knows: those of the House of Commons Library, and a council's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from data.sources.delimited import codes, find_column, read_delimited, refuse_duplicates, require_columns, text
from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MSOA, _LSOA21 = ("msoaYYcd", "msoaYY_code"), ("lsoa21cd", "lsoa21_code")
_HCL = ("msoaYYhclnm",)

LONGEST_NAME = 80
"""Characters that a name may have: as many as that of a mark."""

# no control characters, separators of lines and paragraphs, marks that turn the direction of a text, or byte order mark
_NAME = f"[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]{{1,{LONGEST_NAME}}}"
_NAME_EXPECTED = f"a name on one line, of at most {LONGEST_NAME} characters"


@dataclass(frozen=True)
class MsoaNames:
    """What the House of Commons Library calls the middle layer areas (MSOA), each several neighbourhoods large.

    Parameters
    ----------
    table
        Indexed by ``msoa_code``: ``msoa_name`` (the official one, "Isle of Wight 007") and ``name`` ("Ryde South";
        missing where it has none). Text.
    geography
        The areas that it speaks of.
    """

    table: pd.DataFrame
    geography: Literal["MSOA 2021", "MSOA 2011"]


@dataclass(frozen=True)
class OwnNames:
    """What somebody, such as the council, calls neighbourhoods (LSOA 2021).

    Parameters
    ----------
    table
        Indexed by ``area_code``: ``name`` (text; missing where it was left blank) and ``row``, of the file.
    """

    table: pd.DataFrame


def read_area_names(path: Path) -> MsoaNames | OwnNames:
    """Read names of neighbourhoods; the columns tell which of the two it is.

    Source: House of Commons Library, MSOA Names (``msoa21cd, msoa21nm, msoa21hclnm``; the editions 1.x are on the
    areas of 2011); or a table of one's own, ``lsoa21cd, name``.

    Raises
    ------
    InputError
        The file is neither, lacks a column, has a code twice or ill-formed, or a name that is too long or has several
        lines.
    """
    frame = read_delimited(path)
    columns = [str(name) for name in frame.columns]
    if find_column(columns, _LSOA21) is not None:
        return _own(frame, path)
    if find_column(columns, (*_MSOA, *_HCL)) is not None:
        return _msoas(frame, path)
    expected = "columns msoa21cd, msoa21nm and msoa21hclnm, or lsoa21cd and name"
    raise InputError(path, row=1, expected=expected, found=f"only {', '.join(map(repr, columns[:8]))}")


def _msoas(frame: pd.DataFrame, path: Path) -> MsoaNames:
    columns: dict[str, Sequence[str]] = {
        "msoa_code": _MSOA, "msoa_name": ("msoaYYnm", "msoaYY_name"), "name": _HCL,
    }  # fmt: skip
    cells = require_columns(frame, source=path, columns=columns)
    msoa = codes(cells, "msoa_code", source=path, pattern=r"[EW]02[0-9]{6}", expected="an MSOA code such as E02000001")
    for column in ("msoa_code", "msoa_name"):
        refuse_duplicates(cells, column, source=path)
    table = pd.DataFrame({"msoa_name": text(cells, "msoa_name"), "name": _names(cells, path)}).set_index(msoa)
    header = find_column([str(name) for name in frame.columns], _MSOA) or ""
    return MsoaNames(table, "MSOA 2011" if "11" in header else "MSOA 2021")


def _own(frame: pd.DataFrame, path: Path) -> OwnNames:
    cells = require_columns(frame, source=path, columns={"area_code": _LSOA21, "name": ("name",)})
    area = codes(cells, "area_code", source=path, pattern=r"[EW]01[0-9]{6}", expected="an LSOA code such as E01000001")
    refuse_duplicates(cells, "area_code", source=path)
    return OwnNames(pd.DataFrame({"name": _names(cells, path), "row": frame.index}).set_index(area))


def _names(cells: pd.DataFrame, path: Path) -> pd.Series[str]:
    """The names, a blank missing: whoever leaves one blank has no name for that area."""
    return codes(cells, "name", source=path, pattern=_NAME, expected=_NAME_EXPECTED, blank=True)
