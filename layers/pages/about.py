"""Data and method: where each figure comes from, how the walk is measured, what to be careful about."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data.catalogue import CATALOGUE
from layers import cache, session
from layers.answers.freshness import ages
from layers.answers.question import today
from layers.html import html_lines, plain
from layers.views import frame, glossary

CAREFUL = (
    "Walks follow mapped streets. Hills, waiting at crossings, parked cars and weather are not in them.",
    '"Born outside the UK" counts residents of all ages: a proxy for families from abroad, not a count of them.',
    "A centre that is listed as open may not run a service every day.",
    "Centres may have closed without being recorded; dates are those of the registers and the council.",
    "A place suggested for a new centre is a point on the map; availability not checked.",
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
                "What": getattr(CATALOGUE.get(age.source.dataset), "title", age.source.dataset),
                "Date of the data": age.source.vintage,
                "How old": age.length,
                "Renewed": age.how_often,
                "Fetch again?": "yes" if age.old else "",
                "Publisher": getattr(CATALOGUE.get(age.source.dataset), "publisher", "not known"),
                "Licence": age.source.licence,
                "File": age.source.file,
                "Read on": age.source.read,
                "From": age.source.address,
                "Asked at (UTC)": age.source.asked_at,
            }
            for age in ages(place, today())
        ]
    ).dropna(axis="columns", how="all"),
    hide_index=True,
    column_config={
        "What": st.column_config.TextColumn(width="medium"),
        "From": st.column_config.LinkColumn(),
    },
    alt="Sources of this place",
)
if receipts := place.receipts():
    with st.expander(f"Receipts for all {len(receipts):,} files and answers used"):
        st.dataframe(
            pd.DataFrame(
                {
                    "Source": [receipt.source.replace("_", " ") for receipt in receipts],
                    "Address": [receipt.url for receipt in receipts],
                    "Asked at (UTC)": [receipt.asked_at for receipt in receipts],
                    "Status": [receipt.status for receipt in receipts],
                    "Bytes": [receipt.bytes for receipt in receipts],
                    "SHA-256": [receipt.sha256 for receipt in receipts],
                    "Edition": [receipt.edition for receipt in receipts],
                }
            ),
            hide_index=True,
            alt="Receipts",
        )
frame.credit_line(place)

st.header("What the words mean", anchor=False)
glossary.whole()

st.header("How everything is worked out", anchor=False)
st.markdown(cache.places.walk_rules())
