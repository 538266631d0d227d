"""A reader's own list in a browser: dropped, drawn, asked with the keyboard; and in no other reader's browser."""

from __future__ import annotations

import re

import pytest

from tests.browser.waiting import MOST, at_rest, map_drawn

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser: app")]  # one server for all of the group

CLUBS = b"name,easting,northing\nRyde <i>library</i>,459180,92656\nNewport hall,450014,89065\n"


def test_a_list_is_dropped_drawn_and_stays_with_who_has_it(app, visit):
    seen = visit(f"{app.url}/?place=isle-of-wight")
    map_drawn(seen, markers=5, areas=80)
    menu = seen.page.locator("section[data-testid=stSidebar]")
    menu.locator("summary", has_text="Your own list of sites").click()
    upload = {"name": "clubs.csv", "mimeType": "text/csv", "buffer": CLUBS}
    menu.locator("input[type=file]").set_input_files(upload)
    seen.page.wait_for_url(re.compile("to=own"), timeout=MOST)
    at_rest(seen)
    pins = seen.map.locator(".pramshed-own")
    assert [pin.get_attribute("aria-label") for pin in pins.all()] == [
        "Ryde <i>library</i>, On your own list", "Newport hall, On your own list",
    ]  # fmt: skip
    pins.first.focus()
    seen.page.keyboard.press("Enter")
    seen.page.get_by_text("The reach of Ryde <i>library</i>").wait_for(timeout=MOST)
    other = visit(seen.page.url)
    map_drawn(other, markers=5, areas=80)
    assert other.map.locator(".pramshed-own").count() == 0
    other.page.get_by_text("somebody's own list of sites").wait_for(timeout=MOST)
    assert (seen.errors, seen.foreign, other.errors) == ([], [], [])
