"""The walk: hand-drawn towns, SciPy as the checker, and what one site more or less changes."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from geo import profiles
from geo.access import nearest, reach, within
from geo.crs import BNG, great_circle_m, to_bng
from geo.errors import RequestError, UnknownNameError
from geo.network import WalkNetwork, segments_from
from geo.profiles import ADULT, BUGGY, PROFILES

STREET = {"highway": "residential"}
LONG = {"a": (0, 0), "b": (1000, 0), "c": (2500, 0)}  # over 2 km, so that it is joined to
WAY = [(("a", "b", "c"), STREET)]


def sites(at, points):
    return at(points).rename_axis("site_id")


def minutes(metres, speed):
    return metres / (speed * 1000 / 60)


class TestByHand:
    """Walks that can be worked out on paper."""

    def test_the_walk_is_along_the_street_with_both_legs(self, town, at):
        got = reach(town(LONG, WAY), at({"home": (200, 30)}), sites(at, {"centre": (1200, -40)})).loc["home"]
        assert got["minutes"] == pytest.approx(minutes(30 + 1000 + 40, 4.0), rel=4e-3)
        assert got["metres"] == pytest.approx(1070, rel=4e-3)
        assert got["snap_m"] == pytest.approx(30, abs=0.02)
        assert (got["site_id"], got["reached"]) == ("centre", "yes")

    @pytest.mark.parametrize(("profile", "speed"), [("adult", 4.8), ("buggy", 4.0), ("toddler", 3.2)])
    def test_each_profile_walks_at_its_speed(self, town, at, profile, speed):
        got = reach(town(LONG, WAY, profile=profile), at({"home": (0, 0)}), sites(at, {"s": (800, 0)})).loc["home"]
        assert got["minutes"] == pytest.approx(minutes(800, speed), rel=4e-3)
        assert got["metres"] == pytest.approx(800, rel=4e-3)  # metres are metres whoever walks

    def test_of_two_sites_at_one_door_the_first_is_the_nearest(self, town, at):
        network = town(LONG | {"d": (1000, 800)}, [*WAY, (("b", "d"), STREET)])
        got = reach(network, at({"h": (1000, 400)}), sites(at, {"z": (300, 0), "a": (300, 0)})).loc["h"]
        assert got["site_id"] == "z"
        assert got["second_minutes"] == got["minutes"]

    def test_it_is_not_the_straight_line(self, town, at):
        bend = {"a": (0, 0), "b": (0, 1000), "c": (300, 1000), "d": (300, 0)}
        got = reach(town(bend, [(("a", "b", "c", "d"), STREET)]), at({"h": (0, 0)}), sites(at, {"s": (300, 0)}))
        assert got["metres"].iloc[0] == pytest.approx(2300, rel=4e-3)

    def test_steps_take_an_adult_three_times_as_long_and_stop_a_pram(self, town, at):
        nodes = LONG | {"d": (2600, 0), "e": (3600, 0)}
        ways = [*WAY, (("c", "d"), {"highway": "steps"}), (("d", "e"), STREET)]
        home, centre = at({"h": (2000, 0)}), sites(at, {"s": (3000, 0)})
        walked = reach(town(nodes, ways, profile="adult"), home, centre).loc["h"]
        assert walked["minutes"] == pytest.approx(minutes(500 + 3 * 100 + 400, 4.8), rel=4e-3)
        assert walked["metres"] == pytest.approx(1000, rel=4e-3)
        # the far side is shorter than 2 km, so a pram cannot join it and the centre has no door
        assert reach(town(nodes, ways), home, centre).loc["h", "reached"] == "no_route"

    def test_a_pram_is_slowed_by_grass(self, town, at):
        ways = [(("a", "b"), STREET | {"surface": "grass"}), (("b", "c"), STREET)]
        got = reach(town(LONG, ways), at({"h": (500, 0)}), sites(at, {"s": (1500, 0)})).loc["h"]
        assert got["minutes"] == pytest.approx(minutes(1.5 * 500 + 500, 4.0), rel=4e-3)

    def test_a_kissing_gate_is_walked_up_to_from_both_sides_but_not_through(self, town, at):
        nodes = {"a": (0, 0), "b": (2500, 0), "c": (5000, 0)}
        drawing = (nodes, [(("a", "b", "c"), STREET)], {"b": {"barrier": "kissing_gate"}})
        homes = at({"left": (2400, 0), "right": (2600, 0)})
        at_gate = sites(at, {"s": (2499, 0)})
        pram = reach(town(*drawing), homes, at_gate)
        assert pram.loc["left", "metres"] == pytest.approx(99, rel=4e-3)
        assert pram.loc["right", "reached"] == "no_route"
        adult = reach(town(*drawing, profile="adult"), homes, at_gate)
        assert adult.loc["right", "metres"] == pytest.approx(101, rel=4e-3)

    def test_a_gate_where_streets_meet_closes_every_one_of_them(self, town, at):
        nodes = {"x": (0, 0), "e": (2500, 0), "n": (0, 2500), "w": (-2500, 0)}
        ways = [(("e", "x", "w"), STREET), (("x", "n"), STREET)]
        got = reach(
            town(nodes, ways, {"x": {"barrier": "gate", "access": "private"}}),
            at({"e": (100, 0), "w": (-100, 0), "n": (0, 100)}),
            sites(at, {"s": (200, 0)}),
        )
        assert got["reached"].to_dict() == {"e": "yes", "w": "no_route", "n": "no_route"}

    def test_beyond_250_m_is_off_network_and_never_zero(self, town, at):
        homes = at({"near": (500, 249), "off": (500, 251), "nowhere": (500, 0)})
        homes.loc["nowhere", "geometry"] = None
        got = reach(town(LONG, WAY), homes, sites(at, {"s": (1000, 0)}))
        assert list(got.index) == ["near", "off", "nowhere"]
        assert got["reached"].to_dict() == {"near": "yes", "off": "off_network", "nowhere": "off_network"}
        assert got.loc[["off", "nowhere"], ["minutes", "metres", "site_id"]].isna().all(axis=None)

    def test_parts_under_two_kilometres_are_not_joined_to(self, town, at):
        nodes = LONG | {"p": (500, 100), "q": (1500, 100)}
        got = reach(town(nodes, [*WAY, (("p", "q"), STREET)]), at({"h": (800, 95)}), sites(at, {"s": (900, 0)})).loc[
            "h"
        ]
        assert got["snap_m"] == pytest.approx(95, abs=0.05)  # past the yard at 5 m
        assert got["metres"] == pytest.approx(195, rel=4e-3)

    def test_home_and_site_on_one_segment_do_not_walk_to_its_ends(self, town, at):
        got = reach(town(LONG, WAY), at({"h": (1100, 0)}), sites(at, {"s": (1150, 0)})).loc["h"]
        assert got["metres"] == pytest.approx(50, rel=4e-3)

    def test_a_site_without_a_point_or_off_the_map_is_not_walked_to(self, town, at):
        three = sites(at, {"lost": (0, 0), "far": (1000, 9000), "here": (2400, 0)})
        three.loc["lost", "geometry"] = None
        got = reach(town(LONG, WAY), at({"h": (0, 0)}), three).loc["h"]
        assert (got["site_id"], got["second_site_id"]) == ("here", got["second_site_id"])
        assert pd.isna(got["second_site_id"])
        assert pd.isna(got["second_minutes"])

    def test_no_site_at_all_is_no_route(self, town, at):
        got = reach(town(LONG, WAY), at({"h": (0, 0)}), sites(at, {}))
        assert got["reached"].tolist() == ["no_route"]

    def test_second_nearest_is_another_site(self, town, at):
        two = sites(at, {"far": (2000, 0), "near": (1000, 0)})
        got = reach(town(LONG, WAY), at({"h": (900, 0)}), two).loc["h"]
        assert (got["site_id"], got["second_site_id"]) == ("near", "far")
        assert got["second_minutes"] == pytest.approx(minutes(1100, 4.0), rel=4e-3)


class TestAreaSites:
    """Sites drawn as areas have many entrances."""

    def park(self, at, west, south, east, north):
        box = shapely.box(west, south, east, north)
        moved = shapely.transform(box, lambda xy: xy + np.array([450_000.0, 90_000.0]))
        return gpd.GeoDataFrame(index=pd.Index(["park"], name="site_id"), geometry=[moved], crs=BNG)

    def test_it_is_entered_where_a_street_first_comes_within_15_m(self, town, at):
        park = self.park(at, 600, 10, 900, 200)  # its outline is 10 m from the street
        got = reach(town(LONG, WAY), at({"west": (100, 0), "east": (1400, 0), "along": (700, 0)}), park)
        edge = np.sqrt(15**2 - 10**2)  # the buffer meets the street a little before the corner
        assert got.loc["west", "metres"] == pytest.approx(500 - edge, abs=3)
        assert got.loc["east", "metres"] == pytest.approx(500 - edge, abs=3)
        assert got.loc["along", "metres"] == pytest.approx(0, abs=0.01)

    def test_a_street_inside_it_is_an_entrance(self, town, at):
        got = reach(town(LONG, WAY), at({"h": (100, 0)}), self.park(at, 500, -300, 900, 300)).loc["h"]
        assert got["metres"] == pytest.approx(400 - 15, abs=3)

    def test_with_no_street_near_it_is_a_point(self, town, at):
        got = reach(town(LONG, WAY), at({"h": (100, 0)}), self.park(at, 500, 50, 700, 150)).loc["h"]
        assert got["metres"] == pytest.approx(500 + 100, abs=4)

    def test_a_street_of_no_length_beside_it_spoils_nothing(self, town, at):
        nodes = LONG | {"z": (1000.001, 0), "n": (1000, 800)}  # z and b are one point on the grid
        ways = [(("a", "b"), STREET), (("b", "z"), STREET), (("z", "c"), STREET), (("b", "n"), STREET)]
        got = reach(town(nodes, ways), at({"h": (0, 0)}), self.park(at, 990, -10, 1010, 10)).loc["h"]
        assert got["metres"] == pytest.approx(990 - 15, abs=4)

    def test_a_street_that_crosses_itself_is_entered_where_it_crosses_not_all_along_its_loop(self, town, at):
        nodes = {"a": (0, 0), "b": (500, 0), "c": (500, 1000), "d": (250, 1000), "e": (250, -1000)}
        network = town(nodes, [(("a", "b", "c", "d", "e"), STREET)])
        got = reach(network, at({"far": (500, 600), "before": (200, 0)}), self.park(at, 240, -10, 260, 10))
        assert got.loc["far", "metres"] == pytest.approx(600 + 225, abs=5)
        assert got.loc["before", "metres"] == pytest.approx(50 - 25, abs=3)

    def test_mapped_entrances_are_used(self, town, at):
        gates = shapely.MultiPoint([(450_500, 90_000), (452_000, 90_000)])
        park = gpd.GeoDataFrame(index=pd.Index(["park"], name="site_id"), geometry=[gates], crs=BNG)
        got = reach(town(LONG, WAY), at({"h": (1900, 0), "g": (0, 0)}), park)
        assert got["metres"].tolist() == pytest.approx([100, 500], rel=4e-3)


def uncontracted(drawn, profile, points):
    """Walks between points by SciPy on every node of every way: no contraction, no segments, no kernels of ours."""
    factor = profiles.way_factors(drawn.ways, profile.rules)
    first, second, cost = [], [], []
    for w in range(len(drawn.ways)):
        passed = drawn.node[drawn.offset[w] : drawn.offset[w + 1]]
        for a, b in zip(passed[:-1], passed[1:], strict=True):
            if not np.isnan(factor[w]):
                metres = great_circle_m(
                    *(np.array([v]) for v in (drawn.lon[a], drawn.lat[a], drawn.lon[b], drawn.lat[b]))
                )
                first.append(a), second.append(b), cost.append(metres[0] * factor[w])
    x, y = to_bng(drawn.lon, drawn.lat)
    lines = shapely.linestrings([[(x[a], y[a]), (x[b], y[b])] for a, b in zip(first, second, strict=True)])
    rows, columns, values = list(first), list(second), list(cost)
    on_line = {}
    for p, point in enumerate(points):
        away = shapely.distance(lines, point)
        line = int(np.argmin(away))
        if away[line] > 250:
            continue
        share = shapely.line_locate_point(lines[line], point, normalized=True)
        node = len(drawn.lon) + p
        rows += [node, node]
        columns += [first[line], second[line]]
        values += [away[line] + share * cost[line], away[line] + (1 - share) * cost[line]]
        for other, (at_share, leg) in on_line.get(line, {}).items():
            rows.append(node), columns.append(other)
            values.append(away[line] + leg + abs(share - at_share) * cost[line])
        on_line.setdefault(line, {})[node] = (share, away[line])
    size = len(drawn.lon) + len(points)
    # parallel streets: SciPy would add them up
    table = pd.DataFrame({"a": np.minimum(rows, columns), "b": np.maximum(rows, columns), "v": values})
    table = table.groupby(["a", "b"], as_index=False)["v"].min()
    graph = sp.coo_matrix((table["v"], (table["a"], table["b"])), shape=(size, size)).tocsr()
    # a point may be passed only as an end, never on the way: one search from each
    every = np.full((len(points), len(points)), np.inf)
    first_point = len(drawn.lon)
    last = table[table["b"] >= first_point]  # what leads to a point, which is the end with the greater number
    to, from_, leg = last["b"].to_numpy() - first_point, last["a"].to_numpy(), last["v"].to_numpy()
    for p in range(len(points)):
        keep = np.r_[0:first_point, first_point + p]
        reached = dijkstra(graph[keep][:, keep], directed=False, indices=first_point)
        reached = np.append(reached[:first_point], np.full(len(points), np.inf))
        np.minimum.at(every[p], to, reached[from_] + leg)
        own = (to == p) & (from_ >= first_point), from_ == first_point + p  # two points on one line
        np.minimum.at(every[p], from_[own[0]] - first_point, leg[own[0]])
        np.minimum.at(every[p], to[own[1]], leg[own[1]])
    return every


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("profile", ["adult", "buggy"])
def test_scipy_on_every_node_gives_the_same_walks(seed, profile, draw, lattice, monkeypatch):
    monkeypatch.setattr("geo.network.PART_LIMIT_M", 0.0)  # the checker joins to every part
    rng = np.random.default_rng(seed)
    drawn = draw(*lattice(rng))
    network = WalkNetwork.of(segments_from(drawn), PROFILES[profile])
    xy = rng.uniform(-200, 1100, (24, 2)) + (450_000, 90_000)
    points = shapely.points(xy)
    every = uncontracted(drawn, PROFILES[profile], points)
    homes = gpd.GeoDataFrame(
        {"area_code": "E01000001"}, index=[f"h{i}" for i in range(16)], geometry=points[:16], crs=BNG
    )
    places = gpd.GeoDataFrame(index=[f"s{i}" for i in range(8)], geometry=points[16:], crs=BNG)
    got = reach(network, homes, places)
    walks = np.sort(every[:16, 16:], axis=1) / (1000 * PROFILES[profile].speed_kmh / 60)
    for column, nth in (("minutes", 0), ("second_minutes", 1)):
        expected = np.where(np.isfinite(walks[:, nth]), walks[:, nth], np.nan)
        np.testing.assert_allclose(got[column], expected, atol=0.01)
    best = np.argmin(every[:16, 16:], axis=1)
    known = got["reached"] == "yes"
    assert known.sum() >= 8
    finite = np.nan_to_num(walks, posinf=1e9)
    clear = known & (finite[:, 1] - finite[:, 0] > 0.02)
    assert (got["site_id"][clear] == [f"s{i}" for i in best[clear.to_numpy()]]).all()
    near = within(network, points[16], homes, minutes=9)
    expected = every[:16, 16] / (1000 * PROFILES[profile].speed_kmh / 60)
    assert set(near.index) == {f"h{i}" for i in np.flatnonzero(expected <= 9)}
    np.testing.assert_allclose(near.to_numpy(), np.sort(expected[expected <= 9]), atol=0.01)


@pytest.fixture(scope="module")
def grid(draw, lattice):
    """A network, homes and sites on it."""
    rng = np.random.default_rng(11)
    network = WalkNetwork.of(segments_from(draw(*lattice(rng, columns=12, rows=10))), BUGGY)
    points = shapely.points(rng.uniform(-100, 1900, (140, 2)) + (450_000, 90_000))
    homes = gpd.GeoDataFrame(
        {"area_code": "E01000001"}, index=[f"h{i}" for i in range(120)], geometry=points[:120], crs=BNG
    )
    places = gpd.GeoDataFrame(index=[f"s{i}" for i in range(20)], geometry=points[120:], crs=BNG)
    return network, homes, places


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@given(moves=st.lists(st.integers(0, 19), min_size=1, max_size=12), start=st.sets(st.integers(0, 19), min_size=1))
def test_coming_and_going_equals_starting_over_bit_for_bit(grid, moves, start):
    network, homes, places = grid
    snaps = network.snap(homes.geometry.to_numpy())
    # all numbers are known from the start, so that ties fall alike
    state = nearest(network, places)
    for number in set(range(20)) - start:
        state = state.without_site(f"s{number}")
    here = set(start)
    for number in moves:
        before = state.cost(snaps)[0].astype(np.int64)
        if number in here:
            here.discard(number)
            state = state.without_site(f"s{number}")
            assert (state.cost(snaps)[0] >= before).all()  # closing never shortens
        else:
            here.add(number)
            state = state.with_site(f"s{number}", places.geometry.iloc[number])
            assert (state.cost(snaps)[0] <= before).all()  # adding never lengthens
    kept = places.copy()
    kept.loc[[f"s{n}" for n in set(range(20)) - here], "geometry"] = None
    assert same(state.labels, nearest(network, kept).labels)
    assert same(state.cost(snaps), nearest(network, kept).cost(snaps))


def test_closing_and_reopening_restores_exactly_and_leaves_the_first_alone(grid):
    network, _, places = grid
    first = nearest(network, places)
    kept = [values.copy() for values in first.labels]
    again = first.without_site("s3").with_site("s3", places.geometry.loc["s3"])
    assert same(again.labels, first.labels)
    assert same(first.labels, kept)


def test_nearest_and_reach_agree(grid):
    network, homes, places = grid
    cost, site, _ = nearest(network, places).cost(network.snap(homes.geometry.to_numpy()))
    table = reach(network, homes, places)
    np.testing.assert_array_equal(network.minutes(cost), table["minutes"])
    assert [None if s < 0 else f"s{s}" for s in site] == [None if pd.isna(s) else s for s in table["site_id"]]
    assert (table["second_minutes"].dropna() >= table.loc[table["second_minutes"].notna(), "minutes"]).all()


def test_a_pram_is_never_faster_than_an_adult_from_the_same_joining_points(draw, lattice):
    rng = np.random.default_rng(21)
    nodes, ways = lattice(rng, columns=12, rows=10)
    segments = segments_from(draw(nodes, ways))
    adult, pram = (WalkNetwork.of(segments, profile) for profile in (ADULT, BUGGY))
    streets = [way for way in ways if way[1]["highway"] == "residential" and len(way[1]) == 1]
    middle = [np.mean([nodes[name] for name in way], axis=0) + (450_000, 90_000) for way, _ in streets]
    points = shapely.points(np.array(middle))
    homes = gpd.GeoDataFrame(
        {"area_code": "E01000001"}, index=[str(i) for i in range(len(points))], geometry=points, crs=BNG
    )
    places = homes.iloc[::25].rename_axis("site_id")
    walks = [reach(network, homes, places)["minutes"].fillna(np.inf) for network in (adult, pram)]
    assert (walks[1] >= walks[0] * (4.8 / 4.0) * (1 - 1e-9)).all()
    assert np.isfinite(walks[1]).sum() > 20


def test_a_site_is_added_once_and_only_a_known_one_is_closed(grid):
    network, _, places = grid
    state = nearest(network, places)
    with pytest.raises(RequestError, match="site s1 already"):
        state.with_site("s1", places.geometry.iloc[1])
    with pytest.raises(UnknownNameError, match="no site s99"):
        state.without_site("s99")


def test_arrays_cannot_be_written_to(grid):
    network, homes, _ = grid
    with pytest.raises(ValueError, match="read-only"):
        network.cost[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        network.snap(homes.geometry.to_numpy()).leg[0] = 1
