"""The map in a browser: it draws without the network, answers clicks, keeps its place, and runs nobody's code."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from layers.html import STATIC
from layers.maps.base_map import write_streets
from layers.maps.geometry import write_geometry
from tests.browser.waiting import MOST, at_rest, map_drawn

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser: stage")]  # one server for all of the group

HOSTILE = '<img src=x onerror="top.hacked=1;window.hacked=1"><script>top.hacked=1</script>{{7*7}}'
RED, BLUE = (190, 100, 172), (90, 200, 200)

SCRIPT = """
import json
from pathlib import Path

import streamlit as st

from layers.html import style_sheet
from layers.maps import webmap
from layers.maps.scene import AreaStyle, Marker, Scene

st.html(style_sheet("pramshed-page.css"))
given = json.loads((Path(__file__).parent / "map.json").read_text("utf-8"))
state = st.session_state
state.setdefault("runs", 0)
state.setdefault("turned", False)
state.setdefault("selected", None)
state.runs += 1
left, right = st.columns(2)
if left.button("Restyle"):
    state.turned = not state.turned
marking = right.button("Mark")
fills = given["fills"][::-1] if state.turned else given["fills"]
returned = webmap.show(
    Scene(
        areas_url=given["areas_url"],
        streets_url=given["streets_url"],
        bounds=tuple(given["bounds"]),
        areas=tuple(
            AreaStyle(code, fill, (given["name"], code), hatched=place == 3)
            for place, (code, fill) in enumerate(zip(given["codes"], fills))
        ),
        markers=tuple(Marker(*row) for row in given["markers"]),
        selected=state.selected,
        marking=marking,
    ),
    key="test",
    height=420,
)
click = webmap.clicked(returned)
if click and click.kind == "area" and click.id != state.selected:
    state.selected = click.id
    st.rerun()
