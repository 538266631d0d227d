"""Children's centres: the Department for Education's lists as one, and councils' own announcements of closures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.sources.delimited import (
    codes,
    dates,
    normalise_postcodes,
    read_delimited,
    refuse_duplicates,
    require_columns,
    text,
)
from data.sources.gias import (
    COLUMNS,
    STATUS_WORDS,
    URN,
    URN_EXPECTED,
    few,
    layout_of,
    linked_since,
    points,
    read_links,
    read_list,
    sentences,
)
from data.sources.register import join_lists
from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MONTHS = {
    name: month
    for month, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}


@dataclass(frozen=True)
class Centres:
    """Children's centres, and what the reader of the lists should know.

    Parameters
    ----------
    table
        Indexed by ``site_id`` (URN): the columns of `geo.tables.Sites` but for ``inside`` and ``geometry``,
        and ``easting, northing`` (metres, British National Grid, NaN if not given), ``la_code, la_name``
        (of the Department, not of ONS), ``district_code`` (ONS, where given) and ``type_code`` (47 centre,
        48 linked site).
    notes
        Plain sentences on what was left out or is odd.
    """

    table: pd.DataFrame
    notes: tuple[str, ...]


def read_centres(paths: Sequence[Path]) -> Centres:
    """Read children's centres from any mix of the Department for Education's lists.

    The lists are told apart by their columns. Understood are the open extract, its older copy, the search
    export (the one with closed centres), the table of centres no longer listed, and the links between
    centres and linked sites. Which establishments are children's centres is decided by the type (47, 48),
    never by the name. Where lists overlap, the search export goes before the open extract, that before the
    centres no longer listed, that before the older copy; a weaker list still fills in coordinates, opening
    days, districts and postcodes that the stronger one lacks. A centre of the older copy that is missing
    from the open extract is no longer listed, which is not to say that it closed.

    Source: Department for Education, Get Information about Schools.

    Parameters
    ----------
    paths
        The files, in any order; names with a day (``2026-01-30`` or ``20260130``) give ``source_date``.

    Raises
    ------
    InputError
        A file is none of these, holds no children's centre, or has a URN twice, a type or status unknown,
        or a day or coordinate that is none.
    """
    tables: list[pd.DataFrame] = []
    links: list[pd.DataFrame] = []
    notes: list[str] = []
    for path in map(Path, paths):
        frame = read_delimited(path)
        layout = layout_of(list(frame.columns))
        if layout == "links":
            links.append(read_links(frame, path=path))
        else:
            table, said = read_list(frame, path=path, layout=layout)
            tables.append(table)
            notes += said
    if not tables:
        files = ", ".join(Path(path).name for path in paths) or "no files"
        raise InputError(files, expected="a list of children's centres", found="none")
    joined, said = join_lists(tables)
    notes += said
    if links:
        joined["linked_since"], said = linked_since(pd.concat(links, ignore_index=True), type_codes=joined["type_code"])
        notes += said
    return Centres(joined[COLUMNS], tuple(notes))


def no_centres() -> Centres:
    """No children's centre: the register of a place of which only other lists were given."""
    days = dict.fromkeys(["opened", "linked_since", "closed", "last_seen", "source_date"], "datetime64[ns]")
    types = dict.fromkeys(COLUMNS, "str") | days | dict.fromkeys(["easting", "northing"], "float64")
    return Centres(pd.DataFrame(columns=COLUMNS).astype(types).rename_axis("site_id"), ())


def read_centre_points(path: Path) -> pd.DataFrame:
    """Read where children's centres are, by URN.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``site_id`` (URN): ``postcode`` (upper case, no spaces), ``easting, northing`` (metres,
        British National Grid; NaN where not known).

    Raises
    ------
    InputError
        A column is missing, a URN stands twice or is not one, or a coordinate is no number.
    """
    columns: dict[str, Sequence[str]] = {
        "site_id": ("URN", "site_id"),
        "postcode": ("Postcode",),
        "easting": ("Easting",),
        "northing": ("Northing",),
    }
    cells = require_columns(read_delimited(path), source=path, columns=columns)
    urns = codes(cells, "site_id", source=path, pattern=URN, expected=URN_EXPECTED)
    refuse_duplicates(cells, "site_id", source=path)
    table = points(cells, path=path)
    table.insert(0, "postcode", normalise_postcodes(cells["postcode"]))
    return table.set_index(urns)


