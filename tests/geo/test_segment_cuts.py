"""Cut streets: by hand, against a program that cuts nothing, and what must always hold."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.access import nearest, reach
from geo.crs import BNG
from geo.network import WalkNetwork, segments_from
from geo.profiles import ADULT, BUGGY, PROFILES
from geo.segment_cuts import UNIT_MM, Spot, cut_segments, network_after, spot_at
from tests.geo import by_points, by_scipy
from tests.geo.conftest import ORIGIN
from tests.geo.towns import random_town

STREET = {"highway": "residential"}


def random_changes(rng, segments, *, bars=4, links=3, ends=True):
    """Places on streets, some at their very ends: which bars whom, and pairs to join."""

    def spot():
        row = int(rng.integers(len(segments)))
        share = float(rng.choice([0.0, 1.0, rng.random()], p=[0.1, 0.1, 0.8])) if ends else rng.uniform(0.1, 0.9)
        return spot_at(row, share, int(segments["length_mm"][row]))

    barred = {spot(): int(rng.choice([2, 3])) for _ in range(bars)}
    return barred, [(spot(), spot()) for _ in range(links)]


@pytest.fixture(scope="module")
def table(draw, lattice):
    """A function from a seed to a random town's table of segments."""

    def make(seed):
        nodes, ways = lattice(np.random.default_rng(seed))
        return segments_from(draw(nodes, ways))

    return make


def points(seed, count):
    rng = np.random.default_rng(seed)
    return shapely.points(rng.uniform(-80, 1040, (count, 2)) + ORIGIN)


def sites_of(places):
    return gpd.GeoDataFrame(index=[f"s{i}" for i in range(len(places))], geometry=places, crs=BNG)


def joined_town(table, seed, profile="buggy"):
    """A town with homes and sites, one of them an area."""
    segments = table(seed)
    network = WalkNetwork.of(segments, PROFILES[profile])
    places = points(seed + 1000, 3)
    places[0] = shapely.buffer(places[0], 70)
    return segments, network, points(seed + 2000, 40), sites_of(places)


class TestTheTable:
    """What is cut is cut in two, and nothing else changes."""

    def test_a_street_cut_in_three(self, draw):
        segments = segments_from(draw({"a": (0, 0), "b": (300, 0), "c": (300, 300)}, [(("a", "b", "c"), STREET)]))
        whole = int(segments["length_mm"].sum())
        cut, source = cut_segments(segments, {Spot(0, 100_000): 2}, [(Spot(0, 100_000), Spot(0, 400_000))])
        assert source.tolist() == [0, 0, 0, 1]
        assert cut["length_mm"].tolist()[:3] == [100_000, 300_000, whole - 400_000]
        assert cut["start_barred"].tolist() == [0, 2, 0, 0]
        assert cut["end_barred"].tolist() == [2, 0, 0, 0]
        assert cut["start"].tolist() == [segments["start"][0], 2, 3, 2]
        assert cut["end"].tolist() == [2, 3, segments["end"][0], 3]
        share = cut.geometry.length[:3].to_numpy() / segments.geometry.length[0]
        assert share == pytest.approx(np.array([100_000, 300_000, whole - 400_000]) / whole, abs=1e-9)
        straight = np.hypot(300 - 100 * 600_000 / whole * 1, 0)  # from 100 m on the first arm to the second
        assert cut["length_mm"][3] == pytest.approx(1000 * np.hypot(straight, 100), rel=2e-3)
        assert cut[["foot_factor", "pram_factor"]].iloc[3].tolist() == [1, 1]
        assert cut.geometry.iloc[1].coords[1] == segments.geometry.iloc[0].coords[1]  # the corner is kept

    @pytest.mark.parametrize("seed", range(4))
    def test_parts_make_up_the_whole(self, table, seed):
        segments = table(seed)
        kept = segments.copy(deep=True)
        bars, links = random_changes(np.random.default_rng(seed), segments)
        cut, source = cut_segments(segments, bars, links)
        again, _ = cut_segments(segments, dict(reversed(bars.items())), links)
        pd.testing.assert_frame_equal(pd.DataFrame(segments), pd.DataFrame(kept))
        pd.testing.assert_frame_equal(pd.DataFrame(cut), pd.DataFrame(again))
        assert cut.dtypes.equals(segments.dtypes)
        assert cut.crs == segments.crs
        assert (np.diff(source) >= 0).all()
        old = cut[source < len(segments)]
        lengths = old["length_mm"].groupby(source[source < len(segments)]).sum()
        np.testing.assert_array_equal(lengths, segments["length_mm"])
        assert (cut["length_mm"] > 0).all()
        for profile in (ADULT, BUGGY):
            before = WalkNetwork.of(segments, profile)
            after = network_after(before, cut, source)
            parts = after.owner < len(before.start)
            np.testing.assert_array_equal(
                np.bincount(after.owner[parts], weights=after.cost[parts]), before.cost
            )  # to the millimetre, whatever the factor
            ends = shapely.get_point(after.lines, 0), shapely.get_point(after.lines, -1)
            spots = pd.Series(np.concatenate(ends)).groupby(np.concatenate([after.start, after.end]))
            for _, at in spots:  # one junction is one place
                assert shapely.distance(at.iloc[0], at.to_numpy()).max() < 1e-6

    def test_nothing_to_do_is_the_same_table(self, table):
        segments = table(1)
        cut, source = cut_segments(segments, {}, [])
        pd.testing.assert_frame_equal(pd.DataFrame(cut), pd.DataFrame(segments))
        assert source.tolist() == list(range(len(segments)))

    def test_a_junction_is_barred_for_everything_that_meets_there(self, draw):
        nodes = {"m": (0, 0), "w": (-900, 0), "e": (900, 0), "n": (0, 900)}
        segments = segments_from(draw(nodes, [((one, "m"), STREET) for one in "wen"]))
        middle = pd.concat([segments["start"], segments["end"]]).mode()[0]
        end = int(segments["length_mm"][0]) if segments["end"][0] == middle else 0
        cut, _ = cut_segments(segments, {Spot(0, end): 3}, [])
        assert len(cut) == 3
        assert cut["start_barred"].sum() + cut["end_barred"].sum() == 9

    @given(st.floats(0, 1), st.integers(1, 10_000_000))
    def test_a_spot_is_on_its_street_and_near(self, share, length):
        spot = spot_at(7, share, length)
        assert 0 <= spot.mm <= length
        assert spot.mm % UNIT_MM == 0 or spot.mm == length
        assert abs(spot.mm - share * length) <= UNIT_MM / 2 + 1e-6
        assert spot_at(7, 0.0, length).mm == 0
        assert spot_at(7, 1.0, length).mm == length


