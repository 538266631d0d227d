"""The dashboard in a browser: map, card, table, keyboard, phone, links."""

from __future__ import annotations

import re

import pytest

from tests.browser.accessibility import faults
from tests.browser.waiting import MOST, at_rest, map_drawn
from tests.required import missing

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser: app")]  # one server for all of the group

ONE = "E01017282"
NAME = "Ryde West & Havenstreet (006A)"


@pytest.fixture
def seen(app, visit):
    def look(query: str = "", **screen):
        # whoever tests on a machine with more places must still meet the bundled one
        opened = visit(f"{app.url}/?place=isle-of-wight{query}", **screen)
        map_drawn(opened, markers=5, areas=80)
        return opened

    return look


@pytest.fixture(scope="module")
def first(app, visit_once):
    """The first page, on which one test goes on where another has left it."""
    opened = visit_once(f"{app.url}/?place=isle-of-wight")
    map_drawn(opened, markers=5, areas=80)
    return opened


def card(seen) -> str:
    return seen.page.get_by_role("table", name="The walk and who lives here").inner_text(timeout=MOST)


def title(seen) -> str:
    """The heading of the card."""
    return seen.page.locator(".stHtml h2").first.inner_text(timeout=MOST)


def click_on(seen, code: str) -> None:
    """Click on the map within the area, beside the markers."""
    box = seen.page.locator("iframe").first
    box.scroll_into_view_if_needed()
    frame = box.bounding_box()
    x, y = seen.map.evaluate(
        """() => {
            const areas = Object.values(map._layers).filter((layer) => layer.worn && layer._pxBounds);
            const size = ({ _pxBounds: { min, max } }) => (max.x - min.x) * (max.y - min.y);
            areas.sort((one, two) => size(two) - size(one));
            const steps = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
            for (const area of areas)
                for (const i of steps)
                    for (const j of steps) {
                        const { min, max } = area._pxBounds;
                        const at = L.point(min.x + (max.x - min.x) * i, min.y + (max.y - min.y) * j);
                        if (!area._containsPoint(at)) continue;
                        const point = map.layerPointToContainerPoint(at);
                        if (document.elementFromPoint(point.x, point.y)?.tagName === 'CANVAS') return [point.x, point.y];
                    }
        }"""
    )
    seen.page.mouse.click(frame["x"] + x, frame["y"] + y)


def test_a_missing_browser_fails_where_it_is_required(monkeypatch):
    monkeypatch.setenv("PRAMSHED_TEST_REQUIRE", "browser")
    with pytest.raises(pytest.fail.Exception, match="no Chromium"):
        missing("browser", "no Chromium")
    monkeypatch.setenv("PRAMSHED_TEST_REQUIRE", "")
    with pytest.raises(pytest.skip.Exception):
        missing("browser", "no Chromium")


def test_the_first_map_is_drawn_and_nobody_else_is_asked(first):
    opened = first
    assert opened.foreign == []
    assert opened.errors == []
    assert sum("/places/areas-" in address for address in opened.asked) == 1
    assert sum("/places/segments-" in address for address in opened.asked) == 1
    assert sum("/places/base-" in address for address in opened.asked) == 1
    painted = opened.map.evaluate(
        """() => Object.values(map._layers).filter((layer) => layer.paint).map(({ _ctx: pen, _container: box }) => {
            const dots = pen.getImageData(0, 0, box.width, box.height).data;
            return dots.filter((value, i) => i % 4 === 3 && value).length / (box.width * box.height);
        })"""
    )
    assert len(painted) == 3
    assert min(painted) > 0.005, "land, streets and names"
    box, frame = opened.map.evaluate(
        """() => {
            const all = Object.values(map._layers).filter((layer) => layer.worn).map((layer) => layer.getBounds());
            const whole = all.reduce((one, two) => one.extend(two), L.latLngBounds(all[0].getSouthWest(), all[0].getNorthEast()));
            return [map.getBounds().contains(whole), map.getSize().x];
        }"""
    )
    assert box, "the whole place is on the map"
    assert frame > 400
    assert opened.page.get_by_role("list", name="Shapes on the map").inner_text().split("\n") == [
        "full centre", "linked site, offers less",
    ]  # fmt: skip
    assert faults(opened.page) == []


