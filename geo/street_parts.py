"""What a walker meets along the segments: names of streets, what is not paved; gates, stiles and crossings.

No answer rests on these tables: they tell a walk that the table of segments has measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import BNG, great_circle_m, to_bng
from geo.ways import GRID, Chains, Ways

if TYPE_CHECKING:
    from numpy.typing import NDArray

SURFACES = ("unpaved", "fine gravel", "gravel", "stones", "earth", "grass", "mud", "sand", "wood chips")
"""What one walks on where it is not paved; the first where no more is known."""

BARRIERS = (
    "stile", "kissing_gate", "turnstile", "gate", "lift_gate", "cycle_barrier", "bollard", "cattle_grid", "ford",
)  # fmt: skip
"""What one walks through, over or round."""

CROSSINGS = (
    "signal_crossing", "zebra_crossing", "other_crossing", "crossing", "unmarked_crossing", "level_crossing",
)  # fmt: skip
"""Where a road, or a railway, is crossed; that with the safest first, ``crossing`` where it is not said how.

``other_crossing`` is one with marks on the road, but neither lights nor stripes.
"""

MET = (*BARRIERS, *CROSSINGS)
"""The kinds of waypoints."""

LEVEL_CROSSINGS = ("crossing", "level_crossing")
"""Values of ``railway`` of a node where a path or a street crosses one."""

MAIN_HIGHWAYS = tuple(f"{road}{link}" for road in ("trunk", "primary", "secondary") for link in ("", "_link"))
"""Main roads as one crosses them: numbered A and B."""

_ROADS = (
    *MAIN_HIGHWAYS, "tertiary", "tertiary_link", "unclassified", "residential", "living_street", "road", "service",
)  # fmt: skip

_SURFACE = {
    "unpaved": "unpaved", "compacted": "fine gravel", "fine_gravel": "fine gravel", "gravel": "gravel",
    "pebblestone": "stones", "rock": "stones", "stone": "stones", "ground": "earth", "dirt": "earth", "earth": "earth",
    "clay": "earth", "grass": "grass", "mud": "mud", "sand": "sand", "woodchips": "wood chips",
}  # fmt: skip
_UNPAVED_TRACKS = ("grade2", "grade3", "grade4", "grade5")

BARRIER_KINDS = {kind: kind for kind in BARRIERS if kind != "ford"} | {
    "ladder_stile": "stile", "step_over": "stile", "horse_stile": "stile", "full-height_turnstile": "turnstile",
    "swing_gate": "gate", "sliding_gate": "gate", "sally_port": "gate", "hampshire_gate": "gate",
    "wicket_gate": "gate", "bump_gate": "gate", "chicane": "cycle_barrier", "motorcycle_barrier": "cycle_barrier",
}  # fmt: skip
_SIGNALS = ("traffic_signals", "pelican", "toucan", "puffin", "pegasus")
_ZEBRAS = ("zebra", "tiger")
_NO = ("no", None)


def street_parts(ways: Ways, chains: Chains, segments: gpd.GeoDataFrame) -> pd.DataFrame:
    """What streets are called and made of, piece by piece.

    Parameters
    ----------
    ways, chains, segments
        As `geo.ways.contracted` takes and makes them.

    Returns
    -------
    DataFrame
        As `geo.tables.StreetParts`, in the order of the segments and along each one from its start. Where nothing is
        known of a piece it has no row.
    """
    highway, names = ways.ways["highway"], ways.ways["name"].str.split().str.join(" ")
    main = highway.isin(MAIN_HIGHWAYS)
    surface = ways.ways["surface"].map(_SURFACE)
    unsaid = ways.ways["surface"].isna() & ways.ways["tracktype"].isin(_UNPAVED_TRACKS)
    of_way = pd.DataFrame(
        {
            "name": names.where(names.ne("")),
            "ref": ways.ways["ref"].where(highway.isin(_ROADS), ways.ways["prow_ref"]).str.strip(),
            "main": main,
            "surface": surface.where(~unsaid, SURFACES[0]),
        }
    )
    told = of_way.groupby(list(of_way.columns), dropna=False, sort=False).ngroup().to_numpy(np.int64)

    segment, along = along_segments(ways, chains, segments)
    step = np.flatnonzero(chains.way >= 0)  # from the node before to this one
    what = told[chains.way[step]]
    begins = np.ones(len(step), np.bool_)
    begins[1:] = (segment[step][1:] != segment[step][:-1]) | (what[1:] != what[:-1])
    first, last = step[begins], np.append(step[np.flatnonzero(begins)[1:] - 1], step[-1:])
    table = of_way.iloc[chains.way[first]].reset_index(drop=True)
    table.insert(0, "segment", segment[first])
    table.insert(1, "begin_mm", along[first - 1])
    table.insert(2, "end_mm", along[last])
    known = table["main"] | table[["name", "ref", "surface"]].notna().any(axis=1)
    return table[known].astype({"name": "str", "ref": "str", "surface": "str"}).reset_index(drop=True)


def waypoints(ways: Ways, chains: Chains, segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """What stands on the segments, once for each segment that it stands on or at the end of.

    Parameters
    ----------
    ways, chains, segments
        As `geo.ways.contracted` takes and makes them.

    Returns
    -------
    GeoDataFrame
        As `geo.tables.Waypoints`, in the order of the segments and along each one from its start.
    """
    kind = np.full(len(ways.lon), -1)
    for node, found in (_crossing_ways(ways, chains), _crossing_nodes(ways), _barrier_nodes(ways)):
        kind[node[found >= 0]] = found[found >= 0]
    segment, along = along_segments(ways, chains, segments)
    here = np.flatnonzero(kind[chains.node] >= 0)
    x, y = to_bng(ways.lon[chains.node[here]], ways.lat[chains.node[here]])
    return gpd.GeoDataFrame(
        {
            "segment": segment[here],
            "along_mm": along[here],
            "kind": pd.Series(np.array(MET, dtype=object)[kind[chains.node[here]]], dtype="str"),
        },
        geometry=gpd.points_from_xy(np.round(x * GRID) / GRID, np.round(y * GRID) / GRID),
        crs=BNG,
    )


def along_segments(
    ways: Ways, chains: Chains, segments: gpd.GeoDataFrame
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of each node passed: its segment, and how far along it lies, millimetres."""
    segment = np.repeat(np.arange(len(chains.offset) - 1), np.diff(chains.offset))
    lon, lat = ways.lon[chains.node], ways.lat[chains.node]
    step = np.zeros(len(chains.node))
    step[1:] = great_circle_m(lon[:-1], lat[:-1], lon[1:], lat[1:]) * 1000
    step[chains.way < 0] = 0
    walked = np.cumsum(step)
    whole = segments["length_mm"].to_numpy(np.int64)[segment]
    along = np.minimum(np.round(walked - walked[chains.offset[:-1]][segment]).astype(np.int64), whole)
    along[chains.offset[1:] - 1] = segments["length_mm"].to_numpy(np.int64)
    return segment, along


