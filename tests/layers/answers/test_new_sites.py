"""Where new sites should go, from the question to its words; what is claimed is checked by opening the sites."""

from __future__ import annotations

import numpy as np
import pytest

from data.place import SAMPLE, Place
from geo.access import nearest
from geo.errors import InputError, RequestError
from geo.whole import whole
from layers.answers import new_sites, siting_words
from layers.answers.question import Question, ground, serving_of
from layers.answers.siting_ambition import Ambition


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
    first, proof, *_ = siting_words.said(found)
    assert first.startswith("1 new site would bring ")
    assert "better (proved)" in proof
    assert "gives the same" in proof
    assert "; the aim was shortest total walking. " in siting_words.said(ask(place, objective="distance"))[1]


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
        ({"ambition": ("age", 0.7)}, "unknown index 'age'; there are imd, idaci"),
        ({"ambition": ("imd", 1.5)}, "above 0 and up to 1, not 1.5"),
        ({"candidates": "pubs"}, "unknown candidates 'pubs'"),
        ({"candidates": ""}, "we know of no"),
        ({"k": 99}, "99 new sites cannot be chosen"),
    ],
)
def test_what_makes_no_sense(place, asked, said):
    with pytest.raises(RequestError, match=said):
        ask(place, **{name: Ambition(*value) if name == "ambition" else value for name, value in asked.items()})


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
