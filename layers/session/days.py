"""Which day is asked about: a slider for the arrow keys, and years that play."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.days import day_text
from layers.answers.question import today
from layers.session.parameters import COUNTS, DAY, LAYER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_SLIDER, _PLAYING, _BEATS, _COMPARING = "_slider", "_playing", "_beats", "_comparing"
_BEAT_SECONDS = 1.5


def chosen_day() -> date:
    """The day that was chosen; today if none was."""
    return st.session_state[DAY] or today()


def day_control(days: Sequence[date]) -> date:
    """Choose a day on a slider that the arrow keys move, or let the years play.

    Parameters
    ----------
    days
        The days of the slider, in order; the chosen one and today are added to them.
    """
    chosen = chosen_day()
    options = sorted({*days, chosen, today()})
    _play(options)
    st.session_state[_SLIDER] = chosen_day()

    def choose() -> None:
        _set_day(st.session_state[_SLIDER])

    slider, buttons = st.columns([5, 3], vertical_alignment="bottom")
    with slider:
        st.select_slider(
            "On which day",
            options,
            format_func=day_text,
            key=_SLIDER,
            on_change=choose,
        )
    playing = bool(st.session_state.get(_PLAYING))
    with buttons, st.container(horizontal=True):
        st.button(
            "Pause" if playing else "Play",
            icon=":material/pause:" if playing else ":material/play_arrow:",
            key="play",
            on_click=_toggle,
            args=(options[0],),
        )
        st.button("Today", key="play-today", on_click=_set_day, args=(today(),), disabled=chosen_day() == today())
    return chosen_day()


def compare_toggle() -> None:
    """Colour the map by what changed between the chosen day and today; the layer picker can do the same."""
    if chosen_day() == today():
        return
    st.session_state[_COMPARING] = st.session_state[LAYER] == "change"

    def choose() -> None:
        st.session_state[LAYER] = "change" if st.session_state[_COMPARING] else "walk"

    st.toggle("Compare with today", key=_COMPARING, on_change=choose)
    st.caption("Comparing colours the map by how much longer or shorter the walk has become.")


def full_centres_only() -> None:
    """Count full centres only: one that was reduced to a linked site is then lost."""
    st.session_state[COUNTS] = "full"


def _set_day(day: date) -> None:
    st.session_state[DAY] = None if day == today() else day
    st.session_state[_PLAYING] = False


def _toggle(first: date) -> None:
    playing = not st.session_state.get(_PLAYING)
    if playing and chosen_day() >= today():
        _set_day(first)
    st.session_state[_PLAYING] = playing


def _play(options: Sequence[date]) -> None:
    """While it plays, go on to the next first of January (or to today) after a moment."""
    if not st.session_state.get(_PLAYING):
        return
    st.session_state[_BEATS] = 0

    @st.fragment(run_every=_BEAT_SECONDS)
    def beat() -> None:
        st.session_state[_BEATS] += 1
        if st.session_state[_BEATS] == 1 or not st.session_state.get(_PLAYING):
            return  # drawn with the page; what follows are the clock's own runs
        later = [day for day in options if day > chosen_day() and (day.month, day.day) == (1, 1) and day <= today()]
        _set_day(later[0] if later else today())
        st.session_state[_PLAYING] = bool(later)
        st.rerun()

    beat()
