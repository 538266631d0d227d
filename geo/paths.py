"""The shortest-path kernels; only they and `geo.topology` loop over edges.

All of them count in whole millimetres, so that the same question has one answer, bit for bit, however it is reached:
from scratch, or by taking up an earlier answer after one site came or went. ``cost`` is the length of level ground
that would take as long (steps count three times); time is that length at the walker's speed. Among walks of equal cost
the site of lower number wins, then the shorter walk.

The search is Dijkstra's with circular buckets (Dial 1969), wider than the shortest edges: within one bucket a label may
still be corrected (delta-stepping, Meyer and Sanders 2003), so that the result is exact all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

FAR = np.int32(2**31 - 1)
"""The cost of what cannot be reached."""

NO_SITE = np.int32(-1)

_BUCKET_MM = 8192


class Graph(NamedTuple):
    """Neighbours of every junction in compressed rows; int32, costs and lengths in millimetres."""

    offset: NDArray[np.int32]
    neighbour: NDArray[np.int32]
    cost: NDArray[np.int32]
    length: NDArray[np.int32]
    longest: int
    """The greatest cost of one edge."""


class Seeds(NamedTuple):
    """Where a search starts: junctions with the cost and length already walked from which site, by rising cost."""

    junction: NDArray[np.int32]
    site: NDArray[np.int32]
    cost: NDArray[np.int32]
    length: NDArray[np.int32]


class Labels(NamedTuple):
    """The answer at every junction: nearest site, cost and length of the walk; `FAR` and `NO_SITE` if there is none."""

    cost: NDArray[np.int32]
    site: NDArray[np.int32]
    length: NDArray[np.int32]


def blank_labels(junctions: int) -> Labels:
    """Labels before any search."""
    return Labels(
        np.full(junctions, FAR, np.int32),
        np.full(junctions, NO_SITE, np.int32),
        np.full(junctions, FAR, np.int32),
    )


def sorted_seeds(
    junction: NDArray[np.int32], site: NDArray[np.int32], cost: NDArray[np.int32], length: NDArray[np.int32]
) -> Seeds:
    """Seeds by rising cost, as `spread` wants them."""
    order = np.argsort(cost, kind="stable")
    return Seeds(junction[order], site[order], cost[order], length[order])


@njit(cache=True, nogil=True)
def spread(graph, seeds, cost, site, length, limit):  # type: ignore[no-untyped-def]
    """Let better walks spread from the seeds into the labels, in place; stops where nothing gets better.

    With blank labels this is nearest-site search (many sources, one pass). With the labels of an earlier answer it is
    the update after a site was added, or, once `forget` has cleared the cells of a site, after one was closed.

    Parameters
    ----------
    graph, seeds
        `Graph`, `Seeds`.
    cost, site, length
        The arrays of `Labels`; changed in place.
    limit
        Nothing is carried beyond this cost (millimetres).

    Returns
    -------
    int
        How many labels were settled or corrected.
    """
    rows = graph.longest // _BUCKET_MM + 2
    head = np.full(rows, -1, np.int32)
    after = np.empty(len(cost), np.int32)
    before = np.empty(len(cost), np.int32)
    bucket = np.full(len(cost), -1, np.int32)
    waiting = 0
    seed = 0
    level = 0
    work = 0
    while waiting > 0 or seed < len(seeds.junction):
        if waiting == 0:
            level = seeds.cost[seed] // _BUCKET_MM
        while seed < len(seeds.junction) and seeds.cost[seed] // _BUCKET_MM <= level:
            at, new_cost, new_site, new_length = (
                seeds.junction[seed], seeds.cost[seed], seeds.site[seed], seeds.length[seed],
            )  # fmt: skip
            seed += 1
            if new_cost <= limit and _better(new_cost, new_site, new_length, cost[at], site[at], length[at]):
                cost[at], site[at], length[at] = new_cost, new_site, new_length
                waiting += _file(at, new_cost // _BUCKET_MM % rows, head, after, before, bucket)
        slot = level % rows
        while head[slot] >= 0:
            here = head[slot]
            head[slot] = after[here]
            if head[slot] >= 0:
                before[head[slot]] = -1
            bucket[here] = -1
            waiting -= 1
            work += 1
            for i in range(graph.offset[here], graph.offset[here + 1]):
                there = graph.neighbour[i]
                new_cost = cost[here] + graph.cost[i]
                new_length = length[here] + graph.length[i]
                if new_cost <= limit and _better(
                    new_cost, site[here], new_length, cost[there], site[there], length[there]
                ):
                    cost[there], site[there], length[there] = new_cost, site[here], new_length
                    waiting += _file(there, new_cost // _BUCKET_MM % rows, head, after, before, bucket)
        level += 1
    return work


@njit(cache=True, nogil=True, inline="always")
def _better(cost, site, length, than_cost, than_site, than_length):  # type: ignore[no-untyped-def]
    if cost != than_cost:
        return cost < than_cost
    if site != than_site:
        return site < than_site
    return length < than_length


@njit(cache=True, nogil=True)
def _file(item, slot, head, after, before, bucket):  # type: ignore[no-untyped-def]
    """Put an item into a bucket, out of the one it was in; 1 if it was in none."""
    was = bucket[item]
    if was == slot:
        return 0
    if was >= 0:
        if before[item] >= 0:
            after[before[item]] = after[item]
        else:
            head[was] = after[item]
        if after[item] >= 0:
            before[after[item]] = before[item]
    after[item] = head[slot]
    before[item] = -1
    if head[slot] >= 0:
        before[head[slot]] = item
    head[slot] = item
    bucket[item] = slot
    return 0 if was >= 0 else 1


@njit(cache=True, nogil=True)
def forget(graph, gone, cost, site, length):  # type: ignore[no-untyped-def]
    """Clear the labels that lead to a site that is gone; return the walks that stand at the edge of the cleared cell.

    Returns
    -------
    tuple of arrays
        Junction inside the cell, site, cost and length of the walk that reaches it from outside; int32.
    """
    cleared = np.zeros(len(site), np.bool_)
    count = 0
    for j in range(len(site)):
        if site[j] == gone:
            cleared[j] = True
            cost[j], site[j], length[j] = FAR, NO_SITE, FAR
            count += graph.offset[j + 1] - graph.offset[j]
    junction = np.empty(count, np.int32)
    seed_site = np.empty(count, np.int32)
    seed_cost = np.empty(count, np.int32)
    seed_length = np.empty(count, np.int32)
    n = 0
    for j in range(len(site)):
        if cleared[j]:
            for i in range(graph.offset[j], graph.offset[j + 1]):
                outside = graph.neighbour[i]
                if not cleared[outside] and site[outside] != NO_SITE:
                    junction[n] = j
                    seed_site[n] = site[outside]
                    seed_cost[n] = cost[outside] + graph.cost[i]
                    seed_length[n] = length[outside] + graph.length[i]
                    n += 1
    return junction[:n], seed_site[:n], seed_cost[:n], seed_length[:n]


@njit(cache=True, nogil=True)
def spread_k(graph, seeds, k, limit):  # type: ignore[no-untyped-def]
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
    size = 0
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
                heap, size = _push(heap, size, new_cost, here_site, here_length + graph.length[i], there)
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
        larger[:size] = heap
        heap = larger
    child = size
    while child > 0:
        parent = (child - 1) >> 2
        if not _better(cost, site, length, heap[parent, 0], heap[parent, 1], heap[parent, 2]):
            break
        heap[child] = heap[parent]
        child = parent
    heap[child, 0], heap[child, 1], heap[child, 2], heap[child, 3] = cost, site, length, junction
    return heap, size + 1


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
            if _better(heap[child, 0], heap[child, 1], heap[child, 2], heap[least, 0], heap[least, 1], heap[least, 2]):
                least = child
        if not _better(heap[least, 0], heap[least, 1], heap[least, 2], cost, site, length):
            break
        heap[parent] = heap[least]
        parent = least
    heap[parent, 0], heap[parent, 1], heap[parent, 2], heap[parent, 3] = cost, site, length, junction
    return size


@njit(cache=True, nogil=True)
def arrive_k(snaps, streets, doors, cost, site, length, k):  # type: ignore[no-untyped-def]
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
    if not _better(cost, site, length, costs[n], sites[n], lengths[n]):
        return
    while n > 0 and _better(cost, site, length, costs[n - 1], sites[n - 1], lengths[n - 1]):
        costs[n], sites[n], lengths[n] = costs[n - 1], sites[n - 1], lengths[n - 1]
        n -= 1
    costs[n], sites[n], lengths[n] = cost, site, length


@njit(cache=True, nogil=True)
def roam(graph, first, junction, walk, most):  # type: ignore[no-untyped-def]
    """Many short searches, each from its own seeds; they share their memory, so that one costs what it reaches.

    Parameters
    ----------
    graph
        `Graph`.
    first, junction, walk
        Seeds of each search in compressed rows: junction, and cost already walked; int32.
    most
        The highest cost that is carried to each junction, int32: a limit, or a little less than is known already.

    Returns
    -------
    tuple of arrays
        What each search reached, in compressed rows: first (int64), junction and cost (int32).
    """
    longest = graph.longest
    for s in range(len(walk)):
        longest = max(longest, walk[s])
    head = np.full(longest // _BUCKET_MM + 2, -1, np.int32)
    after, before = np.empty(len(most), np.int32), np.empty(len(most), np.int32)
    bucket, cost = np.full(len(most), -1, np.int32), np.full(len(most), FAR, np.int32)
    reached, walked = np.empty(len(most), np.int32), np.empty(len(most), np.int32)
    until = np.zeros(len(first), np.int64)
    count = 0
    for search in range(len(first) - 1):
        if len(reached) < count + len(most):
            reached, walked = np.append(reached, np.empty_like(reached)), np.append(walked, np.empty_like(walked))
        waiting, level = 0, longest // _BUCKET_MM
        for s in range(first[search], first[search + 1]):
            here = junction[s]
            if walk[s] <= most[here] and walk[s] < cost[here]:
                if cost[here] == FAR:
                    reached[count] = here
                    count += 1
                cost[here] = walk[s]
                level = min(level, walk[s] // _BUCKET_MM)
                waiting += _file(here, walk[s] // _BUCKET_MM % len(head), head, after, before, bucket)
        while waiting > 0:
            slot = level % len(head)
            while head[slot] >= 0:
                here = head[slot]
                head[slot] = after[here]
                if head[slot] >= 0:
                    before[head[slot]] = -1
                bucket[here] = -1
                waiting -= 1
                for i in range(graph.offset[here], graph.offset[here + 1]):
                    there, new_cost = graph.neighbour[i], cost[here] + graph.cost[i]
                    if new_cost <= most[there] and new_cost < cost[there]:
                        if cost[there] == FAR:
                            reached[count] = there
                            count += 1
                        cost[there] = new_cost
                        waiting += _file(there, new_cost // _BUCKET_MM % len(head), head, after, before, bucket)
            level += 1
        for n in range(until[search], count):
            walked[n], cost[reached[n]] = cost[reached[n]], FAR
        until[search + 1] = count
    return until, reached[:count], walked[:count]
