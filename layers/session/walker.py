"""Who walks, and how far: in minutes, or at a distance that guidance names."""

from __future__ import annotations

import streamlit as st

from geo.profiles import PROFILES
from geo.thresholds import NAMED as NAMED_THRESHOLDS
from layers.session.parameters import MINUTES, NAMED, THRESHOLDS, WHO


def chosen_walker() -> str:
    """The key of the walking profile that was chosen."""
    return str(st.session_state[WHO])


def walk_controls() -> tuple[str, float]:
    """Choose who walks, and the longest acceptable walk: profile and minutes."""
    who = str(st.radio("Who walks", list(PROFILES), format_func=_who, key=WHO))
    named = st.session_state[NAMED]
    if named is None:
        minutes = float(st.select_slider("Longest acceptable walk, minutes", THRESHOLDS, key=MINUTES))
    st.pills(
        "Or as guidance names it" if named is None else "Longest acceptable walk, as guidance names it",
        list(NAMED_THRESHOLDS), format_func=lambda key: NAMED_THRESHOLDS[key].name, key=NAMED, wrap=True,
    )  # fmt: skip
    if named is not None:
        threshold, walker = NAMED_THRESHOLDS[named], PROFILES[who]
        minutes = threshold.minutes_for(walker)
        st.caption(
            f"{minutes:g} minutes at {walker.speed_kmh:g} km/h: {threshold.source}. "
            "Press it again to choose minutes yourself."
        )
    return who, minutes


def _who(key: str) -> str:
    profile = PROFILES[key]
    return f"{profile.label} ({profile.speed_kmh:g} km/h)"
