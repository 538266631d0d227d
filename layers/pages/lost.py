"""What was lost: each closure and downgrade, whose nearest centre it was, the nearest centre left, and the years."""

from __future__ import annotations

import streamlit as st

from layers import cache, session
from layers.answers import closure_card, ledger
from layers.answers.losses import event_names, events
from layers.answers.question import Question
from layers.html import plain
from layers.maps import closure_map, legends
from layers.views import finding, frame, glossary, lost

place = cache.places.places()[session.chosen_place()]
sites = cache.places.centres(place)
with st.sidebar:
    question = session.ledger_controls(place, ledger.settled(sites, None))

found = cache.answers.closures(place, question)
asked = Question(counting=question.counting, profile=question.profile, minutes=question.minutes)
ground = cache.places.ground(place, question.profile)

st.title(plain(f"{place.card.name}: what was lost"), anchor=False)
frame.headline(ledger.headline(found))

if events(found).empty:
    lost.nothing_lost(found, sites)
else:
    lost.warnings(found)
    losses = cache.answers.losses(place, question)
    choice = session.event_choice(event_names(losses.events))

    find_slot, map_slot, card_slot, legend_slot = frame.slots("find", table=True)
    with find_slot:
        finding.find_a_place(place)
    with map_slot:
        scene = closure_map.closure_map(cache.places.blank_map(place), losses, chosen=choice.chosen)
        scene = finding.found_on(scene, place)
        click = frame.show_map(scene, f"lost-{place.card.key}")
        if choice.take(click):
            session.keep()
            st.rerun()
        legends.marker_legend(scene.markers, ())
        if scene.flows:
            legends.flow_legend(f"from what is gone to the nearest centre that is left; wider: more {losses.who}")

    with card_slot:
        chosen = choice.picker()
        if chosen is None:
            lost.first_events(losses, choice.choose)
        else:
            lost.show_card(closure_card.event_card(losses, chosen, place.card), losses)

    with legend_slot:
        shades = closure_map.shades(losses.areas)
        st.header("How much longer families walk", anchor=False)
        legends.layer_legend(shades, losses.areas)
        st.caption(shades.about)
        lost.area_list(losses)

    frame.table_heading("Every closure and downgrade")
    lost.event_list(losses, choice)
    frame.download_table(
        "Download this table (CSV)",
        cache.answers.ledger_table(place, question),
        f"pramshed-{place.card.key}-lost-{question.counting}-{question.profile}-{question.minutes:g}-minutes.csv",
    )
    lost.bars(losses)
    lost.pairs(found)

st.header("Through the years", anchor=False)
if ground.origins["under5"].notna().any():
    lost.years(cache.answers.through_time(place, asked), day=question.day, limit=question.walk.limit)
else:
    st.caption("Under-fives are not known here, so they cannot be counted through the years.")
glossary.explained(*glossary.LOST)
frame.attribution(place)
