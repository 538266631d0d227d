"""The map of new sites, over the walk now or over what a site at each street would give."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import shapely

from geo.crs import to_wgs84
from layers.answers import new_sites
from layers.maps import walk_layers
from layers.maps.answer_map import Look, answer_map
from layers.maps.choropleth import MISSING
from layers.maps.scene import Marker
from layers.maps.site_markers import markers

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.answers.new_sites import Sited
    from layers.answers.question import Answer
    from layers.maps.scene import Scene

PALE = "#f4f5f6"
"""The colour of areas below streets or marks that are coloured."""


def new_sites_map(
    blank: Scene, answer: Answer, table: gpd.GeoDataFrame, found: Sited | None, *, gains_url: str | None
) -> Scene:
    """The map of where new sites would help.

    Parameters
    ----------
    blank
        The map of the place with nothing on it.
    table
        The answer as a table of areas.
    found
        The plan, if there is one.
    gains_url
        Address of the streets by what a site there would give; the walk colours the areas if none.
    """
    drawn = answer_map(blank, answer, table, Look(layer=walk_layers.walk(answer.question.minutes)))
    if gains_url is not None:
        pale = tuple(replace(area, fill=PALE if area.fill != MISSING else MISSING) for area in drawn.areas)
        drawn = replace(drawn, areas=pale, gains_url=gains_url)
    return replace(
        drawn,
        markers=(*markers(answer.sites), *(_new(found) if found else ())),
        label="Map of where new sites would help. The tables below the map have the same information.",
    )


def _new(found: Sited) -> list[Marker]:
    chosen = new_sites.siting_table(found)
    at = to_wgs84(*shapely.get_coordinates(chosen.geometry.to_numpy()).T)
    rows = zip(chosen.index, *at, chosen["order"], chosen["name"], chosen["within"], strict=True)
    return [
        Marker(
            f"new:{site_id}", round(lon, 5), round(lat, 5), "added", f"{order}. {name}",
            (f"{within:,.0f} more under-fives within {found.question.walk.limit}, with those before it",),
        )
        for site_id, lon, lat, order, name, within in rows
    ]  # fmt: skip
