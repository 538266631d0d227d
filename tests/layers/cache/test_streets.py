"""What a map shows of every street: against walks of somebody who stands in its middle."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from data.place import SAMPLE, Place
from geo.access import reach_from
from layers import cache
from layers.answers.question import Question
from layers.maps.scene import NO_WAY, NOT_WALKED


@pytest.fixture(scope="module")
def island():
    return Place.open(SAMPLE / "isle_of_wight")


@pytest.fixture(scope="module")
def stood(island):
    """Minutes from the middles of 300 streets that both may walk, with a pram and alone; and which streets these are."""
    question, networks = Question(), [cache.places.ground(island, key).network for key in ("buggy", "adult")]
    both = np.intersect1d(*(network.row[network.joinable] for network in networks))
    rows = np.random.default_rng(11).choice(both, 300, replace=False)
    points = shapely.line_interpolate_point(island.segments().geometry.to_numpy()[rows], 0.5, normalized=True)
    sites, code = cache.answers.sites(island, question), pd.Series("E01017282", index=range(len(rows)))
    walks, own = [], np.ones(len(rows), bool)
    for network in networks:
        snaps = network.snap(points)
        own &= network.row[snaps.segment] == rows  # at a crossing the nearest street may be another
        walks.append(reach_from(network, snaps, code, sites)["minutes"].fillna(np.inf).to_numpy())
    return rows[own], walks[0][own], walks[1][own]


def test_minutes_rounded_up(island, stood):
    rows, pram, _ = stood
    said = np.frombuffer(cache.answers.street_walks(island, Question()), np.uint8)
    assert len(said) == len(island.segments())
    known = np.isfinite(pram) & (pram < 250)
    assert (
        np.abs(said[rows][known] - np.ceil(pram[known])) <= (np.abs(pram[known] - np.rint(pram[known])) < 0.02)
    ).all()
    assert (said[rows][np.isinf(pram)] == NO_WAY).all()


def test_how_much_longer_with_a_pram(island, stood):
    """Beyond an adult's way at the pram's pace: 4 in place of 4.8 km/h."""
    rows, pram, alone = stood
    said = np.frombuffer(cache.answers.pram_streets(island, Question()), np.uint8)[rows]
    with np.errstate(invalid="ignore"):
        more = np.maximum(pram - alone * 1.2, 0)
    known = np.isfinite(more) & (more < 250)
    assert known.sum() > 200
    assert (np.abs(said[known] - more[known]) <= 1.02).all()
    assert (said[known] >= more[known] - 0.02).all()
    assert (said[np.isinf(more)] == NO_WAY).all()
    assert (said[np.isnan(more)] == NOT_WALKED).all()
    assert cache.answers.pram_streets(island, Question(profile="adult")) == cache.answers.pram_streets(
        island, Question()
    )


def test_of_areas_as_well(island):
    pram, alone = (cache.answers.answer(island, Question(profile=key)).reach for key in ("buggy", "adult"))
    more = (pram["minutes"] - 1.2 * alone["minutes"]).clip(lower=0)
    children = island.origins()["under5"]
    table = cache.obstacles.penalty(island, Question(profile="adult")).table
    assert table["pram_more"].is_monotonic_decreasing
    for code in table.index[:3]:
        here = (pram["area_code"] == code) & more.notna()
        assert table.loc[code, "pram_more"] == pytest.approx(np.average(more[here], weights=children[here]), abs=0.01)
        assert table.loc[code, "under5_longer"] == pytest.approx(children[here & (more > 5)].sum(), abs=0.06)
    assert (table["under5_no_way"] == 0).all()
