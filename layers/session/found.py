"""What was found by name on pages whose maps show the place and no walk: on one map, or on one of two."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from layers.answers.place_search import search, search_in
from layers.html import plain
from layers.session.looking import PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.place import Place
    from layers.answers.place_search import Found


def find_in(name: str, places: Mapping[str, Place], options: Mapping[str, tuple[str, str]]) -> dict[str, Found]:
    """A box to find something by name, and what was found; it is forgotten when the page is left.

    Parameters
    ----------
    name
        Of the box: with another name nothing has been found yet.
    places
        Where to look, by key.
    options
        What is offered as one types: the key of the place, and what it is called there; anything else may be typed.

    Returns
    -------
    dict
        By key of the place.
    """
    typed, known = f"{name}-typed", f"{name}-found"
    text = st.selectbox(
        "Find a place", list(options), index=None, key=typed, accept_new_options=True, placeholder=PLACEHOLDER
    )
    if text != st.session_state.get(known, (None,))[0]:
        found, answer = _look_up(str(text).strip()[:100], places, options) if text else ({}, None)
        st.session_state[known] = (text, found, answer)
    _, found, answer = st.session_state.get(known, (None, {}, None))
    if answer:
        st.caption(answer)
    if found:
        label = "Show the whole place" if len(places) == 1 else "Show both places whole"
        st.button(label, key=f"{name}-whole", on_click=_forget, args=(typed,), type="tertiary",
                  icon=":material/zoom_out_map:")  # fmt: skip
    return cast("dict[str, Found]", found)


def _forget(typed: str) -> None:
    st.session_state[typed] = None


def _look_up(
    text: str, places: Mapping[str, Place], options: Mapping[str, tuple[str, str]]
) -> tuple[dict[str, Found], str | None]:
    """What a text means in each place where it means something; and what is said of it."""
    key, label = options.get(text, ("", ""))
    if key and (found := search(label, places[key])):
        chosen = next((one for one in found if one.label == label), found[0])
        return {key: chosen}, f"Shown: {_said(chosen, key, places)}." if len(places) > 1 else None
    matches = search_in(text, places)
    if not matches:
        names = " or ".join(place.card.name for place in places.values())
        said = f"Nothing in {names} is called {text!r}. Try a postcode, a street, a town or a grid reference."
        return {}, plain(said)
    shown = " and ".join(_said(found[0], key, places) for key, found in matches.items())
    most = 3 if len(matches) == 1 else 2
    others = [_said(one, key, places) for key, found in matches.items() for one in found[1:most]]
    return {key: found[0] for key, found in matches.items()}, f"Shown: {shown}." + (
        f" Or {'; '.join(others)}? Choose it in the list." if others else ""
    )


def _said(found: Found, key: str, places: Mapping[str, Place]) -> str:
    place = f" ({places[key].card.name})" if len(places) > 1 else ""
    return plain(f"{found.label}{place}")
