"""The walks from every home to every site up to some length, not to the nearest alone: one bounded search a site."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.network import Doors
from geo.searches import THREADS, ends_of, home_doors, search

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import Snaps, WalkNetwork

    Integers = NDArray[np.int64]

_SITES_AT_ONCE = 64


class Walks(NamedTuple):
    """Pairs of a site and a home between which one can walk, by site and then by home; arrays of shape (pairs,)."""

    site: Integers
    home: Integers
    cost: Integers
    """Millimetres of level ground, with the straight legs from the home and to the door."""


def walks_within(network: WalkNetwork, snaps: Snaps, sites: NDArray[np.object_], minutes: float) -> Walks:
    """Every walk of at most some minutes from a home to a site.

    Parameters
    ----------
    network, snaps
        The streets, and where the homes join them; homes off the streets are in no pair.
    sites
        Geometries as `geo.network.WalkNetwork.doors` takes them; numbered as they stand here.
    minutes
        The longest walk that counts.
    """
    homes = home_doors(snaps, np.flatnonzero(snaps.on_network))
    most = network.cost_of(minutes)
    bound = np.full(len(snaps.segment), most, np.int32)
    return walks_up_to(network, homes, doors_in_order(network, sites), count=len(sites), junction=most, home=bound)


def walks_between(
    network: WalkNetwork, sites: NDArray[np.object_], others: NDArray[np.object_], minutes: float
) -> Walks:
    """Every walk of at most some minutes from one of ``sites`` to one of ``others``, which take the place of homes."""
    most = network.cost_of(minutes)
    bound = np.full(len(others), most, np.int32)
    at, there = (doors_in_order(network, each) for each in (sites, others))
    return walks_up_to(network, there, at, count=len(sites), junction=most, home=bound)


def doors_in_order(network: WalkNetwork, sites: NDArray[np.object_]) -> Doors:
    """The doors of sites, by rising number of the site."""
    doors = network.doors(sites)
    return Doors(*(values[np.argsort(doors.site, kind="stable")] for values in doors))


def walks_up_to(
    network: WalkNetwork,
    homes: Doors,
    doors: Doors,
    *,
    count: int,
    junction: int | NDArray[np.int32],
    home: NDArray[np.int32],
) -> Walks:
    """Every walk from one of ``count`` sites that costs no more than a home's bound.

    Parameters
    ----------
    network
        The streets.
    homes
        Where they join the streets (`geo.searches.home_doors`): ``site`` is the number of the home.
    doors
        Of the sites, by rising number of the site.
    junction, home
        Bounds of the cost: one or (junctions,), beyond which no search goes on, and (homes,).
    """
    if not count:
        nothing = np.empty(0, np.int64)
        return Walks(nothing, nothing, nothing)
    bound = np.broadcast_to(np.asarray(junction, np.int32), network.junctions).copy()
    home_ends = ends_of(network, homes)
    end_home = np.repeat(homes.site, np.diff(home_ends.first))
    at_junction = _index(home_ends.junction, network.junctions)
    on_segment = _index(homes.segment, len(network.start))
    ends = ends_of(network, doors)
    of_site = np.searchsorted(doors.site, np.arange(count + 1))

    def run(begin: int) -> Walks:
        rows = of_site[begin : begin + _SITES_AT_ONCE + 1]
        until, reached, walked = search(network, ends, rows, bound)
        place, end = at_junction.matches(reached)
        site = np.repeat(np.arange(begin, begin + len(rows) - 1), np.diff(until))[place]
        far = walked[place].astype(np.int64) + home_ends.walk[end]
        # on the same street, without going to its ends
        door = np.arange(rows[0], rows[-1])
        place, which = on_segment.matches(doors.segment[door])
        door = door[place]
        apart = np.maximum(doors.low[door] - homes.high[which], homes.low[which] - doors.high[door])
        near = np.maximum(apart, 0).astype(np.int64) + doors.leg[door] + homes.leg[which]
        found = Walks(
            np.append(site, doors.site[door]), np.append(end_home[end], homes.site[which]), np.append(far, near)
        )
        return _least(found, home)

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(run, range(0, count, _SITES_AT_ONCE)))
    return Walks(*(np.concatenate(values) for values in zip(*found, strict=True)))


class _Index(NamedTuple):
    """Where to find each number among some keys."""

    first: Integers
    item: Integers

    def matches(self, keys: NDArray[np.int32]) -> tuple[Integers, Integers]:
        """Every pair of a place among ``keys`` and an item of that key."""
        begin = self.first[keys]
        count = self.first[keys + 1] - begin
        place = np.repeat(np.arange(len(keys)), count)
        return place, self.item[np.arange(len(place)) + np.repeat(begin - (np.cumsum(count) - count), count)]


def _index(keys: NDArray[np.int32], size: int) -> _Index:
    order = np.argsort(keys, kind="stable")
    return _Index(np.searchsorted(keys[order], np.arange(size + 1)), order)


def _least(found: Walks, most: NDArray[np.int32]) -> Walks:
    """Each pair of site and home once, at its least cost, where that is within the home's bound."""
    within = found.cost <= most[found.home]
    pair, cost = (found.site * len(most) + found.home)[within], found.cost[within]
    order = np.lexsort((cost, pair))
    pairs, first = np.unique(pair[order], return_index=True)
    return Walks(pairs // len(most), pairs % len(most), cost[order][first])
