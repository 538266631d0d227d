"""The search box on the pages that answer another question than Explore, and what was found on their maps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from layers import cache, session
from layers.answers.spots import Spot, name_of
from layers.maps import looking_map

if TYPE_CHECKING:
    import shapely

    from data.place import Place
    from layers.answers.place_search import Found
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
    return _whole(scene) if land is None else looking_map.with_outline(scene, land, moves=moves)


def offered(place: Place) -> dict[str, tuple[str, str]]:
    """What `session.find_in` offers where it looks in one place."""
    return {name: (place.card.key, name) for name in cache.walks.names(place)}


def shown(scene: Scene, place: Place, found: Found | None) -> Scene:
    """The map moved to what `session.find_in` found on it: an outline around land, a marker on a spot.

    Parameters
    ----------
    scene
        The map without.
    """
    if found is None:
        return _whole(scene)
    spot = Spot(round(found.easting), round(found.northing))
    parts = cache.places.parts(place)
    part = found.code if found.kind == "ward" else None
    if found.kind == "locality" and "towns" in parts:
        part = parts["towns"].at(found.easting, found.northing)
    if part is not None:
        return looking_map.with_outline(scene, cache.places.part(place, part)[1].shapes[part], moves=True)
    if found.kind == "area":
        return looking_map.with_outline(scene, cache.places.shapes(place).geometry[found.code], moves=True)
    return looking_map.with_spot(scene, spot, found.label, moves=True)


def _whole(scene: Scene) -> Scene:
    """The map as it began, once what was looked at is so no more."""
    return scene if scene.view else replace(scene, view=scene.bounds)


def _land(place: Place) -> shapely.Geometry | None:
    shapes = cache.places.shapes(place).geometry
    part = session.chosen_part(cache.places.parts(place).values()) if session.within_part() else None
    if part is not None:
        return cache.places.part(place, part)[1].shapes[part]
    area = session.chosen_area(shapes.index)
    return None if area is None else shapes[area]
