"""Other readings of the streets: what walks would be if what the map does not say were otherwise.

As tagged, what no tag forbids is open. Each other reading takes some of what is assumed (`geo.assumptions`) the other
way, as if the tags said so: it slows, bars or closes, so it never shortens a walk.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np

from geo import paths, topology
from geo.access import nearest
from geo.assumptions import OF_WAYS
from geo.network import WalkNetwork
from geo.profiles import SLOW
from geo.segment_cuts import UNIT_MM, in_parts

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_PRAM_BIT = np.uint8(2)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One way to read what the map leaves open; each field is True where it is read the other way than as tagged."""

    ground_unknown: bool = False
    """Ground off the roads that nothing is said of is as slow with a pram as grass."""
    ramp_untyped: bool = False
    """Steps with ``ramp=yes`` alone are closed to a pram: it may be a channel for bicycles."""
    gate_untagged: bool = False
    """A pram cannot pass gates and cycle barriers that nothing is said of."""
    cycleway: bool = False
    """Cycle paths are closed."""
    by_leave: bool = False
    """Ways on private land are closed, even where people on foot may use them."""

    @property
    def taken(self) -> list[str]:
        """The columns of `geo.tables.Assumed` that are read the other way."""
        return [field.name for field in fields(self) if getattr(self, field.name)]


AS_TAGGED = Reading()
READINGS = {
    "as_tagged": AS_TAGGED,
    "pessimistic": Reading(ground_unknown=True, ramp_untyped=True, gate_untagged=True),
    "no_cycleways": Reading(cycleway=True),
    "no_private": Reading(by_leave=True),
}
"""The readings that answers are compared over."""

WITHIN_PESSIMISTIC = {name: Reading(**{name: True}) for name in READINGS["pessimistic"].taken}
"""What the pessimistic one is made of, each alone."""


