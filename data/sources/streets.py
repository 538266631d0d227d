"""Streets from an OpenStreetMap extract (``.osm.pbf`` or ``.osm``), by pyosmium."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np
import osmium
import pandas as pd

from geo.errors import InputError
from geo.network import NODE_TAGS, WALKABLE_HIGHWAYS, WAY_TAGS, Ways

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def read_streets(path: Path, *, bounds: tuple[float, float, float, float] | None = None) -> Ways:
    """Every street and path of an OpenStreetMap extract, with the gates and stiles on them.

    Two passes over the file: ways, then the nodes they pass. A way is broken where a node is missing from the extract
    or lies outside ``bounds``; it is never bridged.

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
        ways, offset, refs = _read_ways(path)
        if not len(ways):
            raise InputError(path, expected="ways tagged highway=*", found="none")
        node_id, lon, lat, barriers = _read_nodes(path, np.unique(refs))
    except (RuntimeError, ValueError) as fault:  # what osmium raises for a file that it cannot decode
        if isinstance(fault, InputError):
            raise
        raise InputError(
            path,
            expected="a whole OpenStreetMap extract (.osm.pbf or .osm)",
            found=f"data that breaks off: {fault}",
        ) from fault
    if not len(node_id):
        raise InputError(path, expected="the nodes of its ways", found="none")
    if bounds is not None:
        west, south, east, north = bounds
        inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        node_id, lon, lat = node_id[inside], lon[inside], lat[inside]
        if not len(node_id):
            raise InputError(
                path,
                expected=f"streets within {west:.3f},{south:.3f} to {east:.3f},{north:.3f}",
                found="none there",
            )
    barriers["node"] = _position(node_id, barriers["node"].to_numpy(np.int64))
    return Ways(
        lon=lon,
        lat=lat,
        ways=ways,
        offset=offset,
        node=_position(node_id, refs),
        barriers=barriers[barriers["node"] >= 0].reset_index(drop=True),
    )


def vintage(path: Path) -> str | None:
    """The day of an extract (ISO), if its header tells."""
    with osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
        stamp = str(reader.header().get("osmosis_replication_timestamp"))
    return stamp[:10] or None


def _read_ways(path: Path) -> tuple[pd.DataFrame, NDArray[np.int64], NDArray[np.int64]]:
    ids, counts, refs = array("q"), array("q"), array("q")
    tags: dict[str, list[str | None]] = {key: [] for key in WAY_TAGS}
    streets = (
        osmium.FileProcessor(str(path), osmium.osm.WAY)
        .with_filter(osmium.filter.TagFilter(*(("highway", value) for value in WALKABLE_HIGHWAYS)))
    )  # fmt: skip
    for way in streets:
        if not isinstance(way, osmium.osm.Way):
            continue
        passed = [node.ref for node in way.nodes]
        ids.append(way.id)
        counts.append(len(passed))
        refs.extend(passed)
        got = way.tags
        for key, values in tags.items():
            values.append(got.get(key))
    frame = pd.DataFrame({key: pd.Series(values, dtype=object) for key, values in tags.items()})
    frame["way_id"] = np.frombuffer(ids, np.int64) if ids else np.empty(0, np.int64)
    offset = np.concatenate([[0], np.cumsum(np.frombuffer(counts, np.int64))]) if counts else np.zeros(1, np.int64)
    return frame, offset, np.frombuffer(refs, np.int64) if refs else np.empty(0, np.int64)


def _read_nodes(
    path: Path, wanted: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], pd.DataFrame]:
    ids, lon, lat, barrier_ids = array("q"), array("d"), array("d"), array("q")
    tags: dict[str, list[str | None]] = {key: [] for key in NODE_TAGS}
    nodes = osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(osmium.filter.IdFilter(wanted.tolist()))
    for node in nodes:
        if not isinstance(node, osmium.osm.Node):
            continue
        ids.append(node.id)
        lon.append(node.lon)
        lat.append(node.lat)
        if "barrier" in node.tags:
            barrier_ids.append(node.id)
            for key, values in tags.items():
                values.append(node.tags.get(key))
    barriers = pd.DataFrame({key: pd.Series(values, dtype=object) for key, values in tags.items()})
    barriers.insert(0, "node", np.frombuffer(barrier_ids, np.int64) if barrier_ids else np.empty(0, np.int64))
    node_id = np.frombuffer(ids, np.int64) if ids else np.empty(0, np.int64)
    order = np.argsort(node_id, kind="stable")
    return node_id[order], np.array(lon)[order], np.array(lat)[order], barriers


def _position(node_id: NDArray[np.int64], ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Index of each id in the sorted ``node_id``; -1 where it is not there."""
    at = np.minimum(np.searchsorted(node_id, ids), len(node_id) - 1)
    return np.where(node_id[at] == ids, at, -1)
