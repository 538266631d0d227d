"""A report on paper, as PDF/UA-1: tagged for screen readers, set by typst in the fonts of ``fonts/`` and no others.

Texts reach the template `report.typ` as JSON and are set as they are: nothing that somebody typed is read as markup.
"""

from __future__ import annotations

import json
import re
import unicodedata
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst
from matplotlib.ft2font import FT2Font

from layers.reports.table import UNKNOWN, UNKNOWN_SAID
from layers.reports.writers.pdf_rows import with_row_headers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from layers.reports.figure import Figure
    from layers.reports.report import Report, Section
    from layers.reports.report_map import ReportMap
    from layers.reports.table import Table

FONTS = Path(__file__).parent / "fonts"
TEMPLATE = Path(__file__).parent / "report.typ"

PICTURE_MM = (174.0, 102.0)
"""Width and height for which a map is best drawn: the type area's width, so tall that the first goes on the first page
beneath the figures, and two of them on another."""

_TALLEST_MM = 200.0

LACKING = "\N{REPLACEMENT CHARACTER}"
"""What stands for a character that no font here has."""

_FIRST = "NotoSans-Regular"
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
_LIKE_MARKS = "\u0e33\u0eb3" + "".join(map(chr, range(0x1F3FB, 0x1F400)))  # the vowel am of Thai and Lao, and skin
_LACKING_SAID = f"{LACKING}: a character that this document has no letter for; the spreadsheet has it"
_FOOTER = 90  # characters of the title at the foot of each page
_FEW_LINES_MM = 140  # how far down the last page a report ends at least, if it can be helped
_TALL_ROW = 700  # characters in a cell, from which on its row may be divided between pages
_PNG = b"\x89PNG\r\n\x1a\n"
# what stands between two words of a name that is read from the right
_RIGHT_TO_LEFT = re.compile("R[RN]*(?:[ .0-9'\N{RIGHT SINGLE QUOTATION MARK}-]+R[RN]*)*")

Said = list[str]
"""A text in pieces, in turn: read from the left, from the right, from the left and so on."""


def pdf_of(report: Report, pictures: Mapping[str, bytes]) -> bytes:
    """A report as PDF/UA-1; the same report gives the same bytes.

    Parameters
    ----------
    report
        What is written; nothing is worked out here.
    pictures
        The drawn maps by their key, as PNG or SVG; best drawn for `PICTURE_MM`.

    Raises
    ------
    KeyError
        A map that a section shows was not drawn, or a section shows what the report does not have.
    ValueError
        A picture is neither PNG nor SVG.
    """
    files: Any = _files(report, pictures)  # typst takes a mapping of files too, though its types do not say so
    document = typst.compile(files, format="pdf", font_paths=_fonts(), pdf_standards=["ua-1"])
    return with_row_headers(document, list(_row_heads(report)))


def _row_heads(report: Report) -> Iterator[int | None]:
    """Which column names the rows, for each table in the order of the document: the first of words."""
    if report.figures:
        yield 0
    shown = dict.fromkeys(name for section in report.sections for name in section.shows if name.startswith("table:"))
    for table in (report.tables[name.removeprefix("table:")] for name in shown):
        if len(table.values):
            yield next((at for at, column in enumerate(table.printed) if column.kind == "text"), None)


