"""From a table of OpenStreetMap ways to street segments: chains of nodes between the places where a walk can choose.

A segment ends where streets meet or stop, where its character for a walk changes (steps, grass, a closed stretch) and
at every gate or stile that somebody cannot pass. All rules share one table of segments.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import profiles, topology
from geo.crs import BNG, great_circle_m, to_bng

if TYPE_CHECKING:
    from numpy.typing import NDArray

STREET_CLASSES = ("main", "street", "path")
"""How a segment is drawn: through road; street or lane; path, steps or track."""

_CLASS_OF_HIGHWAY = {
    "trunk": 0, "trunk_link": 0, "primary": 0, "primary_link": 0, "secondary": 0, "secondary_link": 0, "tertiary": 0,
    "tertiary_link": 0, "unclassified": 1, "residential": 1, "living_street": 1, "road": 1, "service": 1,
    "pedestrian": 1,
}  # fmt: skip

NAME_TAGS = ("name", "ref", "prow_ref", "footway", "crossing", "crossing_ref", "ford")
"""The tags of a way that no rule reads, but that tell a walker where it leads."""

CROSSING_TAGS = ("highway", "crossing", "crossing_ref", "crossing:signals", "railway", "ford")
"""The tags of a node that say what is crossed there, and how."""

GRID = 128.0
"""Vertices are kept to 1/128 m: exact in binary, so that they pack small, and finer than any survey."""


@dataclass(frozen=True, kw_only=True)
class Ways:
    """Streets as read: ways as rows of tags, and the nodes they pass, in order.

    Parameters
    ----------
    lon, lat
        Degrees (WGS84) of each node, float64, shape (nodes,).
    ways
        One row a way, columns `profiles.WAY_TAGS`, `NAME_TAGS` and ``way_id``.
    offset
        Where each way's nodes begin in ``node``, int64, shape (ways + 1,).
    node
        Index of each node passed, int64; -1 where the extract lacks the node, which breaks the way there.
    barriers
        One row a barrier node: ``node`` (index) and `profiles.NODE_TAGS`.
    crossings
        One row a node where a road, a railway or water is crossed: ``node`` (index) and `CROSSING_TAGS`.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    ways: pd.DataFrame
    offset: NDArray[np.int64]
    node: NDArray[np.int64]
    barriers: pd.DataFrame
    crossings: pd.DataFrame


class Chains(NamedTuple):
    """What segments are made of, in the order of their table; int64 arrays.

    ``offset``, of shape (segments + 1,), says where each one's nodes begin in ``node`` (index into those of the ways);
    ``way`` is the row of the way by which one comes to the node, -1 at a segment's first.
    """

    offset: NDArray[np.int64]
    node: NDArray[np.int64]
    way: NDArray[np.int64]


def segments_from(ways: Ways) -> gpd.GeoDataFrame:
    """Contract ways to segments; see `contracted`."""
    return contracted(ways)[0]


