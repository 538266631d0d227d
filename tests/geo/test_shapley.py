"""Shares of a joint loss, against Shapley's own definitions: every order, every subset."""

from __future__ import annotations

from functools import cache
from itertools import combinations, permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from geo import paths
from geo.shapley import Chains, Worth

FAR = int(paths.FAR)


def game(nearer, left, value, weight):
    """What is lost if a set of sites closes: each home then walks to the nearest site that is open."""
    nearer, left = np.asarray(nearer, np.int64).reshape(-1, len(left)), np.asarray(left, np.int64)

    @cache
    def loss(closed):
        still = [nearer[site] for site in range(len(nearer)) if site not in closed]
        before, after = np.vstack([nearer, left]).min(axis=0), np.vstack([*still, left]).min(axis=0)
        return float((weight * (value(after) - value(before))).sum())

    return loss


def by_orders(players, loss):
    """Shapley's value: what each adds when it comes, on the average of all orders of coming."""
    value = np.zeros(players)
    for order in permutations(range(players)):
        for place, player in enumerate(order):
            value[player] += loss(frozenset(order[: place + 1])) - loss(frozenset(order[:place]))
    return value / factorial(players)


def by_subsets(players, loss):
    """The same by subsets, each with its share of the orders: quicker, and another formula."""
    value = np.zeros(players)
    for player in range(players):
        others = [other for other in range(players) if other != player]
        for size in range(players):
            part = factorial(size) * factorial(players - size - 1) / factorial(players)
            for some in combinations(others, size):
                value[player] += part * (loss(frozenset({*some, player})) - loss(frozenset(some)))
    return value


def crossing(limit):
    return lambda cost: (np.asarray(cost) > limit).astype(float)


def walking(left):
    """Walks as they are, but for homes with no way to any site left: those count nothing, before and after."""
    stuck = np.asarray(left) == FAR
    return lambda cost: np.where(stuck, 0.0, np.asarray(cost) / 66.0)


@st.composite
def games(draw, most=6):
    """A few sites, a few homes, short walks so that many tie; some homes cannot get to some sites, or to any left."""
    sites, homes = draw(array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=most))
    walk = st.one_of(st.integers(0, 9), st.just(FAR))
    nearer = draw(arrays(np.int32, (sites, homes), elements=walk))
    left = draw(arrays(np.int32, homes, elements=walk))
    weight = draw(arrays(float, homes, elements=st.sampled_from([0.0, 0.25, 1.0, 2.5, 7.0])))
    limit = draw(st.integers(0, 9))
    return nearer, left, weight, limit


def worths(chains, nearer, left, weight, limit):
    """Both worths: of the chains, and of the game."""
    far, walk = crossing(limit), walking(left)
    yield Worth(far(chains.cost), weight), game(nearer, left, far, weight)
    yield Worth(walk(chains.cost), weight), game(nearer, left, walk, weight)


class TestByHand:
    """One street; a home at 0; centres A at 3, B at 5 have closed, the one that is left is at 11."""

    @pytest.fixture
    def street(self):
        return Chains.of([np.array([3], np.int32), np.array([5], np.int32)], np.array([11], np.int32))

    def test_the_chain_is_the_nearest_first(self, street):
        assert street.site.tolist() == [[0], [1]]
        assert street.cost.tolist() == [[3], [5], [11]]

    def test_shares(self, street):
        walk = Worth(street.cost.astype(float), np.array([10.0]))
        # A alone takes 5 - 3 = 2; B alone takes nothing, for the home goes to A; both take 11 - 3 = 8
        assert street.alone(walk).tolist() == [20, 0]
        assert street.joint(walk) == 80
        # the first two metres are A's alone; the six beyond need both, and are shared alike: A 2 + 3, B 3
        assert street.shares(walk).tolist() == [50, 30]
        # reopening A gives all back, reopening B gives 11 - 5
        assert street.reopened(walk).tolist() == [80, 60]
        assert street.pairs(walk).tolist() == [[0, 60], [0, 0]]  # 80 is 60 more than 20 + 0

    def test_a_threshold_between_the_second_and_the_last_is_shared_alike(self, street):
        beyond = Worth((street.cost > 7).astype(float), np.array([10.0]))
        assert street.alone(beyond).tolist() == [0, 0]  # neither alone would have taken it
        assert street.shares(beyond).tolist() == [5, 5]
        assert street.reopened(beyond).tolist() == [10, 10]  # either would give it back
        assert street.pairs(beyond).tolist() == [[0, 10], [0, 0]]

    def test_a_threshold_between_the_first_and_the_second_is_the_firsts(self, street):
        beyond = Worth((street.cost > 4).astype(float), np.array([10.0]))
        assert street.alone(beyond).tolist() == street.shares(beyond).tolist() == street.reopened(beyond).tolist()
        assert street.shares(beyond).tolist() == [10, 0]
        assert not street.pairs(beyond).any()

    def test_a_closed_site_as_near_as_the_one_left_took_nothing(self):
        same = Chains.of([np.array([4], np.int32)], np.array([4], np.int32))
        assert same.site.shape == (0, 1)
        assert same.shares(Worth(same.cost.astype(float), np.ones(1))).tolist() == [0]

    def test_below_the_end_of_a_homes_chain_there_is_nobody(self):
        # the second home has the one that is left nearer than either; the third as near as the first
        chains = Chains.of(
            [np.array([3, 9, 5], np.int32), np.array([4, 8, 7], np.int32)], np.array([5, 5, 5], np.int32)
        )
        assert chains.site.tolist() == [[0, -1, -1], [1, -1, -1]]
        assert chains.cost.tolist() == [[3, 5, 5], [4, 5, 5], [5, 5, 5]]

    def test_no_closure_at_all(self):
        none = Chains.of([], np.array([4, FAR], np.int32))
        walk = Worth(none.cost.astype(float), np.ones(2))
        assert none.cost.tolist() == [[4, FAR]]
        assert none.joint(walk) == 0
        assert [len(found) for found in (none.shares(walk), none.alone(walk), none.reopened(walk))] == [0, 0, 0]
        assert none.pairs(walk).shape == (0, 0)

    def test_three_at_one_door_share_alike(self):
        # whoever closes last takes it: alone none, reopened each the whole, shares a third each, no pair either
        three = Chains.of([np.array([2], np.int32)] * 3, np.array([8], np.int32))
        walk = Worth(three.cost.astype(float), np.array([3.0]))
        assert three.alone(walk).tolist() == [0, 0, 0]
        assert three.shares(walk).tolist() == pytest.approx([6, 6, 6])
        assert three.reopened(walk).tolist() == [18, 18, 18]
        assert not three.pairs(walk).any()


