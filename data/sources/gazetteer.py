"""What people call places: named streets, landmarks, towns and villages of an OpenStreetMap extract."""

from __future__ import annotations

import math
from array import array
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data.sources.osm import OSM_FILES, read_tagged
from data.sources.venues import NOT_PUBLIC
from geo.crs import BNG, to_bng
from geo.errors import InputError
from geo.network import WALKABLE_HIGHWAYS

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAR_M = {"street": 250.0, "landmark": 250.0, "locality": 2000.0}
"""Things of one kind and one name that lie no farther apart than this, metres, are one and the same."""

LOCALITIES = {"city": 3, "town": 2, "village": 1, "suburb": 1, "quarter": 0, "neighbourhood": 0, "hamlet": 0}
"""Values of ``place`` that say where something is, with their order; farms and lone houses are people's homes."""

_LANDMARKS = {
    "amenity": (
        "arts_centre", "bus_station", "cafe", "childcare", "cinema", "clinic", "college", "community_centre", "doctors",
        "events_venue", "ferry_terminal", "fire_station", "hospital", "kindergarten", "library", "marketplace",
        "pharmacy", "place_of_worship", "police", "post_office", "pub", "school", "social_centre", "theatre",
        "townhall", "university",
    ),
    "healthcare": ("centre", "clinic"),
    "historic": ("castle", "monument"),
    "landuse": ("recreation_ground", "village_green"),
    "leisure": (
        "common", "garden", "nature_reserve", "park", "playground", "recreation_ground", "sports_centre", "stadium",
    ),
    "natural": ("beach",),
    "place": ("locality", "square"),
    "railway": ("halt", "station", "tram_stop"),
    "shop": ("department_store", "mall", "supermarket"),
    "tourism": ("aquarium", "attraction", "gallery", "museum", "theme_park", "zoo"),
}  # fmt: skip
"""What a stranger is shown the way by; not refuges, care homes and the like, whose address is nobody's business."""

_STATE = ("access", "disused", "abandoned")


class _Lines(NamedTuple):
    """Stretches of named ways: their way's id and name, and the lines, British National Grid."""

    way_id: NDArray[np.int64]
    name: NDArray[np.object_]
    line: NDArray[np.object_]


def read_gazetteer(path: Path, *, around: shapely.Geometry | None = None) -> gpd.GeoDataFrame:
    """Read the names by which a place is found: streets, landmarks, and towns, villages and their parts.

    Ways of one name of which each lies within `NEAR_M` of the next are one street, so a name that two towns have gives
    two. It stands at the point on it that is nearest to its middle. A landmark drawn as an area stands at a point
    inside it. What has no name, is private, closed to the public, disused or abandoned is left out.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm`` and the like.
    around
        What lies outside is left out, British National Grid; streets and landmarks may take their locality from there.

    Returns
    -------
    geopandas.GeoDataFrame
        As `geo.tables.Gazetteer`, by ``entry_id``; ``inside`` is True for all until somebody looks.

    Raises
    ------
    InputError
        The file is missing or is no OpenStreetMap extract.
    """
    path = Path(path)
    if not path.is_file() or not path.name.casefold().endswith(OSM_FILES):
        found = "another file" if path.is_file() else "no such file"
        raise InputError(path, expected="an OpenStreetMap extract (.osm.pbf or .osm)", found=found)
    places = _places(path)
    table = pd.concat([_streets(path, around), places], ignore_index=True)
    table = table[~table["entry_id"].duplicated()]  # a square is both: a street first
    localities = table[table["kind"] == "locality"]
    if around is not None:
        shapely.prepare(around)
        table = table[shapely.intersects(around, table.geometry.to_numpy())]
    table = table.assign(locality=_locality_of(table, localities), inside=True).astype({"inside": bool})
    return table.set_index("entry_id")[["name", "kind", "locality", "inside", "geometry"]].sort_index()


