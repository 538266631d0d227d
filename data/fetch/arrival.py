"""How a file arrives: piece by piece, weighed and hashed, and given up if it is wrong, too large or too slow."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.fetch.again import Again, Refused
from data.fetch.ask import FIRST
from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from data.fetch.ask import Ask
    from data.fetch.settings import FetchSettings

SPARE = 16 << 20
"""Bytes that stay free on the disk."""

MINUTE = 60.0
"""Seconds after which it is seen how much has arrived in them."""


@dataclass(frozen=True)
class Arrived:
    """A whole file: its bytes and its hashes; the MD5 is that of nothing if the question names none."""

    bytes: int
    sha256: str
    md5: str


@dataclass(frozen=True)
class Arrival:
    """How a file may arrive.

    Parameters
    ----------
    ask
        The question, with its limits.
    settings
        With the limits of time.
    watch
        Is told the question, the bytes that there are and the bytes of the whole.
    clock
        Seconds.
    """

    ask: Ask
    settings: FetchSettings
    watch: Callable[[Ask, int, int | None], None]
    clock: Callable[[], float]

    def receive(self, pieces: Iterable[bytes], path: Path, total: int | None) -> Arrived:
        """Put the pieces behind what the file has.

        Parameters
        ----------
        pieces
            What arrives.
        path
            The file, which may have a beginning.
        total
            Bytes of the whole; None if the service does not say.

        Raises
        ------
        Refused
            It is too large, or its first bytes are not what was wanted.
        Again
            It arrives too slowly, or its size is not what the publisher says.
        InputError
            There is no room.
        """
        self._room_for(path, total)
        seen = _Seen(self.ask)
        with path.open("ab+") as file:
            file.seek(0)
            while piece := file.read(1 << 20):
                seen.add(piece)
            for piece in self._in_time(pieces, file.tell(), total):
                file.write(piece)
                seen.add(piece)
            have = file.tell()
            file.flush()
            os.fsync(file.fileno())
        seen.end()
        return Arrived(have, seen.sha256.hexdigest(), seen.md5.hexdigest())

    def reduced(self, pieces: Iterable[bytes], total: int | None) -> Iterator[bytes]:
        """What ``Ask.reduce`` leaves of the pieces, once all of them are in memory.

        Raises
        ------
        Refused, Again
            As `receive`, and if it is not the bytes that were announced.
        """
        content = bytearray()
        for piece in self._in_time(pieces, 0, total):
            content += piece
        if total is not None and total != len(content):
            raise Again(found=f"{len(content):,} bytes where {total:,} were announced", most=2, advice=_ANNOUNCED)
        whole = _Seen(self.ask)
        whole.add(content)
        whole.end()
        yield self.ask.reduce(bytes(content)) if self.ask.reduce else bytes(content)

    def verify(self, arrived: Arrived, total: int | None) -> None:
        """Compare with what the service and the publisher say of the whole.

        Raises
        ------
        Again
            It is not that; once more may help, if a new edition is just being put there.
        """
        for wanted in (total, self.ask.size):
            if wanted is not None and wanted != arrived.bytes:
                raise Again(found=f"{arrived.bytes:,} bytes where {wanted:,} were announced", most=2, advice=_ANNOUNCED)
        if self.ask.md5 and self.ask.md5.lower() != arrived.md5:
            raise Again(found="a file whose MD5 is not the one that its publisher gives", most=2, advice=_ANNOUNCED)

    def _in_time(self, pieces: Iterable[bytes], have: int, total: int | None) -> Iterator[bytes]:
        """The pieces, as long as they are not too many and come fast enough."""
        if total is not None and total > self.ask.limit:
            raise Refused(found=f"a file of {size(total)}, more than {size(self.ask.limit)}", advice=_TOO_LARGE)
        began = self.clock()
        minute = _Minute(self.settings.slowest, began)
        self.watch(self.ask, have, total)
        for piece in pieces:
            have += len(piece)
            if have > self.ask.limit:
                raise Refused(found=f"more than {size(self.ask.limit)}", advice=_TOO_LARGE)
            yield piece
            now = self.clock()
            minute.add(len(piece), now)
            if now - began > self.settings.total_seconds:
                raise Again(found=f"an answer that takes longer than {self.settings.total_seconds:.0f} s", most=2)
            self.watch(self.ask, have, total)

    def _room_for(self, path: Path, total: int | None) -> None:
        if total is None or total > self.ask.limit:
            return
        there = path.stat().st_size if path.exists() else 0
        free = shutil.disk_usage(path.parent).free
        if total - there + SPARE > free:
            raise InputError(path.parent, expected=f"room for {size(total - there)}", found=f"{size(free)} free")


class _Minute:
    """What arrives in a minute, and whether that is enough."""

    def __init__(self, slowest: float, began: float) -> None:
        self._slowest, self._began, self._bytes = slowest, began, 0

    def add(self, count: int, now: float) -> None:
        self._bytes += count
        if (seconds := now - self._began) >= MINUTE:
            if self._bytes < self._slowest * seconds:
                raise Again(found=f"an answer that drips: {size(self._bytes)} in {seconds:.0f} s", most=3)
            self._began, self._bytes = now, 0


class _Seen:
    """The hashes of what has arrived; its first bytes are looked at as soon as they are there."""

    def __init__(self, ask: Ask) -> None:
        self.sha256, self.md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
        self._looks, self._first, self._wanted = ask.looks, b"", ask.md5 is not None

    def add(self, piece: bytes | bytearray) -> None:
        self.sha256.update(piece)
        if self._wanted:
            self.md5.update(piece)
        if self._looks and len(self._first) < FIRST:
            self._first = (self._first + bytes(piece[:FIRST]))[:FIRST]
            if len(self._first) == FIRST:
                self._look()

    def end(self) -> None:
        if self._looks and len(self._first) < FIRST:
            self._look()

    def _look(self) -> None:
        wrong = self._looks(self._first) if self._looks else None
        if wrong:
            advice = "a proxy may want you to sign in: open the address in a browser" if "HTML" in wrong else _LOOKS
            raise Refused(found=wrong, expected=getattr(self._looks, "wants", None), advice=advice)


_TOO_LARGE = "see whether the address is still that of the file"
_ANNOUNCED = "try again in an hour, when the publisher may have put the whole edition there"
_LOOKS = "the publisher may have changed or moved it: see its page"


@contextmanager
def disk(folder: Path) -> Iterator[None]:
    """Say in one line what is wrong with the disk.

    Raises
    ------
    InputError
        It is full, cannot be written, or is broken.
    """
    try:
        yield
    except OSError as fault:
        full = fault.errno in {errno.ENOSPC, errno.EDQUOT}
        found = "no space left" if full else (fault.strerror or type(fault).__name__)
        raise InputError(folder, expected="a folder that files can be written to", found=found) from fault


def size(count: float) -> str:
    """Bytes in words: ``121 MB``."""
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
