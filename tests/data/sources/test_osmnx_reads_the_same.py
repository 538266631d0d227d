"""OSMnx, which asks Overpass, and our reader of extracts give the same network for the same window."""

from __future__ import annotations

import socket
from dataclasses import replace

import networkx
import numpy as np
import osmnx
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from data.sources.extracts import cut
from data.sources.streets import read_streets
from geo.crs import to_wgs84
from geo.network import NODE_TAGS, WAY_TAGS, contracted, way_factors
from geo.profiles import custom_filters
from tests.conftest import NORTH, WEST
from tests.data.services.fakes import overpass


@pytest.fixture
def by_osmnx(service, tmp_path, monkeypatch):
    """A function: the graph that OSMnx makes of a window (degrees) of an extract, asking a service on this machine."""
    monkeypatch.setattr(socket, "getaddrinfo", socket.getaddrinfo)  # which OSMnx replaces
    settings = {
        "overpass_url": f"{service.address}/overpass-api.de/api",
        "overpass_rate_limit": False,
        "cache_folder": tmp_path / "osmnx",
        "useful_tags_way": [*osmnx.settings.useful_tags_way, *WAY_TAGS],
        "useful_tags_node": [*osmnx.settings.useful_tags_node, *NODE_TAGS],
    }
    for name, value in settings.items():
        monkeypatch.setattr(osmnx.settings, name, value)

    def graph(extract, window):
        service.on(overpass.MAIN, overpass.Overpass(extract))
        return osmnx.graph_from_polygon(
            window, network_type="walk", custom_filter=custom_filters(), simplify=False, retain_all=True
        )

    return graph


def within(read, window):
    """Streets as read, of which each way breaks where it leaves the window."""
    inside = shapely.intersects_xy(window, read.lon, read.lat)
    return replace(read, node=np.where((read.node >= 0) & inside[read.node], read.node, -1))


def steps_of(read):
    """Steps from node to node that somebody on foot may take, each as two places, in either direction the same."""
    place = np.round(np.column_stack([read.lon, read.lat]), 7).tolist()
    way = np.repeat(np.arange(len(read.ways)), np.diff(read.offset))
    first, second = read.node[:-1], read.node[1:]
    open_ = ~np.isnan(way_factors(read.ways, "foot"))[way[:-1]]
    kept = (way[:-1] == way[1:]) & (first >= 0) & (second >= 0) & (first != second) & open_
    return {
        frozenset((tuple(place[one]), tuple(place[other])))
        for one, other in zip(first[kept].tolist(), second[kept].tolist(), strict=True)
    }


def walks_by_us(read, pairs_of):
    """The lengths in metres between junctions of our segments, and where the junctions are."""
    segments, chains = contracted(read)
    size = int(segments[["start", "end"]].to_numpy().max()) + 1
    ends = np.concatenate([chains.node[chains.offset[:-1]], chains.node[chains.offset[1:] - 1]])
    node = np.empty(size, np.int64)
    node[np.concatenate([segments["start"], segments["end"]])] = ends
    table = segments[["start", "end", "length_mm"]].sort_values("length_mm")
    one, other = np.sort(table[["start", "end"]].to_numpy(), axis=1).T
    first = ~table.assign(one=one, other=other).duplicated(["one", "other"]).to_numpy()  # the shortest of parallels
    graph = coo_array((table["length_mm"].to_numpy()[first] / 1000.0, (one[first], other[first])), shape=(size, size))
    begin, end = pairs_of(size)
    metres = dijkstra(graph.tocsr(), directed=False, indices=begin)[np.arange(len(begin)), end]
    place = np.round(np.column_stack([read.lon, read.lat])[node], 7)
    return metres, place[begin], place[end]


def the_same(extract, window, graph):
    """Compare OSMnx's graph of a window with ours: every step, and the walks of 150 pairs of junctions."""
    place = {node: (round(at["x"], 7), round(at["y"], 7)) for node, at in graph.nodes(data=True)}
    read = within(read_streets(extract), window)
    theirs = {frozenset((place[one], place[other])) for one, other in graph.edges(keys=False)}
    assert theirs == steps_of(read)
    rng = np.random.default_rng(12)
    ours, begins, ends = walks_by_us(read, lambda size: rng.integers(0, size, (2, 150)))
    at = {where: node for node, where in place.items()}
    undirected = osmnx.convert.to_undirected(graph)
    reached = 0
    for metres, begin, end in zip(ours, begins.tolist(), ends.tolist(), strict=True):
        pair = at[tuple(begin)], at[tuple(end)]
        if not networkx.has_path(undirected, *pair):
            assert np.isinf(metres)
            continue
        walk = networkx.shortest_path_length(undirected, *pair, weight="length")
        assert metres == pytest.approx(walk, rel=1e-3, abs=0.1)
        reached += 1
    return len(theirs), reached


TAGS = [
    {"highway": "residential", "oneway": "yes"}, {"highway": "cycleway"}, {"highway": "steps"}, {"highway": "motorway"},
    {"highway": "path", "access": "private"}, {"highway": "path", "access": "private", "foot": "permissive"},
    {"highway": "service", "area": "yes"}, {"highway": "pedestrian", "area": "yes"}, {"highway": "footway"},
    {"highway": "footway", "indoor": "yes"}, {"highway": "trunk", "motorroad": "yes"}, {"highway": "track"},
    {"highway": "trunk", "motorroad": "yes", "foot": "designated"}, {"highway": "tertiary", "foot": "use_sidepath"},
    {"highway": "unclassified", "sidewalk": "separate"}, {"highway": "corridor"}, {"building": "yes"},
]  # fmt: skip


def test_a_drawn_town(by_osmnx, osm_file):
    """A lattice of streets with every tag that decides, of which the window cuts some."""
    rng = np.random.default_rng(4)
    bent = {
        (x, y): tuple(np.round(rng.normal((200 * x, 200 * y), 20), 1).tolist()) for x in range(12) for y in range(10)
    }
    ways = [([bent[x, y] for x in range(12)], TAGS[y % 2]) for y in range(10)]
    ways += [([bent[x, y], bent[x, y + 1]], TAGS[int(rng.integers(0, len(TAGS)))]) for x in range(12) for y in range(9)]
    extract = osm_file(ways)
    lon, lat = to_wgs84(np.array([350.0, 2_150, 1_900, 300]) + WEST, np.array([250.0, 350, 1_800, 1_700]) + NORTH)
    window = shapely.Polygon(np.column_stack([lon, lat]))
    steps, reached = the_same(extract, window, by_osmnx(extract, window))
    assert (steps > 60, reached > 60) == (True, True)


@pytest.mark.full_size
def test_ryde(by_osmnx, real, tmp_path):
    """A real town: 14 square kilometres."""
    window = shapely.box(-1.19, 50.71, -1.13, 50.74)
    extract = tmp_path / "ryde.osm.pbf"
    wide = shapely.box(*window.bounds).buffer(0.015).bounds
    cut([real / "isle-of-wight" / "isle-of-wight_2020-04-22.osm.pbf"], wide, extract)
    graph = by_osmnx(extract, window)
    steps, reached = the_same(extract, window, graph)
    assert (steps > 5_000, reached >= 100) == (True, True)
    assert {at.get("barrier") for _, at in graph.nodes(data=True)} >= {"gate", "stile"}
