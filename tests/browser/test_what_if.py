"""What if, in a browser: a planner closes a centre on the map, adds one by postcode, undoes, and shares the address."""

from __future__ import annotations

import re

import pytest

from tests.browser.accessibility import faults
from tests.browser.waiting import MOST, at_rest, map_drawn

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser: app")]  # one server for all of the group


@pytest.fixture
def seen(app, visit):
    def look(query: str = "", **screen):
        opened = visit(f"{app.url}/what_if?place=isle-of-wight{query}", **screen)
        map_drawn(opened, markers=8, areas=80)
        return opened

    return look


def figures(opened) -> dict[str, int]:
    """The figures under the headline: now, with the changes, the difference."""
    box = opened.page.locator("dl.pramshed-counts")
    words = box.inner_text(timeout=MOST).split("\n")
    cells = [word.strip() for word in words if word.strip()]
    return {what: int(figure.replace(",", "")) for what, figure in zip(cells[::2], cells[1::2], strict=True)}


def shapes(opened) -> list[str]:
    return opened.page.get_by_role("list", name="Shapes on the map").inner_text(timeout=MOST).split("\n")


def changes(opened) -> list[str]:
    return opened.page.locator(".stHtml p").filter(has_text=re.compile(r"^\d+\. ")).all_inner_texts()


def press(opened, name: str) -> None:
    opened.page.get_by_role("button", name=name, exact=True).click()
    at_rest(opened)


def test_a_planner_tries_a_change_and_shares_it(seen, visit):
    opened = seen()
    assert "Close, open, move or add a centre" in opened.page.locator(".pramshed-headline").inner_text()

    # a centre is chosen on the map and closed
    opened.map.locator(".pramshed-marker[aria-label^='Ryde']").click()
    opened.page.wait_for_url(re.compile("site=20004"), timeout=MOST)
    at_rest(opened)
    press(opened, "Close it")
    opened.page.wait_for_url(re.compile("changes=close~20004"), timeout=MOST)
    at_rest(opened)
    closed = figures(opened)
    assert closed["difference"] > 0
    assert closed["with your changes"] - closed["Under-fives beyond 15 minutes now"] == closed["difference"]
    assert "closed in your scenario" in shapes(opened)
    assert changes(opened) == ["1. Close Ryde Children's Centre"]

    # one is added by postcode
    opened.page.get_by_text("Add a centre", exact=True).click()
    opened.page.get_by_label("Name", exact=True).fill("Library <b>Ryde</b>")
    opened.page.locator(".st-key-add input, [data-testid=stForm] input").last.fill("nonsense")
    press(opened, "Add it")
    assert "is neither a postcode" in opened.page.get_by_role("alert").inner_text(timeout=MOST)
    assert len(changes(opened)) == 1
    opened.page.locator("[data-testid=stForm] input").last.fill("PO33 2JF")
    press(opened, "Add it")
    opened.page.wait_for_url(re.compile("add~new-1"), timeout=MOST)
    at_rest(opened)
    both = figures(opened)
    assert both["difference"] < closed["difference"]
    assert changes(opened)[1].startswith("2. Add Library <b>Ryde</b> at ")
    assert "added or moved in your scenario" in shapes(opened)

    # the address is the scenario
    again = visit(opened.page.url)
    map_drawn(again, markers=8, areas=80)
    assert figures(again) == both
    assert changes(again) == changes(opened)
    assert again.foreign == []

    # and every change can be undone
    opened.page.get_by_role("button", name="Undo", exact=True).last.click()
    at_rest(opened)
    assert figures(opened) == closed
    opened.page.get_by_role("button", name="Undo", exact=True).click()
    at_rest(opened)
    assert opened.page.locator("dl.pramshed-counts").count() == 0
    assert "changes=" not in opened.page.url
    assert opened.errors == []
    assert faults(opened.page) == []


def test_another_places_scenario_is_refused_and_a_click_on_the_map_adds_a_centre(app, visit):
    opened = visit(f"{app.url}/what_if?place=isle-of-wight&changes=close~20004&for=0123456789abcdef")
    said = opened.page.get_by_role("alert").inner_text(timeout=MOST)
    assert "These changes were made for another place" in said
    at_rest(opened)
    press(opened, "Start again")
    map_drawn(opened, markers=8, areas=80)
    assert "changes=" not in opened.page.url

    opened.page.get_by_text("Adds a centre there").click()
    at_rest(opened)
    opened.map.wait_for_function("map.getContainer().classList.contains('pramshed-marking')", timeout=MOST)
    frame = opened.page.locator("iframe").first
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    opened.page.mouse.click(box["x"] + box["width"] * 0.52, box["y"] + box["height"] * 0.55)
    opened.page.wait_for_url(re.compile("changes=add~new-1~"), timeout=MOST)
    at_rest(opened)
    assert changes(opened)[0].startswith("1. Add New centre 1 at ")


def test_on_a_telephone_nothing_is_wider_than_the_screen(seen):
    opened = seen("&part=where&surface=yes", width=390, touch=True)
    wide = opened.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= 390
    widths = opened.map.evaluate(
        "() => [...new Set(Object.values(map._layers).filter((l) => l.options.gain).map((l) => l.options.gain))].length"
    )
    assert widths >= 0
    assert "more than" in opened.page.get_by_role("list", name="Streets, least to most").inner_text(timeout=MOST)
    assert "proved" in opened.page.locator("body").inner_text()
