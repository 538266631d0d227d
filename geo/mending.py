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
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.access import Nearest
    from geo.network import Snaps

    Integers = NDArray[np.int64]

PRAM_BIT = np.uint8(2)
"""Of ``start_barred`` and ``end_barred``: no pram passes."""

_CLOSED = np.int32(2**29)
"""The cost of a way that is closed, 537 km: longer than any walk, and small enough to be added to one."""

_TOGETHER = 256
"""Mends that are looked at in one go: each may reach every junction, and all of that is held at once."""


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


class Gains(NamedTuple):
    """What mends give, each alone, in children."""

    within: NDArray[np.float64]
    """Brought within the threshold."""
    shorter: NDArray[np.float64]
    """Whose walk gets shorter, or who can walk there at all."""
    minutes: NDArray[np.float64]
    """Minutes saved, summed over children; who has no way today is in no sum."""
    number: Integers
    """Of the mend that brings each of ``nearer`` nearer."""
    nearer: Integers
    """Junctions within the threshold to which the walk gets shorter."""


def mended_segments(segments: gpd.GeoDataFrame, mend: Mend) -> gpd.GeoDataFrame:
    """The table of segments after a mend; the one given is left as it is."""
    if mend == Mend():
        return segments
    level = np.isin(np.arange(len(segments)), mend.rows)
    table = segments.assign(pram_factor=segments["pram_factor"].mask(level, np.float32(1)))
    for end in ("start", "end"):
        barred = segments[f"{end}_barred"].to_numpy(np.uint8)
        table[f"{end}_barred"] = np.where(np.isin(segments[end], mend.junctions), barred & ~PRAM_BIT, barred)
    return table


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
    made = WalkNetwork.of(mended_segments(segments, mend), before.profile)
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
        at, which = _ranges(self.first[keys], self.first[keys + 1] - self.first[keys])
        return self.item[at], which


def _ranges(begin: NDArray[np.integer], count: NDArray[np.integer]) -> tuple[Integers, Integers]:
    """The numbers of ranges, one range after another, and which range each is of."""
    which = np.repeat(np.arange(len(begin)), count)
    return np.arange(len(which)) + np.repeat(begin - np.cumsum(count) + count, count), which


def _numbered(groups: list[tuple[int, ...]]) -> tuple[Integers, Integers]:
    """The number of the group of each of some values, and the values."""
    of = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    return of, np.array([value for group in groups for value in group], np.int64)


class _Shorter(NamedTuple):
    """Which walks are shorter after each of some mends alone, and their cost; ``_of`` is the number of the mend."""

    junction_of: Integers
    junction: NDArray[np.int32]
    junction_cost: NDArray[np.int32]
    home_of: Integers
    home: Integers
    home_cost: NDArray[np.int32]


