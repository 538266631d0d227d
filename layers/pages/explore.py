"""Explore: the map of a place, its answer in a sentence, each neighbourhood's card, and the same as a table."""

from __future__ import annotations

import streamlit as st

from geo.gaps import headline
from layers import cached, card, export, people, session, view, walks, webmap
from layers.gaps import ABOUT as GAP_ABOUT

place = cached.places()[session.chosen_place()]
with st.sidebar:
    question = session.question_controls(place)

answer = cached.answer(place, question)
areas = answer.ground.areas
table = export.area_table(answer)

st.title(f"{place.card.name}: who can walk to {question.walk.to}?")
st.markdown(f"#### {headline(answer.gaps, areas, walk=question.walk)}")
view.warnings(answer)

layers = {
    "walk": walks.walk(question.minutes),
    "deprivation": people.DEPRIVATION,
    "abroad": people.abroad(table),
    "under5": people.under_fives(table),
}
names = areas["area_name"].sort_values().to_dict()

left, right = st.columns([5, 3], gap="medium")
with left:
    colour, drawn = st.columns([2, 3])
    with colour:
        chosen_layer = session.layer_picker()
    with drawn:
        shown = session.shown_picker(place)
    layer = layers.get(chosen_layer)
    cell = session.chosen_cell() if layer is None else None
    map_slot = st.container()
with right:
    card_slot = st.container()

with map_slot:
    scene = view.scene(place, answer, table, layer=layer, cell=cell, shown=shown, selected=session.chosen_area(names))
    returned = webmap.show(
        scene,
        key=f"map-{place.card.key}",
        tiles=cached.settings().tiles_url,
        tiles_credit=cached.settings().tiles_attribution,
    )
    if session.take_click(webmap.clicked(returned), names):
        session.keep()
        st.rerun()
    st.caption(GAP_ABOUT if layer is None else layer.about)

with card_slot:
    code = session.area_picker(names)
    if code is None:
        view.first_places(table)
    else:
        view.show_card(card.area_card(answer, code, place.card))

if layer is None:
    view.need_legend(answer, session.choose_cell, cell)
else:
    view.layer_legend(layer, table)

st.subheader("Every neighbourhood")
view.area_list(table, cell, on_choose=session.choose_area)
st.download_button(
    "Download this table (CSV)",
    data=lambda: export.csv_text(table),
    file_name=f"pramshed-{place.card.key}-{question.to}-{question.profile}-{question.minutes:g}-minutes.csv",
    mime="text/csv",
    on_click="ignore",
    icon=":material/download:",
)
view.attribution(place)
