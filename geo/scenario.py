"""What if: a scenario is an ordered tuple of frozen changes, resolved first, then applied to a copy of the sites.

Changes to the streets leave the sites alone; `geo.street_changes` makes those.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.changes import (
    CHANGES,
    FIRST_DAY,
    LAST_DAY,
    LONGEST_NAME,
    AddCrossing,
    AddSite,
    BlockWay,
    Change,
    ChangeOpening,
    CloseSite,
    DowngradeSite,
    MendWay,
    MoveSite,
    OpenSite,
    SiteChange,
    WayChange,
    is_one_line,
    ways_of,
)
from geo.days import day_text
from geo.errors import RequestError
from geo.sites import SERVING, status_on

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import date

    from geo.network import WalkNetwork

__all__ = [
    "CHANGES", "FIRST_DAY", "LAST_DAY", "LONGEST_NAME", "MOST_CHANGES", "SOURCE", "AddCrossing", "AddSite", "BlockWay",
    "Change", "ChangeOpening", "CloseSite", "DowngradeSite", "MendWay", "MoveSite", "OpenSite", "Scenario",
    "SiteChange", "WayChange", "apply", "is_one_line", "resolve", "ways_of",
]  # fmt: skip

MOST_CHANGES = 40
SOURCE = "your scenario"
"""What the table of sites says of a site that a scenario added or changed."""

_LONGEST_KEY = 200


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A named tuple of changes to the sites and the streets of one place.

    Parameters
    ----------
    name
        What its maker calls it; may be empty.
    place
        Key of the place it was made for.
    fingerprint
        Of that place's tables: on other tables the changes may mean something else.
    changes
        In the order in which they are made.
    """

    name: str = ""
    place: str
    fingerprint: str
    changes: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        if len(self.name) > LONGEST_NAME or not is_one_line(self.name):
            message = f"a scenario's name has at most {LONGEST_NAME} letters, on one line"
            raise RequestError(message)
        for key in (self.place, self.fingerprint):
            if len(key) > _LONGEST_KEY or not key.isprintable():
                message = f"a place's key and fingerprint have at most {_LONGEST_KEY} letters; found {key[:40]!r}"
                raise RequestError(message)
        if len(self.changes) > MOST_CHANGES:
            message = f"a scenario has at most {MOST_CHANGES} changes, this one has {len(self.changes)}"
            raise RequestError(message)

    def with_change(self, change: Change) -> Scenario:
        """The scenario with one change more."""
        return replace(self, changes=(*self.changes, change))

    def without(self, position: int) -> Scenario:
        """The scenario without the change at a position."""
        return replace(self, changes=self.changes[:position] + self.changes[position + 1 :])

    def require_place(self, *, place: str, fingerprint: str) -> None:
        """Refuse another place than the one that the scenario was made for.

        Raises
        ------
        RequestError
            It is another place, or the same place built from other data.
        """
        if place != self.place:
            message = f"this scenario was made for the place {self.place!r}, not for {place!r}"
            raise RequestError(message)
        if fingerprint != self.fingerprint:
            message = (
                f"this scenario was made for {place!r} as it was built from other data (then {self.fingerprint}, now "
                f"{fingerprint}): sites and streets may differ, so it is not applied; make its changes again"
            )
            raise RequestError(message)


def apply(sites: gpd.GeoDataFrame, changes: tuple[Change, ...]) -> gpd.GeoDataFrame:
    """The sites after the changes; the table given is left as it was. Changes to the streets are passed over.

    What is closed, opened, made a linked site or added is so on every day, for certain: a scenario says what would be,
    not since when. A network site that is opened is a centre then. A site that is moved, or opens on another day, is
    otherwise what it was.

    Parameters
    ----------
    sites
        As `geo.tables.Sites`.
    changes
        In their order.

    Raises
    ------
    RequestError
        A change is to a site that is not there, or adds one that is; it is named by its position.
    """
    if len(ways_of(changes)) == len(changes):
        return sites
    rows: dict[Hashable, dict[Any, object]] = dict(zip(sites.index, sites.to_dict("records"), strict=True))
    for number, change in enumerate(changes, start=1):
        if isinstance(change, WayChange):
            continue
        _require_sense(number, change, there=change.site_id in rows)
        if isinstance(change, AddSite):
            rows[change.site_id] = dict.fromkeys(sites.columns) | _added(change)
        else:
            rows[change.site_id] |= _changed(change)
            if isinstance(change, OpenSite | DowngradeSite) and rows[change.site_id]["kind"] == "network_site":
                rows[change.site_id]["kind"] = "centre"
            if isinstance(change, OpenSite) and "hub_since" in sites:
                rows[change.site_id]["hub_since"] = pd.NaT  # what is planned for its door is there as well
    index = pd.Index(rows, dtype=sites.index.dtype, name=sites.index.name)
    table = {
        name: pd.Series([row[name] for row in rows.values()], index, kind if name != "geometry" else object)
        for name, kind in sites.dtypes.items()
    }
    return gpd.GeoDataFrame(table, geometry="geometry", crs=sites.crs)


