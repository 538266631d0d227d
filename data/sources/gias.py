"""The Department for Education's lists of children's centres (GIAS), one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.sources.delimited import (
    codes,
    dates,
    file_day,
    find_column,
    numbers,
    refuse_duplicates,
    require_columns,
    text,
)
from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SOURCES = {
    "export": "GIAS search export",
    "extract": "GIAS open extract",
    "gone": "two GIAS lists compared",
    "older": "GIAS older list",
}
"""The layouts, the most authoritative first."""

_TYPES = {"children's centre": "47", "children's centre linked site": "48"}
_STATUSES = {"1": "open", "2": "closed", "3": "announced", "4": "proposed"}
_STATUS_NAMES = {"open": "1", "closed": "2", "open, but proposed to close": "3", "proposed to open": "4"}
STATUS_WORDS = {
    "open": "open",
    "linked": "open, as a linked site",
    "announced": "open, but proposed to close",
    "closed": "closed",
    "no_longer_listed": "no longer listed",
}
"""A centre's status as a sentence has it."""

URN = r"[0-9]{5,6}"
URN_EXPECTED = "a URN of five or six digits"
COLUMNS = [
    "name",
    "kind",
    "status",
    "served_as",
    "opened",
    "linked_since",
    "closed",
    "date_precision",
    "last_seen",
    "source",
    "source_date",
    "postcode",
    "hub",
    "note",
    "easting",
    "northing",
    "la_code",
    "la_name",
    "district_code",
    "type_code",
]
"""The columns of a table of centres."""

_OPTIONAL: dict[str, Sequence[str]] = {
    "la_code": ("LA (code)",),
    "la_name": ("LA (name)",),
    "opened": ("OpenDate",),
    "closed": ("CloseDate",),
    "postcode": ("Postcode",),
    "district_code": ("DistrictAdministrative (code)",),
    "easting": ("Easting",),
    "northing": ("Northing",),
    "reason": ("ReasonEstablishmentClosed (name)",),
    "snapshot": ("snapshot_status",),
}


def layout_of(columns: Sequence[str]) -> str:
    """Tell which of the Department's lists has these columns: export, extract, older, gone or links."""
    if find_column(columns, ("LinkURN",)) is not None:
        return "links"
    if find_column(columns, ("snapshot_status",)) is not None:
        return "gone"
    if find_column(columns, ("CloseDate", "Easting")) is not None:
        return "export"
    return "extract" if find_column(columns, ("LastChangedDate",)) is not None else "older"


def read_list(frame: pd.DataFrame, *, path: Path, layout: str) -> tuple[pd.DataFrame, list[str]]:
    """Read one list of centres, and say what was left out of it.

    Parameters
    ----------
    frame
        The file as text.
    path
        The file, for messages and for its day.
    layout
        As `layout_of` tells it.

    Returns
    -------
    tuple
        Table indexed by ``site_id`` with `COLUMNS` (``linked_since`` and ``hub`` empty), ``layout``, and ``listed``,
        which says in words when the list had it (``in 2021 or later``); plain sentences.

    Raises
    ------
    InputError
        A column is missing, no row is a children's centre, or a cell is not what its column holds.
    """
    columns: dict[str, Sequence[str]] = {"site_id": ("URN",), "name": ("EstablishmentName",)}
    cells = require_columns(frame, source=path, columns=columns, optional=_OPTIONAL)
    cells["type_code"] = _type_codes(frame, path)
    urns = codes(cells, "site_id", source=path, pattern=URN, expected=URN_EXPECTED)
    refuse_duplicates(cells, "site_id", source=path)
    notes = _absent_columns(frame, path, layout)
    centre = cells["type_code"].isin(_TYPES.values())
    if not centre.any():
        found = f"none among {len(cells):,} establishments (the first: {cells['name'].iloc[0]!r})"
        raise InputError(path, expected="children's centres (type 47 or 48)", found=found)
    if not centre.all():
        others = int((~centre).sum())
        notes.append(f"{path.name}: rows left out, not of a children's centre (type 47 or 48): {others:,}.")
    cells, urns = cells[centre], urns[centre]
    status = _statuses(frame.loc[cells.index], cells, path, layout)
    proposed = status == "proposed"
    if proposed.any():
        ids = few([str(urn) for urn in urns[proposed]])
        notes.append(f"{path.name}: left out, only proposed to open: {ids}.")
    table = points(cells, path=path)
    closed = dates(cells, "closed", source=path)
    closing = status.isin(["closed", "announced"])
    odd = closed.notna() & ~closing & ~proposed
    if odd.any():
        ids = few([str(urn) for urn in urns[odd]])
        notes.append(f"{path.name}: a closing day on a centre that is not closed, not used: {ids}.")
    seen = file_day(path)
    absent_since = _day_absent(cells["snapshot"]).fillna(seen) if layout == "gone" else seen
    last_seen, listed = _when_listed(cells, layout=layout, day=seen)
    table = table.assign(
        name=text(cells, "name"),
        kind="centre",
        status=status,
        served_as=cells["type_code"].map({"47": "open", "48": "linked"}),
        opened=dates(cells, "opened", source=path),
        linked_since=np.datetime64("NaT", "ns"),
        closed=closed.where(closing),
        date_precision=_precision(status, closed),
        last_seen=last_seen,
        source=SOURCES[layout],
        source_date=absent_since,
        postcode=text(cells, "postcode"),
        hub=np.nan,
        note=_reasons(cells, status),
        la_code=text(cells, "la_code"),
        la_name=text(cells, "la_name"),
        district_code=text(cells, "district_code"),
        type_code=cells["type_code"],
        layout=layout,
        listed=listed,
    )
    table = table.set_index(urns)[~proposed.to_numpy()]
    days = dict.fromkeys(["opened", "linked_since", "closed", "last_seen", "source_date"], "datetime64[ns]")
    return table.astype(days | dict.fromkeys(["hub", "note", "date_precision", "listed"], "str")), notes


