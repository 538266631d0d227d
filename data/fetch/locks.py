"""One at a time: a lock on a file that is gone with the process that held it."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def held(path: Path, waits: Callable[[], None] = lambda: None) -> Iterator[IO[str]]:
    """Hold a file for ourselves, waiting for whoever has it: another process, or another thread of this one.

    Parameters
    ----------
    path
        The file, made with its folder if it is not there. It stays, so that nobody locks one that is just removed.
    waits
        Is called if somebody else has it.

    Yields
    ------
    file
        It, open to be read and written from its beginning.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waits()
            fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        yield file
