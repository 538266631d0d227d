"""Side by side: two places under one question, with the same figures, one scale of maps, and the same need."""

from __future__ import annotations

import streamlit as st

from data.england.figures import ATTRIBUTION
from layers import cache, session
from layers.html import plain
from layers.views import frame, side_by_side

places = cache.places.places()
place = places[session.chosen_place()]
other = session.chosen_other(places)
both = (place, place if other is None else places[other])
announced = any(bool((cache.places.centres(one)["status"] == "announced").any()) for one in both)
with st.sidebar:
    question = session.question_controls(place, announced=announced, thirds="england")

st.title(plain(f"Side by side: who can walk to {question.walk.to}?"), anchor=False)
if other is None:
    side_by_side.alone(place)
    frame.attribution(place)
    session.keep()
    st.stop()

session.other_picker(places)
side_by_side.answers(both, question)
st.header("The same figures of both", anchor=False)
side_by_side.figures(both, question)
st.header("Need", anchor=False)
side_by_side.need(both, question)
st.header("Both maps, on one scale", anchor=False)
seek, shade, draw = st.columns([3, 3, 2], gap="medium")
with seek:
    found = side_by_side.find(both, question)
with shade:
    which = session.shade_picker()
with draw:
    streetwise = session.drawn_picker() == "streets"
side_by_side.maps(both, question, which=which, streetwise=streetwise, found=found)
side_by_side.legend(both, question, which)
frame.attribution(place, *ATTRIBUTION, beside=both[1])
