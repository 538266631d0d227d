"""What a report is about, of which day, and what it is compared with."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from geo.scenario import LONGEST_NAME
from layers.answers.question import today
from layers.session.days import chosen_day
from layers.session.parameters import (
    ABOUT,
    ABOUT_WORDS,
    AGAINST,
    AGAINST_WORDS,
    AREAS,
    CALLED,
    CHANGES,
    DAY,
    MOST_AREAS,
    THEN,
    TO,
    WARD,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_OF_DAY = "_report_day"
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
"""Between which days the address of a page can say one."""


def about_picker() -> str:
    """Choose what a report is about, of `layers.session.parameters.ABOUT_WORDS`."""
    return str(st.radio("Area", list(ABOUT_WORDS), format_func=ABOUT_WORDS.__getitem__, key=ABOUT))


def ward_picker(names: Mapping[str, str]) -> str | None:
    """Choose a ward by name; ``names`` by code."""
    if st.session_state[WARD] not in names:
        st.session_state[WARD] = None
    code = st.selectbox(
        "Ward", list(names), index=None, format_func=names.__getitem__, key=WARD, placeholder="Choose a ward"
    )
    return None if code is None else str(code)


def areas_picker(names: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """Choose neighbourhoods by name, and what to call them; ``names`` by code.

    Returns
    -------
    tuple
        Their codes, and the name, which may be empty.
    """
    st.session_state[AREAS] = [code for code in st.session_state[AREAS] or [] if code in names]
    codes = st.multiselect(
        "Neighbourhoods", list(names), format_func=names.__getitem__, key=AREAS, max_selections=MOST_AREAS,
        select_all=False, placeholder="Choose one or more", help=f"At most {MOST_AREAS}.",
    )  # fmt: skip
    called = st.text_input("Name for them (optional)", key=CALLED, max_chars=LONGEST_NAME)
    return tuple(codes), (called or "").strip()


def of_day_picker() -> date:
    """Choose the day that a report is of."""
    st.session_state[_OF_DAY] = chosen_day()

    def choose() -> None:
        day = st.session_state[_OF_DAY]
        st.session_state[DAY] = None if day == today() else day

    st.date_input(
        "Centres on which day", min_value=_FIRST, max_value=_LAST, format="DD/MM/YYYY", key=_OF_DAY,
        on_change=choose, help="Streets and families are the latest we have, whatever the day.",
    )  # fmt: skip
    return chosen_day()


def against_picker() -> str:
    """Choose what a report is compared with, of `AGAINST_WORDS`; a scenario if there is one."""
    options = [name for name in AGAINST_WORDS if name != "scenario" or st.session_state[CHANGES]]
    if st.session_state[AGAINST] not in options:
        st.session_state[AGAINST] = "no"
    return str(st.radio("Compare with", options, format_func=AGAINST_WORDS.__getitem__, key=AGAINST))


def against_scenario() -> None:
    """Compare with the scenario that is open."""
    st.session_state[AGAINST] = "scenario"


def then_picker() -> date | None:
    """Choose the other day of a comparison."""
    return st.date_input(
        "Compare with which day", value=None, min_value=_FIRST, max_value=_LAST, format="DD/MM/YYYY", key=THEN
    )


def of_scenario() -> bool:
    """Whether the report is to be about a scenario, and there is one."""
    state = st.session_state
    return state[AGAINST] == "scenario" and state[TO] == "centres" and bool(state[CHANGES])
