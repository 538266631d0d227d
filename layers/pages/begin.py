"""Where to begin: what can be done here at once, and what another authority takes."""

from __future__ import annotations

import streamlit as st

from layers import cache
from layers.views import begin

places = cache.places.places()
st.title("Where to begin", anchor=False)
if places:
    begin.places_at_hand(places)
    begin.first_steps()
begin.own_authority()
