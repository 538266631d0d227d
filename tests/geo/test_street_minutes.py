"""The walk from the middle of every street: by hand, and against walks from points that lie there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.access import nearest, reach_from
from geo.network import WalkNetwork, segments_from
from geo.profiles import BUGGY
from geo.street_minutes import street_minutes
from tests.geo.towns import STREET

CROSS = {"w": (0, 0), "x": (1000, 0), "e": (2000, 0), "n": (1000, 800)}


def test_by_hand(town, at):
    """A site at the western end: 500 m, 1,500 m and 1,400 m at 4 km/h; a street that nothing joins has no way."""
    nodes = CROSS | {"a": (9000, 9000), "b": (9000, 9600)}
    network = town(nodes, [(("w", "x"), STREET), (("x", "e"), STREET), (("x", "n"), STREET), (("a", "b"), STREET)])
    minutes = street_minutes(nearest(network, at({"s": (0, 0)})), len(network.start))
    assert minutes == pytest.approx([7.5, 22.5, 21.0, np.inf], rel=3e-3)  # the grid's metres


def test_the_site_stands_on_the_street(town, at):
    network = town(CROSS, [(("w", "x", "e"), STREET), (("x", "n"), STREET)])
    found = street_minutes(nearest(network, at({"s": (400, 0)})), len(network.start))
    assert found.min() == pytest.approx(1.5, abs=0.01)  # 100 m from the middle of the first kilometre


def test_a_street_that_this_walker_may_not_use(draw, at):
    steps = {"highway": "steps"}
    ways = [(("w", "x"), STREET), (("x", "e"), STREET), (("x", "n"), steps)]
    table = segments_from(draw(CROSS, ways))
    network = WalkNetwork.of(table, BUGGY)
    minutes = street_minutes(nearest(network, at({"s": (0, 0)})), len(table))
    known = ~np.isnan(table["pram_factor"].to_numpy())
    assert (np.isnan(minutes) == ~known).all()
    assert len(minutes) == len(table)


def test_it_is_the_walk_of_somebody_who_stands_there(island, island_by_buggy):
    on = island_by_buggy
    sites = island.centres()
    sites = sites[sites["status"].isin(("open", "linked")) & sites.geometry.notna()]
    network = on.network
    minutes = street_minutes(nearest(network, sites), len(island.segments()))
    some = np.random.default_rng(7).choice(np.flatnonzero(network.joinable), 400, replace=False)
    points = shapely.line_interpolate_point(network.lines[some], 0.5, normalized=True)
    snaps = network.snap(points)
    own = snaps.segment == some  # at a crossing the nearest street may be another
    walked = reach_from(network, snaps, pd.Series("E01017282", index=range(len(some))), sites)["minutes"].to_numpy()
    assert own.mean() > 0.9
    assert minutes[network.row[some]][own] == pytest.approx(np.where(np.isnan(walked), np.inf, walked)[own], abs=0.02)
