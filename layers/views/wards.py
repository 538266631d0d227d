"""Wards on Explore: the card of one, and all of them as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from layers import cache, session
from layers.answers.totals import ward_card
from layers.files import tables
from layers.html import html_lines, html_table, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.place import Place
    from layers.answers.question import Answer


def show_ward(place: Place, answer: Answer, code: str) -> None:
    """The card of one ward."""
    said = ward_card(answer, cache.answers.ward_totals(place, answer.question), code, place.card)
    st.html(
        html_lines([said.title], kind="h2")
        + html_lines([said.subtitle], name="pramshed-reason")
        + html_lines([said.said])
        + html_table([("", *pair) for pair in said.facts], caption="All its neighbourhoods together")
    )
    st.button("Close this ward", on_click=session.leave_ward, type="tertiary", icon=":material/close:")


def offer_ward(wards: Mapping[str, str], code: object) -> None:
    """From a neighbourhood to its whole ward, if that is one of these: names by code."""
    if isinstance(code, str) and code in wards:
        st.button(
            f"The whole ward: {plain(wards[code])}", key="whole-ward", on_click=session.look_at_ward, args=(code,)
        )


def narrowed(table: pd.DataFrame, wards: pd.Series, code: str, name: str) -> pd.DataFrame:
    """The neighbourhoods of one ward, and which these are.

    Parameters
    ----------
    table
        On the areas' codes.
    wards
        The ward's code of each area, by code.
    code, name
        Of the ward.
    """
    rows = table[(wards.reindex(table.index) == code).to_numpy()]
    st.caption(f"Only {plain(name)}: {len(rows):,} of {len(table):,}. Close the ward for all.")
    return rows


def ward_list(place: Place, answer: Answer) -> pd.DataFrame:
    """All wards as a table that sorts by any column; choosing a row opens its card.

    Returns
    -------
    DataFrame
        The same, to download.
    """
    totals = cache.answers.ward_totals(place, answer.question)
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    limit = f"{answer.question.minutes:g} min"
    session.area_list(
        totals.assign(share=totals["beyond_share"] * 100)[list(_SHOWN)],
        session.look_at_ward,
        height=420,
        placeholder="not known",
        alt="Every ward, with its under-fives and how many of them live too far away",
        column_config={
            "beyond_rank": number("Rank", format="%d", width=45, help="1 has most under-fives beyond."),
            "ward_name": text("Ward", width=200, help="A neighbourhood is counted in the ward it mostly lies in."),
            "areas": number("Neighbourhoods", format="%d", width=110),
            "under5": number("Under-fives", format="%.0f", width=85, help="Children aged 0 to 4 who live there."),
            "under5_known": number("Walk known", format="%.0f", width=85, help="Of them, whose walk is known."),
            "under5_beyond": number(f"Beyond {limit}", format="%.0f", width=105, help="Of these, who live beyond."),
            "share": number("Share", format="%.0f%%", width=60, help="Those beyond, of those whose walk is known."),
            "under2": number("Under-twos", format="%.0f", width=85),
            "born_outside_uk_beyond": number(
                f"Born abroad, beyond {limit}", format="%.0f", width=160,
                help="Residents born outside the UK who live beyond: a proxy for families from abroad.",
            ),
            "minutes_median": number(
                "Minutes", format="%.0f", width=65, help="Half of families walk this long or longer."
            ),
        },
    )  # fmt: skip
    if lost := int(answer.ground.areas["ward_code"].isna().sum()):
        st.caption(f"Neighbourhoods whose ward is not known, in no row: {lost:,}.")
    return tables.ward_table(totals, cache.places.ward_outlines(place))


_SHOWN = (
    "beyond_rank", "ward_name", "areas", "under5", "under5_known", "under5_beyond", "share", "under2",
    "born_outside_uk_beyond", "minutes_median",
)  # fmt: skip
