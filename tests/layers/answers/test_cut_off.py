"""Who is cut off on the bundled place, counted again by another way: SciPy's walks, shapely's lines home by home."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import shapely

from data.place import SAMPLE, Place
from layers.answers.cut_off import cut_off_of
from layers.answers.question import Question, answer
from tests.geo.by_scipy import Walks


def of(place):
    asked = answer(place, Question(day=date(2026, 6, 1)))
    return place, asked, cut_off_of(place, asked)


@pytest.fixture(scope="module")
def island():
    return of(Place.open(SAMPLE / "isle_of_wight"))


def test_the_same_children_by_scipy(island):
    compared_with_scipy(*island[1:])


@pytest.mark.full_size
def test_the_same_children_in_leeds(real_place):
    compared_with_scipy(*of(real_place("leeds-review"))[1:])


def compared_with_scipy(asked, found):
    on, sites = asked.ground, asked.sites
    by_scipy, children = Walks(on.network, on.snaps, sites), on.counted_children
    points, there = on.origins.geometry.to_numpy(), sites.geometry.to_numpy()
    straight = shapely.distance(points[:, None], there[None, :])
    site = straight.argmin(axis=1)
    home = np.flatnonzero(asked.ground.counted & (straight.min(axis=1) <= 1000))
    beyond = ~(on.network.minutes(by_scipy.to_nearest(np.arange(len(sites)))) <= 15)
    level = np.array([by_scipy.to_nearest(np.array([at])) for at in range(len(sites))])[site[home], home] / 1000
    # SciPy's walks are metres of level ground, longer where the ground is rough: one child in a hundred more
    cut = beyond[home] & ~(level < 2 * straight.min(axis=1)[home])
    assert found.table["under5"].sum() == pytest.approx(children[home[cut]].sum(), rel=0.01)


def test_a_row_can_be_read_aloud(island):
    place, _, found = island
    assert found.said[0].startswith("40 under-fives beyond 15 minutes live within 1,000 m of a children's centre")
    assert found.said[1] == (
        "1. Cowes Central (001E) to Cowes Children's Centre, across water: 970 m in a straight line, 14.0 km on foot; "
        "15 under-fives. The walk crosses it 5.7 km away, near The Quay, Little London."
    )
    railway = found.table[found.table["kind"] == "railway"].iloc[0]
    rails = place.backdrop().query("kind == 'railway'").geometry
    assert rails.intersects(railway.geometry).sum() == 1
