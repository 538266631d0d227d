"""Whether streets reach the edges: a square authority worked by hand, and the island with its streets cut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from data.build.coverage import EIGHTHS, coverage_of, covered
from data.place import find_place
from layers.answers import coverage
from layers.answers.question import Question, answer, unreached

SQUARE = shapely.box(10_000, 10_000, 20_000, 20_000)
EVERYWHERE = shapely.box(0, 0, 30_000, 30_000)


def streets(west, east):
    """A street every 500 m from south to north."""
    return shapely.linestrings([[(x, 0), (x, 30_000)] for x in range(west, east + 1, 500)])


def test_nothing_is_missing_where_streets_go_on():
    found = covered(streets(0, 30_000), SQUARE, EVERYWHERE, width_m=3_000)
    assert (found.inside, found.beyond, len(found.unmapped)) == (1, 1, 0)
    assert set(found.around.values()) == set(found.edge.values()) == {1}


def test_streets_cut_at_the_boundary_are_missing_on_that_side():
    found = covered(streets(0, 20_000), SQUARE, EVERYWHERE, width_m=3_000)
    assert found.inside == 1
    assert found.around["east"] < 0.05  # the boundary itself is a street
    assert 0.3 < found.around["north-east"] < 0.7
    assert {side for side in EIGHTHS if found.around[side] == 1} == {
        "north", "north-west", "west", "south-west", "south",
    }  # fmt: skip
    (missing,) = found.unmapped
    assert shapely.bounds(missing).tolist() == pytest.approx([20_100, 7_000, 23_000, 23_000], abs=101)
    assert shapely.area(missing) == pytest.approx(2_900 * 16_000 - 2 * 9e6 * (1 - np.pi / 4), rel=0.05)


def test_the_sea_is_not_missing():
    found = covered(streets(10_000, 20_000), SQUARE, SQUARE, width_m=3_000)
    assert (found.inside, found.beyond, len(found.unmapped)) == (1, None, 0)
    assert set(found.around.values()) == {None}
    half = covered(streets(10_000, 20_000), SQUARE, shapely.box(10_000, 0, 20_000, 30_000), width_m=3_000)
    assert (half.around["north"], half.around["east"]) == (1, None)


def test_a_moor_may_be_bare_but_not_for_two_kilometres():
    within = [line for line in streets(0, 30_000) if abs(shapely.get_coordinates(line)[0, 0] - 15_000) > 900]
    assert covered(np.array(within), SQUARE, EVERYWHERE, width_m=3_000).inside == 1
    beyond = [line for line in streets(0, 30_000) if abs(shapely.get_coordinates(line)[0, 0] - 15_000) > 1_400]
    assert covered(np.array(beyond), SQUARE, EVERYWHERE, width_m=3_000).inside == pytest.approx(0.71, abs=0.02)


@pytest.fixture(scope="module")
def island():
    return find_place("isle-of-wight")


@pytest.fixture(scope="module")
def cut(island):
    """The island, if its street file ended at easting 459 000: what the build finds, and its streets."""
    segments, areas = island.segments(), island.areas()
    middle = shapely.get_x(shapely.line_interpolate_point(segments.geometry.to_numpy(), 0.5, normalized=True))
    outline = shapely.union_all(areas.geometry.to_numpy(), grid_size=0.01)
    tables = (outline, island.backdrop(), island.origins(), island.centres())
    return segments[middle < 459_000], *coverage_of(segments[middle < 459_000], *tables)


def test_the_island_lacks_nothing(island):
    found = answer(island, Question())
    assert coverage.is_missing(island.card) is False
    assert coverage.in_one_line(island, Question(), found.gaps) == ""
    assert coverage.streets_said(island.card) == (
        "The street file covers all of Isle of Wight and all the land up to 3 km beyond."
    )
    assert set(found.gaps["near_missing_streets"]) == {"no"}


class TestTheIslandCut:
    """Its east has no streets: what is missing, whom that cuts off, and whose answer could change."""

    def test_shares(self, cut):
        _, found, unmapped = cut
        assert (found.edge["west"], found.edge["north"]) == (1, 1)
        assert found.edge["east"] < 0.6
        assert shapely.bounds(unmapped.union_all())[0] == pytest.approx(459_000, abs=600)

    def test_centres_whose_streets_are_missing_count_nowhere(self, cut, island, monkeypatch):
        segments, found, unmapped = cut
        whole, centres, homes = answer(island, Question()), island.centres(), island.origins()
        assert found.unreached == (centres.geometry.x.idxmax(),)
        card = replace(island.card, coverage=found)
        monkeypatch.setattr(type(island), "segments", lambda _: segments)
        monkeypatch.setattr(type(island), "unmapped", lambda _: unmapped)
        place = replace(island, card=card)
        apart = unreached(place.centres())
        assert tuple(apart.index) == found.unreached
        told = answer(place, Question())
        assert len(told.sites) == len(centres) - len(apart)
        assert coverage.unreached_said(coverage.unreached_on(place.centres(), Question())) == (
            "1 here cannot be walked to and counts nowhere: no street that we have leads to it."
        )
        # an area's answer could change where something missing is nearer than what is known, and nowhere else
        near, known = told.gaps["near_missing_streets"] == "yes", told.gaps["minutes_median"].notna()
        assert near.any()
        assert not near[~known & (told.gaps["access_class"] == "no street data")].any()
        x = shapely.get_x(homes.geometry.to_numpy())
        west = told.ground.areas.index[np.bincount(told.ground.homes.area, x > 445_000, minlength=len(near)) == 0]
        assert not near[west].all()
        shorter = (whole.gaps["minutes_median"] < told.gaps["minutes_median"] - 1e-9) & known
        assert shorter.any()
        assert near[shorter].all()  # every answer that is wrong is marked
        assert "Streets are missing" in coverage.in_one_line(place, Question(), told.gaps)
        assert told.gaps.loc[near, "confidence"].str.contains("streets are missing near here").all()


def test_an_older_pack_says_that_it_is_not_known(island):
    place = replace(island, card=replace(island.card, coverage=None))
    found = answer(place, Question())
    assert set(found.gaps["near_missing_streets"]) == {"not known"}
    assert coverage.in_one_line(place, Question(), found.gaps) == (
        "Whether the street file covers the whole place is not known: build the place again to see."
    )
