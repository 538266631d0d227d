"""Places: what is at hand and what to do first; getting another authority, from the services or by hand."""

from __future__ import annotations

from functools import partial

import streamlit as st

from layers import cache, session
from layers.session import allowed
from layers.views import by_hand, fetching, newer, own_files, register_export
from layers.views import places as pieces

places = cache.places.places()
why_not = partial(allowed.why_not, cache.deployment.settings().fetching, cache.marks.store)

st.title("Places", anchor=False)
fetching.what_was_said()
if places:
    pieces.at_hand(places)
    pieces.of_which_day(places[session.chosen_place()])
    newer.look_for_newer(places[session.chosen_place()], why_not)
    if why_not() is None:
        pieces.removal(places, why_not)
    with st.expander("Where to begin", icon=":material/flag:", expanded=not fetching.goes_on()):
        pieces.first_steps()
fetching.get_an_authority(places, why_not)
fetching.work("fetch", why_not)
own_files.own_files(why_not)
fetching.work("build", why_not)
by_hand.own_authority()
register_export.how_to()
