"""Moderation: the queue, decisions, groups and their links, people, the trail; for those who have signed in."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import streamlit as st

from geo.errors import DeniedError, StoreError, UnknownNameError
from layers import cached, cached_marks, session, signin
from layers.community import (
    moderation,
    moderation_decisions,
    moderation_edit,
    moderation_groups,
    moderation_import,
    moderation_mark,
    moderation_people,
)
from layers.session import moderating
from layers.text import plain

if TYPE_CHECKING:
    from data.store.people import Person
    from data.store.store import Store

PARTS = {
    "marks": "Marks",
    "groups": "Groups and links",
    "import": "Take in a file",
    "trail": "Trail",
    "people": "People",
    "own": "Your passphrase",
}

places = cached.places()
place = places[session.chosen_place()]


def marks(desk: moderation.Desk) -> None:
    """The queue beside the mark that is looked at."""
    waiting = desk.store.desk.queue(desk.by)
    listed = moderation.shelf(desk, waiting)
    moderation.waiting_elsewhere(desk, waiting, places)
    try:
        mark = moderation.open_one(desk, listed)
    except (UnknownNameError, DeniedError) as gone:
        moderating.open_mark(None)
        moderating.say(str(gone), went_well=False)
        st.rerun()
    near = moderation_mark.near_by(desk, mark, waiting) if mark else []
    if mark:
        moderation_mark.changed_meanwhile(desk, mark)
    # In this order for those who hear the page or read it on a phone; a wide screen has the card beside the others.
    with st.container(key="explore"):
        map_slot, card_slot, decision_slot = st.container(), st.container(), st.container()
    with map_slot:
        moderation.mark_map(desk, listed, mark, [other for _, other in near])
    if mark is None:
        with card_slot:
            moderation.nothing_open(listed)
    else:
        with card_slot:
            warned = moderation_mark.show(desk, mark)
        with decision_slot:
            ids = [one.id for one in listed]
            into = moderation_mark.duplicates(desk, mark, near)
            moderation_decisions.decisions(desk, mark, ids, warned=warned, into=into)
            moderation_edit.editing(desk, mark)
            moderation_edit.moving(desk, mark)
            moderation_decisions.erasing(desk, mark, ids)
            moderation_mark.past(desk, mark)
            moderating.note_seen(mark.id, mark.version)
    with decision_slot:
        moderation.mark_table(listed)


def page(store: Store, by: Person) -> None:
    """What somebody who has signed in may see."""
    desk = moderation.Desk(store, by, place)
    signin.badge(by)
    hidden = {"people"} if by.role != "administrator" else set()
    hidden |= set() if signin.signed_in_here() else {"own"}
    words = {key: label for key, label in PARTS.items() if key not in hidden}
    part = moderating.picker("part", "What would you like to do?", words)
    moderation.say_what_came_of_it()
    shows = {
        "marks": marks,
        "groups": moderation_groups.groups,
        "import": moderation_import.importing,
        "trail": moderation_people.trail,
        "people": moderation_people.people,
        "own": moderation_people.own_passphrase,
    }
    shows[part](desk)


st.title(plain(f"{place.card.name}: moderation"), anchor=False)
here = None
try:
    opened = cached_marks.store()
    here = signin.gate(opened)
    if here is not None:
        page(opened, here)
except StoreError as fault:
    logging.getLogger("pramshed.moderation").warning("%s", fault)
    why = moderation.fault_said(fault) if here else "Try again later."  # addresses and folders are not for visitors
    st.error(f"The marks cannot be reached. {why}", icon=":material/error:")