def _places(path: Path) -> gpd.GeoDataFrame:
    """Landmarks and localities as ``entry_id, name, kind, order`` and a point, each once."""
    tags = [(key, value) for key, values in _LANDMARKS.items() for value in values]
    tags += [("place", value) for value in LOCALITIES]
    found = read_tagged(path, tags=tags, keys=("name", "place", *_STATE))
    fields = found.fields
    order = fields["place"].map(LOCALITIES).fillna(-1).astype("int64")
    name = fields["name"].str.split().str.join(" ").astype("str")
    derelict = ~fields[["disused", "abandoned"]].isin(["", "no"]).all(axis=1)
    keep = name.ne("") & ~fields["access"].str.casefold().isin(NOT_PUBLIC) & ~derelict
    kind = pd.Series(np.where(order >= 0, "locality", "landmark"), index=fields.index, dtype="str")
    point = found.geometry[keep].representative_point()
    table = gpd.GeoDataFrame(
        pd.DataFrame({"entry_id": fields["osm_id"], "name": name, "kind": kind, "order": order})[keep],
        geometry=gpd.points_from_xy(*to_bng(point.x.to_numpy(), point.y.to_numpy())),
        crs=BNG,
    ).sort_values("entry_id")  # a node, where somebody set it, comes before an outline
    parts = [part[~_groups(part, NEAR_M[str(kind)]).duplicated()] for kind, part in table.groupby("kind")]
    return gpd.GeoDataFrame(pd.concat([table.iloc[:0], *parts], ignore_index=True), crs=BNG)


def _streets(path: Path, around: shapely.Geometry | None) -> gpd.GeoDataFrame:
    """Streets as ``entry_id, name, kind, order`` and a point on each."""
    lines = _named_ways(path)
    if around is not None:
        shapely.prepare(around)
        near = shapely.intersects(around, lines.line)
        lines = _Lines(*(column[near] for column in lines))
    pieces = gpd.GeoDataFrame({"name": pd.Series(lines.name, dtype="str")}, geometry=lines.line, crs=BNG)
    group = _groups(pieces, NEAR_M["street"]).to_numpy()
    rank = np.argsort(group, kind="stable")
    whole = shapely.multilinestrings(lines.line[rank], indices=group[rank])
    middle = shapely.get_point(shapely.shortest_line(whole, shapely.centroid(whole)), 0)
    off = shapely.distance(lines.line, middle[group])
    nearest = pd.DataFrame({"group": group, "off": off, "way_id": lines.way_id}).sort_values(["group", "off", "way_id"])
    first = nearest.index[~nearest["group"].duplicated()]
    return gpd.GeoDataFrame(
        {
            "entry_id": ("way/" + pd.Series(lines.way_id[first]).astype("str")).astype("str"),
            "name": pieces["name"].iloc[first].to_numpy(),
            "kind": pd.Series("street", index=range(len(first)), dtype="str"),
            "order": np.full(len(first), -1),
        },
        geometry=middle,
        crs=BNG,
    )


def _named_ways(path: Path) -> _Lines:
    """Every named way that may be walked; broken where a node of it is not in the extract."""
    ids, counts, lon, lat = array("q"), array("q"), array("d"), array("d")
    names: list[str] = []
    named = (
        osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
        .with_locations()
        .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        .with_filter(osmium.filter.TagFilter(*(("highway", value) for value in WALKABLE_HIGHWAYS)))
        .with_filter(osmium.filter.KeyFilter("name"))
    )
    try:
        for way in named:
            if not isinstance(way, osmium.osm.Way):
                continue
            name = " ".join(way.tags["name"].split())
            if not name:
                continue
            ids.append(way.id)
            names.append(name)
            counts.append(len(way.nodes))
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
    return _Lines(np.array(ids, np.int64)[of_way], np.array(names, object)[of_way], lines)


def _groups(table: gpd.GeoDataFrame, within_m: float) -> pd.Series[int]:
    """Number the groups of one name of which each member lies within so many metres of the next."""
    shapes = table.geometry.to_numpy()
    name = pd.factorize(table["name"])[0]
    west, south, east, north = shapely.bounds(shapes).T
    reach = shapely.box(west - within_m, south - within_m, east + within_m, north + within_m)
    one, other = shapely.STRtree(shapes).query(reach)
    one, other = np.stack([one, other])[:, (name[one] == name[other]) & (one < other)]
    one, other = np.stack([one, other])[:, shapely.dwithin(shapes[one], shapes[other], within_m)]
    links = coo_array((np.ones(len(one), bool), (one, other)), shape=(len(shapes), len(shapes)))
    return pd.Series(connected_components(links, directed=False)[1], index=table.index)


def _locality_of(table: gpd.GeoDataFrame, localities: gpd.GeoDataFrame) -> pd.Series[str]:
    """Name the nearest town, village or part of one; for one of these, the nearest that is larger."""
    name = pd.Series(pd.NA, index=table.index, dtype="str")
    for order in sorted({-1, *LOCALITIES.values()}):
        larger = localities[localities["order"] > order]
        here = table["order"] == order
        if len(larger) and here.any():
            nearest = shapely.STRtree(larger.geometry.to_numpy()).nearest(table.geometry[here].to_numpy())
            name[here] = larger["name"].to_numpy()[nearest]
    return name
