"""What if: close, open, move or add a centre, and see who walks farther; where a new one would help most."""

from __future__ import annotations

import streamlit as st

from geo.scenario import apply, ways_of
from layers import cache, session
from layers.answers import comparison
from layers.answers.place_search import to_grid
from layers.files.scenarios import to_text
from layers.html import plain
from layers.maps import legends
from layers.maps.change_map import change_map, layer_of
from layers.maps.new_sites_map import new_sites_map
from layers.views import finding, frame, glossary, what_if, what_if_new_sites, what_if_streets

place = cache.places.places()[session.chosen_place()]
centres = cache.places.centres(place)
with st.sidebar:
    announced = bool((centres["status"] == "announced").any())
    question = session.question_controls(place, announced=announced, centres_only=True, day=session.chosen_day())

st.title(plain(f"{place.card.name}: what if?"), anchor=False)
part = session.part_picker()
scenario = session.scenario_of(place)
found = what_if.compared(place, question, scenario)

if found is None:
    st.button("Start again", on_click=session.undo_all)
elif part == "try":
    then = apply(centres, scenario.changes)
    names = what_if.names_of(then, found.after)
    table = comparison.difference_table(found)
    what_if.headline(found)
    what_if.ferries(place, found.after)
    said = session.fault()
    with st.container():  # there with or without a fault, so that what was opened below stays open
        if said:
            st.error(plain(said), icon=":material/error:")
    find_slot, map_slot, card_slot, legend_slot = frame.slots("find")
    with find_slot:
        finding.find_a_place(place)
    with map_slot:
        meant = session.click_picker()
        scene = change_map(
            cache.places.blank_map(place), found, table, centres, selected=session.chosen_site(names),
            marking=meant != "choose",
        )  # fmt: skip
        scene = finding.found_on(scene, place)
        click = frame.show_map(scene, f"what-if-{place.card.key}")
        if session.take_what_if_click(place, click, names, to_grid):
            session.keep()
            st.rerun()
        legends.marker_legend(
            scene.markers, [], words=what_if_streets.LEGEND_WORDS if ways_of(scenario.changes) else None
        )
        session.day_control(cache.answers.days(place))
    with card_slot:
        what_if.change_controls(place, found, then, names)
        what_if_streets.controls(place, cache.marks.published(place.card.key), scenario.changes)
        what_if.change_list(scenario.changes, then["name"].to_dict(), found.odd)
        with st.expander("Save, load or share"):
            session.keep_controls(place, to_text(scenario))
    with legend_slot:
        st.header("What the colours mean", anchor=False)
        legends.layer_legend(layer_of(found), table)
    if scenario.changes:
        st.header("For whom", anchor=False)
        what_if.group_table(found)
        st.header("Neighbourhoods whose walk changes", anchor=False)
        what_if.area_table(table)
        frame.download_table(
            "Download every neighbourhood, before and after (CSV)", table, f"pramshed-{place.card.key}-what-if.csv"
        )
elif part == "where":
    what_if.ferries(place, found.before)
    find_slot, map_slot, card_slot, legend_slot = frame.slots("find")
    with find_slot:
        finding.find_a_place(place)
    with card_slot:
        k, sought = what_if_new_sites.controls(place)
        plan = what_if_new_sites.planned(place, question, sought, k)
        if plan is not None:
            what_if_new_sites.headline(plan)
            what_if_new_sites.take_over(place, plan)
    with map_slot:
        known = found.before.ground.origins["under5"].notna().any()
        surface = bool(known) and session.surface_control()
        gains_url = cache.new_sites.gains(place, found.before.question)[0] if surface else None
        table = cache.answers.area_table(place, found.before.question)
        scene = new_sites_map(cache.places.blank_map(place), found.before, table, plan, gains_url=gains_url)
        scene = finding.found_on(scene, place)
        frame.show_map(scene, f"new-sites-{place.card.key}")
        legends.marker_legend(scene.markers, [], words={"added": "where a new one would help most"})
    with legend_slot:
        st.header("What the colours mean", anchor=False)
        what_if_new_sites.legend(place, found.before, surface=surface)
    if plan is not None:
        st.header("The places, in the order in which to open them", anchor=False)
        table = what_if_new_sites.plan_table(plan)
        frame.download_table("Download this table (CSV)", table, f"pramshed-{place.card.key}-new-sites.csv")
        st.header("What one to five would give", anchor=False)
        what_if_new_sites.trade_off(cache.new_sites.trade_off(place, question, sought), question.walk.limit)
        st.header("What each aim would bring", anchor=False)
        if session.aims_control():
            aims = what_if_new_sites.aims(place, plan, sought)
            frame.download_table("Download the aims (CSV)", aims, f"pramshed-{place.card.key}-new-sites-by-aim.csv")
elif part == "depends":
    st.header("What depends on each centre", anchor=False)
    st.caption(
        "If only this centre closed: how many under-fives would no longer have one within reach. The map layer "
        '"Depends on one centre" on Explore shows where.'
    )
    what_if.depends_list(question, cache.answers.depends(place, question), centres["name"].to_dict())
glossary.explained(*glossary.WHAT_IF)
frame.attribution(place)