def read_closures(path: Path) -> pd.DataFrame:
    """Read which centres a council is closing, and when.

    The column ``exit_date_or_month`` holds a day, a month (taken as its last day) or nothing. Where
    ``exit_timeline_as_published`` says that a centre has already ceased, it closed by the day on which that
    was seen, if the text gives it; otherwise a centre without a day is announced.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``site_id`` (URN): ``status`` (announced, closed), ``closed`` (day or NaT),
        ``date_precision`` (day, month, by, unknown), ``source``, ``source_date``, ``note``.

    Raises
    ------
    InputError
        A column is missing, a URN stands twice or is not one, a source is blank, or a day is none.
    """
    columns: dict[str, Sequence[str]] = {
        "site_id": ("URN", "site_id"),
        "exit": ("exit_date_or_month",),
        "source": ("source",),
    }
    optional: dict[str, Sequence[str]] = {
        "timeline": ("exit_timeline_as_published",),
        "moved": ("services_moved_to",),
        "council_name": ("council_name",),
    }
    cells = require_columns(read_delimited(path), source=path, columns=columns, optional=optional)
    urns = codes(cells, "site_id", source=path, pattern=URN, expected=URN_EXPECTED)
    refuse_duplicates(cells, "site_id", source=path)
    source = codes(cells, "source", source=path, pattern="(?s).+", expected="who says so")
    month = cells["exit"].str.fullmatch("[0-9]{4}-(?:0[1-9]|1[0-2])").astype(bool)
    first_days = cells.assign(exit=cells["exit"].mask(month, cells["exit"] + "-01"))
    day = dates(first_days, "exit", source=path)
    day = day.mask(month, day + pd.offsets.MonthEnd(0))
    seen = _day_seen(cells["timeline"])
    # rows of one page were seen together, though only some say when
    page_seen = seen.fillna(seen.groupby(cells["source"]).transform("min"))
    ceased = cells["timeline"].str.contains(r"(?i)^\s*(?:has |have )?(?:already )?(?:ceased|closed)\b", regex=True)
    by = ceased & day.isna()
    table = pd.DataFrame(
        {
            "status": np.where(ceased, "closed", "announced"),
            "closed": day.mask(by, seen),
            "date_precision": np.select([by, month, day.notna()], ["by", "month", "day"], "unknown"),
            "source": source,
            "source_date": page_seen,
            "note": _closure_notes(cells),
        },
        index=cells.index,
    )
    return table.set_index(urns)


def apply_closures(centres: Centres, closures: pd.DataFrame) -> Centres:
    """Let a council's own word on closures override the national list.

    What the national list said stays readable in ``note``. A closure of a centre that no list holds cannot be
    drawn: `notes` names it.

    Parameters
    ----------
    centres
        The centres; they are left as they are.
    closures
        As `read_closures` returns them.
    """
    known = closures[closures.index.isin(centres.table.index)]
    table = centres.table.copy()
    before = table.loc[known.index]
    listed = before["source"] + " says: " + before["status"].map(STATUS_WORDS) + "."
    overridden = ["status", "closed", "date_precision", "source", "source_date"]
    table.loc[known.index, overridden] = known[overridden]
    table.loc[known.index, "note"] = sentences([known["note"], listed, before["note"]])
    unknown = [str(urn) for urn in closures.index.difference(centres.table.index)]
    notes = centres.notes
    if unknown:
        named = f"{len(unknown):,} ({few(unknown)})"
        notes += (f"Closures of centres that no list holds, so not placed: {named}.",)
    return replace(centres, table=table, notes=notes)


def _day_seen(timeline: pd.Series[str]) -> pd.Series[pd.Timestamp]:
    """Return the last day of the month (or the day) on which a page was seen, if the text says so."""
    parts = timeline.str.casefold().str.extract(r"seen (?:on |in )?(?:(\d{1,2}) )?([a-z]{3})[a-z]* (20\d\d)")
    month = parts[1].map(_MONTHS)
    first = pd.to_datetime(
        pd.DataFrame({"year": parts[2].astype("float64"), "month": month, "day": 1.0}), errors="coerce"
    )
    last = first + pd.offsets.MonthEnd(0)
    day = first + pd.to_timedelta(parts[0].astype("float64") - 1, unit="D")
    return day.fillna(last).astype("datetime64[ns]")


def _closure_notes(cells: pd.DataFrame) -> pd.Series[str]:
    parts = []
    for name, words in {
        "council_name": "The council calls it ",
        "timeline": "As published: ",
        "moved": "Services move to: ",
    }.items():
        given = text(cells, name)
        parts.append(words + given + ".")
    return sentences(parts)
