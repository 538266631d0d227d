"""What the community has marked on the way: as changes of a scenario, in words, on the map, to choose from."""

from __future__ import annotations

import json
import re

import geopandas as gpd
import numpy as np
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from data.place import SAMPLE, Place
from geo.changes import MOST_CORNERS, AddCrossing, BlockWay
from geo.crs import BNG, to_wgs84
from layers.answers.scenario_words import said_of_way as said
from layers.files.scenarios import from_link, to_link
from layers.maps.change_map import drawings
from layers.views.what_if_streets import mark_changes
from tests.layers.reading import html, words

PAGE = "layers/pages/what_if.py"
MADE_FOR = Place.open(SAMPLE / "isle_of_wight").card.fingerprint
ROAD = BlockWay("mark-road", "<b>The road</b> to Seaview", "everyone", ((461_019, 91_732),))


def marks(*rows):
    """A table of marks from ``(id, kind, name, stops, geometry)``; of its columns, those that are read."""
    columns = dict(zip(("mark_id", "kind", "name", "stops", "geometry"), zip(*rows, strict=True), strict=True))
    return gpd.GeoDataFrame(columns, geometry="geometry", crs=BNG).set_index("mark_id")


class TestAsChanges:
    """From marks to changes."""

    def test_barriers_and_missing_crossings_in_their_order(self):
        table = marks(
            ("mark-1", "barrier", "Steps by the church", "prams", shapely.Point(450_000.4, 90_000.6)),
            ("mark-2", "meeting_place", "Hall", "", shapely.Point(450_000, 90_000)),
            ("mark-3", "missing_crossing", "the school", "", shapely.Point(450_010, 90_000)),
            ("mark-4", "barrier", "", "", shapely.LineString([(450_000, 90_000), (450_010.2, 90_000)])),
            ("mark-5", "missing_crossing", "", "prams", shapely.Point(450_020, 90_000)),
            ("mark-6", "barrier", "Park", "after_dark", shapely.box(0, 0, 9, 9)),
        )
        changes = mark_changes(table)
        assert changes == [
            BlockWay("mark-1", "Steps by the church", "prams", ((450_000, 90_001),)),
            AddCrossing("mark-3", "the school", ((450_010, 90_000),)),
            BlockWay("mark-4", "A barrier at 450000, 90000", "everyone", ((450_000, 90_000), (450_010, 90_000))),
            AddCrossing("mark-5", "450020, 90000", ((450_020, 90_000),)),
            BlockWay("mark-6", "Park", "after_dark", ((9, 0), (9, 9), (0, 9), (0, 0), (9, 0))),
        ]
        assert from_link(to_link(tuple(changes))) == tuple(changes)
        assert [said(change) for change in changes] == [
            "Steps by the church: closed to prams",
            "A crossing at the school",
            "A barrier at 450000, 90000: closed to everyone",
            "A crossing at 450020, 90000",
            "Park: closed to everyone, as after dark",
        ]

    @pytest.mark.parametrize(
        "shape",
        [
            shapely.LineString([(1000 + i, 1000 + 30 * np.sin(i / 4)) for i in range(200)]),
            shapely.Point(5000, 5000).buffer(900, quad_segs=49),
            shapely.LineString([(1000, 1000), (1000.2, 1000), (1000, 1000.3)]),
            shapely.LineString([(1000, 1000), (1050, 1000), (1000.2, 1000)]),
        ],
    )
    def test_shapes_are_made_to_fit(self, shape):
        (change,) = mark_changes(marks(("m", "barrier", "x", "", shape)))
        assert 1 <= len(change.line) <= MOST_CORNERS
        if shape.length > 100:
            assert shapely.hausdorff_distance(change.geometry, shape) < 40

    def test_what_cannot_be_is_left_out(self):
        table = marks(
            ("m1", "barrier", "x", "", shapely.Point(-5, 5)),
            ("m2", "barrier", "x", "", shapely.box(5, 5, 5.2, 5.2)),
            ("m3", "missing_crossing", "x", "", shapely.box(5, 5, 50, 50)),
            ("m4", "barrier", "a\u00adb\nc \u202e", "", shapely.Point(5, 5)),
        )
        assert mark_changes(table) == [BlockWay("m4", "a b c", "everyone", ((5, 5),))]
        assert mark_changes(table.iloc[:0]) == []


