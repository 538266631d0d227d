"""Cache keys: the one place that says which values make another answer.

Streamlit tells dataclasses apart by their fields and loses the class of a nested one, so that closing a site and
downgrading it would be one and the same. `repr` of a frozen value names its class, at every depth.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial, wraps
from operator import attrgetter
from types import FunctionType
from typing import Any, ParamSpec, TypeVar

import streamlit as st

from data.place import Place
from geo.need import NeedWeights
from geo.scenario import CHANGES
from layers.answers.ledger import LedgerQuestion
from layers.answers.peer_support import PeerQuestion
from layers.answers.question import Question
from layers.cache.deployment import settings
from layers.reports.request import ReportRequest

P = ParamSpec("P")
R = TypeVar("R")


def _of_question(*questions: Question) -> tuple[str, str | None]:
    """A revision of the published marks is a number of one store; another store has numbers of its own."""
    with_marks = any(question.community is not None for question in questions)
    return repr(questions), settings().marks_url if with_marks else None


def _of_request(request: ReportRequest) -> tuple[str, str | None]:
    return repr(request), _of_question(*request.questions)[1]


KEYS: dict[type, Callable[..., object]] = {
    Place: attrgetter("identity"),
    Question: _of_question,
    ReportRequest: _of_request,
    **dict.fromkeys((LedgerQuestion, NeedWeights, PeerQuestion, *CHANGES.values()), repr),
}
"""How each kind of value that a cached function takes becomes part of its key."""

OWN_ANSWERS = 6
"""How many answers of each kind are kept that rest on a reader's own list."""

_OWN: list[Callable[[], None]] = []


def resource(**asked: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:  # noqa: ANN401 (as Streamlit takes them)
    """Keep what is shared and read-only: tables, networks, answers.

    What rests on a reader's own list is kept apart, in that reader's session, and goes with it: nobody else could ask
    for it, and it must not drive out what others do.

    Parameters
    ----------
    asked
        As `streamlit.cache_resource` takes it.
    """
    asked = {"hash_funcs": KEYS, "show_spinner": False} | asked

    def kept(function: Callable[P, R]) -> Callable[P, R]:
        for_all: Callable[P, R] = st.cache_resource(**asked)(function)
        if "question" not in inspect.signature(function).parameters:
            return for_all
        for_one: Any = st.cache_resource(**(asked | {"max_entries": OWN_ANSWERS, "scope": "session"}))(_twin(function))
        _OWN.append(for_one.clear)

        @wraps(function)
        def ask(*args: P.args, **kwargs: P.kwargs) -> R:
            own = any(getattr(value, "own", None) is not None for value in (*args, *kwargs.values()))
            found: R = (for_one if own else for_all)(*args, **kwargs)
            return found

        ask.clear = for_all.clear  # type: ignore[attr-defined]
        return ask

    return kept


def _twin(function: Any) -> Any:  # noqa: ANN401 (a function)
    """The same function by another name: Streamlit has one cache a name."""
    twin = FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__
    )
    twin.__module__, twin.__qualname__ = function.__module__, f"{function.__qualname__}_of_ones_own"
    twin.__annotations__, twin.__kwdefaults__ = function.__annotations__, function.__kwdefaults__
    return twin


def forget_own() -> None:
    """Let go of all answers that rest on this reader's list."""
    for clear in _OWN:
        clear()


data = partial(st.cache_data, hash_funcs=KEYS, show_spinner=False)
"""Keep what is copied for each reader: text, addresses, pictures."""
