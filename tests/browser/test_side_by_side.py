"""Two maps of one span have as many metres a pixel, whatever their place's size and however far north it lies."""

from __future__ import annotations

import json

import geopandas as gpd
import pytest
import shapely

from layers.maps.geometry import write_geometry
from tests.browser.waiting import MOST, at_rest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser: stage")]  # one server for all of the group

SCRIPT = """
import json
from pathlib import Path

import streamlit as st

from layers.maps import webmap
from layers.maps.scene import Scene

given = json.loads((Path(__file__).parent / "sides.json").read_text("utf-8"))
for n, (column, one) in enumerate(zip(st.columns(2), given)):
    with column:
        scene = Scene(areas_url=one["areas_url"], bounds=tuple(one["bounds"]), span=(30_000, 20_000))
        webmap.show(scene, key=f"side-{n}", height=400)
"""
METRES = """() => {
    const { x, y } = map.getSize();
    const [left, right] = [12, x - 12].map((at) => map.containerPointToLatLng([at, y / 2]));
    return [map.distance(left, right), x - 24, map.options.zoomSnap];
}"""


def test_both_maps_have_one_scale(stage, visit):
    given = []
    for n, (x, y, size) in enumerate([(450_000, 90_000, 9_000), (420_000, 640_000, 3_000)]):
        square = gpd.GeoDataFrame(
            geometry=[shapely.box(x, y, x + size, y + size)], index=[f"E0100000{n + 1}"], crs="EPSG:27700"
        )
        bounds = list(square.to_crs("EPSG:4326").total_bounds)
        given.append({"areas_url": write_geometry(square, stage.folder / "static" / "places"), "bounds": bounds})
    (stage.folder / "sides.json").write_text(json.dumps(given), "utf-8")
    opened = visit(stage("sides", SCRIPT))
    opened.page.wait_for_function(
        "[...document.querySelectorAll('iframe')].filter((f) => f.contentWindow.map).length === 2", timeout=MOST
    )
    at_rest(opened)
    frames = [frame for frame in opened.page.frames if "streamlit_folium" in frame.url]
    (one, room, snap), (other, same, _) = (frame.evaluate(METRES) for frame in frames)
    assert room == same
    assert one == pytest.approx(other, rel=0.005)
    assert one == pytest.approx(30_000, rel=0.02), "the span fits across"
    assert snap == 0.25, "whoever zooms goes by steps again"
