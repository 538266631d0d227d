"""A spot that somebody chose on the map or by name: what it is called, and whose neighbourhood it lies in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import cKDTree

from layers.answers.place_names import names_of

if TYPE_CHECKING:
    from data.place import Place

NEAR_M = 150.0
"""A name this near says where a spot is; a street's name stands at one point of it."""

OF_AREA_M = 1000.0
"""A spot farther from every home lies in no neighbourhood."""

_SAYS_WHERE = {"street", "landmark", "locality"}


@dataclass(frozen=True)
class Spot:
    """A spot: whole metres, British National Grid."""

    easting: int
    northing: int

    @property
    def point(self) -> shapely.Point:
        """As a geometry."""
        return shapely.Point(self.easting, self.northing)


def name_of(place: Place, spot: Spot) -> str:
    """What a spot is called: by the street or landmark next to it, else by its grid reference."""
    near = next_to(place, spot)
    return f"Near {near}" if near else f"Grid reference {spot.easting}, {spot.northing}"


def next_to(place: Place, spot: Spot) -> str | None:
    """The street, landmark or village next to a spot."""
    names = names_of(place)
    wanted = [at for at, kind in enumerate(names.kind) if kind in _SAYS_WHERE]
    if wanted:
        off, which = cKDTree(names.xy[wanted]).query([spot.easting, spot.northing])
        if off <= NEAR_M:
            return names.label[wanted[int(which)]]
    return None


def area_of(place: Place, spot: Spot) -> str | None:
    """The neighbourhood of the nearest home; None where there is none within `OF_AREA_M`."""
    origins = names_of(place).origins
    off = np.hypot(origins.geometry.x - spot.easting, origins.geometry.y - spot.northing).to_numpy()
    return str(origins["area_code"].iloc[int(off.argmin())]) if len(off) and off.min() <= OF_AREA_M else None


def box_around(spot: Spot, *lines: shapely.LineString, least_m: float = 350.0) -> tuple[float, float, float, float]:
    """What a map shows of a spot and the ways from it: west, south, east, north in metres."""
    near = shapely.box(*(spot.point.buffer(least_m).bounds))
    west, south, east, north = shapely.bounds(shapely.union_all([near, *lines]))
    return float(west), float(south), float(east), float(north)
