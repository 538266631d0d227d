"""Land and sea in a rectangle, told from coast lines, which have the land on their left."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_SHARE = 0.95
"""The coast is believed if so much of the authority comes out as land."""

WIDEST_GAP_M = 3_000.0
"""A gap in the coast is closed if it is no wider: the mouth of an estuary, where many extracts end."""

COURSE_M = 10_000.0
"""A coast that breaks off goes on as it went over so much of its length."""

MOST_MADE_UP = 0.25
"""Land that is not the authority's is drawn if no more of its shore than this has to be made up."""

LEAST_PART = 0.01
"""Land is the authority's if so much of the authority lies on it: a coarse outline may touch the far bank."""

WORTH_A_WORD_M2 = 1e6
"""Land that is left out is told of if it is larger than this."""

_ASIDE_M = 0.1
"""How far beside the coast one looks which face is there: less than any mapped spit is wide."""

_STEP_M = 100.0
"""A made-up shore is looked at in steps of this length, for it may pass several faces."""


class Land(NamedTuple):
    """Land as polygons, and plain sentences for whoever reads the map."""

    shapes: NDArray[np.object_]
    notes: tuple[str, ...]


def land_of(coast: NDArray[np.object_], *, frame: shapely.Geometry, outline: shapely.Geometry) -> Land:
    """Tell land from sea.

    Where an extract breaks the coast off, the loose end is joined to where the coast goes on if that is no farther than
    `WIDEST_GAP_M`; otherwise it goes straight on to the frame. The authority's own land must end somewhere, and may end
    there. Other land is left out if much of its shore would be like this: no shore is better than a false one.

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
    made_up = shapely.segmentize(_made_up(coast, frame), _STEP_M)
    edges = np.concatenate([shapely.intersection(coast, frame), made_up, [shapely.boundary(frame)]])
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(edges)]))
    real, guessed = _shores(faces, coast), _shores(faces, made_up)
    told_by = np.where(real.any(axis=1, keepdims=True), real, guessed)
    land = told_by[:, 0] >= told_by[:, 1]
    part = shapely.area(shapely.intersection(faces, outline)) / shapely.area(outline)
    known = part[land].sum()
    if known < LEAST_SHARE:
        said = (
            f"The coast in the street file is broken: by it only {known:.0%} of the authority would be land. The map "
            "is drawn without a coast."
        )
        return everything._replace(notes=(said,))
    island = shapely.union_all(shapely.polygonize(coast[shapely.is_closed(coast) & shapely.is_ccw(coast)]))
    sure = part >= LEAST_PART
    sure |= guessed.sum(axis=1) <= MOST_MADE_UP * (real + guessed).sum(axis=1)
    sure |= shapely.contains(island, shapely.point_on_surface(faces))  # even if a made-up shore cuts through it
    unsaid = "The street file has only parts of the shore across the water, so the land there is not on the map."
    return Land(faces[land & sure], (unsaid,) if (shapely.area(faces[land & ~sure]) > WORTH_A_WORD_M2).any() else ())


def _made_up(coast: NDArray[np.object_], frame: shapely.Geometry) -> NDArray[np.object_]:
    """Straight lines, directed as the coast is: over gaps from an end to a beginning; from other loose ends onward."""
    coast = coast[~shapely.is_closed(coast)]
    if not len(coast):
        return coast
    length, number = shapely.length(coast), np.arange(len(coast))
    begins, ends = shapely.get_point(coast, 0), shapely.get_point(coast, -1)
    gap = shapely.distance(ends[:, None], begins[None, :])
    to, back = gap.argmin(axis=1), gap.argmin(axis=0)
    met = (back[to] == number) & (gap[number, to] <= WIDEST_GAP_M)
    before = shapely.line_interpolate_point(coast, np.maximum(length - COURSE_M, 0.0))
    after = shapely.line_interpolate_point(coast, np.minimum(COURSE_M, length))
    alone = ~np.isin(number, to[met])
    return np.concatenate(
        [
            shapely.shortest_line(ends[met], begins[to[met]]),
            _onward(ends[~met], before[~met], frame),
            shapely.reverse(_onward(begins[alone], after[alone], frame)),
        ]
    )


def _onward(loose: NDArray[np.object_], came_from: NDArray[np.object_], frame: shapely.Geometry) -> NDArray[np.object_]:
    """From each loose end in the frame to its edge, straight on from where the coast came from."""
    here = shapely.contains_properly(frame, loose)
    end, start = shapely.get_coordinates(loose[here]), shapely.get_coordinates(came_from[here])
    along = end - start
    beyond = end + along / np.maximum(np.hypot(*along.T), 1e-9)[:, None] * shapely.length(frame)
    lines = shapely.linestrings(np.stack([end, beyond], axis=1))
    return np.asarray(shapely.intersection(frame, lines), object)


def _shores(faces: NDArray[np.object_], lines: NDArray[np.object_]) -> NDArray[np.float64]:
    """Metres of shore along each face, shape (faces, 2): of lines that have it on their left, and on their right."""
    corners, line = shapely.get_coordinates(lines, return_index=True)
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
    return np.column_stack(metres)
