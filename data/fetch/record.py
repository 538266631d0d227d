"""What services really answer, noted for tests: status, headers and the beginning of each answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from data.fetch.arrival import disk
from data.fetch.shelf import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx2

    from data.fetch.ask import Ask

BEGINNING = 2048
"""Bytes of an answer that are noted."""

_HEADERS = (
    "content-type",
    "content-length",
    "content-encoding",
    "etag",
    "last-modified",
    "accept-ranges",
    "retry-after",
)
"""Those that we go by; cookies and the like are nobody's business."""


def recorded(folder: Path | None, ask: Ask, asked: str, answer: httpx2.Response) -> Iterator[bytes]:
    """The pieces of an answer, of which the first are noted on their way.

    For each status that a question met there are two files in the folder of its source: ``KEY.STATUS.json`` (question,
    status, headers) and ``KEY.STATUS.body`` (the beginning of the body, as it came). Of an answer with columns about
    people (``Ask.reduce``) no body is noted.

    Parameters
    ----------
    folder
        Where to; None to note nothing.
    ask
        The question.
    asked
        Its address, without secrets.
    answer
        Not read yet.
    """
    if folder is None:
        return answer.iter_bytes()
    return _noted(folder / ask.source, ask, asked, answer)


def _noted(folder: Path, ask: Ask, asked: str, answer: httpx2.Response) -> Iterator[bytes]:
    first, noted = b"", False
    for piece in answer.iter_bytes():
        first += piece[: BEGINNING - len(first)]
        if len(first) == BEGINNING and not noted:
            _note(folder, ask, asked, answer, first)
            noted = True
        yield piece
    if not noted:
        _note(folder, ask, asked, answer, first)


def _note(folder: Path, ask: Ask, asked: str, answer: httpx2.Response, first: bytes) -> None:
    about = {
        "method": ask.method,
        "url": asked,
        "form": dict(ask.form) if ask.form else None,
        "status": answer.status_code,
        "headers": {name: answer.headers[name] for name in _HEADERS if name in answer.headers},
    }
    name = f"{ask.key}.{answer.status_code}"
    with disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{name}.json", (json.dumps(about, indent=1) + "\n").encode())
        if not ask.reduce:
            write_whole(folder / f"{name}.body", first)
