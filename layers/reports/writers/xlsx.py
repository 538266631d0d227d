"""A report as a spreadsheet (XLSX): a front sheet, one sheet a table, the columns explained, notes and licences.

After the guidance of the Government Analysis Function on releasing statistics in spreadsheets: one table a sheet,
beginning in the first column, marked as a table; no merged cells; shorthand in brackets for what is not known; a
front sheet that says what is where.
"""

from __future__ import annotations

import io
import math
import re
import textwrap
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

from geo.days import day_text
from layers.files.tables import harmless
from layers.reports.table import UNKNOWN, UNKNOWN_SAID, Column
from layers.reports.writers.csv_geojson import FIGURES_TITLE, Cell, cells_of, figure_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from layers.reports.report import Report

FORMATS = {
    "count": "#,##0", "change": "+#,##0;\N{MINUS SIGN}#,##0;0", "share": "0.0%", "minutes": "0.0",
    "minutes_change": "+0.0;\N{MINUS SIGN}0.0;0.0", "rank": "0", "score": "0.0", "day": "d mmmm yyyy",
    "text": "@", "code": "@", "metres": "0", "speed": "0.0", "measure": "0.0000",
}  # fmt: skip
"""How numbers are shown: with every decimal that they are kept with, so that no spreadsheet rounds them once more, and
a half in another direction than the report's own words."""

SUMMARY, DICTIONARY, NOTES, LICENCES = "Summary", "Data dictionary", "Notes", "Licences"

_LONGEST_NAME, _LONGEST_CELL = 31, 32_767
_WIDEST, _WIDEST_LONG, _WIDEST_ALONE = 50, 90, 110
"""Characters of a column of text, of one with whole sentences, of one that is alone; longer text is wrapped."""

_LONG = 100
"""Characters of text from which a column is one of sentences."""

_ON_A_PAGE = 190
"""How many characters of a row are still read where they are printed on one page."""

_LINE = 15.0
"""Points from line to line at the size of the cells."""

_FRONT = (92, 14, 30, 14, 36, 12)
"""Widths of the front sheet's columns."""

