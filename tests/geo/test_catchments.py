"""The reach of a site: by hand, and point by point against the walk."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.access import nearest
from geo.catchments import land_within, limits_of, reached, streets_within
from geo.errors import RequestError
from geo.profiles import BUGGY, PROFILES
from tests.geo.towns import CORNER, STREET, random_town

HIGH = {"w": (0, 0), "x": (1000, 0), "e": (3000, 0), "n": (1000, 800)}
WAYS = [(("w", "x", "e"), STREET), (("x", "n"), STREET)]


def spans(streets):
    """The lines of each band as their bounds, metres from the corner, to be compared within a few."""
    corner = [*CORNER, *CORNER]
    return {
        minutes: [
            pytest.approx(bounds, abs=3)
            for bounds in sorted(tuple(np.subtract(line.bounds, corner)) for line in lines.geoms)
        ]
        for minutes, lines in streets.geometry.items()
    }


class TestByHand:
    """With a pram 1,000 m are 15 minutes."""

    def test_along_streets_from_a_site_beside_one(self, town, at):
        streets = streets_within(nearest(town(HIGH, WAYS), at({"s": (500, -20)})), (6, 15))
        assert spans(streets) == {
            6: [(119, 0, 500, 0), (500, 0, 881, 0)],  # 380 m to either side: 20 m are walked before the street
            15: [(0, 0, 119, 0), (881, 0, 1000, 0), (1000, 0, 1000, 481), (1000, 0, 1481, 0)],
        }
        assert streets["metres"].tolist() == pytest.approx([760, 119 + 119 + 481 + 481], abs=5)

    def test_from_both_ends_of_a_street(self, town, at):
        ring = {"a": (0, 0), "b": (2000, 0), "c": (0, 100), "d": (2000, 100)}
        network = town(ring, [(("a", "b"), STREET), (("a", "c"), STREET), (("b", "d"), STREET)])
        streets = streets_within(nearest(network, at({"s": (0, 100), "t": (2000, 100)})), (12,))
        assert spans(streets)[12] == [(0, 0, 702, 100), (1298, 0, 2000, 100)]  # the three are one, 800 m from each end

    def test_inside_an_area_the_walk_is_over(self, town, at):
        park = at({"s": (0, 0)})
        park.geometry = [shapely.box(*(CORNER + (400, -200)), *(CORNER + (700, 200)))]
        streets = streets_within(nearest(town(HIGH, WAYS), park), (3,))
        assert spans(streets)[3] == [(184, 0, 385, 0), (385, 0, 715, 0), (715, 0, 916, 0)]

    def test_not_through_a_gate(self, town, at):
        street = {"a": (-1000, 0), "gate": (1500, 0), "b": (4000, 0)}
        gate = {"gate": {"barrier": "kissing_gate"}}
        for profile, farthest in (("buggy", 1500), ("adult", 2200)):
            network = town(street, [(("a", "gate", "b"), STREET)], gate, profile=profile)
            streets = streets_within(nearest(network, at({"s": (600, 0)})), (20,))
            assert streets.total_bounds[2] - CORNER[0] == pytest.approx(farthest, abs=8)

    def test_the_land_beside_the_streets(self, town, at):
        streets = streets_within(nearest(town(HIGH, WAYS), at({"s": (500, 0)})), (6, 15))
        land = land_within(streets)
        assert land[6].area == pytest.approx(2 * 400 * 60 + np.pi * 30**2, rel=0.02)
        assert land[15].contains(land[6].buffer(-0.1))
        assert not land[15].contains(shapely.Point(CORNER + (300, 200)))

    @pytest.mark.parametrize("minutes", [(), (0,), (5, -1), (200,), (float("nan"),)])
    def test_limits_that_make_no_sense(self, minutes):
        with pytest.raises(RequestError, match="minutes from 1 to 180"):
            limits_of(minutes)

    def test_limits_are_put_in_order(self):
        assert limits_of((15, 5, 15.0)) == (5, 15)


def compared_point_by_point(state, minutes, points):
    """Points on streets are in the band that their walk says; each street is in as many bands as it should be, once."""
    network, pieces = state.network, reached(state, minutes)
    limits = np.array([network.cost_of(one) for one in minutes])
    snaps = network.snap(points)
    cost = state.cost(snaps)[0].astype(np.int64) - snaps.leg
    share = snaps.cost / np.maximum(network.cost[snaps.segment], 1)
    within = 0
    for segment, at, walk in zip(snaps.segment, share, cost, strict=True):
        if np.abs(limits - walk).min() <= 2:
            continue  # a millimetre or two from a limit
        expected = np.searchsorted(limits, walk)
        here = pieces.segment == segment
        found = set(pieces.band[here & (pieces.begin - 1e-9 <= at) & (at <= pieces.end + 1e-9)])
        assert found == ({expected} if expected < len(limits) else set()), (segment, at, walk)
        within += expected < len(limits)
    for segment in np.unique(pieces.segment):
        here = np.flatnonzero(pieces.segment == segment)
        here = here[np.argsort(pieces.begin[here])]
        assert (pieces.begin[here][1:] >= pieces.end[here][:-1] - 1e-9).all(), "no stretch is in two bands"
    return within


@pytest.mark.parametrize("profile", ["buggy", "adult"])
@pytest.mark.parametrize("seed", range(3))
def test_every_point_of_random_streets_is_in_its_band(draw, lattice, seed, profile):
    town = random_town((draw, lattice), seed, sites=4, profile=profile)
    sites = town.places.set_geometry(
        [shapely.buffer(one, 60) if n % 3 == 0 else one for n, one in enumerate(town.places.geometry)]
    )
    rng = np.random.default_rng(seed)
    joined = np.flatnonzero(town.network.joinable)
    lines = town.network.lines[rng.choice(joined, 400)]
    points = shapely.line_interpolate_point(lines, rng.random(400), normalized=True)
    assert compared_point_by_point(nearest(town.network, sites), (2, 4, 7), points) > 150


def test_every_point_of_the_islands_streets_is_in_its_band(island, island_by_buggy, island_centres):
    network = island_by_buggy.network
    rng = np.random.default_rng(4)
    state = nearest(network, island_centres.loc[["20004"]])
    near = np.flatnonzero(network.joinable & (state.labels.cost[network.start] < network.cost_of(40)))
    points = shapely.line_interpolate_point(network.lines[rng.choice(near, 400)], rng.random(400), normalized=True)
    assert compared_point_by_point(state, (5, 10, 15, 20, 30), points) > 200
    assert network.profile == BUGGY == PROFILES["buggy"]


def test_nothing_within_reach(town, at):
    streets = streets_within(nearest(town(HIGH, WAYS), at({"s": (500, 200)})), (2, 4))
    assert streets.geometry.is_empty.tolist() == [True, False]
    off = streets_within(nearest(town(HIGH, WAYS), at({"s": (500, 900)})), (2, 4))
    assert isinstance(off, gpd.GeoDataFrame)
    assert off.geometry.is_empty.all()
    assert land_within(off).is_empty.all()
