"""What is asked of a service, what its answer must look like, and "not yet"."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

DAY = 86_400.0
"""Seconds: nothing is asked for twice a day."""

FIRST = 512
"""Bytes by which an answer is recognised."""


class NotYet(Exception):  # noqa: N818 - it is no fault: the same is asked again
    """A check says that the service is not ready, or gave only a part; it is asked again.

    Parameters
    ----------
    wait
        Seconds until then; None for the usual ones.
    found
        What came instead, for whoever reads why it failed in the end.
    """

    def __init__(self, wait: float | None = None, *, found: str = "an answer that is not ready") -> None:
        super().__init__(found)
        self.wait, self.found = wait, found


@dataclass(frozen=True)
class Ask:
    """One file of one service.

    Parameters
    ----------
    url
        Its address, as its publisher gives it.
    source
        Key of the catalogue, by which it is kept, named and credited.
    query
        Parameters that are put behind the address.
    form
        Parameters that are posted as a form instead of asking with GET.
    looks
        Function of the first 512 bytes (fewer of a shorter file): None if they are right, otherwise what they are.
    check
        Function of the path of the whole file, before it is kept. Raises `NotYet` to ask again, `ServiceError` or
        `InputError` to give up.
    refused
        Function of the status and the first 2 kB of an answer with an error status, called before what is usual for
        that status; raises as ``check`` does.
    md5, size
        As the publisher gives them: 32 hexadecimal digits in either case; bytes.
    limit
        Bytes beyond which the answer is refused.
    fresh_for
        Seconds for which a kept copy is used without asking; None for ever, for files with a date in their name.
    name
        Name of the kept file; by default the last part of the address.
    edition
        Which one it is, if that is known: ``2026-08``.
    tries
        How often it is asked for before giving up; None for the usual number.
    """

    url: str
    source: str = field(kw_only=True)
    query: Mapping[str, str | int] | None = field(default=None, kw_only=True)
    form: Mapping[str, str | int] | None = field(default=None, kw_only=True)
    looks: Callable[[bytes], str | None] | None = field(default=None, kw_only=True)
    check: Callable[[Path], None] | None = field(default=None, kw_only=True)
    refused: Callable[[int, bytes], None] | None = field(default=None, kw_only=True)
    md5: str | None = field(default=None, kw_only=True)
    size: int | None = field(default=None, kw_only=True)
    limit: int = field(default=256 << 20, kw_only=True)
    fresh_for: float | None = field(default=DAY, kw_only=True)
    name: str | None = field(default=None, kw_only=True)
    edition: str | None = field(default=None, kw_only=True)
    tries: int | None = field(default=None, kw_only=True)

    @property
    def address(self) -> str:
        """The whole address with its parameters."""
        if not self.query:
            return self.url
        return f"{self.url}{'&' if '?' in self.url else '?'}{urlencode(self.query)}"

    @property
    def method(self) -> str:
        """``GET``, or ``POST`` with a form."""
        return "GET" if self.form is None else "POST"

    @property
    def key(self) -> str:
        """16 hexadecimal digits: the same for the same question, whatever is checked of the answer."""
        form = "" if self.form is None else urlencode(sorted((name, str(value)) for name, value in self.form.items()))
        return hashlib.sha256(f"{self.method} {self.address}\n{form}".encode()).hexdigest()[:16]

    @property
    def file_name(self) -> str:
        """A name that is safe in any folder."""
        last = self.name or unquote(urlsplit(self.url).path.rsplit("/", 1)[-1])
        return re.sub(r"[^\w.-]+", "_", last, flags=re.ASCII).strip(".")[-100:] or "answer"


def html(first: bytes) -> str | None:
    """``an HTML page`` if it is one, whatever was wanted; otherwise None."""
    start = first.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    markup = start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<!--"))
    return "an HTML page" if markup or (start.startswith(b"<?xml") and b"<html" in start) else None


def not_html(first: bytes) -> str | None:
    """Anything but a page for people (``Ask.looks``)."""
    return html(first) or (None if first else "an empty answer")


def is_zip(first: bytes) -> str | None:
    """A zip archive (``Ask.looks``)."""
    return None if first.startswith((b"PK\x03\x04", b"PK\x05\x06")) else html(first) or what(first)


def is_json(first: bytes) -> str | None:
    """The beginning of a JSON object or list (``Ask.looks``)."""
    return None if first.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["} else html(first) or what(first)


def is_pbf(first: bytes) -> str | None:
    """An OpenStreetMap extract: ``OSMHeader`` in its first 32 bytes (``Ask.looks``)."""
    return None if b"OSMHeader" in first[:32] else html(first) or what(first)


def is_csv(*columns: str) -> Callable[[bytes], str | None]:
    """A table of text whose first line has these columns, in either case (for ``Ask.looks``)."""

    def looks(first: bytes) -> str | None:
        if html(first) or what(first) != "text":
            return html(first) or what(first)
        line = first.removeprefix(b"\xef\xbb\xbf").splitlines()[0].decode("cp1252", "replace")
        there = {cell.strip().strip('"').casefold() for cell in line.split(",")}
        missing = [column for column in columns if column.casefold() not in there]
        return f"a table without the column {missing[0]!r}" if missing else None

    return looks


def what(first: bytes) -> str:
    """What something is by its first bytes, in words."""
    if not first:
        return "an empty answer"
    if first.startswith(b"PK\x03\x04"):
        return "a spreadsheet (XLSX)" if b"[Content_Types].xml" in first or b"xl/" in first else "a zip archive"
    if first.startswith(b"%PDF"):
        return "a PDF"
    if b"\0" in first:
        return "something that is no text"
    return "JSON" if first.lstrip()[:1] in {b"{", b"["} else "text"
