"""Other readings of the streets, against the same streets drawn with other tags and walked by SciPy."""

from __future__ import annotations

import numpy as np
import pytest

from geo import network, paths
from geo.access import reach_from
from geo.network import WalkNetwork, assumed_parts, contracted, segments_from
from geo.profiles import ADULT, BUGGY
from geo.readings import AS_TAGGED, READINGS, Reading, assumed_metres, reach_read, segments_read
from geo.tables import Assumed, check
from tests.geo import by_scipy

ROAD, PATH = {"highway": "residential"}, {"highway": "footway"}
ROW = {name: (100 * i, 0) for i, name in enumerate("abcdefgh")}

TAGS = (
    ROAD, PATH, PATH | {"surface": "asphalt"}, {"highway": "cycleway"}, {"highway": "path", "foot": "permissive"},
    {"highway": "service", "access": "private", "foot": "yes"}, {"highway": "steps", "ramp": "yes"},
    {"highway": "steps", "ramp": "yes", "wheelchair": "yes"}, PATH | {"footway": "sidewalk"},
)  # fmt: skip
OTHERWISE = {
    "pessimistic": [{}, {"surface": "mud"}, {}, {"surface": "mud"}, {"surface": "mud"}, {}, {"ramp": "no"}, {}, {}],
    "no_cycleways": [{"foot": "no"} if tags["highway"] == "cycleway" else {} for tags in TAGS],
    "no_private": [{"foot": "no"} if i in (4, 5) else {} for i in range(len(TAGS))],
}
"""The tags that say outright what a reading assumes of each of `TAGS`."""


@pytest.fixture
def assumed_of(draw):
    """A function from a drawing to its segments and what is assumed of them."""

    def make(nodes, ways, at=None):
        drawn = draw(nodes, ways, at)
        segments, chains = contracted(drawn)
        return segments, check(Assumed, assumed_parts(drawn, chains, segments), "drawing")

    return make


def test_what_is_assumed_of_each_piece(assumed_of):
    ways = [((a, b), tags) for a, b, tags in zip("abcdef", "bcdefg", TAGS, strict=False)]
    gates = {"b": {"barrier": "gate"}, "d": {"barrier": "gate", "access": "yes"}, "e": {"barrier": "stile"}}
    segments, found = assumed_of(ROW, ways, gates)
    length = segments["length_mm"].to_numpy()[found["segment"]]
    metres = ((found["end_mm"] - found["begin_mm"]) / 1000).round()
    total = {name: metres[found[name]].sum() for name in ("ground_unknown", "ramp_untyped", "cycleway", "by_leave")}
    assert total == {"ground_unknown": 300, "ramp_untyped": 0, "cycleway": 100, "by_leave": 200}
    gate = found[found["gate_untagged"]]
    assert set(gate["begin_mm"] - gate["end_mm"]) == {0}
    assert ((gate["begin_mm"] == 0) | (gate["begin_mm"] == length[found["gate_untagged"]])).all()  # where a way begins
    _, ramp = assumed_of(ROW, [(("a", "b"), TAGS[6]), (("c", "d"), TAGS[7])])
    assert len(ramp) == 1
    assert ramp["ramp_untyped"].all()


