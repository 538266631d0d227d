"""What is looked at on the map: the way from a spot, the reach of a site, and where the map moves to."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import shapely

from geo.crs import to_wgs84
from layers.answers.spots import box_around
from layers.maps.scene import Along, Drawn, Marker, Scene

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.answers.spots import Spot
    from layers.answers.walk_card import WalkCard

_BANDS = ("#0b3c6f", "#2171b5", "#5aa3cf", "#e59b2f", "#cc5a0d")
_BEYOND = "#b9bfc4"
"""Streets beyond the last limit are as streets are without an answer."""
_OUTLINE_M = 5.0
"""How far the line around a ward or a town may be off, metres."""


def with_walk(scene: Scene, spot: Spot, card: WalkCard, *, moves: bool) -> Scene:
    """The map with a spot and the ways from it.

    Parameters
    ----------
    scene
        The map without.
    moves
        Whether the map moves there.
    """
    lines = [line for _, line in card.routes]
    drawn = tuple(
        Drawn(_degrees(line), dashed=number > 0, lines=(said,)) for number, (said, line) in enumerate(card.routes)
    )
    met = tuple(
        Marker(f"met-{number}", *_degrees(one.at)[0], one.shape, one.said) for number, one in enumerate(card.marks)
    )
    return replace(
        with_spot(replace(scene, markers=(*scene.markers, *met)), spot, card.title, moves=False),
        drawn=(*scene.drawn, *drawn[::-1]),  # the chosen way above the other
        view=_box(*box_around(spot, *lines)) if moves else None,
    )


def with_spot(scene: Scene, spot: Spot, name: str, *, moves: bool) -> Scene:
    """The map with a spot; arguments as in `with_walk`."""
    ((lon, lat),) = _degrees(spot.point)
    view = _box(*box_around(spot)) if moves else None
    return replace(scene, markers=(*scene.markers, Marker("here", lon, lat, "here", name)), view=view)


def with_reach(
    scene: Scene, walks: bytes, limits: Sequence[float], name: str, land: shapely.Geometry, *, moves: bool
) -> Scene:
    """The map with the streets from which one walks to one site, by the minutes it takes.

    Parameters
    ----------
    scene
        The map without.
    walks
        As `layers.maps.scene.walk_bytes` makes them.
    limits
        Whole minutes, rising.
    name
        The site's.
    land
        What the map moves to, British National Grid.
    """
    whole = tuple(round(limit) for limit in limits)
    words = ("At most ", f" minutes from this street to {name}", f"No way on foot from this street to {name}")
    between = (f"{low} to {high} minutes" for low, high in pairwise(whole))
    labels = (f"up to {whole[0]} minutes", *between, "longer, or no way on foot")
    return replace(
        scene,
        streetwise=True,
        along=Along(walks, whole, (*_BANDS, _BEYOND), _BEYOND, "", words),
        legend=tuple((fill, label, False) for fill, label in zip((*_BANDS, _BEYOND), labels, strict=True)),
        legend_title=f"To {name}",
        view=_box(*land.bounds) if moves and not land.is_empty else None,
    )


def with_outline(scene: Scene, outline: shapely.Geometry, *, moves: bool = False) -> Scene:
    """The map with a line around a ward or a town, British National Grid; it says nothing, so it is drawn slim."""
    shape = outline.simplify(_OUTLINE_M)
    rings = shapely.get_exterior_ring(shapely.get_parts(shape))
    view = box_of(outline) if moves else scene.view
    return replace(scene, drawn=(*scene.drawn, *(Drawn(_degrees(ring)) for ring in rings)), view=view)


def box_of(shape: shapely.Geometry) -> tuple[float, float, float, float]:
    """What a map shows of a shape in British National Grid: west, south, east, north in degrees."""
    return _box(*shapely.bounds(shapely.box(*shape.bounds).buffer(150)))


def _box(west: float, south: float, east: float, north: float) -> tuple[float, float, float, float]:
    lon, lat = zip(*_degrees(shapely.box(west, south, east, north)), strict=True)
    return min(lon), min(lat), max(lon), max(lat)


def _degrees(shape: shapely.Geometry) -> tuple[tuple[float, float], ...]:
    lon, lat = to_wgs84(*shapely.get_coordinates(shape).T)
    return tuple(zip(lon.tolist(), lat.tolist(), strict=True))
