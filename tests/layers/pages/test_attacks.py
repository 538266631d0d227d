"""Hostile texts in every field, at every place where a text goes: shown as they were written, and nothing else."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import tomllib
import urllib.parse
from html.parser import HTMLParser

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from markdown_it import MarkdownIt

from data.store.exchange.drafts import drafts
from data.store.exchange.services import drafts_from_open_referral
from data.store.exchange.uploads import read_upload
from data.store.marks import MarkDraft
from data.store.people import OPERATOR
from geo.errors import InputError, RequestError
from layers import i18n
from layers.files import marks_out, tables
from layers.files.scenarios import from_link, from_text, to_link, to_text
from layers.html import html_lines, html_table, plain
from layers.maps import mark_markers
from layers.maps.change_map import drawings
from layers.maps.scene import Drawn, Marker, Scene, values_json
from layers.marking import link_card, paper_sheet, wording
from layers.marking.links import code_of
from layers.session.parameters import CALLED, CHANGES, NAME, PARAMETERS
from layers.views.what_if_streets import mark_changes
from tests.layers.hostile import HOSTILE, NAMES

pytestmark = pytest.mark.place_anew

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ALLOWED = {
    "p", "h1", "h2", "h3", "h4", "li", "ul", "ol", "b", "small", "table", "caption", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "div",
    "span", "mark", "footer", "header", "section", "main", "bdi", "html", "head", "meta", "title", "style", "body", "svg", "path",
}  # fmt: skip
RUNS = re.compile(r"[=+\-@\t\r]")
each = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
NAMED = (NAME, CALLED)  # the keys whose value a person typed
named = pytest.mark.parametrize("text", NAMES.values(), ids=NAMES.keys())


class Reader(HTMLParser):
    """What a browser would make of some HTML: its text, its elements, their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said, self.tags, self.attributes = [], set(), set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        drawing = tag == "img" and str(dict(attrs).get("src")).startswith("data:image/svg+xml")  # of a legend
        skip = tag == "a" and attrs in ([("href", "#answer")], [("href", "#table")])
        form = tag == "a" and re.fullmatch(r"/sign-in\?to=[\w.%~+-]*", str(dict(attrs).get("href")), re.ASCII)
        ours = drawing or skip or form or (tag == "nav" and dict(attrs).get("class") == "pramshed-skip")
        self.tags |= set() if ours else {tag}
        self.attributes |= {name for name, _ in attrs} - ({"src", "href"} if ours else set())

    def handle_data(self, data):
        self.said.append(data)

    @property
    def text(self):
        return "".join(self.said)


def same(shown: str, text: str) -> bool:
    """Whether a reader sees the text, however white space is set."""
    return " ".join(text.split()) in " ".join(shown.split())


def harmless(page: str) -> Reader:
    found = Reader(page)
    assert found.tags <= ALLOWED
    assert not {name for name in found.attributes if name.startswith("on")} | (
        {"src", "srcdoc", "href"} & found.attributes
    )
    assert "{{" not in page
    return found


@each
def test_markdown(text):
    """As the standard reads it; what Streamlit looks for besides is in `tests/layers/test_html.py`."""
    shown = MARKDOWN.render(f"a **{plain(text)}**").strip()
    said = html.unescape(re.sub(r"</?(?:p|strong)>", "", shown)).replace("\N{WORD JOINER}", "")
    assert set(re.findall(r"<(\w+)", shown)) <= {"p", "strong"}
    assert said.replace("*", "") == f"a {' '.join(text.split())}".replace("\N{WORD JOINER}", "").replace(
        "\x00", "\ufffd"
    ).replace("*", "")


@each
def test_html(text):
    made = (
        html_lines([text]), html_lines([text], kind="h2", name="pramshed-reason"),
        html_table([("", text, text), ("", "b", text)], caption=text, head=(text,)),
    )  # fmt: skip
    for page in made:
        assert same(harmless(page).text, text.replace("\x00", "\ufffd")) or "\x00" in text


