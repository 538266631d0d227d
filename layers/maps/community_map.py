"""The community's map: the marks, over the walk to the nearest peer-support group."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from geo.gaps import NO_STREETS
from geo.whole import whole
from layers.maps import mark_markers, walk_layers
from layers.maps.choropleth import MISSING
from layers.maps.new_sites_map import PALE
from layers.maps.scene import AreaStyle
from layers.maps.walk_layers import walk_words

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.answers.peer_support import PeerReach
    from layers.maps.scene import Scene


def community_map(blank: Scene, shown: gpd.GeoDataFrame, found: PeerReach, *, selected: str | None) -> Scene:
    """The map of some marks.

    Parameters
    ----------
    blank
        The map of the place with nothing on it.
    shown
        The marks (`geo.tables.Marks`).
    found
        Who lives near a peer-support group.
    selected
        The mark that is looked at.
    """
    layer = walk_layers.walk(found.question.minutes)
    fills = layer.fills(found.areas) if len(found.groups) else pd.Series(PALE, found.areas.index)
    styles = [
        AreaStyle(str(code), str(fill), lines, fill == MISSING)
        for code, fill, lines in zip(found.areas.index, fills, _lines(found), strict=True)
    ]
    return replace(
        blank,
        areas=tuple(styles),
        markers=mark_markers.markers(shown),
        drawn=mark_markers.outlines(shown),
        selected=selected,
        legend=layer.legend_rows(found.areas) if len(found.groups) else (),
        legend_title="Minutes on foot to a group",
        label="Map of the community's marks. The table below the map has the same information.",
    )


def _lines(found: PeerReach) -> list[tuple[str, ...]]:
    """What is said of each area; nothing of a walk where there is no group to walk to."""
    areas, limit = found.areas, found.question.walk.limit
    rows = zip(
        areas["area_name"], areas["access_class"], areas["minutes_median"], areas["under5_beyond"],
        whole(areas["under5_known"]), strict=True,
    )  # fmt: skip
    told = []
    for name, access, minutes, beyond, known in rows:
        lines = [str(name)]
        if access == NO_STREETS or not pd.isna(minutes):
            lines.append(walk_words(access, minutes, where=" to a group"))
        if not pd.isna(beyond):
            lines.append(f"{beyond:,.0f} of {known:,.0f} under-fives beyond {limit} of one")
        told.append(tuple(lines))
    return told
