"""Words from people, registers and OpenStreetMap, escaped for HTML."""

from __future__ import annotations

import html
import re
import string
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import Template

STATIC = Path(__file__).resolve().parents[1] / "static"
"""Vendored libraries, our drawing code and markers; Streamlit serves it as ``/app/static``, to everybody."""

_PUNCTUATION = str.maketrans({character: f"\\{character}" for character in string.punctuation})
# Streamlit looks for addresses, icons and arrows after Markdown was read, so a backslash does not stop it; a character
# that is not seen and has no width does.
_JOINER = "\N{WORD JOINER}"
_LATE = re.compile(r"(www(?=\.)|:(?=//)|@|:(?=\w)|[-<>=~](?=[-<>=~]))", re.IGNORECASE)


def escape(text: object) -> str:
    """Return the text safe in HTML and in folium's templates: for what people, OSM or a register wrote."""
    return html.escape(str(text), quote=True).replace("{", "&#123;").replace("}", "&#125;")


def plain(text: object) -> str:
    """Text that Markdown shows as it is, on one line."""
    said = _LATE.sub(rf"\1{_JOINER}", " ".join(str(text).split()))
    return said.translate(_PUNCTUATION)


def html_lines(lines: Iterable[str], *, kind: str = "p", name: str = "") -> str:
    """Lines of plain text, each an element of HTML.

    Parameters
    ----------
    lines
        Plain text.
    kind
        ``p``, ``li``, ``h2`` ...
    name
        A class of the style sheet.
    """
    opening = f"<{kind} class='{name}'>" if name else f"<{kind}>"
    return "".join(f"{opening}{escape(line)}</{kind}>" for line in lines)


def html_table(rows: Iterable[tuple[str, ...]], *, caption: str, head: tuple[str, ...] = ()) -> str:
    """A small table of plain text as HTML.

    Parameters
    ----------
    rows
        Of each, the first cell is a colour (``#rrggbb``; with ``/`` behind it, striped; or empty: none), the second
        the row's heading.
    caption
        What the table is, for those who do not see it.
    head
        The headings of the columns of cells, if they have any; all rows have a colour then, or none has.
    """
    rows = list(rows)
    blank = "<td></td>" * (1 + any(first for first, *_ in rows))
    headed = "".join(f"<th scope='col'>{escape(one)}</th>" for one in head)
    top = f"<thead><tr>{blank}{headed}</tr></thead>" if head else ""
    body = "".join(
        f"<tr>{swatch(first) if first else ''}<th scope='row'>{escape(head)}</th>"
        + html_lines(cells, kind="td")
        + "</tr>"
        for first, head, *cells in rows
    )
    return f"<table class='pramshed-table'><caption>{escape(caption)}</caption>{top}<tbody>{body}</tbody></table>"


def html_counts(pairs: Iterable[tuple[str, str]]) -> str:
    """Figures side by side, each with what it counts.

    Parameters
    ----------
    pairs
        What is counted, and the figure; plain text.
    """
    cells = "".join(f"<div><dt>{escape(what)}</dt><dd>{escape(figure)}</dd></div>" for what, figure in pairs)
    return f"<dl class='pramshed-counts'>{cells}</dl>"


def swatch(colour: str) -> str:
    """A cell of a legend in a colour, striped if ``/`` stands behind it."""
    fill, stripes = escape(colour.removesuffix("/")), colour.endswith("/")
    striped = ";background-image:repeating-linear-gradient(135deg,#6b7280 0 1.5px,transparent 1.5px 6px)"
    return f"<td class='pramshed-swatch' style='background-color:{fill}{striped if stripes else ''}'></td>"


@cache
def style_sheet(name: str) -> str:
    """A style sheet of ours in ``static/``, as HTML that goes into a page."""
    return f"<style>\n{(STATIC / name).read_text('utf-8')}</style>"


def fill(template: Path, **values: object) -> str:
    """A template of HTML with its values; text in them is escaped, a name that is not given is a fault."""
    return _template(template).render(values)


@cache
def _template(path: Path) -> Template:
    made = Environment(
        loader=FileSystemLoader(path.parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        finalize=_escaped,
    )  # fmt: skip
    return made.get_template(path.name)


def _escaped(value: object) -> object:
    """A value as text that is safe wherever HTML goes, braces included; what is HTML already stays."""
    return value if isinstance(value, (Markup, Undefined)) else Markup(escape(value))  # noqa: S704 (it is escaped)
