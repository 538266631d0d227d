"""Who is cut off by a railway, water or a main road: near a site in a straight line, and a long way round on foot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import InputError
from geo.severance import Asked, Lines, cut_off
from geo.whole import parts, shown, whole
from layers.answers.own_children import hidden_said
from layers.answers.whereabouts import where

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from data.place import Place
    from layers.answers.question import Answer

COLUMNS = (
    "area_name", "ward_name", "under5", "kind", "crosses", "site_name", "straight_m", "walk_m", "times", "crossing_m",
    "crossing_near", "origin_id", "easting", "northing", "geometry",
)  # fmt: skip

KINDS = ("railway", "water", "main road")
"""What may lie between; what is named first is blamed where no walk tells."""

_KIND_OF = {"railway": "railway", "river": "water", "water": "water", "main_road": "main road"}
"""Of what a place's map is drawn on."""
_WORDS = {"railway": "a railway", "water": "water", "main road": "a main road"}
_PLURAL = {"railway": "railways", "water": "rivers or other water", "main road": "main roads"}
_SAID = 5
_IN_METRES = 1_000
_ROAD_M = 20.0
"""A main road with a name that is farther from where one is crossed is another one."""


@dataclass(frozen=True, eq=False)
class CutOff:
    """Who is cut off; read-only."""

    table: gpd.GeoDataFrame
    """`COLUMNS`, index ``area_code``; most under-fives first. The geometry is the straight line of the home that tells
    each row."""
    walks: tuple[shapely.LineString | None, ...]
    """The walk of that home, British National Grid; None where there is no way."""
    headline: str
    notes: tuple[str, ...]
    """What a reader should know besides."""

    @property
    def said(self) -> tuple[str, ...]:
        """The headline, the first rows and the notes, in sentences."""
        first = enumerate(self.table.head(_SAID).itertuples(), start=1)
        rows = [f"{number}. {from_to(row)}, {row_said(row)}" for number, row in first]
        return (self.headline, *rows, *self.notes)


def cut_off_of(place: Place, found: Answer) -> CutOff:
    """Neighbourhoods with a site near in a straight line, none within the threshold, and a long way round.

    Parameters
    ----------
    place
        The place.
    found
        An answer to a question there, of today's streets.

    Raises
    ------
    InputError
        The place has no number of under-fives, or no walk is known.
    """
    on = found.ground
    children = on.counted_children
    if np.isnan(children).all():
        raise InputError(place.folder, expected="under-fives, to count who is cut off", found="none in this place")
    if not on.counted.any():
        raise InputError(place.folder, expected="homes whose walk is known", found="none in this place")
    minutes = found.reach["minutes"].to_numpy(float)
    asked = Asked(on.network, on.snaps, on.origins, children, minutes, found.sites, found.question.minutes)
    lines = lines_of(place)
    rows = cut_off(asked, lines)
    table = _named(place, found, rows)
    return CutOff(table, tuple(rows["walk"]), _headline(found, table), _notes(place, lines))


def lines_of(place: Place) -> Lines:
    """The railways, water and main roads of a place, as far as it knows them; what is not land is the sea."""
    drawn = place.backdrop()
    if drawn is None:
        return Lines(np.empty(0, object), np.empty(0, object))
    land = drawn.geometry[drawn["kind"] == "land"]
    sea = shapely.get_parts(shapely.difference(shapely.box(*place.areas().total_bounds), shapely.union_all(land)))
    kind = drawn["kind"].map(_KIND_OF)
    sea = sea[~shapely.is_empty(sea)]
    every = pd.concat([kind.dropna(), pd.Series("water", range(len(sea)))]).to_numpy(object)
    shape = np.concatenate([drawn.geometry[kind.notna()].to_numpy(), sea])
    order = np.argsort(pd.Index(KINDS).get_indexer(every), kind="stable")
    return Lines(every[order], shape[order])


