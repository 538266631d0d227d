"""The marking page: which of the four steps a contributor has reached, and by which link they came."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from data.store.marks import DRAWN, LISTS, MOST_CORNERS
from layers import i18n
from layers.session.parameters import LANGUAGE, LINK, PAPER, RECEIPT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import time

    from data.store.people import Contributor
    from layers.maps.webmap import Click

SHAPES = ("point", "line", "area")
STEPS = 4

_STATE, _SEEN, _TYPED_IN, _TOLD, _CAME = "_marking", "_seen_marking_click", "_typed_in", "_told", "_came_by"
_PREFIX = "mark-"


@dataclass(frozen=True)
class Marking:
    """A mark that is being made.

    Parameters
    ----------
    step
        0 to 3: what, where, when and for whom, name and note.
    kind, shape
        What it is; of `SHAPES`.
    corners
        Easting and northing, metres, in the order in which they were tapped.
    way
        A walk that is said to be wrong, easting and northing of its corners: drawn to tap on.
    near
        What was typed to find it; empty if it was tapped.
    another
        Somebody has said that it is none of the marks nearby.
    answers
        What was filled in, by field of `data.store.marks.MarkDraft`.
    submission
        The form's own number: sending twice makes one mark.
    receipt
        What was given for it; it has been sent.
    same_as
        The mark on the map that it turned out to be.
    fault
        What was wrong with the last press.
    """

    step: int = 0
    kind: str | None = None
    shape: str = "point"
    corners: tuple[tuple[float, float], ...] = ()
    way: tuple[tuple[float, float], ...] = ()
    near: str = ""
    another: bool = False
    answers: Mapping[str, Any] = field(default_factory=dict)
    submission: str = field(default_factory=lambda: str(uuid.uuid4()))
    receipt: str | None = None
    same_as: str | None = None
    fault: str | None = None


def marking() -> Marking:
    """The mark that is being made."""
    return st.session_state.setdefault(_STATE, Marking())


def change(**values: Any) -> None:  # noqa: ANN401 (fields of `Marking`)
    """Change some of it; what was wrong before is forgotten."""
    st.session_state[_STATE] = replace(marking(), **({"fault": None} | values))


def choose_kind(kind: str) -> None:
    """Say what it is, and go on."""
    same = kind == marking().kind
    kept = {} if same or kind in DRAWN else {"shape": "point", "corners": marking().corners[:1]}
    change(kind=kind, step=1, **kept)


def choose_shape() -> None:
    """Say what is drawn; a point keeps the first corner alone."""
    shape = st.session_state.get(f"{_PREFIX}shape") or "point"
    corners = marking().corners
    change(shape=shape, corners=corners[:1] if shape == "point" else corners)


def shape_picker(label: str, said: Mapping[str, str]) -> None:
    """Choose what is drawn."""
    st.session_state[f"{_PREFIX}shape"] = marking().shape
    st.segmented_control(
        label, SHAPES, format_func=said.__getitem__, key=f"{_PREFIX}shape", on_change=choose_shape, required=True
    )


def choose_where(corner: tuple[float, float], near: str = "") -> None:
    """Say where it is: another corner of what is drawn, or the point."""
    now = marking()
    drawn = (*now.corners, corner)[:MOST_CORNERS] if now.shape != "point" else (corner,)
    change(corners=drawn, near=near, another=False)


def undo_corner() -> None:
    """Take the last tap back."""
    change(corners=marking().corners[:-1], another=False)


def take_mark_click(click: Click | None, to_grid: Callable[[float, float], tuple[float, float]]) -> bool:
    """Take a new tap on the map for the place that is meant; whether there was one."""
    if click is None or click.at == st.session_state.get(_SEEN):
        return False
    st.session_state[_SEEN] = click.at
    if click.kind == "area":
        return False
    choose_where(to_grid(click.lon, click.lat))
    return True


def go(step: int) -> None:
    """Go to a step."""
    change(step=min(max(step, 0), STEPS - 1))


def widget(name: str) -> str:
    """The key of the control of a field."""
    return f"{_PREFIX}{name}"


def filled_in(fields: tuple[str, ...]) -> dict[str, Any]:
    """What the controls of some fields say now; the others' answers stay."""
    said = dict(marking().answers)
    for name in fields:
        if widget(name) in st.session_state:
            said[name] = _plain(name, st.session_state[widget(name)])
    return said


