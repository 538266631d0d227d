"""Several lists of children's centres as one register: which list goes first, and what a later list no longer has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.sources.gias import SOURCES, STATUS_WORDS, few, sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

_FILLED = ["name", "opened", "postcode", "la_code", "la_name", "district_code", "easting", "northing"]
"""What a weaker list may add to a stronger one's row."""

GONE = ("no_longer_listed", "closed")
"""What a centre is that serves families no more."""


def join_lists(tables: Sequence[pd.DataFrame]) -> tuple[pd.DataFrame, list[str]]:
    """Join lists into one row a centre, the stronger list first, and say where they disagree.

    Parameters
    ----------
    tables
        As `data.sources.gias.read_list` returns them.
    """
    rows = pd.concat(list(tables))
    rows, notes = _missing_from_extract(rows)
    order = rows.assign(
        rank=rows["layout"].map({layout: rank for rank, layout in enumerate(SOURCES)}),
        age=-rows["source_date"].astype("int64").where(rows["source_date"].notna(), 0),
    )
    rows = rows.iloc[np.lexsort((order["age"], order["rank"]))]
    best = rows[~rows.index.duplicated()].sort_index()
    filled = rows[_FILLED].groupby(level=0).first()
    best = best.assign(**{name: filled[name].reindex(best.index) for name in _FILLED})
    best = _last_seen(best, rows)
    others = rows[rows.index.duplicated() & (rows["layout"] != "older")]
    differing = others[others["status"] != best["status"].reindex(others.index)]
    differing = differing[~differing.index.duplicated()]
    if len(differing):
        said = differing["source"] + " says: " + differing["status"].map(STATUS_WORDS) + "."
        best["note"] = sentences([best["note"], said.reindex(best.index)])
        ids = few([str(urn) for urn in differing.index])
        notes.append(f"Centres on whose status the lists disagree: {len(differing):,} ({ids}).")
    return best, notes


def _missing_from_extract(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Mark what an earlier list has as serving and the open extract has not: no longer listed.

    Earlier are the older copies and, of several open extracts, all but the latest. A copy that is dated after the
    extract proves nothing by what it has more.
    """
    extracts = rows[rows["layout"] == "extract"]
    days = extracts["source_date"].drop_duplicates().sort_values()
    latest = extracts[~(extracts["source_date"] < days.max())]
    missing = (
        rows["layout"].isin(("older", "extract"))
        & ~(rows["source_date"] >= days.max())
        & ~rows.index.isin(latest.index)
        & (rows["status"] != "closed")
    )
    if extracts.empty or not missing.any():
        return rows, []
    # the first extract after the day on which a list last had it
    seen = rows["last_seen"].groupby(level=0).max().reindex(rows.index).fillna(pd.Timestamp.min)
    at = np.minimum(np.searchsorted(days.to_numpy(), seen.to_numpy(), side="right"), len(days) - 1)
    # A row of a later list, or the table of those no longer listed, still decides where there is one.
    marked = rows.assign(
        status=rows["status"].mask(missing, "no_longer_listed"),
        date_precision=rows["date_precision"].mask(missing, "unknown"),
        closed=rows["closed"].mask(missing),
        source=rows["source"].mask(missing, SOURCES["gone"]),
        source_date=rows["source_date"].mask(missing, pd.Series(days.to_numpy()[at], index=rows.index)),
    )
    count = int(marked.index[missing].nunique())
    return marked, [f"Centres of an older list, absent from the open extract, so no longer listed: {count:,}."]


def _last_seen(best: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the latest day on which any list had a centre that a later list lacks, and say the interval in words."""
    lacking = rows[rows["status"] == "no_longer_listed"]
    first_missing = lacking["source_date"].groupby(level=0).first()
    ended = best["status"].isin(GONE) & best.index.isin(lacking.index)
    before = ~(rows["last_seen"] >= first_missing.reindex(rows.index))
    known = rows[before & rows["last_seen"].notna()].sort_values("last_seen", kind="stable")
    last = known[~known.index.duplicated(keep="last")].reindex(best.index)
    words = "Listed as open " + last["listed"] + "; not in " + _later_list(best["source_date"]) + "."
    words = words.fillna("Once listed as open; not in " + _later_list(best["source_date"]) + ".")
    gone = best["status"] == "no_longer_listed"
    return best.assign(
        last_seen=last["last_seen"].where(ended),
        note=sentences([words.where(gone), best["note"]]),
    )


def _later_list(day: pd.Series[pd.Timestamp]) -> pd.Series[str]:
    """Name the list that lacks a centre by its day, if that is known."""
    return ("the GIAS open extract of " + day.dt.strftime("%d-%m-%Y")).fillna("a later GIAS open extract")
