"""An authority fetched by mouse from services on this machine: begun, cancelled, gone on with, opened."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from tests.browser.accessibility import faults
from tests.browser.waiting import MOST, at_rest, drawn
from tests.data.services.fakes import files, whole
from tests.servers.scripted import Service

ROOT = Path(__file__).resolve().parents[2]
PAUSES = Path(__file__).parent / "without_pauses"

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser: places")]


@pytest.fixture
def dashboard(serve, small, small_place, tmp_path):
    """A dashboard whose services have the small authority."""
    service, store = Service(), Service()
    listed = files.gias_extract(pd.read_csv(small.centres[0], dtype="str", keep_default_na=False))
    whole.serve(service, store, whole.made_of(small, small_place, centres=listed), day=datetime.now(UTC).date())
    led = service.bases() | {store.address.removeprefix("http://"): store.address}
    (tmp_path / "places").mkdir()
    yield serve(
        ROOT / "app.py",
        PRAMSHED_MIRRORS=json.dumps(led),
        PRAMSHED_FETCHED=str(tmp_path / "fetched"),
        PRAMSHED_PLACES=str(tmp_path / "places"),
        PYTHONPATH=os.pathsep.join([str(PAUSES), str(ROOT)]),
        **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), ""),
    )
    service.close()
    store.close()


def test_an_authority_by_mouse(dashboard, visit):
    seen = visit(f"{dashboard}/places")
    drawn(seen)
    page = seen.page
    page.get_by_role("combobox", name="Authority").click()
    page.keyboard.type("Town")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Fetch Town").click(timeout=MOST)
    page.get_by_role("button", name="Cancel").click(timeout=MOST)
    page.get_by_text("the work was ended").wait_for(timeout=MOST)
    assert faults(page) == []
    page.get_by_role("button", name="Go on").click(timeout=MOST)
    other = visit(f"{dashboard}/places", width=390, height=844)
    other.page.get_by_role("progressbar").first.wait_for(timeout=MOST)
    for one in (page, other.page):
        one.get_by_text("Town, City of is here.").first.wait_for(timeout=MOST)
    page.close()  # the tab is closed; the place is there all the same
    other.page.locator(".st-key-work-town a").click(timeout=MOST)
    other.page.wait_for_url(re.compile("place=town-city-of"), timeout=MOST)
    drawn(other)
    assert other.page.locator("h1").inner_text().startswith("Town, City of")
    at_rest(other)
    assert (seen.errors, seen.foreign, other.errors, other.foreign) == ([], [], [], [])
