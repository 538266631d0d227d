"""Lines in a browser: arrows, streets by what is gained along them, and sites that are not certain."""

from __future__ import annotations

import json
from math import dist

import geopandas as gpd
import pytest
import shapely

from layers.maps.geometry import write_gains, write_geometry
from layers.maps.scene import GAIN_PALETTE
from tests.browser.test_map import HOSTILE, alike, colour, comes, view
from tests.browser.waiting import MOST, at_rest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser: stage")]  # one server for all of the group

SCRIPT = """
import json
from pathlib import Path

import streamlit as st

from layers.maps import webmap
from layers.maps.scene import AreaStyle, Flow, Marker, Scene

given = json.loads((Path(__file__).parent / "lines.json").read_text("utf-8"))
again = st.button("Again")
returned = webmap.show(
    Scene(
        areas_url=given["areas_url"],
        bounds=tuple(given["bounds"]),
        areas=(AreaStyle("E01017282", "#e8e8e8" if again else "#f4f4f2", ("Area",)),),
        gains_url=given["gains_url"],
        flows=tuple(Flow(*ends, width, (given["name"], f"{width} under-fives")) for ends, width in given["flows"]),
        markers=tuple(Marker(*row, unsure=row[0] == "10001") for row in given["markers"]),
        marking=st.button("Mark"),
    ),
    key="test",
    height=420,
)
click = webmap.clicked(returned)
st.text(f"kind={click and click.kind}.")
"""


@pytest.fixture(scope="module")
def place(stage):
    """One area; two sites and a play space; five streets; an arrow between the sites and one beside them."""
    folder = stage.folder
    area = gpd.GeoDataFrame(geometry=[shapely.box(458_000, 90_000, 461_000, 91_600)], index=["E01017282"]).set_crs(
        27700
    )
    rows = [[(458_050, y), (460_950, y + 20)] for y in (90_150, 90_550, 91_000, 91_250, 91_480)]
    streets = gpd.GeoDataFrame(geometry=list(shapely.linestrings(rows)), crs="EPSG:27700")
    spots = degrees([459_100, 90_750], [460_000, 90_850], [458_200, 90_300], [459_200, 90_050])
    given = {
        "areas_url": write_geometry(area, folder / "static" / "places"),
        "gains_url": write_gains(streets, [1, 2, 3, 4, 5], folder / "static" / "places"),
        "bounds": list(area.to_crs("EPSG:4326").total_bounds),
        "flows": [[[*spots[0], *spots[1]], 6.0], [[*spots[2], *spots[3]], 1.0]],
        "markers": [
            [f"1000{n}", *spot, shape, HOSTILE]
            for n, (spot, shape) in enumerate(zip(spots[:2], ("open", "shut"), strict=True))
        ],
        "name": HOSTILE,
    }
    (folder / "lines.json").write_text(json.dumps(given), "utf-8")
    return stage("lines", SCRIPT), spots


def degrees(*points: list[float]) -> list[tuple[float, float]]:
    """Longitude and latitude of points on the National Grid."""
    return [(at.x, at.y) for at in gpd.GeoSeries(shapely.points(points), crs="EPSG:27700").to_crs("EPSG:4326")]


@pytest.fixture(scope="module")
def page(place, visit_once):
    opened = visit_once(place[0])
    opened.map.wait_for_function(
        "document.querySelectorAll('.pramshed-marker').length === 2 &&"
        "document.querySelectorAll('.pramshed-flow').length === 2 &&"
        "Object.values(map._layers).filter((l) => l.options.className === 'pramshed-gain').length === 5",
        timeout=MOST,
    )
    return opened


@pytest.fixture
def lines(page):
    """One page for all tests: the pointer and the keyboard elsewhere."""
    page.page.mouse.move(5, 5)
    page.map.evaluate("() => document.activeElement.blur()")
    at_rest(page)
    return page


def middle_of(seen, number: int) -> tuple[float, float]:
    """Where on the screen an arrow is half way."""
    box = seen.page.locator("iframe").bounding_box()
    x, y = seen.map.evaluate(
        """(number) => {
            const line = document.querySelectorAll('.pramshed-flow-hit')[number];
            const at = line.getPointAtLength(line.getTotalLength() / 2).matrixTransform(line.getScreenCTM());
            return [at.x, at.y];
        }""",
        number,
    )
    return box["x"] + x, box["y"] + y


def test_arrows_say_where_they_go_by_their_shape(lines):
    for ends, outline in lines.map.evaluate(
        """() => [...document.querySelectorAll('.pramshed-flow')].map((drawn) => {
            const line = drawn.previousElementSibling;
            const ends = [0, line.getTotalLength()].map((at) => line.getPointAtLength(at)).map((at) => [at.x, at.y]);
            return [ends, drawn.getAttribute('d').slice(1, -1).split('L').map((at) => at.split(' ').map(Number))];
        })"""
    ):
        # the outline goes there along one side and back along the other
        across = [dist(one, two) for one, two in zip(outline, outline[::-1], strict=True)]
        half = len(across) // 2
        shaft, head = across[: half - 1], across[half - 1]
        assert dist(outline[half], ends[1]) < 1  # the tip is where the line ends
        assert head > 1.8 * max(shaft)
        assert shaft[0] < 0.7 * shaft[-1]  # and slim where it begins
    looks = lines.map.evaluate(
        "() => { const s = getComputedStyle(document.querySelector('.pramshed-flow'));"
        "return [s.fill, s.stroke, s.paintOrder.split(' ')[0]]; }"
    )
    assert looks == ["rgb(20, 33, 61)", "rgb(255, 255, 255)", "stroke"]
    order = lines.map.evaluate(
        "() => ['pramshed-areas', 'pramshed-gains', 'pramshed-flows', 'markerPane', 'tooltipPane']"
        ".map((name) => Number(getComputedStyle(map.getPane(name)).zIndex))"
    )
    assert order == sorted(order)