@pytest.mark.parametrize(
    ("skips", "where"),
    [
        (1, "[class*=st-key-first-] button >> nth=-1"),
        (2, ".st-key-rows button >> nth=0"),
        (2, "text=Download this table"),
    ],
)
def test_a_link_skips_the_map_and_few_presses_lead_anywhere(first, skips, where):
    keys = first.page.keyboard
    first.page.locator("h1").evaluate("h1 => { h1.tabIndex = -1; h1.focus(); }")
    for _ in range(skips):
        keys.press("Tab")
    link = first.page.locator(".pramshed-skip a").nth(skips - 1)
    assert link.evaluate("a => a === document.activeElement && getComputedStyle(a).clipPath === 'none'")
    keys.press("Enter")
    goal, url = first.page.locator(where), first.page.url
    presses = skips + 1
    while presses < 15 and not goal.evaluate("one => one.closest('button') === document.activeElement"):
        keys.press("Tab")
        presses += 1
    assert presses < 15
    assert first.page.url == url, "Back is for choices"


def test_an_area_with_the_keyboard_alone_and_by_its_row(first):
    opened = first
    keys = opened.page.keyboard
    first = opened.page.locator("[class*=st-key-first-] button").first.inner_text()
    box = opened.page.get_by_role("combobox", name="Neighbourhood")
    opened.page.locator("h1").click()
    for _ in range(60):
        keys.press("Tab")
        if box.evaluate("box => box === document.activeElement"):
            break
    else:
        pytest.fail("the box is not reached by Tab")
    keys.type("006A")
    keys.press("Enter")
    opened.page.wait_for_url(re.compile(f"area={ONE}"), timeout=MOST)
    at_rest(opened)
    assert title(opened) == NAME
    assert "Typical walk" in card(opened)

    # and a row of the table, which is drawn on a canvas
    grid = opened.page.locator("[data-testid=stDataFrame]")
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    opened.page.mouse.click(box["x"] + 20, box["y"] + 36 + 17)
    opened.page.wait_for_url(lambda url: ONE not in url, timeout=MOST)
    at_rest(opened)
    assert title(opened) in first


def test_a_click_on_the_map_is_a_link_to_share(first, visit):
    opened = first
    click_on(opened, ONE)
    opened.page.wait_for_url(re.compile(r"area=E01\d{6}"), timeout=MOST)
    at_rest(opened)
    said = title(opened), card(opened)
    assert said[0] == "The walk from here"
    assert opened.map.locator(".pramshed-here").count() == 1
    link = opened.page.url
    again = visit(link)
    map_drawn(again, markers=5, areas=80)
    assert (title(again), card(again)) == said
    assert again.map.locator(".pramshed-here").count() == 1


def test_back_undoes_one_choice_and_loses_none(seen):
    opened = seen()
    urls = [opened.page.url]

    def chosen(press) -> None:
        press()
        opened.page.wait_for_url(lambda url: url != urls[-1], timeout=MOST)
        at_rest(opened)
        urls.append(opened.page.url)

    chosen(lambda: click_on(opened, ONE))
    chosen(opened.page.get_by_text("Need and walking time").click)
    chosen(opened.map.locator(".pramshed-marker[aria-label^='Ryde']").click)
    cards = ("The reach of Ryde", "The walk from here", "The walk from here", "Where to look first")
    for url, said in zip(urls[::-1], cards, strict=True):
        opened.page.wait_for_url(url, timeout=MOST)
        at_rest(opened)
        assert title(opened).startswith(said)
        if url != urls[0]:
            opened.page.go_back()


def test_a_square_of_the_legend_and_a_new_profile(seen):
    opened = seen(f"&area={ONE}&layer=gap")
    opened.map.evaluate("() => { window.kept = true; }")
    before = title(opened)
    fills = "() => Object.values(map._layers).filter((l) => l.worn && l.options.fillColor !== '#ffffff').length"
    assert opened.map.evaluate(fills) >= 80
    square = opened.page.get_by_role("button", name=re.compile("High need, over 15 minutes"))
    count = int(re.search(r"(\d+) areas", square.inner_text()).group(1))
    square.click()
    opened.page.get_by_text(f"Only high need, over 15 minutes: {count} of 89.").wait_for(timeout=MOST)
    at_rest(opened)
    opened.map.wait_for_function(f"({fills})() === {count}", timeout=MOST)
    assert opened.map.evaluate("() => window.kept === true"), "the frame was loaded anew"
    assert "cell=high-far" in opened.page.url

    opened.page.get_by_text("Adult alone").click()
    opened.page.wait_for_url(re.compile("who=adult"), timeout=MOST)
    at_rest(opened)
    assert title(opened) == before == NAME
    assert f"area={ONE}" in opened.page.url
    assert opened.map.evaluate("() => window.kept === true"), "the frame was loaded anew"

    opened.page.go_back()
    opened.page.wait_for_url(lambda url: "who=adult" not in url, timeout=MOST)
    at_rest(opened)
    assert "families with a pram" in opened.page.locator(".pramshed-headline").inner_text()
    assert opened.errors == []


