"""The cards of what is looked at on Explore: the walk from a spot, the reach of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.errors import RequestError
from geo.whole import shown
from layers import cache
from layers.answers.catchment import table_of
from layers.files.tables import geojson_text
from layers.html import html_lines, html_table, plain
from layers.views import wrong_way

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.place import Place
    from layers.answers.catchment import Catchment
    from layers.answers.question import Question
    from layers.answers.spots import Spot
    from layers.answers.walk_card import WalkCard


STEPS_SHOWN = 8
"""Of the way, what is seen without a press."""


def show_walk(card: WalkCard, on_close: Callable[[], None], spot: Spot) -> None:
    """The walk from a spot: to the nearest and second nearest site, for each walker, and what it leads along."""
    rows = [("", *pair) for pair in card.rows]
    table = html_table(rows, caption="The walk to the nearest and the second nearest, for each walker") if rows else ""
    first, rest = card.way[:STEPS_SHOWN], card.way[STEPS_SHOWN:]
    if len(rest) < 3:  # not worth a press
        first, rest = card.way, ()
    way = html_lines(["The way"], kind="h3") + f"<ol class='pramshed-way'>{html_lines(first, kind='li')}</ol>"
    st.html(
        html_lines([card.title], kind="h2")
        + html_lines([card.where], name="pramshed-reason")
        + table
        + html_lines(card.notes)
        + (way if first else "")
    )
    if rest:
        with st.expander(f"The rest of the way: {len(rest)} more"):
            st.html(f"<ol class='pramshed-way' start='{len(first) + 1}'>{html_lines(rest, kind='li')}</ol>")
    wrong_way.offer_mark(card, spot)
    st.button("Close this walk", key="close", on_click=on_close, type="tertiary", icon=":material/close:")


def measured(place: Place, question: Question, site_id: str | None) -> str | None:
    """The site, if its reach can be worked out; otherwise the page says why not."""
    if site_id is not None:
        try:
            cache.walks.reach_of(place, question, site_id)
        except RequestError as fault:
            st.warning(plain(f"{fault}."), icon=":material/warning:")
            return None
    return site_id


def show_reach(found: Catchment, minutes: float, place: Place, on_close: Callable[[], None]) -> None:
    """The reach of a site: who lives within some minutes of it, for whom it is the nearest, what hangs on it.

    Parameters
    ----------
    found
        What was found.
    minutes
        The threshold.
    place
        For the download's name, and whom to credit in it.
    """
    st.html(html_lines([f"The reach of {found.name}"], kind="h2"))
    people = found.people.reset_index()
    number = st.column_config.NumberColumn
    st.dataframe(
        people[["minutes", "under5", "under5_nearest", "under2", "born_outside_uk", "under5_idaci", "under5_imd"]],
        hide_index=True,
        placeholder="not known",
        column_config={
            "minutes": number("Within", format="%d min", width=65, help="Minutes on foot, for the walker you chose."),
            "under5": number("Under-fives", format="%.0f", width=85),
            "under5_nearest": number("Nearest to it", format="%.0f", width=95, help="Under-fives with no site nearer."),
            "under2": number("Under-twos", format="%.0f", width=85),
            "born_outside_uk": number("Born abroad", format="%.0f", width=90, help="Residents born outside the UK."),
            "under5_idaci": number(
                "Most deprived fifth (IDACI)", format="%.0f", width=170,
                help="Under-fives in the fifth of England's neighbourhoods with most children in low-income families.",
            ),
            "under5_imd": number(
                "Most deprived fifth (IMD)", format="%.0f", width=160,
                help="Under-fives in the most deprived fifth of England's neighbourhoods.",
            ),
        },
    )  # fmt: skip
    crossing = found.depends["would_cross"]
    said = shown(crossing)
    st.html(html_lines([f"If it closed, under-fives newly beyond {minutes:g} minutes: {said}."]))
    st.download_button(
        "Download its reach as shapes (GeoJSON)",
        data=lambda: geojson_text(table_of(found, shape=True), place.card.attributions),
        file_name=f"pramshed-{place.card.key}-reach.geojson",
        mime="application/geo+json",
        on_click="ignore",
        icon=":material/download:",
    )
    st.button("Close this reach", key="close", on_click=on_close, type="tertiary", icon=":material/close:")
