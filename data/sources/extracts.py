"""What a window holds of OpenStreetMap, cut out of one or several extracts into one."""

from __future__ import annotations

import heapq
from array import array
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
import shapely

from data.sources.osm import require_extract
from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import TypeAlias

    from numpy.typing import NDArray

    Window: TypeAlias = tuple[float, float, float, float]

BATCH = 50_000
"""So many ways are looked at together."""

_AREAS = ("multipolygon", "boundary")
"""Relations of these types are drawn as areas, which needs all of their ways."""


@dataclass(frozen=True, eq=False)
class _Kept:
    """What is wanted of a file: its ways and relations, and the nodes of the ways, by rising id, with their places."""

    path: Path
    ways: set[int]
    relations: set[int]
    nodes: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


def cut(paths: Sequence[Path], window: Window, out: Path) -> None:
    """Write what lies in a window: whole ways, whole areas, and all nodes that they need.

    What several extracts have is taken from the first of them. Coasts are kept wherever they lie, for land is drawn
    farther than anything else, and so are the names of places, for the town that a street belongs to may be far away.
    The files are read in passes: memory holds the places of one file's nodes (16 bytes each) and what is in the window.

    Parameters
    ----------
    paths
        ``.osm.pbf``, ``.osm`` and the like, in order of ids as all publishers have them.
    window
        West, south, east, north in degrees.
    out
        ``.osm.pbf``; its header tells the oldest day of the extracts.

    Raises
    ------
    InputError
        A file is missing, cut short, not OpenStreetMap data.

    Notes
    -----
    Source: https://osmcode.org/osmium-tool/manual.html#creating-geographic-extracts (its strategy ``smart``).
    """
    header = _header(paths)
    kept = [_kept(path, window) for path in paths]
    told = [_told_nodes(one, window) for one in kept]
    with osmium.SimpleWriter(str(out), header=header, overwrite=True) as writer:
        for node in _joined([*told, *(_bare_nodes(one) for one in kept)]):
            writer.add_node(node)
        for way in _joined([_of(one.path, osmium.osm.WAY, one.ways) for one in kept]):
            writer.add_way(way)
        for relation in _joined([_of(one.path, osmium.osm.RELATION, one.relations) for one in kept]):
            writer.add_relation(relation)


def _header(paths: Iterable[Path]) -> osmium.io.Header:
    header, days = osmium.io.Header(), []
    for path in paths:
        require_extract(path)
        with _damage_said(path), osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
            days.append(reader.header().get("osmosis_replication_timestamp"))
    if all(days):
        header.set("osmosis_replication_timestamp", min(days))
    return header


def _kept(path: Path, window: Window) -> _Kept:
    with _damage_said(path):
        ways, relations, members = _ways_in(path, window), set(), set()
        for relation in osmium.FileProcessor(str(path), osmium.osm.RELATION):
            mine = [member.ref for member in relation.members if member.type == "w"]  # type: ignore[union-attr]
            if not ways.isdisjoint(mine):
                relations.add(relation.id)
                if relation.tags.get("type") in _AREAS and relation.tags.get("boundary") != "administrative":
                    members.update(mine)
        ways |= members
        return _Kept(path, ways, relations, *_nodes_of(path, ways))


def _ways_in(path: Path, window: Window) -> set[int]:
    """The ways whose box meets the window, and all coasts."""
    found: set[int] = set()
    ids = array("q")
    lines: list[str] = []
    writer = osmium.geom.WKBFactory()

    def look() -> None:
        west, south, east, north = shapely.bounds(shapely.from_wkb(lines)).T
        there = (west <= window[2]) & (east >= window[0]) & (south <= window[3]) & (north >= window[1])
        found.update(np.array(ids, np.int64)[there].tolist())
        del ids[:], lines[:]

    for way in _located_ways(path):
        if way.tags.get("natural") == "coastline":
            found.add(way.id)
            continue
        try:
            line = writer.create_linestring(way, use_nodes=osmium.geom.use_nodes.ALL)
        except (osmium.InvalidLocationError, RuntimeError):  # a node of it is not in the extract, or it has but one
            if any(node.location.valid() and _inside(node, window) for node in way.nodes):
                found.add(way.id)
            continue
        ids.append(way.id)
        lines.append(line)
        if len(ids) == BATCH:
            look()
    if ids:
        look()
    return found


def _nodes_of(path: Path, ways: set[int]) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    ids, lon, lat = array("q"), array("d"), array("d")
    for way in _located_ways(path):
        if way.id in ways:
            for node in way.nodes:
                if node.location.valid():
                    ids.append(node.ref)
                    lon.append(node.lon)
                    lat.append(node.lat)
    nodes, first = np.unique(np.array(ids, np.int64), return_index=True)
    return nodes, np.array(lon)[first], np.array(lat)[first]


def _told_nodes(kept: _Kept, window: Window) -> Iterator[Any]:
    """Nodes with tags: in the window, on a way that is kept, or naming a place."""
    with _damage_said(kept.path):
        nodes: Iterable[Any] = osmium.FileProcessor(str(kept.path), osmium.osm.NODE).with_filter(
            osmium.filter.EmptyTagFilter()
        )
        for node in nodes:
            at = np.searchsorted(kept.nodes, node.id)
            on_way = at < len(kept.nodes) and kept.nodes[at] == node.id
            if on_way or "place" in node.tags or (node.location.valid() and _inside(node, window)):
                yield node


def _bare_nodes(kept: _Kept) -> Iterator[Any]:
    """The nodes of ways, without tags."""
    for node_id, lon, lat in zip(kept.nodes.tolist(), kept.lon.tolist(), kept.lat.tolist(), strict=True):
        yield osmium.osm.mutable.Node(id=node_id, location=(lon, lat))


def _of(path: Path, kind: osmium.osm.osm_entity_bits, wanted: set[int]) -> Iterator[Any]:
    with _damage_said(path):
        for thing in osmium.FileProcessor(str(path), kind):
            if thing.id in wanted:
                yield thing


def _joined(streams: Iterable[Iterator[Any]]) -> Iterator[Any]:
    """What streams by rising id have, by rising id, each once: from the first stream that has it."""
    last = None
    for thing in heapq.merge(*streams, key=lambda one: one.id):
        if thing.id != last:
            last = thing.id
            yield thing


def _located_ways(path: Path) -> Iterator[Any]:
    """The ways of a file, whose nodes have their places."""
    located = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    yield from located.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))


def _inside(node: osmium.osm.Node, window: Window) -> bool:
    west, south, east, north = window
    return west <= node.location.lon <= east and south <= node.location.lat <= north


@contextmanager
def _damage_said(path: Path) -> Iterator[None]:
    """What osmium raises for a file that it cannot decode, in our words."""
    try:
        yield
    except (RuntimeError, osmium.InvalidLocationError) as fault:
        raise InputError(
            path, expected="a whole OpenStreetMap extract (.osm.pbf or .osm)", found=f"data that breaks off: {fault}"
        ) from fault
