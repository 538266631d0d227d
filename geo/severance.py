"""Who lives a short straight line from a site and a long walk: cut off by a railway, water or a main road."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import paths
from geo.access import nearest
from geo.crs import BNG
from geo.routes import route

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.access import Nearest
    from geo.network import Snaps, WalkNetwork

TIMES = 2.0
"""A walk of at least so many times the straight line is a long way round; 1.4 to 1.5 times is usual."""

ASIDE_M = 200.0
"""What the walk crosses no farther from the straight line, three minutes with a pram, is not why it is long."""

WIDE_M = 10.0
"""A straight line that clips less than this of water does not cross it."""

ON_ROAD_M = 5.0
"""A walk this near to a main road as drawn is on it."""

COLUMNS = [
    "area_code", "site_id", "kind", "homes", "under5", "origin_id", "straight_m", "walk_m", "aside_m", "crosses_at",
    "walk_at", "walk", "geometry",
]  # fmt: skip


class Lines(NamedTuple):
    """What may lie between a home and a site."""

    kind: NDArray[np.object_]
    """Of each: ``railway``, ``water`` or ``main road``; those named first are blamed where no walk tells."""
    shape: NDArray[np.object_]
    """Its line, or the area that it covers; British National Grid."""
    walked: str = "main road"
    """The kind that one may walk along, so that whoever is on it has come to it."""


class Asked(NamedTuple):
    """Whose walks, to what."""

    network: WalkNetwork
    snaps: Snaps
    homes: gpd.GeoDataFrame
    """Index ``origin_id``, ``area_code`` and a point, as `geo.tables.Origins`."""
    children: NDArray[np.float64]
    """Under-fives of each; 0 where no walk is known."""
    minutes: NDArray[np.float64]
    """Each home's walk to its nearest site; NaN where there is none."""
    sites: gpd.GeoDataFrame
    threshold: float
    """Minutes."""


class _Met(NamedTuple):
    """How far the walk crosses something from where the straight line does, metres, and where each does.

    Where it goes round, it has no place, and how far it swings out from the straight line is the measure.
    """

    aside_m: float = np.nan
    crosses_at: shapely.Point | None = None
    walk_at: shapely.Point | None = None


def cut_off(asked: Asked, lines: Lines) -> gpd.GeoDataFrame:
    """Neighbourhoods with a site near in a straight line, none within the threshold, and a long way round.

    A home counts if its walk to every site is beyond the threshold, the site that is nearest in a straight line is no
    farther away than the threshold is long, and the walk there is at least `TIMES` as long as that line, or there is
    none. Homes of a neighbourhood whose straight lines to one site meet the same kinds of things are told by one of
    them, that with the middle ratio of walk to line.

    To blame is what the straight line crosses and the walk crosses farthest from there, or goes round; nothing that is
    known, if the walk crosses all of it within `ASIDE_M`. Where there is no way, that is the first kind that the line
    meets and nobody walks along.

    Parameters
    ----------
    asked
        Whose walks.
    lines
        What may lie between.

    Returns
    -------
    GeoDataFrame
        A row for each neighbourhood, site and ``kind`` (missing: nothing that is known), most under-fives first:
        ``homes`` and ``under5`` who are cut off; of the home that tells it ``origin_id, straight_m, walk_m`` (NaN where
        there is no way), ``aside_m``, how far from where the line meets it the walk crosses it (or swings out from the
        line, to go round), and two points: ``crosses_at``, and ``walk_at``, None where it goes round; ``walk``, its
        line, None where there is no way. The geometry is the straight line, British National Grid.
    """
    tree, rows = shapely.STRtree(lines.shape), []
    for at, pairs in _near(asked).groupby("site", sort=True):
        site = asked.sites.iloc[[at]]
        state = nearest(asked.network, site)
        for group, kinds in _groups(_far(pairs, state, asked.snaps), lines, tree):
            one = group.sort_values("times", kind="stable").iloc[(len(group) - 1) // 2]
            found = route(state, site, asked.homes.geometry.iloc[one["home"]])
            walk = None if found is None else found.line
            kind, met = _blamed(one["geometry"], walk, kinds, lines, tree)
            rows.append(
                (
                    one["area_code"], site.index[0], kind, len(group), group["under5"].sum(),
                    asked.homes.index[one["home"]], one["straight_m"], one["walk_m"], *met, walk,
                    one["geometry"],
                )
            )  # fmt: skip
    table = pd.DataFrame(rows, columns=COLUMNS).sort_values("under5", ascending=False, kind="stable")
    by = table.groupby(["area_code", "site_id", "kind"], dropna=False, sort=False)
    table = by.head(1).assign(**{name: by[name].transform("sum") for name in ("homes", "under5")})
    table = table.sort_values(["under5", "area_code"], ascending=[False, True], kind="stable", ignore_index=True)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=BNG)


