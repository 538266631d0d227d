"""How long people wait for new sites, in Leeds. Figures to read, not to pass; the official files are needed.

SciPy's figures are of a part of the work, named by the test, for the whole would take minutes: multiply.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from geo.access import nearest
from geo.opportunity import junction_candidates, junction_points, opportunity
from geo.profiles import BUGGY
from geo.siting import greedy, optimum, trade_off
from geo.siting_problem import siting_problem

MINUTES = 15


@pytest.fixture(scope="module")
def leeds(real_place):
    """Streets, homes and centres, and the 500 candidates that the surface gives."""
    place = real_place("leeds")
    network, origins, centres = place.network(BUGGY), place.origins(), place.centres()
    snaps, state = network.snap(origins.geometry.to_numpy()), nearest(network, centres)
    case = SimpleNamespace(
        network=network, snaps=snaps, state=state, cost=state.cost(snaps)[0], centres=centres,
        weight=origins["under5"].fillna(0).to_numpy(),
    )  # fmt: skip
    case.candidates = junction_candidates(network, surface(case))
    case.problem = problem(case)
    return case


def surface(case):
    return opportunity(case.network, case.snaps, cost=case.cost, weight=case.weight, minutes=MINUTES)


def problem(case):
    return siting_problem(case.state, case.snaps, case.candidates, weight=case.weight, minutes=MINUTES)


def scipy_graph(network):
    """The segments that can be passed through, once for each pair of junctions."""
    through = network.start_open & network.end_open
    pairs = np.sort(np.column_stack([network.start, network.end])[through], axis=1)
    edges = pd.DataFrame({"a": pairs[:, 0], "b": pairs[:, 1], "cost": network.cost[through].astype(float)})
    edges = edges.groupby(["a", "b"], as_index=False)["cost"].min()
    return sp.coo_matrix((edges["cost"], (edges["a"], edges["b"])), shape=(network.junctions,) * 2).tocsr()


SURFACE = "the opportunity surface of Leeds, 8,035 homes beyond 15 minutes, 53,575 junctions"


@pytest.mark.benchmark(group=SURFACE)
def test_surface(benchmark, leeds):
    benchmark(lambda: surface(leeds))


@pytest.mark.benchmark(group=SURFACE)
def test_surface_by_scipy_from_400_of_the_homes(benchmark, leeds):
    """The same idea with SciPy's bounded search, both ends of each home's street."""
    graph, limit = scipy_graph(leeds.network), leeds.network.cost_of(MINUTES)
    homes = np.flatnonzero((leeds.cost > limit) & leeds.snaps.on_network)[:400]
    s, along, leg = (values[homes] for values in leeds.snaps[:1] + leeds.snaps[1:2] + leeds.snaps[3:4])

    def work():
        total = np.zeros(leeds.network.junctions)
        for n in range(0, len(homes), 50):
            run = slice(n, n + 50)
            from_start, from_end = (
                dijkstra(graph, directed=False, indices=ends[s[run]], limit=limit)
                for ends in (leeds.network.start, leeds.network.end)
            )
            walk = np.minimum(
                from_start + (leg + along)[run, None], from_end + (leg + leeds.network.cost[s] - along)[run, None]
            )
            total += leeds.weight[homes[run]] @ (walk <= limit)
        return total

    benchmark.pedantic(work, rounds=3)


@pytest.mark.benchmark(group=SURFACE)
def test_surface_by_scipy_anew_for_20_of_the_junctions(benchmark, leeds):
    """Without any idea: all walks again, for each junction."""
    graph, network = scipy_graph(leeds.network), leeds.network
    ends = network.start[network.doors(leeds.centres.geometry.to_numpy()).segment]
    some = np.flatnonzero([point is not None for point in junction_points(network)])[:20]
    benchmark.pedantic(
        lambda: [dijkstra(graph, directed=False, indices=[*ends, one], min_only=True) for one in some], rounds=3
    )


@pytest.mark.benchmark(group=SURFACE)
def test_candidates_from_the_surface(benchmark, leeds):
    values = surface(leeds)
    benchmark(lambda: junction_candidates(leeds.network, values))


PROBLEM = "whose walk each of 500 candidates would shorten, in Leeds"


@pytest.mark.benchmark(group=PROBLEM)
def test_problem(benchmark, leeds):
    benchmark(lambda: problem(leeds))


@pytest.mark.benchmark(group=PROBLEM)
def test_problem_by_opening_a_site_at_20_of_them(benchmark, leeds):
    points = leeds.candidates.geometry.iloc[:20]
    benchmark.pedantic(lambda: [leeds.state.with_site("new", one).cost(leeds.snaps) for one in points], rounds=3)


@pytest.mark.benchmark(group=PROBLEM)
def test_problem_by_scipy_anew_for_20_of_them(benchmark, leeds):
    """From the junctions only; the homes' own legs left out."""
    graph, network = scipy_graph(leeds.network), leeds.network
    ends = network.start[network.doors(leeds.centres.geometry.to_numpy()).segment]
    some = leeds.candidates.index[:20].str[1:].astype(int)
    benchmark.pedantic(
        lambda: [dijkstra(graph, directed=False, indices=[*ends, one], min_only=True) for one in some], rounds=3
    )


CHOICE = "the best 3 of 500 candidates, in Leeds"


@pytest.mark.benchmark(group=CHOICE)
@pytest.mark.parametrize("objective", ["cover", "distance"])
def test_greedy(benchmark, leeds, objective):
    benchmark(lambda: greedy(leeds.problem, 3, objective=objective))


@pytest.mark.benchmark(group=CHOICE)
@pytest.mark.parametrize("objective", ["cover", "distance"])
def test_optimum(benchmark, leeds, objective):
    plan = benchmark(lambda: optimum(leeds.problem, 3, objective=objective))
    benchmark.extra_info |= {"value": plan.value, "proved": plan.proved, "method": plan.method}


@pytest.mark.long
@pytest.mark.benchmark(group=CHOICE)
def test_optimum_by_spopt_and_highs_without_reductions(benchmark, leeds):
    """spopt's model of all candidates; homes met by the same candidates are merged all the same."""
    plan = benchmark.pedantic(lambda: optimum(leeds.problem, 3, reduce=False, time_limit_s=120), rounds=1)
    benchmark.extra_info |= {"value": plan.value, "proved": plan.proved, "method": plan.method}


@pytest.mark.benchmark(group="one to five new sites, in Leeds")
@pytest.mark.parametrize("objective", ["cover", "distance"])
def test_trade_off(benchmark, leeds, objective):
    benchmark.pedantic(lambda: trade_off(leeds.problem, objective=objective), rounds=3)
