"""Where new sites should go: by hand, against trying every set, against another model, and walked anew."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo.siting
from geo import paths, siting_bounds
from geo.errors import RequestError
from geo.opportunity import junction_candidates
from geo.siting import greedy, optimum, trade_off
from geo.siting_problem import OBJECTIVES, SitingProblem, worth_of
from geo.siting_quota import Quota
from tests.geo.towns import (
    HIGH,
    STREET,
    WAYS,
    anew,
    case_of,
    compared_with_walking_anew,
    high_street,
    place_case,
    problem_of,
    random_town,
)  # fmt: skip


@pytest.fixture
def high(town, at):
    return high_street(town, at)


@pytest.fixture(scope="module")
def grids(draw, lattice):
    return lambda seed, **more: random_town((draw, lattice), seed, **more)


class TestByHand:
    def test_cover(self, high):
        problem = problem_of(high)
        assert problem.today("cover") == 60
        one, two = (optimum(problem, k) for k in (1, 2))
        assert (one.chosen, one.totals, one.proved) == (("east",), (50,), True)
        assert (two.chosen, two.totals) == (("east", "west"), (50, 60))
        three = optimum(problem, 3)
        assert (three.chosen, three.value, three.proved) == (two.chosen, 60, True)
        assert three.reason == "another site among these candidates would bring no more families within reach"

    def test_distance(self, high):
        problem = problem_of(high)
        # now 500, 1500, 2500, 3500 m; from the middle 500 for b and c, 1500 for d; from the east 500 for c and d
        assert problem.today("distance") * 1000 / 15 == pytest.approx(
            5 * 500 + 10 * 1500 + 20 * 2500 + 30 * 3500, rel=4e-3
        )
        plan = optimum(problem, 1, objective="distance")
        assert plan.chosen == ("east",)
        assert plan.value * 1000 / 15 == pytest.approx(20 * 2000 + 30 * 3000, rel=4e-3)  # to b it is as far as before
        plan = optimum(problem, 2, objective="distance")
        assert plan.chosen == ("east", "west")
        assert plan.value * 1000 / 15 == pytest.approx(20 * 2000 + 30 * 3000 + 10 * 1000, rel=4e-3)

    def test_equity_is_cover_with_need_as_weight(self, high):
        problem = problem_of(high, need=[0, 100, np.nan, 1])
        plan = optimum(problem, 1, objective="equity")
        assert (plan.chosen, plan.value) == (("middle",), 10 * 1.0 + 20 * 0.5)
        with pytest.raises(RequestError, match="need was not given"):
            optimum(problem_of(high), 1, objective="equity")

    def test_only_the_most_deprived_fifth(self, high):
        problem = problem_of(high, deprived=[1, 1, np.nan, 0])
        plan = optimum(problem, 2, objective="deprived")
        assert (plan.chosen, plan.totals, plan.proved) == (("west",), (10,), True)  # c is not known to be of the fifth
        assert plan.reason.endswith("would bring no more families within reach in the most deprived fifth")
        nobody = optimum(problem_of(high, deprived=[1, 0, 0, 0]), 1, objective="deprived")
        assert nobody.reason == "nobody known to live in the most deprived fifth lives beyond the threshold"
        with pytest.raises(RequestError, match="goes by deprivation, which is not known"):
            optimum(problem_of(high), 1, objective="deprived_walk")

    def test_a_home_without_a_way_counts_as_the_longest_walk(self, town, at):
        network = town(HIGH | {"x": (0, 9000), "y": (5000, 9000)}, [*WAYS, (("x", "y"), STREET)])
        homes = at({"far": (3000, 0), "cut off": (100, 9000), "off": (0, 4000)})
        places = at({"near": (600, 9000), "there": (4600, 9000)})
        case = case_of(network, homes, at({"s": (0, 0)}), [1, 2, 4], places)
        problem = problem_of(case)
        assert (problem.without_a_way, problem.off_the_streets) == (2, 4)
        assert problem.cap_minutes == pytest.approx(4500 * 15 / 1000, rel=4e-3)  # what the farther candidate offers
        assert problem.today("distance") == pytest.approx((3000 + 2 * 4500) * 15 / 1000, rel=4e-3)
        assert greedy(problem, 1, objective="distance").value == pytest.approx(2 * 4000 * 15 / 1000, rel=4e-3)
        assert problem.today("cover") == 3

    def test_ties_go_to_the_earlier_candidate(self, high, at):
        twins = at({"z": (3000, 0), "a": (3000, 0), "b": (1000, 0), "c": (1000, 0)})
        assert greedy(problem_of(high, twins), 2).chosen == optimum(problem_of(high, twins), 2).chosen == ("z", "b")

    def test_who_lives_near_or_cannot_be_helped_is_said(self, high, at):
        near = optimum(problem_of(high, minutes=120), 2)
        assert (near.chosen, near.value, near.bound, near.proved) == ((), 0, 0, True)
        assert near.reason == "nobody lives beyond the threshold"
        vain = greedy(problem_of(high, at({"v": (100, 0)}), minutes=1), 1)
        assert vain.reason == "any site among these candidates would bring no more families within reach"
        here = greedy(problem_of(high, at({"v": (0, 0)})), 1, objective="distance")
        assert here.reason == "any site among these candidates would shorten no walk"

    def test_requests_that_make_no_sense(self, high, at):
        problem = problem_of(high, pd.concat([high.places, at({"hill": (0, 9000)})]).rename_axis("id"))
        for k in (0, -1, 5):
            with pytest.raises(RequestError, match=rf"{k} new sites .* from 4 candidates \(off the streets: hill\)"):
                greedy(problem, k)
        with pytest.raises(RequestError, match="unknown objective 'best'; there are cover, distance, equity, deprived"):
            optimum(problem, 1, objective="best")
        with pytest.raises(RequestError, match="time limit of 0 s"):
            optimum(problem, 1, time_limit_s=0)
        with pytest.raises(RequestError, match="6 new sites"):
            trade_off(problem, ks=[6])


def synthetic(value, quota=None):
    """A problem of nothing but what candidates (rows) give homes (columns), as minutes saved; each home weighs 1."""
    value = np.asarray(value, float)
    candidate, home = np.nonzero(value > 0)
    cost = (100 - value[candidate, home]) * 1000
    return SitingProblem(
        candidates=tuple(f"c{i}" for i in range(len(value))), off_streets=(), weight=np.ones(value.shape[1]),
        first=np.searchsorted(candidate, np.arange(len(value) + 1)), home=home, cost=np.round(cost).astype(np.int64),
        now=np.full(value.shape[1], 100_000, np.int32), on_network=np.ones(value.shape[1], bool),
        need=None, deprived=None, limit=99_999, cap=100_000, mm_per_minute=1000.0, quota=quota,
    )  # fmt: skip


def quota_of(share, sites, deprived):
    """Half of today's sites stand in the most deprived areas."""
    return Quota(share=share, sites=sites, there=sites // 2, deprived=deprived)


def best_of_all(value, k, allowed=lambda _: True):
    """By trying every set."""
    sets = filter(allowed, (list(rows) for n in range(1, k + 1) for rows in combinations(range(len(value)), n)))
    return max((value[rows].max(axis=0).sum() for rows in sets), default=0.0)


@st.composite
def values(draw):
    rows, columns = draw(st.integers(2, 9)), draw(st.integers(1, 14))
    cells = st.sampled_from([0, 0, 0, 1, 2, 2.5, 7]) | st.floats(0, 9).map(lambda x: round(x, 3))
    drawn = draw(st.lists(cells, min_size=rows * columns, max_size=rows * columns))
    return np.array(drawn, float).reshape(rows, columns)


TRIANGLES = np.kron(np.eye(2), 1 - np.eye(3))  # any two of three do all of three: half of each does too, but for less


class TestOptimum:
    @given(value=values(), k=st.integers(1, 4), data=st.data())
    def test_equals_trying_every_set(self, value, k, data):
        """Of those, too, that keep to a share of all sites in the most deprived areas, or come as near as can be."""
        k = min(k, len(value))
        deprived = np.array(data.draw(st.lists(st.booleans(), min_size=len(value), max_size=len(value))))
        sites = data.draw(st.integers(0, 6))
        quota = data.draw(st.none() | st.floats(0, 1).map(lambda share: quota_of(share, sites, deprived)))
        problem = synthetic(value, quota)
        enough = [n for n in range(k + 1) if sites // 2 + k - n >= (quota.share if quota else 0) * (sites + k) - 1e-9]
        few = max(enough, default=0)  # as many may stand elsewhere
        best = best_of_all(value, k, lambda rows: (~deprived[rows]).sum() <= few)
        plain, quick = (greedy(problem, k, objective="distance", swaps=swaps) for swaps in (False, True))
        plan = optimum(problem, k, objective="distance")
        assert plan.proved
        assert plan.value == pytest.approx(best, abs=1e-6) == plan.bound
        assert (0.5 if quota else 1 - 1 / np.e) * best - 1e-6 <= plain.value <= quick.value + 1e-9 <= best + 1e-6
        for each in (plain, quick, plan):
            assert each.bound >= best - 1e-6
            assert not each.proved or each.value == pytest.approx(best, abs=1e-6)
            rows = [problem.candidates.index(name) for name in each.chosen]
            given_by = [value[rows[: n + 1]].max(axis=0).sum() for n in range(len(rows))]
            np.testing.assert_allclose(each.totals, given_by, atol=1e-6)
            assert (np.diff([0, *each.totals]) > 0).all()
            assert (len(rows) == k) == (each.reason == "")
            assert (~deprived[rows]).sum() <= few

    @given(value=values(), k=st.integers(1, 4), data=st.data())
    def test_prices_drop_no_candidate_of_a_plan_as_good_as_the_one_to_beat(self, value, k, data):
        k = min(k, len(value))
        beat = data.draw(st.permutations(range(len(value))))[:k]
        worth = worth_of(synthetic(value), k, "distance")
        bound, keep = siting_bounds.priced_bound(worth, beat, k, until=np.inf)
        floor = value[beat].max(axis=0).sum()
        assert bound >= best_of_all(value, k) - 1e-6
        for rows in map(list, combinations(range(len(value)), k)):
            if value[rows].max(axis=0).sum() > floor + 1e-6:
                assert keep[rows].all()

    @given(value=values(), k=st.integers(1, 3))
    def test_demands_are_worth_what_the_homes_are_whatever_is_chosen(self, value, k):
        demands = siting_bounds.demands_of(worth_of(synthetic(value), 1, "distance"))
        met = np.unpackbits(demands.met, axis=1, count=len(demands.candidates)).astype(bool)
        assert len(np.unique(met, axis=0)) == len(met)
        for rows in map(list, combinations(range(len(value)), min(k, len(value)))):
            given_by = demands.weight @ met[:, np.isin(demands.candidates, rows)].any(axis=1)
            assert given_by == pytest.approx(value[rows].max(axis=0).sum(), abs=1e-6)

    @pytest.mark.parametrize("seed", range(6))
    def test_the_solver_needs_no_plan_to_start_from(self, seed):
        rng = np.random.default_rng(seed)
        value = np.round(rng.uniform(0, 9, (10, 30)) * (rng.random((10, 30)) < 0.3), 3)
        worth = worth_of(synthetic(value), 3, "distance")
        found, bound = siting_bounds.solved(siting_bounds.demands_of(worth), 3, until=np.inf)
        assert len(found) == 3
        assert value[found].max(axis=0).sum() == pytest.approx(best_of_all(value, 3), abs=1e-6)
        assert bound == pytest.approx(best_of_all(value, 3), abs=1e-6)

    @pytest.mark.parametrize("seed", range(3))
    @pytest.mark.parametrize("reduce", [True, False])
    def test_equals_trying_every_set_on_the_streets(self, grids, seed, reduce):
        town = grids(seed)
        problem = problem_of(town, minutes=6, need=town.need, deprived=town.deprived)
        limit, now = town.network.cost_of(6), problem.now
        standing = [n for n, name in enumerate(problem.candidates) if name not in problem.off_streets]
        walks = np.array([anew(town, town.places.geometry.iloc[n]) for n in standing])
        on = town.snaps.on_network
        offered = walks[:, on & (now == paths.FAR)]
        cap = max(now[on & (now < paths.FAR)].max(), offered[offered < paths.FAR].max(initial=0))
        saved = on * (np.minimum(now, cap) - np.minimum(walks, np.minimum(now, cap))) / (1000 * 4000 / 60)
        reached = on & (now > limit) & (walks <= limit)
        gives = {"distance": saved, "cover": reached, "equity": reached * town.need / 100}
        gives |= {"deprived": reached * (town.deprived == 1), "deprived_walk": saved * (town.deprived == 1)}
        for objective, k in [(objective, k) for objective in gives for k in (1, 2, 3)]:
            plan = optimum(problem, k, objective=objective, reduce=reduce)
            assert plan.value == pytest.approx(best_of_all(gives[objective] * town.weight, k), rel=1e-9)
            assert plan.proved
            assert plan.method == "spopt and HiGHS" or reduce

    @pytest.mark.parametrize("seed", range(2))
    def test_equals_the_p_median_of_spopt_with_what_there_is_as_a_facility(self, seed, recwarn):
        import pulp
        from spopt.locate import PMedian

        rng = np.random.default_rng(seed)
        value = np.round(rng.uniform(0, 50, (9, 25)) * (rng.random((9, 25)) < 0.4), 3)
        walks = np.vstack([np.full(25, 100.0), 100 - value]).T
        model = PMedian.from_cost_matrix(walks, np.ones(25), 4, predefined_facilities_arr=np.array([1] + 9 * [0]))
        model.solve(pulp.HiGHS(msg=False, gapRel=0), results=False)
        recwarn.clear()  # of PuLP, on how spopt makes its variables
        plan = optimum(synthetic(value), 3, objective="distance", reduce=False)
        assert 25 * 100 - plan.value == pytest.approx(pulp.value(model.problem.objective), abs=1e-6)

    def test_the_solver_finds_what_prices_cannot_prove_and_is_quiet(self, capfd):
        plan = optimum(synthetic(TRIANGLES), 3, objective="distance")
        assert (plan.value, plan.bound, plan.proved, plan.method) == (5, 5, True, "spopt and HiGHS")
        assert plan.chosen == ("c0", "c3", "c1")
        assert capfd.readouterr() == ("", "")

    def test_a_plan_that_is_not_proved_says_how_far_off_it_may_be(self, monkeypatch):
        problem = synthetic(TRIANGLES)
        plan = optimum(problem, 3, objective="distance", time_limit_s=1e-9)
        assert (plan.value, plan.bound, plan.proved) == (5, 6, False)
        assert plan.short_by == pytest.approx(1 / 6)
        assert plan.method == "greedy and swaps; too much for the solver in the time"
        monkeypatch.setattr(geo.siting, "solved", lambda *args, until: ([], np.inf))  # ran out of time without a plan
        plan = optimum(problem, 3, objective="distance")
        assert (plan.value, plan.bound, plan.proved) == (5, 6, False)

    def test_a_solver_out_of_time_leaves_its_bound(self, monkeypatch):
        import highspy
        import pulp

        class Stopped(pulp.HiGHS):
            def actualSolve(self, lp):  # noqa: N802 (PuLP's name)
                status = super().actualSolve(lp)
                lp.solverModel = SimpleNamespace(
                    getModelStatus=lambda: highspy.HighsModelStatus.kTimeLimit,
                    getInfo=lambda: SimpleNamespace(mip_dual_bound=-5.5),
                )
                return status

        monkeypatch.setattr(pulp, "HiGHS", Stopped)
        plan = optimum(synthetic(TRIANGLES), 3, objective="distance")
        assert (plan.value, plan.bound, plan.proved, plan.method) == (5, 5.5, False, "spopt and HiGHS")
        monkeypatch.setattr(pulp, "HiGHS", lambda **options: Stopped(**options | {"timeLimit": 0.0}))
        plan = optimum(synthetic(TRIANGLES), 3, objective="distance")
        assert (plan.value, plan.bound, plan.proved) == (5, 6, False)

    def test_swaps_and_the_optimum_mend_what_greedy_spoils(self):
        value = [[2, 2.1, 0, 0], [0, 0, 2.1, 2], [0, 2.1, 2.1, 0]]
        plain, quick = (greedy(synthetic(value), 2, objective="distance", swaps=swaps) for swaps in (False, True))
        assert (plain.chosen, plain.value) == (("c2", "c0"), pytest.approx(6.2))
        assert (quick.chosen, quick.value) == (("c0", "c1"), pytest.approx(8.2))
        assert optimum(synthetic(value), 2, objective="distance").chosen == ("c0", "c1")

    def test_the_optimum_finds_what_no_single_exchange_leads_to(self):
        homes = [(2, 3), (0, 2, 6), (0, 4, 6), (2, 3, 5, 6), (2, 3, 4, 6), (0, 1, 5, 6)]  # the last two make seven
        value = [[float(home in of) for home in range(7)] for of in homes]
        quick = greedy(synthetic(value), 2, objective="distance")
        assert (quick.chosen, quick.value, quick.proved) == (("c3", "c2"), 6, False)
        plan = optimum(synthetic(value), 2, objective="distance")
        assert (plan.chosen, plan.value, plan.proved, plan.method) == (("c4", "c5"), 7, True, "spopt and HiGHS")

    def test_equally_good_plans(self):
        value = [[1, 0, 0], [1, 1, 0], [0, 1, 1]]
        plan = optimum(synthetic(value), 2, objective="distance")
        assert plan.chosen == greedy(synthetic(value), 2, objective="distance", swaps=False).chosen == ("c1", "c2")
        worth = worth_of(synthetic(value), 2, "distance")  # of what the solver happens to find
        assert sorted(geo.siting._settled(worth, [1, 2])) == [0, 2]

    def test_sites_that_are_there_stay(self, grids):
        town = grids(3)
        for objective in ("cover", "distance"):
            problem = problem_of(town, minutes=6)
            plan = optimum(problem, 3, objective=objective)
            after = anew(town, *(town.places.geometry[name] for name in plan.chosen))
            assert (after <= problem.now).all()
            weight = town.weight * town.snaps.on_network
            if objective == "cover":
                left = weight[after > problem.limit].sum()
            else:
                left = weight @ (np.minimum(after, problem.cap) / problem.mm_per_minute)
            assert problem.today(objective) - left == pytest.approx(plan.value, rel=1e-9)


class TestTradeOff:
    @pytest.mark.parametrize("objective", OBJECTIVES)
    def test_more_sites_never_give_less(self, grids, objective):
        town = grids(5, places=14)
        problem = problem_of(town, minutes=6, need=town.need, deprived=town.deprived, rank=town.need / 100)
        problem = replace(problem, quota=quota_of(0.6, 3, town.need[:14] > 50))
        table = trade_off(problem, objective=objective)
        assert table.index.tolist() == [1, 2, 3, 4, 5]
        assert (np.diff(table["value"]) >= 0).all()
        assert (table["greedy_value"] <= table["value"] * (1 + 1e-9)).all()
        assert table["proved"].all()
        assert all(len(sites) == k or table["reason"][k] for k, sites in table["sites"].items())

    def test_it_holds_even_without_time_for_a_proof(self, monkeypatch):
        monkeypatch.setattr(geo.siting, "_greedy", poor(geo.siting._greedy))
        monkeypatch.setattr(geo.siting, "_swapped", lambda worth, chosen: chosen)
        rng = np.random.default_rng(0)
        table = trade_off(synthetic(rng.random((12, 9)) ** 3), ks=range(1, 9), objective="distance", time_limit_s=1e-9)
        assert not table["proved"].all()
        assert (np.diff(table["value"]) >= 0).all()

    def test_no_more_than_there_are(self, high):
        assert trade_off(problem_of(high), ks=[3, 4, 9, 1]).index.tolist() == [1, 3, 4]


def poor(real):
    """A greedy search that begins anywhere."""

    def other(worth, k, *, start=(), among=None):
        if among is None and not start:
            start = np.random.default_rng(k).permutation(worth.candidates)[:k].tolist()
        return real(worth, k, start=start, among=among)

    return other


@pytest.mark.full_size
@pytest.mark.real
def test_leeds(real_place):
    leeds = place_case(real_place("leeds"))
    surface = compared_with_walking_anew(leeds, sample=25)
    problem = problem_of(leeds, junction_candidates(leeds.network, surface))
    assert len(problem.candidates) == 500
    assert greedy(problem, 1).value == pytest.approx(np.nanmax(surface))
    for objective in ("cover", "distance"):
        table = trade_off(problem, objective=objective, ks=(1, 3, 5))
        assert (table["greedy_value"] <= table["value"] * (1 + 1e-9)).all()
        assert table["proved"].all()
