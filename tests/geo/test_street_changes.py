"""Barriers and missing crossings: where they bar and what they join, by hand and on the bundled place."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import paths
from geo.access import nearest
from geo.changes import AddCrossing, BlockWay, MendWay
from geo.crs import BNG
from geo.network import WalkNetwork, segments_from
from geo.profiles import ADULT, BUGGY
from geo.sites import serving
from geo.street_changes import altered
from tests.geo import by_points, by_scipy
from tests.geo.conftest import ORIGIN

STREET = {"highway": "residential"}
EAST, NORTH = (int(part) for part in ORIGIN)
# two streets 200 m apart, joined at both ends, with a lane between them in the middle
LADDER = {"a": (0, 0), "b": (1000, 0), "c": (2000, 0), "d": (0, 200), "e": (1000, 200), "f": (2000, 200)}
RUNGS = [(("a", "b", "c"), STREET), (("d", "e", "f"), STREET), (("a", "d"), STREET), (("c", "f"), STREET)]
LANE = (("b", "e"), STREET)


# a road with a pavement on either side, all joined at the western end only
SIDES = {"w": (0, 0), "road": (1500, 0), "n": (0, 8), "north": (1500, 8), "s": (0, -8), "south": (1500, -8)}
ROAD = [
    (("w", "road"), STREET), (("w", "n", "north"), {"highway": "footway"}),
    (("w", "s", "south"), {"highway": "footway"}),
]  # fmt: skip


def line(*corners):
    return tuple((EAST + x, NORTH + y) for x, y in corners)


def block(*corners, stops="everyone", mark="m1", name="Gate"):
    return BlockWay(mark, name, stops, line(*corners))


def crossing(*corners, mark="m2", name="the school"):
    return AddCrossing(mark, name, line(*corners))


@pytest.fixture(scope="module")
def streets(draw):
    """A function from a drawing to the table of segments, which is made once and not to be changed."""
    made = {}

    def make(nodes, ways):
        key = repr((nodes, ways))
        if key not in made:
            made[key] = segments_from(draw(nodes, ways))
        return made[key]

    return make


def metres(segments, changes, home, site, who=BUGGY):
    """Metres of level ground from a home to a site after some changes; None where there is no way."""
    before = WalkNetwork.of(segments, who)
    after = altered(segments, tuple(changes)).network(before)
    sites = gpd.GeoDataFrame(index=["site"], geometry=shapely.points([np.add(site, ORIGIN)]), crs=BNG)
    cost = nearest(after, sites).cost(after.snap(shapely.points([np.add(home, ORIGIN)])))[0][0]
    return None if cost == paths.FAR else cost / 1000 / 0.99727  # a metre of the grid here, in metres on the ground


def near(value):
    return pytest.approx(value, abs=1.5)


class TestABarrier:
    """Where nobody, or no pram, gets through."""

    def test_at_a_point_the_walk_goes_round(self, streets):
        town = streets(LADDER, RUNGS)
        assert metres(town, [], (500, 0), (1500, 0)) == near(1000)
        for y in (-20, 0, 29):
            assert metres(town, [block((1000, y))], (500, 0), (1500, 0)) == near(500 + 200 + 2000 + 200 + 500)
        assert metres(town, [block((1000, 0))], (900, 0), (500, 0)) == near(400)  # on one side of it
        assert metres(town, [block((1000, 0))], (990, 0), (1010, 0)) == near(990 + 200 + 2000 + 200 + 990)

    def test_it_stops_whom_it_stops(self, streets):
        town = streets(LADDER, RUNGS)
        only_prams = [block((1000, 3), stops="prams")]
        assert metres(town, only_prams, (500, 0), (1500, 0)) == near(3400)
        assert metres(town, only_prams, (500, 0), (1500, 0), ADULT) == near(1000)
        dark = altered(town, (block((1000, 3), stops="after_dark"),))
        assert dark.odd == (
            "Gate stops people after dark; the walk knows no hour, so it is taken to stop everyone at any time.",
        )
        assert metres(town, [block((1000, 3), stops="after_dark")], (500, 0), (1500, 0), ADULT) == near(3400)

    def test_two_at_one_spot_stop_whom_either_stops(self, streets):
        town = streets(LADDER, RUNGS)
        both = [block((1000, 3)), block((1000, 3), stops="prams", mark="m2")]
        for made in (both, both[::-1]):
            assert metres(town, made, (500, 0), (1500, 0), ADULT) == near(3400)

    def test_a_point_bars_the_nearest_street_alone(self, streets):
        town = streets(LADDER, [*RUNGS, LANE])
        assert metres(town, [block((1003, 20))], (500, 0), (1500, 0)) == near(1000)  # the lane, 3 m away
        assert metres(town, [block((1003, 20))], (1000, 10), (1000, 190)) == near(10 + 1000 + 200 + 1000 + 10)

    def test_at_a_junction_it_bars_all_that_meets_there(self, streets):
        town = streets(LADDER, [*RUNGS, LANE])
        there = [block((1000, 0))]
        assert metres(town, there, (500, 0), (1000, 100)) == near(500 + 200 + 1000 + 100)
        assert metres(town, there, (500, 0), (1500, 0)) == near(500 + 200 + 2000 + 200 + 500)

    def test_far_from_every_street_it_changes_nothing_and_says_so(self, streets):
        town = streets(LADDER, RUNGS)
        found = altered(town, (block((1000, 31)),))
        assert found.odd == ("Gate is more than 30 m from any street we have, so it changes nothing.",)
        pd.testing.assert_frame_equal(pd.DataFrame(found.segments), pd.DataFrame(town))
        assert altered(town, (block((1000, 30)),)).odd == ()

    def test_where_no_pram_gets_anyway(self, streets):
        steps = [*RUNGS, (("b", "e"), {"highway": "steps"})]
        town = streets(LADDER, steps)
        found = altered(town, (block((1000, 100), stops="prams"),))
        assert found.odd == ("Gate is on a way that is closed to prams already, so it changes nothing.",)
        assert altered(town, (block((1000, 100)),)).odd == ()

    def test_a_line_bars_every_street_that_it_crosses(self, streets):
        town = streets(LADDER, [*RUNGS, LANE])
        railway = block((700, -50), (700, 250))
        assert metres(town, [railway], (500, 0), (1500, 0)) is None
        assert metres(town, [railway], (500, 0), (500, 200)) == near(500 + 200 + 500)
        cut = altered(town, (railway,))
        assert len(cut.segments) == len(town) + 2

    def test_a_line_along_a_street_closes_it_and_not_what_it_crosses(self, streets):
        town = streets(LADDER, [*RUNGS, LANE])
        along = block((1002, -3), (998, 203))  # drawn a little too long: it crosses both streets
        assert metres(town, [along], (500, 0), (1500, 0)) == near(1000)
        assert metres(town, [along], (500, 200), (1500, 200)) == near(1000)
        assert metres(town, [along], (1000, 10), (1000, 190)) == near(10 + 1000 + 200 + 1000 + 10)
        assert metres(town, [along], (1000, 10), (1000, 60)) == near(50)  # one can walk into it, not through
        assert len(altered(town, (along,)).segments) == len(town) + 1

    def test_a_line_along_part_of_a_street(self, streets):
        town = streets(LADDER, RUNGS)
        part = block((400, 4), (600, 4))
        assert metres(town, [part], (300, 0), (700, 0)) == near(300 + 200 + 2000 + 200 + 1300)
        assert metres(town, [part], (300, 0), (490, 0)) == near(190)
        beside = block((400, 6), (600, 6))  # beside the street and not on it: the nearest place is barred
        assert metres(town, [beside], (300, 0), (700, 0)) == near(300 + 200 + 2000 + 200 + 1300)

    def test_an_area_closes_what_is_inside(self, streets):
        town = streets(LADDER, [*RUNGS, LANE])
        market = block((900, -50), (1100, -50), (1100, 60), (900, 60), (900, -50))
        assert metres(town, [market], (500, 0), (1500, 0)) == near(3400)
        assert metres(town, [market], (500, 0), (1000, 100)) == near(500 + 200 + 1000 + 100)
        # whoever lives inside gets out on the nearer side
        assert metres(town, [market], (920, 0), (500, 0)) == near(420)
        assert metres(town, [market], (1000, 55), (1000, 150)) == near(95)
        whole = block((-50, -50), (2050, -50), (2050, 250), (-50, 250), (-50, -50))
        assert metres(town, [whole], (900, 0), (1100, 0)) == near(200)  # the junction between is open
        assert metres(town, [whole], (400, 0), (400, 200)) is None  # every way from street to street is closed

    def test_an_area_beside_the_street_bars_it(self, streets):
        town = streets(LADDER, RUNGS)
        hole = block((990, 5), (1010, 5), (1010, 12), (990, 5))
        assert metres(town, [hole], (500, 0), (1500, 0)) == near(3400)

    def test_streets_that_nobody_joins_are_not_barred_in_their_stead(self, streets):
        nodes = LADDER | {"p": (950, 12), "q": (1050, 12)}
        town = streets(nodes, [*RUNGS, (("p", "q"), STREET)])  # a yard of 100 m, 12 m off the street
        assert metres(town, [block((1000, 11))], (500, 0), (1500, 0)) == near(3400)


class TestACrossing:
    """What a missing crossing joins."""

    def test_on_a_road_it_joins_both_sides(self, streets):
        town = streets(SIDES, ROAD)
        for y in (0, 2, -2):
            made = [crossing((1000, y))]
            assert metres(town, made, (1200, 8), (1200, -8)) == near(200 + 16 + 200)
            assert metres(town, made, (1200, 0), (1200, -8)) == near(200 + 8 + 200)
        found = altered(town, (crossing((1000, 0)),))
        assert found.odd == ()
        new = found.segments[found.source == len(town)]
        assert (new["length_mm"] / 0.99727).tolist() == pytest.approx([8000, 8000], rel=4e-3)
        assert metres(town, [], (1200, 8), (1200, -8)) == near(2416)

    def test_a_pram_can_use_it_and_so_can_everybody(self, streets):
        town = streets(SIDES, ROAD)
        for who in (BUGGY, ADULT):
            assert metres(town, [crossing((1000, 0))], (1200, 8), (1200, -8), who) == near(416)

    def test_between_two_ways_it_joins_them(self, streets):
        town = streets(LADDER | {"g": (1000, 160)}, [*RUNGS, (("b", "g"), STREET)])  # the lane ends 40 m short
        made = [crossing((1000, 179))]
        assert metres(town, [], (1000, 100), (1000, 200)) == near(100 + 1000 + 200 + 1000)
        assert metres(town, made, (1000, 100), (1000, 200)) == near(100)
        assert metres(town, [crossing((1006, 180))], (1000, 100), (1000, 200)) == pytest.approx(100, abs=8)

    def test_what_is_joined_is_left_alone(self, streets):
        town = streets(LADDER, [*RUNGS, LANE])
        found = altered(town, (crossing((1010, 10)),))  # at the corner of street and lane
        assert found.odd == (
            "At the school there are no two streets within 30 m that are not joined already, so a crossing there "
            "changes nothing.",
        )
        pd.testing.assert_frame_equal(pd.DataFrame(found.segments), pd.DataFrame(town))
        assert altered(town, (crossing((500, 0)),)).odd == found.odd  # one street and nothing near it

    def test_far_from_every_street(self, streets):
        town = streets(LADDER, RUNGS)
        said = ("the school is more than 30 m from any street we have, so it changes nothing.",)
        assert altered(town, (crossing((1000, 100)),)).odd == said
        assert altered(town, (crossing((1000, 0), (1000, 100)),)).odd == said

    def test_two_ways_on_the_same_side_are_not_joined(self, streets):
        town = streets(SIDES, ROAD)
        assert altered(town, (crossing((1000, 20)),)).odd != ()

    def test_a_line_joins_what_is_at_its_ends(self, streets):
        town = streets(LADDER, RUNGS)
        made = [crossing((1000, 10), (1000, 190))]
        assert metres(town, made, (900, 0), (1000, 200)) == near(300)
        found = altered(town, tuple(made))
        assert found.segments["length_mm"].iloc[-1] / 0.99727 == pytest.approx(200_000, rel=4e-3)
        assert altered(town, (crossing((100, 10), (150, -10)),)).odd != ()  # from a street to itself

    def test_a_road_that_runs_past_is_not_a_second_street(self, streets):
        nodes = LADDER | {"m": (1000, 3)}
        town = streets(nodes, [(("a", "m", "c"), STREET), *RUNGS[1:]])
        assert len(altered(town, (crossing((1000, 6)),)).segments) == len(town)

    def test_a_bridge_above_is_not_a_crossing(self, streets):
        nodes = LADDER | {"u": (1000, -900), "v": (1000, 150)}
        town = streets(nodes, [*RUNGS, (("u", "v"), STREET)])  # passes over the first street
        assert len(altered(town, (crossing((1000, 0)),)).segments) == len(town)


class TestTogether:
    """Several changes, and what never changes."""

    def test_their_order_does_not_matter_and_nothing_is_mutated(self, streets):
        town = streets(LADDER, RUNGS)
        kept = town.copy(deep=True)
        made = (block((1000, 0)), crossing((1000, 190), (1000, 10)), block((300, 200), mark="m3", stops="prams"))
        one, other = altered(town, made), altered(town, made[::-1])
        pd.testing.assert_frame_equal(pd.DataFrame(one.segments), pd.DataFrame(other.segments))
        np.testing.assert_array_equal(one.source, other.source)
        pd.testing.assert_frame_equal(pd.DataFrame(town), pd.DataFrame(kept))
        assert sorted(one.odd) == sorted(other.odd)

    def test_without_changes_it_is_as_it_was(self, streets):
        town = streets(LADDER, RUNGS)
        found = altered(town, ())
        before = WalkNetwork.of(town, BUGGY)
        after = found.network(before)
        for name in ("start", "end", "cost", "length", "start_open", "end_open", "row"):
            np.testing.assert_array_equal(getattr(after, name), getattr(before, name))

    @given(st.integers(0, 10_000), st.sampled_from([BUGGY, ADULT]))
    def test_more_barriers_never_shorten_and_crossings_never_lengthen(self, draw, lattice, seed, who):
        rng = np.random.default_rng(seed)
        town = segments_from(draw(*lattice(rng)))
        before = WalkNetwork.of(town, who)
        homes = shapely.points(rng.uniform(-80, 1040, (40, 2)) + ORIGIN)
        sites = gpd.GeoDataFrame(
            index=["x", "y"], geometry=shapely.points(rng.uniform(0, 960, (2, 2)) + ORIGIN), crs=BNG
        )
        was = nearest(before, sites).cost(before.snap(homes))[0]

        def corners(count):
            at = rng.integers(0, 960, 2)
            return [tuple((at + rng.integers(-120, 120, 2)).tolist()) for _ in range(count)]

        def then(changes):
            after = altered(town, tuple(changes)).network(before)
            return nearest(after, sites).cost(after.snap(homes))[0]

        a, b, c = corners(3)
        stops = [str(one) for one in rng.choice(["everyone", "prams", "after_dark"], 3)]
        barriers = [
            block(*corners(1), mark="p", stops=stops[0]), block(*dict.fromkeys(corners(3)), mark="l", stops=stops[1]),
        ]  # fmt: skip
        if shapely.Polygon([a, b, c]).area > 1:
            barriers.append(block(a, b, c, a, mark="a", stops=stops[2]))
        crossings = [crossing(*corners(1), mark=f"c{i}") for i in range(6)] + [crossing(*dict.fromkeys(corners(2)))]
        walked = was
        for count in range(1, len(barriers) + 1):
            fewer, walked = walked, then(barriers[:count])
            assert (walked >= fewer).all()
        assert (then(crossings) <= was).all()
        assert (then([*barriers, *crossings]) <= walked).all()
        np.testing.assert_array_equal(then([]), was)


class TestMended:
    """What stops a pram is put right; who joins the streets where does not change."""

    ENDS = (1000, 10), (1000, 190)
    ROUND = 10 + 1000 + 200 + 1000 + 10

    def mend(self, *corners, mark="m3"):
        return MendWay(mark, "Steps", line(*corners))

    def test_steps_become_level_ground(self, streets):
        town = streets(LADDER, [*RUNGS, (("b", "e"), {"highway": "steps"})])
        assert metres(town, [], *self.ENDS) == near(self.ROUND)
        for where in ([(1000, 100)], [(1020, 100)], [(990, 100), (1010, 100)]):
            assert metres(town, [self.mend(*where)], *self.ENDS) == near(10 + 200 + 10)
        slow = 3 * 180  # an adult lives on the steps, and takes them three times as slowly with or without a mend
        assert metres(town, [self.mend((1000, 100))], *self.ENDS, ADULT) == near(slow)

    def test_a_stile_lets_prams_pass_unless_something_else_bars_it(self, draw):
        nodes, ways = LADDER | {"m": (1000, 100)}, [*RUNGS, (("b", "m", "e"), STREET)]
        town = segments_from(draw(nodes, ways, {"m": {"barrier": "stile"}}))
        there, gate = self.mend((1001, 101)), block((1000, 100), stops="prams")
        assert metres(town, [], *self.ENDS) == near(self.ROUND)
        assert metres(town, [there], *self.ENDS) == near(180)
        for both in ([there, gate], [gate, there]):
            assert metres(town, both, *self.ENDS) == near(self.ROUND)

    def test_where_nothing_stops_a_pram_that_is_said(self, streets):
        found = altered(streets(LADDER, RUNGS), (self.mend((1000, 0)),))
        assert found.odd == ("Steps: nothing within 30 m stops a pram or slows it.",)


class TestTheIsland:
    """The bundled place."""

    @pytest.fixture(scope="class")
    @classmethod
    def streets_there(cls, island_segments, island_by_buggy, island_centres):
        return island_segments, island_by_buggy, serving(island_centres, day=date(2026, 11, 21))

    # the road between Ryde and Seaview
    ROAD = BlockWay("mark-road", "The road to Seaview", "everyone", ((461_019, 91_732),))

    def test_a_road_that_is_closed(self, streets_there):
        segments, on, sites = streets_there
        before, snaps = on.network, on.snaps
        was = nearest(before, sites).cost(snaps)[0].astype(np.int64)
        changed = altered(segments, (self.ROAD,))
        after = changed.network(before)
        found = nearest(after, sites).cost(after.carried(snaps))[0]
        assert len(changed.segments) == len(segments) + 1
        longer = found - was
        assert (longer >= 0).all()
        assert (longer > 0).sum() == 157
        assert longer.sum() // 1_000_000 == 86  # kilometres, over those postcodes
        # SciPy on the altered table
        second = by_scipy.Walks(after, after.carried(snaps), sites).to_nearest(np.arange(len(sites)))
        np.testing.assert_array_equal(found, second)
        # and without cutting anything: the street is left out, and who lives on it leaves by the one open end
        (row,) = np.flatnonzero(np.bincount(changed.source) == 2)
        bars = {(int(row), int(changed.segments["length_mm"][changed.source == row].iloc[0])): 3}
        third = by_points.walks(segments, before, snaps, before.doors(sites.geometry.to_numpy()), bars=bars)
        np.testing.assert_array_equal(found, third)

    def test_snapped_anew_the_walk_is_the_same_to_a_millimetre(self, streets_there):
        segments, on, sites = streets_there
        changed = altered(segments, (self.ROAD,))
        after = changed.network(on.network)
        plain = WalkNetwork.of(changed.segments, BUGGY)
        homes = on.origins.geometry.to_numpy()
        one = nearest(after, sites).cost(after.snap(homes))[0].astype(np.int64)
        other = nearest(plain, sites).cost(plain.snap(homes))[0].astype(np.int64)
        assert np.abs(one - other).max() <= 2
