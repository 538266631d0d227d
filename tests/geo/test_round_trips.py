"""A family's round trip against every pair of a centre and a play space, by SciPy's walks."""

from __future__ import annotations

import numpy as np
import pytest

from geo import paths
from geo.round_trips import round_trips
from geo.walks_within import Walks, walks_between, walks_within
from tests.geo.by_scipy import walks as scipy_walks
from tests.geo.towns import place_case, random_town


def by_hand(to_centres, to_play, between):
    """The least of all pairs; whole matrices (sites, homes), (play, homes), (play, centres), infinite beyond a walk."""
    there = to_centres[:, None, :]
    trips = there + np.maximum(between.T[:, :, None] + to_play[None], there)
    return trips.reshape(-1, to_play.shape[1]).min(axis=0)


@pytest.mark.parametrize("of", ["town", "island"])
def test_the_shortest_of_all_pairs(of, request, draw, lattice):
    if of == "town":
        case = random_town((draw, lattice), 7, sites=9, places=12)
        centres, play, minutes = case.places.iloc[:5], case.places.iloc[5:], 12
    else:
        place = request.getfixturevalue("island")
        case, centres, play, minutes = place_case(place), place.centres(), place.play_spaces().iloc[:40], 30
    network, snaps = case.network, case.snaps
    at, on = centres.geometry.to_numpy(), play.geometry.to_numpy()
    trips = round_trips(
        walks_within(network, snaps, at, minutes),
        walks_within(network, snaps, on, minutes),
        walks_between(network, at, on, minutes),
        len(case.weight),
    )
    joined = network.snap(at)
    whole = [scipy_walks(network, of, to) for of, to in ((snaps, centres), (snaps, play), (joined, play))]
    whole = [np.where(cost <= network.cost_of(minutes), cost, np.inf) for cost in whole]
    least = by_hand(*whole)
    assert trips.cost.tolist() == np.where(np.isfinite(least), least, paths.FAR).tolist()
    there = np.flatnonzero(trips.centre >= 0)
    assert there.tolist() == np.flatnonzero(np.isfinite(least)).tolist() != []
    centre, to = trips.centre[there], trips.play[there]
    direct, back = whole[0][centre, there], whole[2][to, centre] + whole[1][to, there]
    assert trips.cost[there].tolist() == (direct + np.maximum(back, direct)).tolist()


def test_the_nearest_centre_is_not_always_on_the_shortest_trip():
    """The nearest centre, 5 away, is far from any play space; one 8 away stands beside one."""
    to_centres = Walks(np.array([0, 1]), np.array([0, 0]), np.array([5, 8]))
    to_play = Walks(np.array([0]), np.array([0]), np.array([8]))
    between = Walks(np.array([0, 1]), np.array([0, 0]), np.array([13, 0]))
    trips = round_trips(to_centres, to_play, between, 2)
    assert (trips.cost[0], trips.centre[0], trips.play[0]) == (16, 1, 0)
    assert (trips.cost[1], trips.centre[1], trips.play[1]) == (paths.FAR, -1, -1)


def test_without_play_spaces_there_is_no_trip():
    nothing = Walks(*(np.empty(0, np.int64) for _ in range(3)))
    trips = round_trips(Walks(np.array([0]), np.array([0]), np.array([5])), nothing, nothing, 1)
    assert trips.cost.tolist() == [paths.FAR]