_STAYS = {
    "linked_since": pd.NaT, "closed": pd.NaT, "date_precision": None, "last_seen": pd.NaT, "source_date": pd.NaT,
    "source": SOURCE,
}  # fmt: skip


def _changed(change: SiteChange) -> dict[str, object]:
    match change:
        case CloseSite():
            return {"status": "closed", **_STAYS}
        case OpenSite():
            return {"status": "open", "served_as": "open", "opened": pd.NaT, **_STAYS}
        case DowngradeSite():
            return {"status": "linked", "served_as": "linked", **_STAYS}
        case ChangeOpening():
            return {"opened": pd.Timestamp(change.opened)}
        case MoveSite():
            return {"geometry": change.point, "unreached": False}
        case _:
            return {}


def _added(change: AddSite) -> dict[str, object]:
    said = {"name": change.name, "kind": "centre", "status": "open", "served_as": "open", "hub": change.name}
    return said | {"inside": True, "source": SOURCE, "geometry": change.point}


def resolve(
    sites: gpd.GeoDataFrame,
    changes: tuple[Change, ...],
    *,
    network: WalkNetwork,
    counting: str = "listed",
    day: date | None = None,
) -> tuple[str, ...]:
    """Refuse what cannot be; say in sentences what is odd about the rest.

    What is odd about changes to the streets says `geo.street_changes.altered`, which makes them.

    Parameters
    ----------
    sites
        As `geo.tables.Sites`, before any change.
    changes
        In their order.
    network
        The streets that must lead to a new or moved site.
    counting
        Which centres count, of `geo.sites.COUNTING`.
    day
        The day that is asked about; with none, sites are taken as last known.

    Raises
    ------
    RequestError
        A change is to a site that is not there, or adds one that is; or a mark is there twice.
    """
    odd = []
    marks: set[str] = set()
    names: dict[str, str] = sites["name"].fillna("a site without a name").to_dict()
    known = sites["status"] if day is None else status_on(sites, day)
    if counting != "network":  # then it is no centre yet, whatever it gives
        known = known.mask(sites["kind"] == "network_site")
    status: dict[str, object] = dict(zip(sites.index, known, strict=True))
    for number, change in enumerate(changes, start=1):
        if isinstance(change, WayChange):
            if change.mark_id in marks:
                message = f"change {number}: {change.mark_id} is in this scenario already"
                raise RequestError(message)
            marks.add(change.mark_id)
            continue
        _require_sense(number, change, there=change.site_id in status)
        name = change.name if isinstance(change, AddSite) else names[change.site_id]
        was = status.get(change.site_id)
        if not isinstance(change, AddSite):
            odd.append(_odd_status(change, name, was, counting))
        if isinstance(change, MoveSite | AddSite) and not len(
            network.doors(np.array([change.point], dtype=object)).site
        ):
            odd.append(f"{name} would be more than 250 m from any street we have, so nobody can walk to it.")
        if isinstance(change, ChangeOpening) and day is not None and change.opened > day:
            odd.append(f"{name} would not be open yet on {day_text(day)}, so it does not count on that day.")
            was = None
        names[change.site_id] = name
        status[change.site_id] = _BECOMES.get(type(change), was)
    return tuple(dict.fromkeys(filter(None, odd)))


def _odd_status(change: SiteChange, name: str, status: object, counting: str) -> str | None:
    """What is odd about a change to a site of that status (missing: not there yet); None if nothing is."""
    serves = status in SERVING
    said = None
    match change:
        case CloseSite() if not serves:
            said = "does not serve, so closing it changes nothing."
        case OpenSite() if status == "open" and counting != "hubs":
            said = "is open as a full centre already, so opening it changes nothing."
        case DowngradeSite() if not isinstance(status, str):
            said = "is not there yet on that day, so downgrading it changes nothing."
        case DowngradeSite() if not serves:
            said = "does not serve, so that opens it, as a linked site."
        case DowngradeSite() if status == "linked":
            said = "is a linked site already, so that changes nothing."
        case DowngradeSite() if counting == "listed":
            said = "still counts as a linked site; choose full centres only to see what the change takes."
        case MoveSite() if not serves:
            said = "does not serve, so moving it changes nothing."
        case ChangeOpening() if status in ("closed", "no_longer_listed"):
            said = "does not serve, so another opening day changes nothing."
    return said and f"{name} {said}"


_BECOMES = {CloseSite: "closed", OpenSite: "open", AddSite: "open", DowngradeSite: "linked"}


def _require_sense(number: int, change: SiteChange, *, there: bool) -> None:
    """Refuse a change to a site that is not there, or one that adds a site that is."""
    if isinstance(change, AddSite) and there:
        message = f"change {number}: there is a site {change.site_id} already"
        raise RequestError(message)
    if not isinstance(change, AddSite) and not there:
        message = f"change {number}: there is no site {change.site_id} in this place"
        raise RequestError(message)
