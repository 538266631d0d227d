"""Where a walk crosses a road: told by the order of the streets around each junction, never by a guess.

A road is crossed at a junction if an arm of it leaves to the left of the walk and another to the right; and along a
stretch of road if one comes to it from its one side and leaves it to the other.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.network import WalkNetwork
    from geo.routes import Stretch

LOOK_M = 5.0
"""How far along a street one looks for its direction at a junction, metres."""

_ROUND = 2 * np.pi


class Crossed(NamedTuple):
    """A road that is crossed.

    ``after`` is the stretch of the walk at whose end it is known to be crossed, ``rows`` the segments of the road there
    or, where it is followed, those that are walked; ``point`` the junction, British National Grid.
    """

    after: int
    rows: tuple[int, ...]
    point: shapely.Point
    followed: bool


def crossed(
    network: WalkNetwork, walked: tuple[Stretch, ...], segments: gpd.GeoDataFrame, is_road: NDArray[np.bool_]
) -> list[Crossed]:
    """The roads that a walk crosses, in the order in which it does.

    Parameters
    ----------
    network
        The streets of who walks.
    walked
        Stretches as `geo.routes.Route` has them.
    segments
        The table that the network was made of: streets that this walker may not use are crossed as well.
    is_road
        Which of its rows are roads whose crossing is wanted, shape (segments,).

    Notes
    -----
    Where a walk follows one road and turns into another it may cross either or none; nothing is said then. The straight
    legs at its ends say nothing either: a home's point does not tell the side of the street for certain.
    """
    if len(walked) < 2:
        return []
    rows = network.row[[one.segment for one in walked]]
    junction = np.array(
        [int((network.end if one.end else network.start)[one.segment]) for one in walked[:-1]], np.int64
    )
    arms = _arms(segments, junction)
    found = []
    for at, here in enumerate(junction):
        come, go = int(rows[at]), int(rows[at + 1])
        angles = arms[int(here)]
        if come in angles and go in angles and come != go:
            right, left = _sides(angles, come, go, is_road)
            if right and left:
                found.append(Crossed(at, (*right, *left), _point(network, walked[at]), followed=False))
    found += _followed(network, walked, rows, junction, arms, is_road)
    return sorted(found, key=lambda one: one.after)


def _followed(
    network: WalkNetwork,
    walked: tuple[Stretch, ...],
    rows: NDArray[np.int64],
    junction: NDArray[np.int64],
    arms: dict[int, dict[int, float]],
    is_road: NDArray[np.bool_],
) -> list[Crossed]:
    """Roads that are come to from one side, followed, and left to the other."""
    found = []
    for road, run in groupby(range(len(walked)), key=lambda at: bool(is_road[rows[at]])):
        steps = list(run)
        first, last = steps[0], steps[-1]
        if not road or first == 0 or last == len(walked) - 1:
            continue
        onto, off = arms[int(junction[first - 1])], arms[int(junction[last])]
        before = [row for row in onto if is_road[row] and row != rows[first]]
        beyond = [row for row in off if is_road[row] and row != rows[last]]
        within = (arms[int(junction[at])] for at in steps[:-1])
        forks = any(sum(bool(is_road[row]) for row in angles) > 2 for angles in within)
        if len(before) != 1 or len(beyond) != 1 or forks:
            continue
        come, go = int(rows[first - 1]), int(rows[last + 1])
        if come not in onto or go not in off:
            continue
        came_from_right = _is_right(onto, before[0], int(rows[first]), come)
        leaves_to_right = _is_right(off, int(rows[last]), beyond[0], go)
        if came_from_right != leaves_to_right:
            followed = tuple(int(rows[at]) for at in steps)
            found.append(Crossed(last, followed, _point(network, walked[last]), followed=True))
    return found


def _sides(angles: dict[int, float], come: int, go: int, is_road: NDArray[np.bool_]) -> tuple[list[int], list[int]]:
    """The roads at a junction to the right and to the left of who comes by one street and goes by another."""
    others = [row for row in angles if is_road[row] and row not in (come, go)]
    right = [row for row in others if _is_right(angles, come, go, row)]
    return right, [row for row in others if row not in right]


def _is_right(angles: dict[int, float], come: int, go: int, row: int) -> bool:
    """Whether a street is to the right of who comes by one and goes by another; angles are counter-clockwise."""
    return (angles[row] - angles[come]) % _ROUND < (angles[go] - angles[come]) % _ROUND


def _arms(segments: gpd.GeoDataFrame, junction: NDArray[np.int64]) -> dict[int, dict[int, float]]:
    """By junction, the rows of the segments that end there, each with the direction in which it leaves, radians."""
    found: dict[int, dict[int, float]] = {int(here): {} for here in junction}
    lines = segments.geometry.to_numpy()
    wanted = np.zeros(1 + max(int(segments["start"].max()), int(segments["end"].max())), np.bool_)
    wanted[junction] = True
    for column, sign in (("start", 1.0), ("end", -1.0)):
        of = segments[column].to_numpy()
        rows = np.flatnonzero(wanted[of])
        line = lines[rows]
        look = np.minimum(LOOK_M, shapely.length(line) / 2)
        # from the end backwards: a negative distance
        ahead = shapely.line_interpolate_point(line, sign * look)
        here = shapely.get_point(line, 0 if sign > 0 else -1)
        angle = np.arctan2(shapely.get_y(ahead) - shapely.get_y(here), shapely.get_x(ahead) - shapely.get_x(here))
        for at, row, direction in zip(of[rows].tolist(), rows.tolist(), angle.tolist(), strict=True):
            found[at][row] = direction
    return found


def _point(network: WalkNetwork, one: Stretch) -> shapely.Point:
    """The junction at which a stretch ends."""
    return shapely.get_point(network.lines[one.segment], -1 if one.end else 0)
