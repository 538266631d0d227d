"""A report as one web page that stands alone: no script, no request to elsewhere."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from layers.maps.need_and_walk import luminance
from layers.reports.report import Section
from layers.reports.report_map import SYMBOL_WORDS
from layers.reports.table import UNKNOWN, UNKNOWN_SAID, Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from layers.reports.figure import Figure
    from layers.reports.report import Report
    from layers.reports.report_map import ReportMap
    from layers.reports.table import Table

TALL = 30
"""From how many rows on a table gets a box of its own to scroll in; all its rows stay on the page."""

_PNG = b"\x89PNG\r\n\x1a\n"
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
# what no page may hold (HTML Standard, 3.2.5.2), and the marks that would turn round what stands after a name
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\ufdd0-\ufdef\ufffe\uffff]")
# Hebrew, Arabic and their neighbours; with what stands between two such words
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+(?:[ '\u2019.,-]+[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+)*"
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A report that an index lists.

    Parameters
    ----------
    key
        Name of its files; also what links to its row go by.
    title
        What it is about: "Ryde North West".
    figures
        Its headline figures by key; the index has a column for each.
    none
        What stands instead of a figure that it lacks because there is none to count, by key.
    links
        Its files: address from the index's folder, by what it is: ``{"web page": "ryde/report.html"}``.
    """

    key: str
    title: str
    figures: Mapping[str, Figure]
    none: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Shown:
    """A map or a table on the page; the second time it is asked for, only a link to the first."""

    kind: str
    key: str
    again: bool


def html_of(report: Report, pictures: Mapping[str, bytes]) -> bytes:
    """A report as a page of HTML, in UTF-8.

    Parameters
    ----------
    report
        What is written; nothing is worked out here.
    pictures
        The drawn maps by their key, as PNG.

    Raises
    ------
    KeyError
        A map of the report was not drawn, or a section shows what the report does not have.
    ValueError
        A picture is no PNG, or a colour is not ``#rrggbb``.
    """
    return _written(
        "report.html.jinja", report=report, cover=report.cover, sections=list(_sections(report)), hash=report.replay,
        cautions=report.other_cautions,
        maps={key: _map(plan, pictures[key]) for key, plan in report.maps.items()},
        tables={key: _table(table) for key, table in report.tables.items()},
    )  # fmt: skip


def index_of(
    entries: Sequence[Entry],
    *,
    title: str,
    answer: str,
    total: Entry | None = None,
    credits: Sequence[str] = (),  # noqa: A002
) -> bytes:
    """The page that lists the reports of a folder, in UTF-8.

    Parameters
    ----------
    entries
        The reports in their order.
    title, answer
        Of the authority's report.
    total
        The authority's own report, as the table's last row.
    credits
        Whose data it is.

    Raises
    ------
    ValueError
        A link leads out of the folder.
    """
    rows = [*entries, *([total] if total else ())]
    labels: dict[str, str] = {}
    for entry in rows:
        labels |= {key: figure.label for key, figure in entry.figures.items() if key not in labels}
    return _written(
        "index.html.jinja", entries=list(entries), title=title, answer=answer, total=total, labels=labels,
        linked=any(entry.links for entry in rows), credits=list(credits),
    )  # fmt: skip


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.filters |= {"line": _line, "relative": _relative}
    return made


def _written(template: str, **shown: object) -> bytes:
    page = _environment().get_template(template).render(**shown)
    return _UNFIT.sub("", page).encode("utf-8", "replace")


def _line(text: str) -> Markup:
    """A sentence of ours; a name in it that is read from the right does not carry off the number behind it."""
    said, at = Markup(""), 0
    for found in _RIGHT_TO_LEFT.finditer(text):
        said += escape(text[at : found.start()]) + Markup("<bdi>{}</bdi>").format(found.group())
        at = found.end()
    return said + escape(text[at:])


def _relative(href: str) -> str:
    """An address within the folder, fit for a link."""
    if href.startswith("/") or ".." in href.split("/"):
        message = f"a link of an index stays in its folder, unlike {href!r}"
        raise ValueError(message)
    return quote(href, safe="/")


def _sections(report: Report) -> Iterator[tuple[Section, list[_Shown]]]:
    """Each section with what it shows; what none of them shows comes after the last."""
    seen = {f"map:{report.cover}"}  # it stands beneath the answer

    def shown(names: Sequence[str]) -> Iterator[_Shown]:
        for name in names:
            kind, _, key = name.partition(":")
            if key not in {"map": report.maps, "table": report.tables}[kind]:
                raise KeyError(name)
            yield _Shown(kind, key, again=name in seen)
            seen.add(name)

    for section in report.sections:
        yield section, list(shown(section.shows))
    rest = [f"map:{key}" for key in report.maps] + [f"table:{key}" for key in report.tables]
    rest = [name for name in rest if name not in seen]
    if rest:
        yield Section(key="rest", heading="More tables" if report.sections else "Tables"), list(shown(rest))


def _table(table: Table) -> dict[str, object]:
    """A table's cells as text, how its columns are set, and what the marks in it mean."""
    rows = table.text().to_numpy().tolist()
    return {
        "columns": [(column, _kinds(column)) for column in table.columns],
        "head": next((at for at, column in enumerate(table.columns) if column.kind == "text"), None),
        "rows": rows,
        "notes": [UNKNOWN_SAID] if any(UNKNOWN in row for row in rows) else [],
        "tall": len(rows) > TALL,
        "left_out": [column.title for column in table.columns if not column.printed],
        "printed": len(rows) if table.printed_rows is None else min(table.printed_rows, len(rows)),
    }


def _kinds(column: Column) -> str:
    """Classes of the style sheet for a column's cells."""
    kinds = {
        "number": column.numeric, "code": column.kind == "code", "long": column.width >= 3,
        "longest": column.width >= 4, "unprinted": not column.printed,
    }  # fmt: skip
    return " ".join(kind for kind, holds in kinds.items() if holds)


def _map(plan: ReportMap, picture: bytes) -> dict[str, object]:
    """A map's picture as an address, its size in pixels, and its legend."""
    if not picture.startswith(_PNG):
        message = f"the picture of the map {plan.key!r} is no PNG"
        raise ValueError(message)
    for entry in plan.legend:
        if not _COLOUR.fullmatch(entry.fill):
            message = f"a colour of the map {plan.key!r} is no #rrggbb: {entry.fill!r}"
            raise ValueError(message)
    there = set(plan.sites["symbol"])
    return {
        "source": f"data:image/png;base64,{b64encode(picture).decode('ascii')}",
        "width": int.from_bytes(picture[16:20], "big"), "height": int.from_bytes(picture[20:24], "big"),
        # the pattern's colour is that of the drawn map
        "legend": [(entry, "#ffffff" if luminance(entry.fill) < 0.16 else "#333333") for entry in plan.legend],
        "symbols": [words for symbol, words in SYMBOL_WORDS.items() if symbol in there],
    }  # fmt: skip
