"""Where the reader looks on Explore: a spot, or a site's reach; found by name, chosen in a list or on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.crs import to_bng
from geo.errors import RequestError
from layers.answers.place_names import own_labels
from layers.answers.place_search import search, the_one
from layers.answers.spots import Spot, area_of
from layers.html import plain
from layers.session.areas import choose_area
from layers.session.parameters import AREA, AT, REACH, WITHIN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import geopandas as gpd

    from data.place import Place
    from layers.answers.own_list import OwnList
    from layers.answers.place_parts import Parts
    from layers.answers.place_search import Found
    from layers.maps.webmap import Click

    Towns = Callable[[], Parts | None]

_SOUGHT, _FOUND, _ANSWER, _MOVES, _SEEN = "_sought", "_found", "_found_answer", "_map_moves", "_seen_click"


PLACEHOLDER = "Postcode, street, landmark, town, ward or centre"


def search_box(
    place: Place, options: Sequence[str], centres: gpd.GeoDataFrame, towns: Towns, own: OwnList | None = None
) -> None:
    """Find a postcode, street, landmark, town, ward, neighbourhood or centre, and look there; before what is looked at.

    Parameters
    ----------
    options
        Names that are offered as one types; anything else may be typed as well.
    centres
        Those that count, whose reach is shown when one is found.
    towns
        Gives those there are, whose card is shown when one is found.
    own
        The reader's own list, if there is one and its sites are to be found, too.
    """
    if own is not None:
        options = [*dict.fromkeys(own_labels(own)), *options]
    text = st.selectbox(
        "Find a place", options, index=None, key=_SOUGHT, accept_new_options=True, placeholder=PLACEHOLDER
    )
    if text != st.session_state.get(_FOUND):
        st.session_state[_FOUND] = text
        st.session_state[_ANSWER] = _look_up(place, str(text).strip()[:100], centres, towns, own) if text else None
    if answer := st.session_state.get(_ANSWER):
        st.caption(answer)


def _look_up(place: Place, text: str, centres: gpd.GeoDataFrame, towns: Towns, own: OwnList | None) -> str | None:
    """Look at what a text means; what is said if it means nothing, or more than one thing."""
    found = search(text, place, own)
    exact = [one for one in found if one.label == text]
    try:
        chosen = exact[0] if exact else the_one(text, place, own)
    except RequestError as fault:
        if not found:
            return plain(f"{fault}.")
        chosen = found[0]
        others = "; ".join(one.label for one in found[1:4])
        _look(place, chosen, centres, towns)
        return plain(f"Shown: {chosen.label}." + (f" Or {others}? Choose it in the list." if others else ""))
    _look(place, chosen, centres, towns)
    wards = [one.label for one in found if one.kind == "ward" and one != chosen][:3]
    if chosen.kind == "locality" and wards:  # a town is no ward, though the two may have one name
        return plain(f"Shown: {chosen.label}. Or {'; '.join(wards)}? Choose it in the list.")
    return None


def _look(place: Place, found: Found, centres: gpd.GeoDataFrame, towns: Towns) -> None:
    spot = Spot(round(found.easting), round(found.northing))
    known = towns() if found.kind == "locality" else None
    town = known.at(found.easting, found.northing) if known else None
    if part := found.code if found.kind == "ward" else town:
        look_at_part(part)
        return
    st.session_state[_MOVES] = True
    if found.kind == "own" and found.code in centres.index:
        choose_reach(found.code)
        return
    if found.kind == "centre":
        near = centres[centres.geometry.notna()].geometry.distance(spot.point)
        if len(near) and near.min() < 5:
            choose_reach(str(near.idxmin()))
            return
    st.session_state[REACH] = None
    st.session_state[AT] = None if found.kind == "area" else spot
    code = found.code if found.kind == "area" else area_of(place, spot)
    if code:
        choose_area(code)


def chosen_spot() -> Spot | None:
    """The spot that is looked at."""
    spot = st.session_state[AT]
    return spot if isinstance(spot, Spot) else None


def choose_reach(site_id: str | None) -> None:
    """Look at the reach of a site; None looks away."""
    st.session_state[REACH], st.session_state[_MOVES] = site_id, site_id is not None
    if site_id is not None:
        st.session_state[AT] = st.session_state[AREA] = None


def chosen_reach(sites: Collection[str]) -> str | None:
    """The site whose reach is looked at, if it is one of these."""
    site_id = st.session_state[REACH]
    return str(site_id) if site_id in sites else None


def look_at_area(code: str | None = None) -> None:
    """Look at a neighbourhood that was chosen in a list, or by the picker, which has chosen it already."""
    if code is not None:
        choose_area(code)
    st.session_state[AT] = st.session_state[REACH] = None
    st.session_state[_MOVES] = True


def look_at_part(code: str) -> None:
    """Look at a ward or a town, and at nothing else."""
    st.session_state[WITHIN], st.session_state[_MOVES] = code, True
    st.session_state[AT] = st.session_state[REACH] = st.session_state[AREA] = None


def chosen_part(parts: Collection[Parts]) -> str | None:
    """The ward or town that is looked at; it is left by looking at a centre, or at a neighbourhood elsewhere.

    Parameters
    ----------
    parts
        The sorts of them that there are.
    """
    code, area = st.session_state[WITHIN], st.session_state[AREA]
    its = next((one.areas[code] for one in parts if code in one.areas), None)
    if its is None or (area is not None and area not in its) or st.session_state[REACH]:
        st.session_state[WITHIN] = code = None
    return code


def within_part() -> bool:
    """Whether a ward or a town is looked at; `chosen_part` tells which, and whether there is one."""
    return st.session_state[WITHIN] is not None


def leave_part() -> None:
    """The whole place is looked at again."""
    st.session_state[WITHIN] = None


def look_away() -> None:
    """Nothing is looked at any more."""
    st.session_state[AT] = st.session_state[REACH] = st.session_state[AREA] = None


def see_all() -> None:
    """Nothing is looked at, and the whole place is seen."""
    look_away()
    leave_part()
    st.session_state[_SOUGHT] = st.session_state[_FOUND] = st.session_state[_ANSWER] = None


def map_moves() -> bool:
    """Whether what is looked at was chosen beside the map, so that the map should move there."""
    return bool(st.session_state.get(_MOVES, True))  # a link moves it at first


def take_look(click: Click | None, areas: Collection[str], sites: Collection[str]) -> bool:
    """Look at what a new click on the map means; whether that changes anything."""
    if click is None or click.at == st.session_state.get(_SEEN):
        return False
    st.session_state[_SEEN] = click.at
    if click.kind == "site" and click.id in sites:
        choose_reach(click.id)
    elif click.kind == "area" and click.id in areas:
        easting, northing = to_bng([click.lon], [click.lat])
        st.session_state[AT] = Spot(round(float(easting[0])), round(float(northing[0])))
        st.session_state[REACH] = None
        choose_area(click.id)
        st.session_state[_MOVES] = False
    else:
        return False
    return True