_GREY, _INK, _LINK = "#E7E6E3", "#1A1A1A", "#0B4F8A"


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    """A sheet with one table: lines above it, its columns, and rows as they are shown."""

    name: str
    title: str
    lines: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def workbook_of(report: Report) -> bytes:
    """The workbook, the same bytes for the same report."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        day = report.request.question.day
        book.set_properties(
            {"title": _text(report.title)[:255], "subject": _text(report.subtitle)[:255], "author": "Pramshed",
             "created": datetime(day.year, day.month, day.day, tzinfo=UTC)}
        )  # fmt: skip
        made = _Formats(book)
        sheets = [*_tables(report), _dictionary(report), _notes(report), _licences(report)]
        front = book.add_worksheet(SUMMARY)
        for number, sheet in enumerate(sheets, start=1):
            _write_table(book.add_worksheet(sheet.name), sheet, made, number)
        _write_front(front, report, sheets, made)
        front.activate()
    return content.getvalue()


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def of(self, **properties: Any) -> Format:  # noqa: ANN401 (what xlsxwriter knows)
        properties = {"font_name": "Arial", "font_size": 11, "font_color": _INK, "valign": "top"} | properties
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]

    @property
    def title(self) -> Format:
        return self.of(bold=True, font_size=16)

    @property
    def heading(self) -> Format:
        return self.of(bold=True, font_size=13)

    @property
    def line(self) -> Format:
        return self.of()

    @property
    def wrapped(self) -> Format:
        return self.of(text_wrap=True)

    @property
    def link(self) -> Format:
        return self.of(font_color=_LINK, underline=1)

    def head(self, kind: str) -> Format:
        side = {"align": "left", "indent": 1} if kind in ("text", "code") else {"align": "right", "indent": 1}
        return self.of(bold=True, bg_color=_GREY, bottom=1, text_wrap=True, **side | {"valign": "bottom"})

    def cell(self, kind: str, number_format: str | None = None) -> Format:
        if kind in ("text", "code"):
            return self.of(text_wrap=True, num_format="@", align="left", indent=1)
        return self.of(num_format=number_format or FORMATS[kind], align="right", indent=1)


def _tables(report: Report) -> list[_Sheet]:
    taken = {name.casefold() for name in (SUMMARY, DICTIONARY, NOTES, LICENCES)}
    sheets = []
    for table in report.tables.values():
        cells = cells_of(table)
        places = range(len(cells.columns))
        rows = tuple(tuple(cells.shown(row, place) for place in places) for row in range(len(cells.rows)))
        shown = {value for row in rows for value in row}
        lines = (*_sentences(table.about), *([f"{UNKNOWN_SAID}."] if UNKNOWN in shown else []))
        name = _sheet_name(table.key, taken)
        sheets.append(_Sheet(name=name, title=table.title, lines=lines, columns=cells.columns, rows=rows))
    return sheets


def _sheet_name(key: str, taken: set[str]) -> str:
    """A name that spreadsheets allow and that no other sheet has; it is then taken."""
    plain = re.sub(r"[\[\]:*?/\\']+", " ", key.replace("_", " ")).strip() or "Table"
    wanted = plain[:1].upper() + plain[1:]
    if wanted.casefold() == "history":  # Excel keeps this one for itself
        wanted = "History of it"
    name, number = wanted[:_LONGEST_NAME].strip(), 2
    while name.casefold() in taken:
        ending = f" {number}"
        name, number = wanted[: _LONGEST_NAME - len(ending)].strip() + ending, number + 1
    taken.add(name.casefold())
    return name


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"(?<=[.!?])\s+(?=[A-Z\[])", text) if part)


def _text_column(title: str, width: float = 1) -> Column:
    return Column(key=title, title=title, kind="text", about="", width=width)


def _dictionary(report: Report) -> _Sheet:
    rows = tuple(
        (sheet.name, column.title, column.key, column.unit, column.about)
        for sheet in _tables(report)
        for column in sheet.columns
    )
    heads = ("Sheet", "Column", "Name in files", "Unit", "What it is")
    return _Sheet(
        name=DICTIONARY, title="What every column means", columns=tuple(map(_text_column, heads)), rows=rows,
        lines=("The names in files are those of the CSV files, the GeoPackage and the GeoJSON of the same report.",),
    )  # fmt: skip


def _notes(report: Report) -> _Sheet:
    rows = [("The whole report", caution) for caution in dict.fromkeys((*report.gravest, *report.cautions))]
    said = {*report.gravest, *report.cautions}
    rows += [(part.heading, note) for part in report.sections for note in part.careful if note not in said]
    return _Sheet(
        name=NOTES, title="What to be careful about", rows=tuple(rows), lines=(),
        columns=(_text_column("About"), _text_column("Be careful")),
    )  # fmt: skip


def _licences(report: Report) -> _Sheet:
    return _Sheet(
        name=LICENCES, title="Whose data it is", rows=tuple((line,) for line in report.credits),
        lines=("These lines must stand wherever figures from this workbook are shown again.",),
        columns=(_text_column("Credit"),),
    )  # fmt: skip


def _text(value: str) -> str:
    """Text as a cell holds it: nothing that would run, now or once it is saved as CSV, and not too long."""
    return str(harmless(value))[:_LONGEST_CELL]


def _write(sheet: Worksheet, row: int, place: int, value: Cell, form: Format) -> None:
    if value is None:
        sheet.write_blank(row, place, None, form)
    elif isinstance(value, date):
        if value.year > 1900:
            sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), form)
        else:  # spreadsheets begin in 1900
            sheet.write_string(row, place, day_text(value), form)
    elif isinstance(value, str):
        sheet.write_string(row, place, _text(value), form)
    else:
        sheet.write_number(row, place, value, form)


def _width(column: Column, rows: Sequence[Sequence[Cell]], place: int) -> float:
    """Characters: for the title in two lines beside its filter's button, and for the longest cell, up to a limit."""
    words = max((len(word) for word in column.title.split()), default=0)
    above = max(words, len(column.title) * 0.6) + 6
    if column.kind == "day":
        return max(above, 20)
    if column.numeric:
        return max(above, 11)
    longest = max((len(str(row[place] or "")) for row in rows), default=0)
    return max(above, 8, min(longest + 3, _WIDEST_LONG if longest > _LONG else _WIDEST))


def _height(values: Sequence[Cell], widths: Sequence[float], wider: float = 1.0) -> float:
    """Points that a row needs for its longest text; said in the file, because not every program works it out.

    Parameters
    ----------
    values, widths
        What the cells hold, and how many characters wide their columns are.
    wider
        How much wider the letters are than those of plain text.
    """
    texts = ((value, int(width / wider)) for value, width in zip(values, widths, strict=False))
    return _LINE * max(
        (len(textwrap.wrap(value, max(places, 4))) or 1 for value, places in texts if isinstance(value, str)), default=1
    )


