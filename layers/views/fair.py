"""How fairly walks fall, on the page In short: sentences, groups before and after closures, curves, measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.errors import RequestError
from layers import cache
from layers.answers import fairness_groups
from layers.answers.fairness import BY, ENDS, shared_said
from layers.html import html_lines, plain
from layers.maps import fairness_charts
from layers.views import frame

if TYPE_CHECKING:
    from data.place import Place
    from layers.answers.fairness import Fairness
    from layers.answers.question import Question

_BY_WORDS = {"imd": "Deprivation", "idaci": "Children's income deprivation", "abroad": "Residents born abroad"}
_MEASURES = {
    "mean": "Mean", "most_deprived": "Most deprived tenth", "least_deprived": "Least deprived tenth",
    "difference": "Difference of the two", "slope": "Slope (slope index of inequality)",
    "relative_slope": "Slope by the mean (relative index)", "concentration": "Concentration index",
    "erreygers": "Concentration, corrected for bounds (Erreygers)", "gini": "Gini",
    "power 0": "Share beyond", "power 1": "How far beyond, in thresholds", "power 2": "The same, squared",
}  # fmt: skip
_OUTCOMES = {"minutes": "Walk, minutes", "share within": "Share within reach", "shortfall": "Shortfall (FGT)"}


def fairness(place: Place, question: Question) -> None:
    """The measures, by what the reader puts families in order by."""
    by = st.radio(
        "Put families in order by", list(BY), format_func=_BY_WORDS.__getitem__, horizontal=True, key="fair-by"
    )
    try:
        found = cache.weighed.fairness(place, question, by)
    except RequestError as fault:
        st.info(f"{str(fault)[:1].upper()}{str(fault)[1:]}.", icon=":material/info:")
        return
    st.html(html_lines(found.said))
    _groups(place, question, by)
    _shared(found, by)
    _measures(found, f"pramshed-{place.card.key}-fairness-{by}.csv")


def _groups(place: Place, question: Question, by: str) -> None:
    """The walk of each group now, and before and after what closed or was reduced."""
    now = cache.weighed.groups(place, question, by)
    lost = cache.weighed.groups_lost(place, question, by)
    _group_table(now, f"The walk of each {'third' if by == 'abroad' else 'fifth'}")
    with st.expander("Before and after what closed or was reduced"):
        if lost is None:
            st.caption("We know of no centre here that closed or was reduced.")
            return
        st.caption(plain(fairness_groups.groups_said(lost, question.walk.limit_walk)))
        _group_table(lost, "The walk of each group before and after")
        frame.download_table("Download the groups (CSV)", lost, f"pramshed-{place.card.key}-groups-{by}.csv")


def _group_table(table: pd.DataFrame, alt: str) -> None:
    number = st.column_config.NumberColumn
    short = {"now": "now", "open": "all open", "left": "those left", "change": "change"}
    columns = {"neighbourhoods": number("Neighbourhoods"), "under5": number("Under-fives", format="localized")}
    for when, words in short.items():
        sign = "+" if when == "change" else ""
        columns |= {
            f"mean_{when}": number(f"Mean walk, {words}", format=f"%{sign}.1f min"),
            f"median_{when}": number(f"Typical walk, {words}", format=f"%{sign}.1f min"),
            f"share_{when}": number(f"Within reach, {words}", format="percent"),
        }
    there = {name: column for name, column in columns.items() if name in table}
    shares = {name: table[name].round(2) for name in there if name.startswith("share_")}
    st.dataframe(
        table[list(there)].assign(**shares).reset_index(), hide_index=True, placeholder="not known", alt=alt,
        column_config=there | {"group": st.column_config.TextColumn("Families", width=230)},
    )  # fmt: skip


def _shared(found: Fairness, by: str) -> None:
    """The concentration curve and the Lorenz curve, and their numbers."""
    table = found.minutes.shared
    if table.empty:
        return
    first, last = ENDS[by]
    with st.expander("How all minutes walked are shared out: concentration and Lorenz curves"):
        st.markdown(plain(shared_said(found, by)))
        frame.show_chart(cache.charts.shared_walking(tuple(table.itertuples(index=False, name=None)), first, last))
        rows = fairness_charts.shared_walking_rows(table, first=first, last=last)
        percent = dict.fromkeys(rows.columns, st.column_config.NumberColumn(format="percent"))
        st.dataframe(rows.round(2), hide_index=True, column_config=percent, alt="How all minutes walked are shared out")


def _measures(found: Fairness, file: str) -> None:
    with st.expander("All measures, with their intervals"):
        table = found.table.assign(
            outcome=found.table["outcome"].map(_OUTCOMES), measure=found.table["measure"].map(_MEASURES)
        )
        st.dataframe(
            table.drop(columns="of").rename(columns=str.capitalize), hide_index=True, alt="Measures of fairness"
        )
        st.caption(
            "A positive slope or concentration of the walk: the more deprived walk longer. 95 of 100 random draws of "
            "homes lie between low and high. *Data and method* has the formulas."
        )
        frame.download_table("Download the measures (CSV)", found.table.set_index("outcome"), file)
