"""JSON from anybody: read strictly, so that no two programs can read two things out of one file."""

from __future__ import annotations

import json
from typing import NoReturn


def read_json(text: str, *, numbers: bool = True) -> object:
    """What JSON says, if it says each thing once.

    Parameters
    ----------
    text
        The text; a mark that some editors put before it is passed over.
    numbers
        Refuse NaN and endless numbers, which JSON does not have, and Python writes and reads.

    Raises
    ------
    ValueError
        It is no JSON, is nested too deeply, or has a key twice in one object, of which other programs take the first.
    """
    try:
        return json.loads(
            text.removeprefix("\ufeff"), object_pairs_hook=_once_each, parse_constant=_no_number if numbers else None
        )
    except RecursionError as fault:
        message = "nested too deeply"
        raise ValueError(message) from fault


class TwiceError(ValueError):
    """A key stands twice in one object."""


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        message = f"JSON with {next(name for name in names if names.count(name) > 1)[:40]!r} twice in one object"
        raise TwiceError(message)
    return found


def _no_number(said: str) -> NoReturn:
    message = f"{said} is no number"
    raise ValueError(message)
