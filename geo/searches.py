"""Bounded searches from many doors at once: each stops where it can no longer shorten a walk."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo import paths
from geo.errors import RequestError
from geo.network import Doors, Snaps

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.network import WalkNetwork

    Integers = NDArray[np.int64]

THREADS = 2
"""The searches let go of the interpreter; what they find is put together in its own order."""


def weights_of(values: ArrayLike, homes: int, name: str) -> NDArray[np.float64]:
    """How much each home counts, checked.

    Raises
    ------
    RequestError
        There is not one number of zero or more for each home.
    """
    weights = np.asarray(values, np.float64)
    if weights.shape != (homes,) or not np.all(np.isfinite(weights) & (weights >= 0)):
        message = f"{name} is needed for each of the {homes} homes: a number that is zero or more"
        raise RequestError(message)
    return weights


class Ends(NamedTuple):
    """The open ends of the street that each of some doors is on, in compressed rows, and the walk from the door."""

    first: NDArray[np.int32]
    junction: NDArray[np.int32]
    walk: NDArray[np.int32]


def ends_of(network: WalkNetwork, doors: Doors) -> Ends:
    """The open ends next to each door."""
    s = doors.segment
    is_open = np.column_stack([network.start_open[s], network.end_open[s]])
    return Ends(
        np.append(0, np.cumsum(is_open.sum(axis=1))).astype(np.int32),
        np.column_stack([network.start[s], network.end[s]])[is_open],
        np.column_stack([doors.leg + doors.low, doors.leg + network.cost[s] - doors.high])[is_open],
    )


def home_doors(snaps: Snaps, homes: Integers) -> Doors:
    """Homes as sites are: a walk is as long there as back."""
    segment, cost, length, leg = (values[homes] for values in snaps[:4])
    return Doors(segment, homes.astype(np.int32), cost, cost, length, length, leg)


def search(
    network: WalkNetwork, ends: Ends, rows: Integers, most: NDArray[np.int32]
) -> tuple[Integers, NDArray[np.int32], NDArray[np.int32]]:
    """Search from each group of doors, those from one of ``rows`` to the next; see `geo.paths.bounded_searches`."""
    first = ends.first[rows]
    junction, walk = ends.junction[first[0] : first[-1]], ends.walk[first[0] : first[-1]]
    until, reached, walked = paths.bounded_searches(
        network.graph, first - first[0], junction, walk, most, paths.unchanged(len(rows) - 1)
    )
    return until, reached, walked
