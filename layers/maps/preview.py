"""Outlines as a small picture (SVG), to see at once whether they are those that one meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

if TYPE_CHECKING:
    import geopandas as gpd

SIDE = 480
"""Pixels of the longer side."""

_DETAIL = 0.6
"""Pixels: what is finer is not drawn."""

MOST = 8_000
"""So many outlines are drawn; a whole country would be too much for a browser."""


def outlines_svg(outlines: gpd.GeoSeries) -> str:
    """Outlines as a picture.

    Parameters
    ----------
    outlines
        Polygons, British National Grid.
    """
    west, south, east, north = outlines.total_bounds
    metres = max(east - west, north - south, 1.0) / SIDE
    coarse = shapely.simplify(outlines.to_numpy()[:MOST], _DETAIL * metres)
    rings = shapely.get_rings(shapely.get_parts(coarse))
    points, of = shapely.get_coordinates(rings, return_index=True)
    x, y = (points[:, 0] - west) / metres, (north - points[:, 1]) / metres
    pieces = [
        f"{'M' if number == 0 or of[number] != of[number - 1] else 'L'}{a:.1f} {b:.1f}"
        for number, (a, b) in enumerate(zip(x.tolist(), y.tolist(), strict=True))
    ]
    wide, high = max(1, round((east - west) / metres)), max(1, round((north - south) / metres))
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{wide}' height='{high}' viewBox='-1 -1 {wide + 2} {high + 2}'>"
        f"<path d='{''.join(pieces)}' fill='#d9e8ea' stroke='#0b5c6b' stroke-width='.6' fill-rule='evenodd'/></svg>"
    )
