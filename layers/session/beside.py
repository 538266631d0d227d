"""Which two places are compared, and what colours their maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from layers.html import plain
from layers.session.controls import one_of
from layers.session.parameters import BESIDE, PLACE, SHADE, SHADE_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.place import Place


def chosen_other(places: Mapping[str, Place]) -> str | None:
    """The place that is set beside the chosen one: the first other if none was chosen; None where there is none."""
    others = [key for key in places if key != st.session_state[PLACE]]
    if others and st.session_state[BESIDE] not in others:
        st.session_state[BESIDE] = others[0]
    return str(st.session_state[BESIDE]) if others else None


def other_picker(places: Mapping[str, Place]) -> str:
    """Choose the place to set beside the chosen one; where there is one."""
    others = [key for key in places if key != st.session_state[PLACE]]
    name = plain(places[st.session_state[PLACE]].card.name)
    return str(st.selectbox(f"Beside {name}", others, format_func=lambda key: places[key].card.name, key=BESIDE))


def shade_picker() -> str:
    """Choose what colours both maps."""
    return one_of("Colour both maps by", SHADE_WORDS, SHADE)