def test_on_a_telephone(seen):
    opened = seen(f"&area={ONE}&layer=gap", width=390, height=844, touch=True)
    assert opened.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert opened.page.locator("[data-testid=stMain]").evaluate("main => main.scrollWidth <= main.clientWidth")
    order = [
        opened.page.locator(where).first.bounding_box()["y"]
        for where in ("h1", "iframe", ".stHtml h2", ".st-key-need-legend", "[data-testid=stDataFrame]")
    ]
    assert order == sorted(order)
    assert opened.page.get_by_text("open the menu » at the top left").is_visible()
    menu = opened.page.get_by_role("button", name="Expand sidebar")
    assert min(menu.bounding_box()[side] for side in ("width", "height")) >= 44
    menu.click()
    opened.page.get_by_text("Adult alone").wait_for(timeout=MOST)
    for name in ("Full centres and linked sites", "Full centres only"):
        choice = opened.page.locator("label", has=opened.page.get_by_role("radio", name=name))
        assert choice.bounding_box()["height"] >= 24


def test_the_card_lies_over_the_lower_part_of_a_telephones_map(seen):
    """The menu closes with the page that is chosen; the card comes up over the map, is closed, and Back undoes that."""
    opened = seen(width=390, height=844)
    opened.page.get_by_role("button", name="Expand sidebar").click()
    opened.page.get_by_role("link", name="Explore").click()
    opened.page.get_by_role("button", name="Expand sidebar").wait_for(timeout=MOST)
    at_rest(opened)
    start = opened.page.url
    click_on(opened, ONE)
    opened.page.wait_for_url(re.compile("at="), timeout=MOST)
    at_rest(opened)
    sheet = over_the_map(opened, ".st-key-looked")
    here = opened.map.locator(".pramshed-here").bounding_box()
    assert here["y"] + here["height"] < sheet["y"], "what was chosen is not below the card"
    chosen = opened.page.url
    opened.page.get_by_role("button", name="Close this walk").click()
    opened.page.wait_for_url(lambda url: url != chosen, timeout=MOST)
    at_rest(opened)
    assert opened.page.get_by_text("The walk from here").count() == 0
    opened.page.go_back()
    opened.page.wait_for_url(chosen, timeout=MOST)
    at_rest(opened)
    assert opened.page.get_by_text("The walk from here").count() == 1
    opened.page.go_back()
    opened.page.wait_for_url(start, timeout=MOST)
    at_rest(opened)
    assert opened.page.get_by_text("The walk from here").count() == 0
    opened.page.get_by_role("combobox", name="Find a place").click()
    opened.page.keyboard.type(NAME)
    opened.page.get_by_role("option", name=NAME, exact=True).click()
    opened.page.wait_for_url(re.compile(f"area={ONE}"), timeout=MOST)
    at_rest(opened)
    over_the_map(opened, ".st-key-looked-area")
    opened.page.get_by_role("button", name="Close this neighbourhood").click()
    opened.page.wait_for_url(lambda url: "area=" not in url, timeout=MOST)


def over_the_map(opened, card_: str) -> dict[str, float]:
    """Where the card lies: over the lower part of the map, down to the screen's edge."""
    sheet, frame = (opened.page.locator(where).first.bounding_box() for where in (f"div:has(> {card_})", "iframe"))
    assert frame["y"] < sheet["y"] < frame["y"] + frame["height"]
    assert sheet["y"] + sheet["height"] <= opened.page.viewport_size["height"] + 1
    return sheet


def test_from_page_to_page(app, visit):
    opened = visit(f"{app.url}/about?place=isle-of-wight")
    for title_, after in (
        ("Isle of Wight: data and method", "What was lost"),
        ("Isle of Wight: what was lost", "Side by side"),
        ("Side by side: who can walk to", ""),
    ):
        opened.page.get_by_role("heading", level=1, name=title_).wait_for(timeout=MOST)
        at_rest(opened)
        assert faults(opened.page) == [], title_
        if after:
            opened.page.get_by_role("link", name=after, exact=True).click()
    assert (opened.foreign, opened.errors) == ([], [])
