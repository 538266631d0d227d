"""Tagged things in an OpenStreetMap file as a table: nodes, closed ways and multipolygons."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import osmium
import pandas as pd
import shapely

from geo.crs import WGS84
from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OSM_FILES = (".pbf", ".osm", ".osm.gz", ".osm.bz2", ".o5m")
"""How the names of OpenStreetMap files end."""


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
