"""Data and method: where each figure comes from, how the walk is measured, what to be careful about."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data.catalogue import CATALOGUE
from layers import cache, session
from layers.html import html_lines, plain
from layers.views import frame

CAREFUL = (
    "Walks are along the streets of the street file and take no account of hills, crossings, parked cars or weather.",
    '"Born outside the UK" counts residents of all ages: a proxy for families from abroad, not a count of them.',
    "A centre that is listed as open need not run a service there every day.",
    "No record of a closure is no proof that none closed; dates are as the registers and the council give them.",
    "A place proposed for a new centre is a point on the map: nobody has asked whether it is to be had.",
)

place = cache.places.places()[session.chosen_place()]
st.title(plain(f"{place.card.name}: data and method"), anchor=False)

st.header("What to be careful about", anchor=False)
st.html(f"<ul>{html_lines((*place.card.notes, *CAREFUL), kind='li')}</ul>")

st.header("Sources", anchor=False)
st.dataframe(
    pd.DataFrame(
        [
            {
                "What": getattr(CATALOGUE.get(source.dataset), "title", source.dataset),
                "Vintage": source.vintage,
                "Publisher": getattr(CATALOGUE.get(source.dataset), "publisher", "not known"),
                "Licence": source.licence,
                "File": source.file,
                "Read on": source.read,
            }
            for source in place.card.sources
        ]
    ),
    hide_index=True,
    alt="Sources of this place",
)
frame.attribution(place)

st.header("How everything is worked out", anchor=False)
st.markdown(cache.places.walk_rules())
