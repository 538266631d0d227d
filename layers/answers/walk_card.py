"""The walk from one place in words: how far, to what, for whom, along what; and why a pram goes another way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.gaps import about
from geo.profiles import PROFILES
from layers.answers.walks import UNNAMED, at_pace, ferries_told, walks_from
from layers.answers.way_pieces import along, told
from layers.answers.way_words import Mark, it_has, marks, on_the_way, only_on_foot, why_shorter

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from geo.network import WalkNetwork
    from layers.answers.signposts import Signposts
    from layers.answers.walks import Walk


@dataclass(frozen=True, eq=False)
class WalkCard:
    """What is said of the walk from one place; every line is plain text."""

    title: str
    where: str
    rows: tuple[tuple[str, str], ...]
    """For each walker: who, and the walk to the nearest site; then to the second nearest; then to a play space."""
    way: tuple[str, ...]
    """The way step by step: "240 m along Union Street", "a kissing gate"."""
    notes: tuple[str, ...]
    """What is on the way, and why the pram goes another one."""
    routes: tuple[tuple[str, shapely.LineString], ...]
    """The way for the chosen walker first; if an adult alone can take another way, that way second. Each with its label
    and its line, British National Grid."""
    marks: tuple[Mark, ...] = ()
    """What is marked on them; on an adult's, only what stops a pram."""


def walk_card(
    point: shapely.Point,
    networks: Mapping[str, WalkNetwork],
    sites: gpd.GeoDataFrame,
    signposts: Signposts,
    *,
    profile: str,
    where: str,
    play: gpd.GeoDataFrame | None = None,
) -> WalkCard:
    """The card of a place.

    Parameters
    ----------
    point
        British National Grid.
    networks
        The streets of each profile, by its key.
    sites
        Those that count, as `geo.tables.Sites`.
    signposts
        By which the way is told.
    profile
        Who walks.
    where
        What the place is called.
    play
        Play spaces, if the walk to the nearest one is to be included.
    """
    walks: dict[str, list[Walk]] = {}
    for key, network in networks.items():
        alike = next((one for one in walks if networks[one].profile.rules == network.profile.rules), None)
        walks[key] = [at_pace(one, network) for one in walks[alike]] if alike else walks_from(network, sites, point)
    title = "The walk from here"
    mine = walks[profile]
    if not any(walks.values()):
        joins = any(network.snap(np.array([point], dtype=object)).on_network[0] for network in networks.values())
        why = "No way on foot is mapped from here to any site that counts." if joins else _NO_STREETS
        by_ferry = ferries_told((), networks[profile], sites, signposts.ferries, point) if joins else ()
        return WalkCard(title, where, (), (), (why, *by_ferry), ())
    rows = [row for key, found in walks.items() for row in _rows(PROFILES[key].label, found)]
    if play is not None:
        playing = walks_from(networks[profile], play, point)
        rows.append(("nearest play space", _to(playing[0]) if playing else _NO_WAY))
    by_ferry = ferries_told(tuple(mine), networks[profile], sites, signposts.ferries, point)
    if not mine:  # others have a way
        who = PROFILES[profile].walkers
        why = f"From here {who} have no way to any site that counts; an adult alone has one."
        others = walks.get("adult", [])[:1]
        routes = [(f"An adult alone: {_long(one)}", one.route.line) for one in others]
        notes = [why, *(it_has(has) for one in others if (has := only_on_foot(one, None, signposts))), *by_ferry]
        marked = tuple(mark for one in others for mark in marks(along(one, signposts), closed=True))
        return WalkCard(title, where, tuple(rows), (), tuple(notes), tuple(routes), marked)
    items = along(mine[0], signposts)
    marked = marks(items)
    alone = _alone(walks.get("adult", []), mine[0])
    routes = [(f"The way to {mine[0].name}, {_long(mine[0])}", mine[0].route.line)]
    notes = [*on_the_way(items)]
    if alone is not None and profile != "adult" and (shorter := why_shorter(alone, mine[0], signposts)):
        notes += shorter
        routes.append((f"An adult alone: {_long(alone)}", alone.route.line))
        marked += marks(along(alone, signposts), closed=True)
    notes += by_ferry
    return WalkCard(title, where, tuple(rows), told(items), tuple(notes), tuple(routes), tuple(dict.fromkeys(marked)))


_NO_WAY = "no way on foot"
_NO_STREETS = "There is no street data within 250 m of here, so the walk is not known."


def _rows(who: str, found: list[Walk]) -> list[tuple[str, str]]:
    if not found:
        return [(who, _NO_WAY)]
    first, *others = found
    return [(who, _to(first)), *(("next nearest", _to(other)) for other in others)]


def _to(walk: Walk) -> str:
    return _long(walk) if walk.name.startswith(UNNAMED) else f"{walk.name}, {_long(walk)}"


def _long(walk: Walk) -> str:
    return f"{about(walk.minutes)}, {walk.metres:,.0f} m"


def _alone(walks: list[Walk], walk: Walk) -> Walk | None:
    """An adult's walk to the same site."""
    return next((one for one in walks if one.route.site_id == walk.route.site_id), None)