st.text(f"runs={state.runs}")
on = {click.kind: click.id} if click else {}
st.text(f"area={on.get('area')} site={on.get('site')} kind={click and click.kind}.")
"""


@pytest.fixture(scope="module")
def place(stage):
    """Six areas with crooked borders, two streets, three sites, one of everything with a hostile name."""
    folder = stage.folder
    corner = {
        (i, j): (458_000 + 900 * i + 110 * (j % 2), 90_000 + 800 * j + 90 * (i % 3)) for i in range(4) for j in range(3)
    }
    outlines = [
        shapely.Polygon([corner[i, j], corner[i + 1, j], corner[i + 1, j + 1], corner[i, j + 1]])
        for i in range(3)
        for j in range(2)
    ]
    codes = [f"E01{17282 + n:06}" for n in range(6)]
    areas = gpd.GeoDataFrame(geometry=outlines, index=codes, crs="EPSG:27700")
    lines = shapely.linestrings([[[457_900, 90_420], [460_900, 90_300]], [[458_430, 89_900], [458_500, 91_700]]])
    streets = gpd.GeoDataFrame({"street_class": [2, 1]}, geometry=lines, crs="EPSG:27700")
    homes = gpd.GeoDataFrame({"area_code": [codes[0]]}, geometry=[shapely.Point(458_500, 90_400)], crs="EPSG:27700")
    points = areas.representative_point().to_crs("EPSG:4326")
    spots = gpd.GeoSeries(shapely.points([[459_100, 90_750], [460_000, 90_850], [460_400, 91_500]]), crs="EPSG:27700")
    spots = spots.to_crs("EPSG:4326")
    shapes = ("open", "closed", "play")
    markers = [[f"1000{n}", p.x, p.y, shape, HOSTILE] for n, (p, shape) in enumerate(zip(spots, shapes, strict=True))]
    given = {
        "areas_url": write_geometry(areas, folder / "static" / "places"),
        "streets_url": write_streets(streets, homes, areas, folder=folder / "static" / "places"),
        "bounds": list(areas.to_crs("EPSG:4326").total_bounds),
        "codes": codes,
        "fills": ["#be64ac", "#be64ac", "#be64ac", "#ffffff", "#5ac8c8", "#5ac8c8"],
        "name": HOSTILE,
        "markers": markers,
    }
    (folder / "map.json").write_text(json.dumps(given), "utf-8")
    centres = {code: (point.y, point.x) for code, point in points.items()}
    return stage("map", SCRIPT), centres, [(row[2], row[1]) for row in markers]


@pytest.fixture(scope="module")
def page(place, visit_once):
    opened = visit_once(place[0])
    map_drawn(opened, markers=3, areas=6)
    return opened, view(opened)


@pytest.fixture
def seen(page):
    """One page for all tests: the view as it was at first, the pointer and the keyboard elsewhere."""
    opened, (zoom, *centre) = page
    opened.page.mouse.move(5, 5)
    opened.map.evaluate("(at) => { map.setView(at[0], at[1], { animate: false }); }", [centre, zoom])
    opened.map.evaluate("() => document.activeElement.blur()")
    at_rest(opened)
    return opened


def comes(seen, words: str) -> None:
    """Wait until the app says this, and is done."""
    seen.page.get_by_text(re.compile(rf"{re.escape(words)}\b")).wait_for(timeout=MOST)
    at_rest(seen)


def on_screen(seen, spot: tuple[float, float]) -> tuple[float, float]:
    box = seen.page.locator("iframe").bounding_box()
    x, y = seen.map.evaluate("(at) => { const p = map.latLngToContainerPoint(at); return [p.x, p.y]; }", list(spot))
    return box["x"] + x, box["y"] + y


def colour(seen, spot: tuple[float, float]) -> tuple[int, ...]:
    image = pytest.importorskip("PIL.Image").open(io.BytesIO(seen.page.screenshot()))
    return image.convert("RGB").getpixel(tuple(round(at) for at in on_screen(seen, spot)))


def alike(one: tuple[int, ...], two: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= 6 for a, b in zip(one, two, strict=True))


def said(seen, what: str) -> str:
    return re.search(rf"{what}=([^ .]+)", seen.page.inner_text("[data-testid=stMain]")).group(1)


def view(seen) -> list[float]:
    return seen.map.evaluate("() => [map.getZoom(), map.getCenter().lat, map.getCenter().lng]")


def test_draws_with_the_network_refused(seen, place):
    _, centres, _ = place
    assert seen.foreign == []
    assert seen.errors == []
    assert alike(colour(seen, centres["E01017282"]), RED)
    assert alike(colour(seen, centres["E01017287"]), BLUE)
    assert sum("segments-" in address for address in seen.asked) == 1


def test_says_what_it_is_and_who_made_it(seen):
    box = seen.map.locator("#map_div")
    assert box.get_attribute("role") == "application"
    assert "table below" in box.get_attribute("aria-label")
    assert seen.page.locator("iframe").get_attribute("title") == box.get_attribute("aria-label")
    assert seen.map.locator("h2").text_content() == box.get_attribute("aria-label").split(". ")[0]
    assert "© OpenStreetMap contributors (ODbL)" in seen.map.inner_text(".leaflet-control-attribution")
    shapes = {element.inner_html() for element in seen.map.locator(".pramshed-marker svg").all()}
    assert len(shapes) == 3


def test_a_click_on_an_area_comes_back_and_is_outlined(seen, place):
    _, centres, _ = place
    seen.page.mouse.click(*on_screen(seen, centres["E01017286"]))
    comes(seen, "area=E01017286")
    outline = seen.map.locator("path.pramshed-chosen")
    assert outline.get_attribute("d") != "M0 0"
    runs = said(seen, "runs")

    # beside the areas: nothing is forgotten, nothing runs
    box = seen.page.locator("iframe").bounding_box()
    seen.page.mouse.click(box["x"] + box["width"] - 30, box["y"] + 30)
    at_rest(seen)
    assert said(seen, "area") == "E01017286"
    assert said(seen, "runs") == runs
    assert outline.get_attribute("d") != "M0 0"


def test_a_click_on_a_site_comes_back(seen, place):
    seen.page.mouse.click(*on_screen(seen, place[2][1]))
    comes(seen, "site=10001")


def test_by_keyboard(seen):
    """One stop of the Tab key: arrows to neighbourhoods, S to sites, Enter chooses, Escape puts away and leaves."""
    keys, read = seen.page.keyboard, seen.map.locator(".pramshed-spoken[role=status]")
    assert seen.map.locator(".leaflet-pane [tabindex='0']").count() == 0
    seen.page.get_by_role("button", name="Mark").focus()
    keys.press("Tab")
    assert seen.map.evaluate("() => document.activeElement.id") == "map_div"
    reached = []
    for key in ("ArrowRight", "ArrowDown", "ArrowUp", "ArrowRight", "ArrowRight", "ArrowRight"):
        keys.press(key)
        reached.append(read.inner_text())
    assert HOSTILE in reached[0]
    codes = [re.findall(r"E01\d{6}", text) for text in reached]
    assert codes[0] != codes[1] or codes[1] != codes[2]
    assert reached[-1] == "No neighbourhood further that way."
    assert seen.map.locator(".pramshed-tip").is_visible()
    assert seen.map.locator("path.pramshed-pointed").first.get_attribute("d") != "M0 0"
    keys.press("ArrowLeft")
    (code,) = re.findall(r"E01\d{6}", read.inner_text())
    keys.press("Enter")
    comes(seen, f"area={code}")
    assert seen.map.evaluate("() => document.activeElement.id") == "map_div"

    pointed = seen.map.locator(".pramshed-marker.pramshed-pointed")
    visited = []
    for _ in range(3):
        keys.press("s")
        visited.append(re.search("open|closed|play", pointed.get_attribute("class")).group())
    assert sorted(visited) == ["closed", "open", "play"]
    keys.press("Enter")
    comes(seen, f"site=1000{['open', 'closed', 'play'].index(visited[-1])}")

    keys.press("?")
    assert seen.map.locator(".pramshed-help").is_visible()
    for _ in range(2):
        keys.press("Escape")
    seen.map.locator(".pramshed-tip").wait_for(state="detached", timeout=MOST)
    keys.press("Tab")
    assert seen.map.evaluate("() => document.activeElement.title") == "Zoom in"
    keys.press("ArrowDown")
    assert seen.map.evaluate("() => document.activeElement.title") == "Zoom out"
    assert seen.page.evaluate("() => window.hacked") is None


def test_the_wheel_is_the_pages_and_full_screen_is_left_again(seen):
    box = seen.page.locator("iframe").bounding_box()
    seen.page.mouse.move(box["x"] + 200, box["y"] + 200)
    before = view(seen)
    seen.page.mouse.wheel(0, 60)
    seen.map.get_by_text("and scroll to zoom").wait_for(timeout=MOST)
    assert view(seen) == before
    seen.page.keyboard.down("Control")
    seen.page.mouse.wheel(0, -240)
    seen.page.keyboard.up("Control")
    seen.map.wait_for_function(f"map.getZoom() > {before[0]}", timeout=MOST)
    # where the browser has no full screen, the map fills the window
    seen.map.evaluate("() => Object.defineProperty(document, 'fullscreenEnabled', { value: false })")
    button = seen.map.get_by_role("button", name="Full screen")
    button.focus()
    seen.page.keyboard.press("Enter")
    seen.map.wait_for_function("innerWidth === parent.innerWidth && innerHeight === parent.innerHeight", timeout=MOST)
    assert seen.map.evaluate("() => document.activeElement.title") == "Leave full screen"
    seen.map.locator("#map_div").focus()
    seen.page.keyboard.press("Escape")
    seen.map.wait_for_function("innerHeight === 420", timeout=MOST)


def test_moving_the_map_does_not_run_the_app(seen, place):
    before = said(seen, "runs"), said(seen, "area")
    x, y = on_screen(seen, place[1]["E01017284"])
    seen.page.mouse.move(x, y)
    seen.page.mouse.down()
    seen.page.mouse.move(x + 90, y + 30, steps=6)
    seen.page.mouse.up()
    seen.map.click(".leaflet-control-zoom-in")
    at_rest(seen)
    assert (said(seen, "runs"), said(seen, "area")) == before


def test_a_change_of_colour_keeps_the_view_and_fetches_nothing(seen, place):
    _, centres, _ = place
    seen.map.evaluate("() => { window.kept = true; map.setView(map.getCenter(), 14.5, { animate: false }); }")
    at_rest(seen)
    before, asked = view(seen), len(seen.asked)
    assert alike(colour(seen, centres["E01017284"]), RED)
    seen.page.get_by_role("button", name="Restyle").click()
    at_rest(seen)
    assert alike(colour(seen, centres["E01017283"]), BLUE)
    assert view(seen) == before
    assert seen.map.evaluate("() => window.kept === true")
    assert len(seen.asked) == asked
    seen.page.get_by_role("button", name="Restyle").click()
    at_rest(seen)
    assert alike(colour(seen, centres["E01017283"]), RED)


def test_the_whole_area_again(seen):
    before = view(seen)
    seen.map.evaluate("() => { map.setView([50.9, -1.4], 9, { animate: false }); }")
    seen.map.get_by_role("button", name="Show the whole area").click()
    assert view(seen) == pytest.approx(before, abs=1e-4)


def test_a_place_where_there_are_areas(seen, place):
    seen.page.get_by_role("button", name="Mark").click()
    at_rest(seen)
    seen.page.mouse.click(*on_screen(seen, place[1]["E01017286"]))
    comes(seen, "kind=place")


def test_a_hostile_name_does_nothing(seen, place):
    _, centres, sites = place
    for spot in [centres["E01017282"], *sites]:
        seen.page.mouse.move(*on_screen(seen, spot))
        seen.map.locator(".pramshed-tip", has_text=HOSTILE).wait_for(timeout=MOST)
        seen.page.mouse.click(*on_screen(seen, spot))
        at_rest(seen)
    assert seen.page.evaluate("() => window.hacked") is None
    assert seen.map.evaluate("() => window.hacked") is None
    assert seen.map.locator("img").count() == 0
    assert seen.errors == []


def test_geometry_that_is_gone_is_told(place, visit):
    opened = visit("about:blank", alone=True)
    opened.page.route("**/places/areas-*", lambda route: route.fulfill(status=404))
    opened.page.goto(place[0])
    notice = opened.map.locator(".pramshed-notice")
    notice.get_by_text("could not be loaded").wait_for()
    assert notice.get_attribute("role") == "status"


def test_on_a_telephone(place, visit):
    opened = visit(place[0], width=390, height=844, touch=True)
    map_drawn(opened, markers=3, areas=6)
    assert opened.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    boxes = [
        opened.map.locator(name).bounding_box()
        for name in (".leaflet-control-zoom", ".leaflet-control-scale", ".leaflet-control-attribution")
    ]
    for place_, one in enumerate(boxes):
        for two in boxes[place_ + 1 :]:
            apart = (
                one["x"] + one["width"] <= two["x"]
                or two["x"] + two["width"] <= one["x"]
                or one["y"] + one["height"] <= two["y"]
                or two["y"] + two["height"] <= one["y"]
            )
            assert apart, (one, two)
    scroll = opened.map.evaluate("() => getComputedStyle(document.getElementById('map_div')).touchAction")
    assert scroll == "pan-x pan-y"  # one finger is the page's
    opened.page.touchscreen.tap(*on_screen(opened, place[1]["E01017286"]))
    comes(opened, "area=E01017286")


def test_static_files_are_ours():
    """Whatever lies in static/ is public: nothing but what is listed."""
    listed = (STATIC / "README.md").read_text("utf-8")
    for path in STATIC.rglob("*"):
        if path.is_file() and "places" not in path.parts and path.name not in {"README.md", ".gitkeep"}:
            assert Path(path).relative_to(STATIC).as_posix() in listed