class _Touched(NamedTuple):
    """The rows that mends change, as they are after each of them alone, by mend and row."""

    of: Integers
    """The number of the mend."""
    row: Integers
    level: NDArray[np.bool_]
    """Whether it becomes level ground."""
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
        shorter = self._shorter([mend])
        junction, home = self.today.junction.copy(), self.today.home.copy()
        junction[shorter.junction], home[shorter.home] = shorter.junction_cost, shorter.home_cost
        return Walked(junction, home)

    def gains(self, mends: Sequence[Mend]) -> Gains:
        """What each mend alone gives against today's walks."""
        sums, number, nearer = [np.empty((3, 0))], [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for begin in range(0, len(mends), _TOGETHER):
            batch = mends[begin : begin + _TOGETHER]
            shorter = self._shorter(batch)
            sums.append(self._sums(shorter, len(batch)))
            near = shorter.junction_cost <= self.limit
            number.append(begin + shorter.junction_of[near])
            nearer.append(shorter.junction[near].astype(np.int64))
        within, shortened, minutes = np.concatenate(sums, axis=1)
        return Gains(within, shortened, minutes, np.concatenate(number), np.concatenate(nearer))

    def _sums(self, shorter: _Shorter, mends: int) -> NDArray[np.float64]:
        """Children within, with a shorter walk, and minutes saved, of each mend; shape (3, mends)."""
        now, then, children = self.today.home[shorter.home], shorter.home_cost, self.weight[shorter.home]
        saved = self.state.network.minutes(np.where(now != paths.FAR, now - then, 0))
        of = ((now > self.limit) & (then <= self.limit), np.ones(len(now)), saved)
        return np.array([np.bincount(shorter.home_of, children * each, minlength=mends) for each in of])

    @cached_property
    def limit(self) -> int:
        """The threshold, millimetres of level ground."""
        return self.state.network.cost_of(self.minutes)

    @cached_property
    def today(self) -> Walked:
        """The walks as they are."""
        return Walked(self.state.labels.cost, self.state.cost(self.snaps)[0])

    def ends_of(self, mends: Sequence[Mend]) -> tuple[Integers, Integers]:
        """The junctions at which the rows end that mends change: the number of the mend, and the junction."""
        touched = self._touched(mends)
        number, junction = np.unique(np.array([np.tile(touched.of, 2), touched.ends.ravel()]), axis=1)
        return number, junction

    def _touched(self, mends: Sequence[Mend]) -> _Touched:
        of_row, rows = _numbered([mend.rows for mend in mends])
        of_junction, junctions = _numbered([mend.junctions for mend in mends])
        begin, end = self._graph.offset[junctions], self._graph.offset[junctions + 1]
        edge, which = _ranges(begin, end - begin)
        size = max(len(self.segments), self.state.network.junctions)
        mended = of_row * size + rows
        number = np.unique(np.append(mended, of_junction[which] * size + self._edge_row[edge]))
        of, row = np.divmod(number, size)
        level = np.isin(number, mended)
        ends = self._ends[:, row]
        cost = np.where(level, self._length[row], self._row_cost[row]).astype(np.int64)
        passed = np.isin(of * size + ends, of_junction * size + junctions)
        return _Touched(of, row, level, cost, ends, (~self._barred[:, row] | passed) & (cost < _CLOSED))

    def _shorter(self, mends: Sequence[Mend]) -> _Shorter:
        """To which junctions, and from which homes, each mend makes the walk shorter."""
        touched = self._touched(mends)
        of, junction, cost = self._reached(touched, len(mends))
        arrival, which = self._arrivals.at(junction)
        of_home, walk = self._walk_home
        at_end = self.today.junction[touched.ends].astype(np.int64)
        if len(junction):
            size = self.state.network.junctions
            there, wanted = of * size + junction, touched.of * size + touched.ends
            order = np.argsort(there)
            found = order[np.minimum(np.searchsorted(there[order], wanted), len(there) - 1)]
            at_end = np.where(there[found] == wanted, cost[found], at_end)
        beside, along, at = self._beside(touched, at_end)
        home = np.append(of_home[arrival], beside)
        home_cost = np.append(cost[which] + walk[arrival], along)
        number = np.append(of[which], touched.of[at])
        less = np.flatnonzero(home_cost < self.today.home[home])
        less = less[np.lexsort([home_cost[less], home[less], number[less]])]
        again = (np.diff(home[less], prepend=-1) == 0) & (np.diff(number[less], prepend=-1) == 0)
        less = less[~again]
        return _Shorter(of, junction, cost, number[less], home[less], home_cost[less].astype(np.int32))

    def _reached(self, touched: _Touched, mends: int) -> tuple[Integers, NDArray[np.int32], NDArray[np.int32]]:
        """The number of the mend, the junctions to which it makes the walk shorter, and the cost."""
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
        of = touched.of[np.concatenate([through, through, np.array([at, at])[leads]])]
        better = np.flatnonzero(walk <= self._most[junction])
        better = better[np.argsort(of[better], kind="stable")]
        numbers = np.arange(mends + 1)
        edges = self._edge_at[touched.row[through]]
        until, reached, walked = paths.bounded_searches(
            self._graph,
            np.searchsorted(of[better], numbers).astype(np.int32),
            junction[better].astype(np.int32),
            walk[better].astype(np.int32),
            self._most,
            paths.Changes(
                2 * np.searchsorted(touched.of[through], numbers).astype(np.int32),
                edges.ravel().astype(np.int32),
                np.repeat(cost, 2).astype(np.int32),
            ),
        )
        return np.repeat(numbers[:-1], np.diff(until)), reached, walked

    def _beside(self, touched: _Touched, at_end: Integers) -> tuple[Integers, Integers, Integers]:
        """Homes on the very rows that mends change, the walk of each along its row, and which row.

        ``at_end`` is the walk to each end of the rows after its mend, shape (2, rows).
        """
        snaps = self.snaps
        item, at = self._homes_on.at(touched.row)
        here = self._on[item]
        along, leg = np.where(touched.level[at], snaps.length[here], snaps.cost[here]), snaps.leg[here].astype(np.int64)
        leads = touched.leads[:, at] & (at_end[:, at] != paths.FAR)
        to_end = (leg + np.array([along, touched.cost[at] - along]) + at_end[:, at])[leads]
        door, door_at = self._doors_on.at(touched.row)
        low, high, door_leg = self._doors_along(touched, door, door_at)
        other, one = Groups.of(door_at, len(touched.row)).at(at)
        between = np.maximum(np.maximum(low[other] - along[one], along[one] - high[other]), 0)
        return (
            np.append(np.array([here, here])[leads], here[one]),
            np.append(to_end, leg[one] + between + door_leg[other]),
            np.append(np.array([at, at])[leads], at[one]),
        )

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