@named
def test_printed_pages(text, link):
    """The card and, in every language, the sheet."""
    card = link_card.card(link, group=text, place=text, url=f"https://example.org/?{urllib.parse.quote(text)}")
    assert harmless(card).text.count(" ".join(text.split())) >= 1 or not text.isprintable()
    drawn = code_of(text)
    for code in i18n.LANGUAGES:
        made = paper_sheet.sheet(
            i18n.words(code), group=text, place=text, code=text, qr_svg=drawn, attribution=text,
        )  # fmt: skip
        found = harmless(made)
        assert same(found.text, text) or not text.isprintable()
        assert "default-src 'none'" in made


@pytest.fixture(scope="module")
def link():
    """A link as it is handed out."""
    from datetime import UTC, datetime

    from data.store.groups import Link, NewLink

    at = datetime(2030, 1, 1, tzinfo=UTC)
    return NewLink(Link(1, 1, HOSTILE["image"], at, at, None, 30), "t" * 32, "AAAA-BBBB-CCCC")


@each
def test_the_map(text):
    """In a script nothing of a text is left that ends it, or that folium's templates would run."""
    said = (text, f"{text} ")
    scene = Scene(
        areas_url="/app/static/places/areas-0123456789abcdef.geojson", bounds=(-2.0, 50.0, -1.0, 51.0),
        markers=(Marker("mark-abcdefghijkl", -1.3, 50.7, "community", text, said),),
        drawn=(Drawn(((-1.3, 50.7), (-1.2, 50.7)), lines=said),), label=text, attribution=text, words=(("locate", text),),
    )  # fmt: skip
    body = values_json(scene)
    assert not set(body[1:-1]) & set("{}<>&'_\u2028\u2029")
    assert body.isascii()
    read = json.loads(body)
    assert [read["texts"][at] for at in read["markers"][0][0]] == [text, *said]
    assert (read["label"], read["attribution"], read["words"]) == (text, text, [["locate", text]])


def published(texts: dict[str, str]) -> gpd.GeoDataFrame:
    """Published marks whose every text is hostile."""
    rows = []
    for number, text in enumerate(texts.values()):
        draft = MarkDraft(
            place="isle-of-wight", kind=("other", "barrier", "missing_crossing")[number % 3], name=text[:80],
            note=f"{text[:240]}\n{text[:240]}", geometry=shapely.Point(450_000 + number, 89_000),
        )  # fmt: skip
        blank = dict.fromkeys(
            ("days", "opens", "closes", "ages", "languages", "pram_friendly", "toilets", "cost", "term_time", "stops"),
            "",
        )
        day = pd.Timestamp("2026-05-03")
        rows.append(
            {"kind": draft.kind, "name": draft.name, "note": draft.note, "homes": 0, "group": draft.name, "approved": day,
             "confirmed": day, "geometry": draft.geometry} | blank
        )  # fmt: skip
    index = pd.Index([f"mark-{chr(97 + number)}aaaaaaaaaaa" for number in range(len(rows))], name="mark_id")
    return gpd.GeoDataFrame(rows, index=index, crs=27700)


@pytest.fixture(scope="module")
def marks():
    return published(HOSTILE)


@pytest.mark.parametrize("ending", marks_out.FORMATS)
def test_exports(marks, ending, tmp_path):
    """Every text comes back as it was; no cell of a spreadsheet runs."""
    content = marks_out.file_bytes(marks, ending, place_name="=1+1", licence=HOSTILE["image"], attributions=("=x",))
    if ending == ".csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        assert len(rows) == len(marks) + 1
        cells = [cell for row in rows for cell in row if not re.fullmatch(r"-?\d+(\.\d+)?", cell)]
        assert [cell for cell in cells if RUNS.match(cell)] == []
        assert sum(cell.startswith("'") for cell in cells) >= 3 * sum(bool(RUNS.match(name)) for name in marks["name"])
    if ending == ".json":
        found = [one.draft for one in drafts_from_open_referral(content, "isle-of-wight", name="x.json").arrivals]
        wanted = marks[~marks["kind"].isin(["barrier", "missing_crossing"])]
    else:
        name = f"x{ending}"
        found = [one.draft for one in drafts(read_upload(content, name), "isle-of-wight", name=name).arrivals]
        wanted = marks
    assert [one.name for one in found] == list(wanted["name"])
    assert [" ".join(one.note.split()) for one in found] == [" ".join(note.split()) for note in wanted["note"]]