def read_links(frame: pd.DataFrame, *, path: Path) -> pd.DataFrame:
    """Read the links between centres: ``site_id, partner`` (URN) and ``since`` (day, NaT if unknown).

    Raises
    ------
    InputError
        A column is missing, a URN is not one or a day is none.
    """
    columns: dict[str, Sequence[str]] = {
        "URN": ("URN",),
        "LinkURN": ("LinkURN",),
        "since": ("LinkEstablishedDate",),
    }
    cells = require_columns(frame, source=path, columns=columns)
    return pd.DataFrame(
        {
            "site_id": codes(cells, "URN", source=path, pattern=URN, expected=URN_EXPECTED),
            "partner": codes(cells, "LinkURN", source=path, pattern=URN, expected=URN_EXPECTED),
            "since": dates(cells, "since", source=path),
        }
    )


def linked_since(links: pd.DataFrame, *, type_codes: pd.Series[str]) -> tuple[pd.Series[pd.Timestamp], list[str]]:
    """Return the day of the earliest dated link of each linked site with a main centre."""
    mirrored = links.rename(columns={"site_id": "partner", "partner": "site_id"})
    both = pd.concat([links, mirrored], ignore_index=True)
    linked = both["site_id"].map(type_codes) == "48"
    to_centre = both["partner"].map(type_codes) == "47"
    since = both[linked & to_centre].groupby("site_id")["since"].min().reindex(type_codes.index)
    strangers = sorted(set(both["site_id"]) - set(type_codes.index))
    notes = []
    if strangers:
        notes.append(f"Centres that the links name and no list holds: {len(strangers):,} ({few(strangers)}).")
    undated = int((since.isna() & (type_codes == "48")).sum())
    if undated:
        notes.append(f"Linked sites without a dated link, so since when is unknown: {undated:,}.")
    return since, notes


def _type_codes(frame: pd.DataFrame, path: Path) -> pd.Series[str]:
    """Read the type of each establishment; a list that has its names only is read by those."""
    if find_column(list(frame.columns), ("TypeOfEstablishment (code)",)) is not None:
        columns: dict[str, Sequence[str]] = {"type": ("TypeOfEstablishment (code)",)}
        return text(require_columns(frame, source=path, columns=columns), "type")
    columns = {"type": ("TypeOfEstablishment (name)",)}
    names = require_columns(frame, source=path, columns=columns)["type"]
    return names.str.casefold().str.replace("’", "'", regex=False).map(_TYPES).astype("str")  # noqa: RUF001