def _numbered(kind: pd.Series[str]) -> NDArray[np.int64]:
    return np.asarray(kind.map({one: number for number, one in enumerate(MET)}).fillna(-1), np.int64)


def _barrier_nodes(ways: Ways) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return ways.barriers["node"].to_numpy(np.int64), _numbered(ways.barriers["barrier"].map(BARRIER_KINDS))


def _crossing_nodes(ways: Ways) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    tags = ways.crossings
    kind = _crossing_kinds(tags)
    lit = (tags["crossing:signals"] == "yes") | (tags["highway"] == "traffic_signals")
    kind = kind.where(~lit, "signal_crossing")
    kind = kind.where((tags["highway"] == "crossing") | ~tags["crossing"].isin(_NO), None)
    kind = kind.where(tags["ford"].isin(_NO), "ford")
    kind = kind.where(~tags["railway"].isin(LEVEL_CROSSINGS), "level_crossing")
    return tags["node"].to_numpy(np.int64), _numbered(kind)


def _crossing_ways(ways: Ways, chains: Chains) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Nodes of roads over which a path is drawn that is said to be a crossing, for files that lack tags of nodes."""
    step = np.flatnonzero(chains.way >= 0)
    road = np.zeros(len(ways.lon), np.bool_)
    of_road = step[ways.ways["highway"].isin(_ROADS).to_numpy()[chains.way[step]]]
    road[chains.node[of_road]] = road[chains.node[of_road - 1]] = True
    over = (ways.ways["footway"] == "crossing").to_numpy()
    of_path = step[over[chains.way[step]]]
    kind = _numbered(_crossing_kinds(ways.ways))[chains.way[of_path]]
    node, kind = np.concatenate([chains.node[of_path - 1], chains.node[of_path]]), np.tile(kind, 2)
    return node[road[node]], kind[road[node]]


def _crossing_kinds(tags: pd.DataFrame) -> pd.Series[str]:
    """How one crosses, by ``crossing`` and ``crossing_ref``."""
    said, known_as = tags["crossing"], tags["crossing_ref"]
    kind = pd.Series("crossing", index=tags.index, dtype=object)
    kind[said == "unmarked"] = "unmarked_crossing"
    kind[said.isin(("marked", "uncontrolled"))] = "other_crossing"
    kind[said.isin(_ZEBRAS) | known_as.isin(_ZEBRAS)] = "zebra_crossing"
    kind[said.isin(_SIGNALS) | known_as.isin(_SIGNALS)] = "signal_crossing"
    return kind
