"""An authority fetched by mouse from services on this machine: begun, cancelled, gone on with, opened; and at full size."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
import shapely

from data.place import Place
from layers.answers.question import Question, answer
from tests.browser.accessibility import faults
from tests.browser.waiting import MOST, at_rest, drawn
from tests.data.gather.tables import same_as_by_hand
from tests.data.services.fakes import files, whole
from tests.servers.scripted import Service

ROOT = Path(__file__).resolve().parents[2]
PAUSES = Path(__file__).parent / "without_pauses"

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser: places")]


@pytest.fixture
def dashboard(serve, tmp_path):
    """Start a dashboard whose services have an authority; what is fetched and built goes into the test's folder."""
    service, store = Service(), Service()
    (tmp_path / "places").mkdir()

    def start(served):
        whole.serve(service, store, served, day=datetime.now(UTC).date())
        return serve(
            ROOT / "app.py",
            PRAMSHED_MIRRORS=json.dumps(service.bases() | {store.address.removeprefix("http://"): store.address}),
            PRAMSHED_FETCHED=str(tmp_path / "fetched"),
            PRAMSHED_PLACES=str(tmp_path / "places"),
            PYTHONPATH=os.pathsep.join([str(PAUSES), str(ROOT)]),
            **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), ""),
        )

    yield start
    service.close()
    store.close()


def fetch(page, name):
    """Search an authority by its name and press the button."""
    page.get_by_role("combobox", name="Authority").click()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.get_by_role("button", name=f"Fetch {name}").click(timeout=MOST)


def test_an_authority_by_mouse(dashboard, small, small_place, visit):
    listed = files.gias_extract(pd.read_csv(small.centres[0], dtype="str", keep_default_na=False))
    seen = visit(f"{(url := dashboard(whole.made_of(small, small_place, centres=listed)))}/places")
    drawn(seen)
    page = seen.page
    fetch(page, "Town")
    page.get_by_role("button", name="Cancel").click(timeout=MOST)
    page.get_by_text("the work was stopped").wait_for(timeout=MOST)
    at_rest(seen)  # what is about to be drawn again is pale
    assert faults(page) == []
    page.get_by_role("button", name="Go on").click(timeout=MOST)
    other = visit(f"{url}/places", width=390, height=844)
    other.page.get_by_role("progressbar").first.wait_for(timeout=MOST)
    for one in (page, other.page):
        one.get_by_text("Town, City of is here.").first.wait_for(timeout=MOST)
    page.close()  # the tab is closed; the place is there all the same
    other.page.locator(".st-key-work-town a").click(timeout=MOST)
    other.page.wait_for_url(re.compile("place=town-city-of"), timeout=MOST)
    drawn(other)
    assert other.page.locator("h1").inner_text().startswith("Town, City of")
    # from any figure two presses lead to its receipt
    other.page.get_by_role("link", name="Where each figure comes from").click(timeout=MOST)
    other.page.get_by_text(re.compile("Receipts for all [0-9]+ files")).click(timeout=MOST)
    other.page.get_by_test_id("stDataFrame").nth(1).wait_for(timeout=MOST)
    at_rest(other)
    assert (seen.errors, seen.foreign, other.errors, other.foreign) == ([], [], [], [])


@pytest.mark.full_size
def test_the_isle_of_wight_by_mouse(dashboard, real_inputs, real_place, visit, tmp_path):
    """The island as it is fetched by the page is the one that is built of the same files: tables, postcodes, walks."""
    inputs = real_inputs["isle-of-wight"]
    green = {"Carisbrooke": shapely.box(448_000, 88_000, 448_030, 88_030)}
    url = dashboard(whole.made_of(inputs, real_place("isle-of-wight"), green=green))
    seen = visit(f"{url}/places")
    drawn(seen)
    page = seen.page
    fetch(page, "Isle of Wight")
    page.get_by_role("progressbar").first.wait_for(timeout=MOST)
    page.get_by_text(re.compile(r"step \d+ of \d+, building: ")).wait_for(timeout=MOST)
    page.screenshot(path=tmp_path / "fetching.png")
    page.get_by_text("Isle of Wight is here.").first.wait_for(timeout=MOST)
    fetched = Place.open(tmp_path / "places" / "isle-of-wight")
    # the register's list is of the day on which the page asks for it
    gathered, alone = tmp_path / "fetched/gathered/e06000046", tmp_path / "by_hand"
    built = same_as_by_hand(fetched, inputs, gathered, alone, but=("source_date",))
    assert fetched.play_spaces()["source"].eq("OS Open Greenspace").sum() == 1
    page.locator(".st-key-work-e06000046 a").click(timeout=MOST)
    page.wait_for_url(re.compile("place=isle-of-wight"), timeout=MOST)
    drawn(seen)
    assert (seen.errors, seen.foreign) == ([], [])
    for to in ("centres", "play"):
        walks = [answer(place, Question(to=to)).reach for place in (fetched, built)]
        pd.testing.assert_frame_equal(*walks)
        assert walks[0]["minutes"].notna().sum() > 3_000
    assert {receipt.status for receipt in fetched.receipts()} == {200}
    # and nobody has a newer edition of it
    page.goto(f"{url}/places?place=isle-of-wight")
    page.get_by_text("Isle of Wight: newer editions").click(timeout=MOST)
    page.get_by_role("button", name="Look for newer editions").click(timeout=MOST)
    page.get_by_text("Code-Point Open: nothing newer").wait_for(timeout=MOST)
    at_rest(seen)
    assert page.get_by_role("progressbar").count() == 0
    page.screenshot(path=tmp_path / "newer.png")
