"""A neighbourhood beside those with the most similar need, in its card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from layers import cache
from layers.answers.alike import HEAD
from layers.html import html_lines, html_table, plain
from layers.views import frame

if TYPE_CHECKING:
    from data.place import Place
    from layers.answers.question import Question


def beside_those_alike(place: Place, question: Question, code: str) -> None:
    """What is compared, and with which; nothing where its walk or need is not known."""
    found = cache.weighed.alike(place, question, code)
    if found is None:
        return
    with st.expander("Beside neighbourhoods with similar need"):
        st.html(html_lines(found.said))
        rows = [("", *row) for row in found.rows]
        st.html(html_table(rows, caption="This neighbourhood beside others", head=HEAD))
        st.caption(
            f"*Alike* is the middle one of these, the most alike first: {plain('; '.join(found.names))}. *All* is the "
            "middle one of the authority. Need is 0 to 100, 100 is most."
        )
        frame.download_table(
            "Download this comparison (CSV)", found.table, f"pramshed-{place.card.key}-alike-{code}.csv"
        )