def contracted(ways: Ways) -> tuple[gpd.GeoDataFrame, Chains]:
    """Contract ways to segments.

    Returns
    -------
    segments
        One row a segment, LineString in British National Grid from junction ``start`` to junction ``end`` (int32,
        numbered along a Hilbert curve), ``length_mm`` (int32, great circle), ``foot_factor`` and ``pram_factor``
        (float32: times the time of level ground; NaN is closed), ``start_barred`` and ``end_barred`` (uint8: bit 0
        foot, bit 1 pram), ``street_class`` (index into `STREET_CLASSES`), ``way_id`` (the first of its ways).
    chains
        What each was made of.
    """
    foot = profiles.way_factors(ways.ways, "foot")
    pram = profiles.way_factors(ways.ways, "pram")
    street_class = ways.ways["highway"].map(_CLASS_OF_HIGHWAY).fillna(2).to_numpy(np.int64)

    # every step from node to node along a way that somebody may use
    way_of = np.repeat(np.arange(len(ways.ways)), np.diff(ways.offset))
    first, second, way = ways.node[:-1], ways.node[1:], way_of[:-1]
    kept = (
        (way_of[:-1] == way_of[1:]) & (first >= 0) & (second >= 0) & (first != second)
        & ~(np.isnan(foot) & np.isnan(pram))[way]
    )  # fmt: skip
    first, second, way = first[kept], second[kept], way[kept]

    node_barred = np.zeros(len(ways.lon), np.uint8)
    for bit, rules in enumerate(("foot", "pram")):
        shut = profiles.barred(ways.barriers, rules)  # type: ignore[arg-type]
        node_barred[ways.barriers["node"].to_numpy(np.int64)[shut]] |= 1 << bit

    # character of a step: two steps of different character are not one segment
    _, character = np.unique(
        np.column_stack([np.nan_to_num(foot), np.nan_to_num(pram), street_class])[way],
        axis=0,
        return_inverse=True,
    )
    degree = np.bincount(first, minlength=len(ways.lon)) + np.bincount(second, minlength=len(ways.lon))
    lowest, highest = np.full(len(ways.lon), np.iinfo(np.int64).max), np.full(len(ways.lon), -1)
    for ends in (first, second):
        np.minimum.at(lowest, ends, character.ravel())
        np.maximum.at(highest, ends, character.ravel())
    is_junction = (degree > 0) & ((degree != 2) | (lowest != highest) | (node_barred > 0))

    step_mm = great_circle_m(ways.lon[first], ways.lat[first], ways.lon[second], ways.lat[second]) * 1000
    trace = partial(topology.trace_chains, len(ways.lon), first, second, step_mm)
    chain_offset, chain_node, chain_first_step, chain_mm = trace(is_junction)
    lines, line_of = _lines(ways, chain_offset, chain_node)
    crossing = ~shapely.is_simple(lines)
    if crossing.any():
        # a place on a street that crosses itself would have two distances along it: such a street ends at every node
        is_junction[chain_node[crossing[line_of]]] = True
        chain_offset, chain_node, chain_first_step, chain_mm = trace(is_junction)
        lines, _ = _lines(ways, chain_offset, chain_node)

    start_node, end_node = chain_node[chain_offset[:-1]], chain_node[chain_offset[1:] - 1]
    number = _along_hilbert(start_node, end_node, ways)
    chain_way = way[chain_first_step]
    segments = gpd.GeoDataFrame(
        {
            "start": number[start_node].astype(np.int32),
            "end": number[end_node].astype(np.int32),
            "length_mm": np.round(chain_mm).astype(np.int32),
            "foot_factor": foot[chain_way].astype(np.float32),
            "pram_factor": pram[chain_way].astype(np.float32),
            "start_barred": node_barred[start_node],
            "end_barred": node_barred[end_node],
            "street_class": street_class[chain_way].astype(np.uint8),
            "way_id": ways.ways["way_id"].to_numpy(np.int64)[chain_way],
        },
        geometry=lines,
        crs=BNG,
    )
    return segments, Chains(chain_offset, chain_node, _way_to(chain_offset, chain_node, first, second, way))


def _way_to(
    offset: NDArray[np.int64],
    node: NDArray[np.int64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    way: NDArray[np.int64],
) -> NDArray[np.int64]:
    """The way by which chains come to each node; of ways over the same two nodes, the first."""
    nodes = 1 + max(first.max(initial=0), second.max(initial=0))
    step = np.minimum(first, second) * nodes + np.maximum(first, second)
    known, at = np.unique(step, return_index=True)
    before = np.roll(node, 1)
    passed = np.searchsorted(known, np.minimum(before, node) * nodes + np.maximum(before, node))
    begins = np.zeros(len(node), np.bool_)
    begins[offset[:-1]] = True
    found: NDArray[np.int64] = np.where(begins, -1, way[at[np.minimum(passed, max(len(known) - 1, 0))]])
    return found


def _lines(
    ways: Ways, chain_offset: NDArray[np.int64], chain_node: NDArray[np.int64]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Chains as LineStrings in British National Grid, and the line of each node passed."""
    x, y = to_bng(ways.lon[chain_node], ways.lat[chain_node])
    corner = np.column_stack([np.round(x * GRID) / GRID, np.round(y * GRID) / GRID])
    line_of = np.repeat(np.arange(len(chain_offset) - 1), np.diff(chain_offset))
    return shapely.linestrings(corner, indices=line_of), line_of


def _along_hilbert(start_node: NDArray[np.int64], end_node: NDArray[np.int64], ways: Ways) -> NDArray[np.int64]:
    """Number junctions so that neighbours on the ground are neighbours in memory; -1 for nodes that are none."""
    used = np.unique(np.concatenate([start_node, end_node]))
    points = gpd.GeoSeries(gpd.points_from_xy(ways.lon[used], ways.lat[used]))
    number = np.full(len(ways.lon), -1, np.int64)
    if len(used):
        number[used[np.argsort(points.hilbert_distance().to_numpy(), kind="stable")]] = np.arange(len(used))
    return number
