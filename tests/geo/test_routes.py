"""The way that is walked: by hand, street by street, and against SciPy on the raw streets."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo import paths
from geo.access import nearest, reach
from geo.crs import BNG
from geo.profiles import ADULT, BUGGY
from geo.routes import route
from geo.sites import SERVING
from tests.geo import by_scipy
from tests.geo.towns import CORNER, STREET, random_town

CROSS = {"w": (0, 0), "x": (1000, 0), "e": (2000, 0), "n": (1000, 800)}
WAYS = [(("w", "x", "e"), STREET), (("x", "n"), STREET)]


def walked(network, sites, point):
    """The route from a point (metres from the corner), and its corners in whole metres."""
    found = route(nearest(network, sites), sites, shapely.Point(CORNER + point))
    return found, [tuple(np.round(np.subtract(corner, CORNER)).astype(int)) for corner in found.line.coords]


def place_of(network, stretch, along):
    """A place on the street of a stretch."""
    line, whole = network.lines[stretch.segment], int(network.length[stretch.segment])
    return line.interpolate(along / whole if whole else 0, normalized=True)


def sound(network, found, point):
    """A walk adds up, goes on where it was, and uses only what the walker may use."""
    assert found.leg + sum(one.cost for one in found.stretches) + found.site_leg == found.cost
    assert found.leg + sum(one.length for one in found.stretches) + found.site_leg == found.length
    for before, after in pairwise(found.stretches):
        assert place_of(network, before, before.end).distance(place_of(network, after, after.begin)) < 0.01, (
            "it goes on"
        )
    for one in found.stretches[:-1]:
        assert (network.end_open if one.end else network.start_open)[one.segment], (
            "through no gate that stops the walker"
        )
    for one in found.stretches[1:]:
        assert (network.end_open if one.begin else network.start_open)[one.segment]
    for one in found.stretches:
        assert 0 <= min(one.begin, one.end) <= max(one.begin, one.end) <= network.length[one.segment]
    assert found.line.coords[0] == point.coords[0]
    assert found.line.length == pytest.approx(found.length / 1000, rel=4e-3, abs=1)  # the grid's metres


class TestByHand:
    def test_round_a_corner_with_both_legs(self, town, at):
        network = town(CROSS, WAYS)
        found, corners = walked(network, at({"s": (1030, 700)}), (400, 20))
        sound(network, found, shapely.Point(CORNER + (400, 20)))
        assert corners == [(400, 20), (400, 0), (1000, 0), (1000, 700), (1030, 700)]
        assert (found.site_id, round(found.leg / 1000), round(found.site_leg / 1000)) == ("s", 20, 30)
        assert found.length / 1000 == pytest.approx(20 + 600 + 700 + 30, rel=4e-3)

    def test_along_one_street_only(self, town, at):
        for there in (300, 700):
            found, corners = walked(town(CROSS, WAYS), at({"s": (there, 0)}), (500, 10))
            assert corners == [(500, 10), (500, 0), (there, 0)]
            assert len(found.stretches) == 1

    def test_at_the_door(self, town, at):
        found, corners = walked(town(CROSS, WAYS), at({"s": (500, -5)}), (500, 10))
        assert corners == [(500, 10), (500, 0), (500, -5)]
        assert found.stretches == ()

    def test_into_an_area_and_no_farther_than_its_edge(self, town, at):
        park = at({"s": (0, 0)})
        park.geometry = [shapely.box(*(CORNER + (1600, 30)), *(CORNER + (1800, 200)))]
        network = town(CROSS, WAYS)
        assert walked(network, park, (1000, 500))[1] == [
            (1000, 500),
            (1000, 0),
            (1700, 0),
            (1700, 115),
        ]  # a point: 30 m off
        park.geometry = [shapely.box(*(CORNER + (1600, 10)), *(CORNER + (1800, 200)))]
        found, corners = walked(network, park, (1000, 500))
        assert corners[-1][0] == pytest.approx(1589, abs=1)  # the street runs along it, near enough to step in
        assert found.site_leg == 0

    def test_a_pram_goes_round_the_gate(self, town, at):
        square = {"a": (0, 0), "gate": (500, 0), "b": (1000, 0), "c": (0, 300), "d": (1000, 300)}
        ways = [(("a", "gate", "b"), STREET), (("a", "c", "d", "b"), STREET)]
        gate = {"gate": {"barrier": "kissing_gate"}}
        site, corners = at({"s": (1000, 0)}), {}
        for profile in ("adult", "buggy"):
            corners[profile] = walked(town(square, ways, gate, profile=profile), site, (100, 0))[1]
        assert corners["adult"] == [(100, 0), (500, 0), (1000, 0)]
        assert corners["buggy"] == [(100, 0), (0, 0), (0, 300), (1000, 300), (1000, 0)]

    def test_where_there_is_no_way_there_is_no_route(self, town, at):
        network = town(CROSS | {"p": (5000, 0), "q": (8000, 0)}, [*WAYS, (("p", "q"), STREET)])
        sites = at({"s": (6000, 0)})
        state = nearest(network, sites)
        assert route(state, sites, shapely.Point(CORNER + (500, 0))) is None
        assert route(state, sites, shapely.Point(CORNER + (500, 400))) is None  # off the network
        assert route(state, sites, shapely.Point(CORNER + (7000, 0))).site_id == "s"

    def test_through_junctions_at_one_spot(self, town, at):
        """Streets of no length between them: labels do not fall along these."""
        steps = {
            "w": (0, 0),
            "a": (1000, 0),
            "b": (1000, 0.0001),
            "c": (1000, 0.0002),
            "e": (2000, 0),
            "n": (1000, 900),
        }
        path = {"highway": "footway"}
        ways = [(("w", "a"), STREET), (("a", "b"), path), (("b", "c"), {"highway": "steps"}), (("c", "e"), STREET),
                (("b", "n"), STREET), (("a", "c"), path)]  # fmt: skip
        network = town(steps, ways, profile="adult")
        assert (network.length == 0).any()
        for home, length in (((500, 0), 1000), ((1000, 400), 900)):
            found, _ = walked(network, at({"s": (1500, 0)}), home)
            sound(network, found, shapely.Point(CORNER + home))
            assert found.length / 1000 == pytest.approx(length, rel=4e-3)


@pytest.mark.parametrize("profile", ["buggy", "adult"])
@pytest.mark.parametrize("seed", range(3))
def test_on_random_streets_it_is_the_walk_of_the_table(draw, lattice, seed, profile):
    town = random_town((draw, lattice), seed, sites=5, profile=profile)
    network, sites = town.network, town.places
    sites = sites.set_geometry([shapely.buffer(one, 60) if n % 3 == 0 else one for n, one in enumerate(sites.geometry)])
    homes = gpd.GeoSeries(shapely.points(np.random.default_rng(seed).uniform(-200, 1500, (120, 2)) + CORNER), crs=BNG)
    state, snaps = nearest(network, sites), network.snap(homes.to_numpy())
    cost, site, length = state.cost(snaps)
    to_each = by_scipy.walks(network, snaps, sites)
    ways = 0
    for home, point in enumerate(homes):
        found = route(state, sites, point)
        assert (found is None) == (cost[home] == paths.FAR)
        if found is not None:
            ways += len(found.stretches) > 2
            sound(network, found, point)
            assert (found.site_id, found.cost, found.length) == (sites.index[site[home]], cost[home], length[home])
            assert found.cost == to_each[:, home].min(), "no other program knows a shorter one"
    assert ways > 40


def real_walks(place, *, homes):
    """Routes from homes of a place drawn at random, to the nearest centre that counts now."""
    origins, centres = place.origins(), place.centres()
    origins = origins[place.network(ADULT).snap(origins.geometry.to_numpy()).on_network]
    sites = centres[centres["status"].isin(SERVING)]
    for profile in (BUGGY, ADULT):
        network = place.network(profile)
        drawn = origins.iloc[np.sort(np.random.default_rng(11).choice(len(origins), homes, replace=False))]
        table = reach(network, drawn, sites)
        least = by_scipy.Walks(network, network.snap(drawn.geometry.to_numpy()), sites).to_nearest(range(len(sites)))
        state, found_any = nearest(network, sites), 0
        for row, scipys, point in zip(table.itertuples(), least, drawn.geometry, strict=True):
            found = route(state, sites, point)
            assert (found is not None) == (row.reached == "yes")
            if found is not None:
                found_any += 1
                sound(network, found, point)
                assert (found.site_id, found.length / 1000) == (row.site_id, row.metres)
                assert network.minutes(np.int32([found.cost]))[0] == row.minutes
                assert found.cost == scipys
        assert found_any > 0.9 * homes


def test_on_the_bundled_place(island, thorough):
    real_walks(island, homes=500 if thorough else 30)


@pytest.mark.full_size
@pytest.mark.real
def test_on_leeds(real_place):
    real_walks(real_place("leeds"), homes=500)
