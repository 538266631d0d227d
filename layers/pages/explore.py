"""Explore: the map of a place, its answer in a sentence, each neighbourhood's card, and the same as a table."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geo.gaps import headline
from layers import cached, cached_marks, card, export, legends, people, session, view, walks, webmap
from layers.community.spaces import credits_of
from layers.question import today
from layers.text import plain

place = cached.places()[session.chosen_place()]
announced = bool((cached.centres(place)["status"] == "announced").any())
spaces = cached_marks.published(place.card.key)
with st.sidebar:
    question = session.question_controls(place, announced=announced, day=session.chosen_day(), spaces=spaces)

answer = cached.answer(place, question)
areas = answer.ground.areas
away = walks.away_number(cached.one_closure_away(place, question)["away_class"])
table = cached.area_table(place, question).assign(away=away)

st.title(plain(f"{place.card.name}: who can walk to {question.walk.to}?"), anchor=False)
day = "" if question.day == today() or question.to != "centres" else f"On {question.day:%-d %B %Y}: "
view.headline(day + headline(answer.gaps, areas, walk=question.walk))
view.both_numbers(place, answer, spaces)
view.warnings(answer)
layers = {
    "walk": walks.walk(question.minutes),
    "away": walks.away(question.walk.limit),
    "deprivation": people.DEPRIVATION,
    "abroad": people.abroad(table),
    "under5": people.under_fives(table),
}
names = view.area_names(areas)

# In this order for those who hear the page or read it on a phone; a wide screen has the card beside the other two.
with st.container(key="explore"):
    map_slot, card_slot, legend_slot = st.container(), st.container(), st.container()

with map_slot:
    colour, drawn = st.columns([3, 5])
    with colour:
        chosen_layer = session.layer_picker()
    with drawn:
        shown = session.shown_picker(place, marked=spaces is not None and len(spaces.marks) > 0)
    layer = layers.get(chosen_layer)
    cell = session.chosen_cell() if layer is None else None
    scene = view.scene(
        place, answer, table, layer=layer, cell=cell, shown=shown, selected=session.chosen_area(names), spaces=spaces
    )
    returned = webmap.show(
        scene,
        key=f"map-{place.card.key}",
        height=440,
        tiles=cached.settings().tiles_url,
        tiles_credit=cached.settings().tiles_attribution,
    )
    if session.take_click(webmap.clicked(returned), names):
        session.keep()
        st.rerun()
    legends.marker_legend(scene.markers, shown, words=view.mark_words(question))
    if question.to == "centres":
        session.day_control(cached.days(place))
        now = cached.answer(place, replace(question, day=today()))
        view.then_and_now(answer, now, cached.bounds(place, question))

with card_slot:
    code = session.area_picker(names)
    if code is None:
        view.first_places(table, session.choose_area)
    else:
        view.show_card(card.area_card(answer, code, place.card))

with legend_slot:
    st.header("What the colours mean", anchor=False)
    if layer is None:
        legends.need_legend(answer, session.choose_cell, cell)
    else:
        legends.layer_legend(layer, table)
        st.caption(layer.about)

st.header("Every neighbourhood", anchor=False)
view.area_list(answer, table, cell)
st.download_button(
    "Download this table (CSV)",
    data=lambda: export.csv_text(table),
    file_name=f"pramshed-{place.card.key}-{question.to}{'' if question.community is None else '-community'}"
    f"-{question.profile}-{question.minutes:g}-minutes.csv",
    mime="text/csv",
    on_click="ignore",
    icon=":material/download:",
)
marked = None if spaces is None else view.drawn_marks(answer, shown, spaces)
view.attribution(place, *(() if marked is None else credits_of(marked)))