def _statuses(frame: pd.DataFrame, cells: pd.DataFrame, path: Path, layout: str) -> pd.Series[str]:
    if layout == "gone":
        return pd.Series("no_longer_listed", index=cells.index)
    header = find_column(list(frame.columns), ("EstablishmentStatus (code)",))
    named: dict[str, Sequence[str]] = {"status": ("EstablishmentStatus (code)",)}
    if header is None and find_column(list(frame.columns), ("EstablishmentStatus (name)",)) is not None:
        named = {"status": ("EstablishmentStatus (name)",)}
    given = require_columns(frame, source=path, columns=named)
    if header is None:
        given["status"] = given["status"].str.casefold().map(_STATUS_NAMES).fillna(given["status"])
    expected = "a status: 1 open, 2 closed, 3 open but proposed to close, 4 proposed to open"
    status = codes(given, "status", source=path, pattern="[1-4]", expected=expected).map(_STATUSES)
    return status.mask((status == "open") & (cells["type_code"] == "48"), "linked").astype("str")


def _precision(status: pd.Series[str], closed: pd.Series[pd.Timestamp]) -> pd.Series[str]:
    closing = status.isin(["closed", "announced"])
    dated = pd.Series(np.where(closed.notna(), "day", "unknown"), index=status.index, dtype="str")
    return dated.where(closing | (status == "no_longer_listed"))


def points(cells: pd.DataFrame, *, path: Path) -> pd.DataFrame:
    """Read ``easting, northing`` (metres); 0 or a blank in either is unknown (NaN).

    Raises
    ------
    InputError
        A coordinate is no number or not on Great Britain.
    """
    given = pd.DataFrame(
        {
            "easting": numbers(cells, "easting", source=path, low=0, high=700_000),
            "northing": numbers(cells, "northing", source=path, low=0, high=1_300_000),
        }
    )
    return given.where(given.gt(0).all(axis=1))


def _absent_columns(frame: pd.DataFrame, path: Path, layout: str) -> list[str]:
    """Say which columns a search export lacks; the others lack some by their nature."""
    if layout != "export":
        return []
    absent = [
        spellings[0]
        for name, spellings in _OPTIONAL.items()
        if name != "snapshot" and find_column(list(frame.columns), spellings) is None
    ]
    return [f"{path.name} has no column {', '.join(absent)}: left blank."] if absent else []


def _reasons(cells: pd.DataFrame, status: pd.Series[str]) -> pd.Series[str]:
    """Say why a centre closed or is to close, where the list says so."""
    reason = text(cells, "reason").str.rstrip(".")
    known = reason.mask(reason.str.casefold() == "not applicable")
    closed = ("Closed because: " + known + ".").where(status == "closed")
    return closed.fillna(("Closing because: " + known + ".").where(status == "announced")).astype("str")


def _when_listed(
    cells: pd.DataFrame, *, layout: str, day: pd.Timestamp
) -> tuple[pd.Series[pd.Timestamp], pd.Series[str]]:
    """Tell on which day a list had its centres, as a day and in words; the table of those gone gives a year only."""
    if layout == "gone":
        year = cells["snapshot"].str.extract(r"\([^)]*?\b(20\d\d)\b")[0]
        first = pd.to_datetime(year, format="%Y", errors="coerce")
        return first.astype("datetime64[ns]"), ("in " + year + " or later").astype("str")
    days = pd.Series(day if layout != "export" else pd.NaT, index=cells.index, dtype="datetime64[ns]")
    return days, ("on " + days.dt.strftime("%d-%m-%Y")).astype("str")


def _day_absent(snapshot: pd.Series[str]) -> pd.Series[pd.Timestamp]:
    day = snapshot.str.extract(r"(20\d\d-\d\d-\d\d)")[0]
    return pd.to_datetime(day, format="%Y-%m-%d", errors="coerce").astype("datetime64[ns]")


def sentences(parts: Sequence[pd.Series[str]]) -> pd.Series[str]:
    """Join sentences row by row, on the first part's index; a row without any stays missing."""
    joined = parts[0].astype("str")
    for part in parts[1:]:
        addition = part.reindex(joined.index).astype("str")
        both = joined + " " + addition
        joined = both.fillna(joined).fillna(addition)
    return joined


def few(names: Sequence[str]) -> str:
    """List names in a sentence: the first twenty, then how many more."""
    return ", ".join(names[:20]) + (f" and {len(names) - 20:,} more" if len(names) > 20 else "")
