"""A reader's own list of sites on Explore: dropped in the sidebar, spoken of beside the answer, drawn on the map."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from layers import cache, session
from layers.answers.own_list import counted
from layers.cache.keys import forget_own
from layers.files.own_lists import MOST_MB, MOST_SITES, TEMPLATE
from layers.html import plain

if TYPE_CHECKING:
    from datetime import date

    from data.place import Place
    from geo.errors import InputError
    from layers.answers.community_sites import Published
    from layers.answers.own_list import OwnList
    from layers.answers.question import Answer, Question
    from layers.maps.scene import Marker

MOST_FAULTS = 12
"""So many faults of a file are listed; the others are counted."""

_KEPT = (
    "It is kept in this browser session only: it is in no link, no other reader sees it, nothing of it is stored, and "
    "it is gone when the page is closed or loaded again."
)


def controls(place: Place, *, announced: bool, day: date | None, spaces: Published | None) -> Question:
    """The question's controls with the reader's own list, and the place to drop one."""
    own = session.own_list()
    question = session.question_controls(
        place,
        announced=announced,
        day=day,
        spaces=spaces,
        own=own,
        thirds="authority",
        overlap=cache.weighed.overlap_said(place),
    )
    with st.expander(
        "Your own list of sites", key="own-list", expanded=own is not None or session.own_faults() is not None
    ):
        if own is not None:
            st.markdown(f"**{plain(own.name)}**: {counted(len(own))}{_by_postcode(own)}.")
            st.caption(_KEPT)
            st.button(
                "Remove this list", key="own-remove", on_click=session.forget_own, args=(forget_own,),
                icon=":material/delete:",
            )  # fmt: skip
        _faults()
        session.own_upload(place)
        st.caption(
            "Columns: name; easting and northing, or lat and lon, or postcode. At most "
            f"{MOST_SITES:,} sites and {MOST_MB} MB. Postcodes must be live ones of {plain(place.card.name)}."
        )
        st.download_button(
            "Download a template (CSV)", TEMPLATE, file_name="pramshed-my-sites.csv", mime="text/csv",
            on_click="ignore", icon=":material/download:", type="tertiary",
        )  # fmt: skip
    return question


def _by_postcode(own: OwnList) -> str:
    return f", {own.by_postcode:,} of them by postcode" if own.by_postcode else ""


def _faults() -> None:
    """What is wrong with the last file, row by row; and what can be done about it."""
    read = session.own_faults()
    if read is None:
        return
    lines = [said(fault) for fault in read.faults[:MOST_FAULTS]]
    if len(read.faults) > MOST_FAULTS:
        lines.append(f"And {len(read.faults) - MOST_FAULTS:,} more faults.")
    good = read.good
    head = (
        "Nothing of this file can be used." if good is None else "Something is wrong with this file, so it is not used."
    )
    st.error("\n\n".join([f"**{head}**", *lines, "Mend it and drop it again."]), icon=":material/error:")
    if good is not None:
        label = f"Leave those rows out and use {counted(len(good))}"
        st.button(label, key="own-use", on_click=session.use_own, args=(good,))


def said(fault: InputError) -> str:
    """A fault in a line: where, what is there, what should be."""
    row = [] if fault.row is None else [f"row {fault.row}"]
    where = ", ".join([*row, *([] if fault.column is None else [f"column {fault.column}"])])
    start = f"**{plain(where[:1].upper() + where[1:])}**: found" if where else "Found"
    return f"{start} {plain(fault.found)}; expected {plain(fault.expected)}."


def note(place: Place, answer: Answer) -> None:
    """What a reader must know of an answer for their own list; or that a link meant one that is not here."""
    if session.lacks_own():
        st.warning(
            "This link was made with somebody's own list of sites. Such a list stays with who has it, so children's "
            "centres are shown. Whoever has the list can drop it in the menu, under *Your own list of sites*.",
            icon=":material/warning:",
        )
    own = answer.question.own
    if own is None:
        return
    reached = own.reached(cache.places.ground(place, answer.question.profile).network)
    off = len(own) - reached
    st.caption(
        f"Walks lead to your own list, {plain(own.name)}: {counted(len(own))}{_by_postcode(own)}. A link to this page "
        "shows others children's centres instead."
    )
    if not reached:
        st.warning(
            f"None of your sites is within 250 m of a street of {plain(place.card.name)}: nobody here can walk to one.",
            icon=":material/warning:",
        )
    elif off:
        is_, them = ("is", "it") if off == 1 else ("are", "them")
        st.warning(
            f"{off:,} of your {len(own):,} sites {is_} not within 250 m of a street of {plain(place.card.name)}. "
            f"No walk to {them} is counted.",
            icon=":material/warning:",
        )


def markers(place: Place, question: Question) -> tuple[Marker, ...]:
    """The list's sites on the map, told apart from centres and community spaces."""
    drawn = cache.answers.markers(place, question)
    return tuple(replace(one, shape="own", lines=("On your own list",)) for one in drawn)
