"""The map of What if: how the walk changes, every centre as it is then, what bars or joins the streets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import shapely

from geo.crs import to_wgs84
from geo.difference import NOTICED_MIN
from geo.gaps import NO_STREETS, about
from geo.scenario import AddSite, BlockWay, MendWay, MoveSite, ways_of
from layers.answers.beside_centres import beside_centres
from layers.answers.scenario_words import STOPS_WORDS, said_of_way
from layers.maps import walk_layers
from layers.maps.choropleth import MISSING
from layers.maps.scene import AreaStyle, Drawn, Marker
from layers.maps.site_markers import markers
from layers.maps.walk_layers import CHANGED

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

    from geo.scenario import WayChange
    from layers.answers.comparison import Compared
    from layers.maps.choropleth import Layer
    from layers.maps.scene import Scene


def layer_of(found: Compared) -> Layer:
    """What colours the map: the change, or before any change the walk as it is."""
    if found.after.question.changes:
        return CHANGED
    return replace(walk_layers.walk(found.before.question.minutes), column="minutes_before")


def change_map(
    blank: Scene,
    found: Compared,
    table: gpd.GeoDataFrame,
    centres: gpd.GeoDataFrame,
    *,
    selected: str | None,
    marking: bool,
) -> Scene:
    """The map of a change: areas by how their walk changes, every centre as it is then, and what bars or joins streets.

    Parameters
    ----------
    blank
        The map of the place with nothing on it.
    table
        As `layers.answers.comparison.difference_table` makes it.
    centres
        All centres, after the changes.
    """
    no_street_data = set(found.after.gaps.index[found.after.gaps["access_class"] == NO_STREETS])
    layer = layer_of(found)
    fills = layer.fills(table)
    styles = []
    for code, fill, name, was, then, change in zip(
        table.index, fills, table["area_name"], table["minutes_before"], table["minutes_after"],
        table["minutes_change"], strict=True,
    ):  # fmt: skip
        lines = [str(name)]
        if code in no_street_data:
            lines.append("no street data here")
        elif pd.isna(was) or pd.isna(then):
            lines.append("most families cannot walk there" if pd.isna(then) else "families can now walk there")
        else:
            lines.append(f"typical walk {about(was)} now, {about(then)} with the changes")
            if abs(change) >= NOTICED_MIN:
                lines.append(CHANGED.show(change))
        styles.append(AreaStyle(str(code), str(fill), tuple(lines), fill == MISSING))
    ways, drawn = drawings(ways_of(found.after.question.changes))
    return replace(
        blank, areas=tuple(styles),
        markers=_markers(found, centres) + ways, drawn=drawn, selected=selected, marking=marking,
        legend=layer.legend_rows(table), legend_title=layer.title,
        label="Map of what the changes do to the walk. The tables below the map have the same information.",
    )  # fmt: skip


def _markers(found: Compared, centres: gpd.GeoDataFrame) -> tuple[Marker, ...]:
    """Sites that serve with the changes; those that they close; those that had closed before; what is beside them."""
    after, before = found.after.sites, found.before.sites
    mine = {change.site_id for change in found.after.question.changes if isinstance(change, AddSite | MoveSite)}
    shut = before.loc[before.index.difference(after.index)]
    gone = centres.loc[centres.index.difference(before.index).difference(after.index)]
    there = beside_centres(centres, replace(found.before.question, changes=()))
    there = there.loc[there.index.difference(after.index)]
    networks_count = found.before.question.counting == "network"
    gone = gone[(gone["status"] != "planned") & (networks_count | (gone["kind"] != "network_site"))]
    gone = gone.assign(status=gone["status"].where(gone["status"] == "no_longer_listed", "closed"))
    every = pd.concat([table for table in (after, shut, gone, there) if len(table)])
    drawn = {marker.id: marker for marker in markers(every)}
    drawn |= {name: replace(drawn[name], shape="added") for name in mine & drawn.keys()}
    closed = ("closed by your changes",)
    drawn |= {name: replace(drawn[name], shape="shut", lines=closed) for name in shut.index if name in drawn}
    return tuple(drawn.values())


def drawings(changes: Iterable[WayChange]) -> tuple[tuple[Marker, ...], tuple[Drawn, ...]]:
    """Changes to the streets on the map: a marker for each, and the line or the outline where it has one."""
    marks, lines = [], []
    for change in changes:
        shape = change.geometry
        lon, lat = to_wgs84(*shapely.get_coordinates(shape).T)
        if len(lon) > 1:
            corners = tuple((round(x, 6), round(y, 6)) for x, y in zip(lon.tolist(), lat.tolist(), strict=True))
            lines.append(Drawn(corners, closed=isinstance(shape, shapely.Polygon), lines=(said_of_way(change),)))
        point = shapely.line_interpolate_point(shape, 0.5, normalized=True) if _is_line(shape) else shape
        (x,), (y,) = to_wgs84(*shapely.get_coordinates(shapely.point_on_surface(point)).T)
        words = "mended" if isinstance(change, MendWay) else "a crossing"
        words = STOPS_WORDS[change.stops] if isinstance(change, BlockWay) else words
        drawn = "shut" if isinstance(change, BlockWay) else "added"
        marks.append(
            Marker(
                change.mark_id, round(float(x), 5), round(float(y), 5), drawn, change.name,
                (f"{words} in your scenario",),
            )
        )  # fmt: skip
    return tuple(marks), tuple(lines)


def _is_line(shape: shapely.Geometry) -> bool:
    return isinstance(shape, shapely.LineString)
