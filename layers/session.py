"""The only keys of the session and of the URL, with their defaults.

A link made today must work tomorrow, so the URL holds short keys of ours, never labels; what a link says is checked
against what there is before it is used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import streamlit as st

from geo.gaps import ACCESS_CLASSES
from geo.need import NEED_CLASSES, PART_NAMES, NeedWeights
from geo.profiles import PROFILES
from geo.sites import SERVING
from layers.outlines import AREA_CODE
from layers.question import Question

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd

    from data.place import Place
    from layers.webmap import Click

LAYERS = {
    "gap": "Need against walk",
    "walk": "Minutes on foot",
    "deprivation": "Deprivation",
    "abroad": "Families from abroad (proxy)",
    "under5": "Under-fives",
}
SHOWN = {"centres": "Children's centres", "play": "Play spaces", "closed": "Closed centres"}
THRESHOLDS = (5, 6, 8, 10, 12, 15, 20, 25, 30, 38, 45)
"""Minutes; 6, 12, 15 and 38 by pram are 400 m (LEAP), 800 m (Active Travel England), 1,000 m and 2.5 km (IFS)."""
LONGEST_WEIGHT = 4

_TO = {"centres": "A children's centre", "play": "A play space"}
_STATUS = {"open": "Full centres", "linked": "Linked sites", "announced": "Closing, as announced"}


_NONE = "none"
"""What the URL says where nothing of a list is chosen, which is not the same as saying nothing."""


@dataclass(frozen=True)
class _Parameter:
    """A key of the session that the URL keeps: its default, and what it may be.

    ``allowed`` are the values, in the order in which the URL lists them; or a pattern, where what there is depends on
    the place.
    """

    default: object
    allowed: Collection[object] | re.Pattern[str]
    many: bool = False

    def read(self, text: str) -> object | None:
        """What a URL says, or None if it makes no sense."""
        if isinstance(self.allowed, re.Pattern):
            return text if self.allowed.fullmatch(text) else None
        if self.many:
            parts = text.split(",")
            return [] if text == _NONE else [value for value in self.allowed if value in parts] or None
        return {str(value): value for value in self.allowed}.get(text)

    def write(self, value: object) -> str | None:
        """What the URL keeps; None for the default."""
        if isinstance(value, list) and not isinstance(self.allowed, re.Pattern):
            value = [one for one in self.allowed if one in value]
        if value is None or value == self.default:
            return None
        return (",".join(map(str, value)) or _NONE) if isinstance(value, list) else str(value)


PLACE, TO, STATUS, WHO, MINUTES = "place", "to", "status", "who", "minutes"
LAYER, AREA, SHOW, CELL = "layer", "area", "show", "cell"
_WEIGHTS = {name: f"need_{name}" for name in PART_NAMES}
_CELLS = [f"{need}-{access}" for need in NEED_CLASSES for access in ACCESS_CLASSES]
_PARAMETERS = {
    PLACE: _Parameter(None, re.compile(r"[a-z0-9-]{1,80}", re.ASCII)),
    TO: _Parameter("centres", _TO),
    STATUS: _Parameter(list(SERVING), _STATUS, many=True),
    WHO: _Parameter("buggy", PROFILES),
    MINUTES: _Parameter(15, THRESHOLDS),
    LAYER: _Parameter("gap", LAYERS),
    SHOW: _Parameter(["centres"], SHOWN, many=True),
    AREA: _Parameter(None, AREA_CODE),
    CELL: _Parameter(None, _CELLS),
} | {key: _Parameter(1, range(LONGEST_WEIGHT + 1)) for key in _WEIGHTS.values()}
_WRITTEN = "_written"
_FIRST = "_first_place"
_PAGE = "_page"
_SEEN_CLICK = "_seen_click"


def restore(page: str) -> None:
    """Take up what the URL says, on the first run and when the reader went back or wrote another; begin with this.

    Parameters
    ----------
    page
        The path of the page that is opened.
    """
    said = {key: value for key, value in st.query_params.to_dict().items() if key in _PARAMETERS}
    before = st.session_state.get(_WRITTEN)
    moved = st.session_state.get(_PAGE, page) != page
    st.session_state[_PAGE] = page
    # A run that comes from a control may still bring the URL of the run before it: what the control says is newer.
    # The menu opens a page without a query, which says nothing either.
    elsewhere = before is not None and said != before and _spoken() == before and (said or not moved)
    if before is None or elsewhere:
        for key, parameter in _PARAMETERS.items():
            value = parameter.read(said[key]) if key in said else None
            st.session_state[key] = parameter.default if value is None else value
    else:
        for key, parameter in _PARAMETERS.items():
            st.session_state[key] = st.session_state.get(key, parameter.default)  # keeps it while no widget shows it


def keep() -> None:
    """Write the URL; end every run with this."""
    written = _spoken()
    st.session_state[_WRITTEN] = written
    if st.query_params.to_dict() != written:
        st.query_params.from_dict(written)


def _spoken() -> dict[str, str]:
    """What is chosen, as the URL says it; nothing if all is as at the start, so that "back" can end there."""
    said = {key: parameter.write(st.session_state.get(key)) for key, parameter in _PARAMETERS.items()}
    written = {key: text for key, text in said.items() if text is not None}
    return {} if written == {PLACE: st.session_state.get(_FIRST)} else written


def place_picker(places: Mapping[str, Place]) -> None:
    """Choose a place."""
    st.session_state[_FIRST] = next(iter(places))
    if st.session_state[PLACE] not in places:
        st.session_state[PLACE] = st.session_state[_FIRST]
    st.selectbox("Place", list(places), format_func=lambda key: places[key].card.name, key=PLACE)


def chosen_place() -> str:
    """The key of the place that was chosen."""
    return str(st.session_state[PLACE])


def question_controls(place: Place) -> Question:
    """Controls of the question."""
    if not place.has_play_spaces:
        st.session_state[TO] = "centres"
        st.markdown("Walking to a children's centre")
        st.caption("There is no play-space data for this place.")
    else:
        st.radio("Walking to", list(_TO), format_func=lambda key: _TO[key], key=TO)
    to = st.session_state[TO]
    if to == "centres":
        st.pills(
            "Which centres count",
            list(_STATUS),
            format_func=lambda key: _STATUS[key],
            selection_mode="multi",
            key=STATUS,
        )
        if not st.session_state[STATUS]:
            st.caption("None is chosen, so all count.")
    st.radio("Who walks", list(PROFILES), format_func=_who, key=WHO)
    st.select_slider(
        "Near enough: minutes on foot",
        THRESHOLDS,
        key=MINUTES,
        help="With a pram, 6 minutes is 400 m, 12 is 800 m, 15 is 1,000 m and 38 is 2.5 km.",
    )
    return Question(
        to=str(to),
        statuses=tuple(status for status in SERVING if status in st.session_state[STATUS]) or SERVING,
        profile=str(st.session_state[WHO]),
        minutes=float(st.session_state[MINUTES]),
        weights=_weights(),
    )


def _who(key: str) -> str:
    profile = PROFILES[key]
    return f"{profile.label} ({profile.speed_kmh:g} km/h)"


def _weights() -> NeedWeights:
    with st.expander("What counts as need"):
        st.caption("How much each part counts. Only the proportions matter.")
        values = {
            name: st.slider(f"{words[0].upper()}{words[1:]}", 0, LONGEST_WEIGHT, key=_WEIGHTS[name])
            for name, words in PART_NAMES.items()
        }
        if not any(values.values()):
            st.caption("All are zero, so all count alike.")
            return NeedWeights()
    return NeedWeights(**{name: float(value) for name, value in values.items()})


def layer_picker() -> str:
    """Choose what colours the map."""
    return str(st.selectbox("Colour the map by", list(LAYERS), format_func=lambda key: LAYERS[key], key=LAYER))


def shown_picker(place: Place) -> list[str]:
    """Choose which sites are drawn."""
    options = [name for name in SHOWN if name != "play" or place.has_play_spaces]
    st.session_state[SHOW] = [name for name in st.session_state[SHOW] or [] if name in options]
    return list(
        st.pills("Show", options, format_func=lambda key: SHOWN[key], selection_mode="multi", key=SHOW, wrap=True) or []
    )


def area_picker(names: Mapping[str, str]) -> str | None:
    """Choose an area by name: the way that needs no map."""
    st.session_state[AREA] = chosen_area(names)
    return st.selectbox(
        "Neighbourhood",
        list(names),
        index=None,
        format_func=lambda key: names[key],
        key=AREA,
        placeholder="Choose one, or click on the map or the table",
    )


def chosen_area(names: Collection[str]) -> str | None:
    """The area that was chosen, if it is one of these."""
    code = st.session_state[AREA]
    return str(code) if code in names else None


def choose_area(code: str) -> None:
    """Choose an area, from a callback or before the picker is drawn."""
    st.session_state[AREA] = code


def area_list(listed: pd.DataFrame, **looks: object) -> None:
    """A table of areas that sorts by any column; choosing a row chooses its area.

    Parameters
    ----------
    listed
        On the areas' codes.
    looks
        As ``st.dataframe`` takes them.
    """
    codes = [str(code) for code in listed.index]
    # a choice is a row's number: in another order it would be another area's
    key = f"areas-{sha256(','.join(codes).encode()).hexdigest()[:12]}"

    def chosen() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows and rows[0] < len(codes):
            choose_area(codes[rows[0]])

    st.dataframe(listed, key=key, hide_index=True, on_select=chosen, selection_mode="single-row", **looks)


def choose_cell(need: str, access: str) -> None:
    """Bring out a class of need against walk, or stop doing so."""
    cell = f"{need}-{access}"
    st.session_state[CELL] = None if st.session_state[CELL] == cell else cell


def chosen_cell() -> tuple[str, str] | None:
    """The need and access class that is brought out."""
    if not st.session_state[CELL]:
        return None
    need, access = str(st.session_state[CELL]).split("-")
    return need, access


def take_click(click: Click | None, areas: Collection[str]) -> bool:
    """Choose the area of a new click on the map; whether that changes anything."""
    if click is None or click.at == st.session_state.get(_SEEN_CLICK):
        return False
    st.session_state[_SEEN_CLICK] = click.at
    if click.kind != "area" or click.id not in areas or st.session_state[AREA] == click.id:
        return False
    choose_area(click.id)
    return True
