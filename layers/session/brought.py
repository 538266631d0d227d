"""Files that somebody brings to the page Places: which folder is this browser's, and how it names columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from data.build.recognise import ENDINGS
from layers.session.uploader import file_uploader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_FOLDER, _COUNT, _COLUMNS, _NAME = "_brought_folder", "_brought_uploads", "_brought_columns", "brought-name"


def folder() -> Path | None:
    """The folder of this browser's files."""
    return cast("Path | None", st.session_state.get(_FOLDER))


def use_folder(path: Path | None) -> None:
    """From now on, this is its folder; None: it has none."""
    st.session_state[_FOLDER] = path


def most_mb() -> int:
    """Megabytes of a file that the server takes."""
    return int(st.get_option("server.maxUploadSize"))


def upload(take: Callable[[Sequence[tuple[str, bytes]]], None]) -> None:
    """The control that takes files; they are handed on as they come, and the control is empty again.

    Parameters
    ----------
    take
        Is given names and contents.
    """
    key = f"brought-{st.session_state.get(_COUNT, 0)}"

    def taken() -> None:
        found = st.session_state.get(key) or []
        st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1
        take([(str(one.name), one.getvalue()) for one in found])

    file_uploader(
        "Files for a place", type=list(ENDINGS), accept_multiple_files=True, key=key, on_change=taken,
        max_upload_size=most_mb(),
    )  # fmt: skip


def take_away_picker(names: Sequence[str], take_away: Callable[[str], None]) -> None:
    """Take one of the files away, as soon as it is chosen."""
    key = f"brought-away-{len(names)}-{names[0]}"

    def chosen() -> None:
        name = st.session_state.get(key)
        if name is not None:
            take_away(str(name))

    st.selectbox(
        "Take a file away", list(names), index=None, key=key, on_change=chosen, placeholder="Choose one", width=420
    )


def columns_known(columns: Sequence[str]) -> tuple[str, dict[str, str]] | None:
    """How columns were named before: the kind of file, and its reader's names to those of the file."""
    known: dict[tuple[str, ...], tuple[str, dict[str, str]]] = st.session_state.get(_COLUMNS, {})
    return known.get(tuple(columns))


def remember_columns(columns: Sequence[str], kind: str, chosen: Mapping[str, str]) -> None:
    """Remember it for the next file with the same columns, in this session."""
    known = st.session_state.setdefault(_COLUMNS, {})
    known[tuple(columns)] = (kind, dict(chosen))


def kind_picker(name: str, kinds: Mapping[str, str]) -> str | None:
    """Say what a file is that was not recognised."""
    return st.selectbox(
        "What is it?", list(kinds), index=None, format_func=kinds.__getitem__, key=f"brought-kind-{name}",
        placeholder="Choose one, if it is any of these",
    )  # fmt: skip


def column_picker(name: str, wanted: str, words: str, columns: Sequence[str], guess: str | None) -> str | None:
    """Say which column holds something."""
    at = list(columns).index(guess) if guess in columns else None
    label = f"Column: {words}"
    return st.selectbox(label, list(columns), index=at, key=f"brought-column-{name}-{wanted}", placeholder="Choose one")


def place_name(default: str, authority: str) -> str:
    """What the place is called, by default as the authority."""
    return st.text_input("Name of the place", value=default, key=f"{_NAME}-{authority}", max_chars=100)


def children_published() -> bool:
    """Whether the table of children is said to be published."""
    return st.checkbox(
        "The table of children is published", key="children-published",
        help="Such as the mid-year estimates of the Office for National Statistics. If it is your council's own count, "
        "leave this empty: counts under 10 are then hidden, the others rounded to 5. Census tables are always shown.",
    )  # fmt: skip


def brought_authority(names: Mapping[str, str]) -> str | None:
    """Which authority the files are of."""
    return st.selectbox(
        "Authority of the files", list(names), index=None, key="brought-authority", format_func=names.__getitem__,
        placeholder="Choose one",
    )  # fmt: skip
