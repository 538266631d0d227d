"""Receipts: where a kept file came from, when, and what it was, as JSON beside it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SECRET = frozenset({"uid", "token", "access_token", "key", "api_key", "apikey", "password", "sig", "signature"})
"""Parameters of addresses that are nobody's business, in lower case."""


@dataclass(frozen=True)
class Receipt:
    """What came of one question.

    Parameters
    ----------
    source
        Key of the catalogue.
    url
        The address requested, without anything secret; not the one to which a service redirected us.
    asked_at
        When the service last gave or confirmed it, UTC.
    status
        Of the answer; 304 if it confirmed the copy that was there.
    bytes, sha256
        Of the file.
    edition
        Which one, if the service or its address says so.
    etag, last_modified
        As the service names this state of the file.
    """

    source: str
    url: str
    asked_at: datetime
    status: int
    bytes: int
    sha256: str
    edition: str | None = None
    etag: str | None = None
    last_modified: str | None = None

    @property
    def day(self) -> str:
        """``12 November 2026``."""
        return f"{self.asked_at.day} {self.asked_at:%B %Y}"


def without_secrets(address: str) -> str:
    """An address as it may be shown: no name, no password, no key, nothing of a signed address but its path."""
    parts = urlsplit(address)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if name.lower() not in SECRET]
    signed = any(name.lower() in {"sig", "signature", "x-amz-signature"} for name, _ in pairs)
    host = parts.netloc.rpartition("@")[2]
    query = "" if signed else parts.query if kept == pairs else urlencode(kept)
    return urlunsplit((parts.scheme, host, parts.path, query, ""))


def to_json(receipt: Receipt) -> str:
    """The receipt as text."""
    return json.dumps({**asdict(receipt), "asked_at": receipt.asked_at.isoformat()}, indent=1) + "\n"


def read_receipt(path: Path) -> Receipt | None:
    """The receipt in a file; None if there is none, or none that can be read."""
    return next(iter(read_receipts(path)), None)


def write_receipts(receipts: Iterable[Receipt], path: Path) -> None:
    """Write several receipts into one file."""
    path.write_text(f"[{','.join(map(to_json, receipts))}]\n", encoding="utf-8")


def read_receipts(path: Path) -> tuple[Receipt, ...]:
    """All receipts in a file; none if there is no such file, or if it cannot be read."""
    names = [one.name for one in fields(Receipt)]
    try:
        said = json.loads(path.read_text("utf-8"))
        return tuple(
            Receipt(
                **{name: one[name] for name in names}
                | {"asked_at": datetime.fromisoformat(one["asked_at"]).astimezone(UTC)}
            )
            for one in (said if isinstance(said, list) else [said])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return ()
