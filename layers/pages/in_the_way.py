"""What stands in the way: barriers that could be mended, and who is cut off by a railway, water or a main road."""

from __future__ import annotations

import streamlit as st

from layers import cache, session
from layers.html import plain
from layers.maps import legends, walk_layers
from layers.views import explore, finding, frame, glossary, in_the_way

place = cache.places.places()[session.chosen_place()]
announced = bool((cache.places.centres(place)["status"] == "announced").any())
with st.sidebar:
    question = in_the_way.with_pram(session.question_controls(place, announced=announced, centres_only=True))

st.title(plain(f"{place.card.name}: what stands in the way"), anchor=False)
mends = session.obstacle_picker() == "mend"
shown = in_the_way.worked_out(place, question, mends=mends)
if shown is not None:
    choice = session.obstacle_choice(shown.names, shown.label)

    find_slot, map_slot, card_slot, legend_slot = frame.slots("find", table=True)
    with find_slot:
        finding.find_a_place(place)
    layer = walk_layers.PRAM if mends else walk_layers.walk(question.minutes)
    table = explore.map_table(place, question)
    with map_slot:
        scene = in_the_way.scene(place, question, table, layer, shown, selected=choice.chosen)
        scene = finding.found_on(scene, place)
        if choice.take(frame.show_map(scene, f"in-the-way-{place.card.key}")):
            session.keep()
            st.rerun()
        legends.marker_legend(scene.markers, ["centres"], words=in_the_way.MARKER_WORDS)
    with card_slot:
        frame.headline(shown.headline)
        chosen = choice.picker()
        if chosen is None:
            in_the_way.first_ones(shown, choice.choose)
        else:
            in_the_way.card(place, shown, chosen)
        in_the_way.notes(shown)
    with legend_slot:
        st.header("What the colours mean", anchor=False)
        legends.layer_legend(layer, table)
        st.caption(layer.about)
    frame.table_heading(shown.heading)
    in_the_way.listed(shown, choice)
    frame.download_table("Download this table (CSV)", shown.table, f"pramshed-{place.card.key}-{shown.file_name}.csv")
glossary.explained(*glossary.IN_THE_WAY)
frame.attribution(place)
