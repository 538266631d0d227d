"""Contraction: ways to segments."""

from __future__ import annotations

import numpy as np
import pytest

from geo.crs import great_circle_m
from geo.network import WalkNetwork, open_segments, save_segments, segments_from
from geo.profiles import ADULT, BUGGY

STREET = {"highway": "residential"}


def ends(segments):
    return sorted(tuple(sorted(pair)) for pair in zip(segments["start"], segments["end"], strict=True))


def test_a_great_circle_length_is_that_of_the_sphere():
    # one degree of latitude on a sphere of radius 6,371,009 m
    one = great_circle_m(np.array([-1.3]), np.array([50.0]), np.array([-1.3]), np.array([51.0]))
    assert one[0] == pytest.approx(6_371_009 * np.pi / 180)
    # at 60 degrees north a degree of longitude is half as long: a flipped axis would show here
    half = great_circle_m(np.array([0.0]), np.array([60.0]), np.array([1.0]), np.array([60.0]))
    assert half[0] == pytest.approx(6_371_009 * np.pi / 360, rel=1e-4)


def test_nodes_of_degree_two_are_contracted_and_their_corners_kept(draw):
    nodes = {"a": (0, 0), "b": (100, 0), "c": (100, 100), "d": (200, 100)}
    segments = segments_from(draw(nodes, [(("a", "b", "c"), STREET), (("c", "d"), STREET)]))
    assert len(segments) == 1
    assert len(segments.geometry.iloc[0].coords) == 4
    assert segments["length_mm"].iloc[0] == pytest.approx(300_000, rel=5e-3)  # grid and sphere differ a little


def test_a_crossing_ends_segments(draw):
    nodes = {"w": (-100, 0), "e": (100, 0), "s": (0, -100), "n": (0, 100), "x": (0, 0)}
    segments = segments_from(draw(nodes, [(("w", "x", "e"), STREET), (("s", "x", "n"), STREET)]))
    assert len(segments) == 4
    assert np.bincount(np.concatenate([segments["start"], segments["end"]])).max() == 4


def test_a_change_of_character_ends_a_segment(draw):
    nodes = {"a": (0, 0), "b": (100, 0), "c": (120, 0), "d": (220, 0)}
    segments = segments_from(
        draw(nodes, [(("a", "b"), STREET), (("b", "c"), {"highway": "steps"}), (("c", "d"), STREET)])
    )
    assert len(segments) == 3
    assert np.isnan(segments["pram_factor"]).sum() == 1
    assert segments["foot_factor"].max() == 3


def test_a_way_is_broken_at_a_missing_node_not_bridged(draw):
    nodes = {"a": (0, 0), "b": (100, 0), "d": (300, 0), "e": (400, 0)}
    segments = segments_from(draw(nodes, [(("a", "b", "lost", "d", "e"), STREET)]))
    assert len(segments) == 2
    assert segments["length_mm"].sum() == pytest.approx(200_000, rel=5e-3)


def test_ways_that_nobody_may_use_are_not_kept(draw):
    nodes = {"a": (0, 0), "b": (100, 0), "c": (200, 0)}
    private = {"highway": "service", "access": "private"}
    segments = segments_from(draw(nodes, [(("a", "b"), STREET), (("b", "c"), private)]))
    assert len(segments) == 1


def test_a_gate_is_a_junction_that_bars_its_own_rules_only(draw):
    nodes = {"a": (0, 0), "b": (100, 0), "c": (200, 0)}
    segments = segments_from(draw(nodes, [(("a", "b", "c"), STREET)], {"b": {"barrier": "stile"}}))
    assert len(segments) == 2
    buggy, adult = (WalkNetwork.of(segments, profile) for profile in (BUGGY, ADULT))
    assert (~buggy.start_open | ~buggy.end_open).sum() == 2
    assert (adult.start_open & adult.end_open).all()
    assert len(buggy.graph.neighbour) == 0  # nothing passes through, from either side
    assert len(adult.graph.neighbour) == 4


def test_rings_and_loops_become_segments_with_two_ends(draw):
    ring = {"a": (0, 0), "b": (100, 0), "c": (100, 100), "d": (0, 100)}
    alone = segments_from(draw(ring, [(("a", "b", "c", "d", "a"), STREET)]))
    assert len(alone) == 2
    assert (alone["start"] != alone["end"]).all()
    assert alone["length_mm"].sum() == pytest.approx(400_000, rel=5e-3)
    tailed = segments_from(draw(ring | {"t": (-50, 0)}, [(("a", "b", "c", "d", "a"), STREET), (("t", "a"), STREET)]))
    assert (tailed["start"] != tailed["end"]).all()
    assert tailed["length_mm"].sum() == pytest.approx(450_000, rel=5e-3)


def test_two_ways_over_the_same_street_are_both_kept(draw):
    nodes = {"a": (0, 0), "b": (100, 0)}
    twice = segments_from(draw(nodes, [(("a", "b"), STREET), (("a", "b"), {"highway": "footway"})]))
    assert ends(twice) == [(0, 1), (0, 1)]


def test_no_length_is_lost(draw, lattice):
    rng = np.random.default_rng(3)
    nodes, ways = lattice(rng)
    drawn = draw(nodes, ways)
    segments = segments_from(drawn)
    steps = [(drawn.node[i], drawn.node[i + 1]) for i in range(len(drawn.node) - 1) if i + 1 not in drawn.offset]
    first, second = np.array(steps).T
    whole = great_circle_m(drawn.lon[first], drawn.lat[first], drawn.lon[second], drawn.lat[second]).sum()
    assert segments["length_mm"].sum() / 1000 == pytest.approx(whole, abs=0.001 * len(segments))


def test_numbering_the_nodes_otherwise_changes_no_segment(draw, lattice):
    nodes, ways = lattice(np.random.default_rng(4))
    shuffled = dict(sorted(nodes.items(), key=lambda item: hash(item[0]) % 97))
    one, other = (segments_from(draw(n, ways)) for n in (nodes, shuffled))
    assert sorted(one["length_mm"]) == sorted(other["length_mm"])
    assert ends(one) == ends(other)


def test_a_network_survives_the_disk(draw, lattice, tmp_path):
    segments = segments_from(draw(*lattice(np.random.default_rng(5))))
    save_segments(segments, tmp_path / "network.parquet")
    again = open_segments(tmp_path / "network.parquet")
    assert again.geometry.geom_equals_exact(segments.geometry, 0).all()
    columns = [name for name in segments.columns if name != "geometry"]
    for name in columns:
        np.testing.assert_array_equal(again[name], segments[name])