def _files(report: Report, pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """The template, what it is filled with, and the maps; set tighter where that spares a last page of few lines."""
    content, drawn = _content(report)
    maps = {f"map-{number}.svg": _svg(key, pictures[key]) for number, key in enumerate(drawn)}
    constant = {
        "main.typ": TEMPLATE.read_bytes(),
        "widths.json": json.dumps({name: width for name, (_, width) in maps.items()}).encode(),
        **{name: svg for name, (svg, _) in maps.items()},
    }
    loose, tight = (
        constant | {"report.json": json.dumps(content | {"tight": one}, ensure_ascii=False).encode()}
        for one in (False, True)
    )
    pages, end = _end(loose)
    return tight if pages > 1 and end < _FEW_LINES_MM and _end(tight)[0] < pages else loose


def _end(files: Any) -> tuple[int, float]:  # noqa: ANN401 (as in `pdf_of`)
    """On which page a report ends, and how far down (millimetres from the top of the paper)."""
    page, down = json.loads(typst.query(files, "<end>", field="value", one=True, font_paths=_fonts()))
    return int(page), float(down)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _has() -> dict[str, frozenset[int]]:
    """Which code points each font has."""
    return {path.stem: frozenset(FT2Font(str(path)).get_charmap()) for path in sorted(FONTS.glob("*.[ot]tf"))}


@cache
def _fonts_with(letter: str) -> frozenset[str]:
    return frozenset(name for name, points in _has().items() if ord(letter) in points)


def writable(text: str) -> str:
    """A text on one line, with `LACKING` for what no font here has, and without characters that steer others.

    What is written as one sign (a letter with its marks, letters with a joiner) must be in one font, as typst sets it.
    """
    made: list[str] = []
    able: frozenset[str] = frozenset()  # the fonts that have all of the sign so far
    line = [letter for letter in unicodedata.normalize("NFC", " ".join(text.split())) if not _steers(letter)]
    for letter, follows in zip(line, [*line, " "][1:], strict=True):
        if letter in _JOINERS:
            if able & _fonts_with(letter) & _fonts_with(follows):
                made.append(letter)
        elif unicodedata.category(letter).startswith("M") or letter in _LIKE_MARKS:
            able &= _fonts_with(letter)
            made.append(letter if able else LACKING)
        else:
            able = _fonts_with(letter)
            if _FIRST in able:
                able = frozenset((_FIRST,))
            made.append(letter if able else LACKING)
    return "".join(made)


def _steers(letter: str) -> bool:
    """Whether it is no letter: it turns, breaks or hides others, or chooses between forms of the one before."""
    if unicodedata.category(letter) in ("Cc", "Cf"):
        return letter not in _JOINERS
    return letter == "\N{COMBINING GRAPHEME JOINER}" or "VARIATION SELECTOR" in unicodedata.name(letter, "")


def _pieces(text: str) -> Said:
    """A text in pieces by the direction in which they are read; each then leaves what stands around it in its order."""
    line = writable(text)
    classes = "".join(map(_direction, line))
    pieces, at = [], 0
    for found in _RIGHT_TO_LEFT.finditer(classes):
        pieces += [line[at : found.start()], line[found.start() : found.end()]]
        at = found.end()
    return [*pieces, line[at:]]


def _direction(letter: str) -> str:
    kind = unicodedata.bidirectional(letter)
    if kind in ("R", "AL"):
        return "R"
    if kind in ("NSM", "BN"):
        return "N"
    return letter if letter not in "RN" else "L"


def _content(report: Report) -> tuple[dict[str, Any], list[str]]:
    """What the template is filled with, and the keys of the maps in the order of their files."""
    drawn: list[str] = []
    seen: set[str] = set()
    first = None if report.cover is None else _map(report.maps[report.cover], 0)
    sections = [_section(report, section, drawn, seen) for section in report.sections]
    basis = report.basis
    day = report.request.question.day
    title = writable(report.title)
    content = {
        "name": title, "title": _pieces(report.title), "subtitle": _pieces(report.subtitle),
        "foot": _pieces(title if len(title) <= _FOOTER else title[: _FOOTER - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"),
        "day": [day.year, day.month, day.day], "answer": _pieces(report.answer), "summary": writable(report.answer),
        "figures": [_figure(figure) for figure in report.figures.values()],
        "cover": first, "sections": sections,
        "gravest": [_pieces(text) for text in report.gravest],
        "cautions": [_pieces(text) for text in report.other_cautions],
        "credits": [_pieces(text) for text in report.credits],
        "left_out": [_pieces(table.title) for key, table in report.tables.items() if f"table:{key}" not in seen],
        "place": _pieces(basis.place_name), "hash": report.replay, "fingerprint": basis.fingerprint,
        "rules": basis.rules_version, "marks": basis.marks,
    }  # fmt: skip
    lacks = LACKING in json.dumps(content, ensure_ascii=False)
    return content | {"lacking": _pieces(_LACKING_SAID) if lacks else None}, drawn


def _figure(figure: Figure) -> dict[str, Any]:
    """A headline figure: the number that its sentence begins with, and what it says after that."""
    number = figure.number if figure.said.startswith(figure.number) else ""
    return {"label": _pieces(figure.label), "number": number, "rest": _pieces(figure.said.removeprefix(number))}


def _section(report: Report, section: Section, drawn: list[str], seen: set[str]) -> dict[str, Any]:
    shows: list[dict[str, Any]] = []
    for name in section.shows:
        kind, _, key = name.partition(":")
        if kind == "map":
            made = _map(report.maps[key], len(drawn))
            if name not in seen:
                drawn.append(key)
        else:
            made = _table(report.tables[key])
        shows.append(made if name not in seen else {"kind": "again", "title": made["title"]})
        seen.add(name)
    return {
        "heading": _pieces(section.heading), "shows": shows,
        "text": [_pieces(text) for text in section.text], "points": [_pieces(text) for text in section.points],
        "careful": [_pieces(text) for text in section.careful],
    }  # fmt: skip


def _map(plan: ReportMap, number: int) -> dict[str, Any]:
    return {
        "kind": "map", "title": _pieces(plan.title), "about": _pieces(plan.about),
        "alt": writable(plan.alt) or writable(plan.title), "file": f"map-{number}.svg",
    }  # fmt: skip


def _table(table: Table) -> dict[str, Any]:
    """The printed rows and columns of a table, and the lines under it."""
    text = table.text()[[column.key for column in table.printed]]
    rows: list[list[str]] = (
        text.head(len(text) if table.printed_rows is None else table.printed_rows).to_numpy().tolist()
    )
    notes = [UNKNOWN_SAID] if any(UNKNOWN in row for row in rows) else []
    if len(rows) < len(text):
        notes.insert(0, f"{len(rows):,} of {len(text):,} rows; the spreadsheet has all")
    return {
        "kind": "table", "title": _pieces(table.title), "about": _pieces(table.about),
        "columns": [
            {
                "title": _pieces(column.title), "width": column.width, "numeric": column.numeric,
                "whole": column.numeric or column.kind in ("day", "code"),
            }
            for column in table.printed
        ],
        "rows": [[_pieces(cell) for cell in row] for row in rows],
        "tall": [any(len(cell) > _TALL_ROW for cell in row) for row in rows],
        "notes": [_pieces(f"{note}.") for note in notes],
    }  # fmt: skip


def _svg(key: str, picture: bytes) -> tuple[bytes, float]:
    """A picture as SVG, for typst takes no other bytes from memory, and how wide it is on the page (millimetres)."""
    if not picture.startswith(_PNG):
        if b"<svg" not in picture[:1000]:
            message = f"the picture of the map {key!r} is neither PNG nor SVG"
            raise ValueError(message)
        return picture, PICTURE_MM[0]
    width, height = int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")
    size = f'width="{width}" height="{height}"'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}">'
        f'<image {size} href="data:image/png;base64,{b64encode(picture).decode("ascii")}"/></svg>'
    )
    return svg.encode(), min(PICTURE_MM[0], _TALLEST_MM * width / height)
