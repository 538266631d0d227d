"""A second program for changed streets: nothing is cut. Every home, door and spot is a node on the street it stands on.

SciPy searches from all doors at once. A barred spot is two nodes, before and after it, that are not joined; a new way is
an edge between spots. Costs are whole millimetres, so answers can be compared bit for bit.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from geo import paths

BIT = {"foot": 1, "pram": 2}


class Points:
    """The streets of a network with nodes for whatever stands on them."""

    def __init__(self, segments, network):
        self.segments, self.network = segments, network
        self.segment_of = {int(row): segment for segment, row in enumerate(network.row)}
        self.edges = []  # node, node, millimetres
        self.shut = set()  # junctions
        self.on = {}  # segment: place, order at one place, node on this side, node on that side

    def stand(self, segment, place, order, *nodes):
        """Put something on a street."""
        self.on.setdefault(int(segment), []).append((int(place), order, nodes[0], nodes[-1]))

    def end_at(self, spot):
        """The junction at which a spot is, or None if it is within its street."""
        row, mm = spot
        within = 0 < mm < self.segments["length_mm"][row]
        return None if within else int(self.segments["end" if mm else "start"][row])

    def add_spots(self, spots, barred):
        """Spots, some of which nobody passes."""
        self.shut |= {self.end_at(spot) for spot in barred} - {None}
        for spot in spots:
            junction, segment = self.end_at(spot), self.segment_of.get(spot[0])
            if junction is not None:
                self.edges.append((("spot", *spot), junction, 0))
            if junction is not None or segment is None:
                continue
            factor = round(2 * self.network.cost[segment] / self.network.length[segment]) / 2
            sides = [("spot", *spot, side) for side in "-+"]
            self.stand(segment, round(spot[1] * factor), 1, *sides)
            self.edges += [] if spot in barred else [(("spot", *spot), side, 0) for side in sides]

    def add_homes(self, snaps):
        """Homes, where they are joined."""
        for home in np.flatnonzero(snaps.segment >= 0):
            self.stand(snaps.segment[home], snaps.cost[home], 0, ("home", home))

    def add_doors(self, doors):
        """Doors; a stretch is one place, and whatever stands on it is there."""
        for door, (segment, low, high, leg) in enumerate(
            zip(doors.segment, doors.low, doors.high, doors.leg, strict=True)
        ):
            self.edges.append(("sites", ("door", door), int(leg)))
            there = [node for at, _, *nodes in self.on.get(int(segment), []) if low <= at <= high for node in nodes]
            self.edges += [(("door", door), node, 0) for node in there if node[0] != "end of a door"]
            for place in {int(low), int(high)}:
                self.stand(segment, place, 0, ("end of a door", door, place))
                self.edges.append((("door", door), ("end of a door", door, place), 0))

    def add_streets(self):
        """Every street, from one thing that stands on it to the next."""
        network = self.network
        for segment in range(len(network.start)):
            chain = sorted(self.on.get(segment, []), key=lambda one: one[:2])
            start, end = int(network.start[segment]), int(network.end[segment])
            if network.start_open[segment] and start not in self.shut:
                chain.insert(0, (0, 0, start, start))
            if network.end_open[segment] and end not in self.shut:
                chain.append((int(network.cost[segment]), 2, end, end))
            self.edges += [(one[3], other[2], other[0] - one[0]) for one, other in pairwise(chain)]

    def from_doors(self):
        """Cost from the nearest door to every node that there is a way to."""
        number = {}
        for edge in self.edges:
            for node in edge[:2]:
                number.setdefault(node, len(number))
        best = {}
        for one, other, cost in self.edges:
            pair = tuple(sorted((number[one], number[other])))
            best[pair] = min(best.get(pair, 1 << 40), cost)
        pairs = np.array(list(best))
        # SciPy takes 0 for "no edge", so that every edge is a little longer, by less than a millimetre in all
        values = np.array(list(best.values()), float) + 1e-6
        graph = sp.coo_matrix((values, (pairs[:, 0], pairs[:, 1])), shape=(len(number), len(number))).tocsr()
        found = dijkstra(graph, directed=False, indices=number["sites"])
        return {node: round(found[at]) for node, at in number.items() if np.isfinite(found[at])}


def walks(segments, network, snaps, doors, *, bars=(), links=(), link_mm=()):
    """Cost from every home to its nearest door after bars and links, int64; `paths.FAR` where there is no way.

    Parameters
    ----------
    segments, network, snaps, doors
        As they are before any change; there is a door.
    bars
        ``{(row, mm): bits}``; at the end of a street, everything at that junction is barred.
    links, link_mm
        Pairs of ``(row, mm)``, and how long the way between each pair is.
    """
    barred = {spot for spot, bits in dict(bars).items() if bits & BIT[network.profile.rules]}
    town = Points(segments, network)
    town.add_spots({*barred, *(spot for link in links for spot in link)}, barred)
    town.add_homes(snaps)
    town.add_doors(doors)
    town.add_streets()
    town.edges += [(("spot", *one), ("spot", *other), int(mm)) for (one, other), mm in zip(links, link_mm, strict=True)]
    found = town.from_doors()
    walk = [found.get(("home", home), None) for home in range(len(snaps.segment))]
    far = int(paths.FAR)
    return np.array([far if w is None else w + int(leg) for w, leg in zip(walk, snaps.leg, strict=True)], np.int64)