class TestTheWalk:
    """The search on cut streets."""

    @given(st.integers(0, 10_000), st.sampled_from(["buggy", "adult"]))
    def test_it_is_what_a_program_finds_that_cuts_nothing(self, table, seed, profile):
        segments, network, homes, sites = joined_town(table, seed, profile)
        bars, links = random_changes(np.random.default_rng(seed), segments)
        cut, source = cut_segments(segments, bars, links)
        after = network_after(network, cut, source)
        snaps, doors = network.snap(homes), network.doors(sites.geometry.to_numpy())
        laid = cut["length_mm"].to_numpy()[source == len(segments)]
        links = [link for link in links if _ends(segments, link[0]) != _ends(segments, link[1])]
        expected = by_points.walks(segments, network, snaps, doors, bars=bars, links=links, link_mm=laid)
        found = nearest(after, sites).cost(after.snap(homes))[0]
        np.testing.assert_array_equal(found, expected)
        np.testing.assert_array_equal(found, by_scipy.Walks(after, after.snap(homes), sites).to_nearest([0, 1, 2]))

    @given(st.integers(0, 10_000), st.sampled_from(["buggy", "adult"]))
    def test_a_barrier_never_shortens_and_a_new_way_never_lengthens(self, table, seed, profile):
        segments, network, homes, sites = joined_town(table, seed, profile)
        bars, links = random_changes(np.random.default_rng(seed), segments)
        was = nearest(network, sites).cost(network.snap(homes))[0]

        def then(bars, links):
            after = network_after(network, *cut_segments(segments, bars, links))
            return nearest(after, sites).cost(after.snap(homes))[0]

        assert (then(bars, []) >= was).all()
        assert (then({}, links) <= was).all()
        np.testing.assert_array_equal(then(dict.fromkeys(bars, 0), []), was)  # cut and not barred is as it was
        only_prams = then(dict.fromkeys(bars, 2), [])
        np.testing.assert_array_equal(
            only_prams, then(bars | dict.fromkeys(bars, 3), []) if profile == "buggy" else was
        )

    @given(st.integers(0, 10_000))
    def test_a_pram_is_never_quicker_than_an_adult(self, draw, lattice, seed):
        nodes, ways = lattice(np.random.default_rng(seed))
        segments = segments_from(draw(nodes, [(passed, STREET) for passed, _ in ways]))  # nothing that a pram avoids
        bars, links = random_changes(np.random.default_rng(seed), segments)
        cut, source = cut_segments(segments, bars, links)
        homes, sites = points(seed + 1, 40), sites_of(points(seed + 2, 2))
        adult, pram = (network_after(WalkNetwork.of(segments, who), cut, source) for who in (ADULT, BUGGY))
        costs = [nearest(on, sites).cost(on.snap(homes))[0] for on in (adult, pram)]
        assert (costs[1] >= costs[0]).all()

    def test_points_keep_their_place(self, table):
        segments, network, homes, sites = joined_town(table, 5)
        snaps = network.snap(homes)
        bars, links = random_changes(np.random.default_rng(5), segments, bars=30)
        after = network_after(network, *cut_segments(segments, bars, links))
        moved = after.carried(snaps)
        on = snaps.segment >= 0
        assert (after.owner[moved.segment[on]] == snaps.segment[on]).all()
        np.testing.assert_array_equal(after.begin[0][moved.segment[on]] + moved.cost[on], snaps.cost[on])
        np.testing.assert_array_equal(moved.leg, snaps.leg)
        np.testing.assert_array_equal(moved.snap_m, snaps.snap_m)
        at = shapely.line_interpolate_point(
            after.lines[moved.segment[on]], moved.cost[on] / after.cost[moved.segment[on]], normalized=True
        )
        assert np.abs(shapely.distance(at, homes[on]) - snaps.snap_m[on]).max() < 2e-3
        assert not moved.segment.flags.writeable
        doors, then = network.doors(sites.geometry.to_numpy()), after.doors(sites.geometry.to_numpy())
        assert (then.high - then.low).sum() == (doors.high - doors.low).sum()
        assert set(then.site) == set(doors.site)

    def test_who_lives_at_a_cut_is_on_the_part_that_leads_up_to_it(self, draw):
        segments = segments_from(draw({"a": (0, 0), "b": (3000, 0)}, [(("a", "b"), STREET)]))
        network = WalkNetwork.of(segments, ADULT)
        after = network_after(network, *cut_segments(segments, {Spot(0, 1_000_000): 3}, []))
        at = np.array([999_999, 1_000_000, 1_000_001], np.int32)
        homes = network.snap(shapely.points([np.add((500, 0), ORIGIN)] * 3))._replace(cost=at, length=at)
        moved = after.carried(homes)
        assert moved.segment.tolist() == [0, 0, 1]
        assert moved.cost.tolist() == moved.length.tolist() == [999_999, 1_000_000, 1]

    def test_off_the_network_stays_off(self, town, at):
        network = town({"a": (0, 0), "b": (3000, 0)}, [(("a", "b"), STREET)])
        segments = pd.DataFrame(
            {
                "start": network.start, "end": network.end, "length_mm": network.length, "foot_factor": 1.0,
                "pram_factor": 1.0, "start_barred": np.zeros(1, np.uint8), "end_barred": np.zeros(1, np.uint8),
            }
        )  # fmt: skip
        streets = gpd.GeoDataFrame(segments, geometry=list(network.lines), crs=BNG)
        after = network_after(network, *cut_segments(streets, {Spot(0, 1_000_000): 3}, []))
        homes = at({"near": (500, 10), "far": (500, 300), "behind": (1500, 0)})
        walked = reach(after, homes, at({"centre": (100, 0)}).rename_axis("site_id"))
        assert walked["reached"].tolist() == ["yes", "off_network", "no_route"]
        assert walked["metres"].iloc[0] == pytest.approx(410, rel=4e-3)

    def test_a_site_more_or_less_on_cut_streets(self, draw, lattice):
        case = random_town((draw, lattice), 3)
        rng = np.random.default_rng(3)
        segments = segments_from(draw(*lattice(rng, columns=9, rows=8)))
        network = WalkNetwork.of(segments, BUGGY)
        after = network_after(network, *cut_segments(segments, *random_changes(rng, segments, bars=9)))
        sites = case.places.iloc[:4]
        whole = nearest(after, sites, among=sites.index)
        fewer = whole.without_site("p82").with_site("p82", sites.geometry["p82"])
        for one, other in zip(whole.labels, fewer.labels, strict=True):
            np.testing.assert_array_equal(one, other)


def _ends(segments, spot):
    """The junction that a spot is, or the spot."""
    length = segments["length_mm"][spot.row]
    if 0 < spot.mm < length:
        return spot
    return int(segments["end" if spot.mm else "start"][spot.row])
