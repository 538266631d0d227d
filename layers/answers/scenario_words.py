"""The changes of a scenario in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.changes import (
    AddSite,
    BlockWay,
    ChangeOpening,
    CloseSite,
    DowngradeSite,
    MendWay,
    MoveSite,
    OpenSite,
    WayChange,
)
from geo.days import day_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.changes import Change, SiteChange

STOPS_WORDS = {
    "everyone": "closed to everyone",
    "prams": "closed to prams",
    "after_dark": "closed to everyone, as after dark",
}


def said(change: Change, names: Mapping[str, object]) -> str:
    """One change in words.

    Parameters
    ----------
    change
        To a site or to the streets.
    names
        Name of each site, by id.
    """
    return said_of_way(change) if isinstance(change, WayChange) else _said_of_site(change, names)


def said_of_way(change: WayChange) -> str:
    """A change to the streets in words."""
    if isinstance(change, BlockWay):
        return f"{change.name}: {STOPS_WORDS[change.stops]}"
    if isinstance(change, MendWay):
        return f"{change.name}: mended, so that a pram passes"
    return f"A crossing at {change.name}"


def _said_of_site(change: SiteChange, names: Mapping[str, object]) -> str:
    name = names.get(change.site_id, change.site_id)
    match change:
        case CloseSite():
            return f"Close {name}"
        case OpenSite():
            return f"Open {name} as a full centre"
        case DowngradeSite():
            return f"Make {name} a linked site"
        case ChangeOpening():
            return f"Open {name} on {day_text(change.opened)}"
        case MoveSite():
            return f"Move {name} to {change.easting:.0f}, {change.northing:.0f}"
        case AddSite():
            return f"Add {change.name} at {change.easting:.0f}, {change.northing:.0f}"
