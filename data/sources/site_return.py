"""The return of sites that councils send: hubs and network sites, planned, open and closed; as CSV or as a workbook."""

from __future__ import annotations

import re
import warnings
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

import numpy as np
import pandas as pd

from data.sources.delimited import (
    codes,
    dates,
    file_day,
    find_column,
    normalise_postcodes,
    read_delimited,
    require_columns,
    text,
)
from data.sources.gias import few, sentences
from data.sources.postcodes import SHAPE
from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl import Workbook

SOURCE = "council's site return"
SHEET = "Data"
LARGEST = 64 * 1024 * 1024
"""Bytes that a workbook may unpack to; a return of a thousand places has less than one in a hundred of that."""

_CODES = {
    "name": "FHS01",
    "postcode": "FHS02",
    "status": "FHS04",
    "kind": "FHS07",
}
_OPTIONAL = {
    "closed": "FHS05",
    "planned": "FHS07A",
    "opened": "FHS08",
    "before": "FHS08B",
    "shared": "FHS11",
    "services": "services",
}
"""What is read. All else is never loaded: addresses and UPRNs are not needed, and what was typed freely (why it closed,
anything else) may name people. ``services`` is no part of the return: a council may add it, to say what is on there."""

_WANTED = [*_CODES.values(), *_OPTIONAL.values()]
_STATUSES = {"active": "open", "planned": "planned", "closed": "closed"}
KINDS = {
    "best_start_family_hub": "Best Start Family Hub",
    "working_towards_bsfh": "Working towards a Best Start Family Hub",
    "family_hub": "Family hub",
    "network_site": "Network site",
}
"""The types of a location."""

_KIND_WORDS = {
    "bsfh": "best_start_family_hub",
    "working_towards_best_start_family_hub": "working_towards_bsfh",
    "working_towards_a_best_start_family_hub": "working_towards_bsfh",
    "working_towards_becoming_a_best_start_family_hub": "working_towards_bsfh",
    "working_towards_a_bsfh": "working_towards_bsfh",
    "best_start_network_site": "network_site",
}
_BEFORE = {
    "family_hub": "a family hub",
    "childrens_centre": "a children's centre",
    "library": "a library",
    "other": "something else",
    "unknown": None,
}
_SHARED = {
    "nhs_icb_building": "an NHS (ICB) building",
    "gp_practice": "a GP practice",
    "hospital": "a hospital",
    "library": "a library",
    "another_la_service": "another council service",
    "school": "a school",
    "school_based_nursery": "a school-based nursery",
    "pvi_early_years": "a private or voluntary early-years setting",
    "multi_aspect_la_building": "a council building of several services",
    "non_la_nhs_icb_building": "a building of neither the council nor the NHS",
    "other": None,
}


def is_return(path: Path) -> bool:
    """Tell whether a file is a return of sites, by the codes in its first row; what cannot be read is none."""
    path = Path(path)
    try:
        if _is_zip(path):
            return len(_workbook(path).columns.intersection(list(_CODES.values()))) > 1
        with path.open("rb") as file:
            first = file.readline(4096).upper()
    except (InputError, OSError):
        return False
    return sum(code.encode() in first for code in _CODES.values()) > 1


