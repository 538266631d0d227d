"""CSV as text: every cell a string, so that leading zeros stay and nothing is guessed.

The index of every table made here is the row of the file, from 1 for the header, so that an error can name it. A record
that spans lines is one row, as in a spreadsheet.
"""

from __future__ import annotations

import csv
import difflib
import gzip
import io
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from data.sources.workbooks import workbook_in
from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

PERSONAL = frozenset({"telephonenum", "headtitle (name)", "headfirstname", "headlastname", "headpreferredjobtitle"})
"""Columns about people, in lower case; their values are never loaded into a table."""

_NUMBER = r"[+-]?(?:(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_DATE = r"(?:[0-9]{2}[-/][0-9]{2}[-/][0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2})"
_TIME = r"[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?$"
_DATES_EXPECTED = "a date such as 31-01-2026, 31/01/2026 or 2026-01-31"
_HEADERS = "headers"


class _Headers(dict[str, str]):
    """The publisher's name of each column; never changed, so pandas need not copy it with every column of a table."""

    def __deepcopy__(self, _: object) -> _Headers:
        return self


def read_delimited(
    path: Path,
    *,
    wanted: Collection[str] | None = None,
    headerless: Callable[[Sequence[str]], Sequence[str] | None] | None = None,
) -> pd.DataFrame:
    """Read a CSV or CSV.GZ file as text, without its personal columns.

    UTF-8 (with or without its mark) is tried first, then Windows-1252. Cells are trimmed; an empty cell is
    ``""``. Rows and unnamed columns that hold nothing are left out.

    Parameters
    ----------
    path
        The file; gzip is recognised by its content, not by its name.
    wanted
        Spellings of the columns to keep (see `find_column`); every column if None. Saves memory.
    headerless
        Given the first row, returns the columns' names if that row is data already, or None.

    Returns
    -------
    pandas.DataFrame
        All columns text; index: row of the file.

    Raises
    ------
    InputError
        There is no such file, or it is empty, a web page, not text, cut short or ragged, or has no rows.
    """
    content = _text_bytes(path)
    first = _first_row(path, content)
    named = headerless(first) if headerless else None
    names = list(named) if named is not None else first
    if named is not None and len(names) != len(first):
        raise InputError(path, row=1, expected=f"{len(names)} fields", found=f"{len(first)}")
    table = _parse(path, content, width=len(names))
    start = 1
    if named is None:
        table, start = table.slice(1), 2
    table = table.rename_columns([str(position) for position in range(len(names))])
    frame = _labelled(path, table, names, wanted=wanted, first_row=start)
    if frame.empty:
        raise InputError(path, expected="rows below the header", found="none")
    return frame


def _text_bytes(path: Path) -> bytes:
    """Return the file's content as UTF-8, unpacked."""
    try:
        content = Path(path).read_bytes()
    except OSError as fault:
        raise InputError(path, expected="a CSV file", found=fault.strerror or type(fault).__name__) from fault
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (EOFError, OSError, zlib.error) as fault:
            raise InputError(path, expected="a whole gzip file", found=f"a damaged one ({fault})") from fault
    content = content.removeprefix(b"\xef\xbb\xbf")
    if not content or content.isspace():
        raise InputError(path, expected="a CSV file with a header and rows", found="an empty file")
    if workbook := workbook_in(content):
        raise InputError(path, expected="a CSV file (save the sheet as CSV)", found=workbook)
    if content[:4] == b"PK\x03\x04":
        raise InputError(path, expected="a CSV file (unpack the archive first)", found="a zip archive")
    start = content[:200].lstrip()[:40]
    if start[:1] in (b"<", b"{"):
        kind = "a web page or XML" if start[:1] == b"<" else "JSON"
        found = f"{kind}, which starts {start.decode('latin-1')!r}"
        raise InputError(path, expected="a CSV file", found=found)
    if b"\0" in content:
        raise InputError(path, expected="a CSV file in UTF-8 or Windows-1252", found="a binary file")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        try:
            content = content.decode("cp1252").encode("utf-8")
        except UnicodeDecodeError as fault:
            row = content[: fault.start].count(b"\n") + 1
            byte = f"byte 0x{content[fault.start]:02x}, which is in neither"
            raise InputError(path, row=row, expected="text in UTF-8 or Windows-1252", found=byte) from fault
    return content


def _first_row(path: Path, content: bytes) -> list[str]:
    try:
        row = next(csv.reader(io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="")))
    except csv.Error as fault:
        raise InputError(path, row=1, expected="a row of comma-separated names", found=str(fault)) from fault
    if not row:
        raise InputError(path, row=1, expected="a row of comma-separated names", found="a blank line")
    return [cell.strip() for cell in row]


