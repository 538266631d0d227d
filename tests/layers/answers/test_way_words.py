"""A walk told by name: along what, through what, over what; and what a pram goes round."""

from __future__ import annotations

import pytest
import shapely

from geo.network import WalkNetwork, contracted, street_parts, waypoints
from geo.profiles import ADULT, BUGGY
from layers.answers.signposts import Signposts
from layers.answers.walks import walk_to
from layers.answers.way_pieces import along, stretches, told
from layers.answers.way_words import marks, on_the_way, only_on_foot, why_shorter
from tests.geo.conftest import ORIGIN, at, draw  # noqa: F401 (fixtures)

NODES = {
    "a": (0, 0), "b": (400, 0), "c": (404, 0), "x": (500, 0), "o": (550, 0), "d": (600, 0), "e": (1000, 0), "w": (500, -900),
    "z": (500, 900), "p": (700, 0), "q": (712, 0), "u": (700, 300), "v": (712, 300),
}  # fmt: skip
UNION, HIGH = (
    {"highway": "residential", "name": "Union Street"},
    {"highway": "primary", "name": "High Street", "ref": "A1"},
)
WAYS = [
    (("a", "b"), UNION),
    (("b", "c"), {"highway": "residential"}),  # a sliver
    (("c", "x"), UNION),
    (("x", "o"), {"highway": "path", "surface": "ground"}),
    (("o", "d"), {"highway": "path", "surface": "compacted"}),
    (("d", "p"), {"highway": "path", "prow_ref": "R63"}),
    (("p", "q"), {"highway": "steps"}),
    (("q", "e"), {"highway": "path", "prow_ref": "R63"}),
    (("w", "x", "z"), HIGH),
    (("p", "u", "v", "q"), {"highway": "service"}),
]


@pytest.fixture
def town(draw, at):  # noqa: F811
    """A function from what stands at its nodes to a walk of each kind through the town, and its signposts."""

    def make(things=None):
        drawn = draw(NODES, WAYS, things)
        segments, chains = contracted(drawn)
        signposts = Signposts(segments, *(make(drawn, chains, segments) for make in (street_parts, waypoints)))
        site = at({"site": (1000, 0)}, name="Centre")
        begin = shapely.Point(ORIGIN[0], ORIGIN[1] + 20)
        walks = {who.key: walk_to(WalkNetwork.of(segments, who), site, begin) for who in (ADULT, BUGGY)}
        return walks["adult"], walks["buggy"], signposts

    return make


def words(walk, signposts):
    return told(along(walk, signposts))


def test_a_walk_in_words(town):
    adult, _, signposts = town({"x": {"highway": "crossing", "crossing": "zebra"}, "d": {"barrier": "gate"}})
    assert words(adult, signposts) == (
        "20 m straight, beside the streets",
        "499 m along Union Street",
        "crosses High Street (A1) at a zebra crossing",
        "100 m along a path, unpaved (earth, fine gravel)",
        "a gate",
        "100 m along path R63",
        "12 m of steps",
        "287 m along path R63",
    )
    assert on_the_way(along(adult, signposts)) == (
        "On the way: a flight of steps near path R63, a gate and 100 m unpaved.",
    )


def test_its_table_has_the_same(town):
    adult, _, signposts = town({"x": {"highway": "crossing"}, "d": {"barrier": "gate"}})
    table = stretches(adult, signposts)
    assert table["street"].dropna().tolist() == ["Union Street", "Union Street", "path R63", "path R63"]
    assert table["surface"].dropna().tolist() == ["earth", "fine gravel"]
    assert table["meets"].dropna().tolist() == ["crosses High Street (A1) at a crossing", "a gate"]
    assert table["metres"].sum() == pytest.approx(adult.metres)


def test_a_main_road_without_a_crossing(town):
    adult, _, signposts = town({"d": {"barrier": "bollard"}})
    assert "crosses High Street (A1), no crossing mapped" in words(adult, signposts)
    assert on_the_way(along(adult, signposts))[1] == "It crosses High Street (A1) where no crossing is mapped."


def test_where_no_crossings_are_known_none_is_missed(town):
    adult, _, signposts = town()
    items = along(adult, signposts)
    assert "crosses High Street (A1)" in told(items)
    assert len(on_the_way(items)) == 1
    assert [mark.shape for mark in marks(items)] == ["steps"]


def test_why_a_pram_goes_round(town):
    adult, pram, signposts = town()
    assert only_on_foot(adult, pram, signposts) == ("a flight of steps near path R63",)
    assert why_shorter(adult, pram, signposts)[0].endswith(" m shorter. It has a flight of steps near path R63.")
    adult, pram, signposts = town({"d": {"barrier": "kissing_gate"}})
    assert pram is None
    assert only_on_foot(adult, pram, signposts) == (
        "a flight of steps near path R63", "a kissing gate near Union Street",
    )  # fmt: skip


def test_a_gate_beside_the_street_that_one_follows_is_not_met(draw, at):  # noqa: F811
    nodes = {"a": (0, 0), "b": (1000, 0), "c": (2200, 0), "f": (1000, 900)}
    drawn = draw(nodes, [(("a", "b", "c"), UNION), (("b", "f"), {"highway": "path"})], {"b": {"barrier": "gate"}})
    segments, chains = contracted(drawn)
    signposts = Signposts(segments, *(make(drawn, chains, segments) for make in (street_parts, waypoints)))
    network = WalkNetwork.of(segments, BUGGY)
    for end, gates in (((2200, 0), 0), ((1000, 900), 1)):
        walk = walk_to(network, at({"site": end}, name="Centre"), shapely.Point(ORIGIN))
        assert words(walk, signposts).count("a gate") == gates


def test_an_older_place_names_nothing(town):
    adult, pram, signposts = town({"d": {"barrier": "stile"}})
    older = Signposts(signposts.segments)
    assert pram is None
    assert words(adult, older) == (
        "20 m straight, beside the streets", "499 m along a street", "199 m along a path", "12 m of steps",
        "287 m along a path",
    )  # fmt: skip
    assert only_on_foot(adult, None, older) == ("a flight of steps", "a stile or a narrow gate")
    assert stretches(adult, older)["street"].isna().all()
