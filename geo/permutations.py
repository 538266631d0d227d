"""The kernel that draws an area's neighbours at random, again and again."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def as_far(z, offset, neighbour, permutations, seed):  # type: ignore[no-untyped-def]
    """How often others, drawn at random, add up to at least, and to at most, what an area's neighbours do.

    Parameters
    ----------
    z
        Of every area, float64.
    offset, neighbour
        As `geo.clusters.Neighbours`.
    permutations, seed
        How often is drawn; a seed of type uint64.

    Returns
    -------
    tuple of arrays
        At least, and at most: int64, of shape (areas,). As many are drawn as the area has neighbours, each once.
    """
    n = len(z)
    more, less = np.zeros(n, np.int64), np.zeros(n, np.int64)
    others = np.empty(n - 1, np.float64)
    for area in range(n):
        size = offset[area + 1] - offset[area]
        found = 0.0
        for i in range(offset[area], offset[area + 1]):
            found += z[neighbour[i]]
        others[:area], others[area:] = z[:area], z[area + 1 :]
        state = seed * np.uint64(0x9E3779B97F4A7C15) + np.uint64(area + 1)  # each area its own numbers (splitmix64)
        for _ in range(permutations):
            drawn = 0.0
            for i in range(size):  # the first cards of a shuffled pack; it need not be put in order again
                state += np.uint64(0x9E3779B97F4A7C15)
                mixed = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
                mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
                left = np.uint64(n - 1 - i)
                at = i + np.int64((((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(32)) * left) >> np.uint64(32))
                others[i], others[at] = others[at], others[i]
                drawn += others[i]
            more[area] += drawn >= found - 1e-9
            less[area] += drawn <= found + 1e-9
    return more, less
