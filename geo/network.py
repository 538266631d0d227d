"""The walking network of one profile: junctions and segments as read-only arrays; joining points to it; keeping it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import paths, topology
from geo.assumptions import assumed_parts
from geo.crs import BNG
from geo.errors import InputError, RequestError
from geo.profiles import ADULT, BUGGY, NODE_TAGS, RULES_VERSION, WALKABLE_HIGHWAYS, WAY_TAGS, WalkProfile, way_factors
from geo.street_parts import LEVEL_CROSSINGS, street_parts, waypoints
from geo.ways import CROSSING_TAGS, NAME_TAGS, STREET_CLASSES, Ways, contracted, segments_from

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = [
    "ADULT", "BUGGY", "CROSSING_TAGS", "LEVEL_CROSSINGS", "NAME_TAGS", "NODE_TAGS", "RULES_VERSION", "SNAP_LIMIT_M",
    "STREET_CLASSES", "WALKABLE_HIGHWAYS", "WAY_TAGS", "Doors", "Snaps", "WalkNetwork", "WalkProfile", "Ways",
    "assumed_parts", "contracted", "open_segments", "save_segments", "segments_from", "street_parts",
    "way_factors", "waypoints",
]  # fmt: skip

SNAP_LIMIT_M = 250.0
"""How far a point may be from a street, straight, and still join it."""

PART_LIMIT_M = 2000.0
"""Connected parts with less way than this are not joined to: they are mapping errors or private yards."""

AREA_REACH_M = 15.0
"""A site drawn as an area is entered wherever a street comes this near to its outline."""

_COLUMNS = (
    "start", "end", "length_mm", "foot_factor", "pram_factor", "start_barred", "end_barred", "street_class", "way_id",
)  # fmt: skip
_Kind = TypeVar("_Kind", bound=np.generic)
_BIT = {"foot": 1, "pram": 2}


class Snaps(NamedTuple):
    """Where points join the network; arrays of shape (points,), int32 but for ``snap_m``.

    ``segment`` is -1 for a point that is off the network; ``cost``, ``length`` and ``leg`` are millimetres: along the
    segment from its start, as level ground and as they are, and the straight leg to it.
    """

    segment: NDArray[np.int32]
    cost: NDArray[np.int32]
    length: NDArray[np.int32]
    leg: NDArray[np.int32]
    snap_m: NDArray[np.float64]
    """Straight distance to the nearest street, metres; infinite where it is beyond the limit."""

    @property
    def on_network(self) -> NDArray[np.bool_]:
        """Which points joined."""
        return np.asarray(self.segment >= 0)


class Doors(NamedTuple):
    """Where sites are entered: stretches of segments, from ``low`` to ``high`` along each (millimetres); int32 arrays.

    A point site has one door of no width; an area has one for every stretch of street along or inside it.
    """

    segment: NDArray[np.int32]
    site: NDArray[np.int32]
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    low_length: NDArray[np.int32]
    high_length: NDArray[np.int32]
    leg: NDArray[np.int32]


def _frozen(values: NDArray[_Kind]) -> NDArray[_Kind]:
    values = np.ascontiguousarray(values)
    values.flags.writeable = False
    return values


@dataclass(frozen=True, eq=False)
class WalkNetwork:
    """The streets that a profile may walk.

    All arrays are read-only and of shape (segments,) unless said; a segment is a chain of street between two junctions.
    Build one with `WalkNetwork.of`.
    """

    profile: WalkProfile
    junctions: int
    """How many junctions there are; `start` and `end` are their numbers, int32."""
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    cost: NDArray[np.int32]
    """Millimetres of level ground that take as long; the time is this at the profile's speed."""
    length: NDArray[np.int32]
    """Millimetres."""
    start_open: NDArray[np.bool_]
    """False where the start is a gate or a stile that this profile cannot pass."""
    end_open: NDArray[np.bool_]
    lines: NDArray[np.object_]
    """LineStrings from start to end, British National Grid."""
    row: NDArray[np.int64]
    """Row of the segment in the table of segments, which all profiles share."""
    joinable: NDArray[np.bool_]
    """False in connected parts with less than `PART_LIMIT_M` of way."""
    graph: paths.Graph
    tree: shapely.STRtree
    """Of the joinable segments."""
    tree_segment: NDArray[np.int32]
    """Segment of each line of the tree."""

    @classmethod
    def of(cls, segments: gpd.GeoDataFrame, profile: WalkProfile) -> WalkNetwork:
        """The network of a profile, from the table of segments that `segments_from` made."""
        factor = segments[f"{profile.rules}_factor"].to_numpy(np.float64)
        row = np.flatnonzero(~np.isnan(factor))
        table = segments.iloc[row]
        bit = _BIT[profile.rules]
        start, end = (_frozen(table[name].to_numpy(np.int32)) for name in ("start", "end"))
        length = _frozen(table["length_mm"].to_numpy(np.int32))
        cost = _frozen(np.round(length * factor[row]).astype(np.int32))
        start_open, end_open = (
            _frozen((table[name].to_numpy(np.uint8) & bit) == 0) for name in ("start_barred", "end_barred")
        )
        junctions = int(max(segments["start"].max(), segments["end"].max())) + 1 if len(segments) else 0

        through = start_open & end_open
        rows = topology.graph_rows(junctions, start[through], end[through], cost[through], length[through])
        offset, neighbour, costs, lengths = (_frozen(values) for values in rows)
        graph = paths.Graph(offset, neighbour, costs, lengths, int(cost[through].max(initial=0)))
        _, part = np.unique(topology.parts(junctions, start, end, start_open, end_open), return_inverse=True)
        joinable = _frozen(np.bincount(part, weights=length)[part] >= PART_LIMIT_M * 1000) if len(part) else through
        lines = _frozen(table.geometry.to_numpy())
        tree_segment = _frozen(np.flatnonzero(joinable).astype(np.int32))
        return cls(
            profile=profile,
            junctions=junctions,
            start=start,
            end=end,
            cost=cost,
            length=length,
            start_open=start_open,
            end_open=end_open,
            lines=lines,
            row=_frozen(row),
            joinable=joinable,
            graph=graph,
            tree=shapely.STRtree(lines[tree_segment]),
            tree_segment=tree_segment,
        )

    @cached_property
    def edge_segment(self) -> NDArray[np.int64]:
        """Segment of each neighbour in the graph's rows."""
        through = np.flatnonzero(self.start_open & self.end_open)
        ends = np.column_stack([self.start[through], self.end[through]]).ravel()
        return _frozen(through[np.argsort(ends, kind="stable") // 2])  # the rows keep the segments' order

    @cached_property
    def part(self) -> NDArray[np.int64]:
        """Connected part of each segment: one can walk between any two of a part, and between no others."""
        return _frozen(topology.parts(self.junctions, self.start, self.end, self.start_open, self.end_open))

    def minutes(self, cost: NDArray[np.int32]) -> NDArray[np.float64]:
        """Costs in millimetres of level ground as minutes; NaN where nothing is reached."""
        return np.where(cost == paths.FAR, np.nan, cost / (1000 * self.profile.metres_per_minute))

    def cost_of(self, minutes: float) -> int:
        """Minutes as millimetres of level ground, the bound for a search."""
        if not 0 <= minutes < float("inf"):
            message = f"a walk of {minutes} minutes is not zero or more"
            raise RequestError(message)
        # rounded down: a walk that is longer by half a millimetre is longer
        return int(min(minutes * 1000 * self.profile.metres_per_minute + 1e-6, int(paths.FAR) - 1))

    def snap(self, points: NDArray[np.object_]) -> Snaps:
        """Join points to the nearest street of the profile, at the foot of the perpendicular.

        Parameters
        ----------
        points
            Shapely points, British National Grid, shape (points,); an empty or missing one does not join.

        Returns
        -------
        Snaps
            A point farther than `SNAP_LIMIT_M` from every joinable segment is off the network. Of two segments equally
            near, the lower number is taken.
        """
        points = np.asarray(points, dtype=object)
        segment = np.full(len(points), -1, np.int32)
        snap_m = np.full(len(points), np.inf)
        along = np.zeros(len(points))
        here = np.flatnonzero(~(shapely.is_missing(points) | shapely.is_empty(points)))
        if len(here) and len(self.tree_segment):
            (which, line), distance = self.tree.query_nearest(
                points[here], max_distance=SNAP_LIMIT_M, return_distance=True, all_matches=True
            )
            first = np.unique(which, return_index=True)[1]  # matches come in the tree's order for each point
            nearest = np.minimum.reduceat(line, first) if len(first) else line[:0]
            joined = here[which[first]]
            segment[joined] = self.tree_segment[nearest]
            snap_m[joined] = distance[first]
            along[joined] = shapely.line_locate_point(self.lines[segment[joined]], points[joined], normalized=True)
        on = np.maximum(segment, 0)
        known = segment >= 0
        cost, length = (
            np.where(known, np.round(along * (values[on] if len(values) else 0)), 0).astype(np.int32)
            for values in (self.cost, self.length)
        )
        leg = np.where(known, np.round(np.where(known, snap_m, 0) * 1000), 0).astype(np.int32)
        return Snaps(*(_frozen(a) for a in (segment, cost, length, leg, snap_m)))

    def doors(self, geometries: NDArray[np.object_]) -> Doors:
        """Where sites are entered.

        Parameters
        ----------
        geometries
            Points, multipoints (mapped entrances), lines or polygons, British National Grid, shape (sites,). An area
            is entered wherever a street runs inside it or within `AREA_REACH_M` of its outline, without a further leg;
            if there is none, it is a point. A site that is off the network, or has no geometry, has no door.
        """
        geometries = np.asarray(geometries, dtype=object)
        area = shapely.get_dimensions(geometries) >= 1
        site, segment, low, high = self._stretches(geometries, np.flatnonzero(area))
        alone = np.setdiff1d(np.arange(len(geometries)), site)
        points, of_points = shapely.get_parts(
            np.where(area[alone], shapely.point_on_surface(geometries[alone]), geometries[alone]),
            return_index=True,
        )
        snaps = self.snap(points)
        on = snaps.on_network
        whole_cost, whole_length = self.cost[segment], self.length[segment]
        return Doors(
            segment=np.concatenate([segment, snaps.segment[on]]).astype(np.int32),
            site=np.concatenate([site, alone[of_points[on]]]).astype(np.int32),
            low=np.concatenate([np.round(low * whole_cost), snaps.cost[on]]).astype(np.int32),
            high=np.concatenate([np.round(high * whole_cost), snaps.cost[on]]).astype(np.int32),
            low_length=np.concatenate([np.round(low * whole_length), snaps.length[on]]).astype(np.int32),
            high_length=np.concatenate([np.round(high * whole_length), snaps.length[on]]).astype(np.int32),
            leg=np.concatenate([np.zeros(len(site)), snaps.leg[on]]).astype(np.int32),
        )

    def _stretches(
        self, geometries: NDArray[np.object_], which: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
        """Stretches of joinable segments inside or near areas: site, segment, and from where to where (0 to 1)."""
        if not len(which):
            return which, np.empty(0, np.int32), np.empty(0), np.empty(0)
        near = shapely.buffer(geometries[which], AREA_REACH_M)
        of, line = self.tree.query(near, predicate="intersects")
        segment = self.tree_segment[line]
        pieces, piece_of = shapely.get_parts(shapely.intersection(self.lines[segment], near[of]), return_index=True)
        # a street too short to have two ends on the grid gives an empty piece; its neighbours lead to the same door
        is_line = (shapely.get_type_id(pieces) == shapely.GeometryType.LINESTRING) & ~shapely.is_empty(pieces)
        pieces, piece_of = pieces[is_line], piece_of[is_line]
        lines = self.lines[segment[piece_of]]
        ends = [shapely.line_locate_point(lines, shapely.get_point(pieces, at), normalized=True) for at in (0, -1)]
        return which[of[piece_of]], segment[piece_of], np.minimum(*ends), np.maximum(*ends)


def save_segments(segments: gpd.GeoDataFrame, path: Path) -> None:
    """Keep a table of segments as GeoParquet, which QGIS and pandas read too."""
    segments.to_parquet(path, index=False, compression="zstd", compression_level=19)


def open_segments(path: Path) -> gpd.GeoDataFrame:
    """Open a table of segments.

    Raises
    ------
    InputError
        The file is missing, is not GeoParquet, or is not a network of this version.
    """
    try:
        segments = gpd.read_parquet(path)
    except (OSError, ValueError) as fault:
        raise InputError(path, expected="a network saved by Pramshed", found=str(fault).splitlines()[0]) from fault
    missing = [name for name in _COLUMNS if name not in segments.columns]
    if missing or segments.crs != BNG:
        raise InputError(
            path,
            expected=f"columns {', '.join(_COLUMNS)} in {BNG}",
            found=f"no {', '.join(missing)}" if missing else str(segments.crs),
        )
    return pd.DataFrame(segments).pipe(gpd.GeoDataFrame, geometry="geometry", crs=BNG)
