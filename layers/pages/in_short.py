"""In short: a councillor's five questions on one screen, and the tables that the answers are taken from."""

from __future__ import annotations

import streamlit as st

from layers import cache, session
from layers.html import plain
from layers.views import fair, frame, glossary, in_short, weightings

place = cache.places.places()[session.chosen_place()]
announced = bool((cache.places.centres(place)["status"] == "announced").any())
with st.sidebar:
    question = session.question_controls(
        place, announced=announced, centres_only=True, overlap=cache.weighed.overlap_said(place)
    )

st.title(plain(f"{place.card.name}: in short"), anchor=False)
first, second, third = st.columns(3, gap="medium")
with first:
    in_short.how_many(place, question)
    in_short.since_when(place, question)
with second:
    in_short.where(place, question)
    in_short.how_sure(place, question)
with third:
    in_short.who(place, question)

st.header("How fairly the walks fall", anchor=False)
fair.fairness(place, question)
st.header("Beside what guidance asks", anchor=False)
in_short.guidance(place, question)
st.header("Neighbouring areas with a large gap", anchor=False)
in_short.clusters(place, question)
st.header("If need is weighed otherwise", anchor=False)
weightings.section(place, question)
glossary.explained(*glossary.IN_SHORT)
frame.attribution(place)