def test_the_words_of_a_mark_on_the_map_and_in_a_table(marks):
    for marker in mark_markers.markers(marks):
        assert marker.label == marks.loc[marker.id, "name"] or not marks.loc[marker.id, "name"]
    table = mark_markers.table(marks)
    rows = list(csv.reader(io.StringIO(tables.csv_text(table))))
    assert [cell for row in rows[1:] for cell in row if RUNS.match(cell)] == []


def test_tables_have_no_way_out_but_ours(root):
    """What Streamlit's own button writes is run by a spreadsheet, and would take a moderator's private fields along."""
    assert (
        tomllib.loads((root / ".streamlit" / "config.toml").read_text("utf-8"))["client"]["disableDataExport"] is True
    )


def test_changes_travel_in_a_link(marks):
    changes = tuple(mark_changes(marks))
    assert len(changes) == len(marks[marks["kind"] != "other"])
    said = to_link(changes)
    assert re.fullmatch(r"[A-Za-z0-9_.~%-]+", said)
    assert from_link(said) == changes
    assert PARAMETERS[CHANGES].read(urllib.parse.unquote(urllib.parse.quote(said))) == changes
    from geo.scenario import Scenario

    whole = Scenario(name="x", place="isle-of-wight", fingerprint="0" * 16, changes=changes)
    assert from_text(to_text(whole), "x") == whole
    drawn, _ = drawings(changes)
    assert [one.label for one in drawn] == [change.name for change in changes]


@each
def test_the_url(text):
    """Every key takes what it knows and nothing else; names that a person gave are a text."""
    for key, parameter in PARAMETERS.items():
        for said in (text, f"en{text}", text[:10]):
            found = parameter.read(said)
            plainly = re.fullmatch(r"[\w:./ -]{1,80}", said, re.ASCII)
            assert found is None or (key in NAMED and found == said) or plainly, key


@each
def test_words_are_filled_in_once(text):
    for code in i18n.LANGUAGES:
        said = i18n.words(code).of(wording.ADDING_FOR, group=text, place="{group}")
        assert text in said
        assert "{group}" in said, "a value is not filled in again"


def _geojson(properties, **more) -> bytes:
    point = {"type": "Point", "coordinates": [-1.29, 50.7]}
    feature = {"type": "Feature", "properties": properties, "geometry": point} | more
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


@pytest.mark.parametrize(
    "content",
    [
        _geojson({"kind": "other", "name": "a\ud800b"}), _geojson({"kind": "other", "\udfff": "x"}),
        _geojson({"kind": "other"}, id="\ud800"), _geojson({"kind": "other", "mark_id": "\udc00\ud800"}),
    ],
)  # fmt: skip
def test_half_a_letter_in_a_file(content):
    """JSON can write it; nothing behind it can hold it."""
    with pytest.raises(InputError, match="surrogates"):
        read_upload(content, "x.geojson")
    service = json.dumps([{"id": "\ud800", "name": "x"}]).encode()
    with pytest.raises(InputError, match="surrogates"):
        drafts_from_open_referral(service, "isle-of-wight")
    whole = _geojson({"kind": "other", "name": "\U0001f37c"})
    assert rb"\ud83c\udf7c" in whole
    assert drafts(read_upload(whole, "x.geojson"), "isle-of-wight").arrivals[0].draft.name == "\U0001f37c"


@pytest.mark.parametrize("name", ["\u200b", "\u200b\u2060 \u200e", "\u202e", "\u2028", "\x00\x1b", "\U000e0061"])
def test_a_name_that_nobody_can_see_is_none(name, community):
    draft = MarkDraft(place="isle-of-wight", kind="other", name=name, geometry=shapely.Point(450_014, 89_065))
    assert draft.name == ""
    with pytest.raises(RequestError, match="name"):
        community.store.groups.create(OPERATOR, name=name, place="isle-of-wight")
