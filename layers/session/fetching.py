"""The page Places: which authority is to be fetched, which place is about to be removed, what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from data.gather.authority import StreetsBy

_WANTED, _STREETS, _REMOVE = "fetch-wanted", "fetch-streets", "place-remove"
_SURE, _SAID, _NOTE = "_place_sure", "_places_said", "_noted"

_WHOSE_STREETS: dict[StreetsBy, tuple[str, str]] = {
    "geofabrik": ("From the county's file", "A few days old at most. Works for an authority of any size."),
    "overpass": (
        "As they are now",
        "From Overpass, a free service: for a small authority, or when a street has just been mapped. It can be slow, "
        "and may refuse a large authority.",
    ),
}


def authority_picker(names: Mapping[str, str]) -> str | None:
    """Choose an authority by its name, or type another name or a code.

    Parameters
    ----------
    names
        Names by code.
    """
    chosen = st.selectbox(
        "Authority", list(names), index=None, key=_WANTED, accept_new_options=True,
        format_func=lambda code: names.get(code, code), placeholder="Type a name, such as Leeds, or a code",
    )  # fmt: skip
    return None if chosen is None else str(chosen)


def streets_picker() -> StreetsBy:
    """Choose whose streets are fetched."""
    return st.radio(
        "Streets", list(_WHOSE_STREETS), key=_STREETS, format_func=lambda one: _WHOSE_STREETS[one][0],
        captions=[caption for _, caption in _WHOSE_STREETS.values()],
    )  # fmt: skip


def removal_picker(names: Mapping[str, str]) -> str | None:
    """Choose a place that is to be removed.

    Parameters
    ----------
    names
        Names by key.
    """
    if st.session_state.get(_REMOVE) not in names:
        st.session_state[_REMOVE] = None
    return st.selectbox(
        "Place to remove", list(names), index=None, key=_REMOVE, format_func=names.__getitem__,
        placeholder="Choose one",
    )  # fmt: skip


def ask_whether(key: str | None) -> None:
    """Ask whether a place is really to be removed; None: not any more."""
    st.session_state[_SURE] = key


def asked_whether() -> str | None:
    """The place about which it is asked."""
    found = st.session_state.get(_SURE)
    return None if found is None else str(found)


def removed() -> None:
    """It is done: nothing is chosen any more."""
    st.session_state[_SURE] = st.session_state[_REMOVE] = None


def say(text: str, *, went_well: bool = False) -> None:
    """Remember what came of it, for the page to say at its next run."""
    st.session_state[_SAID] = (text, went_well)


def said() -> tuple[str, bool] | None:
    """What came of what was done last, once."""
    found: tuple[str, bool] | None = st.session_state.pop(_SAID, None)
    return found


def note(text: str) -> None:
    """Remember something to be seen for a moment, wherever on the page one is."""
    st.session_state[_NOTE] = text


def noted() -> str | None:
    """What is to be seen for a moment, once."""
    found = st.session_state.pop(_NOTE, None)
    return None if found is None else str(found)


def again_while(draw: Callable[[], None], seconds: float | None) -> None:
    """Draw a part of the page, and again every so many seconds without the rest; None: once."""
    st.fragment(draw, run_every=seconds)()


def draw_all_again() -> None:
    """Begin the whole page again."""
    st.rerun()
