"""What each aim of new sites would bring: on the bundled place, against trying all 1,953 pairs of 63 candidates."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from data.place import SAMPLE, Place
from geo import paths
from geo.siting import optimum
from geo.whole import whole
from layers.answers import new_sites, siting_aims, siting_ambition, siting_measures, siting_words
from layers.answers.question import Question, ground, sites_of
from layers.answers.siting_ambition import Ambition


@pytest.fixture(scope="module")
def pairs():
    """Every pair of candidates and the cost of each home's walk with it; children; the best plan by each aim."""
    place = Place.open(SAMPLE / "isle_of_wight")
    found = new_sites.answer_siting(
        place, Question(), k=2, objective="cover", candidates="closed,library,community_centre", time_limit_s=20.0
    )
    problem, on = found.problem, ground(place, Question().walker)
    assert len(problem.candidates) == 63
    walk = np.tile(np.minimum(problem.now, problem.cap), (63, 1))
    walk[np.repeat(np.arange(63), np.diff(problem.first)), problem.home] = problem.cost
    one, other = np.triu_indices(63, 1)
    return SimpleNamespace(
        found=found, problem=problem, on=on, sites=sites_of(place, Question()), one=one, other=other,
        walks=np.minimum(walk[one], walk[other]), weight=np.where(on.counted, on.origins["under5"].to_numpy(), 0.0),
        plans=siting_aims.plans_of(problem, 2, time_limit_s=20),
    )  # fmt: skip


@pytest.fixture(scope="module")
def table(pairs):
    return siting_aims.aims_table(pairs.problem, pairs.found.candidates["name"], pairs.plans)


def test_the_most_deprived_fifth(pairs, table):
    problem, weight = pairs.problem, pairs.weight
    poor = (pairs.on.areas["imd_decile"].to_numpy()[pairs.on.homes.area] <= 2) & pairs.on.counted
    now, both, children = problem.now[poor], pairs.walks[:, poor], weight[poor]
    within = (both <= problem.limit) @ children - (now <= problem.limit) @ children
    first, shortest = pairs.plans["deprived"], pairs.plans["deprived_walk"]
    assert first.proved
    assert within.max() == pytest.approx(first.value)
    assert table.loc["deprived", "sites"] == "St Johns Church Community Centre; Ventnor Social Club"
    assert whole(within.max()) == table.loc["deprived", "deprived_within"] == 165
    assert table.loc["equity", "deprived_within"] == 154
    saved = np.minimum(now, problem.cap) @ children - (both @ children).min()
    assert shortest.proved
    assert shortest.value == pytest.approx(saved / problem.mm_per_minute)
    mean = np.append(np.minimum(now, problem.cap) @ children, (both @ children).min()) / children.sum()
    assert table.loc["today", "deprived_minutes"] == pytest.approx(mean[0] / problem.mm_per_minute, abs=0.06)
    assert table.loc["deprived_walk", "deprived_minutes"] == pytest.approx(mean[1] / problem.mm_per_minute, abs=0.06)
    assert siting_words.said(replace(pairs.found, plan=first))[1] == (
        "165 of those newly within reach live in England's most deprived fifth."
    )
    assert siting_aims.aims_said(table, "15 minutes")[0] == (
        "Compared with reaching most under-fives, putting England's most deprived fifth first would bring 165 rather "
        "than 107 of its under-fives within 15 minutes, and 253 rather than 500 of all."
    )


def test_the_longest_walk(pairs, table):
    counted = (pairs.weight > 0) & (pairs.problem.now < paths.FAR)
    longest = pairs.walks[:, counted].max(axis=1).min()
    assert pairs.plans["farthest"].proved
    assert table.loc["farthest", "longest_km"] == table["longest_km"].min() == np.ceil(longest / 10_000) / 100 == 9.21
    assert siting_words.said(replace(pairs.found, plan=pairs.plans["farthest"]))[1] == (
        "The longest walk would be 9.21 km, down from 12.33 km."
    )


def test_the_slope_and_the_price_of_fairness(pairs, table):
    problem = pairs.problem
    of = (pairs.weight > 0) & (problem.now < paths.FAR)
    rank = problem.rank[of] - pairs.weight[of] @ problem.rank[of] / pairs.weight[of].sum()
    slopes = pairs.walks[:, of] @ (pairs.weight[of] * rank) / (pairs.weight[of] @ rank**2) / problem.mm_per_minute
    assert pairs.plans["slope"].proved
    assert table.loc["slope", "slope"] == table["slope"].min() == round(slopes.min(), 1) == -27.1
    assert table.loc["today", "slope"] == -24.2, "as `cli.py fairness` says"
    assert siting_words.said(replace(pairs.found, plan=pairs.plans["slope"]))[1] == (
        "At the most deprived end walks would be 27.1 minutes shorter than at the least deprived; now they are 24.2 "
        "minutes shorter."
    )
    assert (table["fewer"] == 500 - table["within"]).all()
    assert table.index[siting_aims.unbeaten(table)].tolist() == ["cover", "equity", "deprived_walk", "slope"]
    assert siting_aims.price_said(table, "15 minutes").endswith(
        "2.9 minutes more than at the least deprived, and brings 287 under-fives within 15 minutes where 500 could be: "
        "213 fewer (43%)."
    )


@pytest.mark.parametrize(
    ("index", "reached", "said"),
    [
        ("imd", 469, "7 of 10 sites (70%) would then stand in the 30% most deprived neighbourhoods of England, now 5"),
        (
            "idaci",
            469,
            "6 of 10 sites (60%) would then stand in the 30% most deprived neighbourhoods of England, now 4",
        ),
    ],
)
def test_most_sites_where_deprivation_is_greatest(pairs, index, reached, said):
    """Two more in the most deprived areas make 7 of 10 by the one index; by the other no two are enough."""
    candidates, areas = pairs.found.candidates, pairs.on.areas
    poorest = areas.loc[areas[f"{index}_decile"] <= 3].union_all()
    there = candidates.within(poorest).to_numpy()
    near = (pairs.walks <= pairs.problem.limit) @ pairs.weight
    best = near[there[pairs.one] & there[pairs.other]].max() - (pairs.problem.now <= pairs.problem.limit) @ pairs.weight
    quota = siting_ambition.quota_of(areas, pairs.sites, candidates, Ambition(index))
    problem = replace(pairs.problem, quota=quota)
    plan = optimum(problem, 2, objective="cover", time_limit_s=20)
    assert plan.proved
    assert plan.value == pytest.approx(best)
    assert siting_measures.brought_within(problem, plan.chosen) == reached
    words = siting_ambition.said(problem, plan, Ambition(index), pairs.plans["cover"])
    assert said in words
    assert ("still short of 70%" in words) == (index == "idaci")
    assert words.endswith("Without that condition the best plan would bring 31 more under-fives within reach.")


@pytest.mark.parametrize("known", [None, 0.0, np.nan])
def test_where_nobody_is_known_to_be_deprived(pairs, known):
    deprived = None if known is None else np.full(len(pairs.problem.now), known)
    problem = replace(pairs.problem, deprived=deprived, rank=None)
    names = pairs.found.candidates["name"]
    table = siting_aims.aims_table(problem, names, siting_aims.plans_of(problem, 1, time_limit_s=5))
    assert ("deprived" in table.index) == (known is not None)
    assert table["deprived_minutes"].isna().all(), "not known is not zero"
    first, *_, last = siting_aims.aims_said(table, "15 minutes")
    assert first == "Nobody here is known to live in England's most deprived fifth."
    assert last == "How fairly walks fall is not known here, as no neighbourhood's deprivation is."
