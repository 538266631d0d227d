"""The moderators' page: which mark is open, messages, and what has been typed so far."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from layers.session.who import DESK

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

    from layers.maps.webmap import Click

_OPEN, _PICKED, _SEEN, _SAID, _ONCE, _SEEDS, _BOTH, _CLICK = (
    f"{DESK}{name}" for name in ("open", "picked", "seen", "said", "once", "seeds", "both", "click")
)


class Said(NamedTuple):
    """What came of what was done."""

    text: str
    went_well: bool


def picker(name: str, label: str, words: Mapping[str, str]) -> str:
    """Choose one of a few, shown side by side; what was chosen stays while another page is looked at.

    Parameters
    ----------
    name
        Of the choice.
    label
        For those who hear the page.
    words
        What each option is called, as Markdown; the first holds until another is chosen.
    """
    kept, key = f"{DESK}kept-{name}", f"{DESK}pick-{name}"
    chosen = st.session_state.get(kept)
    st.session_state[key] = chosen if chosen in words else next(iter(words))

    def choose() -> None:
        st.session_state[kept] = st.session_state[key]

    return str(
        st.segmented_control(
            label, list(words), format_func=words.__getitem__, key=key, on_change=choose,
            label_visibility="collapsed", required=True,
        )
    )  # fmt: skip


def mark_picker(names: Mapping[str, str]) -> str | None:
    """Choose a mark by name: the way that needs no map.

    Parameters
    ----------
    names
        What each mark is called, by id, in the order of the list.
    """
    chosen = opened()
    st.session_state[_PICKED] = chosen if chosen in names else None

    def choose() -> None:
        st.session_state[_OPEN] = st.session_state[_PICKED]

    return st.selectbox(
        "Mark", list(names), index=None, format_func=lambda key: names[key], key=_PICKED, on_change=choose,
        placeholder="Choose one, or click on the map",
    )  # fmt: skip


def mark_list(listed: pd.DataFrame, **looks: object) -> None:
    """A table of marks that sorts by any column; choosing a row looks at its mark.

    Parameters
    ----------
    listed
        On the marks' ids.
    looks
        As ``st.dataframe`` takes them.
    """
    ids = [str(mark_id) for mark_id in listed.index]
    # a choice is a row's number: in another order it would be another mark's
    key = f"{DESK}list-{sha256(','.join(ids).encode()).hexdigest()[:12]}"

    def choose() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows and rows[0] < len(ids):
            open_mark(ids[rows[0]])

    st.dataframe(listed, key=key, hide_index=True, on_select=choose, selection_mode="single-row", **looks)


def opened() -> str | None:
    """Id of the mark that is looked at."""
    found = st.session_state.get(_OPEN)
    return None if found is None else str(found)


def open_mark(mark_id: str | None) -> None:
    """Look at a mark from the next run on; at none."""
    st.session_state[_OPEN] = mark_id


def take_mark_click(click: Click | None, among: Collection[str]) -> bool:
    """Look at the mark that was clicked on; whether that is another."""
    if click is None or click.at == st.session_state.get(_CLICK):
        return False
    st.session_state[_CLICK] = click.at
    if click.kind != "site" or click.id not in among or click.id == opened():
        return False
    open_mark(click.id)
    return True


def seen_version(mark_id: str) -> int | None:
    """The version of a mark that the page showed last, if it was this mark."""
    known, version = st.session_state.get(_SEEN, (None, None))
    return version if known == mark_id else None


def note_seen(mark_id: str, version: int) -> None:
    """Remember which version is shown; call it when all of the mark has been shown."""
    st.session_state[_SEEN] = (mark_id, version)


def say(text: str, *, went_well: bool = True) -> None:
    """Remember what came of it, for the page to say at its next run."""
    st.session_state[_SAID] = Said(text, went_well)


def said() -> Said | None:
    """What came of what was done last, once."""
    return st.session_state.pop(_SAID, None)


def keep_once(what: object) -> None:
    """Keep what nobody can look up again (a link, a passphrase) until it has been written down."""
    st.session_state[_ONCE] = what


def kept_once() -> object:
    """What is to be written down; None if nothing is."""
    return st.session_state.get(_ONCE)


def forget_once() -> None:
    """It has been written down."""
    st.session_state.pop(_ONCE, None)


def seed(form: str, values: Mapping[str, object]) -> set[str]:
    """Fill in the fields of a form with what is there now, all but those that were typed over; before it is drawn.

    Parameters
    ----------
    form
        What the keys of its fields begin with (`field_key`).
    values
        What is there now, by field.

    Returns
    -------
    set
        The fields that were typed over and have been changed by somebody else since.
    """
    known, before = st.session_state.get(_SEEDS, ("", {}))
    both: set[str] = st.session_state.get(_BOTH, set()) if known == form else set()
    for name, now in values.items():
        key = field_key(form, name)
        typed = st.session_state.get(key, now)
        was = before.get(name, now) if known == form else typed
        if typed in (was, now):
            both.discard(name)
        elif was != now:
            both.add(name)
        st.session_state[key] = now if typed == was else typed
    st.session_state[_SEEDS], st.session_state[_BOTH] = (form, dict(values)), both
    return both


def field_key(form: str, name: str) -> str:
    """Key of a field of a form."""
    return f"{DESK}{form}-{name}"


def number_of(form: str) -> int:
    """How often a form was sent: part of its key, so that it is empty after that."""
    return int(st.session_state.get(f"{DESK}sent-{form}", 0))


def sent(form: str) -> None:
    """Let a form be empty at the next run."""
    st.session_state[f"{DESK}sent-{form}"] = number_of(form) + 1


def next_of(ids: Sequence[str], mark_id: str) -> str | None:
    """The mark after one in a list, or else before it; None if there is no other."""
    others = [one for one in ids if one != mark_id]
    at = ids.index(mark_id) if mark_id in ids else 0
    return others[min(at, len(others) - 1)] if others else None
