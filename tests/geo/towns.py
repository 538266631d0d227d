"""Towns with homes, sites and candidates for more sites: what the tests of `geo.opportunity` and `geo.siting` share."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.access import nearest
from geo.crs import BNG
from geo.network import WalkNetwork, segments_from
from geo.opportunity import junction_points, opportunity
from geo.profiles import BUGGY, PROFILES
from geo.siting_problem import siting_problem
from tests.geo.conftest import ORIGIN

STREET = {"highway": "residential"}
CORNER = np.array(ORIGIN)
HIGH = {f"{x}": (x, 0) for x in range(0, 5000, 1000)} | {f"n{x}": (x, 100) for x in range(1000, 4000, 1000)}
WAYS = [(("0", "1000", "2000", "3000", "4000"), STREET), *(((f"{x}", f"n{x}"), STREET) for x in (1000, 2000, 3000))]


def case_of(network, homes, sites, weight, places=None):
    """Homes joined to a network, the walk from them to the sites, what they weigh, and where a site might come."""
    snaps = network.snap(homes.geometry.to_numpy())
    return SimpleNamespace(
        network=network, snaps=snaps, state=nearest(network, sites), weight=np.asarray(weight, float), places=places
    )


def high_street(town, at):
    """A street of 4 km, a centre at its start, four homes; 15 minutes by buggy are 1,000 m."""
    homes = at({"a": (500, 0), "b": (1500, 0), "c": (2500, 0), "d": (3500, 0)})
    places = at({"west": (1000, 0), "middle": (2000, 0), "east": (3000, 0), "end": (4000, 0)})
    return case_of(town(HIGH, WAYS), homes, at({"centre": (0, 0)}), [5, 10, 20, 30], places)


@cache
def random_town(drawn, seed, *, sites=2, places=10, profile="buggy"):
    """A random town, some of its homes, sites and candidates off the streets or cut off; ``drawn`` is (draw, lattice).

    Each is made once and not to be changed.
    """
    draw, lattice = drawn
    rng = np.random.default_rng(seed)
    nodes, ways = lattice(rng, columns=9, rows=8)
    nodes |= {"x": (6000, 0), "y": (8500, 0)}  # an island of one street
    network = WalkNetwork.of(segments_from(draw(nodes, [*ways, (("x", "y"), STREET)])), PROFILES[profile])
    xy = rng.uniform(-150, 1400, (80 + sites + places, 2)) + CORNER
    xy[[0, 1, -1]] = CORNER + [(6500, 10), (8000, 10), (7000, 0)]
    xy[2:6] = xy[80 + sites] + rng.uniform(-20, 20, (4, 2))  # on the street of the first candidate
    points = gpd.GeoDataFrame(index=[f"p{i}" for i in range(len(xy))], geometry=shapely.points(xy), crs=BNG)
    weight = np.round(rng.uniform(0, 9, 80), 1) * (rng.random(80) < 0.9)
    case = case_of(network, points[:80], points[80 : 80 + sites], weight, points[80 + sites :])
    case.need = rng.uniform(0, 100, 80)
    case.deprived = np.where(rng.random(80) < 0.1, np.nan, rng.random(80) < 0.4)
    return case


def place_case(place):
    """A place pack by buggy: its homes, weighed by under-fives, and its centres."""
    origins = place.origins()
    return case_of(place.network(BUGGY), origins, place.centres(), origins["under5"].fillna(0))


def problem_of(case, places=None, *, minutes=15, **by):
    """The siting problem of a case."""
    places = case.places if places is None else places
    return siting_problem(case.state, case.snaps, places, weight=case.weight, minutes=minutes, **by)


def surface_of(case, minutes=15):
    """The opportunity surface of a case."""
    cost = case.state.cost(case.snaps)[0]
    return opportunity(case.network, case.snaps, cost=cost, weight=case.weight, minutes=minutes)


def anew(case, *points):
    """Cost from every home to its nearest site after sites opened at these points, walked anew."""
    state = case.state
    for n, point in enumerate(points):
        state = state.with_site(f"new {n}", point)
    return state.cost(case.snaps)[0]


def covered(case, cost, limit):
    """Weight beyond a limit now and within it then."""
    now = case.state.cost(case.snaps)[0]
    return case.weight[case.snaps.on_network & (now > limit) & (cost <= limit)].sum()


def off_its_streets(network, points):
    """Junctions whose point lies on another street too, so that a site put there may join that one."""
    junction = np.flatnonzero([point is not None for point in points])
    snaps = network.snap(points[junction])
    s = snaps.segment
    own = (network.start[s] == junction) & (snaps.cost == 0) | (network.end[s] == junction) & (
        snaps.cost == network.cost[s]
    )
    return junction[~own]


def compared_with_walking_anew(case, sample):
    """The surface of a case, which is what opening a site at each of a sample of junctions gives."""
    surface, points = surface_of(case), junction_points(case.network)
    elsewhere = off_its_streets(case.network, points)
    assert len(elsewhere) < 10  # bridges, where two streets share a point and do not meet
    standing = np.setdiff1d(np.flatnonzero(~np.isnan(surface)), elsewhere)
    best = standing[np.argsort(-surface[standing])[:3]]
    limit = case.network.cost_of(15)
    for junction in [*best, *np.random.default_rng(3).choice(standing, sample, replace=False)]:
        expected = covered(case, anew(case, points[junction]), limit)
        assert surface[junction] == pytest.approx(expected, rel=1e-12), junction
    return surface
