"""Where somebody means: a postcode of the place, or a grid reference, as a point on British National Grid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from geo.crs import to_bng
from geo.errors import RequestError

if TYPE_CHECKING:
    import geopandas as gpd

_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}", re.ASCII)
_NUMBERS = re.compile(r"([0-9]{4,6}(?:\.[0-9]+)?)[\s,;]+([0-9]{4,7}(?:\.[0-9]+)?)", re.ASCII)
_GRID = re.compile(r"([HNOST])([A-HJ-Z])([0-9]{4}|[0-9]{6}|[0-9]{8}|[0-9]{10})", re.ASCII)
_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # without I
_SQUARE_M = 100_000


def whereabouts(text: str, origins: gpd.GeoDataFrame) -> tuple[float, float]:
    """The point that a text means: easting and northing in metres.

    Parameters
    ----------
    text
        A postcode ("PO30 2AN"), a grid reference ("SZ 505 890", "SZ5051489065") or two numbers ("450514, 89065").
    origins
        As `geo.tables.Origins`: the live postcodes that are known.

    Raises
    ------
    RequestError
        It is none of these, or a postcode that is not among the place's live ones.
    """
    said = " ".join(text.upper().split())
    close = re.sub(r"[^A-Z0-9]", "", said)
    if numbers := _NUMBERS.fullmatch(said):
        return float(numbers[1]), float(numbers[2])
    if _POSTCODE.fullmatch(close):
        known = origins.index.str.replace(" ", "")
        at = known.get_indexer([close])[0]
        if at < 0:
            message = f"{close[:-3]} {close[-3:]} is not a live postcode of this place; a grid reference would do"
            raise RequestError(message)
        point = origins.geometry.iloc[at]
        return float(point.x), float(point.y)
    if grid := _GRID.fullmatch(close):
        return _of_grid(*grid.groups())
    message = f"{text[:40]!r} is neither a postcode (PO30 2AN) nor a grid reference (SZ 505 890, or 450514, 89065)"
    raise RequestError(message)


def _of_grid(first: str, second: str, figures: str) -> tuple[float, float]:
    """A grid reference's square by its letters, then the middle of the square that its figures name."""
    big, small = _LETTERS.index(first), _LETTERS.index(second)
    column = (big - 2) % 5 * 5 + small % 5
    row = 19 - big // 5 * 5 - small // 5
    half = len(figures) // 2
    unit = 10 ** (5 - half)
    east, north = (int(part) * unit + unit / 2 * (unit > 1) for part in (figures[:half], figures[half:]))
    return float(column * _SQUARE_M + east), float(row * _SQUARE_M + north)


def to_grid(lon: float, lat: float) -> tuple[float, float]:
    """Where a click was: easting and northing in whole metres."""
    easting, northing = to_bng(np.array([lon]), np.array([lat]))
    return float(round(float(easting[0]))), float(round(float(northing[0])))
