"""Spreadsheets told by their content, whatever a file is called; and text that keeps to its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import pandas as pd

    _Table = TypeVar("_Table", bound=pd.DataFrame)

_WORKBOOKS = {b"xl/workbook.": "an Excel workbook", b"opendocument.spreadsheet": "an OpenDocument spreadsheet"}
"""What stands in such a file, for names of members are not packed."""

FORMULA_SIGNS = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""What a spreadsheet takes for the beginning of a formula, full-width signs too; as a pattern has it in brackets."""

BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
"""What ends a line, steers a screen, or turns the direction of what follows."""


def workbook_in(content: bytes) -> str | None:
    """What kind of spreadsheet a file's content is, in words; None if it is none."""
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "an old Excel workbook (.xls)"
    if not content.startswith(b"PK\x03\x04"):
        return None
    return next((kind for sign, kind in _WORKBOOKS.items() if sign in content), None)


def one_line(cells: pd.Series[str]) -> pd.Series[str]:
    """Text on one line: what would break it or steer a screen becomes a space; what is missing stays so."""
    return cells.str.replace(BREAKS, " ", regex=True).str.strip()


def in_one_line(table: _Table) -> _Table:
    """A table with all its text on one line."""
    text = table.select_dtypes(include=["str"]).columns
    return table.assign(**{str(name): one_line(table[name]) for name in text})
