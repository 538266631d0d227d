"""Land and sea in a rectangle, told from coast lines, which have the land on their left."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_SHARE = 0.95
"""The coast is believed if so much of the authority comes out as land."""

_ASIDE_M = 0.1
"""How far beside the coast one looks which face is there: less than any mapped spit is wide."""


class Land(NamedTuple):
    """Land as polygons, and plain sentences for whoever reads the map."""

    shapes: NDArray[np.object_]
    notes: tuple[str, ...]


def land_of(coast: NDArray[np.object_], *, frame: shapely.Geometry, outline: shapely.Geometry) -> Land:
    """Tell land from sea.

    Where an extract breaks the coast off, the loose end is taken straight to the frame's edge, or to where the coast
    goes on if that is nearer. So the shore of a neighbour may be a rough one; that of the authority is whole.

    Parameters
    ----------
    coast
        Lines with the land on their left, shape (lines,), British National Grid.
    frame
        The rectangle to tell it for.
    outline
        What is known to be land, (Multi)Polygon.

    Returns
    -------
    Land
        All of the frame where there is no coast in it, and where the coast cannot be right, which the notes say.

    Notes
    -----
    Source: https://wiki.openstreetmap.org/wiki/Tag:natural%3Dcoastline.
    """
    everything = Land(np.array([frame], object), ())
    coast = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(coast), directed=True))
    coast = coast[shapely.intersects(frame, coast)]
    if not len(coast):
        return everything
    edges = np.concatenate([shapely.intersection(coast, frame), _bridges(coast, frame), [shapely.boundary(frame)]])
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(edges)]))
    land = faces[_is_land(faces, coast)]
    known = shapely.area(shapely.intersection(shapely.union_all(land), outline)) / shapely.area(outline)
    if known < LEAST_SHARE:
        said = (
            f"The coast in the street file is broken: by it only {known:.0%} of the authority would be land. The map "
            "is drawn without a coast."
        )
        return everything._replace(notes=(said,))
    return Land(land, ())


def _bridges(coast: NDArray[np.object_], frame: shapely.Geometry) -> NDArray[np.object_]:
    """Straight lines from each loose end in the frame to the next loose beginning or the frame's edge, if nearer."""
    open_ended = coast[~shapely.is_closed(coast)]
    begins, ends = shapely.get_point(open_ended, 0), shapely.get_point(open_ended, -1)
    edge = shapely.boundary(frame)
    bridges = [
        shapely.shortest_line(
            loose[shapely.contains_properly(frame, loose)], shapely.union(shapely.multipoints(others), edge)
        )
        for loose, others in ((begins, ends), (ends, begins))
    ]
    return np.concatenate(bridges)


def _is_land(faces: NDArray[np.object_], coast: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which faces lie to the left of most of the coast along them; land, too, where there is none along one."""
    corners, line = shapely.get_coordinates(coast, return_index=True)
    step = (line[1:] == line[:-1]) & (corners[1:] != corners[:-1]).any(axis=1)
    first, second = corners[:-1][step], corners[1:][step]
    along = second - first
    length = np.hypot(*along.T)
    aside = np.column_stack([-along[:, 1], along[:, 0]]) / length[:, None] * _ASIDE_M
    middle = (first + second) / 2
    metres = []
    for side in (aside, -aside):
        face, point = shapely.STRtree(shapely.points(middle + side)).query(faces, predicate="contains")
        metres.append(np.bincount(face, weights=length[point], minlength=len(faces)))
    left, right = metres
    return np.asarray(left >= right)
