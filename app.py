"""The door: page set-up, place picker, navigation."""

from __future__ import annotations

import streamlit as st

from geo.errors import PramshedError
from layers import cached, session, view

st.set_page_config(page_title="Pramshed", page_icon="static/icon.svg", layout="wide")
view.style()
session.restore()

places = cached.places()
if not places:
    st.error("There is no place to show yet. Build one with `python cli.py build`.")
    st.stop()

with st.sidebar:
    session.place_picker(places)

page = st.navigation(
    [
        st.Page("layers/pages/explore.py", title="Explore", icon=":material/map:", default=True),
        st.Page("layers/pages/about.py", title="Data and method", icon=":material/info:"),
    ]
)
try:
    page.run()
except PramshedError as fault:
    st.error(view.plain(str(fault)))
session.keep()
