"""A second program for the walk: SciPy's Dijkstra, none of our kernels.

It starts where the network stands: the segments, and where homes and sites join them. Costs are whole millimetres, which
floats hold exactly, so its answers can be compared bit for bit.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from geo import paths


class Walks:
    """Streets with a node for every site, from which one leads to the two ends of each segment with a door."""

    def __init__(self, network, snaps, sites):
        self.network, self.snaps = network, snaps
        self.doors = network.doors(sites.geometry.to_numpy())
        through = network.start_open & network.end_open
        streets = pd.DataFrame({"a": network.start[through], "b": network.end[through], "cost": network.cost[through]})
        edges = [streets, streets.rename(columns={"a": "b", "b": "a"})]
        s = self.doors.segment
        for junction, is_open, walk in (
            (network.start[s], network.start_open[s], self.doors.leg + self.doors.low),
            (network.end[s], network.end_open[s], self.doors.leg + network.cost[s] - self.doors.high),
        ):
            leads = pd.DataFrame({"a": network.junctions + self.doors.site, "b": junction, "cost": walk})
            edges.append(leads[is_open])
        table = pd.concat(edges).groupby(["a", "b"], as_index=False)["cost"].min()  # SciPy would add parallel streets
        size = network.junctions + len(sites)
        self.graph = sp.coo_matrix((table["cost"].astype(float), (table["a"], table["b"])), shape=(size, size)).tocsr()
        self.sites = len(sites)

    def to_each(self):
        """Cost from every home to every site, shape (sites, homes), int64; `paths.FAR` where there is no way."""
        numbers = np.arange(self.sites)
        every = dijkstra(self.graph, indices=self.network.junctions + numbers)
        return np.vstack(
            [self._home(from_site, [site]) for site, from_site in zip(numbers, every, strict=True)]
            or [self._none()[:0]]
        )

    def to_nearest(self, numbers):
        """Cost from every home to the nearest of some sites, int64, in one search from all of them."""
        if not len(numbers):
            return self._none()[0]
        return self._home(
            dijkstra(self.graph, indices=self.network.junctions + np.asarray(numbers), min_only=True), numbers
        )

    def _none(self):
        return np.full((1, len(self.snaps.segment)), int(paths.FAR), np.int64)

    def _home(self, junctions, numbers):
        network, snaps, doors = self.network, self.snaps, self.doors
        cost = np.full(len(snaps.segment), np.inf)
        on = np.flatnonzero(snaps.on_network)
        s = snaps.segment[on]
        for junction, is_open, leg in (
            (network.start[s], network.start_open[s], snaps.leg[on] + snaps.cost[on]),
            (network.end[s], network.end_open[s], snaps.leg[on] + network.cost[s] - snaps.cost[on]),
        ):
            cost[on] = np.minimum(cost[on], np.where(is_open, junctions[junction] + leg, np.inf))
        for door in np.flatnonzero(np.isin(doors.site, numbers)):  # those on the same segment are joined along it
            here = on[s == doors.segment[door]]
            along = np.maximum(np.maximum(doors.low[door] - snaps.cost[here], snaps.cost[here] - doors.high[door]), 0)
            cost[here] = np.minimum(cost[here], snaps.leg[here] + along + doors.leg[door])
        return np.where(np.isfinite(cost), cost, int(paths.FAR)).astype(np.int64)


def walks(network, snaps, sites):
    """Cost of the walk from every home to every site, shape (sites, homes), int64; `paths.FAR` where there is none."""
    return Walks(network, snaps, sites).to_each()
