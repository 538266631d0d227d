"""What is asked of a service, what its answer must look like, and "not yet"."""

from __future__ import annotations

import csv
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

BOM = b"\xef\xbb\xbf"


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
    reduce
        Function of the whole content: what may be written down of it. The content is held in memory and never on a
        disk, is looked at first, and is asked for from its beginning after a cut; for files without md5 and size.
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
    edition_in
        Function of the path of the whole file: which one it is, if the file says so itself.
    tries
        How often it is asked for before giving up; None for the usual number.
    pace
        Seconds between the last request to its host and this one; None for the usual ones.
    patience
        Seconds of silence that are normal while it is worked out; None for the usual ones.
    """

    url: str
    source: str = field(kw_only=True)
    query: Mapping[str, str | int] | None = field(default=None, kw_only=True)
    form: Mapping[str, str | int] | None = field(default=None, kw_only=True)
    looks: Callable[[bytes], str | None] | None = field(default=None, kw_only=True)
    check: Callable[[Path], None] | None = field(default=None, kw_only=True)
    refused: Callable[[int, bytes], None] | None = field(default=None, kw_only=True)
    reduce: Callable[[bytes], bytes] | None = field(default=None, kw_only=True)
    md5: str | None = field(default=None, kw_only=True)
    size: int | None = field(default=None, kw_only=True)
    limit: int = field(default=256 << 20, kw_only=True)
    fresh_for: float | None = field(default=DAY, kw_only=True)
    name: str | None = field(default=None, kw_only=True)
    edition: str | None = field(default=None, kw_only=True)
    edition_in: Callable[[Path], str | None] | None = field(default=None, kw_only=True)
    tries: int | None = field(default=None, kw_only=True)
    pace: float | None = field(default=None, kw_only=True)
    patience: float | None = field(default=None, kw_only=True)

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
        name = re.sub(r"[^\w.-]+", "_", last, flags=re.ASCII).strip(".")[-100:] or "answer"
        return f"file-{name}" if name.startswith(("receipt.", "part.")) else name  # names of the folder's own files


@dataclass(frozen=True)
class Look:
    """A function for ``Ask.looks`` that knows the words for what it wants.

    Parameters
    ----------
    wants
        What the file should be.
    wrong
        Function of its first bytes: what it is, if it is not that; otherwise None.
    """

    wants: str
    wrong: Callable[[bytes], str | None]

    def __call__(self, first: bytes) -> str | None:
        """What is wrong with the first bytes; None if nothing is."""
        return html(first) or self.wrong(first)


def is_csv(*columns: str) -> Look:
    """A table of text whose first line has these columns, in upper or lower case.

    Of a first line that is longer than what is looked at, the first of the columns is enough.
    """

    def wrong(first: bytes) -> str | None:
        if (kind := what(first)) != "text":
            return kind
        line = first.removeprefix(BOM).lstrip(b"\r\n").partition(b"\n")
        there = {cell.strip().casefold() for cell in next(csv.reader([line[0].decode("cp1252", "replace")]), [])}
        wanted = columns if line[1] or len(first) < FIRST else columns[:1]
        missing = next((column for column in wanted if column.casefold() not in there), None)
        return f"a table without the column {missing!r}" if missing else None

    return Look(f"a table (CSV) with {', '.join(columns)}" if columns else "a table (CSV)", wrong)


is_zip = Look("a zip archive", lambda first: None if first.startswith((b"PK\x03\x04", b"PK\x05\x06")) else what(first))
"""A zip archive."""

is_json = Look("JSON", lambda first: None if what(first) == "JSON" else what(first))
"""The beginning of a JSON object or list."""

is_pbf = Look("an OpenStreetMap extract (PBF)", lambda first: None if b"OSMHeader" in first[:32] else what(first))
"""An OpenStreetMap extract: ``OSMHeader`` in its first 32 bytes."""

not_html = Look("a file, not a page", lambda first: None if first else what(first))
"""Anything but a page for people, or nothing at all."""


def html(first: bytes) -> str | None:
    """``an HTML page`` if it is one; otherwise None."""
    start = first.removeprefix(BOM).lstrip().lower()
    markup = start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<!--"))
    return "an HTML page" if markup or (start.startswith(b"<?xml") and b"<html" in start) else None


def what(first: bytes) -> str:
    """What something is by its first bytes, in words."""
    if not first.strip():
        return "an empty answer"
    if first.startswith(b"PK\x03\x04"):
        return "a spreadsheet (XLSX)" if b"[Content_Types].xml" in first or b"xl/" in first else "a zip archive"
    if first.startswith(b"%PDF"):
        return "a PDF"
    if b"\0" in first:
        return "something that is no text"
    return "JSON" if first.removeprefix(BOM).lstrip()[:1] in {b"{", b"["} else "text"
