"""The web page of a report: all of it is there, as text and as nothing else, in order for those who listen to it."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from layers.reports import writers
from layers.reports.figure import Figure
from layers.reports.report import Section
from layers.reports.report_map import LegendEntry
from layers.reports.table import Column, Table
from layers.reports.writers.html import Entry, html_of, index_of
from tests.layers.reports.html_tree import Node, read
from tests.layers.reports.made import HOSTILE, NAMES, made_report

BREAKOUT = "\"'></td></table></style><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}&amp;"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def png(width: int = 12, height: int = 8) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#dddddd").save(out, "PNG")
    return out.getvalue()


def tidy(text: str) -> str:
    return " ".join(text.split())


def sound(tree: Node) -> None:
    """Ids once, links and names that lead somewhere, headings without a gap, and nothing from elsewhere."""
    ids = [node.attrs["id"] for node in tree.all() if "id" in node.attrs]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"\S+", one) for one in ids)
    for node in tree.all():
        for name in ("aria-labelledby", "aria-describedby"):
            assert node.attrs.get(name, ids[0]) in ids
        assert node.tag not in ("script", "iframe", "object", "embed", "link", "base", "form", "svg")
        assert not [name for name in node.attrs if name.startswith("on") or name in ("srcset", "action")]
        assert node.attrs.get("src", "data:image/png;base64,").startswith("data:image/png;base64,")
    for link in tree.all("a"):
        assert link.text
        if link.attrs["href"].startswith("#"):
            assert link.attrs["href"][1:] in ids
    levels = [int(node.tag[1]) for node in tree.all(*HEADINGS)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert all(node.text for node in tree.all(*HEADINGS, "title", "summary", "caption"))
    (html,), (style,) = tree.all("html"), tree.all("style")
    assert html.attrs["lang"] == "en-GB"
    assert not re.search(r"url\(|@import|//", style.text)
    (policy,) = [node for node in tree.all("meta") if node.attrs.get("http-equiv") == "Content-Security-Policy"]
    assert policy.attrs["content"].startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline';")
    for tag in ("main", "header"):
        assert len(tree.all(tag)) == 1


@pytest.fixture(scope="module")
def report():
    made = made_report()
    return replace(made, sections=tuple(replace(one, points=tuple(one.points)) for one in made.sections))


@pytest.fixture(scope="module")
def tree(report):
    return read(html_of(report, {"need": png()}))


def test_the_page_is_sound(tree):
    sound(tree)
    assert tree.all("a")[0].attrs["href"] == "#main"
    assert all(node.attrs["href"].startswith("#") for node in tree.all("a"))
    assert len(tree.all("footer")) == len(tree.all("nav")) == 1


def test_every_sentence_and_figure_is_there(report, tree):
    assert tree.all("title")[0].text == tree.all("h1")[0].text == tidy(report.title)
    assert report.subtitle in tree.all("header")[0].text
    assert report.answer in [node.text for node in tree.all("p")]
    figures = tree.all("dl")[0]
    assert [node.text for node in figures.all("dt")] == [figure.label for figure in report.figures.values()]
    assert [node.text for node in figures.all("dd")] == [
        "163 of 439 under-fives whose walk is known (37%)", "3 of 6 neighbourhoods (50%)",
        "7 of 40 under-fives (18%)",
    ]  # fmt: skip
    for section in report.sections:
        shown = tree.one(f"section-{section.key}")
        lines = [node.text for node in shown.all("p", "li")]
        assert shown.all("h2")[0].text == section.heading
        assert [line for line in lines if line in map(tidy, section.text)] == [*map(tidy, section.text)]
        assert [line for line in lines if line in map(tidy, section.points)] == [*map(tidy, section.points)]
    assert [node.text for node in tree.all("nav")[0].all("a")][:3] == [one.heading for one in report.sections]
    (footer,) = tree.all("footer")
    assert [node.text for node in footer.all("li")] == list(report.credits)


def test_notes_stand_out_and_say_that_they_are_notes(tree):
    notes = [node.text for node in tree.all() if node.attrs.get("role") == "note"]
    assert notes == [
        "Read with care. Walks to closed centres are measured along today's streets.",
        "Read with care. Walks take no account of hills.",
    ]


def test_a_caution_is_told_once(report):
    told = report.sections[1].careful[0]
    tree = read(html_of(replace(report, cautions=(told,)), {"need": png()}))
    assert tree.text.count(told) == 1
    assert "throughout" not in tree.text, "a heading over nothing, or a link to it"


@pytest.mark.parametrize("key", ["neighbourhoods", "lost", "settings"])
def test_every_cell_as_people_read_it(report, tree, key):
    table, region = report.tables[key], tree.one(f"table-{key}")
    assert region.attrs["tabindex"] == "0"
    assert region.attrs["role"] == "region"
    assert region.attrs["aria-label"] == f"Table: {table.title}"
    assert region.all("caption")[0].text == f"{table.title} {table.about}"
    head, *rows = region.all("tr")
    assert [(node.tag, node.attrs["scope"], node.text) for node in head.all("th", "td")] == [
        ("th", "col", column.title) for column in table.columns
    ]
    assert [[node.text for node in row.all("th", "td")] for row in rows] == [
        [tidy(text) for text in row] for row in table.text().to_numpy().tolist()
    ]
    for row in rows:
        for column, cell in zip(table.columns, row.all("th", "td"), strict=True):
            assert ("number" in cell.attrs["class"].split()) is column.numeric


def test_hand_worked_cells(tree):
    rows = [[node.text for node in row.all("th", "td")] for row in tree.one("table-neighbourhoods").all("tr")]
    assert rows[2][:6] == ["2", "مركز الأسرة", "18", "81", "50", "38%"]
    assert rows[4][2:6] == ["[x]", "41", "12", "71%"]
    assert [row.all("td")[-1].text for row in tree.one("table-lost").all("tr")[1:]] == ["−3", "0"]  # noqa: RUF001


def test_the_first_words_of_a_row_are_its_heading(report, tree):
    heads = [node for node in tree.one("table-neighbourhoods").all("th") if node.attrs["scope"] == "row"]
    assert [node.text for node in heads] == [tidy(name) for name in NAMES]
    assert all(node.all("bdi") for node in heads)
    lost = report.tables["lost"]
    nameless = replace(lost, values=lost.values.assign(name=["", None]))  # noqa: PD011 (a table's own)
    page = read(html_of(replace(report, tables=report.tables | {"lost": nameless}), {"need": png()}))
    assert [node.attrs["scope"] for node in page.one("table-lost").all("th")] == ["col"] * 4, "an empty heading"


def test_marks_in_cells_are_explained_where_they_are(tree):
    sections = {key: tree.one(f"section-{key}").text for key in ("where", "lost", "settings")}
    assert [key for key, text in sections.items() if "[x]: not known." in text] == ["where"]


def test_the_map_with_its_words(report, tree):
    figure = tree.one("map-need")
    (image,) = figure.all("img")
    assert image.attrs["alt"] == report.maps["need"].alt
    assert (image.attrs["width"], image.attrs["height"]) == ("12", "8")
    assert base64.b64decode(image.attrs["src"].partition(",")[2]) == png()
    assert figure.all("figcaption")[0].text == "Need and walking time The darkest have high need and a long walk."
    entries = figure.all("li")
    assert [node.text for node in entries] == [entry.label for entry in report.maps["need"].legend]
    assert [node.all("span")[0].attrs["class"] for node in entries] == [
        "swatch dense", "swatch cross", "swatch lines", "swatch dots", "swatch", "swatch gone",
    ]  # fmt: skip
    assert entries[0].all("span")[0].attrs["style"] == "background-color:#3a2a3f;color:#ffffff"
    assert (
        "Sites, each kind by its shape: full children's centre; linked site, with a reduced offer; community"
        in figure.text
    )


def test_how_to_get_the_same_numbers_again(tree):
    said = tree.all("footer")[0].text
    assert "python cli.py replay run.json" in said
    assert re.search(r"This report is [0-9a-f]{16}: ", said)
    assert "0123456789abcdef" in said
    assert "marks" not in said


def hostile_report(report):
    """The same with words that would break out of an element or an attribute wherever words are."""
    plan = report.maps["need"]
    column = Column(key="k", title=BREAKOUT, kind="text", about=BREAKOUT, printed=False)
    table = Table.of("bad", BREAKOUT, BREAKOUT, (column,), pd.DataFrame({"k": [BREAKOUT]}))
    figure = Figure(key="bad", label=BREAKOUT, value=1, unit=BREAKOUT, base=2)
    plan = replace(
        plan, title=BREAKOUT, about=BREAKOUT, alt=BREAKOUT, legend=(LegendEntry(label=BREAKOUT, fill="#ABCDEF"),)
    )
    section = Section(
        key="bad", heading=BREAKOUT, text=(BREAKOUT,), points=(BREAKOUT,), careful=(BREAKOUT, BREAKOUT),
        shows=("table:bad", "map:need", "table:bad"),
    )  # fmt: skip
    return replace(
        report, title=BREAKOUT, subtitle=BREAKOUT, answer=BREAKOUT, figures={"bad": figure}, sections=(section,),
        tables={"bad": table}, maps={"need": plan}, cautions=(f"All: {BREAKOUT}",), credits=(BREAKOUT,),
        basis=replace(report.basis, place_name=BREAKOUT, marks=BREAKOUT),
    )  # fmt: skip


def test_words_are_only_words(report):
    tree = read(html_of(hostile_report(report), {"need": png()}))
    sound(tree)
    assert len(tree.all("img")) == 1
    assert tree.all("img")[0].attrs["alt"] == BREAKOUT
    assert tree.one("table-bad").attrs["aria-label"] == f"Table: {BREAKOUT}"
    assert tree.all("h1")[0].text == BREAKOUT
    assert tree.all("dd")[0].text == f"1 of 2 {BREAKOUT} (50%)"
    told = {
        "title, twice": 2, "subtitle": 1, "answer": 1, "figure's label and unit": 2, "heading, and its link": 2,
        "paragraph, point and two notes": 4, "table's title: its own, of its columns' meanings, of a link to it": 3,
        "table's words": 1, "column's title: above it, among those not printed, beside its meaning": 3,
        "column's meaning": 1, "cell": 1, "map's title, words and legend, and a link to it": 4, "caution": 1, "credit": 1,
        "place and marks": 2,
    }  # fmt: skip
    assert tree.text.count("{{ 7 * 7 }}") == sum(told.values())


def test_names_of_the_register_are_only_words(tree):
    said = [node.text for node in tree.all("bdi")]
    assert tidy(HOSTILE) in said
    assert "O'Connell's <b>Corner</b>" in said
    assert not [node for node in tree.all("b") if node.text == "Corner"]


def test_no_template_trusts_a_text():
    templates = list(Path(writers.__file__).parent.glob("*.jinja"))
    assert len(templates) == 3
    assert not [one.name for one in templates if re.search(r"\bsafe\b|autoescape", one.read_text("utf-8"))]


def test_a_name_read_from_the_right_keeps_to_itself(report):
    said = "Near مركز الأسرة 66 of 66, and שלום; not 12."
    page = html_of(replace(report, answer=said), {"need": png()})
    assert "Near <bdi>مركز الأسرة</bdi> 66 of 66, and <bdi>שלום</bdi>; not 12.".encode() in page
    assert said in [node.text for node in read(page).all("p")]


def test_characters_that_no_page_may_hold_are_left_out(report):
    page = html_of(replace(report, answer="a\x00b\x1b\u202ec\ufffe d\ud800e\x85\tf"), {"need": png()})
    assert "abc d?e f" in [node.text for node in read(page).all("p")]


def test_what_no_section_shows_comes_last_and_nothing_comes_twice(report):
    sections = (report.sections[0], replace(report.sections[1], shows=("table:neighbourhoods",)))
    tree = read(html_of(replace(report, sections=sections), {"need": png()}))
    sound(tree)
    (link,) = tree.one("section-lost").all("a")
    assert link.attrs["href"] == "#table-neighbourhoods"
    regions = [node.attrs["id"] for node in tree.one("section-rest").all("div") if "id" in node.attrs]
    assert regions == ["table-lost", "table-settings"]


def test_a_long_table_scrolls_in_its_box_with_all_its_rows(report):
    column = Column(key="n", title="Number", kind="count", about="A number.")
    for rows, box in ((30, "table"), (31, "table tall")):
        table = Table.of("long", "Long", "Long.", (column,), pd.DataFrame({"n": np.arange(rows)}), printed_rows=5)
        tree = read(html_of(replace(report, tables={"long": table}, maps={}, sections=()), {}))
        assert tree.one("table-long").attrs["class"] == box
        assert [node.text for node in tree.all("td")] == [str(n) for n in range(rows)]


def test_columns_that_paper_lacks_are_named_on_it(tree):
    where = tree.one("section-where")
    assert [node.text for node in where.all("p") if node.attrs.get("class") == "paper"] == [
        "5 of 6 rows are on paper; the screen and the spreadsheet have all.",
        "On the screen, not on paper: Need.",
    ]
    assert {node.text for node in where.all("th") if "unprinted" in node.attrs["class"]} == {"Need"}
    assert {node.text for node in where.all("td") if "unprinted" in node.attrs["class"]} >= {"91", "80", "[x]"}


def test_the_same_report_is_the_same_file(report):
    assert html_of(report, {"need": png()}) == html_of(report, {"need": png()})


def test_what_cannot_be_shown_is_refused(report):
    plan = report.maps["need"]
    bad = replace(plan, legend=(LegendEntry(label="x", fill="red;background:url(//x)"),))
    lost = replace(report.sections[0], shows=("map:walk",))
    with pytest.raises(KeyError, match="need"):
        html_of(report, {})
    with pytest.raises(KeyError, match="map:walk"):
        html_of(replace(report, sections=(lost,)), {"need": png()})
    with pytest.raises(ValueError, match="'need' is no PNG"):
        html_of(report, {"need": b"GIF89a"})
    with pytest.raises(ValueError, match="no #rrggbb"):
        html_of(replace(report, maps={"need": bad}), {"need": png()})


def entry(title: str, value: float, base: float, **more) -> Entry:
    key = more.pop("key", title.lower().replace(" ", "-"))
    figure = Figure(key="far", label="Under-fives far", value=value, unit="under-fives", base=base, **more)
    return Entry(key=key, title=title, figures={"far": figure}, links={"web page": f"{title}/report.html"})


def test_the_index_lists_every_report():
    rare = Figure(key="rare", label="Lost <b>", value=7, unit="under-fives")
    wards = [
        entry("Ryde & St John's: a <b>#?", 120, 300, key="ryde"),
        replace(entry("مركز", float("nan"), 80), figures={}, key="b"),
        replace(entry("Lake", 7, 80), none={"rare": "none live here"}),
    ]
    wards[0] = replace(wards[0], figures=wards[0].figures | {"rare": rare})
    total = entry("Isle of Wight", 4008, 5882)
    tree = read(index_of(wards, title=BREAKOUT, answer="The answer.", total=total, credits=("© Somebody",)))
    sound(tree)
    assert tree.all("h1")[0].text == BREAKOUT
    assert "The answer." in [node.text for node in tree.all("p")]
    assert [[node.text for node in row.all("th", "td")] for row in tree.all("tr")] == [
        ["Ward", "Files", "Under-fives far", "Lost <b>"],
        [
            "Ryde & St John's: a <b>#?",
            "web page about Ryde & St John's: a <b>#?",
            "120 of 300 under-fives (40%)",
            "7 under-fives",
        ],
        ["مركز", "web page about مركز", "not known", "not known"],
        ["Lake", "web page about Lake", "7 of 80 under-fives (9%)", "none live here"],
        ["Isle of Wight", "web page about Isle of Wight", "4,008 of 5,882 under-fives (68%)", "not known"],
    ]
    assert [node.text for node in tree.all("tfoot")[0].all("th")] == ["Isle of Wight"]
    assert [link.attrs["href"] for link in tree.all("a")][1:] == [
        "Ryde%20%26%20St%20John%27s%3A%20a%20%3Cb%3E%23%3F/report.html",
        "%D9%85%D8%B1%D9%83%D8%B2/report.html",
        "Lake/report.html",
        "Isle%20of%20Wight/report.html",
    ]
    assert [node.text for node in tree.all("footer")[0].all("li")] == ["© Somebody"]


def test_an_index_of_nothing_has_no_empty_parts():
    tree = read(index_of([], title="Title", answer="Nothing."))
    sound(tree)
    assert tree.all("footer", "tfoot", "td") == []


@pytest.mark.parametrize("href", ["/etc/passwd", "//x.invalid/a", "../other/report.html", "a/../../b"])
def test_no_link_leads_out_of_the_folder(href):
    with pytest.raises(ValueError, match="stays in its folder"):
        index_of([replace(entry("A", 1, 2), links={"web page": href})], title="T", answer="A")


def test_a_link_is_an_address_and_no_program():
    tree = read(index_of([replace(entry("A", 1, 2), links={"x": "javascript:alert(1)"})], title="T", answer="A"))
    assert tree.all("a")[1].attrs["href"] == "javascript%3Aalert%281%29"