def reach_read(
    reach: pd.DataFrame,
    network: WalkNetwork,
    points: NDArray[np.object_],
    segments: gpd.GeoDataFrame,
    assumed: pd.DataFrame,
    how: Reading,
    sites: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """The walk from every home to its nearest site, if the streets are read another way.

    Parameters
    ----------
    reach
        As `geo.tables.Reach`, as tagged.
    network, points
        The streets as tagged that it was walked on, and the homes, shape (homes,).
    segments, assumed
        The table that the network was made of, and `geo.tables.Assumed` of it.
    how
        The reading.
    sites
        As `geo.tables.Sites`, those that count.

    Returns
    -------
    DataFrame
        ``site_id, minutes, metres, reached`` on the index of ``reach``. Homes and sites join the nearest street that is
        open; who would walk less for it keeps the walk as tagged, and a home without any such street has no way.
    """
    if how == AS_TAGGED:
        return reach[["site_id", "minutes", "metres", "reached"]]
    read = WalkNetwork.of(segments_read(segments, assumed, how)[0], network.profile)
    found = nearest(read, sites).reach(read.snap(points), reach["area_code"])
    # a missing walk is not shorter
    found = found.where(~(found["minutes"] < reach["minutes"]) & (reach["reached"] == "yes"), reach[list(found)])
    lost = (found["reached"] == "off_network") & (reach["reached"] == "yes")
    return found.assign(reached=found["reached"].mask(lost, "no_route"))[["site_id", "minutes", "metres", "reached"]]


def segments_read(
    segments: gpd.GeoDataFrame, assumed: pd.DataFrame, how: Reading
) -> tuple[gpd.GeoDataFrame, NDArray[np.int64]]:
    """The table of segments, read another way; and the row that each of its rows is a part of.

    Parameters
    ----------
    segments, assumed, how
        As for `reach_read`.
    """
    pieces = assumed[assumed[how.taken].any(axis=1)]
    cut = _cut(segments, pieces)
    flags = {name: cut.of(pieces, name) for name in OF_WAYS if getattr(how, name)}
    nothing = np.zeros(len(cut.row), np.bool_)
    pram, foot = (cut.table[f"{rules}_factor"].to_numpy(copy=True) for rules in ("pram", "foot"))
    slow = flags.get("ground_unknown", nothing)
    pram[slow] = np.maximum(pram[slow], pram.dtype.type(SLOW))
    shut = flags.get("cycleway", nothing) | flags.get("by_leave", nothing)
    foot[shut] = np.nan
    pram[shut | flags.get("ramp_untyped", nothing)] = np.nan
    table = cut.table.assign(pram_factor=pram, foot_factor=foot)
    return (table.assign(**_gates(cut, pieces)) if how.gate_untagged else table), cut.row


class _Cut(NamedTuple):
    """Streets cut where pieces begin and end; arrays of shape (parts,)."""

    table: gpd.GeoDataFrame
    row: NDArray[np.int64]
    """Row of the table of segments that each is a part of."""
    begin: NDArray[np.int64]
    """Where it begins along that segment, millimetres."""
    piece: NDArray[np.int64]
    """The piece that it is a part of; -1 where there is none."""

    def of(self, pieces: pd.DataFrame, name: str) -> NDArray[np.bool_]:
        """What a column of the pieces says of each part."""
        return np.append(pieces[name].to_numpy(bool), False)[self.piece]


def _cut(segments: gpd.GeoDataFrame, pieces: pd.DataFrame) -> _Cut:
    length = segments["length_mm"].to_numpy(np.int64)
    if not len(pieces):
        return _Cut(segments, np.arange(len(length)), np.zeros(len(length), np.int64), np.full(len(length), -1))
    segment = pieces["segment"].to_numpy(np.int64)
    begin, end = (_on_grid(pieces[name].to_numpy(np.int64), length[segment]) for name in ("begin_mm", "end_mm"))
    places = np.unique(np.concatenate([_place(segment, begin), _place(segment, end)]))
    row, mm = places >> 32, places & 0xFFFFFFFF
    inner = (mm > 0) & (mm < length[row])
    parts = in_parts(segments, row[inner], mm[inner])
    table = gpd.GeoDataFrame(parts.column, geometry=parts.line, crs=segments.crs)[list(segments.columns)]
    long = np.flatnonzero(end > begin)  # in the order of the streets and along each
    at = np.searchsorted(_place(segment, begin)[long], _place(parts.row, parts.begin), side="right") - 1
    piece = np.append(long, 0)[at]
    inside = (at >= 0) & (segment[piece] == parts.row) & (parts.begin < end[piece])
    return _Cut(table, parts.row, parts.begin, np.where(inside, piece, -1))


def _gates(cut: _Cut, pieces: pd.DataFrame) -> dict[str, NDArray[np.uint8]]:
    """``start_barred`` and ``end_barred``, with every end of a street barred to prams where an untagged gate stands."""
    gates, length = pieces[pieces["gate_untagged"]], cut.table["length_mm"].to_numpy(np.int64)
    segment = gates["segment"].to_numpy(np.int64)
    whole = np.bincount(cut.row, length).astype(np.int64)[segment]
    at = _place(segment, _on_grid(gates["begin_mm"].to_numpy(np.int64), whole))
    ends = {"start_barred": cut.begin, "end_barred": cut.begin + length}
    return {
        name: cut.table[name].to_numpy(np.uint8) | np.where(np.isin(_place(cut.row, mm), at), _PRAM_BIT, np.uint8(0))
        for name, mm in ends.items()
    }


def _on_grid(mm: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places along streets at multiples of `UNIT_MM`, or at the end if that is nearer (`geo.segment_cuts.spot_at`)."""
    near = UNIT_MM * np.round(mm / UNIT_MM).astype(np.int64)
    return np.where(length - mm <= np.abs(mm - near), length, near)


def _place(row: NDArray[np.int64], mm: NDArray[np.int64]) -> NDArray[np.int64]:
    return (row << 32) + mm


def assumed_metres(
    network: WalkNetwork,
    points: NDArray[np.object_],
    segments: gpd.GeoDataFrame,
    assumed: pd.DataFrame,
    sites: gpd.GeoDataFrame,
) -> NDArray[np.float64]:
    """Metres of each home's walk to the nearest site that lie on ground, or lead by a ramp, of which nothing is known.

    Parameters
    ----------
    network
        The streets as tagged.
    points
        The homes, shape (homes,).
    segments, assumed
        As for `reach_read`.
    sites
        As `geo.tables.Sites`, those that count.

    Returns
    -------
    array of shape (homes,)
        Missing where there is no walk.
    """
    pieces = assumed[assumed[["ground_unknown", "ramp_untyped"]].any(axis=1)]
    cut = _cut(segments, pieces)
    whole = WalkNetwork.of(cut.table, network.profile)
    unknown = cut.piece[whole.row] >= 0
    known = np.where(unknown, np.int32(0), whole.length)
    through = whole.start_open & whole.end_open
    rows = topology.graph_rows(
        whole.junctions, whole.start[through], whole.end[through], whole.cost[through], known[through]
    )
    only_known = replace(whole, length=known, graph=whole.graph._replace(length=rows[3]))
    snaps = whole.snap(points)
    cost, _, length = nearest(whole, sites).cost(snaps)
    without = nearest(only_known, sites).cost(
        snaps._replace(length=np.where(unknown[snaps.segment], np.int32(0), snaps.length))
    )[2]
    return np.where(cost == paths.FAR, np.nan, np.maximum(length - without, 0) / 1000)
