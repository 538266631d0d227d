"""The least that the worst-off walk: by hand, and against trying every set of candidates on drawn streets."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from geo import paths, siting_farthest
from geo.siting import greedy, optimum
from geo.siting_quota import Quota
from tests.geo.towns import anew, high_street, problem_of, random_town


@pytest.fixture
def high(town, at):
    return high_street(town, at)


@pytest.fixture(scope="module")
def grids(draw, lattice):
    return lambda seed, **more: random_town((draw, lattice), seed, **more)


class TestByHand:
    """Homes at 500, 1500, 2500 and 3500 m from the centre; 15 minutes are 1,000 m."""

    def test_the_longest_walk(self, high):
        problem = problem_of(high)
        one = optimum(problem, 1, objective="farthest")
        # the middle leaves d 1,500 m; the east leaves b 1,500 m, and fewer minutes in all
        assert (one.chosen, one.proved) == (("east",), True)
        assert one.value == pytest.approx(2000 * 15 / 1000, rel=4e-3)
        two = optimum(problem, 2, objective="farthest")
        assert set(two.chosen) == {"east", "west"}  # and so do the middle and the end, with more walking
        assert two.value == pytest.approx(3000 * 15 / 1000, rel=4e-3)
        assert two.totals[0] == one.value

    def test_where_no_candidate_helps_the_worst_off_the_rest_walk_least(self, high, at):
        plan = optimum(problem_of(high, at({"near": (700, 0), "west": (1500, 0)})), 1, objective="farthest")
        assert (plan.chosen, plan.proved) == (("west",), True)
        gone = optimum(problem_of(high, at({"near": (0, 0)})), 1, objective="farthest")
        assert (gone.chosen, gone.value, gone.proved) == ((), 0, True)
        assert gone.reason == "any site among these candidates would shorten no walk"

    def test_a_home_without_children_is_not_counted(self, high):
        high.weight[3] = 0
        problem = problem_of(high)
        assert siting_farthest.longest(problem) == pytest.approx(2_500_000, rel=6e-3)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("k", [1, 2, 3])
def test_equals_trying_every_set(grids, seed, k):
    """First the longest walk, to 10 m, then the walking of all; walked again from every candidate."""
    town = grids(seed)
    deprived = town.need[: len(town.places)] > 40
    quota = Quota(share=0.5, sites=2, there=1, deprived=deprived) if seed % 2 else None  # half of the new ones, too
    problem = replace(problem_of(town, minutes=6), quota=quota)
    standing = [n for n, name in enumerate(problem.candidates) if name not in problem.off_streets]
    walked = np.array([anew(town, town.places.geometry.iloc[n]) for n in standing])
    on = town.snaps.on_network
    counted = on & (town.weight > 0) & (np.minimum(problem.now, walked.min(axis=0)) < paths.FAR)
    walked = np.minimum(walked, problem.cap)[:, counted].astype(np.int64)
    few = k // 2 if quota else k
    sets = (list(rows) for n in range(1, k + 1) for rows in combinations(range(len(standing)), n))
    tried = [walked[rows].min(axis=0) for rows in sets if (~deprived[standing][rows]).sum() <= few]
    longest, walking = min((-(-each.max() // 10_000) * 10_000, each @ town.weight[counted]) for each in tried)

    for reduce in (True, False):
        plan = optimum(problem, k, objective="farthest", reduce=reduce)
        rows = [problem.candidates.index(name) for name in plan.chosen]
        left = siting_farthest.walks(problem, rows)
        assert plan.proved
        assert longest - 10_000 < left.max() <= longest
        assert left @ town.weight == pytest.approx(walking, rel=1e-9)
        assert plan.value == pytest.approx((siting_farthest.longest(problem) - longest) / problem.mm_per_minute)
    plain = greedy(problem, k, objective="farthest")
    assert plain.value <= plan.value + 1e-9
    assert plain.bound >= plan.value - 1e-9
    assert (np.diff((0.0, *plan.totals)) >= 0).all()
