"""Names to write on a map: of towns, villages and their parts at a point, of streets along a straight stretch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.sources.gazetteer import NEAR_M, groups, named_ways
from data.sources.osm import read_tagged, require_extract
from geo.crs import BNG, to_bng
from geo.network import WALKABLE_HIGHWAYS, WAY_TAGS, way_factors

if TYPE_CHECKING:
    from numpy.typing import NDArray

PLACES = {
    "city": ("city", 1), "town": ("town", 2), "village": ("village", 4), "suburb": ("suburb", 4),
    "hamlet": ("hamlet", 5), "quarter": ("suburb", 5), "neighbourhood": ("suburb", 6),
}  # fmt: skip
"""Values of ``place``: what each is called here, and its rank."""

LARGE = {"town": 50_000, "village": 5_000, "suburb": 10_000}
"""With so many people, a place ranks one higher."""

SMALL_VILLAGE = 500
"""A village of fewer ranks one lower."""

MAIN_ROADS = tuple(f"{road}{link}" for road in ("motorway", "trunk", "primary", "secondary") for link in ("", "_link"))
_STREETS = ("unclassified", "residential", "living_street", "pedestrian", "road")
_RANKS = dict.fromkeys(MAIN_ROADS, 7) | {"tertiary": 8, "tertiary_link": 8} | dict.fromkeys(_STREETS, 9)
PATH_RANK = 11
"""The rank of what is no street: a service road, a path, a track; the last one."""

SHORT_M = 200.0
"""A street that is shorter ranks one lower."""

LEAST_PATH_M = 150.0
"""A named path or service road that is no longer is left out."""

STRAIGHT_M = 10.0
"""A stretch is straight if no point of it lies farther than this from the line between its ends."""

EVERY_M = 1000.0
"""A street has a name for each of these that it is long, and one at least."""

APART_M = 750.0
"""Names of one street are no nearer to each other; so the second carriageway does not have the name again."""

LETTER_M = 8.0
"""Length of a letter where a street map is read, metres: between zoom levels 16 and 17."""


class _Spots(NamedTuple):
    """Where names may stand: whose they are (row of the streets' table), on which line, between which two corners."""

    street: NDArray[np.int64]
    line: NDArray[np.object_]
    start: NDArray[np.float64]
    end: NDArray[np.float64]

    def only(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> _Spots:
        """The spots that are chosen."""
        return _Spots(self.street[which], self.line[which], self.start[which], self.end[which])


def read_labels(path: Path, *, frame: shapely.Geometry) -> gpd.GeoDataFrame:
    """Read the names that a map of a place is read by.

    Ranks, 1 the most important: city 1, town 2, village and suburb 4, hamlet and quarter 5, neighbourhood 6, with
    `LARGE` and `SMALL_VILLAGE` where the population is told; then streets: motorway to secondary 7, tertiary 8, others
    9, each one lower (8, 9, 10) if under `SHORT_M`; paths and service roads longer than `LEAST_PATH_M` 11.

    Ways of one name near each other are one street, as in the gazetteer. Its name stands in the middle of its longest
    straight stretch; of a street over `EVERY_M` on further ones, too, if they have room for it. Ways that nobody may
    walk have no name here unless they are main roads.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm`` and the like.
    frame
        Names whose point lies outside are left out, British National Grid.

    Returns
    -------
    geopandas.GeoDataFrame
        As `geo.tables.Labels`, the most important first: by rank, then by population or length of street.

    Raises
    ------
    InputError
        The file is missing or is no OpenStreetMap extract.
    """
    path = Path(path)
    require_extract(path)
    table = pd.concat([_places(path), _streets(path, frame)], ignore_index=True)
    table = table[shapely.intersects(frame, table.geometry.to_numpy())]
    table = table.sort_values(["rank", "size", "name"], ascending=[True, False, True], kind="stable")
    return table[["name", "kind", "rank", "angle", "room_m", "geometry"]].reset_index(drop=True)


def _places(path: Path) -> gpd.GeoDataFrame:
    """Towns, villages and their parts, each once, as Labels with their ``size``: people, 0 where it is not told."""
    found = read_tagged(path, tags=[("place", value) for value in PLACES], keys=("name", "place", "population"))
    fields, place = found.fields, found.fields["place"]
    people = pd.to_numeric(fields["population"].str.replace(",", ""), errors="coerce")
    rank = place.map({value: rank for value, (_, rank) in PLACES.items()}).astype("int64")
    rank -= (people >= place.map(LARGE).astype("float64")).astype("int64")
    rank += ((place == "village") & (people < SMALL_VILLAGE)).astype("int64")
    point = found.geometry.representative_point()
    table = gpd.GeoDataFrame(
        {
            "name": fields["name"].str.split().str.join(" ").astype("str"),
            "kind": place.map({value: kind for value, (kind, _) in PLACES.items()}).astype("str"),
            "rank": rank,
            "angle": 0.0,
            "room_m": np.nan,
            "size": people.fillna(0.0),
            "osm_id": fields["osm_id"],
        },
        geometry=gpd.points_from_xy(*to_bng(point.x.to_numpy(), point.y.to_numpy())),
        crs=BNG,
    )
    # a node, where somebody set it, comes before an outline
    table = table[table["name"] != ""].sort_values(["rank", "osm_id"]).reset_index(drop=True)
    return table[~groups(table, NEAR_M["locality"]).duplicated()].drop(columns="osm_id")


def _streets(path: Path, frame: shapely.Geometry) -> gpd.GeoDataFrame:
    """Names of streets as Labels, with the ``size`` of each street: its metres."""
    tags = [("highway", value) for value in dict.fromkeys((*MAIN_ROADS, *WALKABLE_HIGHWAYS))]
    ways = named_ways(path, tags=tags, keys=WAY_TAGS, around=frame)
    rank = ways["highway"].map(_RANKS).fillna(PATH_RANK).astype("int64")
    kept = ways["highway"].isin(MAIN_ROADS) | ~np.isnan(way_factors(ways, "foot"))
    ways = ways.assign(rank=rank)[kept].reset_index(drop=True)
    ways["group"] = groups(ways, NEAR_M["street"])
    # a path beside the street that bears its name is no place for it
    best = ways.groupby("group")["rank"].transform("min")
    ways = ways[(ways["rank"] < PATH_RANK) | (best == PATH_RANK)].sort_values("group", kind="stable")
    streets = (
        ways.assign(size=ways.length)
        .groupby("group")
        .agg(name=("name", "first"), rank=("rank", "min"), size=("size", "sum"))
    )
    ways["street"] = streets.index.get_indexer(ways["group"])
    streets = streets.reset_index(drop=True)
    size, path_only = streets["size"], streets["rank"] == PATH_RANK
    streets["rank"] += (~path_only & (size < SHORT_M)).astype("int64")
    spots = _spots(ways)
    seen = shapely.intersects(frame, shapely.points((spots.start + spots.end) / 2))
    spots = spots.only(seen & (~path_only | (size > LEAST_PATH_M)).to_numpy()[spots.street])
    letters = streets["name"].str.len().to_numpy(np.float64) * LETTER_M
    most = np.maximum(size.to_numpy() // EVERY_M, 1)
    spots = spots.only(_chosen(spots, need_m=letters[spots.street], most=most[spots.street]))
    return _written(spots, streets, letters)


def _spots(ways: gpd.GeoDataFrame) -> _Spots:
    """Every straight stretch of every street; one that is long is several, of about `EVERY_M` each."""
    whole = shapely.multilinestrings(ways.geometry.to_numpy(), indices=ways["street"].to_numpy())
    chain, street = shapely.get_parts(shapely.line_merge(whole), return_index=True)
    corner, of = shapely.get_coordinates(shapely.simplify(chain, STRAIGHT_M), return_index=True)
    same = of[1:] == of[:-1]
    start, end, of = corner[:-1][same], corner[1:][same], of[1:][same]
    pieces = np.maximum(np.round(np.hypot(*(end - start).T) / EVERY_M), 1).astype(np.int64)
    row = np.repeat(np.arange(len(of)), pieces)
    number = np.arange(len(row)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    step = (end - start)[row] / pieces[row, None]
    first = start[row] + step * number[:, None]
    return _Spots(street[of[row]], chain[of[row]], first, first + step)


def _chosen(spots: _Spots, *, need_m: NDArray[np.float64], most: NDArray[np.float64]) -> NDArray[np.int64]:
    """The spots to write at: of each street the roomiest, then the next that is `APART_M` from those before it."""
    room = np.hypot(*(spots.end - spots.start).T)
    middle = (spots.start + spots.end) / 2
    order = np.lexsort([-room, spots.street])
    street = spots.street[order]
    first = np.diff(street, prepend=-1) > 0
    left = order[(first | (room >= need_m)[order]) & (room[order] > 0)]
    taken: list[NDArray[np.int64]] = []
    while len(left):  # a round a name of the longest street
        street = spots.street[left]
        first = np.diff(street, prepend=-1) > 0
        best = left[first]
        taken.append(best)
        near = middle[left] - middle[best][np.cumsum(first) - 1]
        left = left[(np.hypot(*near.T) >= APART_M) & (most[left] > len(taken))]
    return np.concatenate(taken) if taken else np.empty(0, np.int64)


def _written(spots: _Spots, streets: pd.DataFrame, letters: NDArray[np.float64]) -> gpd.GeoDataFrame:
    """Each spot as a label: on the street, turned as the street is over the length of its name."""
    room = np.hypot(*(spots.end - spots.start).T)
    middle = shapely.line_locate_point(spots.line, shapely.points((spots.start + spots.end) / 2))
    half = np.minimum(letters[spots.street], room) / 2
    one, other = (
        shapely.get_coordinates(shapely.line_interpolate_point(spots.line, np.maximum(at, 0.0)))
        for at in (middle - half, middle + half)
    )
    along = np.where((one == other).all(axis=1, keepdims=True), spots.end - spots.start, other - one)
    angle = np.round(np.degrees(np.arctan2(along[:, 1], along[:, 0])), 1)
    angle = np.where(angle > 90, angle - 180, np.where(angle <= -90, angle + 180, angle))  # read from left to right
    table = streets.iloc[spots.street].reset_index(drop=True)
    return gpd.GeoDataFrame(
        table.assign(kind=pd.Series("street", index=table.index, dtype="str"), angle=angle, room_m=np.round(room, 1)),
        geometry=shapely.line_interpolate_point(spots.line, middle),
        crs=BNG,
    )
