"""Against the answers of an independent program that follows the walk rules: both places, both profiles."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from layers.answers.question import Question, answer, ground

pytestmark = pytest.mark.real

LISTED = date(2026, 1, 30)
"""The day of the register: all listed centres serve, as none has a council's word against it."""


@pytest.fixture(scope="module")
def ask(real_place):
    """A function that answers a question about a place, whose ground is opened once for each profile."""
    opened = {}

    def asked(key, **question):
        place, question = real_place(key), Question(**{"day": LISTED} | question)
        if (key, question.profile) not in opened:
            opened[key, question.profile] = ground(place, question.walker)
        return answer(place, question, on=opened[key, question.profile])

    return asked


@pytest.mark.parametrize("key", ["isle-of-wight", "leeds"])
@pytest.mark.parametrize("profile", [pytest.param("adult", marks=pytest.mark.full_size), "buggy"])
def test_walks_agree_with_an_independent_program(key, profile, real, ask):
    expected = pd.read_csv(
        real / "expected" / f"{key}_{profile}_all_listed_centres.csv", dtype={"site_id": "str"}
    ).set_index("origin_id")
    found = ask(key, profile=profile, context=False)
    assert found.sites.geometry.notna().sum() == {"isle-of-wight": 8, "leeds": 41}[key]
    ours = found.reach.loc[expected.index]
    assert len(expected) == 200
    assert (ours["reached"] == expected["reached"]).all()
    walked = expected["reached"] == "yes"
    assert walked.sum() == {"isle-of-wight": 199, "leeds": 132}[key]
    assert (ours["minutes"] - expected["minutes"])[walked].abs().max() < 0.05
    assert (ours["snap_m"] - expected["snap_m"])[walked].abs().max() < 0.5
    other = walked & (ours["site_id"] != expected["site_id"])
    ties = ours["second_minutes"] - ours["minutes"] < 0.05
    assert not (other & ~ties).any()
    assert ours.loc[~walked, ["minutes", "metres", "site_id"]].isna().all(axis=None)


@pytest.mark.parametrize(("profile", "percent"), [("buggy", 23.9), ("adult", 32.9)])
def test_the_share_of_postcodes_within_fifteen_minutes(profile, percent, ask):
    found = ask("isle-of-wight", profile=profile).reach
    assert len(found) == 5128
    known = found["reached"] != "off_network"
    assert 5118 <= known.sum() <= 5119
    assert round((found.loc[known, "minutes"] <= 15).mean() * 100, 1) == percent


def test_neighbours_centres_only_ever_shorten_a_walk(ask):
    alone, together = (ask("leeds", context=context).reach["minutes"].fillna(1e9) for context in (False, True))
    assert (together <= alone).all()


def test_full_centres_alone_are_farther_than_with_linked_sites(ask):
    everything, full = (ask("isle-of-wight", statuses=statuses) for statuses in (("open", "linked"), ("open",)))
    assert (len(everything.sites), len(full.sites)) == (8, 3)
    gained = full.reach["minutes"].fillna(1e9) - everything.reach["minutes"].fillna(1e9)
    assert (gained >= 0).all()
    assert (gained > 5).sum() > 1000
    # five full centres became linked sites on 7 March 2016
    before, after = (
        ask("isle-of-wight", day=day, statuses=("open",)).sites.index.tolist()
        for day in (date(2016, 3, 6), date(2016, 3, 7))
    )
    assert (len(before), len(after)) == (8, 3)


def test_a_pram_is_never_faster_than_an_adult_but_where_it_joins_elsewhere(ask):
    adult, pram = (ask("isle-of-wight", profile=profile).reach for profile in ("adult", "buggy"))
    both = (adult["reached"] == "yes") & (pram["reached"] == "yes") & (adult["snap_m"] == pram["snap_m"])
    assert both.sum() > 4500
    # a home may join a path with an adult that leads the long way round; never from the same point
    slower = pram["minutes"][both] >= adult["minutes"][both] * 1.2 - 0.01
    assert slower.mean() > 0.999
