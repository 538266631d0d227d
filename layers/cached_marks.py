"""The community's store, opened once; its published marks, kept until they change."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from data.place import Place
from data.store.people import OPERATOR
from data.store.retention import Retention, Tidied
from data.store.store import Store
from geo.errors import StoreError
from layers import cached
from layers.community import reach
from layers.community.spaces import Published
from layers.question import today

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd
    import shapely

_log = logging.getLogger(__name__)


def store() -> Store:
    """The store of marks.

    Raises
    ------
    StoreError
        It cannot be opened; the next call tries again.
    """
    settings = cached.settings()
    retention = Retention(**settings.retention)
    _tidied(settings.marks_url, retention, today())
    return _store(settings.marks_url, retention)


@st.cache_resource(max_entries=2, show_spinner=False)
def _store(url: str, retention: Retention) -> Store:
    return Store.open(url, retention=retention)


@st.cache_resource(max_entries=2, show_spinner=False)
def _tidied(url: str, retention: Retention, day: date) -> Tidied:  # noqa: ARG001 (once a day)
    return _store(url, retention).tidy(OPERATOR)


def revision(place: str) -> int | None:
    """A number that goes up when the published marks of a place change; None if the store cannot be read."""
    try:
        return store().public.revision(place)
    except StoreError as fault:
        _log.warning("%s", fault)
        return None


def marks(place: str, number: int) -> gpd.GeoDataFrame:
    """The published marks of a place (`geo.tables.Marks`), read-only.

    Parameters
    ----------
    place
        Key of the place.
    number
        As `revision` gave it.
    """
    return _marks(cached.settings().marks_url, place, number)


@st.cache_resource(max_entries=16, show_spinner=False)
def _marks(url: str, place: str, number: int) -> gpd.GeoDataFrame:  # noqa: ARG001 (parts of the key)
    return store().public.marks(place)


def published(place: str) -> Published | None:
    """The published marks of a place and their revision; None if the store cannot be read."""
    number = revision(place)
    if number is None:
        return None
    try:
        return Published(number, marks(place, number))
    except StoreError as fault:
        _log.warning("%s", fault)
        return None


def peer_reach(place: Place, number: int, question: reach.PeerQuestion) -> reach.PeerReach:
    """Who lives within a walk of a peer-support group, read-only; ``number`` as `revision` gave it."""
    return _peer_reach(str(place.folder), cached.stamp(place), number, question)


@st.cache_resource(max_entries=24, show_spinner=False)
def _peer_reach(folder: str, of: str, number: int, question: reach.PeerQuestion) -> reach.PeerReach:  # noqa: ARG001
    place = Place.open(Path(folder))
    return reach.peer_reach(cached.ground(place, question.profile), marks(place.card.key, number), question)


def best_hosts(place: Place, number: int, question: reach.PeerQuestion, whom: str) -> gpd.GeoDataFrame:
    """Where the next group would reach most people, read-only (`layers.community.reach.best_hosts`)."""
    return _best_hosts(str(place.folder), cached.stamp(place), number, question, whom)


@st.cache_resource(max_entries=24, show_spinner="Trying the rooms that there are…")
def _best_hosts(folder: str, of: str, number: int, question: reach.PeerQuestion, whom: str) -> gpd.GeoDataFrame:
    found = _peer_reach(folder, of, number, question)
    place = Place.open(Path(folder))
    hosts = reach.candidates(place, marks(place.card.key, number), found.groups)
    return reach.best_hosts(found.ground, found.groups, hosts, question, whom=whom)


def outline(place: Place) -> shapely.Geometry:
    """The authority's outline: all its neighbourhoods in one, British National Grid."""
    return _outline(str(place.folder), cached.stamp(place))


@st.cache_resource(max_entries=16, show_spinner=False)
def _outline(folder: str, of: str) -> shapely.Geometry:  # noqa: ARG001
    return Place.open(Path(folder)).areas().geometry.union_all()


def photo(mark_id: str) -> bytes | None:
    """The photo of a published mark; None where there is none, or the store cannot be read just now."""
    try:
        return store().public.photo(mark_id)
    except StoreError as fault:
        _log.warning("%s", fault)
        return None
