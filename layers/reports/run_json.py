"""The file that replays a report: the request, the data it rests on, and every number; written and read."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.errors import InputError
from layers.files.json_files import parsed, require_format, short, text_of, typed
from layers.reports.report import Basis
from layers.reports.request import FORMAT, VERSION, as_dict, from_dict, hash_of
from layers.reports.writers.csv_geojson import cells_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from layers.reports.figure import Figure
    from layers.reports.report import Report
    from layers.reports.request import ReportRequest
    from layers.reports.table import Table

Value = str | int | float | bool | None
"""What a cell holds: null where not known or nothing to say, a day as 2026-04-01."""

MOST_BYTES = 50_000_000
"""The largest authority's file is a few megabytes; a larger one is something else."""

_HEAD = ("format", "version", "program", "hash", "request", "basis", "credits", "figures", "tables")
_FIGURE = {"label": str, "value": float, "base": float, "unit": str, "base_unit": str, "said": str}
_BASIS = ("place", "place_name", "authority_code", "fingerprint", "rules_version", "marks")
_SOURCE = {"dataset", "file", "vintage", "sha256", "licence"}
_WHAT = "the run.json of a report"


@dataclass(frozen=True, kw_only=True)
class RunTable:
    """A table as it was published: ``rows`` have as many cells as there are ``columns``, by the row's own key."""

    index: str
    columns: tuple[str, ...]
    rows: Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True, kw_only=True)
class Run:
    """A report as its file holds it.

    Parameters
    ----------
    source
        The file, for messages.
    program
        Version of Pramshed that made it.
    hash
        As `layers.reports.request.hash_of` gives it.
    request, basis
        The request, and what the answer rests on.
    figures
        By key, with the fields ``label``, ``value``, ``base``, ``unit``, ``base_unit`` and ``said``.
    tables
        By key.
    altered
        Whether its checksum says that somebody changed it since it was written.
    """

    source: str
    program: str
    hash: str
    request: ReportRequest
    basis: Basis
    figures: Mapping[str, Mapping[str, Value]]
    tables: Mapping[str, RunTable]
    altered: bool = False


@cache
def program_version() -> str:
    """The version of Pramshed; empty where it cannot be told."""
    path = Path(__file__).resolve().parents[2] / "pyproject.toml"
    try:
        return str(tomllib.loads(path.read_text(encoding="utf-8"))["project"]["version"])
    except (OSError, KeyError, ValueError):
        return ""


def run_of(report: Report) -> dict[str, Any]:
    """A report as plain values: the request, what it rests on, every figure and every cell as published.

    ``checksum`` stands for all the rest, so that a file that somebody changed is told from the one that was written.
    """
    basis = report.basis
    asked = as_dict(report.request, basis.place)
    found: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "program": program_version(),
        "hash": hash_of(
            asked, fingerprint=basis.fingerprint, rules_version=basis.rules_version, marks=basis.marks
        ),
        "request": asked,
        "basis": asdict(basis) | {"tables": dict(basis.tables), "sources": [dict(each) for each in basis.sources]},
        "credits": list(report.credits),
        "figures": {key: _figure(figure) for key, figure in report.figures.items()},
        "tables": {key: _table(table) for key, table in report.tables.items()},
    }  # fmt: skip
    return found | {"checksum": checksum_of(found)}


