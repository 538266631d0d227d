"""A scenario as a file and as a link: plain values, checked when they are read."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import MISSING, asdict, fields
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from geo.changes import MOST_CORNERS
from geo.errors import InputError, PramshedError, RequestError
from geo.scenario import CHANGES, MOST_CHANGES, Scenario
from layers.files.json_files import day_of, parsed, require_format, short, text_of, typed

if TYPE_CHECKING:
    from pathlib import Path

    from geo.changes import Line
    from geo.scenario import Change

FORMAT = "pramshed-scenario"
VERSION = 1
MOST_BYTES = 200_000
"""A scenario's file is a few kilobytes; a larger one is something else."""

_WHAT = "a scenario saved by Pramshed"
_METRES = re.compile(r"\d{1,7}", re.ASCII)
_PAIR = 2


def to_text(scenario: Scenario) -> str:
    """The scenario as the text of its file."""
    return json.dumps(as_dict(scenario), indent=1, ensure_ascii=False) + "\n"


def from_text(text: str, source: str) -> Scenario:
    """Read a scenario from the text of its file.

    Parameters
    ----------
    text
        What the file holds.
    source
        The file, for messages.

    Raises
    ------
    InputError
        It is no scenario; what is wrong is named with its change.
    """
    return from_dict(parsed(text, source, what=_WHAT), source)


def read_scenario(path: Path) -> Scenario:
    """Read a scenario from a file.

    Raises
    ------
    InputError
        The file cannot be read or is no scenario.
    """
    return from_text(text_of(path, what=_WHAT, most_bytes=MOST_BYTES), str(path))


def as_dict(scenario: Scenario) -> dict[str, Any]:
    """The scenario as a file has it: plain values only."""
    changes = [change_as_dict(change) for change in scenario.changes]
    head = {"format": FORMAT, "version": VERSION, "name": scenario.name}
    return head | {"place": scenario.place, "fingerprint": scenario.fingerprint, "changes": changes}


def change_as_dict(change: Change) -> dict[str, Any]:
    """One change as a file has it."""
    return {"do": change.do} | {name: str(v) if isinstance(v, date) else v for name, v in asdict(change).items()}


def from_dict(raw: object, source: str) -> Scenario:
    """Read a scenario from what a file held.

    Parameters
    ----------
    raw
        What JSON gave: anything.
    source
        The file, for messages.

    Raises
    ------
    InputError
        It is no scenario, of another version, or a change is not what it should be; the change is named.
    """
    held = require_format(raw, source, what=_WHAT, name=FORMAT, version=VERSION)
    listed = held.get("changes")
    if not isinstance(listed, list):
        raise InputError(source, column="changes", expected="a list of changes", found=type(listed).__name__)
    texts = {name: typed(held.get(name), str, source, name) for name in ("name", "place", "fingerprint")}
    try:
        changes = tuple(change_from(one, f"{source}, change {number}") for number, one in enumerate(listed, start=1))
        return Scenario(changes=changes, **texts)
    except RequestError as fault:
        raise InputError(source, expected="a scenario", found=str(fault)) from fault


def change_from(raw: object, source: str) -> Change:
    """Read one change.

    Raises
    ------
    InputError
        It is of no known kind, or a field is missing, unknown or of the wrong sort.
    """
    do = raw.get("do") if isinstance(raw, dict) else None
    kind = CHANGES.get(do) if isinstance(do, str) else None
    if kind is None or not isinstance(raw, dict):
        found = short(raw.get("do")) if isinstance(raw, dict) else type(raw).__name__
        raise InputError(source, column="do", expected=f"one of {', '.join(CHANGES)}", found=found)
    wanted = [field.name for field in fields(kind)]
    needed = {field.name for field in fields(kind) if field.default is MISSING}
    given = {name: value for name, value in raw.items() if name != "do"}
    unknown = sorted(set(given) - set(wanted))
    if unknown:
        raise InputError(source, expected=f"the fields {', '.join(wanted)}", found=short(", ".join(unknown)))
    values: dict[str, Any] = {}
    for name in wanted:
        if name not in given and name in needed:
            raise InputError(source, column=name, expected="a value", found="none")
        if name in given:
            values[name] = _value(name, given[name], source)
    try:
        return kind(**values)
    except RequestError as fault:
        raise InputError(source, expected=f"a change ({kind.do})", found=str(fault)) from fault


def _value(name: str, value: object, source: str) -> str | float | date | Line:
    match name:
        case "line":
            return _line(value, source)
        case "easting" | "northing":
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                with suppress(OverflowError):  # a whole number of hundreds of digits
                    return float(value)
            raise InputError(source, column=name, expected="metres, British National Grid", found=short(value))
        case "opened":
            return day_of(value, source, name)
        case _:
            return str(typed(value, str, source, name))


def _line(value: object, source: str) -> Line:
    """Corners as whole metres; how many and where is for the change to judge."""
    corners = value if isinstance(value, (list, tuple)) else ()
    for corner in corners:
        pair = isinstance(corner, (list, tuple)) and len(corner) == _PAIR
        if not pair or any(not isinstance(metres, int) or isinstance(metres, bool) for metres in corner):
            raise InputError(source, column="line", expected="pairs of whole metres", found=short(corner))
    if not 1 <= len(corners) <= MOST_CORNERS:
        found = f"{len(corners)} of them" if corners else short(value)
        raise InputError(source, column="line", expected=f"1 to {MOST_CORNERS} pairs of whole metres", found=found)
    return tuple((easting, northing) for easting, northing in corners)


def to_link(changes: tuple[Change, ...]) -> str:
    """The changes as the value of one key of a URL: ``close~20004_add~new-1~449192~95026~Library``."""
    said = []
    for change in changes:
        cells = (_cell(getattr(change, field.name)) for field in fields(change))
        said.append(
            "~".join([change.do, *(quote(cell, safe="").replace("_", "%5F").replace("~", "%7E") for cell in cells)])
        )
    return "_".join(said)


def _cell(value: object) -> str:
    match value:
        case float():
            return f"{value:.0f}"
        case tuple():  # corners: 449192.95026.449201.95040
            return ".".join(str(metres) for corner in value for metres in corner)
        case _:
            return str(value)


def _corners(cell: str) -> list[list[int]] | None:
    """The corners that a link says, in pairs; None if they are no numbers, or too many."""
    numbers = cell.split(".")
    if len(numbers) % _PAIR or len(numbers) > _PAIR * MOST_CORNERS or not all(map(_METRES.fullmatch, numbers)):
        return None
    return [[int(easting), int(northing)] for easting, northing in zip(numbers[::2], numbers[1::2], strict=True)]


def from_link(text: str) -> tuple[Change, ...] | None:
    """The changes that a URL says, or None if it makes no sense: a link is not to be trusted."""
    changes = []
    parts = [part for part in text.split("_") if part]
    if len(parts) > MOST_CHANGES:
        return None
    for part in parts:
        do, *cells = part.split("~")
        kind = CHANGES.get(do)
        names = [field.name for field in fields(kind)] if kind else []
        if kind is None or len(cells) != len(names):
            return None
        raw: dict[str, Any] = {"do": do} | dict(zip(names, map(unquote, cells), strict=True))
        try:
            raw |= {name: float(raw[name]) for name in ("easting", "northing") if name in raw}
            raw |= {"line": _corners(raw["line"])} if "line" in raw else {}
            changes.append(change_from(raw, "the link"))
        except (ValueError, PramshedError):
            return None
    return tuple(changes)
