"""The walk from one place in words: how far, to what, for whom, along what; and why a pram goes another way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.gaps import about
from geo.profiles import PROFILES
from layers.answers.walks import HOUR_MIN, ROUGH, STEPS, UNNAMED, stretches, walks_from

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from geo.network import WalkNetwork
    from layers.answers.walks import Walk

NOTICED_M = 25.0
"""A way that is this much longer is another way; less is the width of a street."""


@dataclass(frozen=True, eq=False)
class WalkCard:
    """What is said of the walk from one place; every line is plain text."""

    title: str
    where: str
    rows: tuple[tuple[str, str], ...]
    """For each walker: who, and the walk to the nearest site; then to the second nearest; then to a play space."""
    way: tuple[str, ...]
    """What is walked on, in order: "street, 340 m"."""
    notes: tuple[str, ...]
    """What is on the way, and why the pram goes another one."""
    routes: tuple[tuple[str, shapely.LineString], ...]
    """The way for the chosen walker first; if an adult alone can take another way, that way second. Each with its label
    and its line, British National Grid."""


def walk_card(
    point: shapely.Point,
    networks: Mapping[str, WalkNetwork],
    sites: gpd.GeoDataFrame,
    segments: gpd.GeoDataFrame,
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
    segments
        The table of segments that the networks were made of.
    profile
        Who walks.
    where
        What the place is called.
    play
        Play spaces, if the walk to the nearest one is to be included.
    """
    walks = {key: walks_from(network, sites, point) for key, network in networks.items()}
    title = "The walk from here"
    mine = walks[profile]
    if not any(walks.values()):
        joins = any(network.snap(np.array([point], dtype=object)).on_network[0] for network in networks.values())
        why = "No way on foot is mapped from here to any site that counts." if joins else _NO_STREETS
        return WalkCard(title, where, (), (), (why,), ())
    rows = [row for key, found in walks.items() for row in _rows(PROFILES[key].label, found)]
    if play is not None:
        playing = walks_from(networks[profile], play, point)
        rows.append(("nearest play space", _to(playing[0]) if playing else _NO_WAY))
    if not mine:  # others have a way
        who = PROFILES[profile].walkers
        why = f"From here {who} have no way to any site that counts; an adult alone has one."
        routes = [(f"An adult alone: {_long(one)}", one.route.line) for one in walks.get("adult", [])[:1]]
        return WalkCard(title, where, tuple(rows), (), (why,), tuple(routes))
    pieces = stretches(mine[0], segments)
    alone = _alone(walks.get("adult", []), mine[0])
    routes = [(f"The way to {mine[0].name}, {_long(mine[0])}", mine[0].route.line)]
    notes = [f"On the way: {said}." for said in _hard(pieces)]
    if alone is not None and profile != "adult":
        longer = mine[0].metres - alone.metres
        if longer > NOTICED_M:
            stops = _hard(stretches(alone, segments))
            why = f"has {' and '.join(stops)}" if stops else "is closed to prams, or slower with one"
            notes.append(f"An adult alone has a way that is {longer:,.0f} m shorter. It {why}.")
            routes.append((f"An adult alone: {_long(alone)}", alone.route.line))
    way = tuple(f"{row.way}, {row.metres:,.0f} m" for row in pieces.itertuples())
    return WalkCard(title, where, tuple(rows), way, tuple(notes), tuple(routes))


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
    time = "over an hour" if walk.minutes > HOUR_MIN else about(walk.minutes)
    return f"{time}, {walk.metres:,.0f} m"


def _alone(walks: list[Walk], walk: Walk) -> Walk | None:
    """An adult's walk to the same site."""
    return next((one for one in walks if one.route.site_id == walk.route.site_id), None)


def _hard(pieces: gpd.GeoDataFrame) -> list[str]:
    """Steps and rough ground on a way: "two flights of steps"."""
    flights, rough = (pieces["way"] == STEPS).sum(), pieces.loc[pieces["way"] == ROUGH, "metres"].sum()
    said = [] if not flights else ["a flight of steps" if flights == 1 else f"{flights} flights of steps"]
    return said + ([f"{rough:,.0f} m of rough ground"] if rough >= 1 else [])
