"""Where new sites should go, from the question to its words; what is claimed is checked by opening the sites."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.place import SAMPLE, Place
from geo.access import nearest
from geo.errors import InputError, RequestError
from geo.whole import whole
from layers.answers import new_sites, siting_aims
from layers.answers.question import Question, ground, serving_of


@pytest.fixture(scope="module")
def place():
    return Place.open(SAMPLE / "isle_of_wight")


@pytest.fixture(scope="module")
def island(place):
    question = Question(counting="full")
    on = ground(place, question.walker)
    return on, nearest(on.network, serving_of(place.centres(), question)), question


def ask(place, **asked):
    said = {"k": 2, "objective": "cover", "candidates": "closed,library", "time_limit_s": 20.0}
    return new_sites.answer_siting(place, Question(counting="full"), **said | asked)


def test_what_is_promised_comes_true(place, island):
    """Open the chosen sites, walk anew from every home, and count."""
    on, state, question = island
    found = ask(place)
    children = np.where(on.counted, on.origins["under5"].to_numpy(), 0.0)
    limit = on.network.cost_of(question.minutes)
    before = state.cost(on.counted_snaps)[0]
    for number, (name, row) in enumerate(new_sites.siting_table(found).iterrows(), start=1):
        state = state.with_site(f"new-{name}", row.geometry)
        after = state.cost(on.counted_snaps)[0]
        assert row["order"] == number
        assert row["within"] == whole(children[before > limit].sum()) - whole(children[after > limit].sum())
        both = on.counted & (before < np.iinfo(np.int32).max)
        saved = (children * (before.astype(float) - after))[both].sum() / (1000 * on.network.profile.metres_per_minute)
        assert row["minutes_saved"] == pytest.approx(saved, abs=1)


def test_a_downgraded_centre_can_be_full_again(place):
    """Counting full centres, the linked sites are candidates: where they stand something could be given back."""
    found = ask(place, candidates="closed", k=5)
    assert set(found.candidates.index) == {"20841", "21020", "21031", "23410", "23528"}
    assert set(found.candidates["kind"]) == {"linked"}, "a linked site has not closed"
    assert len(new_sites.siting_table(found)) == 5


def test_the_plan_in_words(place):
    found = ask(place, k=1)
    first, proof, *_ = new_sites.said(found)
    assert first.startswith("1 new site would bring ")
    assert "better (proved)" in proof
    assert "gives the same" in proof
    assert "; the aim was shortest total walking. " in new_sites.said(ask(place, objective="distance"))[1]


def test_fair_plans_equal_trying_every_pair(place):
    """All 1,953 pairs of 63 candidates: the most deprived fifth within reach, its minutes, and the longest walk."""
    asked = {"question": Question(), "k": 2, "candidates": "closed,library,community_centre", "time_limit_s": 20.0}
    found = new_sites.answer_siting(place, objective="deprived", **asked)
    problem, on = found.problem, ground(place, Question().walker)
    assert len(problem.candidates) == 63
    poor = (on.areas["imd_decile"].to_numpy()[on.homes.area] <= 2) & on.counted
    weight = on.origins["under5"].to_numpy()[poor]
    walk = np.tile(np.minimum(problem.now, problem.cap), (63, 1))
    walk[np.repeat(np.arange(63), np.diff(problem.first)), problem.home] = problem.cost
    one, other = np.triu_indices(63, 1)
    walks = np.minimum(walk[one], walk[other])
    now, both = problem.now[poor], walks[:, poor]
    within = (both <= problem.limit) @ weight - (now <= problem.limit) @ weight
    assert within.max() == pytest.approx(found.plan.value)
    assert found.plan.proved
    assert set(found.candidates.loc[list(found.plan.chosen), "name"]) == {
        "St Johns Church Community Centre",
        "Ventnor Social Club",
    }
    assert whole(within.max()) == 165
    assert "165 of those newly within reach live in England's most deprived fifth." in new_sites.said(found)
    by_need = new_sites.answer_siting(place, objective="equity", **asked)
    assert new_sites.deprived_within(problem, by_need.plan.chosen) == 154
    shortest = new_sites.answer_siting(place, objective="deprived_walk", **asked)
    saved = np.minimum(now, problem.cap) @ weight - (both @ weight).min()
    assert shortest.plan.proved
    assert shortest.plan.value == pytest.approx(saved / problem.mm_per_minute)
    farthest = new_sites.answer_siting(place, objective="farthest", **asked)
    reached = on.counted & (problem.weight > 0) & (problem.now < np.iinfo(np.int32).max)
    longest = walks[:, reached].max(axis=1).min()
    assert farthest.plan.proved
    assert new_sites.longest_km(problem, farthest.plan.chosen) == pytest.approx(np.ceil(longest / 10_000) / 100)
    assert new_sites.said(farthest)[1] == "The longest walk would be 9.21 km, down from 12.33 km."
    plans = siting_aims.plans_of(problem, 2, time_limit_s=20)
    table = siting_aims.aims_table(problem, found.candidates["name"], plans)
    mean = np.append(np.minimum(now, problem.cap) @ weight, (both @ weight).min()) / weight.sum()
    assert table.loc["today", "deprived_minutes"] == pytest.approx(mean[0] / problem.mm_per_minute, abs=0.06)
    assert table.loc["deprived_walk", "deprived_minutes"] == pytest.approx(mean[1] / problem.mm_per_minute, abs=0.06)
    assert table["longest_km"].min() == table.loc["farthest", "longest_km"] == 9.21
    assert (table["fewer"] == 500 - table["within"]).all()
    assert siting_aims.aims_said(table, "15 minutes")[0] == (
        "Compared with reaching most under-fives, putting England's most deprived fifth first would bring 165 rather "
        "than 107 of its under-fives within 15 minutes, and 253 rather than 500 of all."
    )


@pytest.mark.parametrize("known", [None, 0.0, np.nan])
def test_aims_where_nobody_is_known_to_be_deprived(place, known):
    found = ask(place, k=1, candidates="closed")
    deprived = None if known is None else np.full(len(found.problem.now), known)
    problem = replace(found.problem, deprived=deprived)
    table = siting_aims.aims_table(problem, found.candidates["name"], siting_aims.plans_of(problem, 1, time_limit_s=5))
    assert ("deprived" in table.index) == (known is not None)
    assert table["deprived_minutes"].isna().all(), "not known is not zero"
    first = siting_aims.aims_said(table, "15 minutes")[0]
    assert first == "Nobody here is known to live in England's most deprived fifth."


@pytest.mark.parametrize("kind", ["library", "community_centre", "school", "health_centre", "place_of_worship"])
def test_every_kind_of_venue_is_a_candidate(place, island, kind):
    found = new_sites.candidates_of(place, *island, [kind])
    assert set(found["kind"]) == {kind}
    assert found["name"].notna().all()
    assert (found.geometry.geom_type == "Point").all()


def test_kinds_are_joined_and_each_place_stands_once(place, island):
    alone = new_sites.candidates_of(place, *island, ["library"])
    both = new_sites.candidates_of(place, *island, ["library", "venues", "library"])
    assert both.index.is_unique
    assert set(alone.index) < set(both.index)


def test_street_corners(place, island):
    found = new_sites.candidates_of(place, *island, ["junctions"])
    assert 0 < len(found) <= 500
    assert found["name"].str.match(r"the street corner at \d+, \d+$").all()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"objective": "nicest"}, "unknown objective 'nicest'"),
        ({"candidates": "pubs"}, "unknown candidates 'pubs'"),
        ({"candidates": ""}, "we know of no"),
        ({"k": 99}, "99 new sites cannot be chosen"),
    ],
)
def test_what_makes_no_sense(place, asked, said):
    with pytest.raises(RequestError, match=said):
        ask(place, **asked)


def test_without_under_fives_nothing_is_claimed(place, monkeypatch):
    origins = place.origins().assign(under5=np.nan)
    monkeypatch.setattr(Place, "origins", lambda _: origins)
    with pytest.raises(InputError, match="under-fives"):
        ask(place)


@pytest.mark.parametrize("most", [0.0, 3.0, 8.0, 12.0, 95.0, 325.0, 824.9, 12_345.0])
def test_limits_rise_and_are_round(most):
    limits = new_sites.gain_limits(np.array([np.nan, 0.0, most]))
    assert len(limits) == 4
    assert list(limits) == sorted(set(limits))
    assert limits[0] > 0
    assert all(len(str(int(limit)).rstrip("0")) <= 2 for limit in limits)
