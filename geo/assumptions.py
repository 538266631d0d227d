"""What of the streets is assumed: where OpenStreetMap does not say what somebody with a pram would need to know.

No answer as tagged rests on it. `geo.readings` asks what walks would be if it were read another way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.profiles import ACCESS_CLOSED, NODE_TAGS, RAMP_TAGS, barred, way_factors
from geo.street_parts import BARRIER_KINDS, along_segments

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.ways import Chains, Ways

OFF_THE_ROADS = ("footway", "path", "track", "bridleway", "cycleway")
"""Ways that may be anything to push a pram on; roads, squares and pavements beside a road are paved."""

_PAVEMENTS = ("sidewalk", "crossing")
_GROUND = ("surface", "smoothness", "tracktype")
_BY_LEAVE = ("permissive", "permit", "residents")
_FOOT_BY_LEAVE = (*_BY_LEAVE, "customers", "delivery", "destination")

OF_WAYS = ("ground_unknown", "ramp_untyped", "cycleway", "by_leave")
"""What may be assumed of a piece of street: a column each."""


def assumed_of_ways(ways: pd.DataFrame) -> pd.DataFrame:
    """What is assumed of each way that somebody may walk.

    Parameters
    ----------
    ways
        One row a way, columns `geo.profiles.WAY_TAGS` and `geo.ways.NAME_TAGS`, missing tags as NaN or None.

    Returns
    -------
    DataFrame
        Columns `OF_WAYS`, bool. ``ground_unknown``: off the roads, and neither surface nor smoothness nor the grade of
        a track is said. ``ramp_untyped``: steps open to a pram by ``ramp=yes`` alone. ``cycleway``:
        ``highway=cycleway``. ``by_leave``: on private land, open on foot because ``foot`` says so, or as the owner
        permits.
    """
    foot, access = ways["foot"], ways["access"]
    off_roads = ways["highway"].isin(OFF_THE_ROADS) & ~ways["footway"].isin(_PAVEMENTS)
    by_leave = access.isin(ACCESS_CLOSED) | foot.isin(_FOOT_BY_LEAVE) | (foot.isna() & access.isin(_BY_LEAVE))
    steps, others = ways["highway"] == "steps", [tag for tag in RAMP_TAGS if tag != "ramp"]
    with_pram = ~np.isnan(way_factors(ways, "pram"))
    table = pd.DataFrame(
        {
            "ground_unknown": off_roads & ways[list(_GROUND)].isna().all(axis=1) & with_pram,
            "ramp_untyped": steps & (ways["ramp"] == "yes") & ~(ways[others] == "yes").any(axis=1) & with_pram,
            "cycleway": ways["highway"] == "cycleway",
            "by_leave": by_leave,
        }
    )
    return table & ~np.isnan(way_factors(ways, "foot"))[:, None]


def gates_untagged(barriers: pd.DataFrame) -> NDArray[np.bool_]:
    """Which gates and cycle barriers a pram passes only because no tag says who may, and who can.

    Parameters
    ----------
    barriers
        One row a node, a column for each of `geo.profiles.NODE_TAGS`, missing tags as NaN or None.
    """
    gate = barriers["barrier"].map(BARRIER_KINDS).isin(("gate", "cycle_barrier"))
    said = barriers[[tag for tag in NODE_TAGS if tag != "barrier"]].notna().any(axis=1)
    return np.asarray(gate & ~said & ~barred(barriers, "pram"))


def assumed_parts(ways: Ways, chains: Chains, segments: gpd.GeoDataFrame) -> pd.DataFrame:
    """What of the streets is assumed, piece by piece, and each gate that no tag says anything of.

    Parameters
    ----------
    ways, chains, segments
        As `geo.ways.contracted` takes and makes them.

    Returns
    -------
    DataFrame
        As `geo.tables.Assumed`, in the order of the segments and along each one from its start.
    """
    of_way = assumed_of_ways(ways.ways)
    bits = of_way.to_numpy() @ (1 << np.arange(len(OF_WAYS)))
    segment, along = along_segments(ways, chains, segments)
    step = np.flatnonzero(chains.way >= 0)  # from the node before to this one
    what = bits[chains.way[step]]
    begins = np.ones(len(step), np.bool_)
    begins[1:] = (segment[step][1:] != segment[step][:-1]) | (what[1:] != what[:-1])
    first, last = step[begins], np.append(step[np.flatnonzero(begins)[1:] - 1], step[-1:])
    pieces = pd.DataFrame({"segment": segment[first], "begin_mm": along[first - 1], "end_mm": along[last]})
    pieces = pieces.join(of_way.iloc[chains.way[first]].reset_index(drop=True))[what[begins] > 0]

    gate = np.zeros(len(ways.lon), np.bool_)
    gate[ways.barriers["node"].to_numpy(np.int64)[gates_untagged(ways.barriers)]] = True
    at = np.flatnonzero(gate[chains.node])
    gates = pd.DataFrame({"segment": segment[at], "begin_mm": along[at], "end_mm": along[at]})
    both = pd.concat([pieces.assign(gate_untagged=False), gates.assign(gate_untagged=True)])
    both = both.fillna(dict.fromkeys(OF_WAYS, False)).astype(dict.fromkeys(OF_WAYS, bool))
    ordered: pd.DataFrame = both.sort_values(["segment", "begin_mm", "end_mm"], kind="stable", ignore_index=True)
    return ordered
