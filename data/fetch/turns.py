"""Whose turn it is at a host: one request at a time and a pause between two, among all that share a cache."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.fetch.hosts import HOSTS, Host
from data.fetch.locks import held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_OTHERS = Host("a host that the catalogue does not know")


@dataclass(frozen=True)
class Turns:
    """The turns at all hosts.

    Parameters
    ----------
    folder
        Where it is written when each host was last asked.
    pace
        Seconds between two requests for hosts for which it is not the catalogue's.
    clock, sleep
        Seconds since 1970; wait so many seconds.
    """

    folder: Path
    pace: Mapping[str, float]
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    @contextmanager
    def turn(self, host: str, pace: float | None = None) -> Iterator[None]:
        """Wait until the host may be asked, at this pace if it is not the usual one; nobody else asks it meanwhile."""
        pace = self.pace.get(host, HOSTS.get(host, _OTHERS).pace if pace is None else pace)
        with held(self.folder / f"{re.sub(r'[^a-z0-9.-]', '_', host)}.turn") as file:
            wait = min(pace, _seconds(file.read()) + pace - self.clock())  # no longer, whatever became of the clock
            if wait > 0:
                self.sleep(wait)
            try:
                yield
            finally:
                file.seek(0)
                file.truncate()
                file.write(f"{self.clock():.3f}")


def _seconds(written: str) -> float:
    try:
        return float(written)
    except ValueError:  # never asked, or killed while it was written
        return 0.0