def read_site_return(path: Path) -> tuple[pd.DataFrame, list[str]]:
    """Read a council's return of sites, CSV or XLSX by its content, whatever it is called.

    Row 1 holds codes (FHS01 and so on, in any order), row 2 the questions, the rest a location each. A choice may be
    given by its value or by its words. Free text and addresses are not read.

    Source: the Department's collection on Best Start Family Hubs; layout as its service has it in June 2026.

    Parameters
    ----------
    path
        The file; a name with a day (``2026-06-30``) gives ``source_date``.

    Returns
    -------
    tuple
        A table indexed by ``site_id`` (``return-`` and the postcode; ``-2`` and so on for more at one postcode): the
        columns of `geo.tables.Sites` but for ``inside`` and ``geometry``, and ``location_type`` (of `KINDS`),
        ``easting, northing`` (NaN) and ``la_name`` (missing). What is planned has its day in ``opened``. Then
        sentences on what is odd.

    Raises
    ------
    InputError
        The file is neither, a column is missing, or a location lacks its name, postcode, status, type or, if it is
        closed, its day; a choice, a postcode or a day is none; or a location stands twice.
    """
    path = Path(path)
    frame = _workbook(path) if _is_zip(path) else read_delimited(path, wanted=_WANTED)
    cells = require_columns(
        frame,
        source=path,
        columns={name: (code,) for name, code in _CODES.items()},
        optional={name: (code,) for name, code in _OPTIONAL.items()},
    )
    headers = dict(cells.attrs)
    cells = cells[~_questions(cells)]
    cells.attrs = headers
    if cells.empty:
        raise InputError(path, row=3, expected="locations from row 3", found="none")
    name = codes(cells, "name", source=path, pattern="(?s).+", expected="the public name of the location")
    place = normalise_postcodes(cells["postcode"])
    tight = cells.assign(postcode=place.fillna(""))
    tight.attrs = headers
    codes(tight, "postcode", source=path, pattern=SHAPE, expected="a postcode such as PO30 1AA")
    _once(path, name, place)
    status = _choice(cells, "status", path, {key: key for key in _STATUSES}).map(_STATUSES)
    kind = _choice(cells, "kind", path, {key: key for key in KINDS} | _KIND_WORDS)
    closed = _closing_days(cells, status, path)
    opened = dates(cells, "opened", source=path)
    planned = dates(cells, "planned", source=path)
    early = closed < opened
    if early.any():
        row = _first(early)
        day = f"{closed[row]:%d-%m-%Y}"
        expected = f"no day before it opened, {opened[row]:%d-%m-%Y}"
        raise InputError(path, row=row, column="FHS05", expected=expected, found=day)
    hub = kind != "network_site"
    unknown = np.datetime64("NaT", "ns")
    said, notes = _notes(cells, kind, path)
    table = pd.DataFrame(
        {
            "name": name,
            "kind": np.where(hub, "hub", "network_site"),
            "status": status,
            "served_as": "open",
            "opened": opened.mask(status == "planned", planned.fillna(opened)),
            "linked_since": unknown,
            "closed": closed,
            "date_precision": status.map({"closed": "day"}),
            "last_seen": unknown,
            "source": SOURCE,
            "source_date": file_day(path),
            "postcode": text(cells, "postcode"),
            "hub": name.where(hub),
            "note": said,
            "location_type": kind,
            "la_name": pd.Series(np.nan, index=cells.index, dtype="str"),
            "easting": np.nan,
            "northing": np.nan,
        },
        index=cells.index,
    )
    days = dict.fromkeys(["opened", "linked_since", "closed", "last_seen", "source_date"], "datetime64[ns]")
    table = table.astype(days | dict.fromkeys(["kind", "date_precision", "hub", "note"], "str"))
    turn = place.groupby(place).cumcount() + 1
    site_id = "return-" + place + ("-" + turn.astype("str")).where(turn > 1, "")
    undated = table.loc[(status == "planned") & table["opened"].isna(), "name"]
    if len(undated):
        notes.append(f"{path.name}: planned, but for no known day: {few(undated.tolist())}.")
    return table.set_index(pd.Index(site_id, name="site_id", dtype="str")), notes


def _questions(cells: pd.DataFrame) -> np.ndarray:
    """Which rows are the questions, and no location: row 2, unless somebody took the questions out."""
    return (cells.index == 2) & ~cells["status"].map(_key).isin(_STATUSES).to_numpy()


def _key(words: str) -> str:
    """A choice as its value is written: "Network site" is network_site."""
    return re.sub(r"[^a-z0-9]+", "_", words.replace("'", "").replace("\u2019", "").casefold()).strip("_")


def _first(bad: pd.Series[bool]) -> int:
    """The row of the first fault."""
    return int(bad.index.to_numpy()[int(np.argmax(bad.to_numpy(bool)))])


def _choice(cells: pd.DataFrame, column: str, path: Path, known: dict[str, str]) -> pd.Series[str]:
    """A column of one choice each; a blank or an unknown one is refused."""
    keys = cells.assign(**{column: cells[column].map(_key)})[column].map(known)
    bad = keys.isna()
    if bad.any():
        row = _first(bad)
        cell = str(cells.loc[row, column])
        found = repr(cell[:80]) if cell else "a blank"
        expected = f"one of {', '.join(dict.fromkeys(known.values()))}"
        raise InputError(path, row=row, column=_CODES[column], expected=expected, found=found)
    return keys.astype("str")


def _closing_days(cells: pd.DataFrame, status: pd.Series[str], path: Path) -> pd.Series[pd.Timestamp]:
    """The days on which what is closed did so; every such location must have one."""
    days = dates(cells, "closed", source=path).where(status == "closed")
    lacking = (status == "closed") & days.isna()
    if lacking.any():
        row = _first(lacking)
        expected = "the date on which this closed location did so"
        found = repr(str(cells.loc[row, "closed"])) if cells.loc[row, "closed"] else "a blank"
        raise InputError(path, row=row, column="FHS05", expected=expected, found=found)
    return days


