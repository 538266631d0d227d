"""The community's store, opened once; its published marks, kept until they change."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from data.store.people import OPERATOR
from data.store.retention import Retention, Tidied
from data.store.store import Store
from geo.errors import StoreError
from layers.answers.community_sites import Published
from layers.answers.question import today
from layers.cache.deployment import settings
from layers.cache.keys import resource

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd

_log = logging.getLogger(__name__)


def store() -> Store:
    """The store of marks.

    Raises
    ------
    StoreError
        It cannot be opened; the next call tries again.
    """
    url, retention = settings().marks_url, Retention(**settings().retention)
    _tidied(url, retention, today())
    return _store(url, retention)


@resource(max_entries=2, on_release=Store.close)
def _store(url: str, retention: Retention) -> Store:
    return Store.open(url, retention=retention)


@resource(max_entries=2)
def _tidied(url: str, retention: Retention, day: date) -> Tidied:  # noqa: ARG001 (once a day)
    return _store(url, retention).tidy(OPERATOR)


def revision(place: str) -> int | None:
    """A number that goes up when the published marks of a place change; None if the store cannot be read."""
    try:
        return store().public.revision(place)
    except StoreError as fault:
        _log.warning("%s", fault)
        return None


class State(NamedTuple):
    """One state of the published marks: a number means something in its own store only."""

    url: str
    number: int


def state(number: int | None) -> State | None:
    """The state of that number in the store that is open; None for None."""
    return None if number is None else State(settings().marks_url, number)


def marks(place: str, number: int) -> gpd.GeoDataFrame:
    """The published marks of a place (`geo.tables.Marks`), read-only.

    Parameters
    ----------
    place
        Key of the place.
    number
        As `revision` gave it.
    """
    return _marks(place, State(settings().marks_url, number))


@resource(max_entries=16)
def _marks(place: str, state: State) -> gpd.GeoDataFrame:  # noqa: ARG001 (part of the key)
    return store().public.marks(place)


def marks_in(place: str, state: State | None) -> gpd.GeoDataFrame | None:
    """The published marks in a state; None without one."""
    return None if state is None else marks(place, state.number)


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


def photo(mark_id: str) -> bytes | None:
    """The photo of a published mark; None where there is none, or the store cannot be read just now."""
    try:
        return store().public.photo(mark_id)
    except StoreError as fault:
        _log.warning("%s", fault)
        return None
