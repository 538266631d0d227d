"""Changes to the streets as values: what they are, and what none can be."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from geo.changes import LONGEST_M, MOST_CORNERS, AddCrossing, AddSite, BlockWay, CloseSite, ways_of
from geo.errors import RequestError
from geo.scenario import apply, resolve
from tests.geo.rows import site_table

AT = ((450_000, 90_000),)
RING = ((0, 0), (9, 0), (9, 9), (0, 0))


def test_what_is_drawn_is_a_point_a_line_or_an_area():
    assert BlockWay("m", "x", "prams", AT).geometry == shapely.Point(450_000, 90_000)
    assert BlockWay("m", "x", "prams", ((0, 0), (9, 0))).geometry == shapely.LineString([(0, 0), (9, 0)])
    assert BlockWay("m", "x", "prams", RING).geometry == shapely.Polygon(RING)
    assert AddCrossing("m", "x", ((0, 0), (9, 0))).geometry.length == 9


def test_whom_it_stops_as_bits():
    assert [BlockWay("m", "x", stops, AT).bars for stops in ("everyone", "prams", "after_dark")] == [3, 2, 3]


def test_they_are_frozen_and_equal_by_content():
    assert len({BlockWay("m", "x", "prams", AT), BlockWay("m", "x", "prams", AT), AddCrossing("m", "x", AT)}) == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ((), "has 1 to 40 corners, this one has 0"),
        (tuple((i, i) for i in range(MOST_CORNERS + 1)), "this one has 41"),
        (((-1, 0),), "off British National Grid"),
        (((0, 1_300_001),), "off British National Grid"),
        (((10**400, 0),), "off British National Grid"),
        (((float("nan"), 0),), "off British National Grid"),
        (((0, 0), (0, 0)), "an outline that goes round once"),
        (((0, 0), (9, 0), (0, 0)), "an outline that goes round once"),
        (((0, 0), (9, 0), (5, 0), (0, 0)), "an outline that goes round once"),
        (((0, 0), (9, 9), (9, 0), (0, 9), (0, 0)), "does not cross itself"),
        (((0, 0), (0, 0), (9, 9)), "the same corner twice in a row"),
        (((0, 0), (LONGEST_M + 1, 0)), "at most 3000 m across"),
    ],
)
def test_lines_that_make_no_sense(line, said):
    with pytest.raises(RequestError, match=said):
        BlockWay("m", "x", "everyone", line)


def test_a_crossing_is_no_area():
    with pytest.raises(RequestError, match="a point or a line, not an area"):
        AddCrossing("m", "x", RING)


@pytest.mark.parametrize("stops", ["", "nobody", None, "Prams", 3])
def test_whom_it_can_stop(stops):
    with pytest.raises(RequestError, match="a barrier stops everyone, prams, after_dark; found"):
        BlockWay("m", "x", stops, AT)


@pytest.mark.parametrize("made", [lambda i, n: BlockWay(i, n, "prams", AT), lambda i, n: AddCrossing(i, n, AT)])
def test_ids_and_names_are_plain(made):
    for bad in ("", "a b", "é", "a~", "x" * 65):
        with pytest.raises(RequestError, match="is not the id of a mark"):
            made(bad, "x")
    for bad in ("", " ", "a\nb", "\u202e", "x" * 81):
        with pytest.raises(RequestError, match="1 to 80 letters"):
            made("m", bad)


def test_a_barrier_is_three_kilometres_across_at_most_and_may_be():
    assert BlockWay("m", "x", "everyone", ((0, 0), (LONGEST_M, LONGEST_M))).geometry.length > LONGEST_M


def test_sites_are_left_alone(town):
    sites = site_table({"a": {"at": (1000, 0)}, "b": {"at": (2000, 0)}})
    ways = (BlockWay("m", "x", "prams", AT), AddCrossing("n", "y", AT))
    assert apply(sites, ways) is sites
    both = (ways[0], CloseSite("a"), ways[1], AddSite("new-1", 450_000.0, 90_000.0))
    assert ways_of(both) == ways
    table = apply(sites, both)
    assert table["status"].tolist() == ["closed", "open", "open"]
    street = town({"a": (0, 0), "b": (8000, 0)}, [(("a", "b"), {"highway": "residential"})])
    assert resolve(sites, both, network=street, day=date(2026, 11, 21)) == ()
    with pytest.raises(RequestError, match="change 4: there is no site c in this place"):  # counted with the others
        apply(sites, (*both[:3], CloseSite("c")))
    with pytest.raises(RequestError, match="change 3: m is in this scenario already"):
        resolve(sites, (ways[0], CloseSite("a"), AddCrossing("m", "z", AT)), network=street)
