"""The shape of a network: chains of steps between junctions, connected parts, neighbours in rows."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def trace_chains(nodes, first, second, step_mm, is_junction):  # type: ignore[no-untyped-def]
    """Follow steps from node to node until a junction: the chains that become segments.

    A ring without a junction gets one, and a chain that returns to its own junction is cut in two, so that a segment
    always has two different ends.

    Parameters
    ----------
    nodes
        How many there are.
    first, second
        The two nodes of each step, int64.
    step_mm
        Its length, float64.
    is_junction
        Whether a chain ends at the node; nodes of degree other than two must be junctions.

    Returns
    -------
    tuple of arrays
        Where each chain begins in the next array (chains + 1), the nodes passed, the first step of each chain, the
        length of each chain (float64).
    """
    row, step_at = _steps_at(nodes, first, second)
    done = np.zeros(len(first), np.bool_)
    offset = np.empty(2 * len(first) + 2, np.int64)
    passed = np.empty(3 * len(first) + 2, np.int64)
    first_step = np.empty(2 * len(first) + 1, np.int64)
    length = np.empty(2 * len(first) + 1, np.float64)
    trail = np.empty(len(first) + 1, np.int64)
    trail_step = np.empty(len(first) + 1, np.int64)
    chains, n = 0, 0
    offset[0] = 0
    for ring in range(2):  # junctions first; what is left then are rings
        for origin in range(nodes):
            if not is_junction[origin] and ring == 0:
                continue
            for r in range(row[origin], row[origin + 1]):
                step = step_at[r]
                if done[step]:
                    continue
                m = _follow(origin, step, (first, second, is_junction), (row, step_at), (done, trail, trail_step))
                cut = m // 2 if trail[m] == origin else m
                begin = 0
                while begin < m:
                    stop = cut if begin == 0 else m
                    first_step[chains] = trail_step[begin]
                    length[chains] = 0.0
                    for t in range(begin, stop + 1):
                        passed[n] = trail[t]
                        n += 1
                        if t < stop:
                            length[chains] += step_mm[trail_step[t]]
                    chains += 1
                    offset[chains] = n
                    begin = stop
    return offset[: chains + 1], passed[:n], first_step[:chains], length[:chains]


@njit(cache=True, nogil=True)
def _steps_at(nodes, first, second):  # type: ignore[no-untyped-def]
    """The steps that meet at each node, in compressed rows."""
    row = np.zeros(nodes + 1, np.int64)
    for i in range(len(first)):
        row[first[i] + 1] += 1
        row[second[i] + 1] += 1
    for j in range(nodes):
        row[j + 1] += row[j]
    fill = row[:-1].copy()
    step_at = np.empty(2 * len(first), np.int64)
    for i in range(len(first)):
        for j in (first[i], second[i]):
            step_at[fill[j]] = i
            fill[j] += 1
    return row, step_at


@njit(cache=True, nogil=True)
def _follow(origin, step, steps, rows, trails):  # type: ignore[no-untyped-def]
    """Walk on from a step until a junction or back at the origin, noting the trail; how many steps that is."""
    first, second, is_junction = steps
    row, step_at = rows
    done, trail, trail_step = trails
    here, m = origin, 0
    trail[0] = origin
    while True:
        done[step] = True
        trail_step[m] = step
        m += 1
        here = second[step] if first[step] == here else first[step]
        trail[m] = here
        if is_junction[here] or here == origin:
            return m
        step = step_at[row[here]] if done[step_at[row[here] + 1]] else step_at[row[here] + 1]


@njit(cache=True, nogil=True)
def graph_rows(junctions, start, end, cost, length):  # type: ignore[no-untyped-def]
    """Neighbours in compressed rows, both directions of every edge, in the edges' order."""
    offset = np.zeros(junctions + 1, np.int32)
    for i in range(len(start)):
        offset[start[i] + 1] += 1
        offset[end[i] + 1] += 1
    for j in range(junctions):
        offset[j + 1] += offset[j]
    fill = offset[:-1].copy()
    neighbour = np.empty(2 * len(start), np.int32)
    costs = np.empty(2 * len(start), np.int32)
    lengths = np.empty(2 * len(start), np.int32)
    for i in range(len(start)):
        for a, b in ((start[i], end[i]), (end[i], start[i])):
            neighbour[fill[a]] = b
            costs[fill[a]] = cost[i]
            lengths[fill[a]] = length[i]
            fill[a] += 1
    return offset, neighbour, costs, lengths


@njit(cache=True, nogil=True)
def parts(junctions, start, end, start_open, end_open):  # type: ignore[no-untyped-def]
    """The connected part of every segment, as an arbitrary number; barred ends do not connect.

    A segment barred at both ends is a part of its own.
    """
    root = np.arange(junctions + len(start))
    for i in range(len(start)):
        own = junctions + i
        for j, is_open in ((start[i], start_open[i]), (end[i], end_open[i])):
            if is_open:
                a, b = _root(root, own), _root(root, j)
                if a != b:
                    root[max(a, b)] = min(a, b)
    part = np.empty(len(start), np.int64)
    for i in range(len(start)):
        part[i] = _root(root, junctions + i)
    return part


@njit(cache=True, nogil=True)
def _root(root, item):  # type: ignore[no-untyped-def]
    while root[item] != item:
        root[item] = root[root[item]]
        item = root[item]
    return item
