"""How the order of neighbourhoods moves when need is weighed otherwise: the sentences and the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.weightings import weightings_with
from layers import cache
from layers.answers import weightings
from layers.html import html_lines
from layers.views import frame

if TYPE_CHECKING:
    from data.place import Place
    from layers.answers.question import Question


def section(place: Place, question: Question) -> None:
    """What stays first however need is weighed, and each neighbourhood's rank in each way."""
    table = cache.weighed.weightings(place, question)
    st.html(html_lines(weightings.said(table, cache.answers.answer(place, question))))
    with st.expander("Each neighbourhood's rank under each weighting"):
        listed = table[["area_name"]].rename(columns={"area_name": "Neighbourhood"})
        for words, ends in (("Weighed otherwise", "weighed"), ("Children drawn", "gap_rank")):
            low, high = (table[f"{ends}_{end}"].map("{:.0f}".format) for end in ("low", "high"))
            listed[words] = low.where(low == high, low + " to " + high)
        for one in weightings_with(question.weights):
            listed[f"{one.name[0].upper()}{one.name[1:]}"] = table[f"rank_{one.key}"]
        st.dataframe(
            listed, hide_index=True, column_config={"Neighbourhood": st.column_config.Column(width=170)},
            alt="Each neighbourhood's rank under each weighting of need",
        )  # fmt: skip
        st.caption(
            "1 is the largest gap. *Each thing once*: both indices of deprivation together as much as residents born "
            "abroad; under-fives only as the children who are too far away. *Weighed otherwise*: the lowest and "
            "the highest of these ranks. *Children drawn*: the rank in 95 of 100 draws of where children live."
        )
        frame.download_table("Download this table (CSV)", table, f"pramshed-{place.card.key}-weightings.csv")
