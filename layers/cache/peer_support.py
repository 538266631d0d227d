"""Who is near a peer-support group, kept until the marks change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.answers import peer_support, speakers
from layers.cache.keys import resource
from layers.cache.marks import State, marks, state
from layers.cache.places import ground

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from data.place import Place


def peer_reach(place: Place, number: int, question: peer_support.PeerQuestion) -> peer_support.PeerReach:
    """Who lives within a walk of a peer-support group, read-only; ``number`` as `revision` gave it."""
    return _peer_reach(place, state(number), question)


@resource(max_entries=24)
def _peer_reach(place: Place, at: State, question: peer_support.PeerQuestion) -> peer_support.PeerReach:
    return peer_support.peer_reach(ground(place, question.profile), marks(place.card.key, at.number), question)


def best_hosts(place: Place, number: int, question: peer_support.PeerQuestion, whom: str) -> gpd.GeoDataFrame:
    """Where the next group would reach most people, read-only (`layers.answers.peer_support.best_hosts`)."""
    return _best_hosts(place, state(number), question, whom)


@resource(max_entries=24, show_spinner="Trying the rooms that there are…")
def _best_hosts(place: Place, at: State, question: peer_support.PeerQuestion, whom: str) -> gpd.GeoDataFrame:
    found = _peer_reach(place, at, question)
    hosts = peer_support.candidates(place, marks(place.card.key, at.number), found.groups)
    return peer_support.best_hosts(found.ground, found.groups, hosts, question, whom=whom)


def speakers_near(place: Place, number: int, question: peer_support.PeerQuestion) -> pd.DataFrame | None:
    """People by main language near a group in it (`layers.answers.speakers.near_groups`); None without such a table."""
    return _speakers_near(place, state(number), question)


@resource(max_entries=24)
def _speakers_near(place: Place, at: State, question: peer_support.PeerQuestion) -> pd.DataFrame | None:
    table = place.languages()
    if table is None:
        return None
    return speakers.near_groups(table, ground(place, question.profile), marks(place.card.key, at.number), question)
