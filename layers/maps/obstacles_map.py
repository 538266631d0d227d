"""What stands in the way on a map: a marker for each barrier; a line from homes to the centre they are cut off from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from geo.crs import to_wgs84
from layers.maps.scene import Drawn, Marker

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from layers.maps.scene import Shape

_SHAPES: dict[str, Shape] = {
    "steps": "steps", "steps with a ramp": "steps", "rough ground": "barrier", "way closed to prams": "barrier",
    "missing link": "crossing", "missing bridge or crossing": "crossing",
}  # fmt: skip


def barrier_markers(table: gpd.GeoDataFrame, ids: Sequence[str], said: Sequence[tuple[str, ...]]) -> tuple[Marker, ...]:
    """A marker for each barrier.

    Parameters
    ----------
    table
        Rows of `layers.answers.barriers.Found`.
    ids, said
        Of each: its id, and what is said of it, the first line its name.
    """
    shapes: list[Shape] = [_SHAPES.get(kind, "gate") for kind in table["kind"]]
    return _markers(table.geometry.to_numpy(), shapes, ids, said)


def cut_off_lines(
    table: gpd.GeoDataFrame, ids: Sequence[str], said: Sequence[tuple[str, ...]]
) -> tuple[tuple[Marker, ...], tuple[Drawn, ...]]:
    """For each row of `layers.answers.cut_off.CutOff` a marker at the home that tells it, and its straight line."""
    lines = table.geometry.to_numpy()
    drawn = tuple(line_drawn(line, text, dashed=True) for line, text in zip(lines, said, strict=True))
    shapes: list[Shape] = ["noted"] * len(table)
    return _markers(shapely.get_point(lines, 0), shapes, ids, said), drawn


def line_drawn(line: shapely.LineString, said: tuple[str, ...], *, dashed: bool = False) -> Drawn:
    """A line in British National Grid as it is drawn on a map."""
    lon, lat = to_wgs84(*shapely.get_coordinates(line).T)
    return Drawn(tuple(zip(lon.round(6).tolist(), lat.round(6).tolist(), strict=True)), dashed=dashed, lines=said)


def _markers(
    points: NDArray[np.object_], shapes: Sequence[Shape], ids: Sequence[str], said: Sequence[tuple[str, ...]]
) -> tuple[Marker, ...]:
    lon, lat = to_wgs84(shapely.get_x(points), shapely.get_y(points))
    return tuple(
        Marker(key, round(x, 5), round(y, 5), shape, text[0], text[1:])
        for key, x, y, shape, text in zip(ids, lon.tolist(), lat.tolist(), shapes, said, strict=True)
    )
