"""Reports, in a browser: a policymaker chooses a ward and leaves with every file, and each opens."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from base64 import b64encode
from datetime import UTC, datetime

import openpyxl
import pytest

from tests.browser.accessibility import faults
from tests.browser.waiting import MOST, drawn

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser: app")]  # one server for all of the group

WARD = "E05013374"
LABELS = {
    "zip": "Download the pack (ZIP)", "pdf": "Document (PDF)", "xlsx": "Spreadsheet (XLSX)",
    "gpkg": "Map layers (GeoPackage)", "html": "Web page (HTML)", "json": "Settings and numbers (run.json)",
}  # fmt: skip


@pytest.fixture(scope="module")
def seen(app, visit_once):
    """The page about the whole place, on which one test goes on where another has left it."""
    opened = visit_once(f"{app.url}/reports?place=isle-of-wight")
    whole(opened)
    return opened


def whole(opened) -> None:
    """Wait until the whole page is there, its map too."""
    drawn(opened, "[data-testid=stImage] img")


def headline(opened) -> str:
    return opened.page.locator(".pramshed-headline").inner_text(timeout=MOST)


def saved(opened, ending: str) -> tuple[str, bytes]:
    """Press a button; what the file is called, and what is in it."""
    with opened.page.expect_download(timeout=MOST) as coming:
        opened.page.get_by_role("button", name=LABELS[ending], exact=True).click()
    return coming.value.suggested_filename, coming.value.path().read_bytes()


def test_the_map_is_described_and_headings_are_in_order(seen):
    opened = seen
    picture = opened.page.locator("[data-testid=stImage] img")
    assert picture.get_attribute("alt").startswith("Map of Isle of Wight: need and walking time to a children's centre")
    assert picture.evaluate("(image) => image.naturalWidth") > 600
    assert faults(opened.page) == []


def test_a_ward_is_chosen_and_every_file_taken_along(seen, visit, tmp_path):
    opened = seen
    opened.page.locator("label", has_text="A ward").click()
    drawn(opened, "[data-testid=stAlert]:has-text('Choose a ward')")
    opened.page.get_by_role("combobox", name="Ward").fill("Haylands")
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_url(f"**/*ward={WARD}*", timeout=MOST)
    opened.page.locator(".stHtml h2", has_text="Haylands & Swanmore").wait_for(timeout=MOST)
    whole(opened)
    said = headline(opened)
    address = opened.page.url

    made = {ending: saved(opened, ending) for ending in LABELS}
    day = datetime.now(tz=UTC).date()
    assert {name for name, _ in made.values()} == {
        *(
            f"pramshed-isle-of-wight-haylands-swanmore-{day}.{ending}"
            for ending in ("zip", "pdf", "xlsx", "gpkg", "html")
        ),
        f"pramshed-isle-of-wight-haylands-swanmore-{day}-run.json",
    }
    files = {ending: content for ending, (_, content) in made.items()}

    run = json.loads(files["json"])
    assert said.startswith(run["figures"]["under5_beyond"]["said"])
    assert files["pdf"].startswith(b"%PDF-")
    workbook = openpyxl.load_workbook(io.BytesIO(files["xlsx"]), read_only=True)
    assert any(said in str(cell) for row in workbook.worksheets[0].iter_rows(values_only=True) for cell in row)
    layers = tmp_path / "layers.gpkg"
    layers.write_bytes(files["gpkg"])
    with sqlite3.connect(layers) as file:
        assert file.execute("select count(*) from neighbourhoods").fetchone() == (3,)
    file.close()
    page = visit(f"data:text/html;base64,{_base64(files['html'])}")
    assert said in " ".join(page.page.locator("body").inner_text().split())
    with zipfile.ZipFile(io.BytesIO(files["zip"])) as pack:
        assert pack.testzip() is None
        inside = {name.split("/", 1)[1]: pack.read(name) for name in pack.namelist()}
    assert inside["run.json"] == files["json"]
    assert inside["tables.xlsx"] == files["xlsx"]
    assert inside["report.pdf"] == files["pdf"]

    assert opened.page.url == address, "a download changes nothing"
    assert opened.foreign == []
    assert opened.errors == []


def _base64(content: bytes) -> str:
    return b64encode(content).decode()


@pytest.mark.parametrize("query", ["&about=areas", f"&about=ward&ward={WARD}&against=day&then=2016-01-01&counts=full"])
def test_on_a_telephone_nothing_is_wider_than_the_screen(app, visit, query):
    opened = visit(f"{app.url}/reports?place=isle-of-wight{query}", width=390, touch=True)
    if query == "&about=areas":
        drawn(opened, "[data-testid=stAlert]")
    else:
        whole(opened)
        first, main = (opened.page.locator(name).bounding_box() for name in (".pramshed-headline", ".st-key-get-zip"))
        figures = opened.page.locator(".pramshed-table").bounding_box()
        assert first["y"] < main["y"] < figures["y"], "the answer, then the files"
    assert opened.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
