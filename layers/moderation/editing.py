"""Correcting a mark: every field, and its position."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import shapely
import streamlit as st

from data.store.marks import AGES, ANSWERS, CHOICES, DAYS, LANGUAGES, LENGTHS, LISTS
from geo.errors import RequestError
from geo.sites import MARK_KINDS
from layers.answers import place_search
from layers.answers.mark_words import KIND_LABELS
from layers.html import plain
from layers.moderation.decisions import attempt, version_of
from layers.moderation.mark_card import FIELD_WORDS, said_one, say
from layers.moderation.queue import fault_said, title
from layers.session import moderating

if TYPE_CHECKING:
    from data.store.marks import Mark, MarkDraft
    from layers.moderation.queue import Desk

NOT_SAID = "not said"


def editing(desk: Desk, mark: Mark) -> None:
    """Change what a mark says."""
    with st.expander("Edit"):
        form = f"edit-{mark.id}-{moderating.number_of(mark.id)}"
        both = moderating.seed(form, {field: _seeded(getattr(mark.draft, field)) for field in ANSWERS})
        if both:
            said = "; ".join(
                f"{FIELD_WORDS[field]} is “{say(field, getattr(mark.draft, field))}” now"
                for field in ANSWERS if field in both
            )  # fmt: skip
            st.warning(
                f"What you have typed here differs from what somebody else has written since: {plain(said)}. "
                "Saving overwrites their change.",
                icon=":material/sync_problem:",
            )
        with st.form(f"desk-{form}", border=False):
            typed = _fields(form)
            sent = st.form_submit_button("Save the changes", icon=":material/save:")
    if not sent:
        return
    try:
        draft = replace(mark.draft, **{name: _read(name, value) for name, value in typed.items()})
    except RequestError as fault:
        st.error(fault_said(fault), icon=":material/error:")
        return
    version = version_of(mark)

    def save() -> Mark:
        after = desk.store.desk.edit(desk.by, mark.id, version=version, draft=draft)
        moderating.sent(mark.id)
        return after

    attempt(save, f"{title(mark)} was changed.", then=mark.id)


def moving(desk: Desk, mark: Mark) -> None:
    """Move a mark to what a postcode, a grid reference or a name means."""
    with st.expander("Move"):
        number = moderating.number_of(f"move-{mark.id}")
        text = st.text_input(
            "Postcode, street, landmark or grid reference",
            max_chars=100,
            key=f"desk-move-{mark.id}-{number}",
            placeholder="PO30 2AN, High Street, or 450514, 89065",
        )
        found = place_search.search(text, desk.place) if text.strip() else []
        if text.strip() and not found:
            st.error("Nothing here has that name. A grid reference works too.", icon=":material/error:")
        if not found:
            return
        chosen = st.selectbox(
            "Which one", range(len(found)), format_func=lambda at: f"{found[at].label} ({found[at].kind})",
            key=f"desk-found-{mark.id}-{number}-{text}",
        )  # fmt: skip
        to = found[chosen]
        if mark.draft.geometry.geom_type != "Point":
            st.caption("The whole line or area is moved, with its middle at that place.")
        if st.button("Move it there", key="desk-move", icon=":material/move_location:"):
            version = version_of(mark)

            def move() -> Mark:
                draft = moved(mark.draft, to.easting, to.northing)
                after = desk.store.desk.edit(desk.by, mark.id, version=version, draft=draft)
                moderating.sent(f"move-{mark.id}")
                return after

            attempt(move, f"{title(mark)} was moved to {to.label}.", then=mark.id)


def moved(draft: MarkDraft, easting: float, northing: float) -> MarkDraft:
    """The same mark with its middle at a point of British National Grid, metres.

    Raises
    ------
    RequestError
        That is outside Great Britain.
    """
    middle = draft.geometry.centroid
    by = (easting - middle.x, northing - middle.y)
    return replace(draft, geometry=shapely.transform(draft.geometry, lambda at: at + by))


def _fields(form: str) -> dict[str, object]:
    """The fields of the form, as they stand."""

    def key(name: str) -> str:
        return moderating.field_key(form, name)

    def choice(name: str) -> object:
        return st.selectbox(
            FIELD_WORDS[name], ("", *CHOICES[name]), key=key(name),
            format_func=lambda code: said_one(name, code) or NOT_SAID,
        )  # fmt: skip

    def several(name: str, codes: tuple[str, ...]) -> object:
        return st.multiselect(
            FIELD_WORDS[name], codes, key=key(name), format_func=lambda code: said_one(name, code),
            placeholder=NOT_SAID,
        )  # fmt: skip

    typed: dict[str, object] = {
        "kind": st.selectbox(FIELD_WORDS["kind"], MARK_KINDS, key=key("kind"), format_func=KIND_LABELS.__getitem__),
        "name": st.text_input(FIELD_WORDS["name"], key=key("name"), max_chars=LENGTHS["name"]),
        "note": st.text_area(FIELD_WORDS["note"], key=key("note"), max_chars=LENGTHS["note"]),
        "at_home": st.checkbox(FIELD_WORDS["at_home"], key=key("at_home")),
        "days": several("days", DAYS),
    }
    opens, closes = st.columns(2)
    with opens:
        typed["opens"] = st.text_input(FIELD_WORDS["opens"], key=key("opens"), max_chars=5, placeholder="09:30")
    with closes:
        typed["closes"] = st.text_input(FIELD_WORDS["closes"], key=key("closes"), max_chars=5, placeholder="11:30")
    typed |= {"ages": several("ages", AGES), "languages": several("languages", LANGUAGES)}
    left, right = st.columns(2)
    for number, name in enumerate(CHOICES):
        with right if number % 2 else left:
            typed[name] = choice(name)
    with st.container(border=True):
        st.caption(":material/lock: Only moderators see these two")
        for name in ("contact", "private_note"):
            typed[name] = st.text_area(FIELD_WORDS[name], key=key(name), max_chars=LENGTHS[name])
    return typed


def _seeded(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _read(name: str, value: object) -> object:
    if name in LISTS and isinstance(value, list):
        return tuple(value)
    return value.strip() if isinstance(value, str) else value