def _write_table(sheet: Worksheet, told: _Sheet, made: _Formats, number: int) -> None:
    """Write a sheet: title, lines, header, rows; the header stays in sight, and so does what names a row."""
    sheet.write_string(0, 0, _text(told.title), made.title)
    sheet.set_row(0, 24)
    for row, line in enumerate(told.lines, start=1):
        sheet.write_string(row, 0, _text(line), made.line)
    top = len(told.lines) + 1
    widths = [_width(column, told.rows, place) for place, column in enumerate(told.columns)]
    if len(told.columns) == 1:
        widths = [_WIDEST_ALONE]
    titles = _unlike([_text(column.title) for column in told.columns])
    for place, (column, width) in enumerate(zip(told.columns, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(top, place, titles[place], made.head(column.kind))
        for row, values in enumerate(told.rows, start=top + 1):
            _write(sheet, row, place, values[place], made.cell(column.kind))
    sheet.set_row(top, _height(titles, [width - 2 for width in widths], 1.05))
    for row, values in enumerate(told.rows, start=top + 1):
        sheet.set_row(row, _height(values, widths))
    if told.rows:
        heads = [
            {"header": title, "header_format": made.head(column.kind)}
            for title, column in zip(titles, told.columns, strict=True)
        ]
        sheet.add_table(
            top, 0, top + len(told.rows), len(titles) - 1,
            {"name": f"table_{number}", "columns": heads, "style": "Table Style Light 1"},
        )  # fmt: skip
    else:
        sheet.write_string(top + 1, 0, "Nothing to list.", made.line)
    names = _named_by(told.columns, widths)
    sheet.freeze_panes(top + 1, names)
    _page(sheet, across=math.ceil(sum(widths) / _ON_A_PAGE))
    sheet.repeat_rows(top)
    if names:
        sheet.repeat_columns(0, names - 1)


def _unlike(titles: list[str]) -> list[str]:
    """Titles of which no two are alike but for capitals, as a table must have them."""
    found: list[str] = []
    for title in titles:
        name, number = title or "Column", 2
        while name.casefold() in {other.casefold() for other in found}:
            name, number = f"{title} ({number})", number + 1
        found.append(name)
    return found


def _named_by(columns: Sequence[Column], widths: Sequence[float]) -> int:
    """How many columns stay in sight: as far as the name of a row, in a table that is wider than a screen."""
    if sum(widths) < 120:
        return 0
    first = next((place for place, column in enumerate(columns) if column.kind == "text"), 0)
    return first + 1 if sum(widths[: first + 1]) <= 80 else 0


def _page(sheet: Worksheet, *, across: int = 1, down: int = 0) -> None:
    """How it is printed: A4 across, on so many pages beside and below each other (0: as many as it takes), numbered."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(across, down)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.set_footer("&L&A&RPage &P of &N")


def _write_front(sheet: Worksheet, report: Report, sheets: Sequence[_Sheet], made: _Formats) -> None:
    """Write what the report says, the headline figures, what is where, and what the shorthand means."""
    for place, width in enumerate(_FRONT):
        sheet.set_column(place, place, width)
    title = made.of(bold=True, font_size=16, text_wrap=True)
    for row, (line, form, wider) in enumerate(
        ((report.title, title, 1.6), (report.subtitle, made.wrapped, 1), (report.answer, made.wrapped, 1))
    ):
        sheet.write_string(row, 0, _text(line), form)
        sheet.set_row(row, _height([line], _FRONT, wider) * wider)
    row = 4
    for line in report.gravest:
        sheet.write_string(row, 0, _text(f"Read with care: {line}"), made.wrapped)
        sheet.set_row(row, _height([line], _FRONT))
        row += 1
    sheet.write_string(row + 1, 0, FIGURES_TITLE, made.heading)
    row = _write_figures(sheet, report, made, row + 2)
    sheet.write_string(row + 1, 0, "What is in this workbook", made.heading)
    row += 2
    for listed in sheets:
        sheet.write_url(row, 0, f"internal:'{listed.name}'!A1", made.link, f"{listed.name}: {_text(listed.title)}")
        row += 1
    said = (f"{UNKNOWN_SAID}.", "An empty cell has nothing to say.")
    for heading, lines in (("What the shorthand means", said), ("Whose data it is", report.credits)):
        sheet.write_string(row + 1, 0, heading, made.heading)
        row += 2
        for line in lines:
            sheet.write_string(row, 0, _text(line), made.wrapped)
            sheet.set_row(row, _height([line], _FRONT))
            row += 1
    _page(sheet, down=1)


def _write_figures(sheet: Worksheet, report: Report, made: _Formats, top: int) -> int:
    """Write the headline figures; return the row after them."""
    heads = (("What is counted", "text"), ("Number", "count"), ("Unit", "text"), ("Out of", "count"),
             ("Unit of the base", "text"), ("Share", "share"))  # fmt: skip
    keys = ("label", "number", "unit", "base", "base_unit", "share")
    for place, (title, kind) in enumerate(heads):
        sheet.write_string(top, place, title, made.head(kind))
    rows = figure_rows(report)
    for row, values in enumerate(rows, start=top + 1):
        sheet.set_row(row, _height([values[key] for key in keys], _FRONT))
        for place, (key, (_, kind)) in enumerate(zip(keys, heads, strict=True)):
            value, form = _part(values) if key == "share" else (values[key], None)
            _write(sheet, row, place, value, made.cell(kind, form))
    if rows:
        sheet.add_table(
            top, 0, top + len(rows), len(heads) - 1,
            {"name": "headline_figures", "autofilter": False, "style": "Table Style Light 1",
             "columns": [{"header": title, "header_format": made.head(kind)} for title, kind in heads]},
        )  # fmt: skip
    return top + 1 + len(rows)


def _part(figure: Mapping[str, Cell]) -> tuple[Cell, str]:
    """A share as the report says it, and its format: "37%" is 0.37; "under 1%" has the decimals that it hides."""
    said, number, base = (figure[key] for key in ("share", "number", "base"))
    if isinstance(said, str) and re.fullmatch(r"\d+%", said):
        return int(said[:-1]) / 100, "0%"
    if said is None or not (isinstance(number, int) and isinstance(base, int)):
        return None, "0%"
    return round(number / base, 4), "0.00%"
