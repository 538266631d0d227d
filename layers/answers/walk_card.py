"""The walk from one place in words: how far, to what, for whom, along what; and why a pram goes another way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.gaps import about
from geo.profiles import PROFILES
from layers.answers.walks import ROUGH, STEPS, UNNAMED, stretches, walks_from

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
    """The way of the walker who was asked for; then, where it is another one, that of an adult alone. British National
    Grid, each with what it says."""


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
        Play spaces, where the walk to the nearest one is to be told besides.
    """
    walks = {key: walks_from(network, sites, point) for key, network in networks.items()}
    title = "The walk from here"
    mine = walks[profile]
    if not mine:
        joins = networks[profile].snap(np.array([point], dtype=object)).on_network[0]
        why = "No way on foot is mapped from here to any site that counts." if joins else _NO_STREETS
        return WalkCard(title, where, (), (), (why,), ())
    rows = [row for key, found in walks.items() for row in _rows(PROFILES[key].label, found)]
    if play is not None and (playing := walks_from(networks[profile], play, point)):
        rows.append(("nearest play space", _to(playing[0])))
    pieces = stretches(mine[0], segments)
    alone = _alone(walks.get("adult", []), mine[0])
    routes = [(f"The way to {mine[0].name}, {_long(mine[0])}", mine[0].route.line)]
    notes = [f"On the way: {said}." for said in _hard(pieces)]
    if alone is not None and profile != "adult":
        longer = mine[0].metres - alone.metres
        if longer > NOTICED_M:
            stops = _hard(stretches(alone, segments))
            round_what = f"it goes round {' and '.join(stops)}" if stops else "the short way is closed to prams"
            notes.append(f"This way is {longer:,.0f} m longer than that of an adult alone: {round_what}.")
            routes.append((f"An adult alone: {_long(alone)}", alone.route.line))
    way = tuple(f"{row.way}, {row.metres:,.0f} m" for row in pieces.itertuples())
    return WalkCard(title, where, tuple(rows), way, tuple(notes), tuple(routes))


_NO_STREETS = "There is no street data within 250 m of here, so the walk is not known."


def _rows(who: str, found: list[Walk]) -> list[tuple[str, str]]:
    if not found:
        return [(who, "no way on foot")]
    first, *others = found
    return [(who, _to(first)), *(("next nearest", _to(other)) for other in others)]


def _to(walk: Walk) -> str:
    return _long(walk) if walk.name.startswith(UNNAMED) else f"{walk.name}, {_long(walk)}"


def _long(walk: Walk) -> str:
    return f"{about(walk.minutes)}, {walk.metres:,.0f} m"


def _alone(walks: list[Walk], walk: Walk) -> Walk | None:
    """An adult's walk to the same site."""
    return next((one for one in walks if one.route.site_id == walk.route.site_id), None)


def _hard(pieces: gpd.GeoDataFrame) -> list[str]:
    """Steps and rough ground on a way: "two flights of steps"."""
    flights, rough = (pieces["way"] == STEPS).sum(), pieces.loc[pieces["way"] == ROUGH, "metres"].sum()
    said = [] if not flights else ["a flight of steps" if flights == 1 else f"{flights} flights of steps"]
    return said + ([f"{rough:,.0f} m of rough ground"] if rough >= 1 else [])
