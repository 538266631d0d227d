"""What walks would be if something in the way were mended: one barrier, or several at once, exactly.

Today's labels stay; a search goes out from what is mended and stops where it shortens no walk. Homes and sites keep the
place on the streets where they join: a mend moves nobody's front door, so it lengthens no walk.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo import paths, topology
from geo.network import WalkNetwork
from geo.searches import ends_of, home_doors

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.access import Nearest
    from geo.network import Snaps

    Integers = NDArray[np.int64]

PRAM_BIT = np.uint8(2)
"""Of ``start_barred`` and ``end_barred``: no pram passes."""

_CLOSED = np.int32(2**29)
"""The cost of a way that is closed, 537 km: longer than any walk, and small enough to be added to one."""


class Mend(NamedTuple):
    """What is put right."""

    rows: tuple[int, ...] = ()
    """Rows of the table of segments that become level ground."""
    junctions: tuple[int, ...] = ()
    """Junctions where prams pass then."""

    def and_also(self, other: Mend) -> Mend:
        """Both at once."""
        return Mend(self.rows + other.rows, self.junctions + other.junctions)


class Walked(NamedTuple):
    """Costs of the walk to the nearest site, millimetres of level ground; int32."""

    junction: NDArray[np.int32]
    home: NDArray[np.int32]


class Gain(NamedTuple):
    """What a mend gives, in children."""

    within: float
    """Brought within the threshold."""
    shorter: float
    """Whose walk gets shorter, or who can walk there at all."""
    minutes: float
    """Minutes saved, summed over children; who has no way today is in no sum."""


def mended_network(before: WalkNetwork, segments: gpd.GeoDataFrame, mend: Mend) -> WalkNetwork:
    """The streets of ``before`` after a mend, made from their whole table; everything joins them where it did.

    Parameters
    ----------
    before
        A pram's streets, made of ``segments``.
    segments
        As `geo.ways.segments_from` makes them; left as they are.
    mend
        What is put right.
    """
    table = segments.assign(
        pram_factor=np.where(
            np.isin(np.arange(len(segments)), mend.rows), np.float32(1), segments["pram_factor"].to_numpy(np.float32)
        )
    )
    for end in ("start", "end"):
        barred = segments[f"{end}_barred"].to_numpy(np.uint8)
        table[f"{end}_barred"] = np.where(np.isin(segments[end], mend.junctions), barred & ~PRAM_BIT, barred)
    made = WalkNetwork.of(table, before.profile)
    tree_segment = np.searchsorted(made.row, before.row)[before.tree_segment].astype(np.int32)
    joinable = np.zeros(len(made.row), np.bool_)
    joinable[tree_segment] = True
    return replace(made, joinable=joinable, tree=before.tree, tree_segment=tree_segment)


@dataclass(frozen=True, eq=False)
class Groups:
    """Items by what they are at, in compressed rows. Build one with `Groups.of`."""

    first: Integers
    item: Integers

    @classmethod
    def of(cls, at: NDArray[np.integer], size: int) -> Groups:
        """Items by the number of what each is at, below ``size``."""
        return cls(np.append(0, np.cumsum(np.bincount(at, minlength=size))), np.argsort(at, kind="stable"))

    def at(self, keys: NDArray[np.integer]) -> tuple[Integers, Integers]:
        """The items at each of some numbers, and which of these each is at."""
        begin, count = self.first[keys], self.first[keys + 1] - self.first[keys]
        which = np.repeat(np.arange(len(keys)), count)
        return self.item[np.arange(len(which)) + np.repeat(begin - np.cumsum(count) + count, count)], which


class _Touched(NamedTuple):
    """The rows that a mend changes, as they are after it."""

    row: Integers
    level: NDArray[np.bool_]
    """Which of them become level ground."""
    cost: Integers
    ends: NDArray[np.int32]
    """Start and end, shape (2, rows)."""
    leads: NDArray[np.bool_]
    """Whether it leads on there, shape (2, rows)."""


@dataclass(frozen=True, eq=False)
class Mending:
    """Today's walks, ready to be asked what they would be after a mend.

    Parameters
    ----------
    state
        Today's labels of a pram's streets.
    segments
        The table that these streets were made of.
    snaps
        The homes joined to them.
    weight
        Children of each home; zero or more.
    minutes
        The threshold.
    """

    state: Nearest
    segments: gpd.GeoDataFrame
    snaps: Snaps
    weight: NDArray[np.float64]
    minutes: float

    def after(self, mend: Mend) -> Walked:
        """The walks after a mend, the same to the millimetre as from nothing; none is longer than today's."""
        touched = self._touched(mend)
        junction, cost = self._reached(touched)
        label, home = self.today.junction.copy(), self.today.home.copy()
        label[junction] = cost
        arrival, which = self._arrivals.at(junction)
        of_home, walk = self._walk_home
        np.minimum.at(home, of_home[arrival], cost[which] + walk[arrival])
        self._beside(touched, label, home)
        return Walked(label, home)

    def gain(self, then: Walked) -> Gain:
        """What walks after a mend give against today's."""
        now = self.today.home
        shorter = np.flatnonzero(then.home < now)
        near = (now[shorter] > self.limit) & (then.home[shorter] <= self.limit)
        had_one = now[shorter] != paths.FAR
        saved = self.state.network.minutes(np.where(had_one, now[shorter] - then.home[shorter], 0))
        children = self.weight[shorter]
        return Gain(float(children[near].sum()), float(children.sum()), float(children @ saved))

    def nearer(self, then: Walked) -> Integers:
        """The junctions within the threshold to which the walk is shorter than today."""
        return np.flatnonzero((then.junction < self.today.junction) & (then.junction <= self.limit))

    @cached_property
    def limit(self) -> int:
        """The threshold, millimetres of level ground."""
        return self.state.network.cost_of(self.minutes)

    @cached_property
    def today(self) -> Walked:
        """The walks as they are."""
        return Walked(self.state.labels.cost, self.state.cost(self.snaps)[0])

    def ends_of(self, mend: Mend) -> NDArray[np.int32]:
        """The junctions at which the rows end that a mend changes."""
        return np.unique(self._touched(mend).ends)

    def _touched(self, mend: Mend) -> _Touched:
        edges = [np.arange(*self._graph.offset[j : j + 2]) for j in mend.junctions]
        row = np.unique(np.concatenate([np.array(mend.rows, np.int64), *(self._edge_row[edge] for edge in edges)]))
        level = np.isin(row, mend.rows)
        ends = self._ends[:, row]
        cost = np.where(level, self._length[row], self._row_cost[row]).astype(np.int64)
        leads = (~self._barred[:, row] | np.isin(ends, mend.junctions)) & (cost < _CLOSED)
        return _Touched(row, level, cost, ends, leads)

    def _reached(self, touched: _Touched) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The junctions to which the walk gets shorter, and its cost."""
        through = np.flatnonzero(touched.leads.all(axis=0))
        u, v = touched.ends[:, through]
        cost, known = touched.cost[through], self.today.junction.astype(np.int64)
        door, at = self._doors_on.at(touched.row)
        low, high, leg = self._doors_along(touched, door, at)
        leads = touched.leads[:, at]
        junction = np.concatenate([v, u, touched.ends[:, at][leads]])
        walk = np.concatenate(
            [known[u] + cost, known[v] + cost, np.array([leg + low, leg + touched.cost[at] - high])[leads]]
        )
        better = walk <= self._most[junction]
        if not better.any():
            return np.empty(0, np.int32), np.empty(0, np.int32)
        edge_cost = self._graph.cost.copy()
        edge_cost[self._edge_at[touched.row[through]]] = cost[:, None]
        _, reached, walked = paths.bounded_searches(
            self._graph._replace(cost=_read_only(edge_cost)),
            np.array([0, better.sum()], np.int32),
            junction[better].astype(np.int32),
            walk[better].astype(np.int32),
            self._most,
        )
        return reached, walked

    def _beside(self, touched: _Touched, label: NDArray[np.int32], home: NDArray[np.int32]) -> None:
        """Shorten the walks of the homes on the very rows that a mend changes, in place."""
        snaps = self.snaps
        item, at = self._homes_on.at(touched.row)
        here = self._on[item]
        along, leg = np.where(touched.level[at], snaps.length[here], snaps.cost[here]), snaps.leg[here].astype(np.int64)
        rest = touched.cost[at] - along
        for side, to_end in ((0, along), (1, rest)):
            there = label[touched.ends[side, at]].astype(np.int64)
            leads = touched.leads[side, at] & (there != paths.FAR)
            np.minimum.at(home, here[leads], (leg + to_end + there)[leads].astype(np.int32))
        door, door_at = self._doors_on.at(touched.row)
        low, high, door_leg = self._doors_along(touched, door, door_at)
        one, other = np.nonzero(at[:, None] == door_at[None, :])
        beside = np.maximum(np.maximum(low[other] - along[one], along[one] - high[other]), 0)
        np.minimum.at(home, here[one], (leg[one] + beside + door_leg[other]).astype(np.int32))

    def _doors_along(self, touched: _Touched, door: Integers, at: Integers) -> tuple[Integers, Integers, Integers]:
        """Where the doors on changed rows are along them, and the leg to each."""
        doors, level = self.state.doors, touched.level[at]
        low = np.where(level, doors.low_length[door], doors.low[door]).astype(np.int64)
        high = np.where(level, doors.high_length[door], doors.high[door]).astype(np.int64)
        return low, high, doors.leg[door].astype(np.int64)

    @cached_property
    def _ends(self) -> NDArray[np.int32]:
        return np.array([self.segments["start"], self.segments["end"]], np.int32)

    @cached_property
    def _barred(self) -> NDArray[np.bool_]:
        return (np.array([self.segments["start_barred"], self.segments["end_barred"]], np.uint8) & PRAM_BIT) > 0

    @cached_property
    def _length(self) -> NDArray[np.int32]:
        return np.asarray(self.segments["length_mm"], np.int32)

    @cached_property
    def _row_cost(self) -> NDArray[np.int32]:
        cost = np.full(len(self.segments), _CLOSED, np.int32)
        cost[self.state.network.row] = self.state.network.cost
        return cost

    @cached_property
    def _graph(self) -> paths.Graph:
        """All rows as edges; what no pram passes has the cost `_CLOSED`."""
        cost = np.where(self._barred.any(axis=0), _CLOSED, self._row_cost).astype(np.int32)
        start, end = self._ends
        rows = topology.graph_rows(self.state.network.junctions, start, end, cost, self._length)
        offset, neighbour, costs, lengths = (_read_only(values) for values in rows)
        open_ways = self._row_cost[self._row_cost < _CLOSED]
        longest = int(max(self._length.max(initial=0), open_ways.max(initial=0)))
        return paths.Graph(offset, neighbour, costs, lengths, longest)

    @cached_property
    def _edge_order(self) -> Integers:
        return np.argsort(self._ends.T.ravel(), kind="stable")  # the graph keeps the order of the rows

    @cached_property
    def _edge_row(self) -> Integers:
        return self._edge_order // 2

    @cached_property
    def _edge_at(self) -> Integers:
        """Where the two edges of each row stand in the graph, shape (rows, 2)."""
        at = np.empty(len(self._edge_order), np.int64)
        at[self._edge_order] = np.arange(len(at))
        return at.reshape(-1, 2)

    @cached_property
    def _most(self) -> NDArray[np.int32]:
        return np.minimum(self.today.junction - 1, _CLOSED - 1).astype(np.int32)

    @cached_property
    def _on(self) -> Integers:
        return np.flatnonzero(self.snaps.on_network)

    @cached_property
    def _homes_on(self) -> Groups:
        return Groups.of(self.state.network.row[self.snaps.segment[self._on]], len(self.segments))

    @cached_property
    def _doors_on(self) -> Groups:
        return Groups.of(self.state.network.row[self.state.doors.segment], len(self.segments))

    @cached_property
    def _walk_home(self) -> tuple[Integers, NDArray[np.int32]]:
        """Of each street's end beside a home: the home, and the cost from there to it."""
        ends = ends_of(self.state.network, home_doors(self.snaps, self._on))
        return np.repeat(self._on, np.diff(ends.first)), ends.walk

    @cached_property
    def _arrivals(self) -> Groups:
        ends = ends_of(self.state.network, home_doors(self.snaps, self._on))
        return Groups.of(ends.junction, self.state.network.junctions)


def _read_only(values: NDArray[np.int32]) -> NDArray[np.int32]:
    values.flags.writeable = False  # as the kernels were compiled for
    return values
