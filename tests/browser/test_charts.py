"""Charts in a browser: they fit a telephone, show their tooltips, and run nobody's code."""

from __future__ import annotations

import pytest

from tests.browser.waiting import MOST, at_rest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser: stage")]  # one server for all of the group

HOSTILE = "<img src=x onerror=window.top.hacked=1>"
LONG = "Chickenley Earlsheaton & Shawcross Children's Centre"
SCRIPT = f"""
from datetime import date

import pandas as pd
import streamlit as st

from layers.maps import charts

ledger = pd.DataFrame({{"name": [{LONG!r}, {HOSTILE!r}], "joint": [214.0, 85.0], "alone": [180.0, 60.0]}})
choices = pd.DataFrame({{"k": [1, 2], "greedy": [214.0, 330.0], "optimum": [214.0, 350.0]}})
times = pd.DataFrame({{"date": pd.to_datetime(["2010-01-01", "2016-03-07"]), "beyond": [1200, 2100], "low": [1100, 1800],
                      "high": [1200, 2400]}})
for chart in (
    charts.ledger_bars(ledger),
    charts.trade_off_lines(choices),
    charts.through_time(times, day=date(2026, 11, 21)),
):
    st.altair_chart(chart, width="stretch")
"""


@pytest.fixture
def look(stage, visit):
    def open_page(**screen):
        opened = visit(stage("charts", SCRIPT), **screen)
        opened.page.wait_for_function(
            "document.querySelectorAll('[data-testid=stVegaLiteChart] svg').length === 3", timeout=MOST
        )
        at_rest(opened)
        return opened

    return open_page


def test_each_chart_says_what_it_is_and_a_hostile_name_does_nothing(look):
    seen = look()
    said = seen.page.locator("[data-testid=stVegaLiteChart][role=graphics-document]").all()
    starts = [one.get_attribute("aria-label").split(",")[0] for one in said]
    assert [start.split()[0] for start in starts] == ["Bars", "Two", "Stepped"]
    row = seen.page.locator(f'[aria-label="{HOSTILE}: 85, alone 60"]')
    row.scroll_into_view_if_needed()
    row.hover()
    tip = seen.page.locator("#vg-tooltip-element.visible")
    tip.wait_for(timeout=MOST)
    assert HOSTILE in tip.inner_text()
    assert tip.locator("img").count() == 0
    assert seen.page.evaluate("() => window.hacked") is None
    assert seen.foreign == []
    assert seen.errors == []


def test_on_a_telephone_names_are_whole(look):
    seen = look(width=390, height=1900, touch=True)
    assert seen.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    name = seen.page.locator("svg text", has_text=LONG)
    box = name.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    for text in seen.page.locator("[data-testid=stVegaLiteChart] svg text").all():
        box = text.bounding_box()
        if box and box["width"]:
            assert box["x"] >= 0, text.inner_html()
            assert box["x"] + box["width"] <= 390, text.inner_html()
