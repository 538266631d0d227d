"""The streets as a graph of OSMnx: what OSMnx routes on it is our walk."""

from __future__ import annotations

import networkx
import numpy as np
import osmnx
import pytest
import shapely

from geo import paths
from geo.network import WalkNetwork
from geo.osmnx_graph import osmnx_graph
from geo.profiles import ADULT, BUGGY
from geo.ways import segments_from

RYDE = shapely.box(458_500, 91_500, 460_500, 93_000)


@pytest.fixture(scope="module")
def ryde(island_segments, island):
    """The segments that touch a window of Ryde, renumbered, and the pieces of them that have a name."""
    inside = np.flatnonzero(shapely.intersects(island_segments.geometry.to_numpy(), RYDE))
    number = np.full(len(island_segments), -1)
    number[inside] = np.arange(len(inside))
    parts = island.street_parts()
    parts = parts.assign(segment=number[parts["segment"]]).query("segment >= 0")
    return island_segments.iloc[inside].reset_index(drop=True), parts


def pairs(network, count, near_m, seed):
    """Junctions at most so far apart, the second a walk from the first."""
    rng = np.random.default_rng(seed)
    ends = np.concatenate([network.start[network.start_open], network.end[network.end_open]])
    lines = np.concatenate([network.lines[network.start_open], network.lines[network.end_open]])
    first = np.arange(len(ends)) < network.start_open.sum()
    points = np.where(first, shapely.get_point(lines, 0), shapely.get_point(lines, -1))
    begin = rng.choice(len(ends), count // 10, replace=False)
    for at in begin:
        near = np.flatnonzero(shapely.dwithin(points, points[at], near_m))
        yield ends[at], ends[rng.choice(near, 10)]


@pytest.mark.program
@pytest.mark.parametrize("profile", [BUGGY, ADULT], ids=lambda one: one.key)
def test_osmnx_routes_as_we_walk(ryde, profile, tmp_path):
    segments, parts = ryde
    network = WalkNetwork.of(segments, profile)
    osmnx.save_graphml(osmnx_graph(network, segments, parts), tmp_path / "ryde.graphml")
    graph = osmnx.load_graphml(tmp_path / "ryde.graphml")
    told = {"ways": 0, "none": 0}
    for begin, ends in pairs(network, 100, 1_500, seed=7):
        labels, zero = paths.blank_labels(network.junctions), np.zeros(1, np.int32)
        paths.spread(network.graph, paths.Seeds(np.array([begin], np.int32), zero, zero, zero), *labels, paths.FAR)
        ours = labels.cost[ends]
        for end, cost in zip(ends.tolist(), ours.tolist(), strict=True):
            way = osmnx.shortest_path(graph, int(begin), end, weight="travel_time")
            if way is None:
                assert cost == paths.FAR
                told["none"] += 1
                continue
            edges = osmnx.routing.route_to_gdf(graph, way, weight="travel_time") if len(way) > 1 else None
            seconds = 0 if edges is None else edges["travel_time"].sum()
            assert seconds == pytest.approx(cost / 1000 / profile.metres_per_minute * 60, abs=1e-6)
            told["ways"] += 1
    assert told["ways"] > 75


def test_up_to_a_stile_and_no_farther(draw):
    """A pram comes to a stile from both sides and stops there; an adult climbs over."""
    nodes = {"a": (0, 0), "b": (100, 0), "c": (300, 0)}
    street = {"highway": "footway"}
    segments = segments_from(draw(nodes, [(("a", "b", "c"), street)], {"b": {"barrier": "stile"}}))
    by_pram, by_foot = (osmnx_graph(WalkNetwork.of(segments, profile), segments) for profile in (BUGGY, ADULT))
    assert [sum(barred for _, barred in graph.nodes(data="barred")) for graph in (by_pram, by_foot)] == [2, 0]
    assert (networkx.number_weakly_connected_components(by_pram), by_foot.number_of_nodes()) == (2, 3)
    there = [edge for *_, edge in by_pram.edges(data=True) if not edge["reversed"]]
    assert [edge["length"] for edge in there] == pytest.approx([100, 200], rel=5e-3)
    assert [edge["travel_time"] for edge in there] == pytest.approx([90, 180], rel=5e-3)
