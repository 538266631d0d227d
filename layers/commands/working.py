"""Long work that says how far it is: to whoever sits at the terminal, and to the pages by a file."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, TYPE_CHECKING

from data.fetch.arrival import disk
from data.fetch.hosts import asked_of
from data.fetch.locks import held
from data.gather.jobs import Job, Progress, now, public
from geo.errors import InputError, PramshedError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from data.fetch.ask import Ask

_OFTEN = 0.25
"""Seconds between two times that it is written how much has arrived."""

_LOOK = 0.5
"""Seconds between two looks whether somebody wants the work to end."""

_SENTENCES = 8
_UNREACHED = ("no connection", "no host of that name", "a proxy that", "certificate that nobody")
"""What is said of a service to which there is no way at all."""


class Work:
    """Says how far one job is; whoever has one holds the job's lock.

    Parameters
    ----------
    job
        Whose.
    progress
        As it begins.
    hide
        Folders of which nothing is said to the public.
    """

    def __init__(self, job: Job, progress: Progress, hide: tuple[Path, ...]) -> None:
        self.job, self._now, self._hide = job, progress, hide
        self._written, self._last = 0.0, ("", 0)
        self._say()

    def step(self, done: int, what: str) -> None:
        """A step begins; so many are behind it."""
        self._say(done=done, step=what, asking="", arrived=0, whole=None)

    def tell(self, sentence: str) -> None:
        """A sentence for people."""
        self._say(said=(*self._now.said, public(sentence, *self._hide))[-_SENTENCES:])

    def watch(self, ask: Ask, have: int, whole: int | None) -> None:
        """So many bytes of an answer have arrived."""
        key, before = self._last
        came = have - before if key == ask.key and have > before else 0
        self._last = (ask.key, have)
        self._now = replace(
            self._now,
            asking=asked_of(ask.source, ask.url),
            arrived=have,
            whole=whole,
            fetched=self._now.fetched + came,
        )
        if time.monotonic() - self._written >= _OFTEN:
            self._say()

    def ended(self, place: str, name: str, remarks: Sequence[str] = ()) -> None:
        """It went well, and this came of it."""
        said = tuple(public(one, *self._hide) for one in remarks)
        whole = {"done": self._now.of, "arrived": 0, "whole": None, "asking": "", "step": ""}
        self._say(status="done", place=place, name=name, remarks=said, **whole)

    def failed(self, fault: BaseException) -> None:
        """It did not."""
        if not isinstance(fault, Exception):
            self._say(status="cancelled")
            return
        known = isinstance(fault, PramshedError)
        sort = "service" if isinstance(fault, ServiceError) else "input" if isinstance(fault, InputError) else "request"
        said = public(str(fault), *self._hide) if known else "A fault of the program; whoever runs it finds it noted."
        unreached = sort == "service" and not self._now.fetched and any(one in said for one in _UNREACHED)
        self._say(status="failed", fault=said, sort=sort if known else "program", unreached=unreached)

    def _say(self, **changes: object) -> None:
        self._now = replace(self._now, **changes)  # type: ignore[arg-type]
        self.job.write(self._now)
        self._written = time.monotonic()


@contextmanager
def at_work(
    job: Job,
    begins: Progress,
    *,
    inherited: int | None = None,
    hide: tuple[Path, ...] = (),
    waits: Callable[[], None] = lambda: None,
) -> Iterator[Work]:
    """Do a job alone, and say how it ended.

    Parameters
    ----------
    job
        Which.
    begins
        As it begins.
    inherited
        The job's lock, open, from whoever started this process.
    hide
        Folders of which nothing is said to the public.
    waits
        Is called if somebody else is at it.
    """
    with _alone(job, inherited, waits):
        if inherited is None:  # who started this process did so, and somebody may have asked for its end since
            job.take_back()
        work, over = Work(job, replace(begins, began=now()), hide), threading.Event()
        threading.Thread(target=_listen, args=(job, over, threading.main_thread()), daemon=True).start()
        try:
            yield work
        except BaseException as fault:
            work.failed(fault)
            raise
        finally:
            over.set()
            job.take_back()


@contextmanager
def _alone(job: Job, inherited: int | None, waits: Callable[[], None]) -> Iterator[IO[str]]:
    if inherited is not None and _is_lock(inherited, job):
        os.nice(5)  # nobody's page waits for it
        with os.fdopen(inherited, "a+", encoding="ascii") as file:
            yield file
        return
    with disk(job.folder):
        job.folder.mkdir(parents=True, exist_ok=True)
        job.lock.touch()
    with held(job.lock, waits) as file:
        yield file


def _is_lock(handle: int, job: Job) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), job.lock.stat())
    except OSError:
        return False


def _listen(job: Job, over: threading.Event, main: threading.Thread) -> None:
    """End the work where somebody asks for it: as if the terminal did, so that nothing half-written stays."""
    while not over.wait(_LOOK):
        if job.asked_to_end and main.ident is not None:
            signal.pthread_kill(main.ident, signal.SIGTERM)
            return
