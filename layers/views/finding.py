"""The search box on the pages that answer another question than Explore, and what was found on their maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from layers import cache, session
from layers.answers.spots import name_of
from layers.maps import looking_map

if TYPE_CHECKING:
    import shapely

    from data.place import Place
    from layers.maps.scene import Scene


def find_a_place(place: Place) -> None:
    """Find a postcode, street, town or whatever else has a name; what is found is looked at on Explore too."""
    nothing = cache.places.centres(place).head(0)  # the reach of a centre is shown on Explore only
    session.search_box(place, cache.walks.names(place), nothing, lambda: cache.places.parts(place).get("towns"))
    if session.chosen_spot() is not None or _land(place) is not None:
        st.button("Show the whole place", on_click=session.see_all, type="tertiary", icon=":material/zoom_out_map:")


def found_on(scene: Scene, place: Place) -> Scene:
    """The map with the spot, ward, town or neighbourhood that is looked at; it moves there if that was found by name.

    Parameters
    ----------
    scene
        The map without.
    """
    moves, spot, land = session.map_moves(), session.chosen_spot(), _land(place)
    if spot is not None:
        return looking_map.with_spot(scene, spot, name_of(place, spot), moves=moves)
    return scene if land is None else looking_map.with_outline(scene, land, moves=moves)


def _land(place: Place) -> shapely.Geometry | None:
    shapes = cache.places.shapes(place).geometry
    part = session.chosen_part(cache.places.parts(place).values()) if session.within_part() else None
    if part is not None:
        return cache.places.part(place, part)[1].shapes[part]
    area = session.chosen_area(shapes.index)
    return None if area is None else shapes[area]
