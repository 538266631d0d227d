"""What the map stands on, in a browser: land and sea, streets in their colours, names that keep clear of each other."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.maps.base_map import write_base, write_streets
from layers.maps.geometry import write_geometry
from tests.browser.test_lines import degrees
from tests.browser.test_map import HOSTILE, alike, colour, on_screen, view
from tests.browser.waiting import MOST, at_rest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser: stage")]  # one server for all of the group

NEAR, FAR, NO_WAY = "#2171b5", "#cc5a0d", "#1d1145"
SCRIPT = """
import json
from pathlib import Path

import streamlit as st

from layers.maps import webmap
from layers.maps.scene import Along, AreaStyle, Scene

given = json.loads((Path(__file__).parent / "ground.json").read_text("utf-8"))
by_area = st.button("By area")
along = Along(bytes(given["minutes"]), (15,), ("#2171b5", "#cc5a0d"), "#1d1145", "no way", ("At most ", " minutes", "No way"))
returned = webmap.show(
    Scene(
        areas_url=given["areas_url"],
        streets_url=given["streets_url"],
        base_url=given["base_url"],
        bounds=tuple(given["bounds"]),
        areas=(AreaStyle("E01017282", "#5ac8c8", (given["name"], "Second line")),),
        streetwise=True,
        along=None if by_area else along,
        legend=(("#2171b5", given["name"], False), ("#d9d9d9", "not known", True)),
        legend_title="Minutes",
    ),
    key="test",
    height=480,
)
click = webmap.clicked(returned)
st.text(f"kind={click and click.kind} id={click and click.id}.")
"""

WEST, SOUTH = 458_000, 90_000
STREETS = {"near": (300, 0), "far": (600, 1), "none": (900, 2), "never": (1200, 3)}


@pytest.fixture(scope="module")
def place(stage):
    """A square of land in the sea, one neighbourhood in its middle, four streets with homes along them, three names."""
    folder = stage.folder / "static" / "places"
    at = np.array((WEST, SOUTH))
    land = gpd.GeoDataFrame({"kind": ["land"]}, geometry=[shapely.box(*at, *(at + (3000, 1500)))], crs="EPSG:27700")
    area = gpd.GeoDataFrame(
        geometry=[shapely.box(*(at + (1000, 200)), *(at + (2000, 1300)))], index=["E01017282"], crs="EPSG:27700"
    )
    lines = shapely.linestrings([[at + (200, y), at + (2800, y)] for y, _ in STREETS.values()])
    streets = gpd.GeoDataFrame({"street_class": [1] * 4}, geometry=lines, crs="EPSG:27700")
    homes = gpd.GeoDataFrame(
        {"area_code": ["E01017282"] * 4}, geometry=shapely.points([at + (1500, y + 20) for y, _ in STREETS.values()]),
        crs="EPSG:27700",
    )  # fmt: skip
    labels = gpd.GeoDataFrame(
        {"name": ["Newtown", "Newtown by the Sea", HOSTILE[:20]], "kind": ["town", "town", "town"], "rank": [1, 2, 3],
         "angle": [0.0] * 3, "room_m": [np.nan] * 3},
        geometry=shapely.points([at + (1500, 1400), at + (1500, 1400), at + (1500, 100)]), crs="EPSG:27700",
    )  # fmt: skip
    given = {
        "areas_url": write_geometry(area, folder),
        "streets_url": write_streets(streets, homes, area, land, folder),
        "base_url": write_base(land, labels, folder),
        "bounds": list(land.to_crs("EPSG:4326").total_bounds),
        "minutes": [7, 40, 254, 255],
        "name": HOSTILE,
    }
    (stage.folder / "ground.json").write_text(json.dumps(given), "utf-8")
    return stage("ground", SCRIPT)


@pytest.fixture(scope="module")
def page(place, visit_once):
    opened = visit_once(place)
    opened.map.wait_for_function("document.querySelector('.pramshed-legend li')", timeout=MOST)
    at_rest(opened)
    return opened, view(opened)


@pytest.fixture
def ground(page):
    """One page for all tests: the view as it was at first, the pointer elsewhere."""
    opened, (zoom, *centre) = page
    opened.page.mouse.move(5, 5)
    opened.map.evaluate("(at) => { map.setView(at[0], at[1], { animate: false }); }", [centre, zoom])
    at_rest(opened)
    return opened


def spot(x: float, y: float) -> tuple[float, float]:
    ((lon, lat),) = degrees([WEST + x, SOUTH + y])
    return lat, lon


def rgb(text: str) -> tuple[int, ...]:
    return tuple(int(text[i : i + 2], 16) for i in (1, 3, 5))


def street(seen, name: str) -> tuple[int, ...]:
    """Close by, where a street is as wide as its colour can be told."""
    lat, lon = spot(1500, STREETS[name][0])
    seen.map.evaluate("(at) => { map.setView(at, 17, { animate: false }); }", [lat, lon])
    at_rest(seen)
    return colour(seen, (lat, lon))


def test_land_is_not_sea(ground):
    land, sea = colour(ground, spot(60, 700)), colour(ground, spot(-60, 700))
    assert alike(land, (246, 245, 241))
    assert alike(sea, (219, 232, 239))


def test_each_street_has_the_colour_of_the_walk_from_it(ground):
    assert alike(street(ground, "near"), rgb(NEAR))
    assert alike(street(ground, "far"), rgb(FAR))
    assert alike(street(ground, "none"), rgb(NO_WAY))
    grey = street(ground, "never")
    assert max(grey) - min(grey) < 20, "a street that this walker may not use"
    assert ground.errors == ground.foreign == []


def test_names_keep_clear_of_each_other(ground):
    """What was written on the canvas of names, and where: in order of rank, and the second beside the first."""
    drawn = ground.map.evaluate(
        """() => {
          const sheet = Object.values(map._layers).find((one) => one.options.pane === "pramshed-names");
          const [pen, told] = [sheet._ctx, []];
          pen.fillText = (text) => { const at = pen.getTransform(); told.push([text, at.e, at.f]); };
          sheet.repaint();
          delete pen.fillText;
          sheet.repaint();
          return told;
        }"""
    )
    assert [name for name, *_ in drawn] == ["Newtown", "Newtown by the Sea", HOSTILE[:20]]
    (_, x, y), (_, u, v), _ = drawn
    assert abs(x - u) > 40 or abs(y - v) > 14
    assert ground.page.evaluate("() => window.hacked") is None


def test_the_legend_is_text_and_closes_by_one_press(ground):
    box = ground.map.locator(".pramshed-legend")
    assert box.locator("li").first.inner_text().strip() == " ".join(HOSTILE.split())
    assert box.locator("li").count() == 2
    assert box.evaluate("(one) => one.open")
    box.locator("summary").click()
    assert not box.evaluate("(one) => one.open")
    box.locator("summary").press("Enter")
    assert box.evaluate("(one) => one.open")


def test_a_street_says_its_walk_and_opens_its_neighbourhood(ground):
    """Outside the shape of the neighbourhood as well, for its homes are along it."""
    ground.page.mouse.move(*on_screen(ground, spot(2500, STREETS["near"][0])))
    ground.map.wait_for_function("document.querySelector('.pramshed-tip')?.innerText.includes('At most')", timeout=MOST)
    lines = ground.map.locator(".pramshed-tip p").all_inner_texts()
    assert lines[1:] == ["At most 7 minutes", "Second line"]
    ground.page.mouse.click(*on_screen(ground, spot(2500, STREETS["none"][0])))
    ground.page.get_by_text("id=E01017282.").wait_for(timeout=MOST)
    assert "No way" in ground.map.locator(".pramshed-tip").inner_text()


def test_or_that_of_its_neighbourhood(ground):
    ground.page.get_by_role("button", name="By area").click()
    at_rest(ground)
    for name in STREETS:
        assert alike(street(ground, name), rgb("#5ac8c8")), name