def test_an_arrow_ends_before_the_marker_that_it_points_at(lines, place):
    tip = lines.map.evaluate(
        "() => { const line = document.querySelector('.pramshed-flow-hit');"
        "const at = line.getPointAtLength(line.getTotalLength()); return [at.x, at.y]; }"
    )
    lon, lat = place[1][1]
    site = lines.map.evaluate("(at) => { const p = map.latLngToLayerPoint(at); return [p.x, p.y]; }", [lat, lon])
    assert 12 < ((tip[0] - site[0]) ** 2 + (tip[1] - site[1]) ** 2) ** 0.5 < 30


def test_arrows_tell_by_pointer_and_by_keyboard(lines):
    tip = lines.map.locator(".pramshed-tip")
    lines.page.mouse.move(*middle_of(lines, 1))
    tip.get_by_text("1.0 under-fives").wait_for()
    assert HOSTILE in tip.inner_text()
    lines.page.mouse.move(5, 5)
    arrows = lines.map.locator(".pramshed-flow-hit")
    assert [one.get_attribute("tabindex") for one in arrows.all()] == ["0", "-1"]  # one stop of the Tab key
    assert arrows.first.get_attribute("aria-label") == f"{HOSTILE}, 6.0 under-fives"
    lines.page.keyboard.press("Tab")  # so that the browser knows of a keyboard
    arrows.first.focus()
    tip.get_by_text("6.0 under-fives").wait_for()
    lines.page.keyboard.press("ArrowRight")
    tip.get_by_text("1.0 under-fives").wait_for()
    assert [one.get_attribute("tabindex") for one in arrows.all()] == ["-1", "0"]
    lines.page.keyboard.press("Escape")
    tip.wait_for(state="detached")
    # a rerun leaves arrows alone that are the same
    lines.map.evaluate("() => { document.querySelector('.pramshed-flow').kept = true; }")
    before = view(lines)
    lines.page.get_by_role("button", name="Again").click()
    at_rest(lines)
    assert lines.map.evaluate("() => document.querySelector('.pramshed-flow').kept")
    assert view(lines) == before
    assert lines.page.evaluate("() => window.hacked") is None
    assert lines.map.evaluate("() => window.hacked") is None
    assert lines.errors == []


def test_gains_have_five_widths_and_colours(lines):
    drawn = lines.map.evaluate(
        "() => Object.values(map._layers).filter((l) => l.options.className === 'pramshed-gain')"
        ".map((l) => [l.options.weight, l.options.color, l.getLatLngs().length])"
    )
    assert [colour for _, colour, _ in drawn] == list(GAIN_PALETTE)
    assert all(two[0] > one[0] * 1.1 for one, two in zip(drawn, drawn[1:], strict=False))
    assert [count for _, _, count in drawn] == [1] * 5
    across = degrees(*([458_600, 91_483.8 + step] for step in (-4, -2, 0, 2, 4)))
    seen = {colour(lines, (lat, lon)) for lon, lat in across}
    most = tuple(int(GAIN_PALETTE[-1][i : i + 2], 16) for i in (1, 3, 5))
    assert any(alike(one, most) for one in seen), seen
    assert lines.foreign == []
    assert sum("gains-" in address for address in lines.asked) == 1


def test_what_is_not_certain_has_a_badge(lines):
    badge = lines.map.locator(".pramshed-marker svg + svg")
    assert badge.count() == 1
    marker = lines.map.locator(".pramshed-shut")
    assert marker.get_attribute("role") == "button"
    around, of = badge.bounding_box(), marker.locator("svg").first.bounding_box()
    assert around["width"] > of["width"]
    for start, size in (("x", "width"), ("y", "height")):
        middles = [box[start] + box[size] / 2 for box in (around, of)]
        assert middles[0] == pytest.approx(middles[1], abs=1)


def test_in_marking_mode_nothing_stands_in_the_way(lines):
    lines.page.get_by_role("button", name="Mark").click()
    at_rest(lines)
    lines.page.mouse.move(*middle_of(lines, 0))
    for part in ("#map_div", ".leaflet-pramshed-areas-pane canvas", ".pramshed-flow-hit"):
        found = lines.map.locator(part).first
        assert found.evaluate("(e) => getComputedStyle(e).cursor") == "crosshair", part
    marker = lines.map.locator(".pramshed-marker").first
    assert marker.evaluate("(e) => getComputedStyle(e).cursor") == "pointer"  # a site is still a site
    # somebody without a mouse gets out of the map again
    lines.map.locator("#map_div").focus()
    at = []
    for _ in range(9):  # the map's buttons, two sites, the arrows, the link
        lines.page.keyboard.press("Tab")
        at.append(lines.page.evaluate("() => document.activeElement.tagName"))
    assert at[0] == "IFRAME"
    assert set(at) > {"IFRAME"}
    # on an arrow, which lies on an area
    lines.page.mouse.click(*middle_of(lines, 0))
    comes(lines, "kind=place")
