"""Tagged things in an OpenStreetMap file as a table: nodes, closed ways and multipolygons; ways as lines."""

from __future__ import annotations

import math
from array import array
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely

from geo.crs import WGS84, to_bng
from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

OSM_FILES = (".pbf", ".osm", ".osm.gz", ".osm.bz2", ".o5m")
"""How the names of OpenStreetMap files end."""


def require_extract(path: Path) -> None:
    """Refuse what is missing or is not called as an OpenStreetMap file.

    Raises
    ------
    InputError
        It is so.
    """
    if not path.is_file() or not path.name.casefold().endswith(OSM_FILES):
        found = "another file" if path.is_file() else "no such file"
        raise InputError(path, expected="an OpenStreetMap extract (.osm.pbf or .osm)", found=found)


class Tagged(NamedTuple):
    """What was found.

    ``fields`` has ``osm_id`` (``node/1``, ``way/1``, ``relation/1``) and the keys asked for (text, a missing one blank)
    beside its ``geometry`` (degrees); ``shapeless`` are the ids of what is drawn neither as a point nor as an outline;
    ``day`` is the extract's, if its header tells.
    """

    fields: pd.DataFrame
    geometry: gpd.GeoSeries
    shapeless: list[str]
    day: pd.Timestamp | None


class Lines(NamedTuple):
    """Stretches of ways.

    ``fields`` has ``way_id`` and the keys asked for (text, None where the way lacks it), one row a stretch; ``line`` is
    each one's LineString, British National Grid, in the way's own direction.
    """

    fields: pd.DataFrame
    line: NDArray[np.object_]


def read_lines(path: Path, *, tags: Sequence[tuple[str, str]], keys: Sequence[str], bearing: str = "") -> Lines:
    """Collect the ways that bear any of the tags, as lines; a way breaks where a node of it is not in the extract.

    Parameters
    ----------
    path, tags, keys
        As for `read_tagged`.
    bearing
        A key that every way must have besides, whatever its value.

    Raises
    ------
    InputError
        The file is not OpenStreetMap data, or is damaged.
    """
    ids, counts, lon, lat = array("q"), array("q"), array("d"), array("d")
    values: dict[str, list[str | None]] = {key: [] for key in keys}
    try:
        ways = (
            osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
            .with_locations()
            .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
            .with_filter(osmium.filter.TagFilter(*tags))
        )
        for way in ways.with_filter(osmium.filter.KeyFilter(bearing)) if bearing else ways:
            if not isinstance(way, osmium.osm.Way):
                continue
            ids.append(way.id)
            counts.append(len(way.nodes))
            for key, found in values.items():
                found.append(way.tags.get(key))
            for node in way.nodes:
                known = node.location.valid()
                lon.append(node.lon if known else math.nan)
                lat.append(node.lat if known else math.nan)
    except (RuntimeError, osmium.InvalidLocationError) as fault:
        raise InputError(
            path, expected="an OpenStreetMap extract", found=f"a damaged or other file ({fault})"
        ) from fault
    there = ~np.isnan(np.array(lon, np.float64))
    of_node = np.repeat(np.arange(len(ids)), np.array(counts, np.int64))
    # a stretch begins with each way, and after each node that is not there
    begins = np.ones(len(of_node), bool)
    begins[1:] = (of_node[1:] != of_node[:-1]) | ~there[:-1]
    stretch = (np.cumsum(begins) - 1)[there]
    long_enough = np.bincount(stretch, minlength=1)[stretch] > 1
    _, first, stretch = np.unique(stretch[long_enough], return_index=True, return_inverse=True)
    of_way = of_node[there][long_enough][first]
    x, y = to_bng(np.array(lon)[there][long_enough], np.array(lat)[there][long_enough])
    lines = shapely.linestrings(np.column_stack([x, y]), indices=stretch) if len(first) else np.array([], object)
    fields = pd.DataFrame(
        {"way_id": np.array(ids, np.int64)} | {key: pd.Series(v, dtype=object) for key, v in values.items()}
    )
    return Lines(fields.iloc[of_way].reset_index(drop=True), lines)


def read_tagged(path: Path, *, tags: Sequence[tuple[str, str]], keys: Sequence[str]) -> Tagged:
    """Collect what bears any of the tags.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm`` and the like.
    tags
        Keys with a value of each.
    keys
        The keys whose values are wanted.

    Raises
    ------
    InputError
        The file is not OpenStreetMap data, or is damaged.
    """
    wanted = osmium.filter.TagFilter(*tags)
    writer = osmium.geom.WKBFactory()
    rows: list[dict[str, str]] = []
    shapes: list[str] = []
    mapped: set[str] = set()
    try:
        processor = osmium.FileProcessor(str(path)).with_areas(wanted).with_filter(wanted)
        stamp = processor.header.get("osmosis_replication_timestamp")
        for thing in processor:
            if isinstance(thing, osmium.osm.Node):
                shape, osm_id = writer.create_point(thing), f"node/{thing.id}"
            elif isinstance(thing, osmium.osm.Area):
                shape = writer.create_multipolygon(thing)
                osm_id = f"{'way' if thing.from_way() else 'relation'}/{thing.orig_id()}"
            else:
                mapped.add(f"{'way' if isinstance(thing, osmium.osm.Way) else 'relation'}/{thing.id}")
                continue
            rows.append({"osm_id": osm_id} | {key: thing.tags.get(key) or "" for key in keys})
            shapes.append(shape)
    except (RuntimeError, osmium.InvalidLocationError) as fault:
        raise InputError(
            path, expected="an OpenStreetMap extract", found=f"a damaged or other file ({fault})"
        ) from fault
    fields = pd.DataFrame(rows, columns=["osm_id", *keys], dtype="str")
    return Tagged(
        fields,
        gpd.GeoSeries(shapely.from_wkb(shapes), crs=WGS84),
        sorted(mapped - set(fields["osm_id"])),
        pd.to_datetime(stamp[:10], format="%Y-%m-%d") if stamp else None,
    )
