"""A river between two towns: where a ferry over it would make the walk much shorter."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.access import nearest
from geo.crs import BNG
from geo.ferries import by_ferry

LANE = {"highway": "residential"}
# two banks, 2,500 m each, 200 m apart; a bridge at their eastern end
NODES = {"a": (0, 0), "b": (2500, 0), "c": (2500, 200), "d": (0, 200)}
BANKS, BRIDGE = [(("a", "b"), LANE), (("c", "d"), LANE)], [(("b", "c"), LANE)]


@pytest.fixture(scope="module")
def told(town, at):
    """A function from a home, a site and a ferry to what `by_ferry` finds: metres with the ferry, None if nothing."""

    def make(home, site, ferry, ways):
        network, sites = town(NODES, ways), at({"site": site})
        origin = np.array(sites.geometry.iloc[0].coords[0]) - site
        points = np.array([shapely.Point(origin + home)], dtype=object)
        snaps = network.snap(points)
        cost = nearest(network, sites).cost(snaps)[0].astype(np.int64)
        line = shapely.LineString([origin + end for end in ferry])
        ferries = gpd.GeoDataFrame(geometry=[line], index=["way/1"], crs=BNG)
        found = by_ferry(network, sites, ferries, points, snaps, cost)
        assert (found.ferry[0] < 0) == (found.site[0] < 0) == (found.length[0] < 0)
        return None if found.ferry[0] < 0 else found.length[0] / 1000

    return make


WEST = ((200, 0), (200, 200))


def test_a_ferry_where_it_saves_the_way_round(told):
    assert told((100, 10), (500, 210), WEST, BANKS + BRIDGE) == pytest.approx(10 + 100 + 300 + 10, abs=3)
    assert told((500, 210), (100, 10), WEST, BANKS + BRIDGE) == pytest.approx(10 + 300 + 100 + 10, abs=3)


def test_where_it_saves_less_than_a_third_nothing_is_told(told):
    assert told((1900, 10), (2000, 210), WEST, BANKS + BRIDGE) is None
    assert told((1500, 10), (1900, 210), ((1000, 0), (1000, 200)), BANKS + BRIDGE) is None  # 1,420 m for 1,820 m


def test_where_there_is_no_way_without_it(told):
    assert told((100, 10), (500, 210), WEST, BANKS) == pytest.approx(420, abs=3)


def test_a_long_ferry_and_one_that_lands_nowhere_are_left(told):
    assert told((100, 10), (2000, 210), ((200, 0), (1900, 200)), BANKS) is None
    assert told((100, 10), (500, 210), ((200, 0), (200, 900)), BANKS) is None


def test_a_home_off_the_streets_has_no_walk_to_shorten(told):
    assert told((100, -400), (500, 210), WEST, BANKS) is None
