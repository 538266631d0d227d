"""Data and method: where each figure comes from, how the walk is measured, what to be careful about."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data.catalogue import CATALOGUE
from layers import cached, session, view

place = cached.places()[session.chosen_place()]
st.title(f"{place.card.name}: data and method")

st.subheader("What to be careful about")
for note in place.card.notes:
    st.markdown(f"- {view.plain(note)}")
if not place.card.notes:
    st.markdown("Nothing was found wanting when this place was built.")
st.markdown(
    "- Walks are along today's street file and take no account of hills, crossings, pavement clutter or the weather.\n"
    '- "Born outside the UK" counts residents of all ages: a proxy for families from abroad, not a count of them.\n'
    "- A centre that is listed as open need not run a service there every day."
)

st.subheader("Sources")
st.dataframe(
    pd.DataFrame(
        [
            {
                "What": CATALOGUE[source.dataset].title,
                "Publisher": CATALOGUE[source.dataset].publisher,
                "Vintage": source.vintage,
                "Licence": source.licence,
                "File": source.file,
                "Read on": source.read,
            }
            for source in place.card.sources
        ]
    ),
    hide_index=True,
)
view.attribution(place)

st.subheader("How the walk is measured")
st.markdown(cached.walk_rules())
