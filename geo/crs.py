"""British National Grid to measure in, WGS84 to draw in."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Transformer

from geo.errors import CrsError

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

BNG = "EPSG:27700"
"""British National Grid, metres. Without the OSTN15 grid PROJ is off by up to 2 m, which is harmless for a walk."""

WGS84 = "EPSG:4326"
"""Longitude and latitude in degrees."""

GREAT_BRITAIN = (-50_000.0, -50_000.0, 720_000.0, 1_300_000.0)
"""West, south, east, north in metres of British National Grid, with some sea."""

EARTH_RADIUS_M = 6_371_009.0
"""Mean radius that OSMnx uses for great-circle lengths, so that lengths agree with it."""


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


@cache
def _thread(process: int) -> ThreadPoolExecutor:  # noqa: ARG001 (a thread does not live on in a forked process)
    """The one thread in which coordinates are moved.

    pyproj prepares a transformer in each thread for itself, which takes 40 ms, and Streamlit draws every page in a
    thread of its own.
    """
    return ThreadPoolExecutor(1, thread_name_prefix="coordinates")


def _moved(
    source: str, target: str, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    moving = _thread(os.getpid()).submit(lambda: _transformer(source, target).transform(x, y))
    first, second = moving.result()
    return np.asarray(first), np.asarray(second)


def to_bng(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes (degrees, WGS84) to eastings and northings (metres, British National Grid)."""
    return _moved(WGS84, BNG, lon, lat)


def to_wgs84(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Eastings and northings (metres, British National Grid) to longitudes and latitudes (degrees, WGS84)."""
    return _moved(BNG, WGS84, x, y)


def moved_to(shapes: gpd.GeoSeries, crs: str) -> gpd.GeoSeries:
    """Shapes in another CRS; faster than ``to_crs`` in the thread of a page."""
    return _thread(os.getpid()).submit(lambda: shapes.to_crs(crs)).result()


def great_circle_m(
    lon1: NDArray[np.float64], lat1: NDArray[np.float64], lon2: NDArray[np.float64], lat2: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Metres between pairs of points in degrees: the haversine formula on a sphere, as OSMnx measures a street."""
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    h = np.sin((phi2 - phi1) / 2) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin(np.radians(lon2 - lon1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(h, 1.0))))


def in_bng(table: gpd.GeoDataFrame, source: str | Path) -> gpd.GeoDataFrame:
    """Return the table in British National Grid.

    Raises
    ------
    CrsError
        The table says no reference system, or its coordinates do not fall on Great Britain: a flipped axis or a
        wrong reference system shows itself here rather than on the map.
    """
    if table.crs is None:
        raise CrsError(source, expected="a stated coordinate reference system", found="none")
    moved = table if table.crs == BNG else table.to_crs(BNG)
    if len(moved) and not moved.geometry.is_empty.all():
        if table.crs.is_geographic and np.abs(raw := table.total_bounds).max() > 360:
            found = f"{raw[0]:.0f},{raw[1]:.0f} to {raw[2]:.0f},{raw[3]:.0f}, which look like metres"
            expected = "degrees, as a GeoJSON without a reference system has them (or a GeoPackage that states its own)"
            raise CrsError(source, expected=expected, found=found)
        west, south, east, north = moved.total_bounds
        least_x, least_y, most_x, most_y = GREAT_BRITAIN
        if not (least_x <= west <= east <= most_x and least_y <= south <= north <= most_y):
            raise CrsError(
                source,
                expected="coordinates on Great Britain (easting 0 to 700000, northing 0 to 1300000)",
                found=f"{table.crs.to_string()} giving {west:.0f},{south:.0f} to {east:.0f},{north:.0f}",
            )
    return moved