def _once(path: Path, name: pd.Series[str], place: pd.Series[str]) -> None:
    """Refuse a location that stands in two rows."""
    seen = pd.DataFrame({"name": name.str.casefold().str.split().str.join(" "), "place": place})
    again = seen.duplicated()
    if again.any():
        row = _first(again)
        first = _first((seen == seen.loc[row]).all(axis=1))
        found = f"{name[row]!r} at {place[row]} again, first in row {first}"
        raise InputError(path, row=row, column="FHS01", expected="each location once", found=found)


def _notes(cells: pd.DataFrame, kind: pd.Series[str], path: Path) -> tuple[pd.Series[str], list[str]]:
    """What is known of each location beyond its columns, in sentences; and which building types are not known."""
    given = cells["shared"].str.split(",").explode().map(_key, na_action="ignore")
    given = given[given.notna() & (given != "")]
    unknown = given[~given.isin(list(_SHARED))]
    notes = [
        f"{path.name}: not known what it is to share a place with {word!r} (FHS11), so it is left out."
        for word in dict.fromkeys(unknown)
    ]
    shared = given.map(_SHARED).dropna().groupby(level=0).agg(_listed).reindex(cells.index).astype("str")
    before = cells["before"].map(_key).map(_BEFORE).astype("str")
    kinds = kind.map({key: words for key, words in KINDS.items() if key not in ("family_hub", "network_site")})
    services = text(cells, "services").str.slice(0, 300)
    parts = [
        kinds.astype("str") + ".",
        "In the same building as " + shared + ".",
        "Before, it was " + before + ".",
        "Gives: " + services.str.rstrip(".") + ".",
    ]
    return sentences(parts), notes


def _listed(words: Sequence[str]) -> str:
    said = list(dict.fromkeys(words))
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError:
        return False  # `read_delimited` says it better


def _workbook(path: Path) -> pd.DataFrame:
    """A workbook's sheet as text, as `read_delimited` has a CSV: the index is the row, the first row names columns."""
    import openpyxl  # noqa: PLC0415 (few ask for it, and it loads slowly)

    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > LARGEST:
            expected = f"a workbook of no more than {LARGEST // 1024**2} MB unpacked"
            raise InputError(path, expected=expected, found=f"{size // 1024**2:,} MB")
        with path.open("rb") as file, warnings.catch_warnings():  # an open file: its name may say CSV
            warnings.simplefilter("ignore", UserWarning)  # of lists to choose from and styles, which are not needed
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            rows = [[_cell(value) for value in row] for row in _sheet(path, book).iter_rows(values_only=True)]
    except (zipfile.BadZipFile, KeyError, ParseError, OSError, EOFError) as fault:
        found = "an archive that is no workbook, or a damaged one"
        raise InputError(path, expected="a CSV file or an Excel workbook (.xlsx)", found=found) from fault
    if not rows:
        raise InputError(path, expected=f"codes in the first row of the sheet {SHEET}", found="an empty sheet")
    width = max(len(row) for row in rows)
    table = pd.DataFrame([row + [""] * (width - len(row)) for row in rows[1:]], dtype="str")
    table.index = pd.RangeIndex(2, len(table) + 2, name="row")
    names = [name or f"column {number}" for number, name in enumerate(rows[0] + [""] * (width - len(rows[0])), start=1)]
    table.columns = pd.Index(names[: table.shape[1]] if len(table) else [])
    if len(table) == 0:
        return pd.DataFrame(columns=names, dtype="str")
    kept = [column for column in dict.fromkeys(names) if find_column([column], _WANTED)]
    twice = [column for column in kept if names.count(column) > 1]
    if twice:
        raise InputError(path, row=1, column=twice[0], expected="each column once", found="it twice")
    table = table[kept] if kept else table
    return table[(table != "").any(axis=1)]


def _sheet(path: Path, book: Workbook):  # type: ignore[no-untyped-def] # noqa: ANN202 (one of several kinds)
    found = [name for name in book.sheetnames if name.strip().casefold() == SHEET.casefold()]
    if not found and len(book.sheetnames) > 1:
        sheets = ", ".join(book.sheetnames[:6])
        raise InputError(path, expected=f"a sheet called {SHEET}", found=f"sheets {sheets}")
    return book[found[0] if found else book.sheetnames[0]]


def _cell(value: object) -> str:
    """A cell of a workbook as it would stand in a CSV."""
    match value:
        case None:
            return ""
        case datetime() | date():
            return f"{value:%Y-%m-%d}"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value).strip()
