"""From a walk on Explore that is not as people walk to the page Add a place, with what is known filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
import streamlit as st

from layers import session

if TYPE_CHECKING:
    from layers.answers.spots import Spot
    from layers.answers.walk_card import WalkCard

_SIMPLER_M = 2.0


def offer_mark(card: WalkCard, spot: Spot) -> None:
    """Say that one does not walk so: a barrier halfway along a way, or a missing crossing where there is none."""
    pressed = st.button("This is not how one walks", key="wrong-way", type="tertiary", icon=":material/wrong_location:")
    st.caption("Say where and what is wrong. You need a group's link or code; whoever runs this page gives one.")
    if pressed:
        line = card.routes[0][1].simplify(_SIMPLER_M) if card.routes else None
        at = line.interpolate(0.5, normalized=True) if line is not None and card.way else spot.point
        corners = () if line is None else tuple((round(x), round(y)) for x, y in shapely.get_coordinates(line))
        session.begin_mark("barrier" if card.way else "missing_crossing", (round(at.x), round(at.y)), corners)
        st.switch_page("layers/pages/mark.py")
