"""Between the URL and the session: a link is read into the session, choices are written to the URL."""

from __future__ import annotations

import streamlit as st

from layers.session.parameters import CELL, CHANGES, LAYER, MADE_FOR, ONLY_ON, PARAMETERS, PLACE

FIRST = "_first_place"
FAULT = "_what_if_fault"
_CUT_OFF = "The changes in this link cannot be read; part of it may be missing. Ask for the link again."
_WRITTEN = "_written"
_PAGE = "_page"
_ARRIVED = "_arrived"


def restore(page: str) -> None:
    """Take up what the URL says, on the first run and when the reader went back or wrote another; begin with this.

    Parameters
    ----------
    page
        The path of the page that is opened.
    """
    said = {key: value for key, value in st.query_params.to_dict().items() if key in PARAMETERS}
    before = st.session_state.get(_WRITTEN)
    left = st.session_state.get(_PAGE, page)
    moved = left != page
    st.session_state[_PAGE] = page
    arrived: dict[str, dict[str, str]] = st.session_state.setdefault(_ARRIVED, {})
    if moved and not said and before is not None:
        arrived[page] = _spoken()
    # A run that comes from a control may still bring the URL of the run before it: what the control says is newer.
    # The menu opens a page without a query, which says nothing either.
    elsewhere = before is not None and said != before and _spoken(left) == before and (said or not moved)
    if before is None or elsewhere:
        if before is not None and not said:
            said = arrived.get(page, {})  # "back" to how the menu opened this page, not to a page that knows nothing
        for key, parameter in PARAMETERS.items():
            value = parameter.read(said[key]) if key in said else None
            st.session_state[key] = parameter.default if value is None else value
        if CELL in said and LAYER not in said:
            st.session_state[LAYER] = "gap"  # which once was the default: links of that time do not name it
        if not st.session_state[CHANGES] and {CHANGES, MADE_FOR} & said.keys():
            st.session_state[FAULT], st.session_state[MADE_FOR] = _CUT_OFF, None
        st.session_state[_WRITTEN] = _spoken()  # whoever opens another page before this one is drawn loses nothing
    else:
        for key, parameter in PARAMETERS.items():
            st.session_state[key] = st.session_state.get(key, parameter.default)  # keeps it while no widget shows it


def keep() -> None:
    """Write the URL; end every run with this."""
    written = _spoken()
    st.session_state[_WRITTEN] = written
    if not written:
        st.session_state[_ARRIVED].pop(st.session_state[_PAGE], None)  # an empty address means the start again
    if st.query_params.to_dict() != written:
        st.query_params.from_dict(written)


def with_place(place: str, page: str) -> dict[str, str]:
    """What a link to a page says so that all that is chosen stays, but of another place."""
    return _spoken(page) | {PLACE: place}


def _spoken(page: str | None = None) -> dict[str, str]:
    """What is chosen, as the URL says it on a page; nothing if all is as at the start, so that "back" can end there."""
    page = st.session_state.get(_PAGE) if page is None else page
    said = {
        key: parameter.write(st.session_state.get(key))
        for key, parameter in PARAMETERS.items()
        if ONLY_ON.get(key, page) == page
    }
    written = {key: text for key, text in said.items() if text is not None}
    return {} if written == {PLACE: st.session_state.get(FIRST)} else written