@pytest.mark.parametrize("profile", [BUGGY, ADULT], ids=["pram", "foot"])
@pytest.mark.parametrize("reading", OTHERWISE)
def test_a_reading_is_the_same_as_other_tags_walked_from_nothing_by_scipy(
    draw, lattice, at, monkeypatch, reading, profile
):
    monkeypatch.setattr(network, "PART_LIMIT_M", 0)
    differs = 0
    for seed in range(2):
        rng = np.random.default_rng(seed)
        nodes, edges = lattice(rng)
        kinds = rng.choice(len(TAGS), len(edges), p=[0.28, *[0.09] * 8])
        gates = {str(name): {"barrier": "gate"} for name in rng.choice(list(nodes), 6, replace=False)}
        drawn = draw(nodes, [(names, TAGS[kind]) for (names, _), kind in zip(edges, kinds, strict=True)], gates)
        segments, chains = contracted(drawn)
        assumed = assumed_parts(drawn, chains, segments)
        homes = at({f"h{i}": tuple(rng.uniform(0, 900, 2)) for i in range(80)})
        sites = at({f"s{i}": tuple(rng.uniform(0, 900, 2)) for i in range(3)})

        before = WalkNetwork.of(segments, profile)
        read = WalkNetwork.of(segments_read(segments, assumed, READINGS[reading])[0], profile)
        points, areas = homes.geometry.to_numpy(), homes["area_code"]
        walked = reach_from(read, read.snap(points), areas, sites)["minutes"].to_numpy()

        told = [(names, TAGS[kind] | OTHERWISE[reading][kind]) for (names, _), kind in zip(edges, kinds, strict=True)]
        stiles = {name: {"barrier": "stile"} for name in gates} if reading == "pessimistic" else gates
        other = WalkNetwork.of(segments_from(draw(nodes, told, stiles)), profile)
        cost = by_scipy.walks(other, other.snap(points), sites).min(axis=0)
        expected = other.minutes(np.where(cost > paths.FAR // 2, paths.FAR, cost).astype(np.int32))
        # a place along a street is a share of the whole chain, which is cut elsewhere here: up to a metre
        np.testing.assert_allclose(walked, expected, atol=0.015, equal_nan=True)

        tagged = reach_from(before, before.snap(points), areas, sites)["minutes"].to_numpy()
        differs += int((np.nan_to_num(walked, nan=999) - np.nan_to_num(tagged, nan=999) > 0.01).sum())
    assert (differs > 0) == (reading != "pessimistic" or profile is BUGGY)


@pytest.mark.parametrize("reading", READINGS)
def test_no_reading_shortens_a_walk_and_no_home_is_dropped(draw, lattice, at, reading):
    for seed in range(2):
        rng = np.random.default_rng(seed)
        nodes, edges = lattice(rng)
        gates = {str(name): {"barrier": "gate"} for name in rng.choice(list(nodes), 9, replace=False)}
        drawn = draw(nodes, [(names, tags | {"foot": "permissive"} if i % 9 else tags) for i, (names, tags) in enumerate(edges)], gates)  # fmt: skip
        segments, chains = contracted(drawn)
        network_as_tagged = WalkNetwork.of(segments, BUGGY)
        homes = at({f"h{i}": tuple(rng.uniform(0, 1200, 2)) for i in range(80)})
        sites, points = at({f"s{i}": tuple(rng.uniform(0, 900, 2)) for i in range(3)}), homes.geometry.to_numpy()
        tagged = reach_from(network_as_tagged, network_as_tagged.snap(points), homes["area_code"], sites)
        assumed = assumed_parts(drawn, chains, segments)
        found = reach_read(tagged, network_as_tagged, points, segments, assumed, READINGS[reading], sites)
        assert ((found["reached"] == "off_network") == (tagged["reached"] == "off_network")).all()
        assert (found["minutes"].isna() == (found["reached"] != "yes")).all()
        assert (found["minutes"].fillna(999) >= tagged["minutes"].fillna(999)).all()
        assert (found["minutes"].fillna(999) > tagged["minutes"].fillna(999)).any() == (reading != "as_tagged")


def test_as_tagged_nothing_is_cut(assumed_of):
    segments, assumed = assumed_of(ROW, [(("a", "b", "c"), ROAD)])
    assert not len(assumed)
    table, row = segments_read(segments, assumed, Reading(cycleway=True, gate_untagged=True))
    assert table.equals(segments)
    assert row.tolist() == [0]
    assert AS_TAGGED.taken == []


def test_metres_that_are_assumed_are_those_of_the_pieces_walked(assumed_of, at, monkeypatch):
    monkeypatch.setattr(network, "PART_LIMIT_M", 0)
    ways = [(("a", "b"), ROAD), (("b", "c", "d"), PATH), (("d", "e"), PATH | {"surface": "paved"})]
    segments, assumed = assumed_of(ROW, ways)
    homes, sites = at({"h": (10, 5), "i": (150, 5), "j": (380, 5)}), at({"s": (390, 30)})
    before = WalkNetwork.of(segments, BUGGY)
    metres = assumed_metres(before, homes.geometry.to_numpy(), segments, assumed, sites)
    assert metres == pytest.approx([200, 150, 0], rel=0.005, abs=0.1)
