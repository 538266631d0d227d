"""Reports: what a policymaker takes along, chosen, looked over and downloaded in one place."""

from __future__ import annotations

import streamlit as st

from layers import cached, cached_marks, report_view, session, view
from layers.text import plain

place = cached.places()[session.chosen_place()]
announced = bool((cached.centres(place)["status"] == "announced").any())
# a scenario is of official sites, as on What if: its link must give tomorrow what it gives today
spaces = None if session.of_scenario() else cached_marks.published(place.card.key)
with st.sidebar:
    question = session.question_controls(place, announced=announced, day=session.chosen_day(), spaces=spaces)

st.title(plain(f"{place.card.name}: reports"), anchor=False)
report_view.intro()
request = report_view.asked_for(place, question, cached.ground(place, question.profile).areas)
report = None if request is None else report_view.gathered(place, request)

if report is None:
    view.attribution(place)
    session.keep()  # a page that stops here would lose what was chosen on it
    st.stop()

# In this order for those who hear the page or read it on a phone; a wide screen has the files beside the other two.
with st.container(key="explore"):
    answer_slot, files_slot, rest_slot = st.container(), st.container(), st.container()
with answer_slot:
    report_view.answer(report)
with files_slot:
    report_view.files(report)
with rest_slot:
    report_view.figures(report)
    map_slot = st.container()
    report_view.contents(report)
report_view.officers(place)
view.attribution(place)
with map_slot:
    report_view.first_map(place, report)  # last, for it takes longest
