"""Moderation: the queue, decisions, groups and their links, people, the trail; for those who have signed in."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import streamlit as st

from geo.errors import DeniedError, StoreError, UnknownNameError
from layers import cache, session
from layers.html import plain
from layers.moderation import decisions, editing, groups, importing, mark_card, people, queue
from layers.session import moderating, signin
from layers.views import frame

if TYPE_CHECKING:
    from data.store.people import Person
    from data.store.store import Store

PARTS = {
    "marks": "Marks",
    "groups": "Groups and links",
    "import": "Import a file",
    "trail": "Trail",
    "people": "People",
    "own": "Your passphrase",
}

places = cache.places.places()
place = places[session.chosen_place()]


def marks(desk: queue.Desk) -> None:
    """The queue beside the mark that is looked at."""
    waiting = desk.store.desk.queue(desk.by)
    listed = queue.shelf(desk, waiting)
    queue.waiting_elsewhere(desk, waiting, places)
    try:
        mark = queue.open_one(desk, listed)
    except (UnknownNameError, DeniedError) as gone:
        moderating.open_mark(None)
        moderating.say(str(gone), went_well=False)
        st.rerun()
    near = mark_card.near_by(desk, mark, waiting) if mark else []
    if mark:
        mark_card.changed_meanwhile(desk, mark)
    # In this order for those who hear the page or read it on a phone; a wide screen has the card beside the others.
    find_slot, map_slot, card_slot, decision_slot = frame.slots("find")
    with find_slot:
        found = queue.find(desk, mark)
    with map_slot:
        queue.mark_map(desk, listed, mark, [other for _, other in near], found)
    if mark is None:
        with card_slot:
            queue.nothing_open(listed)
    else:
        with card_slot:
            warned = mark_card.show(desk, mark)
        with decision_slot:
            ids = [one.id for one in listed]
            into = mark_card.duplicates(desk, mark, near)
            decisions.decisions(desk, mark, ids, warned=warned, into=into)
            editing.editing(desk, mark)
            editing.moving(desk, mark)
            decisions.erasing(desk, mark, ids)
            mark_card.past(desk, mark)
            moderating.note_seen(mark.id, mark.version)
    with decision_slot:
        queue.mark_table(listed)


def page(store: Store, by: Person) -> None:
    """What somebody who has signed in may see."""
    desk = queue.Desk(store, by, place)
    signin.badge(by, store)
    hidden = {"people"} if by.role != "administrator" else set()
    hidden |= set() if signin.signed_in_here(store) else {"own"}
    words = {key: label for key, label in PARTS.items() if key not in hidden}
    part = moderating.picker("part", "What would you like to do?", words)
    queue.say_what_came_of_it()
    shows = {
        "marks": marks,
        "groups": groups.groups,
        "import": importing.importing,
        "trail": people.trail,
        "people": people.people,
        "own": people.own_passphrase,
    }
    shows[part](desk)


st.title(plain(f"{place.card.name}: moderation"), anchor=False)
here = None
try:
    opened = cache.marks.store()
    here = signin.gate(opened)
    if here is not None:
        page(opened, here)
except StoreError as fault:
    logging.getLogger("pramshed.moderation").warning("%s", fault)
    why = queue.fault_said(fault) if here else "Try again later."  # addresses and folders are not for visitors
    st.error(f"The marks cannot be reached. {why}", icon=":material/error:")
