"""Which locations of a council's return are sites of the register, and what the return says of those."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from data.sources.gias import STATUS_WORDS, few, sentences
from data.sources.hubs import called, candidates, of_name, words_of
from data.sources.register import GONE
from data.sources.site_return import KINDS

if TYPE_CHECKING:
    import geopandas as gpd

ALIKE = 88.0
"""How alike (`rapidfuzz.fuzz.token_sort_ratio`, of 100) two names are that are spelt a little differently."""

_SAID = "In the council's site return: "
_TAKES = ["status", "closed", "date_precision", "source", "source_date"]


class _Door(NamedTuple):
    """The site of the register that a location is, if any, and whether only its postcode says so."""

    site: str | None
    by_postcode: bool = False


def join_return(sites: gpd.GeoDataFrame, rows: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[str]]:
    """One table of doors: a location of the return that the register has is told with it, any other is its own site.

    The same is what has the same or nearly the same name (the words that say what a place is left out) at one postcode
    or no more than `data.sources.hubs.SAME_DOOR_M` away; and a hub at the postcode of one serving centre, whatever its
    name. A location that closed may also be one that the register has as closed or no longer lists; one that serves
    never is, for there the centre ended before.

    What the return says goes before the register where it closed, and there its hub is from the day that it gives. A
    site of the register stays what it was otherwise.

    Parameters
    ----------
    sites
        Indexed by ``site_id``: the register with points (missing if not known), as `geo.tables.Sites` has its columns.
    rows
        As `data.sources.site_return.read_site_return` returns them, with points.

    Returns
    -------
    tuple
        The sites, with ``hub_since``, then the locations that are none of them; and sentences on what was matched.
    """
    near = candidates(sites, rows)
    doors = {row_id: _door(row, near.get(str(row_id))) for row_id, row in rows.iterrows()}
    at = pd.Series([door.site for door in doors.values()], index=rows.index, dtype="str")
    matched = rows[at.notna()].assign(at=at)
    # where several are one site, the hub speaks for it, and what serves before what is planned, that before what closed
    order = matched.assign(
        second=matched["kind"] != "hub", rank=matched["status"].map({"open": 0, "planned": 1, "closed": 2})
    )
    first = order.sort_values(["second", "rank"], kind="stable").drop_duplicates("at").set_index("at")
    told = _told(sites, first)
    own = rows[at.isna()].assign(hub_since=rows["opened"].where(rows["kind"] == "hub"))
    both = pd.concat([told, own.drop(columns="location_type")]).rename_axis("site_id")
    return both, _notes(sites, rows, at, [row_id for row_id, door in doors.items() if door.by_postcode])


def _door(row: pd.Series, near: pd.DataFrame | None) -> _Door:
    """Decide which of the sites near a location it is."""
    if near is None:
        return _Door(None)
    ended = near["status"].isin(GONE)
    if len(named := _named(row["name"], near[~ended])):
        return _Door(named)
    if row["status"] == "closed" and len(named := _named(row["name"], near[ended])):
        return _Door(named)
    there = near[~ended & near["postcode"]]
    if row["kind"] == "hub" and len(there) == 1 and not _named(row["name"], near[ended]):
        return _Door(str(there["site_id"].iloc[0]), by_postcode=True)
    return _Door(None)


def _named(name: str, sites: pd.DataFrame) -> str:
    """The site of a name, spelt the same or nearly so; empty if there is none, or two are as likely."""
    if len(found := of_name(name, sites)):
        return str(found["site_id"].iloc[0])
    words = " ".join(sorted(words_of(name)))
    likeness = np.array([fuzz.token_sort_ratio(words, " ".join(words_of(str(other)))) for other in sites["name"]])
    good = likeness >= ALIKE
    return str(sites["site_id"].to_numpy(object)[good][0]) if words and good.sum() == 1 else ""


def _told(sites: gpd.GeoDataFrame, first: pd.DataFrame) -> gpd.GeoDataFrame:
    """The sites of the register with what the return says of them; ``first`` is on their index."""
    said = first.reindex(sites.index)
    closed = said["status"] == "closed"
    hub = (said["kind"] == "hub") & ~((said["status"] == "planned") & said["opened"].isna())
    before = (sites["source"] + " says: " + sites["status"].map(STATUS_WORDS) + ".").where(closed)
    notes = sentences([sites["note"], _words(first).reindex(sites.index).astype("str"), said["note"], before])
    taken = {name: sites[name].mask(closed, said[name]) for name in _TAKES}
    return sites.assign(
        **taken, hub=sites["hub"].mask(hub, said["name"]), hub_since=said["opened"].where(hub), note=notes
    )


def _words(first: pd.DataFrame) -> pd.Series[str]:
    """What the return has each as, in a sentence."""
    day = first["opened"].dt.strftime("%d-%m-%Y")
    when = pd.Series(
        np.select(
            [first["status"] == "closed", first["status"] == "planned", first["opened"].notna()],
            [
                ", closed on " + first["closed"].dt.strftime("%d-%m-%Y"),
                (", planned for " + day).fillna(", planned, for no known day"),
                ", since " + day,
            ],
            "",
        ),
        index=first.index,
    )
    return _SAID + first["name"] + " (" + first["location_type"].map(KINDS).str.lower() + ")" + when + "."


def _notes(sites: gpd.GeoDataFrame, rows: gpd.GeoDataFrame, at: pd.Series[str], by_postcode: list[object]) -> list[str]:
    """What was matched, in sentences."""
    found = at.dropna()
    if found.empty:
        return [f"Of the {len(rows):,} locations of the council's site return none is a site of the register."]
    one = pd.DataFrame({"site_id": found, "name": sites["name"].reindex(found).to_numpy()})
    notes = [
        f"Of the {len(rows):,} locations of the council's site return {len(one):,} are sites of the register, matched "
        f"by postcode and name: {called(one.drop_duplicates())}."
    ]
    if by_postcode:
        names = few(rows.loc[by_postcode, "name"].tolist())
        notes.append(f"Of these matched by postcode alone, the names being different: {names}.")
    return notes
