"""Streets from an OpenStreetMap extract (``.osm.pbf`` or ``.osm``), by pyosmium."""

from __future__ import annotations

import math
from array import array
from typing import TYPE_CHECKING

import numpy as np
import osmium
import pandas as pd

from geo.errors import InputError
from geo.network import (
    CROSSING_TAGS,
    LEVEL_CROSSINGS,
    NAME_TAGS,
    NODE_TAGS,
    WALKABLE_HIGHWAYS,
    WAY_TAGS,
    Ways,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


_TELLING = ("barrier", "highway", "crossing", "ford", "railway")
"""A node with none of these keys is no barrier and no crossing."""


def read_streets(path: Path, *, bounds: tuple[float, float, float, float] | None = None) -> Ways:
    """Every street and path of an OpenStreetMap extract, with the gates, stiles and crossings on them.

    Two passes over the file: ways with the places of their nodes, then barriers and crossings. A way is broken
    where a node is not in the extract or lies outside ``bounds``; it is never bridged.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm`` or ``.osm.gz``.
    bounds
        West, south, east, north in degrees; streets beyond are left out.

    Raises
    ------
    InputError
        The file is missing, cut short, not OpenStreetMap data, or holds no streets.

    Notes
    -----
    Source: https://wiki.openstreetmap.org/wiki/PBF_Format.
    """
    if not path.is_file():
        raise InputError(path, expected="an OpenStreetMap extract", found="no such file")
    try:
        ways, offset, refs, lon, lat = _read_ways(path)
        if not len(ways):
            raise InputError(path, expected="ways tagged highway=*", found="none")
        barriers, crossings = _read_nodes(path)
        if np.isnan(lon).any():  # beyond the extract's edge, or after its way in a file that is not in order
            lon, lat = _look_again(path, refs, lon, lat)
    except (
        RuntimeError,
        ValueError,
        osmium.InvalidLocationError,
    ) as fault:  # what osmium raises for a file that it cannot decode
        if isinstance(fault, InputError):
            raise
        raise InputError(
            path, expected="a whole OpenStreetMap extract (.osm.pbf or .osm)", found=f"data that breaks off: {fault}"
        ) from fault
    there = ~np.isnan(lon)
    if not there.any():
        raise InputError(path, expected="the nodes of its ways", found="none")
    if bounds is not None:
        west, south, east, north = bounds
        there &= (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        if not there.any():
            raise InputError(
                path, expected=f"streets within {west:.3f},{south:.3f} to {east:.3f},{north:.3f}", found="none there"
            )
    node_id, first = np.unique(refs[there], return_index=True)
    lon, lat = lon[there][first], lat[there][first]
    barriers, crossings = (
        table.assign(node=_position(node_id, table["node"].to_numpy(np.int64))) for table in (barriers, crossings)
    )
    return Ways(
        lon=lon,
        lat=lat,
        ways=ways,
        offset=offset,
        node=_position(node_id, refs),
        barriers=barriers[barriers["node"] >= 0].reset_index(drop=True),
        crossings=crossings[crossings["node"] >= 0].reset_index(drop=True),
    )


def vintage(path: Path) -> str | None:
    """The day of an extract (ISO), if its header tells."""
    with osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
        stamp = str(reader.header().get("osmosis_replication_timestamp"))
    return stamp[:10] or None


def _read_ways(
    path: Path,
) -> tuple[pd.DataFrame, NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Tags of the ways, where each begins, and the id, longitude and latitude (NaN if missing) of each node passed."""
    ids, counts, refs = array("q"), array("q"), array("q")
    lon, lat = array("d"), array("d")
    tags: dict[str, list[str | None]] = {key: [] for key in (*WAY_TAGS, *NAME_TAGS)}
    # the filters keep everything else in osmium's own loop; node locations are gathered there too
    streets = (
        osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
        .with_locations()
        .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        .with_filter(osmium.filter.TagFilter(*(("highway", value) for value in WALKABLE_HIGHWAYS)))
    )
    for way in streets:
        if not isinstance(way, osmium.osm.Way):
            continue
        ids.append(way.id)
        counts.append(len(way.nodes))
        for node in way.nodes:
            refs.append(node.ref)
            known = node.location.valid()
            lon.append(node.lon if known else math.nan)
            lat.append(node.lat if known else math.nan)
        got = way.tags
        for key, values in tags.items():
            values.append(got.get(key))
    frame = pd.DataFrame({key: pd.Series(values, dtype=object) for key, values in tags.items()})
    frame["way_id"] = np.array(ids, np.int64)
    offset = np.concatenate([[0], np.cumsum(np.array(counts, np.int64))])
    return frame, offset, np.array(refs, np.int64), np.array(lon), np.array(lat)


def _look_again(
    path: Path, refs: NDArray[np.int64], lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places of the nodes that were not known when their way was read, if they are anywhere in the file."""
    sought = np.unique(refs[np.isnan(lon)])
    found = {
        node.id: (node.lon, node.lat)
        for node in osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(
            osmium.filter.IdFilter(sought.tolist())
        )
        if isinstance(node, osmium.osm.Node)
    }
    places = np.array([found.get(int(ref), (math.nan, math.nan)) for ref in sought]).reshape(-1, 2)
    at = np.minimum(np.searchsorted(sought, refs), len(sought) - 1)
    lost = np.isnan(lon)
    return np.where(lost, places[at, 0], lon), np.where(lost, places[at, 1], lat)


def _read_nodes(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Barriers with `NODE_TAGS`, and crossings with `CROSSING_TAGS`; ``node`` is the id."""
    ids = array("q")
    tags: dict[str, list[str | None]] = {key: [] for key in dict.fromkeys((*NODE_TAGS, *CROSSING_TAGS))}
    nodes = osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(osmium.filter.KeyFilter(*_TELLING))
    for node in nodes:
        ids.append(node.id)
        for key, values in tags.items():
            values.append(node.tags.get(key))
    frame = pd.DataFrame({key: pd.Series(values, dtype=object) for key, values in tags.items()})
    frame.insert(0, "node", np.array(ids, np.int64))
    crossed = frame["crossing"].notna() | frame["ford"].notna() | frame["railway"].isin(LEVEL_CROSSINGS)
    return (
        frame.loc[frame["barrier"].notna(), ["node", *NODE_TAGS]].reset_index(drop=True),
        frame.loc[crossed | (frame["highway"] == "crossing"), ["node", *CROSSING_TAGS]].reset_index(drop=True),
    )


def _position(node_id: NDArray[np.int64], ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Index of each id in the sorted ``node_id``; -1 where it is not there."""
    at = np.minimum(np.searchsorted(node_id, ids), len(node_id) - 1)
    return np.where(node_id[at] == ids, at, -1)
