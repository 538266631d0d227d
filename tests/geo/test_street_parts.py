"""Names along segments, and what stands on them."""

from __future__ import annotations

import pytest

from geo.network import contracted, street_parts, waypoints
from geo.tables import StreetParts, Waypoints, check

ROAD = {"highway": "residential"}
HIGH_STREET = {"highway": "primary", "name": " High  Street", "ref": "A1"}
ROW = {"a": (0, 0), "b": (100, 0), "c": (200, 0), "d": (300, 0)}


@pytest.fixture(scope="module")
def told(draw):
    """A function from a drawing to its two tables."""

    def make(nodes, ways, at=None):
        drawn = draw(nodes, ways, at)
        segments, chains = contracted(drawn)
        parts, met = (make(drawn, chains, segments) for make in (street_parts, waypoints))
        return segments, check(StreetParts, parts, "drawing"), check(Waypoints, met, "drawing")

    return make


def test_a_segment_of_several_ways_has_the_name_of_each(told):
    ways = [
        (("a", "b"), ROAD | {"name": "Church Path"}),
        (("c", "b"), ROAD),
        (("c", "d"), ROAD | {"name": "Mill Lane"}),
    ]
    segments, parts, _ = told(ROW, ways)
    assert len(segments) == 1
    length = segments["length_mm"].iloc[0]
    assert dict(zip(parts["name"], zip(parts["begin_mm"], parts["end_mm"], strict=True), strict=True)) in (
        {
            "Church Path": (0, pytest.approx(length / 3, abs=2)),
            "Mill Lane": (pytest.approx(length * 2 / 3, abs=2), length),
        },
        {
            "Mill Lane": (0, pytest.approx(length / 3, abs=2)),
            "Church Path": (pytest.approx(length * 2 / 3, abs=2), length),
        },
    )  # whichever way the segment runs; the middle has no row


def test_what_a_street_is(told):
    ways = [
        (("a", "b"), HIGH_STREET),
        (("b", "c"), {"highway": "track", "tracktype": "grade3", "prow_ref": "R63"}),
        (("c", "d"), {"highway": "path", "surface": "gravel"}),
    ]
    _, parts, _ = told(ROW, ways)
    parts = parts.set_index("main", append=True).reset_index(level="main").fillna("")
    rows = sorted(map(tuple, parts[["name", "ref", "main", "surface"]].to_numpy().tolist()))
    assert rows == [("", "", False, "gravel"), ("", "R63", False, "unpaved"), ("High Street", "A1", True, "")]


def test_what_stands_on_a_street_stands_on_each_segment_that_ends_there(told):
    at = {
        "b": {"barrier": "kissing_gate"},
        "c": {"highway": "crossing", "crossing": "zebra"},
        "d": {"barrier": "hedge"},
    }
    segments, _, met = told(ROW, [(("a", "b", "c", "d"), ROAD)], at)
    assert len(segments) == 2  # a pram cannot pass the kissing gate
    assert sorted(met["kind"]) == ["kissing_gate", "kissing_gate", "zebra_crossing"]
    assert met["segment"].is_monotonic_increasing
    here = segments.geometry.iloc[met["segment"]].reset_index(drop=True)
    assert (here.distance(met.geometry) < 0.01).all()
    share = met["along_mm"] / segments["length_mm"].iloc[met["segment"]].to_numpy()
    assert (here.interpolate(share, normalized=True).distance(met.geometry) < 0.5).all()


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"highway": "crossing", "crossing": "traffic_signals"}, "signal_crossing"),
        ({"highway": "crossing", "crossing_ref": "toucan"}, "signal_crossing"),
        ({"highway": "traffic_signals", "crossing": "yes"}, "signal_crossing"),
        ({"highway": "crossing", "crossing": "uncontrolled", "crossing_ref": "zebra"}, "zebra_crossing"),
        ({"highway": "crossing", "crossing": "uncontrolled"}, "other_crossing"),
        ({"highway": "crossing", "crossing": "unmarked"}, "unmarked_crossing"),
        ({"highway": "crossing"}, "crossing"),
        ({"highway": "traffic_signals", "crossing": "no"}, None),
        ({"railway": "level_crossing"}, "level_crossing"),
        ({"ford": "yes"}, "ford"),
    ],
)  # fmt: skip
def test_how_one_crosses(told, tags, kind):
    _, _, met = told(ROW, [(("a", "b"), ROAD)], {"b": tags})
    assert met["kind"].tolist() == ([kind] if kind else [])


def test_a_path_drawn_over_a_road_as_a_crossing(told):
    """Some files have the tags of ways only."""
    nodes = {"w": (-100, 0), "x": (0, 0), "e": (100, 0), "n": (0, 50), "s": (0, -50)}
    over = {"highway": "footway", "footway": "crossing", "crossing": "traffic_signals"}
    _, _, met = told(nodes, [(("w", "x", "e"), HIGH_STREET), (("n", "x", "s"), over)])
    assert met["kind"].tolist() == ["signal_crossing"] * 4  # where four segments end
    assert met.geometry.nunique() == 1