@given(games(most=5))
def test_shares_are_the_average_of_all_orders(drawn):
    nearer, left, weight, limit = drawn
    chains = Chains.of(list(nearer), left)
    for worth, loss in worths(chains, nearer, left, weight, limit):
        np.testing.assert_allclose(chains.shares(worth), by_orders(len(nearer), loss), atol=1e-9)


@given(games(most=7))
def test_shares_alone_reopened_and_pairs_are_what_the_game_says(drawn):
    nearer, left, weight, limit = drawn
    chains = Chains.of(list(nearer), left)
    every = frozenset(range(len(nearer)))
    for worth, loss in worths(chains, nearer, left, weight, limit):
        alone = [loss(frozenset({i})) for i in range(len(nearer))]
        without = [loss(every - {i}) for i in range(len(nearer))]
        np.testing.assert_allclose(chains.shares(worth), by_subsets(len(nearer), loss), atol=1e-9)
        assert chains.joint(worth) == pytest.approx(loss(every))
        np.testing.assert_allclose(chains.alone(worth), alone, atol=1e-9)
        np.testing.assert_allclose(chains.reopened(worth), loss(every) - np.array(without), atol=1e-9)
        pairs = np.zeros((len(nearer),) * 2)
        for i, j in combinations(range(len(nearer)), 2):
            pairs[i, j] = loss(frozenset({i, j})) - alone[i] - alone[j]
        np.testing.assert_allclose(chains.pairs(worth), pairs, atol=1e-9)


@given(games())
def test_shares_add_up_and_lie_between_alone_and_reopened(drawn):
    nearer, left, weight, limit = drawn
    chains = Chains.of(list(nearer), left)
    for worth, _ in worths(chains, nearer, left, weight, limit):
        shares, alone, reopened = chains.shares(worth), chains.alone(worth), chains.reopened(worth)
        assert shares.sum() == pytest.approx(chains.joint(worth))
        assert (alone <= shares + 1e-9).all()
        assert (shares <= reopened + 1e-9).all()
        # closing together hurts no less than one by one (methods.md, section 12)
        assert alone.sum() <= chains.joint(worth) + 1e-9
        assert (chains.pairs(worth) >= 0).all()


@given(games(), st.randoms(use_true_random=False))
def test_like_sites_share_alike_idle_ones_get_nothing_and_the_order_is_no_matter(drawn, random):
    nearer, left, weight, limit = drawn
    twin, idle = nearer[0], np.maximum(left, nearer[0])
    every = [*nearer, twin, idle]
    order = list(range(len(every)))
    random.shuffle(order)
    chains, mixed = Chains.of(every, left), Chains.of([every[i] for i in order], left)
    for (worth, _), (other, _) in zip(
        worths(chains, every, left, weight, limit), worths(mixed, every, left, weight, limit), strict=True
    ):
        shares = chains.shares(worth)
        assert shares[0] == pytest.approx(shares[-2])  # symmetry
        assert shares[-1] == 0  # the dummy: never nearer than the one left
        np.testing.assert_allclose(mixed.shares(other), shares[order], atol=1e-9)
        assert chains.alone(worth)[0] == pytest.approx(0)  # its twin stands in


def test_figures_that_are_not_known_are_not_zero():
    chains = Chains.of([np.array([1], np.int32)], np.array([5], np.int32))
    worth = Worth(chains.cost.astype(float), np.array([np.nan]))
    assert np.isnan([chains.joint(worth), *chains.shares(worth), *chains.alone(worth), *chains.reopened(worth)]).all()
