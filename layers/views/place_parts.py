"""Wards and towns on Explore: the card of one, and all of them as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.whole import ROUNDED, whole_table
from layers import cache, session
from layers.answers.totals import total_card
from layers.files import tables
from layers.html import html_lines, html_table, plain

if TYPE_CHECKING:
    import pandas as pd

    from data.place import Place
    from layers.answers.question import Answer

_SHOWN = (
    "beyond_rank", "name", "under5_beyond", "under5_known", "share", "minutes_median", "under5", "under2",
    "born_outside_uk_beyond", "areas",
)  # fmt: skip
_HOW = {
    "wards": "A neighbourhood counts in the ward it mostly lies in.",
    "towns": "The homes on one stretch of built-up land, named after the largest place on it; a village that has grown "
    "together with a town is part of the town. Farms and hamlets are in no row.",
}


def show_part(place: Place, answer: Answer, code: str) -> None:
    """The card of one ward or town."""
    which, parts = cache.places.part(place, code)
    table = cache.answers.part_totals(place, answer.question, which)
    said = total_card(answer, parts, table, code, place.card)
    st.html(
        html_lines([said.title], kind="h2")
        + html_lines([said.subtitle], name="pramshed-reason")
        + html_lines([said.said])
        + html_table([("", *pair) for pair in said.facts], caption="All its homes together")
    )
    st.button(
        f"Close this {parts.kinds[code]}",
        key="close",
        on_click=session.leave_part,
        type="tertiary",
        icon=":material/close:",
    )


def offer_parts(place: Place, area: str) -> None:
    """From a neighbourhood to its whole ward and its whole town."""
    for which, parts in cache.places.parts(place).items():
        if code := parts.of_area.get(area):
            said = f"The whole {parts.kinds[code]}: {plain(parts.names[code])}"
            st.button(said, key=f"whole-{which}", on_click=session.look_at_part, args=(code,))


def narrowed(place: Place, table: pd.DataFrame, code: str) -> pd.DataFrame:
    """The neighbourhoods of one ward or town, and which these are; ``table`` is on the areas' codes."""
    _, parts = cache.places.part(place, code)
    rows = table[table.index.isin(parts.areas[code])]
    those = "" if parts.one == "ward" else "those with homes in "
    st.caption(f"Only {those}{plain(parts.names[code])}: {len(rows):,} of {len(table):,}. Close its card to see all.")
    return rows


def part_list(place: Place, answer: Answer, which: str) -> pd.DataFrame:
    """All wards or towns as a table that sorts by any column; choosing a row opens its card.

    Returns
    -------
    DataFrame
        The same, to download.
    """
    parts, totals = cache.places.parts(place)[which], cache.answers.part_totals(place, answer.question, which)
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    limit = f"{answer.question.minutes:g} min"
    st.caption(f"{_HOW[which]} {ROUNDED}")
    session.area_list(
        whole_table(totals.assign(share=totals["beyond_share"] * 100)[list(_SHOWN)]),
        session.look_at_part,
        height=420,
        placeholder="not known",
        alt=f"All {parts.many}, with their under-fives and how many of them live too far away",
        column_config={
            "beyond_rank": number("Rank", format="%d", width=45, help="1 has most under-fives beyond."),
            "name": text("Ward" if which == "wards" else "Town or village", width=150),
            "areas": number("Neighbourhoods", format="%d", width=110),
            "under5": number("Under-fives", format="%.0f", width=85, help="Children aged 0 to 4 who live there."),
            "under5_known": number("Walk known", format="%.0f", width=85, help="Under-fives whose walk is known."),
            "under5_beyond": number(f"Beyond {limit}", format="%.0f", width=105, help="Under-fives who live beyond."),
            "share": number("Share", format="%.0f%%", width=60, help="Those beyond, of those whose walk is known."),
            "under2": number("Under-twos", format="%.0f", width=85),
            "born_outside_uk_beyond": number(
                f"Born abroad, beyond {limit}", format="%.0f", width=160,
                help="Residents born outside the UK who live beyond: a proxy for families from abroad.",
            ),
            "minutes_median": number(
                "Minutes", format="%.0f", width=65, help="The typical walk: half walk longer, half less."
            ),
        },
    )  # fmt: skip
    if which == "wards" and (lost := int(answer.ground.areas["ward_code"].isna().sum())):
        st.caption(f"Left out, because their ward is not known: {lost:,} neighbourhoods.")
    return tables.total_table(totals, parts)