def _named(place: Place, found: Answer, rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The rows of `geo.severance.cut_off` with the names of what they speak of."""
    areas, segments = found.ground.areas.reindex(rows["area_code"]), place.segments()
    home = shapely.get_point(rows.geometry.to_numpy(), 0)
    walked = rows["walk_at"].to_numpy(object)
    known = ~shapely.is_missing(walked)
    near = np.full(len(rows), None, object)
    near[known] = where(place, segments, walked[known])
    words = {
        "kind": rows["kind"],
        "crosses": _called(place, segments, rows["kind"], rows["crosses_at"].to_numpy(object)),
        "site_name": found.sites["name"].reindex(rows["site_id"]).to_numpy(object),
        "crossing_near": near,
    }
    numbers = {
        "straight_m": rows["straight_m"], "walk_m": rows["walk_m"], "crossing_m": rows["aside_m"].where(known),
        "easting": shapely.get_x(home), "northing": shapely.get_y(home),
    }  # fmt: skip
    table = rows[["origin_id"]].assign(
        area_name=areas["area_name"].to_numpy(), ward_name=areas["ward_name"].to_numpy(),
        under5=rows["under5"].round(1), times=(rows["walk_m"] / rows["straight_m"]).round(1),
        **pd.DataFrame(words, rows.index).astype("str"), **pd.DataFrame(numbers, rows.index).round(),
    )  # fmt: skip
    index = pd.Index(rows["area_code"], name="area_code")
    return gpd.GeoDataFrame(table, geometry=rows.geometry).set_index(index)[list(COLUMNS)]


def _called(
    place: Place, segments: gpd.GeoDataFrame, kinds: pd.Series[str], points: NDArray[np.object_]
) -> NDArray[np.object_]:
    """What is in the way in words, a main road by its number or its name: "the A6110"."""
    called = kinds.map(_WORDS).to_numpy(object)
    streets, roads = place.street_parts(), np.flatnonzero((kinds == "main road") & ~shapely.is_missing(points))
    if streets is None:
        return called
    main = streets[streets["main"] & (streets["ref"].notna() | streets["name"].notna())].drop_duplicates("segment")
    tree = shapely.STRtree(segments.geometry.to_numpy()[main["segment"]])
    point, row = tree.query_nearest(points[roads], max_distance=_ROAD_M, all_matches=False)
    called[roads[point]] = ("the " + main["ref"]).fillna(main["name"]).to_numpy(object)[row]
    return called


def _headline(found: Answer, table: gpd.GeoDataFrame) -> str:
    walk, most = found.question.walk, found.ground.network.cost_of(found.question.minutes) / 1000
    near = f"within {_length(most)} of {walk.to} in a straight line"
    if table.empty:
        return f"Of the under-fives beyond {walk.limit} none lives {near} and at least twice as far on foot."
    total = table["under5"].sum()
    each = parts(table.groupby(table["kind"].fillna("nothing"))["under5"].sum(), whole(total))
    blamed = [f"{_WORDS[kind]} is in the way of {each[kind]:,.0f}" for kind in KINDS if each.get(kind, 0)]
    if each.get("nothing", 0):
        other = "the other " if blamed else ""
        blamed.append(
            f"the map shows nothing to explain {other}{each['nothing']:,.0f}: a path may be missing, or the way in "
            "may be on another side"
        )
    whom = "under-five" if whole(total) == 1 else "under-fives"
    return (
        f"{shown(total)} {whom} beyond {walk.limit} live {near}, and at least twice as far on foot. "
        f"{_capital(', '.join(blamed))}."
    )


def _notes(place: Place, lines: Lines) -> tuple[str, ...]:
    lacking = [name for kind, name in _PLURAL.items() if kind not in lines.kind]
    said = f"The street file of this place has no {' and no '.join(lacking)}, so none can be named here."
    return (*([said] if lacking else []), *hidden_said(place.card))


def row_said(row: Any) -> str:  # noqa: ANN401 (a row of a table)
    """A row of `CutOff` in words, without its names."""
    across = f"across {row.crosses}: " if isinstance(row.crosses, str) else ""
    on_foot = "no way on foot" if pd.isna(row.walk_m) else f"{_length(row.walk_m)} on foot"
    said = f"{across}{_length(row.straight_m)} in a straight line, {on_foot}; {_children(row.under5)}."
    if isinstance(row.crossing_near, str):
        said += f" The walk crosses it {_length(row.crossing_m)} away, near {row.crossing_near}."
    return said


def from_to(row: Any) -> str:  # noqa: ANN401 (a row of a table)
    """From which neighbourhood to which site a row of `CutOff` is."""
    return f"{row.area_name} to {row.site_name if isinstance(row.site_name, str) else 'a site without a name'}"


def _children(number: float) -> str:
    return f"{shown(number)} under-five{'' if whole(number) == 1 else 's'}"


def _length(metres: float) -> str:
    """Metres as they are said: "340 m", "1.9 km"."""
    tens = round(metres, -1)
    return f"{tens:,.0f} m" if tens <= _IN_METRES else f"{metres / 1000:,.1f} km"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
