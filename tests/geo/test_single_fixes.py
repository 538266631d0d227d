"""Barriers mended one by one and in pairs, missing links made: by hand, and against walks from nothing."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.access import nearest
from geo.barriers import barriers
from geo.mending import Mend, Mending, mended_network
from geo.network import WalkNetwork, segments_from
from geo.profiles import BUGGY
from geo.single_fixes import NOTHING, Asked, single_fixes
from tests.geo.towns import CORNER, STREET

# a centre at the west end of a low street; a high street above it, joined to it only in the far east
LOW_HIGH = {"a": (0, 0), "b": (500, 0), "c": (2500, 0), "d": (500, 100), "e": (2500, 100), "z": (2600, 0)}
STREETS = [(("a", "b", "c", "z"), STREET), (("c", "e"), STREET), (("d", "e"), STREET)]
UP = {"g": (500, 40), "h": (500, 60)}
PATH, STEPS = {"highway": "footway"}, {"highway": "steps"}
STILE = {"barrier": "stile"}
HOMES = {"near": (700, 100), "far": (1500, 100)}


@pytest.fixture(scope="module")
def found(draw, at):
    """A function from a drawing to its single fixes; 5 under-fives live near, 7 farther off; 15 minutes are 1,000 m."""

    def find(ways, barrier=None, nodes=None, between=NOTHING):
        segments = segments_from(draw(LOW_HIGH | UP | (nodes or {}), [*STREETS, *ways], barrier))
        network = WalkNetwork.of(segments, BUGGY)
        snaps = network.snap(at(HOMES).geometry.to_numpy())
        asked = Asked(network, snaps, np.array([5.0, 7.0]), at({"centre": (0, 0)}), 15, between)
        return single_fixes(segments, asked)

    return find


@pytest.mark.parametrize(
    ("kind", "ways", "barrier"),
    [
        ("steps", [(("b", "g"), STEPS), (("g", "h"), STEPS), (("h", "d"), PATH)], None),
        ("closed", [(("b", "g", "h", "d"), PATH | {"stroller": "no"})], None),
        ("gate", [(("b", "g", "h", "d"), PATH)], {"g": STILE}),
    ],
)
def test_one_barrier_between_two_streets(found, kind, ways, barrier):
    """The home near by walks 200 + 100 + 500 m instead of 1,800 + 100 + 2,500; the other 1,600 m instead of 3,600."""
    one = found(ways, barrier).table.loc[1]
    assert (one["kind"], one["within"], one["shorter"]) == (kind, 5.0, 12.0)
    assert one["minutes_saved"] == pytest.approx((5 * 3600 + 7 * 2000) / BUGGY.metres_per_minute, rel=0.01)
    assert np.isnan(one["pair_within"])


def test_rough_ground_is_walked_at_half_as_long_again(found):
    """With 600 m of grass level, the home near by walks 800 m instead of 1,100; the other stays beyond."""
    far = {"b": (640, 0), "d": (640, 100), "a": (600, 0), "x": (0, 0)}
    ways = [(("x", "a"), STREET | {"surface": "grass"}), (("b", "d"), PATH)]
    one = found(ways, nodes=far).table.loc[1]
    assert (one["kind"], one["within"], one["shorter"]) == ("rough", 5.0, 12.0)
    assert one["minutes_saved"] == pytest.approx(12 * 300 / BUGGY.metres_per_minute, rel=0.01)


def test_two_stiles_help_only_together(found):
    fixes = found([(("b", "g", "h", "d"), PATH)], {"g": STILE, "h": STILE})
    table = fixes.table
    assert table["kind"].tolist() == ["gate", "gate"]
    assert table["within"].tolist() == [0.0, 0.0]
    assert table["with_pair"].tolist() == [2, 1]
    assert table["pair_within"].tolist() == [5.0, 5.0]


def test_a_gate_that_is_private_is_no_barrier_to_mend(found):
    fixes = found([(("b", "g", "h", "d"), PATH)], {"g": {"barrier": "gate", "access": "private"}})
    assert (fixes.looked_at, len(fixes.table)) == (0, 0)


def test_a_missing_link(found):
    """From the end of the high street, now 25 m above the low one; beside steps there is no missing link."""
    close = {"d": (500, 25)}
    one = found([], nodes=close)
    assert one.table["kind"].tolist() == ["link"]
    assert one.table.loc[1, "metres"] == pytest.approx(25, abs=0.1)
    assert one.table.loc[1, ["within", "shorter"]].tolist() == [5.0, 12.0]
    assert one.fixes[0].link is not None
    assert found([], nodes={"d": (500, 35)}).table.empty
    with_steps = found([(("b", "d"), STEPS)], nodes=close).table
    assert with_steps["kind"].tolist() == ["steps"]


def test_a_missing_bridge(found):
    """The high street begins 80 m above the low one, with a railway between: 780 m from the home near by."""
    north = {"d": (500, 80), "e": (2500, 80)}
    railway = shapely.LineString(np.array([(0, 40), (2000, 40)]) + CORNER)
    fixes = found([], nodes=north, between=np.array([railway], dtype=object))
    assert fixes.table.loc[1, ["kind", "within", "shorter"]].tolist() == ["bridge", 5.0, 12.0]
    assert fixes.table.loc[1, "metres"] == pytest.approx(80, abs=0.1)
    beyond = shapely.LineString(np.array([(0, -40), (2000, -40)]) + CORNER)
    assert found([], nodes=north, between=np.array([beyond], dtype=object)).table.empty


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_mend_lengthens_no_walk_and_is_what_walking_from_nothing_gives(draw, lattice, at, seed):
    """Random towns with steps, grass and stiles; several barriers at once, too."""
    rng = np.random.default_rng(seed)
    nodes, ways = lattice(rng, columns=9, rows=8)
    stiles = {str(name): STILE for name in rng.choice(list(nodes), 6, replace=False)}
    segments = segments_from(draw(nodes, ways, stiles))
    network = WalkNetwork.of(segments, BUGGY)
    points = at({f"p{i}": xy for i, xy in enumerate(rng.uniform(-50, 1300, (82, 2)))})
    homes, sites = points[:80], points[80:]
    snaps = network.snap(homes.geometry.to_numpy())
    mending = Mending(nearest(network, sites), segments, snaps, np.ones(80), 15)
    every = barriers(segments)
    assert {one.kind for one in every} == {"steps", "rough", "gate"}
    groups = [[one] for one in every] + [rng.choice(len(every), 4, replace=False) for _ in range(20)]
    for group in groups:
        chosen = group if len(group) == 1 else [every[at] for at in group]
        mend = Mend()
        for one in chosen:
            mend = mend.and_also(one.mend)
        walked = mending.after(mend)
        assert (walked.home <= mending.today.home).all()
        then = mended_network(network, segments, mend)
        state = nearest(then, sites)
        assert (walked.home == state.cost(then.snap(homes.geometry.to_numpy()))[0]).all()
        assert (walked.junction == state.labels.cost).all()
