"""Near in a straight line and far on foot: what lies between, on streets drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.access import nearest
from geo.severance import Asked, Lines, cut_off
from tests.geo.conftest import ORIGIN

LANE = {"highway": "residential"}


def streets(bridge_x):
    """Two streets 300 m apart, from west to east, and a lane between them."""
    nodes = {"a": (-1000, 150), "b": (1500, 150), "c": (-1000, -150), "d": (1500, -150)}
    nodes |= {"n": (bridge_x, 150), "s": (bridge_x, -150)}
    return nodes, [(("a", "n", "b"), LANE), (("c", "s", "d"), LANE), (("n", "s"), LANE)]


@pytest.fixture
def found(town, at):
    """A function from a lane's place and what lies between to who is cut off, at a threshold of 7 minutes, 467 m."""

    def make(bridge_x, *between, homes=(0.0,), minutes=7.0, joined=True):
        nodes, ways = streets(bridge_x)
        network = town(nodes, ways if joined else ways[:2])
        sites = at({"site": (0, -150)})
        table = at({f"h{number}": (x, 150) for number, x in enumerate(homes)})
        snaps = network.snap(table.geometry.to_numpy())
        cost = nearest(network, sites).cost(snaps)[0]
        walk = np.where(cost == np.iinfo(np.int32).max, np.nan, network.minutes(cost))
        lines = Lines(
            np.array([kind for kind, _ in between], object),
            np.array([shapely.transform(shape, lambda xy: xy + ORIGIN) for _, shape in between], object),
        )
        return cut_off(Asked(network, snaps, table, np.full(len(homes), 2.0), walk, sites, minutes), lines)

    return make


RAIL = ("railway", shapely.LineString([(-2000, 0), (2000, 0)]))


def test_a_long_way_round_by_the_bridge(found):
    one = found(600, RAIL).iloc[0]
    assert (one["kind"], one["under5"], one["origin_id"]) == ("railway", 2.0, "h0")
    assert [one["straight_m"], one["walk_m"], one["aside_m"]] == pytest.approx([300, 600 + 300 + 600, 600], rel=3e-3)
    assert one["crosses_at"].distance(shapely.Point(ORIGIN)) < 1
    assert one["walk_at"].distance(shapely.Point(ORIGIN[0] + 600, ORIGIN[1])) < 1


def test_what_is_crossed_near_is_not_to_blame(found):
    one = found(180, RAIL).iloc[0]
    assert one["walk_m"] == pytest.approx(660, rel=2e-3)
    assert one[["kind", "walk_at"]].isna().all()


def test_a_walk_that_is_no_longer_than_usual_is_none(found):
    assert found(100, RAIL).empty, "500 m are less than twice 300 m"
    assert found(600, RAIL, minutes=30.0).empty, "within the threshold"
    assert found(600, RAIL, minutes=4.0).empty, "267 m is less than the straight line"


def test_round_the_end_of_it(found):
    one = found(600, ("water", shapely.box(-2000, -40, 500, 40))).iloc[0]
    assert (one["kind"], one["walk_at"]) == ("water", None)
    assert one["aside_m"] == pytest.approx(600, rel=2e-3)


def test_a_corner_of_water_is_not_crossed(found):
    assert found(600, ("water", shapely.box(-400, -4, 500, 4))).iloc[0]["kind"] is None


def test_who_is_on_a_main_road_has_come_to_it(found):
    along = ("main road", shapely.LineString([(-2000, 148), (2000, 148)]))
    assert found(600, along).iloc[0]["kind"] is None
    assert found(600, along, ("railway", RAIL[1])).iloc[0]["kind"] == "railway"


def test_no_way_at_all(found):
    one = found(600, RAIL, joined=False).iloc[0]
    assert one["kind"] == "railway"
    assert one[["walk_m", "aside_m", "walk_at"]].isna().all()
    road = ("main road", RAIL[1])
    assert found(600, road, joined=False).iloc[0]["kind"] is None, "one may walk along it, so it bars nobody"


def test_homes_with_the_same_between_are_one_row_told_by_the_middle_one(found):
    table = found(600, RAIL, homes=(-100.0, 0.0, 100.0))
    assert table["under5"].tolist() == [6.0]
    assert (table["homes"].iloc[0], table["origin_id"].iloc[0]) == (3, "h1"), (
        "1,600, 1,500 and 1,400 m to 316, 300, 316"
    )
