"""The shortest-path kernels; only they, `geo.k_nearest` and `geo.topology` loop over edges.

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


class Changes(NamedTuple):
    """Edges that cost something else in one search of many, in compressed rows; int32."""

    first: NDArray[np.int32]
    edge: NDArray[np.int32]
    cost: NDArray[np.int32]


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


def unchanged(searches: int) -> Changes:
    """No edge costs anything else in any search."""
    return Changes(np.zeros(searches + 1, np.int32), np.empty(0, np.int32), np.empty(0, np.int32))


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
    the update after a site was added, or, once `clear_cell` has cleared the cells of a site, after one was closed.

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
            if new_cost <= limit and better(new_cost, new_site, new_length, cost[at], site[at], length[at]):
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
                if new_cost <= limit and better(
                    new_cost, site[here], new_length, cost[there], site[there], length[there]
                ):
                    cost[there], site[there], length[there] = new_cost, site[here], new_length
                    waiting += _file(there, new_cost // _BUCKET_MM % rows, head, after, before, bucket)
        level += 1
    return work


@njit(cache=True, nogil=True, inline="always")
def better(cost, site, length, than_cost, than_site, than_length):  # type: ignore[no-untyped-def]
    """Whether a walk is better than another: less cost, then the site of lower number, then the shorter one."""
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
def clear_cell(graph, gone, cost, site, length):  # type: ignore[no-untyped-def]
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
def bounded_searches(graph, first, junction, walk, most, changes):  # type: ignore[no-untyped-def]
    """Many short searches, each from its own seeds; they share their memory, so that one costs what it reaches.

    Parameters
    ----------
    graph
        `Graph`.
    first, junction, walk
        Seeds of each search in compressed rows: junction, and cost already walked; int32.
    most
        The highest cost that is carried to each junction, int32: a limit, or a little less than is known already.
    changes
        `Changes`: what edges cost in one search only, no more than ``graph.longest``; see `unchanged`.

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
    edge_cost = graph.cost.copy()
    count = 0
    for search in range(len(first) - 1):
        if len(reached) < count + len(most):
            reached, walked = np.append(reached, np.empty_like(reached)), np.append(walked, np.empty_like(walked))
        waiting, level = 0, longest // _BUCKET_MM
        for c in range(changes.first[search], changes.first[search + 1]):
            edge_cost[changes.edge[c]] = changes.cost[c]
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
                    there, new_cost = graph.neighbour[i], cost[here] + edge_cost[i]
                    if new_cost <= most[there] and new_cost < cost[there]:
                        if cost[there] == FAR:
                            reached[count] = there
                            count += 1
                        cost[there] = new_cost
                        waiting += _file(there, new_cost // _BUCKET_MM % len(head), head, after, before, bucket)
            level += 1
        for c in range(changes.first[search], changes.first[search + 1]):
            edge_cost[changes.edge[c]] = graph.cost[changes.edge[c]]
        for n in range(until[search], count):
            walked[n], cost[reached[n]] = cost[reached[n]], FAR
        until[search + 1] = count
    return until, reached[:count], walked[:count]
