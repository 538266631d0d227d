"""What a walk is told by: what its streets are called, what one meets on them, and which main roads it crosses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from geo.network import STREET_CLASSES
from geo.road_crossings import crossed
from geo.street_parts import BARRIERS, CROSSINGS

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from data.place import Place
    from geo.network import WalkNetwork
    from geo.road_crossings import Crossed
    from geo.routes import Route

NEAR_M = 30.0
"""A crossing that is mapped no farther than this from where the walk crosses the road is told with it."""

SAME_ROAD_M = 40.0
"""Two carriageways of one road that are crossed no farther apart than this are one road."""

NOT_MAPPED = ", no crossing mapped"
"""What is said behind a main road that is crossed where there is none."""

_TOLD = (*BARRIERS, "level_crossing")
"""What is told wherever it is met; other crossings only where a road is crossed."""
_MET_WORDS = {
    "stile": "a stile", "kissing_gate": "a kissing gate", "turnstile": "a turnstile", "gate": "a gate",
    "lift_gate": "a lift gate", "cycle_barrier": "a cycle barrier", "bollard": "a bollard",
    "cattle_grid": "a cattle grid", "ford": "a ford", "level_crossing": "a level crossing",
}  # fmt: skip
_CROSSING_WORDS = {
    "signal_crossing": "a signal crossing", "zebra_crossing": "a zebra crossing",
    "other_crossing": "a crossing without signals", "crossing": "a crossing",
    "unmarked_crossing": "an unmarked crossing",
}  # fmt: skip


class Met(NamedTuple):
    """Something on the way: its kind as in `geo.street_parts.MET`, or "road" where a main road has no crossing.

    ``said`` begins in small letters; ``at`` is in British National Grid.
    """

    kind: str
    said: str
    at: shapely.Point
    stops_prams: bool = False


class Part(NamedTuple):
    """A piece of a street: from where to where along its segment (millimetres), and what is known of it."""

    begin: int
    end: int
    street: str | None
    surface: str | None


@dataclass(frozen=True, eq=False)
class Signposts:
    """The tables of a place by which a walk is told. Nothing is named in a place that has none."""

    segments: gpd.GeoDataFrame
    parts: pd.DataFrame | None = None
    waypoints: gpd.GeoDataFrame | None = None
    ferries: gpd.GeoDataFrame | None = None

    @classmethod
    def of(cls, place: Place) -> Signposts:
        """Those of a place."""
        return cls(place.segments(), place.street_parts(), place.waypoints(), place.ferries())

    def parts_of(self, row: int, low: int, high: int) -> list[Part]:
        """The pieces of a segment from ``low`` to ``high``, without gaps."""
        found, at = [], low
        for begin, end, street, surface in self._known(row):
            if end > at and begin < high:
                if begin > at:
                    found.append(Part(at, begin, None, None))
                found.append(Part(max(begin, at), min(end, high), street, surface))
                at = min(end, high)
        return [*found, Part(at, high, None, None)] if at < high or not found else found

    def met(self, row: int, low: int, high: int) -> list[tuple[int, Met]]:
        """What one meets on a segment from ``low`` to ``high``, each with how far along it stands."""
        on, along, kind, at = self._points
        first, last = np.searchsorted(on, [row, row + 1])
        here = [one for one in range(first, last) if kind[one] in _TOLD and low <= along[one] <= high]
        return [
            (
                int(along[one]),
                Met(kind[one], _MET_WORDS[kind[one]], at[one], stops_prams=self.stops_prams(row, int(along[one]))),
            )
            for one in here
        ]

    def stops_prams(self, row: int, along: int) -> bool:
        """Whether no pram passes there: a segment can be barred at its ends, and only there."""
        length, start, end = self._ends
        barred = start[row] if along == 0 else end[row]
        return along in (0, int(length[row])) and bool(int(barred) & 2)

    def roads(self, network: WalkNetwork, route: Route) -> list[tuple[int, Met]]:
        """The main roads that a walk crosses, and other streets at a crossing; each with the stretch at whose end."""
        if self.parts is None:
            return []
        found = [(one, self._main_road(one)) for one in crossed(network, route.stretches, self.segments, self._is_main)]
        others = crossed(network, route.stretches, self.segments, self._has_crossing & ~self._is_main)
        found += [(one, met) for one in others if not one.followed for met in self._at_crossing(one)]
        told: list[tuple[int, Met]] = []
        for one, met in sorted(found, key=lambda pair: pair[0].after):
            again = told and told[-1][1].at.distance(met.at) <= SAME_ROAD_M
            if again and _road(told[-1][1]) == _road(met):
                best = min(told[-1][1], met, key=lambda each: _ORDER.get(each.kind, len(_ORDER)))
                told[-1] = (one.after, best)
            else:
                told.append((one.after, met))
        return told

    def _main_road(self, one: Crossed) -> Met:
        road = self._called(one.rows) or "a main road"
        near = self._crossings_near(one)
        if not near:
            return Met("road", f"crosses {road}" + (NOT_MAPPED if self._has_nodes else ""), one.point)
        _, off, at = min(near)
        kind = self._points[2][at]
        where = "at" if off < 1 else "near"
        return Met(kind, f"crosses {road} {where} {_CROSSING_WORDS[kind]}", self._points[3][at])

    def _crossings_near(self, one: Crossed) -> list[tuple[int, float, int]]:
        """Crossings of that road: how safe (0 is best), how far off, and which of the waypoints."""
        on, _, kind, at = self._points
        off = shapely.distance(at, one.point)
        here = (off <= NEAR_M) & self._is_main[on]
        if one.followed:  # it is passed, wherever it is
            passed = np.isin(on, one.rows)
            off = np.where(passed, 0.0, off)
            here |= passed
        return [
            (_ORDER[kind[which]], float(off[which]), int(which))
            for which in np.flatnonzero(here)
            if kind[which] in _CROSSING_WORDS
        ]

    def _at_crossing(self, one: Crossed) -> list[Met]:
        """A road that is no main road, where it has a crossing at the very junction."""
        _, _, kind, at = self._points
        here = (kind[which] for which in np.flatnonzero(shapely.distance(at, one.point) < 1))
        said = [found for found in here if found in _CROSSING_WORDS and found != "unmarked_crossing"]
        road = self._called(one.rows) or "a street"
        return [Met(found, f"crosses {road} at {_CROSSING_WORDS[found]}", one.point) for found in said[:1]]

    def _called(self, rows: tuple[int, ...]) -> str | None:
        named = (street for row in rows for _, _, street, _ in self._known(row) if street)
        return next(named, None)

    def _known(self, row: int) -> list[Part]:
        """What the table has of a segment."""
        on, begin, end, name, ref, main, surface = self._pieces
        path = bool(self._is_path[row])
        return [
            Part(
                int(begin[at]),
                int(end[at]),
                _street(name[at], ref[at], main=bool(main[at]), path=path),
                surface[at] if isinstance(surface[at], str) else None,
            )
            for at in range(*np.searchsorted(on, [row, row + 1]))
        ]

    @cached_property
    def _pieces(self) -> tuple[NDArray[Any], ...]:
        """The segment of each piece, rising; where it begins and ends, name, number, whether a main road, surface."""
        if self.parts is None:
            return (np.empty(0, np.int64),) * 7
        columns = ("segment", "begin_mm", "end_mm", "name", "ref", "main", "surface")
        return tuple(self.parts[column].to_numpy() for column in columns)

    @cached_property
    def _points(self) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str], NDArray[np.object_]]:
        """Of each waypoint: its segment, rising; how far along it stands, its kind, and where it is."""
        if self.waypoints is None:
            return np.empty(0, np.int64), np.empty(0, np.int64), [], np.empty(0, object)
        segment, along = (self.waypoints[column].to_numpy(np.int64) for column in ("segment", "along_mm"))
        return segment, along, self.waypoints["kind"].tolist(), self.waypoints.geometry.to_numpy()

    @cached_property
    def _has_nodes(self) -> bool:
        """Whether the street file has tags of nodes: or else that no crossing is mapped tells nothing of the road."""
        return any(kind in BARRIERS for kind in self._points[2])

    @cached_property
    def _is_main(self) -> NDArray[np.bool_]:
        found = np.zeros(len(self.segments), np.bool_)
        if self.parts is not None:
            found[self._pieces[0][self.parts["main"].to_numpy(np.bool_)]] = True
        return found

    @cached_property
    def _is_path(self) -> NDArray[np.bool_]:
        return np.asarray(self.segments["street_class"] == STREET_CLASSES.index("path"))

    @cached_property
    def _has_crossing(self) -> NDArray[np.bool_]:
        """Streets and roads, not paths, with a crossing on them."""
        found = np.zeros(len(self.segments), np.bool_)
        on, _, kind, _ = self._points
        found[on[[one in _CROSSING_WORDS for one in kind]] if len(on) else on] = True
        return found & ~self._is_path

    @cached_property
    def _ends(self) -> tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.uint8]]:
        """Of each segment: its length, and whom its start and its end stop."""
        table = self.segments
        return (
            table["length_mm"].to_numpy(np.int64),
            table["start_barred"].to_numpy(np.uint8),
            table["end_barred"].to_numpy(np.uint8),
        )


_ORDER = {kind: number for number, kind in enumerate(CROSSINGS)}


def _road(met: Met) -> str:
    """The road of a sentence about a crossing."""
    return met.said.split(" at a", 1)[0].split(" near a", 1)[0].removesuffix(NOT_MAPPED)


def _street(name: object, ref: object, *, main: bool, path: bool) -> str | None:
    """What a street is called: name and number of a main road, else the name, else the number."""
    if isinstance(name, str):
        return f"{name} ({ref})" if main and isinstance(ref, str) else name
    if isinstance(ref, str):
        return f"path {ref}" if path else f"the {ref}"
    return None