def _near(asked: Asked) -> gpd.GeoDataFrame:
    """Homes beyond the threshold, each with the site that is near in a straight line; numbered as in their tables."""
    points, shapes = asked.homes.geometry.to_numpy(), asked.sites.geometry.to_numpy()
    placed = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    beyond = np.flatnonzero(asked.snaps.on_network & (asked.children > 0) & ~(asked.minutes <= asked.threshold))
    most = asked.network.cost_of(asked.threshold) / 1000
    home, at = shapely.STRtree(shapes[placed]).query_nearest(points[beyond], max_distance=most, all_matches=False)
    home, site = beyond[home], placed[at]
    line = shapely.shortest_line(points[home], shapes[site])
    columns = {"home": home, "site": site, "area_code": asked.homes["area_code"].to_numpy()[home]}
    columns |= {"under5": asked.children[home], "straight_m": shapely.length(line)}
    return gpd.GeoDataFrame(columns, geometry=line, crs=BNG)


def _far(pairs: gpd.GeoDataFrame, state: Nearest, snaps: Snaps) -> gpd.GeoDataFrame:
    """Those of some pairs of one site with a long way round, with the walk and how many times the line it is."""
    cost, _, length = (values[pairs["home"].to_numpy()] for values in state.cost(snaps))
    walk = np.where(cost == paths.FAR, np.inf, length / 1000)
    times = walk / np.maximum(pairs["straight_m"].to_numpy(), 1.0)
    return pairs.assign(walk_m=np.where(np.isinf(walk), np.nan, walk), times=times)[times >= TIMES]


def _groups(
    pairs: gpd.GeoDataFrame, lines: Lines, tree: shapely.STRtree
) -> list[tuple[gpd.GeoDataFrame, tuple[str, ...]]]:
    """Homes of a neighbourhood with the same kinds of things between them and one site, with these."""
    kinds = tuple(dict.fromkeys(lines.kind.tolist()))
    straight = pairs.geometry.to_numpy()
    line, shape = tree.query(straight, predicate="intersects")
    wide = shapely.get_dimensions(lines.shape[shape]) > 1
    clipped = shapely.length(shapely.intersection(straight[line[wide]], lines.shape[shape[wide]]))
    crosses = np.ones(len(line), np.bool_)
    crosses[wide] = clipped >= WIDE_M
    met = np.zeros((len(pairs), len(kinds)), np.bool_)
    met[line[crosses], pd.Index(kinds).get_indexer(lines.kind[shape[crosses]])] = True
    between = pd.Series(met @ (1 << np.arange(len(kinds))), pairs.index)
    return [
        (group, tuple(kind for bit, kind in enumerate(kinds) if int(which) >> bit & 1))
        for (_, which), group in pairs.groupby(["area_code", between], sort=True)
    ]


def _blamed(
    straight: shapely.LineString,
    walk: shapely.LineString | None,
    kinds: tuple[str, ...],
    lines: Lines,
    tree: shapely.STRtree,
) -> tuple[str | None, _Met]:
    """The kind of thing to blame, of those that a straight line meets; None where the walk crosses all of them near."""
    if walk is None:
        return next((kind for kind in kinds if kind != lines.walked), None), _Met()
    told = [(_met(straight, walk, lines, tree, kind), kind) for kind in kinds]
    met, kind = max(told, key=lambda one: one[0].aside_m, default=(_Met(), None))
    return (kind, met) if met.aside_m > ASIDE_M else (None, _Met())


def _met(
    straight: shapely.LineString, walk: shapely.LineString, lines: Lines, tree: shapely.STRtree, kind: str
) -> _Met:
    """How far from where a straight line meets things of a kind the walk does."""

    def on(line: shapely.LineString, slack: float) -> NDArray[np.object_]:
        near = tree.query(line, predicate="dwithin", distance=slack)
        shapes = lines.shape[near[lines.kind[near] == kind]]
        parts = shapely.get_parts(shapely.intersection(line, shapely.buffer(shapes, slack) if slack else shapes))
        return np.asarray(parts[~shapely.is_empty(parts)], object)

    there, here = on(straight, 0.0), on(walk, ON_ROAD_M if kind == lines.walked else 0.0)
    if not len(here):
        swing = shapely.distance(shapely.points(shapely.get_coordinates(walk)), straight).max()
        return _Met(float(swing), shapely.point_on_surface(there[0]))
    to = shapely.union_all(here)
    aside = shapely.distance(there, to)
    farthest = int(aside.argmax())
    at = shapely.get_point(shapely.shortest_line(there[farthest], to), [0, 1])
    return _Met(float(aside[farthest]), at[0], at[1])