class TestOnTheMap:
    """A marker for each, and what was drawn."""

    def test_shapes_and_places(self):
        area = BlockWay(
            "a", "Park", "prams", ((450_000, 90_000), (450_040, 90_000), (450_000, 90_040), (450_000, 90_000))
        )
        line = AddCrossing("b", "the school", ((450_000, 90_000), (450_000, 90_020)))
        markers, drawn = drawings((ROAD, area, line))
        assert [(m.id, m.shape, m.lines) for m in markers] == [
            ("mark-road", "shut", ("closed to everyone in your scenario",)),
            ("a", "shut", ("closed to prams in your scenario",)),
            ("b", "added", ("a crossing in your scenario",)),
        ]
        assert [len(one.corners) for one in drawn] == [4, 2]
        assert [one.closed for one in drawn] == [True, False]
        lon, lat = to_wgs84(np.array([461_019.0]), np.array([91_732.0]))
        assert (markers[0].lon, markers[0].lat) == pytest.approx((lon[0], lat[0]), abs=1e-5)
        middle = to_wgs84(np.array([450_000.0]), np.array([90_010.0]))
        assert (markers[2].lon, markers[2].lat) == pytest.approx((middle[0][0], middle[1][0]), abs=2e-5)
        assert drawings(()) == ((), ())


class TestOnThePage:
    """What if."""

    def test_a_barrier_in_a_link(self, visit, scenes):
        at = visit(PAGE, changes=to_link((ROAD,)), **{"for": MADE_FOR})
        assert "The walk gets longer for" in html(at)
        assert "1. &lt;b&gt;The road&lt;/b&gt; to Seaview: closed to everyone" in html(at)
        assert "<b>The road" not in html(at)
        assert next(m.shape for m in scenes.drawn[-1].markers if m.id == "mark-road") == "shut"
        assert "closed in your scenario: a centre, or a way" in html(at)
        at.button(key="undo-0").click().run()
        assert "None yet." in words(at)
        assert "mark-road" not in {m.id for m in scenes.drawn[-1].markers}

    def test_a_mark_twice_is_refused(self, visit, scenes):
        at = visit(PAGE, changes=to_link((ROAD, ROAD)), **{"for": MADE_FOR})
        assert "This scenario cannot be shown here" in at.error[0].value

    def test_an_added_centre_and_a_barrier_are_undone_apart(self, visit, scenes):
        link = f"{to_link((ROAD,))}_add~new-1~450000~90000~Library_close~20004"
        at = visit(PAGE, changes=link, **{"for": MADE_FOR})
        at.button(key="undo-1").click().run()
        assert re.findall(r"<p>\d+\. (.*?)</p>", html(at)) == [
            "&lt;b&gt;The road&lt;/b&gt; to Seaview: closed to everyone", "Close Ryde Children&#x27;s Centre",
        ]  # fmt: skip

    def test_a_scenario_that_is_saved_keeps_it(self, visit, scenes):
        from geo.scenario import Scenario
        from layers.files.scenarios import from_text, to_text

        made = Scenario(place="isle-of-wight", fingerprint=MADE_FOR, changes=(ROAD,))
        assert json.loads(to_text(made))["changes"] == [
            {"do": "block", "mark_id": "mark-road", "name": ROAD.name, "stops": "everyone", "line": [[461019, 91732]]}
        ]
        assert from_text(to_text(made), "a file") == made


def _chooser():
    import geopandas as gpd
    import shapely
    import streamlit as st

    from data.place import SAMPLE, Place
    from layers import session
    from layers.answers.community_sites import Published
    from layers.views import what_if_streets

    place = Place.open(SAMPLE / "isle_of_wight")
    names = ["Steps", "Steps", "the school"]
    table = gpd.GeoDataFrame(
        {"kind": ["barrier", "barrier", "missing_crossing"], "name": names, "stops": ["prams", "prams", ""]},
        index=["mark-1", "mark-2", "mark-3"], geometry=shapely.points([[461_019, 91_732], [450_000, 90_000], [5, 5]]),
        crs="EPSG:27700",
    )  # fmt: skip
    session.restore("what_if")
    made = session.scenario_of(place).changes
    what_if_streets.controls(place, Published(1, table), made)
    st.text("; ".join(change.mark_id for change in made))
    session.keep()


class TestChoosing:
    """From the community's map into the scenario."""

    def test_each_is_chosen_once_and_two_of_one_name_are_told_apart(self):
        at = AppTest.from_function(_chooser).run()
        assert not at.exception
        assert at.selectbox[0].options == [
            "Steps: closed to prams (461019, 91732)", "Steps: closed to prams (450000, 90000)",
            "A crossing at the school",
        ]  # fmt: skip
        assert at.button(key="do-mark").disabled
        at.selectbox[0].set_value("mark-2").run()
        at.button(key="do-mark").click().run()
        assert not at.exception
        assert at.text[0].value == "mark-2"
        assert at.selectbox[0].options == ["Steps: closed to prams", "A crossing at the school"]
        assert at.selectbox[0].value is None