def _parse(path: Path, content: bytes, *, width: int) -> pa.Table:
    ragged: list[arrow_csv.InvalidRow] = []

    def note(row: arrow_csv.InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    names = [str(position) for position in range(width)]
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(content),
            # One block in one thread: only so does Arrow know the number of a bad row.
            read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names, block_size=len(content) + 1),
            parse_options=arrow_csv.ParseOptions(
                newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as fault:
        raise InputError(path, expected="comma-separated values", found=str(fault)) from fault
    if ragged:
        bad = ragged[0]
        expected = f"{width} fields, as in row 1"
        raise InputError(path, row=bad.number, expected=expected, found=f"{bad.actual_columns}")
    # An unclosed quotation mark swallows the rest of the file without a word.
    if content.count(b'"') % 2 and table.num_rows and "\n" in table.column(width - 1)[-1].as_py():
        found = "a quotation mark that is never closed"
        raise InputError(path, row=table.num_rows, expected="quotation marks in pairs", found=found)
    return table


def _labelled(
    path: Path, table: pa.Table, names: Sequence[str], *, wanted: Collection[str] | None, first_row: int
) -> pd.DataFrame:
    """Put the cells under their names, trimmed, without personal columns and what holds nothing."""
    # Where nothing is wanted it is another file: whoever reports that needs to see its columns.
    if wanted is not None and not any(find_column([name], wanted) for name in names):
        wanted = None
    kept: dict[str, pa.ChunkedArray] = {}
    blank = np.ones(table.num_rows, dtype=bool)
    for position, name in enumerate(names):
        label = name or f"column {position + 1}"
        if label.casefold() in PERSONAL or (wanted and find_column([label], wanted) is None):
            continue
        cells = pc.utf8_trim_whitespace(table.column(position))
        empty = pc.equal(cells, "").to_numpy()
        if not name and empty.all():
            continue
        if label in kept:
            raise InputError(path, row=1, column=label, expected="each column once", found="it twice")
        kept[label] = cells
        blank &= empty
    rows = pd.Index(np.arange(first_row, first_row + table.num_rows), name="row")
    if not kept:
        return pd.DataFrame(index=rows[:0])
    frame: pd.DataFrame = pa.table(kept).to_pandas()
    return frame.set_axis(rows)[~blank]


def _spelled(spelling: str) -> re.Pattern[str]:
    """Turn a spelling into a pattern: ``YY`` stands for the digits of a year, ``*`` for any ending."""
    start = spelling.removesuffix("*")
    pattern = re.escape(start.casefold()).replace("yyyy", r"\d{4}").replace("yy", r"\d{2}")
    return re.compile(pattern + (".*" if spelling.endswith("*") else ""), re.DOTALL)


def find_column(columns: Collection[str], spellings: Collection[str]) -> str | None:
    """Return the column that answers to one of the spellings, or None; capitals do not matter.

    ``YY`` and ``YYYY`` in a spelling stand for a year, a final ``*`` for any ending: ``LADYYCD`` finds
    ``lad22cd``. Earlier spellings come first; of several years the latest wins.
    """
    for spelling in spellings:
        pattern = _spelled(spelling)
        matches = [name for name in columns if pattern.fullmatch(str(name).casefold())]
        if matches:
            return max(matches, key=lambda name: str(name).casefold())
    return None


def require_columns(
    frame: pd.DataFrame,
    *,
    source: str | Path,
    columns: Mapping[str, Sequence[str]],
    optional: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """Pick the columns that a reader needs, under the names it uses.

    Parameters
    ----------
    frame
        A table of text with the publisher's headers.
    source
        The file, for the message.
    columns
        Our name to the spellings accepted (see `find_column`).
    optional
        The same for columns that may be absent; an absent one comes back with ``""`` in every row.

    Raises
    ------
    InputError
        A column is missing; the message names it and the columns that come nearest.
    """
    found: dict[str, pd.Series] = {}
    headers = _Headers()
    for name, spellings in columns.items():
        match = find_column(list(frame.columns), spellings)
        if match is None:
            raise _missing(frame, spellings, source)
        found[name], headers[name] = frame[match], match
    for name, spellings in (optional or {}).items():
        match = find_column(list(frame.columns), spellings)
        found[name] = pd.Series("", index=frame.index, dtype="str") if match is None else frame[match]
        headers[name] = match or name
    picked = pd.DataFrame(found, index=frame.index)
    picked.attrs[_HEADERS] = headers
    return picked


def _header(frame: pd.DataFrame, column: str) -> str:
    """The publisher's own name of a column, which is what a reader of the message finds in the file."""
    return str(frame.attrs.get(_HEADERS, {}).get(column, column))


def _missing(frame: pd.DataFrame, spellings: Sequence[str], source: str | Path) -> InputError:
    present = {str(name).casefold(): str(name) for name in frame.columns}
    near: list[str] = []
    for spelling in spellings:
        near += difflib.get_close_matches(spelling.casefold(), list(present), n=3, cutoff=0.6)
    nearest = list(dict.fromkeys(present[name] for name in near))[:3]
    if nearest:
        found = "no such column; the nearest are " + ", ".join(map(repr, nearest))
    else:
        shown = list(present.values())[:6]
        rest = f" and {len(present) - len(shown)} more" if len(present) > len(shown) else ""
        found = "only " + (", ".join(map(repr, shown)) or "no columns") + rest
    said = [one.replace("YYYY", "2021").replace("YY", "21").replace("*", "…") for one in spellings]
    expected = "a column " + " or ".join(map(repr, said)) + (" (any year)" if "YY" in "".join(spellings) else "")
    return InputError(source, column=said[0], expected=expected, found=found)


def numbers(
    frame: pd.DataFrame, column: str, *, source: str | Path, low: float = -np.inf, high: float = np.inf
) -> pd.Series[float]:
    """Read a column of text as numbers; thousands commas are understood and a blank is NaN, never 0.

    Raises
    ------
    InputError
        A cell is not a number, or not from `low` to `high`; its row, column and text are named.
    """
    cells = frame[column]
    given = cells.ne("") & cells.notna()
    bad = given & ~cells.str.fullmatch(_NUMBER)
    within = f"a number from {low:,.0f} to {high:,.0f}" if np.isfinite([low, high]).all() else "a number"
    if np.isfinite(low) and not np.isfinite(high):
        within = f"a number not below {low:,.0f}"
    _refuse(cells, bad, source=source, column=_header(frame, column), expected=within + " or a blank")
    values = pd.to_numeric(cells.where(given).str.replace(",", "", regex=False)).astype("float64")
    _refuse(cells, given & ~values.between(low, high), source=source, column=_header(frame, column), expected=within)
    return values


def dates(frame: pd.DataFrame, column: str, *, source: str | Path) -> pd.Series[pd.Timestamp]:
    """Read a column of text as days; a blank and 01-01-1900 are unknown (NaT).

    Accepted are ``dd-mm-yyyy``, ``dd/mm/yyyy`` and ISO, whatever the computer's own habits are.

    Raises
    ------
    InputError
        A cell is something else, or a day that the calendar does not have.
    """
    cells = frame[column]
    given = cells.ne("") & cells.notna()
    plain = cells.str.replace(_TIME, "", regex=True).str.replace("/", "-", regex=False)
    iso = plain.str.contains(r"^[0-9]{4}-", regex=True)
    ordered = plain.where(iso, plain.str.replace(r"^(\d\d)-(\d\d)-(\d{4})$", r"\3-\2-\1", regex=True))
    shaped = given & plain.str.fullmatch(_DATE)
    days = pd.to_datetime(ordered.where(shaped), format="%Y-%m-%d", errors="coerce")
    _refuse(
        cells,
        given & ~days.dt.year.between(1900, 2100),
        source=source,
        column=_header(frame, column),
        expected=_DATES_EXPECTED,
    )
    return days.mask(days == pd.Timestamp(1900, 1, 1)).astype("datetime64[ns]")


def codes(
    frame: pd.DataFrame, column: str, *, source: str | Path, pattern: str, expected: str, blank: bool = False
) -> pd.Series[str]:
    """Read a column of codes of one form (`pattern`); a blank is refused, or missing if `blank`.

    Raises
    ------
    InputError
        A cell has another form; its row, column and text are named.
    """
    cells = text(frame, column)
    bad = ~cells.str.fullmatch(pattern).astype(bool)
    if blank:
        bad &= cells.notna()
    _refuse(frame[column], bad, source=source, column=_header(frame, column), expected=expected)
    return cells


def text(frame: pd.DataFrame, column: str) -> pd.Series[str]:
    """Read a column of text in which a blank is missing."""
    cells = frame[column].astype("str")
    return cells.mask(cells == "")


def normalise_postcodes(cells: pd.Series[str]) -> pd.Series[str]:
    """Write postcodes in upper case without spaces (``bd1  1js`` is ``BD11JS``); a blank is missing."""
    tight = cells.astype("str").str.upper()
    # One literal at a time: millions of postcodes would wait for a pattern.
    for space in (" ", "\u00a0", "\t"):
        tight = tight.str.replace(space, "", regex=False)
    return tight.mask(tight == "")


def refuse_duplicates(frame: pd.DataFrame, column: str, *, source: str | Path) -> None:
    """Refuse a code that stands in two rows.

    Raises
    ------
    InputError
        The second row, the code and its first row are named.
    """
    twice = frame[column].duplicated()
    if twice.any():
        at = int(np.argmax(twice.to_numpy()))
        code = frame[column].iloc[at]
        found = f"{code!r} again, first in row {frame.index[frame[column] == code][0]}"
        raise InputError(
            source, row=int(frame.index[at]), column=_header(frame, column), expected="each code once", found=found
        )


def file_day(path: Path) -> pd.Timestamp:
    """Return the day that a file's name gives (``2026-01-30`` or ``20260130``), or NaT."""
    match = re.search(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)", Path(path).name)
    found = pd.Series(["-".join(match.groups()) if match else None], dtype="str")
    day: pd.Timestamp = pd.to_datetime(found, format="%Y-%m-%d", errors="coerce").iloc[0]
    return day


def _refuse(cells: pd.Series[str], bad: pd.Series[bool], *, source: str | Path, column: str, expected: str) -> None:
    """Raise an error for the first bad cell, if any; the index holds the rows."""
    if bad.any():
        at = int(np.argmax(bad.to_numpy(dtype=bool)))
        cell = cells.iloc[at]
        found = "a blank" if pd.isna(cell) or cell == "" else repr(str(cell)[:80])
        raise InputError(source, row=int(cells.index[at]), column=column, expected=expected, found=found)
