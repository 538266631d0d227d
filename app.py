"""The door: page set-up, place picker, navigation."""

from __future__ import annotations

import streamlit as st

from geo.errors import PramshedError
from layers import cache, session
from layers.views import frame

st.set_page_config(page_title="Pramshed", page_icon="static/icon.svg", layout="wide")
frame.style()
home = st.Page("layers/pages/places.py", title="Places", icon=":material/location_city:")
places = cache.places.places()
page = st.navigation(
    [
        st.Page("layers/pages/explore.py", title="Explore", icon=":material/map:", default=True),
        st.Page("layers/pages/in_short.py", title="In short", icon=":material/format_list_bulleted:"),
        st.Page("layers/pages/lost.py", title="What was lost", icon=":material/history:"),
        st.Page("layers/pages/what_if.py", title="What if", icon=":material/alt_route:"),
        st.Page("layers/pages/in_the_way.py", title="What stands in the way", icon=":material/block:"),
        st.Page("layers/pages/compare.py", title="Side by side", icon=":material/compare:"),
        st.Page("layers/pages/reports.py", title="Reports", icon=":material/summarize:"),
        st.Page("layers/pages/community.py", title="Community map", icon=":material/diversity_1:"),
        st.Page("layers/pages/mark.py", title="Add a place", icon=":material/add_location_alt:"),
        st.Page("layers/pages/moderate.py", title="Moderation", icon=":material/fact_check:", url_path="moderate"),
        home,
        st.Page("layers/pages/about.py", title="Data and method", icon=":material/info:"),
    ]
    if places
    else [home]
)
session.restore(page.url_path)

for fault in cache.places.faults():
    frame.unopened(fault)
if not places:
    st.error("There is no place to show yet.", icon=":material/info:")
    page.run()
    st.stop()

with st.sidebar:
    unknown = session.place_picker(places)
if unknown is not None:
    frame.unknown_place(unknown, places[session.chosen_place()])
try:
    page.run()
except PramshedError as fault:
    frame.fault(str(fault), places[session.chosen_place()])
session.keep()
cache.places.settle(places[session.chosen_place()], session.chosen_walker())
