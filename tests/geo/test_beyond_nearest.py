"""How many sites there are beyond the nearest, and how they are shared, against SciPy's walks and sums by hand."""

from __future__ import annotations

import numpy as np
import pytest

from geo.beyond_nearest import band_ends, children_within, provision, sites_within, soft
from geo.errors import RequestError
from geo.walks_within import Walks, walks_within
from tests.geo.by_scipy import walks as scipy_walks
from tests.geo.towns import place_case, random_town

WEIGHT = {10: 1.0, 20: 0.68, 30: 0.22}


def by_hand(cost, network, children, capacity):
    """Provision from a whole matrix of costs (sites, homes), as the definition reads."""
    weight = np.zeros(cost.shape)
    for minutes, one in reversed(WEIGHT.items()):
        weight[cost <= network.cost_of(minutes)] = one
    demand = weight @ children
    each = np.array([s / d if d else 0.0 for s, d in zip(capacity, demand, strict=True)])
    return each @ weight, demand


@pytest.fixture(scope="module", params=["town", "island"])
def case(request, draw, lattice):
    if request.param == "town":
        found = random_town((draw, lattice), 5, sites=9)
        sites = found.places
    else:
        place = request.getfixturevalue("island")
        found, sites = place_case(place), place.centres()
    return found, sites, scipy_walks(found.network, found.snaps, sites)


def test_every_walk_within_half_an_hour(case):
    found, sites, cost = case
    walks = walks_within(found.network, found.snaps, sites.geometry.to_numpy(), 30)
    site, home = np.nonzero(cost <= found.network.cost_of(30))
    assert walks.site.tolist() == site.tolist()
    assert walks.home.tolist() == home.tolist()
    assert walks.cost.tolist() == cost[site, home].tolist()


def test_counts_and_shares_as_the_definition_reads(case):
    found, sites, cost = case
    walks = walks_within(found.network, found.snaps, sites.geometry.to_numpy(), 30)
    limits = [found.network.cost_of(minutes) for minutes in WEIGHT]
    capacity = np.where(np.arange(len(sites)) % 3 == 0, 0.5, 1.0)
    near = np.array([cost <= limit for limit in limits])
    assert sites_within(walks, limits, len(found.weight)).tolist() == near.sum(axis=1).T.tolist()
    assert children_within(walks, limits, found.weight, len(sites)) == pytest.approx((near @ found.weight).T)
    shared = provision(walks, limits, found.weight, capacity)
    per_child, demand = by_hand(cost, found.network, found.weight, capacity)
    assert shared.per_child == pytest.approx(per_child)
    assert shared.demand == pytest.approx(demand)
    assert found.weight @ shared.per_child == pytest.approx(capacity[shared.shared].sum())  # nothing is lost or made


def test_provision_of_three_homes_on_paper():
    """A site with 10 children near and 10 at 0.68; another with the second 10 near and nobody else; one with nobody."""
    walks = Walks(np.array([0, 0, 0, 1]), np.array([0, 1, 2, 1]), np.array([5, 15, 31, 10]))
    children = np.array([10.0, 10, 7])
    shared = provision(walks, [10, 20, 30], children, [1, 1, 1])
    assert shared.demand.tolist() == pytest.approx([16.8, 10, 0])
    assert shared.per_child.tolist() == pytest.approx([1 / 16.8, 0.68 / 16.8 + 0.1, 0])
    assert shared.shared.tolist() == [True, True, False]
    unknown = provision(walks, [10, 20, 30], np.full(3, np.nan), [1, 1, 1])
    assert np.isnan(unknown.per_child).all()


def test_bands_that_do_not_rise_are_refused():
    nothing = Walks(*(np.empty(0, np.int64) for _ in range(3)))
    for limits, capacity in (([10, 10, 30], [1]), ([10, 20], [1]), ([10, 20, 30], [-1])):
        with pytest.raises(RequestError):
            provision(nothing, limits, np.ones(2), capacity)
    assert band_ends(15) == (10, 20, 30)


def test_the_soft_threshold():
    near = soft(np.array([0.0, 15, 30, np.inf, np.nan]), 15)
    assert near[:4] == pytest.approx([1 / (1 + np.exp(-5)), 0.5, 1 / (1 + np.exp(5)), 0])
    assert np.isnan(near[4])
