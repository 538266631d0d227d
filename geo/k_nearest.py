"""The kernels for more than one nearest site: at every junction, and from there to the points beside the streets.

Numba keeps what it compiled by the file alone: who changes `geo.paths.better` empties ``geo/__pycache__``.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from geo.paths import FAR, NO_SITE, better


@njit(cache=True, nogil=True)
def k_nearest(graph, seeds, k, limit):  # type: ignore[no-untyped-def]
    """The k nearest distinct sites of every junction, by a heap in the order of cost, site, length.

    Returns
    -------
    tuple of arrays
        cost, site, length of shape (junctions, k), int32, rising along each row; `FAR` and `NO_SITE` where fewer
        sites can be reached within ``limit``.
    """
    junctions = len(graph.offset) - 1
    cost = np.full((junctions, k), FAR, np.int32)
    site = np.full((junctions, k), NO_SITE, np.int32)
    length = np.full((junctions, k), FAR, np.int32)
    found = np.zeros(junctions, np.int32)
    room = max(1024, 4 * k * junctions)
    heap = np.empty((room, 4), np.int32)
    size = np.int64(0)
    for s in range(len(seeds.junction)):
        if seeds.cost[s] <= limit:
            heap, size = _push(heap, size, seeds.cost[s], seeds.site[s], seeds.length[s], seeds.junction[s])
    while size > 0:
        here_cost, here_site, here_length, here = heap[0, 0], heap[0, 1], heap[0, 2], heap[0, 3]
        size = _drop_first(heap, size)
        if found[here] == k or _has(site, here, found[here], here_site):
            continue
        n = found[here]
        cost[here, n], site[here, n], length[here, n] = here_cost, here_site, here_length
        found[here] += 1
        for i in range(graph.offset[here], graph.offset[here + 1]):
            there = graph.neighbour[i]
            new_cost = here_cost + graph.cost[i]
            if new_cost <= limit and found[there] < k and not _has(site, there, found[there], here_site):
                heap, size = _push(
                    heap, size, np.int32(new_cost), here_site, np.int32(here_length + graph.length[i]), there
                )
    return cost, site, length


@njit(cache=True, nogil=True)
def _has(site, junction, found, wanted):  # type: ignore[no-untyped-def]
    for n in range(found):
        if site[junction, n] == wanted:
            return True
    return False


@njit(cache=True, nogil=True)
def _push(heap, size, cost, site, length, junction):  # type: ignore[no-untyped-def]
    if size == len(heap):
        larger = np.empty((2 * len(heap), 4), np.int32)
        for row in range(size):
            _copy(heap, row, larger, row)
        heap = larger
    child = size
    while child > 0:
        parent = (child - 1) >> 2
        if not better(cost, site, length, heap[parent, 0], heap[parent, 1], heap[parent, 2]):
            break
        _copy(heap, parent, heap, child)
        child = parent
    heap[child, 0], heap[child, 1], heap[child, 2], heap[child, 3] = cost, site, length, junction
    return heap, size + 1


@njit(cache=True, nogil=True, inline="always")
def _copy(heap, row, into, at):  # type: ignore[no-untyped-def]
    """Number by number: an assignment of whole rows takes longer to compile than all else here."""
    into[at, 0], into[at, 1], into[at, 2], into[at, 3] = heap[row, 0], heap[row, 1], heap[row, 2], heap[row, 3]


@njit(cache=True, nogil=True)
def _drop_first(heap, size):  # type: ignore[no-untyped-def]
    size -= 1
    cost, site, length, junction = heap[size, 0], heap[size, 1], heap[size, 2], heap[size, 3]
    parent = 0
    while True:
        least = 4 * parent + 1
        if least >= size:
            break
        for child in range(least + 1, min(least + 4, size)):
            if better(heap[child, 0], heap[child, 1], heap[child, 2], heap[least, 0], heap[least, 1], heap[least, 2]):
                least = child
        if not better(heap[least, 0], heap[least, 1], heap[least, 2], cost, site, length):
            break
        _copy(heap, least, heap, parent)
        parent = least
    heap[parent, 0], heap[parent, 1], heap[parent, 2], heap[parent, 3] = cost, site, length, junction
    return size


@njit(cache=True, nogil=True)
def labels_at_points(snaps, streets, doors, cost, site, length, k):  # type: ignore[no-untyped-def]
    """From the junctions' answers to the points': each end of the point's segment, and doors on the same segment.

    Parameters
    ----------
    snaps
        ``(segment, cost_along, length_along, leg)`` of each point, int32; segment -1 is off the network.
    streets
        ``(start, end, cost, length, start_open, end_open)`` of each segment; a barred end leads nowhere.
    doors
        Entrances in the order of their segment: ``(first_of_segment, site, low, high, low_length, high_length, leg)``.
    cost, site, length
        Labels of shape (junctions, k).
    k
        How many distinct sites.

    Returns
    -------
    tuple of arrays
        cost, site, length of shape (points, k), int32, the point's own leg included.
    """
    segment, along, along_length, leg = snaps
    start, end, whole, whole_length, start_open, end_open = streets
    first, door_site, low, high, low_length, high_length, door_leg = doors
    points = len(segment)
    out_cost = np.full((points, k), FAR, np.int32)
    out_site = np.full((points, k), NO_SITE, np.int32)
    out_length = np.full((points, k), FAR, np.int32)
    for p in range(points):
        s = segment[p]
        if s < 0:
            continue
        for d in range(first[s], first[s + 1]):
            walk = max(low[d] - along[p], along[p] - high[d], 0)
            walked = max(low_length[d] - along_length[p], along_length[p] - high_length[d], 0)
            _insert(
                out_cost[p], out_site[p], out_length[p],
                leg[p] + walk + door_leg[d], door_site[d], leg[p] + walked + door_leg[d],
            )  # fmt: skip
        for n in range(k):
            j = start[s]
            if start_open[s] and site[j, n] != NO_SITE:
                _insert(
                    out_cost[p], out_site[p], out_length[p],
                    leg[p] + along[p] + cost[j, n], site[j, n], leg[p] + along_length[p] + length[j, n],
                )  # fmt: skip
            j = end[s]
            if end_open[s] and site[j, n] != NO_SITE:
                _insert(
                    out_cost[p], out_site[p], out_length[p], leg[p] + whole[s] - along[p] + cost[j, n], site[j, n],
                    leg[p] + whole_length[s] - along_length[p] + length[j, n],
                )  # fmt: skip
    return out_cost, out_site, out_length


@njit(cache=True, nogil=True)
def _insert(costs, sites, lengths, cost, site, length):  # type: ignore[no-untyped-def]
    """Insert a walk into a short row of the best walks to distinct sites."""
    n = len(costs)
    for i in range(len(costs)):
        if sites[i] == site:
            n = i
            break
    if n == len(costs):
        n -= 1
    if not better(cost, site, length, costs[n], sites[n], lengths[n]):
        return
    while n > 0 and better(cost, site, length, costs[n - 1], sites[n - 1], lengths[n - 1]):
        costs[n], sites[n], lengths[n] = costs[n - 1], sites[n - 1], lengths[n - 1]
        n -= 1
    costs[n], sites[n], lengths[n] = cost, site, length
