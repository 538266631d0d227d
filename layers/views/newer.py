"""Looking for newer editions of a place's sources on the page Places: the button, how far it is, what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from layers.commands import starting
from layers.html import html_lines, plain
from layers.session import fetching
from layers.views.fetching import OFTEN, do
from layers.views.places import said_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.gather.jobs import Progress
    from data.place import Place


def look_for_newer(place: Place, why_not: Callable[[], str | None]) -> None:
    """A button for whoever may fetch, and what the publishers said when they were last asked.

    Parameters
    ----------
    place
        Whose sources.
    why_not
        Why whoever is here may not; None if they may.
    """
    if why_not() is not None:
        return
    seen = _last(place)
    running = seen is not None and seen.status == "running"
    name = plain(place.card.name)

    def draw() -> None:
        now = _last(place)
        if now is not None and now.status == "running":
            step = f", {plain(now.step)}" if now.step else ""
            st.progress(now.share, text=f"Asking the publishers of {name}'s sources{step}")
        elif running:
            fetching.draw_all_again()

    with st.expander(f"{name}: newer editions", icon=":material/update:", expanded=running or seen is not None):
        fetching.again_while(draw, OFTEN if running else None)
        if seen is not None and not running:
            _what_was_said(seen)
        label = "Look again" if seen is not None and not running else "Look for newer editions"
        st.button(
            label, key="look-newer", icon=":material/update:", disabled=running, on_click=do,
            args=(lambda: starting.start_looking(place), why_not),
        )  # fmt: skip
        st.caption("Each publisher is asked which edition is its newest. Nothing is fetched.")


def _last(place: Place) -> Progress | None:
    key = starting.looking_key(place)
    return next((one for one in starting.under_way() if one.key == key), None)


def _what_was_said(seen: Progress) -> None:
    if seen.status == "done":
        st.html(f"<ul style='overflow-wrap: anywhere'>{html_lines(seen.remarks, kind='li')}</ul>")
        st.caption(f"Asked on {said_day(seen.changed)}.")
    elif seen.status == "failed":
        said = f"{seen.fault[:1].upper()}{seen.fault[1:].rstrip('.')}."
        st.error(f"The publishers could not be asked. {plain(said)}", icon=":material/error:")
    else:
        st.info("The publishers were not all asked: the work was stopped.", icon=":material/pause:")
