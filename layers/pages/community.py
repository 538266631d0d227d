"""Community map: what groups have put on the map, who lives near a peer-support group, and where the next could be."""

from __future__ import annotations

import streamlit as st

from layers import cache, session
from layers.answers.community_sites import credits_of
from layers.answers.peer_support import PeerQuestion
from layers.html import plain
from layers.maps.community_map import community_map
from layers.views import community as pieces
from layers.views import finding, frame

place = cache.places.places()[session.chosen_place()]
with st.sidebar:
    who, minutes = session.walk_controls()

st.title(plain(f"{place.card.name}: the community's map"), anchor=False)
found = cache.marks.published(place.card.key)
if found is None:
    st.warning("The community's marks cannot be read at the moment. Try again later.", icon=":material/warning:")
    session.keep()
    session.keep()  # a page that stops here would lose what was chosen on it
    st.stop()

filters = st.container()
with filters:
    shown, language = pieces.filtered(found)
pieces.headline(shown, found.marks)
near = cache.peer_support.peer_reach(place, found.number, PeerQuestion(language=language, profile=who, minutes=minutes))
names = pieces.mark_names(shown)
choice = session.mark_choice(names)

find_slot, map_slot, card_slot, legend_slot = frame.slots("find", table=len(shown) > 0)
with find_slot:
    finding.find_a_place(place)
with map_slot:
    scene = community_map(cache.places.blank_map(place), shown, near, selected=choice.chosen)
    scene = finding.found_on(scene, place)
    click = frame.show_map(scene, f"community-{place.card.key}")
    if choice.take(click):
        session.keep()
        st.rerun()
with card_slot:
    chosen = choice.picker()
    if chosen is None:
        pieces.about_page(found.marks)
    else:
        pieces.card(found.marks.loc[chosen], cache.marks.photo(chosen))
with legend_slot:
    pieces.legend(scene, near)

if len(shown):
    frame.table_heading("Every mark")
    pieces.mark_table(shown, choice.table)
if len(found.marks):
    pieces.downloads(place, found.marks)

st.header("Who lives within a walk of a peer-support group", anchor=False)
pieces.who_is_near(place, found.number, near)
st.header("The best host space for the next one", anchor=False)
pieces.next_host(place, found.number, near)
frame.attribution(place, *credits_of(found.marks))
