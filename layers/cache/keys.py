"""Cache keys: the one place that says which values make another answer.

Streamlit tells dataclasses apart by their fields and loses the class of a nested one, so that closing a site and
downgrading it would be one and the same. `repr` of a frozen value names its class, at every depth.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from data.place import Place
from geo.need import NeedWeights
from geo.scenario import CHANGES
from layers.answers.ledger import LedgerQuestion
from layers.answers.peer_support import PeerQuestion
from layers.answers.question import Question
from layers.cache.deployment import settings
from layers.reports.request import ReportRequest

if TYPE_CHECKING:
    from collections.abc import Callable


def _of_place(place: Place) -> tuple[str, str]:
    """Where it lies and all that its card says: the hash of each table is on it."""
    return str(place.folder), repr(place.card)


def _with_marks(value: Question | ReportRequest) -> tuple[str, str]:
    """A revision of the published marks is a number of one store; another store has numbers of its own."""
    return repr(value), settings().marks_url


KEYS: dict[type, Callable[..., object]] = {
    Place: _of_place,
    Question: _with_marks,
    ReportRequest: _with_marks,
    **dict.fromkeys((LedgerQuestion, NeedWeights, PeerQuestion, *CHANGES.values()), repr),
}
"""How each kind of value that a cached function takes becomes part of its key."""

resource = partial(st.cache_resource, hash_funcs=KEYS, show_spinner=False)
"""Keep what is shared and read-only: tables, networks, answers."""

data = partial(st.cache_data, hash_funcs=KEYS, show_spinner=False)
"""Keep what is copied for each reader: text, addresses, pictures."""
