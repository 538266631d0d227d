"""Where a walk crosses a road, on junctions drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.access import nearest
from geo.network import WalkNetwork, segments_from
from geo.profiles import BUGGY
from geo.road_crossings import crossed
from geo.routes import route

LANE, ROAD = {"highway": "residential"}, {"highway": "primary"}
# a road from west to east; lanes to the north at -500 and at 0, to the south at 0 and at 500
NODES = {
    "w": (-1000, 0), "a": (-500, 0), "x": (0, 0), "b": (500, 0), "e": (1000, 0),
    "an": (-500, 600), "n": (0, 600), "s": (0, -600), "bs": (500, -600), "bn": (500, 600),
}  # fmt: skip
WAYS = [(("w", "a", "x", "b", "e"), ROAD), *(((one, two), LANE) for one, two in ("xn", "xs"))]
WAYS += [(("a", "an"), LANE), (("b", "bs"), LANE)]


@pytest.fixture(scope="module")
def crossings(draw, at):
    """A function from two places, and a drawing, to the places at which the road is crossed."""

    def make(begin, end, ways=WAYS):
        drawn = draw(NODES, ways)
        segments = segments_from(drawn)
        network, sites = WalkNetwork.of(segments, BUGGY), at({"site": end})
        x0, y0 = np.array(sites.geometry.iloc[0].coords[0]) - end
        found = route(nearest(network, sites), sites, shapely.Point(x0 + begin[0], y0 + begin[1]))
        is_road = (segments["street_class"] == 0).to_numpy()
        return [
            (tuple(np.round(np.subtract(one.point.coords[0], (x0, y0))).astype(int)), one.followed)
            for one in crossed(network, found.stretches, segments, is_road)
        ]

    return make


def test_straight_over_a_road(crossings):
    assert crossings((10, 400), (10, -400)) == [((0, 0), False)]


def test_along_a_road_is_not_over_it(crossings):
    assert crossings((-900, 10), (900, 10)) == []


def test_into_a_road_and_out_on_its_other_side(crossings):
    assert crossings((-490, 400), (510, -400)) == [((500, 0), True)]
    assert crossings((510, -400), (-490, 400)) == [((-500, 0), True)]


def test_into_a_road_and_out_on_the_same_side(crossings):
    assert crossings((-490, 400), (10, 400)) == []
    assert crossings((10, -400), (490, -400)) == []


def test_where_a_road_ends_it_is_not_crossed(crossings):
    ends = [(("w", "a", "x"), ROAD), *WAYS[1:]]
    assert crossings((10, 400), (10, -400), ends) == []


def test_a_home_at_the_road_says_nothing(crossings):
    assert crossings((-300, 10), (510, -400)) == []


def test_where_the_road_forks_on_the_way_nothing_is_said(crossings):
    fork = [*WAYS[:1], (("x", "n"), ROAD), *WAYS[2:]]
    assert crossings((-490, 400), (510, -400), fork) == []
