"""What one site more would give: by hand, against walking anew, and against SciPy."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

import geo.opportunity
import geo.walks_within
from geo import paths
from geo.crs import BNG
from geo.errors import CrsError, RequestError
from geo.opportunity import junction_candidates, junction_points, of_streets
from geo.siting import greedy
from tests.geo import by_scipy
from tests.geo.towns import (
    CORNER,
    STREET,
    anew,
    case_of,
    compared_with_walking_anew,
    covered,
    high_street,
    off_its_streets,
    place_case,
    problem_of,
    random_town,
    surface_of,
)  # fmt: skip


@pytest.fixture
def high(town, at):
    return high_street(town, at)


@pytest.fixture(scope="module")
def grids(draw, lattice):
    return lambda seed, **more: random_town((draw, lattice), seed, **more)


class TestSurface:
    def test_by_hand(self, high):
        surface, points = surface_of(high), junction_points(high.network)
        found = {round(p.x - CORNER[0]): s for p, s in zip(points, surface, strict=True) if p.y < CORNER[1] + 50}
        assert found == {0: 0, 1000: 10, 2000: 30, 3000: 50, 4000: 30}  # a is near the centre already
        middle = [line.interpolate(0.5, normalized=True) for line in high.network.lines]
        streets = zip(middle, of_streets(high.network, surface), strict=True)
        found = {round(p.x - CORNER[0], -1): s for p, s in streets if p.y < CORNER[1] + 20}
        assert found == {500: 10, 1500: 30, 2500: 50, 3500: 50}

    @pytest.mark.parametrize("seed", range(6))
    @pytest.mark.parametrize(("profile", "minutes"), [("buggy", 6), ("adult", 4)])
    def test_equals_opening_a_site_at_every_junction(self, grids, seed, profile, minutes):
        town = grids(seed, profile=profile)
        surface, points = surface_of(town, minutes), junction_points(town.network)
        limit = town.network.cost_of(minutes)
        assert not len(off_its_streets(town.network, points))
        expected = [np.nan if p is None else covered(town, anew(town, p), limit) for p in points]
        np.testing.assert_allclose(surface, expected, rtol=1e-12)
        assert (surface > 0).sum() > 10

    @pytest.mark.parametrize("seed", range(4))
    def test_equals_scipy(self, grids, seed):
        town = grids(seed)
        surface, points = surface_of(town, 6), junction_points(town.network)
        standing = ~np.isnan(surface)
        places = gpd.GeoDataFrame(geometry=points[standing], crs=BNG)
        walk = by_scipy.walks(town.network, town.snaps, places)
        limit = town.network.cost_of(6)
        expected = [covered(town, cost, limit) for cost in walk]
        np.testing.assert_allclose(surface[standing], expected, rtol=1e-12)

    def test_a_walk_of_just_the_threshold_is_within_it(self, grids):
        town = grids(7)
        points = junction_points(town.network)
        cost = anew(town, points[20])
        minutes = town.network.minutes(cost[(cost < town.state.cost(town.snaps)[0]) & (town.weight > 0)])
        assert len(minutes) > 5
        for just in minutes:
            expected = covered(town, cost, town.network.cost_of(just))
            assert surface_of(town, just)[20] == pytest.approx(expected, rel=1e-12)
            problem = problem_of(town, gpd.GeoDataFrame(index=["here"], geometry=points[[20]], crs=BNG), minutes=just)
            assert greedy(problem, 1).value == pytest.approx(expected, rel=1e-12)

    def test_whose_walk_is_just_the_threshold_now_gains_nothing(self, grids):
        town = grids(7)
        point, now = junction_points(town.network)[20], town.state.cost(town.snaps)[0]
        cost = anew(town, point)
        nearer = now[(cost < now) & (now < paths.FAR) & (town.weight > 0)][:5]
        assert len(nearer) == 5
        for just in town.network.minutes(nearer):
            expected = covered(town, cost, town.network.cost_of(just))
            assert surface_of(town, just)[20] == pytest.approx(expected, rel=1e-12)

    def test_on_the_bundled_place(self, island):
        compared_with_walking_anew(place_case(island), sample=40)

    def test_a_site_stands_at_open_ends_of_streets_that_may_be_joined(self, town, at):
        nodes = {"a": (0, 0), "b": (2500, 0), "c": (5000, 0), "p": (0, 500), "q": (900, 500)}
        network = town(nodes, [(("a", "b", "c"), STREET), (("p", "q"), STREET)], {"b": {"barrier": "kissing_gate"}})
        homes = at({"h": (2400, 0), "gate": (2600, 0)})
        case = case_of(network, homes, at({}), [1, 1])
        surface = surface_of(case, 60)
        here = {
            (round(p.x - CORNER[0]), round(p.y - CORNER[1])): s
            for p, s in zip(junction_points(network), surface, strict=True)
            if p is not None
        }
        assert here == {(0, 0): 1, (5000, 0): 1}
        assert np.isnan(surface).sum() == network.junctions - 2
        problem = problem_of(
            case, at({"before the gate": (2450, 0), "behind it": (2550, 0), "in the yard": (450, 500)})
        )
        assert problem.home.tolist() == [0, 1]
        assert problem.off_streets == ("in the yard",)

    def test_it_is_the_same_bit_for_bit_on_one_thread(self, grids, monkeypatch):
        town = grids(1)
        monkeypatch.setattr(geo.opportunity, "_HOMES_AT_ONCE", 7)
        two = surface_of(town, 8)
        monkeypatch.setattr(geo.opportunity, "THREADS", 1)
        assert surface_of(town, 8).tobytes() == two.tobytes()
        assert len(paths.bounded_searches.signatures) == 1  # compiled at set-up, so nobody waits for it

    def test_nobody_beyond_is_zero_everywhere(self, high):
        assert np.nanmax(surface_of(high, 200)) == 0
        assert junction_candidates(high.network, surface_of(high, 200)).empty

    @pytest.mark.parametrize("weight", [np.ones(3), [1, 2, 3, np.nan], [1, 2, 3, -1], [1, 2, 3, np.inf]])
    def test_weights_that_make_no_sense(self, high, weight):
        high.weight = weight
        with pytest.raises(RequestError, match="weight is needed for each of the 4 homes"):
            surface_of(high)
        with pytest.raises(RequestError, match="weight is needed"):
            problem_of(high)


class TestCandidates:
    def test_junctions_are_taken_by_opportunity_and_kept_apart(self, grids):
        town = grids(2)
        surface = surface_of(town, 6)
        taken = junction_candidates(town.network, surface, apart_m=250)
        numbers = taken.index.str[1:].astype(int)
        assert (taken["opportunity"].to_numpy() == surface[numbers]).all()
        assert (taken.geometry.to_numpy() == junction_points(town.network)[numbers]).all()
        assert (np.diff(taken["opportunity"]) <= 0).all()
        away = shapely.distance(taken.geometry.to_numpy()[:, None], taken.geometry.to_numpy())
        assert (away[np.triu_indices(len(taken), 1)] > 250).all()
        every = np.flatnonzero(surface > 0)
        near = shapely.distance(junction_points(town.network)[every][:, None], taken.geometry.to_numpy()) <= 250
        assert (near & (taken["opportunity"].to_numpy() >= surface[every][:, None])).any(axis=1).all()
        assert len(junction_candidates(town.network, surface, apart_m=0)) == len(every)
        assert (
            junction_candidates(town.network, surface, most=3, apart_m=250).index.tolist() == taken.index[:3].tolist()
        )
        with pytest.raises(RequestError, match="make no sense"):
            junction_candidates(town.network, surface, most=0)

    @pytest.mark.parametrize("seed", range(5))
    @pytest.mark.parametrize("sites", [0, 1, 4])
    def test_a_candidate_shortens_what_opening_it_would(self, grids, seed, sites, monkeypatch):
        monkeypatch.setattr(geo.walks_within, "_SITES_AT_ONCE", 3)
        town = grids(seed, sites=sites)
        places = town.places.copy()
        places.loc["park"] = [shapely.box(*(CORNER + [300, 300]), *(CORNER + [600, 550]))]
        places.loc["off"] = [shapely.Point(CORNER - 3000)]
        places.loc["lost"] = [None]
        labels = [values.copy() for values in town.state.labels]
        problem = problem_of(town, places)
        assert problem.off_streets[-2:] == ("off", "lost")
        assert not set(problem.off_streets[:-2]) & {"park"}
        for n, point in enumerate(places.geometry):
            mine = slice(problem.first[n], problem.first[n + 1])
            cost = problem.now if point is None else anew(town, point)
            shorter = np.flatnonzero(cost < problem.now)
            np.testing.assert_array_equal(problem.home[mine], shorter)
            np.testing.assert_array_equal(problem.cost[mine], cost[shorter])
        assert all(np.array_equal(a, b) for a, b in zip(labels, town.state.labels, strict=True))

    def test_requests_that_make_no_sense(self, high, at):
        with pytest.raises(RequestError, match="no candidates"):
            problem_of(high, high.places[:0])
        with pytest.raises(RequestError, match="candidate west is there twice"):
            problem_of(high, high.places.iloc[[0, 1, 0]])
        with pytest.raises(CrsError, match="EPSG:27700"):
            problem_of(high, high.places.to_crs(4326))
        with pytest.raises(RequestError, match="need is needed"):
            problem_of(high, need=[1, 2, 3, -4])