def _plain(name: str, value: Any) -> Any:  # noqa: ANN401 (what controls give)
    if name in LISTS:
        return tuple(value or ())
    if name in ("opens", "closes"):
        at: time | None = value
        return f"{at:%H:%M}" if at is not None else ""
    return "" if value is None else value


def keep_answers(fields: tuple[str, ...], step: int) -> None:
    """Keep what the controls of a step say, and go to another."""
    change(answers=filled_in(fields), step=step)


def empty(name: str) -> None:
    """Empty the control of a field."""
    st.session_state[widget(name)] = ""


def sent(receipt: str) -> None:
    """Remember that it has been sent."""
    change(receipt=receipt)


def start_again() -> None:
    """Begin another."""
    st.session_state[_STATE] = Marking()
    for key in [key for key in st.session_state if str(key).startswith(_PREFIX)]:
        del st.session_state[key]


def begin_mark(kind: str, corner: tuple[float, float], way: tuple[tuple[float, float], ...]) -> None:
    """Begin a mark of which something is known already, at the step that asks where it is."""
    start_again()
    st.session_state[RECEIPT], st.session_state[PAPER] = None, "no"
    change(kind=kind, step=1, corners=(corner,), way=way)


def typed_in(receipt: str | None = None) -> tuple[str, ...]:
    """The receipts of the paper sheets that were typed in; one more, and an empty form, if one is given."""
    known: tuple[str, ...] = st.session_state.get(_TYPED_IN, ())
    if receipt is not None:
        known = st.session_state[_TYPED_IN] = (*known, receipt)
        start_again()
    return known


def told(mark_id: str | None = None) -> frozenset[str]:
    """Of which marks somebody has said whether they are still there; one more, if one is given."""
    known: frozenset[str] = st.session_state.get(_TOLD, frozenset())
    if mark_id is not None:
        known = st.session_state[_TOLD] = known | {mark_id}
    return known


def group_link() -> str | None:
    """The link or the code by which somebody came."""
    return st.session_state[LINK]


def came_by(secret: str, who: Contributor | None = None) -> Contributor | None:
    """Who came by this link or code, if it has been opened before; remembers it, if it is opened now."""
    if who is not None:
        st.session_state[_CAME] = (secret, who)
    known: tuple[str, Contributor | None] = st.session_state.get(_CAME, ("", None))
    return known[1] if known[0] == secret else None


def offer_link() -> None:
    """Try the code that was typed."""
    st.session_state[LINK] = (st.session_state.get(widget("code")) or "").strip()[:64] or None


def receipt_link() -> str | None:
    """The receipt that somebody holds."""
    return st.session_state[RECEIPT]


def forget_receipt() -> None:
    """Go from what became of a mark to making one."""
    st.session_state[RECEIPT] = None
    start_again()


def on_paper() -> bool:
    """Whether a paper sheet is typed in."""
    return st.session_state[PAPER] == "yes"


def choose_paper(*, paper: bool) -> None:
    """Type in a paper sheet, or go step by step."""
    st.session_state[PAPER] = "yes" if paper else "no"
    start_again()


def language_picker() -> str:
    """Choose the language: every one in its own name; to begin with, that of the browser."""
    if st.session_state[LANGUAGE] is None:
        st.session_state[LANGUAGE] = i18n.nearest(st.context.locale)
    return str(
        st.selectbox(
            "Language", list(i18n.LANGUAGES), format_func=lambda code: i18n.LANGUAGES[code].name, key=LANGUAGE,
            label_visibility="collapsed",
        )
    )  # fmt: skip