def run_text(report: Report) -> str:
    """The text of ``run.json``, the same for the same report."""
    return json.dumps(run_of(report), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def checksum_of(content: Mapping[str, Any]) -> str:
    """A hash of all that a file holds but its checksum, however it is laid out."""
    rest = {name: value for name, value in content.items() if name != "checksum"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _figure(figure: Figure) -> dict[str, Value]:
    return {
        "label": figure.label, "value": _number(figure.value), "base": _number(figure.base), "unit": figure.unit,
        "base_unit": figure.base_unit, "said": figure.said,
    }  # fmt: skip


def _number(value: float) -> Value:
    return None if np.isnan(value) else int(value) if float(value).is_integer() else float(value)


def _table(table: Table) -> dict[str, Any]:
    """Columns by key, and each row's cells by the row's name in the table's index."""
    cells = cells_of(table)
    keys = [column.key for column in table.columns]
    added = len(cells.columns) - len(keys)  # the index, which is the rows' key here
    names = [str(name) for name in cells.index]
    if len(set(names)) != len(names):
        message = f"the table {table.key} has two rows of one name"
        raise ValueError(message)
    rows = {
        name: [plain(value) for value in values[added:]] for name, values in zip(names, cells.rows, strict=True)
    }  # fmt: skip
    return {"index": str(cells.index.name or ""), "columns": keys, "rows": rows}


def plain(value: str | float | date | None) -> Value:
    """A cell as JSON holds it."""
    return value if value is None or isinstance(value, (str, int, float)) else value.isoformat()


def tables_of(report: Report) -> dict[str, RunTable]:
    """The tables of a report as a file of it would hold them."""
    return {key: _run_table(_table(table)) for key, table in report.tables.items()}


def figures_of(report: Report) -> dict[str, Mapping[str, Value]]:
    """The figures of a report as a file of it would hold them."""
    return {key: _figure(figure) for key, figure in report.figures.items()}


def _run_table(raw: Mapping[str, Any]) -> RunTable:
    return RunTable(
        index=raw["index"], columns=tuple(raw["columns"]), rows={key: tuple(row) for key, row in raw["rows"].items()}
    )


def read_run(path: Path) -> Run:
    """Read ``run.json``.

    Raises
    ------
    InputError
        It cannot be read, is no such file, asks for something else than when it was written, or is of another version.
    """
    return run_from_text(text_of(path, what=_WHAT, most_bytes=MOST_BYTES), str(path))


def run_from_text(text: str, source: str) -> Run:
    """Read a run from the text of its file.

    Parameters
    ----------
    text
        What the file holds.
    source
        The file, for messages.

    Raises
    ------
    InputError
        It is no run; what is wrong is named.
    """
    held = parsed(text, source, what=_WHAT, strict=True)
    raw = require_format(held, source, what=_WHAT, name=FORMAT, version=VERSION)
    missing = [name for name in (*_HEAD, "checksum") if name not in raw]
    if missing:
        raise InputError(source, expected="all fields of a run.json", found=f"no {', '.join(missing)}")
    extra = sorted(raw.keys() - {*_HEAD, "checksum"})
    if extra:
        raise InputError(source, expected="the fields of a run.json", found=f"{short(', '.join(extra))} besides")
    basis = _basis_from(raw["basis"], source)
    request = from_dict(raw["request"], source)
    if raw["request"]["place"] != basis.place:
        found = f"{short(raw['request']['place'])} and {short(basis.place)}"
        raise InputError(source, column="place", expected="one place in request and basis", found=found)
    _require_hash(raw, basis, source)
    figures = {
        key: _figure_from(each, f"{source}, figure {short(key)}")
        for key, each in _dict(raw["figures"], source, "figures").items()
    }
    tables = {
        key: _table_from(each, f"{source}, table {short(key)}")
        for key, each in _dict(raw["tables"], source, "tables").items()
    }
    program = typed(raw["program"], str, source, "program")
    return Run(
        source=source, program=program, hash=raw["hash"], request=request, basis=basis, figures=figures, tables=tables,
        altered=raw["checksum"] != checksum_of(raw),
    )  # fmt: skip


def _require_hash(raw: dict[str, Any], basis: Basis, source: str) -> None:
    hashed = hash_of(
        raw["request"], fingerprint=basis.fingerprint, rules_version=basis.rules_version, marks=basis.marks
    )
    if raw["hash"] != hashed:
        raise InputError(
            source, column="hash", expected=f"{hashed}, the hash of its request and basis",
            found=f"{short(raw['hash'])}, which does not match: somebody changed the file",
        )  # fmt: skip


def _basis_from(raw: object, source: str) -> Basis:
    source = f"{source}, basis"
    held = _dict(raw, source, "basis")
    wanted = {*_BASIS, "tables", "sources"}
    if held.keys() != wanted:
        raise InputError(
            source, expected=f"the fields {', '.join(sorted(wanted))}", found=short(", ".join(sorted(held)))
        )
    texts = {name: typed(held[name], str, source, name) for name in _BASIS}
    tables = _dict(held["tables"], source, "tables")
    for name, value in tables.items():
        typed(value, str, source, f"tables, {short(name)}")
    sources = typed(held["sources"], list, source, "sources")
    for number, each in enumerate(sources, start=1):
        if not isinstance(each, dict) or each.keys() != _SOURCE or not all(isinstance(v, str) for v in each.values()):
            raise InputError(
                source,
                column="sources",
                expected=f"{', '.join(sorted(_SOURCE))} of each",
                found=f"source {number} without",
            )
    return Basis(tables=tables, sources=tuple(sources), **texts)


def _figure_from(raw: object, source: str) -> dict[str, Value]:
    held = _dict(raw, source, "figure")
    if held.keys() != _FIGURE.keys():
        raise InputError(source, expected=f"the fields {', '.join(_FIGURE)}", found=short(", ".join(held)))
    for name, kind in _FIGURE.items():
        if kind is not float:
            typed(held[name], kind, source, name)
        elif not _is_number(held[name]):
            raise InputError(source, column=name, expected="a number or null", found=short(held[name]))
    return held


def _table_from(raw: object, source: str) -> RunTable:
    held = _dict(raw, source, "table")
    if held.keys() != {"index", "columns", "rows"}:
        raise InputError(source, expected="the fields index, columns, rows", found=short(", ".join(held)))
    typed(held["index"], str, source, "index")
    columns = typed(held["columns"], list, source, "columns")
    if not all(isinstance(name, str) for name in columns) or len(set(columns)) != len(columns):
        raise InputError(source, column="columns", expected="names, each once", found=short(columns))
    for key, row in _dict(held["rows"], source, "rows").items():
        cells = typed(row, list, source, f"rows, {short(key)}")
        if len(cells) != len(columns) or not all(cell is None or isinstance(cell, (str, int, float)) for cell in cells):
            raise InputError(source, column=f"rows, {short(key)}", expected=f"{len(columns)} cells", found=short(cells))
    return _run_table(held)


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _dict(value: object, source: str, column: str) -> dict[str, Any]:
    held: dict[str, Any] = typed(value, dict, source, column)
    return held
