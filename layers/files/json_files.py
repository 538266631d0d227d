"""JSON that Pramshed writes and reads back, such as scenarios and runs; checked, for it may come from anybody."""

from __future__ import annotations

import reprlib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from data.json_text import TwiceError, read_json
from geo.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

_KINDS = {str: "text", bool: "true or false", int: "a whole number", dict: "named values", list: "a list"}


def text_of(path: Path, *, what: str, most_bytes: int) -> str:
    """The text of a file.

    Parameters
    ----------
    path
        The file.
    what
        What it should be, for messages: "a scenario saved by Pramshed".
    most_bytes
        A larger file is something else.

    Raises
    ------
    InputError
        It cannot be read, is too large, or is no text in UTF-8.
    """
    try:
        if path.stat().st_size > most_bytes:
            raise InputError(path, expected=what, found="a much larger file")
        return path.read_text(encoding="utf-8")
    except OSError as fault:
        raise InputError(path, expected="a file that can be read", found=fault.strerror or str(fault)) from fault
    except UnicodeDecodeError as fault:
        raise InputError(path, expected=f"{what}, as JSON", found="something else") from fault


def parsed(text: str, source: str, *, what: str, strict: bool = False) -> object:
    """What JSON says; anything may come of it.

    Parameters
    ----------
    text
        What the file holds.
    source
        The file, for messages.
    what
        What it should be, for messages.
    strict
        Refuse NaN and endless numbers, which JSON does not have, and Python writes and reads.

    Raises
    ------
    InputError
        It is no JSON, or says a value twice.
    """
    try:
        return read_json(text, numbers=strict)
    except TwiceError as fault:
        raise InputError(source, expected=f"{what}, each value once", found=str(fault)) from fault
    except ValueError as fault:
        raise InputError(source, expected=f"{what}, as JSON", found="something else") from fault


def require_format(raw: object, source: str, *, what: str, name: str, version: int) -> dict[str, Any]:
    """Named values that say of themselves what they are.

    Parameters
    ----------
    raw
        What JSON gave.
    source
        The file, for messages.
    what
        What it should be, for messages.
    name, version
        Of its format.

    Raises
    ------
    InputError
        They are of another format or version.
    """
    if not isinstance(raw, dict) or raw.get("format") != name:
        raise InputError(source, expected=f"{what} (format {name})", found="something else")
    if raw.get("version") != version or isinstance(raw.get("version"), bool):
        raise InputError(source, expected=f"version {version} of the format", found=short(raw.get("version")))
    return raw


def typed(value: object, kind: type, source: str, column: str) -> Any:  # noqa: ANN401 (checked here)
    """A value of a kind: text, true or false, a whole number, named values, a list.

    Raises
    ------
    InputError
        It is of another.
    """
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):  # for Python True is a 1
        raise InputError(source, column=column, expected=_KINDS[kind], found=short(value))
    return value


def day_of(value: object, source: str, column: str) -> date:
    """A day as 2026-04-01.

    Raises
    ------
    InputError
        It is none.
    """
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()  # type: ignore[arg-type]  # a day has no zone
    except (TypeError, ValueError) as fault:
        raise InputError(source, column=column, expected="a day as 2026-04-01", found=short(value)) from fault


def short(value: object) -> str:
    """What was found, on one line and not too long."""
    return reprlib.repr(value)
