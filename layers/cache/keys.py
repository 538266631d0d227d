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


def _of_question(*questions: Question) -> tuple[str, str | None]:
    """A revision of the published marks is a number of one store; another store has numbers of its own."""
    with_marks = any(question.community is not None for question in questions)
    return repr(questions), settings().marks_url if with_marks else None


def _of_request(request: ReportRequest) -> tuple[str, str | None]:
    return repr(request), _of_question(*request.questions)[1]


KEYS: dict[type, Callable[..., object]] = {
    Place: _of_place,
    Question: _of_question,
    ReportRequest: _of_request,
    **dict.fromkeys((LedgerQuestion, NeedWeights, PeerQuestion, *CHANGES.values()), repr),
}
"""How each kind of value that a cached function takes becomes part of its key."""

resource = partial(st.cache_resource, hash_funcs=KEYS, show_spinner=False)
"""Keep what is shared and read-only: tables, networks, answers."""

data = partial(st.cache_data, hash_funcs=KEYS, show_spinner=False)
"""Keep what is copied for each reader: text, addresses, pictures."""
