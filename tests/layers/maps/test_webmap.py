"""What the map is told, and what it may tell us."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import streamlit as st
from streamlit_folium import _get_feature_group_string

from geo.errors import InputError
from geo.sites import SITE_KINDS, SITE_STATUSES
from layers import html
from layers.maps import site_markers, webmap
from layers.maps.scene import (
    GAIN_PALETTE,
    GAIN_WIDTHS,
    AreaStyle,
    Flow,
    Marker,
    Scene,
    flow_width,
    shape_of,
    values_json,
)
from layers.maps.webmap import Click

HOSTILE = "<img src=x onerror=\"top.hacked=1\"> </script> _1a2b map_div {{'x'}} {{7*7}} {% raw %} {# \u2028 ' & \\"
AREAS_URL = "/app/static/places/areas-0123456789abcdef.geojson"
SCENE = Scene(
    areas_url=AREAS_URL,
    bounds=(-1.6, 50.57, -1.06, 50.77),
    areas=(
        AreaStyle("E01017282", "#3b4994", (HOSTILE, "14 minutes")),
        AreaStyle("E01000001", "#e8e8e8", ("Ryde 001B", "14 minutes"), hatched=True, dashed=True),
    ),
    markers=(
        Marker("20004", -1.163, 50.729, "open", HOSTILE, ("Open",)),
        Marker("20005", -1.2, 50.7, "shut", "Gone", (), unsure=True),
    ),
    gains_url="/app/static/places/gains-0123456789abcdef.geojson",
    flows=(Flow(-1.163, 50.729, -1.20000049, 50.7, 3.14159, (HOSTILE, "12 under-fives")),),
    selected="E01017282",
)


def click(kind="area", name="E01017282", at=1_700_000_000_000, lon=-1.3, lat=50.7):
    return {
        "last_active_drawing": {
            "type": "Feature",
            "properties": {"kind": kind, "id": name, "at": at},
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
        }
    }


class TestClicks:
    def test_an_area(self):
        assert webmap.clicked(click())[:2] == ("area", "E01017282")

    @pytest.mark.parametrize("name", ["20004", "way/123", "n1-2:3", "mark_7"])
    def test_a_site(self, name):
        assert webmap.clicked(click("site", name))[:2] == ("site", name)

    def test_a_place(self):
        assert webmap.clicked(click("place", "", at=5)) == Click("place", "", -1.3, 50.7, 5)

    @pytest.mark.parametrize(
        "junk",
        [
            None,
            {},
            [],
            "E01017282",
            7,
            {"last_active_drawing": None},
            {"last_active_drawing": []},
            {"last_active_drawing": {"type": "Feature", "properties": None, "geometry": None}},
            {"last_clicked": {"lat": 1, "lng": 2}},
            click(name="E02017282"),
            click(name="E0101728"),
            click(name="E01017282\n"),
            click(name="E01\u0660\u0661\u0667\u0662\u0668\u0662"),
            click(name=None),
            click(name=["E01017282"]),
            click(kind="drawing"),
            click(kind=None),
            click(kind=["area"]),
            click("site", "<img src=x>"),
            click("site", "x" * 65),
            click("site", ""),
            click("place", "somewhere"),
            click(at=None),
            click(at="1"),
            click(lon=float("nan")),
            click(lat=91),
            click(lon="1"),
            click(lon=None),
        ],
    )
    def test_anything_else_is_no_click(self, junk):
        assert webmap.clicked(junk) is None


class TestText:
    def test_escape(self):
        safe = html.escape(HOSTILE)
        assert not set("<>\"'") & set(safe)
        assert html.escape(None) == "None"

    def test_values_cannot_leave_the_script(self):
        assert not set("{}<>&'_") & set(values_json(SCENE)[1:-1])
        assert values_json(SCENE).isascii()

    def test_values_reach_the_browser_as_they_are(self):
        """Folium runs scripts through Jinja, streamlit-folium rewrites them; no name may be caught in that."""
        base, group = webmap._Base(None, ""), webmap.folium.FeatureGroup(control=False)
        group.add_child(webmap._Drawing(values_json(SCENE)))
        base.render()
        script = _get_feature_group_string(group, base)
        call = re.search(r"pramshed\.draw\((\w+), (\w+), (\{.*\})\);", script)
        assert call.group(1).startswith("map_")
        assert call.group(2) == "feature_group_feature_group_0"
        sent = json.loads(call.group(3))
        assert sent["texts"] == [HOSTILE, "14 minutes", "Ryde 001B", "Open", "Gone", "12 under-fives"]
        assert sent["markers"] == [
            [[0, 3], "20004", -1.163, 50.729, "open"],
            [[4], "20005", -1.2, 50.7, "shut"],
        ]
        assert sent["unsure"] == [1]
        assert sent["flows"] == [[[0, 5], -1.163, 50.729, -1.2, 50.7, 3.1]]
        assert sent["gains"] == SCENE.gains_url
        assert sent["gainStyle"] == [list(pair) for pair in zip(GAIN_PALETTE, GAIN_WIDTHS, strict=True)]
        assert sent["codes"] == [17282, 1]
        assert sent["lines"] == [[0, 1], [2, 1]]
        assert sent["hatched"] == sent["dashed"] == [1]

    def test_the_page_names_no_other_server(self):
        base, group = webmap._Base(None, ""), webmap.folium.FeatureGroup(control=False)
        group.add_child(webmap._Drawing(values_json(SCENE)))
        base.add_child(group)
        page = base.get_root().render()
        assert "/app/static/leaflet/leaflet.js" in page
        assert page.index("/app/static/pramshed-lines.js") < page.index("/app/static/pramshed-map.js")
        assert not re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", page)

    def test_nor_does_what_it_loads(self):
        """Namespaces and links apart, an address in a script or a style sheet is something fetched."""
        links = {
            "http://www.w3.org/2000/svg",
            "https://www.openstreetmap.org/copyright",
            "https://leafletjs.com",
        }
        for path in webmap.STATIC.rglob("*"):
            if path.suffix in {".js", ".css", ".svg"}:
                code = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
                assert set(re.findall(r"https?://[\w./-]+", code)) <= links, path

    def test_our_code_writes_no_html(self):
        scripts = list(webmap.STATIC.glob("*.js"))
        assert len(scripts) == 8
        for path in scripts:
            code = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
            assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", code), path

    def test_the_owner_of_tiles_is_named_in_plain_text(self):
        base = webmap._Base("https://tiles.example.org/{z}/{x}/{y}.png", "<b>Tiles</b> {{7*7}}")
        page = base.get_root().render()
        assert "<b>" not in page
        assert "&amp;lt;b" not in page
        assert "49" not in re.search(r"attribution.*", page).group()


class TestScene:
    def test_equal_scenes_are_one_key(self):
        assert hash(SCENE) == hash(replace(SCENE))
        assert replace(SCENE, selected=None) != SCENE

    @pytest.mark.parametrize(
        "wrong",
        [
            {"areas": (AreaStyle("E02000001", "#ffffff"),)},
            {"areas": (AreaStyle("E01000001", "red"),)},
            {"areas": (AreaStyle("E01000001", "#fff;x"),)},
            {"areas_url": "https://elsewhere.example/areas.geojson"},
            {"areas_url": "/app/static/places/../../secrets.geojson"},
            {"streets_url": "//elsewhere.example/streets.geojson"},
            {"bounds": (float("nan"), 50.0, -1.0, 51.0)},
            {"markers": (Marker("1", float("inf"), 50.0, "open", "Not located"),)},
            {"markers": (Marker("1", -1.0, 50.0, "../leaflet", "Strange"),)},
            {"markers": (Marker("<b>", -1.0, 50.0, "open", "Strange"),)},
            {"markers": (Marker("1", -1.0, 50.0, "unsure", "A ring is no site"),)},
            {"gains_url": AREAS_URL},
            {"gains_url": "https://elsewhere.example/gains-1.geojson"},
            {"gains_url": "/app/static/places/gains-../../secrets.geojson"},
            {"gains_url": ""},
            {"gain_palette": ("#000000",) * 4},
            {"gain_palette": ("#000000",) * 4 + ("black",)},
            {"flows": (Flow(-1.0, 50.0, -1.1, 50.0, 0.9),)},
            {"flows": (Flow(-1.0, 50.0, -1.1, 50.0, 8.1),)},
            {"flows": (Flow(-1.0, 50.0, -1.1, 50.0, float("nan")),)},
            {"flows": (Flow(float("nan"), 50.0, -1.1, 50.0),)},
            {"flows": (Flow(-1.0, 50.0, -1.1, 91.0),)},
        ],
    )
    def test_nonsense_is_refused(self, wrong):
        with pytest.raises(InputError, match=r"^map: found"):
            values_json(replace(SCENE, **wrong))

    def test_five_hundred_areas_are_little(self):
        names = [f"Leeds {n // 5:03}{'ABCDE'[n % 5]}" for n in range(500)]
        areas = tuple(
            AreaStyle(f"E01{n:06}", f"#{n % 9:06x}", (name, f"{n % 50} minutes", "High need"))
            for n, name in enumerate(names)
        )
        assert len(values_json(replace(SCENE, areas=areas))) < 25_000

    def test_without_gains_nothing_is_said_of_them(self):
        sent = json.loads(values_json(replace(SCENE, gains_url=None)))
        assert sent["gains"] is None
        assert sent["gainStyle"] == []

    def test_a_hundred_arrows_are_little(self):
        flows = tuple(
            Flow(-1.5 + n / 1000, 53.8, -1.4, 53.7 + n / 1000, 1 + n % 7, (f"{n} under-fives", f"from site {n % 30}"))
            for n in range(100)
        )
        more = len(values_json(replace(SCENE, flows=flows))) - len(values_json(replace(SCENE, flows=())))
        assert more < 8_000

    def test_an_arrow_is_as_wide_as_it_is_much(self):
        assert [flow_width(value, 200) for value in (0, 50, 100, 200, 500, -1)] == [1, 2.8, 4.5, 8, 8, 1]
        assert flow_width(0, 0) == flow_width(3, 0) == 1

    @pytest.mark.parametrize("kind", SITE_KINDS)
    @pytest.mark.parametrize("status", SITE_STATUSES)
    def test_every_site_has_a_drawing(self, kind, status):
        drawing = webmap.icon(shape_of(kind, status))
        assert drawing.startswith("<svg ")
        assert "<script" not in drawing

    def test_statuses_differ_in_shape(self):
        assert len({shape_of("centre", status) for status in SITE_STATUSES}) == len(SITE_STATUSES)
        assert shape_of("play_space", "open") != shape_of("centre", "open")
        assert shape_of("play_space", "closed") == "closed"


class TestSites:
    def sites(self, **columns):
        given = {
            "name": ["Ryde", "Cowes"],
            "kind": "centre",
            "status": ["open", "closed"],
            "opened": pd.NaT,
            "linked_since": pd.NaT,
            "closed": [pd.NaT, pd.Timestamp("2016-03-07")],
            "source": "GIAS",
        }
        points = gpd.points_from_xy([459_000, 450_000], [92_000, 95_000])
        return gpd.GeoDataFrame(given | columns, geometry=points, index=["1", "2"], crs="EPSG:27700")

    def test_without_doubts(self):
        found = site_markers.markers(self.sites())
        assert [marker.unsure for marker in found] == [False, False]
        assert found[1].lines == ("Children's centre, closed", "closes or closed 7 March 2016")

    @pytest.mark.parametrize("unsure", [[False, True], [None, True], pd.array([pd.NA, True], dtype="boolean")])
    def test_what_is_not_certain_is_said(self, unsure):
        found = site_markers.markers(self.sites(unsure=unsure))
        assert [marker.unsure for marker in found] == [False, True]
        assert found[1].lines[-1] == "not certain on this day"
        assert "not certain on this day" not in found[0].lines


class TestShow:
    @pytest.fixture
    def calls(self, monkeypatch):
        made = []
        monkeypatch.setattr(webmap, "st_folium", lambda base, **asked: made.append((base, asked)))
        return made

    def test_only_clicks_rerun_the_app(self, calls):
        webmap.show(SCENE, key="gaps", height=400)
        assert calls[0][1]["returned_objects"] == ["last_active_drawing"]

    def test_the_base_is_the_same_whatever_is_drawn(self, calls):
        webmap.show(SCENE, key="gaps")
        webmap.show(replace(SCENE, selected=None, areas=(), bounds=(0.0, 51.0, 1.0, 52.0)), key="gaps")
        (first, one), (second, two) = calls
        assert one["key"] == two["key"]
        assert first.options == second.options
        assert first.location == second.location

    def test_another_base_is_another_map(self, calls):
        webmap.show(SCENE, key="gaps")
        webmap.show(SCENE, key="gaps", tiles="https://tiles.example.org/{z}/{x}/{y}.png", tiles_credit="Example")
        assert calls[0][1]["key"] != calls[1][1]["key"]

    def test_a_server_below_a_folder(self, monkeypatch):
        monkeypatch.setattr(st, "get_option", lambda name: "tools/pramshed/")
        assert json.loads(values_json(SCENE))["areas"] == f"/tools/pramshed{AREAS_URL}"
