"""What has arrived of a file: begun, gone on with after a cut or a kill, and thrown away if it cannot be."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from data.fetch.again import Again
from data.fetch.shelf import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from data.fetch.ask import Ask
    from data.fetch.shelf import Item


@dataclass(frozen=True)
class State:
    """Which state of which file a part is of.

    Parameters
    ----------
    address
        The request, without secrets.
    etag, last_modified
        As the service names the state; a weak ETag is none, as two files may share it.
    md5
        Of the whole, if the publisher says so: then it is seen in the end whether the pieces belong together.
    total
        Bytes of the whole; None if unknown.
    """

    address: str
    etag: str | None
    last_modified: str | None
    md5: str | None
    total: int | None

    @classmethod
    def of(cls, address: str, ask: Ask, headers: Mapping[str, str], total: int | None) -> State:
        """The state that an answer is of; none of one that came packed, of which no byte can be told from here."""
        if headers.get("content-encoding", "identity") != "identity":
            return cls(address, None, None, None, None)
        etag = headers.get("etag")
        strong = etag if etag and not etag.startswith("W/") else None
        return cls(address, strong, headers.get("last-modified"), ask.md5, total)

    @property
    def named(self) -> bool:
        """Whether one can go on from a part of it."""
        return bool(self.etag or self.last_modified or self.md5)


@dataclass(frozen=True)
class Part:
    """The part of an item that has arrived."""

    item: Item

    @property
    def path(self) -> Path:
        """The bytes."""
        return self.item.part

    @property
    def _about(self) -> Path:
        return self.path.with_name(f"{self.path.name}.json")

    def state(self, address: str, ask: Ask) -> State | None:
        """The state that it is of, if this question may go on with it."""
        try:
            state = State(**json.loads(self._about.read_text("utf-8")))
            there = self.path.stat().st_size > 0
        except (OSError, ValueError, TypeError):
            return None
        if ask.form is not None:
            return None
        return state if there and state.named and (state.address, state.md5) == (address, ask.md5) else None

    @property
    def size(self) -> int:
        """Bytes that have arrived."""
        return self.path.stat().st_size

    def headers(self, state: State) -> dict[str, str]:
        """What asks for the rest of it, or for the whole if the file has changed since."""
        same = state.etag or state.last_modified
        rest = {"Range": f"bytes={self.size}-", "Accept-Encoding": "identity"}
        return rest | ({"If-Range": same} if same else {})

    def begin(self, state: State) -> None:
        """Forget what there was; say what is about to arrive, before it does."""
        self.drop()
        if state.named:
            write_whole(self._about, json.dumps(asdict(state)).encode())

    def drop(self) -> None:
        """Throw it away."""
        self._about.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def follows(self, said: str | None, state: State) -> int | None:
        """The bytes of the whole by the ``Content-Range`` of a rest, if it begins where the part ends.

        Raises
        ------
        Again
            It does not; the part is thrown away.
        """
        span, _, total = (said or "").removeprefix("bytes ").partition("/")
        begins = span.partition("-")[0]
        whole = int(total) if total.isdigit() else None
        if begins != str(self.size) or (whole is not None and state.total is not None and whole != state.total):
            self.drop()
            raise Again(found="the rest of another file", wait=0)
        return whole if whole is not None else state.total
