"""What people call places: named streets, landmarks, towns and villages of an OpenStreetMap extract."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data.sources.osm import read_lines, read_tagged, require_extract
from data.sources.venues import NOT_PUBLIC
from geo.crs import BNG, to_bng
from geo.network import WALKABLE_HIGHWAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

NEAR_M = {"street": 250.0, "landmark": 250.0, "locality": 2000.0}
"""Things of one kind and one name that lie no farther apart than this, metres, are one and the same."""

LOCALITIES = {"city": 3, "town": 2, "village": 1, "suburb": 1, "quarter": 0, "neighbourhood": 0, "hamlet": 0}
"""Values of ``place`` that say where something is, with their order; farms and lone houses are people's homes."""

LANDMARKS = {
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
    require_extract(path)
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
    tags = [(key, value) for key, values in LANDMARKS.items() for value in values]
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
    parts = [part[~groups(part, NEAR_M[str(kind)]).duplicated()] for kind, part in table.groupby("kind")]
    return gpd.GeoDataFrame(pd.concat([table.iloc[:0], *parts], ignore_index=True), crs=BNG)


def _streets(path: Path, around: shapely.Geometry | None) -> gpd.GeoDataFrame:
    """Streets as ``entry_id, name, kind, order`` and a point on each."""
    tags = [("highway", value) for value in WALKABLE_HIGHWAYS]
    pieces = named_ways(path, tags=tags, around=around)
    line, way_id = pieces.geometry.to_numpy(), pieces["way_id"].to_numpy()
    group = groups(pieces, NEAR_M["street"]).to_numpy()
    rank = np.argsort(group, kind="stable")
    whole = shapely.multilinestrings(line[rank], indices=group[rank])
    middle = shapely.get_point(shapely.shortest_line(whole, shapely.centroid(whole)), 0)
    off = shapely.distance(line, middle[group])
    nearest = pd.DataFrame({"group": group, "off": off, "way_id": way_id}).sort_values(["group", "off", "way_id"])
    first = nearest.index[~nearest["group"].duplicated()]
    return gpd.GeoDataFrame(
        {
            "entry_id": ("way/" + pd.Series(way_id[first]).astype("str")).astype("str"),
            "name": pieces["name"].iloc[first].to_numpy(),
            "kind": pd.Series("street", index=range(len(first)), dtype="str"),
            "order": np.full(len(first), -1),
        },
        geometry=middle,
        crs=BNG,
    )


def named_ways(
    path: Path,
    *,
    tags: Sequence[tuple[str, str]],
    keys: Sequence[str] = (),
    around: shapely.Geometry | None = None,
) -> gpd.GeoDataFrame:
    """Named ways as ``way_id, name``, the keys asked for and their lines, white space in names tidied.

    Parameters
    ----------
    path, tags, keys
        As for `data.sources.osm.read_lines`.
    around
        Ways that do not touch it are left out, British National Grid.
    """
    lines = read_lines(path, tags=tags, keys=("name", *keys), bearing="name")
    fields = lines.fields.assign(name=lines.fields["name"].str.split().str.join(" ").astype("str"))
    named = fields["name"].ne("").to_numpy()
    if around is not None:
        shapely.prepare(around)
        named = named & shapely.intersects(around, lines.line)
    return gpd.GeoDataFrame(fields[named].reset_index(drop=True), geometry=lines.line[named], crs=BNG)


def groups(table: gpd.GeoDataFrame, within_m: float) -> pd.Series[int]:
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
