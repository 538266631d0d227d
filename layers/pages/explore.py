"""Explore: the map of a place, its answer in a sentence, each neighbourhood's card, and the same as a table."""

from __future__ import annotations

import streamlit as st

from data.england.figures import ATTRIBUTION
from geo.days import day_text
from geo.gaps import headline
from layers import cache, session
from layers.answers.community_sites import credits_of
from layers.answers.question import today
from layers.html import plain
from layers.maps import legends
from layers.maps.answer_map import Look, answer_map
from layers.views import explore, frame, glossary, how_sure, looking, own_sites, place_parts, since

place = cache.places.places()[session.chosen_place()]
announced = bool((cache.places.centres(place)["status"] == "announced").any())
spaces = cache.marks.published(place.card.key)
with st.sidebar:
    question = own_sites.controls(place, announced=announced, day=session.chosen_day(), spaces=spaces)

answer = cache.answers.answer(place, question)
areas = answer.ground.areas
table = explore.map_table(place, question)

st.title(plain(f"{place.card.name}: who can walk to {question.walk.to}?"), anchor=False)
day = "" if question.day == today() or question.to != "centres" else f"On {day_text(question.day)}: "
names, parts = cache.places.area_names(place), cache.places.parts(place)

seek_slot, map_slot, card_slot, legend_slot = frame.slots("seek", table=True)
with seek_slot:
    session.search_box(place, cache.walks.names(place), answer.sites, lambda: parts.get("towns"), session.own_list())
with card_slot:
    looked_slot, changed_slot = st.container(key="looked"), st.container()
    frame.headline(day + headline(answer.gaps, walk=question.walk, every=areas["under5"].sum()))
    explore.dates(place, question)
    explore.both_numbers(place, answer, spaces)
    tried = how_sure.show(place, answer)
    own_sites.note(place, answer)
    explore.warnings(place, answer)
    chosen_layer = session.layer_picker(place.card.figures, since.called(question))
    streetwise = session.drawn_picker() == "streets"
    shown = session.shown_picker(place, marked=spaces is not None and len(spaces.marks) > 0)
    shown = ["play", *shown] if question.to == "play" else shown  # what is walked to is on the map

with looked_slot:
    spot, site_id = session.chosen_spot(), session.chosen_reach(answer.sites.index)
    site_id = looking.measured(place, question, site_id)
with map_slot:
    changed = cache.since.with_today(place, question) if chosen_layer == "change" else None
    layer = since.layer(place, question, changed) or explore.layers_of(question, table).get(chosen_layer)
    coloured = since.onto(table, changed)
    cell = session.chosen_cell() if layer is None else None
    marks = explore.drawn_marks(answer, shown, spaces)
    chosen, part = session.chosen_area(names), session.chosen_part(parts.values())
    look = Look(
        layer=layer,
        streetwise=streetwise,
        along=since.along(place, question, changed) or explore.along(place, question, chosen_layer),
        cell=cell,
        selected=site_id or (None if spot else chosen),
    )
    sites = since.site_markers(changed, explore.site_markers(place, answer, shown))
    scene = answer_map(cache.places.blank_map(place), answer, coloured, look, markers=sites, marks=marks)
    scene = explore.looked_at(scene, place, question, spot=spot, site_id=site_id, area=chosen, part=part)
    click = frame.show_map(scene, f"map-{place.card.key}", height=640)
    if session.take_look(click, names, answer.sites.index):
        session.keep()
        st.rerun()
    legends.marker_legend(scene.markers, shown, words=explore.mark_words(question) | since.mark_words(changed))
    if question.to == "centres":
        session.day_control(cache.answers.days(place))
        session.compare_toggle()
        since.then_and_now(place, answer, changed)

with changed_slot:
    since.headline(changed)
with looked_slot:
    if site_id is not None:
        looking.show_reach(cache.walks.reach_of(place, question, site_id), question.minutes, place, session.look_away)
    elif spot is not None:
        looking.show_walk(cache.walks.walks_from(place, question, spot), session.look_away, spot)
    elif part is not None and chosen is None:
        place_parts.show_part(place, answer, part)

with card_slot:
    code = session.area_picker(names, session.look_at_area)
    if code is not None:
        alone = spot is None and site_id is None  # then this card comes up over a telephone's map, as theirs do
        with st.container(key="looked-area" if alone else None):
            explore.show_area(place, answer, code, session.look_away if alone else None, how_sure.of_area(tried, code))
            place_parts.offer_parts(place, code)
    elif spot is None and site_id is None and part is None:
        explore.first_places(table, session.look_at_area)

with legend_slot:
    st.header("What the colours mean", anchor=False)
    if site_id is not None:
        legends.as_on_the_map(scene)
    elif layer is None:
        legends.need_legend(answer, session.choose_cell, cell)
    else:
        explore.layer_explained(place, question, layer, coloured)

if changed is not None:
    since.section(place, question, changed, session.look_at_area)
frame.table_heading("Every neighbourhood, ward and town" if parts else "Every neighbourhood")
rows, download_slot = explore.rows_of_table(parts)
if rows == "areas":
    listed = how_sure.onto(table if part is None else place_parts.narrowed(place, table, part), tried)
    explore.area_list(answer, listed, cell, session.look_at_area, layer=chosen_layer)
else:
    listed = place_parts.part_list(place, answer, rows)
with download_slot:
    frame.download_table("Download this table (CSV)", listed, explore.file_name(place, question, rows))
glossary.explained(*glossary.EXPLORE)
frame.attribution(place, *ATTRIBUTION, *(() if marks is None else credits_of(marks)))
