"""The only keys of the session and of the URL, with their defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.need import PART_NAMES, NeedWeights
from geo.profiles import PROFILES
from geo.sites import SERVING
from layers.question import Question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.place import Place
    from layers.webmap import Click

# Keys bound to the URL are the names of its parameters: a link made today must work tomorrow.
PLACE, TO, STATUS, WHO, MINUTES, LAYER, AREA, SHOW = "place", "to", "status", "who", "minutes", "layer", "area", "show"
_SEEN_CLICK = "_seen_click"
_CELL = "_cell"
_WEIGHT = "need_"

LAYERS = {
    "gap": "Need against walk",
    "walk": "Minutes on foot",
    "deprivation": "Deprivation",
    "abroad": "Families from abroad (proxy)",
    "under5": "Under-fives",
}
SHOWN = {"centres": "Children’s centres", "play": "Play spaces", "closed": "Closed centres"}
THRESHOLDS = (5, 6, 8, 10, 12, 15, 20, 25, 30, 38, 45)
"""Minutes; 6, 12, 15 and 38 by pram are 400 m (LEAP), 800 m (Active Travel England), 1,000 m and 2.5 km (IFS)."""

_TO = {"centres": "A children’s centre", "play": "A play space"}
_STATUS = {"open": "Full centres", "linked": "Linked sites", "announced": "Closing, as announced"}


def place_picker(places: Mapping[str, Place]) -> str:
    """Choose a place; its key."""
    return str(
        st.selectbox(
            "Place", list(places), format_func=lambda key: places[key].card.name, key=PLACE, bind="query-params"
        )
    )


def chosen_place() -> str:
    """The key of the place that was chosen."""
    return str(st.session_state[PLACE])


def question_controls(place: Place) -> Question:
    """Controls of the question, kept in the URL."""
    options = list(_TO) if place.has_play_spaces else ["centres"]
    to = st.radio("Walking to", options, format_func=_TO.get, key=TO, bind="query-params")
    if not place.has_play_spaces:
        st.caption("There is no play-space data for this place.")
    statuses: list[str] = list(SERVING)
    if to == "centres":
        statuses = st.pills(
            "Which centres count", list(_STATUS), format_func=_STATUS.get, selection_mode="multi", key=STATUS,
            default=list(SERVING), bind="query-params",
        )  # fmt: skip
    who = st.radio(
        "Who walks", list(PROFILES), format_func=lambda key: _who(key), key=WHO, bind="query-params"
    )
    minutes = st.select_slider(
        "Near enough: minutes on foot", THRESHOLDS, value=15, key=MINUTES, bind="query-params",
        help="15 minutes with a pram is 1,000 m. 6 is 400 m, 12 is 800 m, 38 is 2.5 km.",
    )  # fmt: skip
    return Question(
        to=str(to), statuses=tuple(statuses or SERVING), profile=str(who), minutes=float(minutes), weights=_weights()
    )


def _who(key: str) -> str:
    profile = PROFILES[key]
    return f"{profile.label} ({profile.speed_kmh:g} km/h)"


def _weights() -> NeedWeights:
    with st.expander("What counts as need"):
        st.caption("How much each part counts. Only the proportions matter.")
        values = {
            name: st.slider(
                words[0].upper() + words[1:], 0, 4, 1, key=f"{_WEIGHT}{name}", bind="query-params"
            )
            for name, words in PART_NAMES.items()
        }
        if not any(values.values()):
            st.warning("All weights are zero, so all count alike.")
            return NeedWeights()
    return NeedWeights(**{name: float(value) for name, value in values.items()})


def layer_picker() -> str:
    """Choose what colours the map."""
    return str(st.selectbox("Colour the map by", list(LAYERS), format_func=LAYERS.get, key=LAYER, bind="query-params"))


def shown_picker(place: Place) -> list[str]:
    """Choose which sites are drawn."""
    options = [name for name in SHOWN if name != "play" or place.has_play_spaces]
    return list(
        st.pills(
            "Draw", options, format_func=SHOWN.get, selection_mode="multi", default=["centres"], key=SHOW,
            bind="query-params",
        )
        or []
    )  # fmt: skip


def area_picker(names: Mapping[str, str]) -> str | None:
    """Choose an area by name: the way that needs no map."""
    chosen = st.selectbox(
        "Neighbourhood", list(names), index=None, format_func=names.get, key=AREA, bind="query-params",
        placeholder="Choose one, or click on the map or the table",
    )  # fmt: skip
    return None if chosen is None else str(chosen)


def chosen_area(names: Mapping[str, str]) -> str | None:
    """The area that was chosen, if it is one of these."""
    code = st.session_state.get(AREA)
    return code if code in names else None


def choose_cell(need: str, access: str) -> None:
    """Bring out a class of need against access, or stop doing so."""
    cell = f"{need}-{access}"
    st.session_state[_CELL] = None if st.session_state.get(_CELL) == cell else cell


def chosen_cell() -> tuple[str, str] | None:
    """The need and access class that is brought out."""
    cell = st.session_state.get(_CELL)
    if not cell:
        return None
    need, access = cell.split("-")
    return need, access


def choose_area(code: str) -> None:
    """Choose an area from a callback or before the picker is drawn."""
    st.session_state[AREA] = code


def take_click(click: Click | None, areas: Mapping[str, str]) -> bool:
    """Choose the area of a new click on the map; whether there was one."""
    if click is None or click.at == st.session_state.get(_SEEN_CLICK):
        return False
    st.session_state[_SEEN_CLICK] = click.at
    if click.kind != "area" or click.id not in areas or st.session_state.get(AREA) == click.id:
        return False
    choose_area(click.id)
    return True
