"""The smallest inequality by new sites: against the slope of a fitted line after every set of candidates."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from geo import paths, siting_slope
from geo.errors import RequestError
from geo.siting import greedy, optimum
from geo.siting_problem import worth_of
from geo.siting_quota import Quota
from tests.geo.towns import anew, high_street, problem_of, random_town


def test_by_hand(town, at):
    """A minute saved at d, the farthest home and the most deprived, counts most; one at c counts against."""
    high = high_street(town, at)
    problem = problem_of(high, rank=[0.0, 0.2, 0.5, 1.0])
    plan = optimum(problem, 1, objective="slope")
    assert (plan.chosen, plan.proved) == (("end",), True)
    with pytest.raises(RequestError, match="goes by deprivation, which is not known"):
        optimum(problem_of(high), 1, objective="slope")
    nobody = optimum(problem_of(high, rank=[1.0, 0.9, 0.1, 0.0]), 2, objective="slope")
    assert nobody.chosen == ()
    assert nobody.reason == "any site among these candidates would make walks no fairer"
    assert optimum(problem_of(high, rank=[0.5] * 4), 1, objective="slope").chosen == ()  # all alike: no slope


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("k", [1, 2, 3])
def test_equals_trying_every_set(draw, lattice, seed, k):
    """Every set of up to k, walked again; on two towns at most half of the new sites outside deprived areas."""
    town = random_town((draw, lattice), seed)
    deprived = town.need[: len(town.places)] > 40
    quota = Quota(share=0.5, sites=2, there=1, deprived=deprived) if seed % 2 else None
    rank = np.where(np.isnan(town.deprived), np.nan, town.need / 100)
    problem = replace(problem_of(town, minutes=6, rank=rank), quota=quota)
    standing = [n for n, name in enumerate(problem.candidates) if name not in problem.off_streets]
    of = town.snaps.on_network & (problem.now < paths.FAR) & np.isfinite(rank) & (town.weight > 0)
    walks = [
        np.minimum(problem.now, anew(town, town.places.geometry.iloc[n]))[of] / problem.mm_per_minute for n in standing
    ]

    def slope(minutes):
        return np.polyfit(rank[of], minutes, 1, w=np.sqrt(town.weight[of]))[0]

    few = k // 2 if quota else k
    sets = (list(rows) for n in range(1, k + 1) for rows in combinations(range(len(standing)), n))
    tried = [np.min([walks[row] for row in rows], axis=0) for rows in sets if (~deprived[standing][rows]).sum() <= few]
    now = slope(problem.now[of] / problem.mm_per_minute)
    best = max(0.0, now - min(map(slope, tried)))
    plan, plain = optimum(problem, k, objective="slope"), greedy(problem, k, objective="slope", swaps=False)
    assert plan.proved
    assert plan.value == pytest.approx(best, abs=1e-6)
    assert plain.value <= greedy(problem, k, objective="slope").value + 1e-9 <= plan.value + 2e-9
    sides = siting_slope.sides_of(problem, worth_of(problem, k, "slope"))
    assert siting_slope.bound(sides, [problem.candidates.index(name) for name in plan.chosen], k) >= best - 1e-9
