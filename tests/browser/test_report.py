"""A report opened from a disk: in Chromium, with and without scripts, on small and large screens, by keyboard, on paper."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import pytest
from PIL import Image

from layers.reports.figure import Figure
from layers.reports.writers.html import Entry, html_of, index_of
from tests.browser.accessibility import faults
from tests.browser.waiting import MOST
from tests.layers.reports.made import HOSTILE, NAMES, made_report

pytestmark = pytest.mark.browser

PAPER = 688
"""Pixels between the margins of A4: (210 - 2 * 14) mm at 96 to the inch."""

WIDE = """() => [...document.querySelectorAll('body *')]
    .filter((one) => one.checkVisibility() && !one.closest('table, .map img, .skip, .seen-not'))
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.outerHTML.slice(0, 90))"""
FAINT = """() => {
    const colour = (said) => said.match(/[\\d.]+/g).map(Number);
    const part = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
    const behind = (one) => {
        for (; one; one = one.parentElement) {
            const at = colour(getComputedStyle(one).backgroundColor);
            if (at.length === 3 || at[3] === 1) return at;
        }
        return [255, 255, 255];
    };
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const faint = [];
    let seen = 0;
    while (words.nextNode()) {
        const one = words.currentNode.parentElement;
        if (!words.currentNode.data.trim() || !one.checkVisibility()) continue;
        const [dark, pale] = [light(colour(getComputedStyle(one).color)), light(behind(one))].sort((a, b) => a - b);
        seen += 1;
        if ((pale + 0.05) / (dark + 0.05) < 4.5) faint.push(one.outerHTML.slice(0, 90));
    }
    return [seen, faint];
}"""
SMALL = """() => [...document.querySelectorAll('nav li, td.files a, summary')]
    .map((one) => [one.textContent, one.getBoundingClientRect()])
    .filter(([, box]) => box.height < 24 || box.width < 24).map(([name]) => name)"""
SPACED = """* {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important}
p {margin-bottom: 2em !important}"""


@dataclass
class Opened:
    page: object
    asked: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1600, 1100), "#dddddd").save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    (folder / "report.html").write_bytes(html_of(made_report(), {"need": picture()}))
    beyond = Figure(key="beyond", label="Under-fives beyond 15 minutes", value=33, unit="under-fives", base=90)
    wards = []
    for number, name in enumerate(NAMES):
        (folder / f"{number} & #1").mkdir()
        (folder / f"{number} & #1" / "report.html").write_bytes(html_of(made_report(), {"need": picture()}))
        wards.append(
            Entry(key=f"w{number}", title=name, figures={"b": beyond}, links={"web page": f"{number} & #1/report.html"})
        )
    (folder / "index.html").write_bytes(index_of(wards, title="Made-up", answer="The answer.", credits=("© Me",)))
    return {"report": folder / "report.html", "index": folder / "index.html"}


@pytest.fixture(scope="module")
def browsers(chromium):
    """One memory for pages with scripts, one for pages without."""
    made = {script: chromium.new_context(java_script_enabled=script) for script in (True, False)}
    for context in made.values():
        context.set_default_timeout(MOST)
    yield made
    for context in made.values():
        context.close()


@pytest.fixture
def look(browsers, files):
    """Open one of the two pages from the disk; whatever it asks for and complains of is written down."""
    pages = []

    def open_page(which: str = "report", *, width: int = 1280, script: bool = True) -> Opened:
        seen = Opened(browsers[script].new_page())
        pages.append(seen.page)
        seen.page.set_viewport_size({"width": width, "height": 900})
        seen.page.on("request", lambda request: seen.asked.append(request.url))
        seen.page.on("console", lambda message: seen.heard.append(message.text))
        seen.page.on("pageerror", lambda error: seen.heard.append(str(error)))
        seen.page.on("dialog", lambda dialog: seen.heard.append(dialog.message))
        seen.page.goto(files[which].as_uri(), wait_until="load")
        return seen

    yield open_page
    for page in pages:
        page.close()


@pytest.mark.parametrize("which", ["report", "index"])
def test_it_asks_for_nothing_and_complains_of_nothing(look, files, which):
    seen = look(which)
    seen.page.evaluate("new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
    assert [one for one in seen.asked if not one.startswith("data:image/png")] == [files[which].as_uri()]
    assert seen.heard == []
    assert seen.page.evaluate("document.scripts.length") == 0
    drawn = seen.page.evaluate("[...document.images].map((one) => [one.complete, one.naturalWidth])")
    assert drawn == ([[True, 1600]] if which == "report" else [])


def test_its_policy_holds_even_for_what_would_slip_in(look):
    """Somebody who edits the page cannot make it run a script or ask for a picture from elsewhere."""
    seen = look()
    seen.page.evaluate("""() => {
        const script = document.createElement('script');
        script.textContent = 'window.ran = 1';
        document.body.append(script);
        const image = document.createElement('img');
        image.src = 'http://127.0.0.1:9/x.png';
        document.body.append(image);
    }""")
    seen.page.wait_for_function("() => document.images[1].complete", timeout=MOST)
    assert seen.page.evaluate("window.ran") is None
    assert sum("Content Security Policy" in one for one in seen.heard) == 2


def test_without_scripts_it_says_the_same(look):
    said = [look(script=script).page.locator("body").inner_text() for script in (True, False)]
    assert said[0] == said[1]
    assert HOSTILE in " ".join(said[0].split())
    assert all(name in said[1] for name in NAMES[1:])
    page = look(script=False).page
    page.get_by_text("What the columns mean").first.click()
    assert page.get_by_text("The typical walk: half walk longer, half less.").is_visible()


@pytest.mark.parametrize("which", ["report", "index"])
def test_it_fits_every_screen(look, which):
    page = look(which).page
    for spaced in (False, True):
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, spaced)
            assert page.evaluate(WIDE) == [], (width, spaced)
            assert page.evaluate(SMALL) == [], (width, spaced)
        page.add_style_tag(content=SPACED)  # WCAG 2.2, 1.4.12


@pytest.mark.parametrize("which", ["report", "index"])
def test_everybody_can_use_it(look, which):
    page = look(which).page
    page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    assert faults(page) == []
    seen, faint = page.evaluate(FAINT)  # axe passes over tables, whose edges are shaded
    assert seen > 30
    assert faint == []
    page.add_style_tag(content="caption {color: #888}")
    assert page.evaluate(FAINT)[1], "the check finds what is faint"


def test_what_is_heard(look):
    page = look(width=390).page
    for role in ("banner", "main", "contentinfo"):
        assert page.get_by_role(role).count() == 1
    assert page.get_by_role("navigation", name="Contents").get_by_role("link").count() == 6
    assert page.get_by_role("img").count() == 1
    assert page.get_by_role("img", name="Map of six neighbourhoods: one has high need and is far.").count() == 1
    assert (
        page.get_by_role("list", name="Colours and patterns: Need and walking time").get_by_role("listitem").count()
        == 6
    )
    assert page.get_by_role("note").count() == 2
    assert page.get_by_role("heading", level=1).count() == 1
    title = "Every neighbourhood, the largest gap first"
    table = page.get_by_role("region", name=f"Table: {title}").get_by_role("table", name=title)
    assert table.get_by_role("columnheader").count() == 8
    assert table.get_by_role("rowheader").all_inner_texts()[1:] == list(NAMES[1:])
    assert table.get_by_role("cell").count() == 6 * 7
    assert page.locator("html").get_attribute("lang") == "en-GB"


def test_on_a_telephone_rows_are_cards_and_nothing_moves_sideways(look):
    page = look(width=390).page
    wide = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.id)"
    for one in (page, look("index", width=390).page):
        assert one.locator(".table, .map").evaluate_all(wide) == []
    box = page.locator("#table-neighbourhoods")
    assert box.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    row = box.locator("tbody tr").nth(1)
    name, *rest = [one.bounding_box() for one in row.locator("th, td:not(:empty)").all()]
    assert len({round(one["x"]) for one in (name, *rest)}) == 1
    assert row.locator("th").bounding_box()["y"] <= min(one["y"] for one in rest)
    said = row.locator("td").evaluate_all(
        "(all) => all.filter((one) => one.innerText).map((one) => getComputedStyle(one, '::before').content)"
    )
    heads = box.locator("thead th").all_inner_texts()
    assert [one.strip('"').removesuffix(": ") for one in said] == [one for one in heads if one != "Neighbourhood"]
    wide = look(width=700).page.locator("#table-neighbourhoods tbody tr").nth(1)
    assert len({round(one.bounding_box()["y"]) for one in wide.locator("th, td").all()}) == 1


def test_by_keyboard_alone(look):
    page = look(width=700, script=True).page
    page.keyboard.press("Tab")
    first = page.evaluate(
        "[document.activeElement.textContent, document.activeElement.getBoundingClientRect().left >= 0]"
    )
    assert first == ["Skip to the answer", True]
    for _ in range(30):
        page.keyboard.press("Tab")
        at = page.evaluate("""() => {
            const box = document.activeElement;
            return [box.id, box.getAttribute('aria-label') || box.innerText, parseFloat(getComputedStyle(box).outlineWidth)];
        }""")
        assert at[1].strip()
        assert at[2] >= 2, "nobody sees where the keyboard is"
        if at[0] == "table-neighbourhoods":
            break
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.activeElement.scrollLeft > 50")
    assert page.evaluate("scrollX") == 0


def test_the_caption_stays_while_a_table_scrolls(look):
    page = look(width=700).page
    page.evaluate("document.querySelector('#table-neighbourhoods').scrollLeft = 10000")
    box = page.locator("#table-neighbourhoods caption b").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 700


def test_on_paper_no_table_is_cut(look):
    page = look(width=PAPER).page
    page.emulate_media(media="print")
    cut = """() => [...document.querySelectorAll('.table')].filter((one) => one.scrollWidth > one.clientWidth + 1
        || one.scrollHeight > one.clientHeight + 1).map((one) => one.id)"""
    assert page.evaluate(cut) == []
    assert not page.locator(".unprinted").first.is_visible()
    assert page.get_by_text("On the screen, not on paper: Need.").is_visible()
    assert page.locator("#table-neighbourhoods tbody tr").evaluate_all(
        "(all) => all.map((one) => one.checkVisibility())"
    ) == [True] * 5 + [False]
    assert page.get_by_text("5 of 6 rows are on paper; the screen and the spreadsheet have all.").is_visible()
    assert not page.locator("summary").first.is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_from_the_index_to_a_report(look, files):
    seen = look("index", script=False)
    links = seen.page.get_by_role("table", name="Every report").get_by_role("link")
    assert links.count() == 6
    seen.page.get_by_role("link", name="web page about Sheepcote Lane").click()
    assert seen.page.url == (files["index"].parent / "4 & #1" / "report.html").as_uri()
    assert seen.page.get_by_role("heading", level=1).count() == 1
