"""The walk from every street: minutes from the middle of each segment to the nearest site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.network import Snaps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.access import Nearest
    from geo.network import WalkNetwork


def middles(network: WalkNetwork) -> Snaps:
    """The middle of each segment that the profile may walk, as a point that has joined the network."""
    segments = len(network.start)
    return Snaps(
        segment=np.arange(segments, dtype=np.int32),
        cost=network.cost // 2,
        length=network.length // 2,
        leg=np.zeros(segments, np.int32),
        snap_m=np.zeros(segments),
    )


def street_minutes(state: Nearest, rows: int) -> NDArray[np.float64]:
    """Minutes from the middle of each segment to the nearest site.

    Parameters
    ----------
    state
        The nearest site of every junction, on one profile's streets.
    rows
        Length of the table of segments, which all profiles share.

    Returns
    -------
    numpy.ndarray
        Shape (rows,): infinite where no way leads to any site, NaN where this profile may not walk.
    """
    network = state.network
    walk = network.minutes(state.cost(middles(network))[0])
    minutes = np.full(rows, np.nan)
    minutes[network.row] = np.where(np.isnan(walk), np.inf, walk)
    return minutes
