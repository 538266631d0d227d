"""Every module in a line, from the first line of its docstring, as tables of Markdown."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]

ROOMS = (
    "layers/pages", "layers/moderation", "layers/marking", "layers/views", "layers/commands", "layers/cache",
    "layers/session", "layers/reports", "layers/reports/content", "layers/reports/writers",
    "layers/reports/writers/print_map", "layers/reports/writers/fonts", "layers/maps", "layers/server", "layers/files",
    "layers/answers", "layers/i18n", "layers", "data/gather", "data/build", "data/sources", "data/store",
    "data/store/exchange", "data/store/migrations", "data/store/migrations/versions", "data/fetch", "data/services",
    "data", "data/england", "data/sample/isle_of_wight", "geo",
)  # fmt: skip
"""The folders that hold modules, from the pages down to the analysis."""

_WITHOUT_A_LINE = {
    "layers/pages": "One file a page: it reads the session, calls the cache and shows.",
    "layers/reports/writers/fonts": "The fonts of reports, with their licence.",
    "data/store/migrations": "How a store is brought up to date.",
    "data/store/migrations/versions": "One step a file, in order; a released step is never changed.",
    "data/england": "How the figures of England's neighbourhoods are spread, to compare places by.",
    "data/sample/isle_of_wight": "The bundled place and the recipe that makes it.",
}
"""What is in the folders that are no packages, whose own file would say it."""


def first_line(path: Path) -> str:
    """The first line of a module's docstring."""
    return (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n", 1)[0]


def section() -> str:
    """A heading, a sentence and a table of modules for each room."""
    return "\n".join(line for room in ROOMS for line in _room(room))


def _room(room: str) -> Iterator[str]:
    folder = ROOT / room
    package = folder / "__init__.py"
    yield f"### `{room}/`"
    yield ""
    yield first_line(package) if package.exists() else _WITHOUT_A_LINE[room]
    yield ""
    modules = sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")
    if not modules:
        return
    yield "| file | what it is |"
    yield "| --- | --- |"
    yield from (f"| `{path.relative_to(ROOT).as_posix()}` | {_marked(first_line(path))} |" for path in modules)
    yield ""


def _marked(line: str) -> str:
    return line.replace("``", "`").replace("|", " ")
