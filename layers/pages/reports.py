"""Reports: choose what a report is about, read its answer, and download its files."""

from __future__ import annotations

import streamlit as st

from layers import cache, session
from layers.html import plain
from layers.views import frame, glossary, reports

place = cache.places.places()[session.chosen_place()]
announced = bool((cache.places.centres(place)["status"] == "announced").any())
# a scenario is of official sites, as on What if: its link must give tomorrow what it gives today
spaces = None if session.of_scenario() else cache.marks.published(place.card.key)
with st.sidebar:
    question = session.question_controls(place, announced=announced, day=session.chosen_day(), spaces=spaces)

st.title(plain(f"{place.card.name}: reports"), anchor=False)
reports.intro()
request = reports.asked_for(place, question, cache.places.ground(place, question.profile).areas)
report = None if request is None else reports.gathered(place, request)

if report is None:
    frame.attribution(place)
    session.keep()  # a page that stops here would lose what was chosen on it
    st.stop()

# In this order for those who hear the page or read it on a phone; a wide screen has the files beside the other two.
with st.container(key="explore"):
    answer_slot, files_slot, rest_slot = st.container(), st.container(), st.container()
with answer_slot:
    reports.answer(report)
with files_slot:
    reports.files(report)
with rest_slot:
    reports.figures(report)
    map_slot = st.container()
    reports.contents(report)
reports.officers(place)
glossary.explained(*glossary.REPORTS)
frame.attribution(place)
with map_slot:
    reports.first_map(place, report)  # last, for it takes longest
