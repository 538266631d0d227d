"""The one HTTP client: asks a service for a file, keeps it, and gives it with its receipt."""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from data.fetch.again import BUSY, Again, Refused, retry_after, tries
from data.fetch.arrival import Arrival, disk
from data.fetch.ask import NotYet
from data.fetch.hosts import asked_of
from data.fetch.locks import held
from data.fetch.parts import Part, State
from data.fetch.receipts import Receipt, without_secrets
from data.fetch.shelf import Item
from data.fetch.turns import Turns
from data.fetch.ways import Ways
from geo.errors import InputError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    import httpx2

    from data.fetch.ask import Ask
    from data.fetch.settings import FetchSettings

for library in ("httpx2", "httpcore2"):
    logging.getLogger(library).setLevel(logging.WARNING)  # below that they write whole addresses, signed ones too


@dataclass(frozen=True)
class Got:
    """A file at hand.

    Parameters
    ----------
    path
        Where it is kept; only to be read.
    receipt
        Where it came from and when.
    instead
        Why an older copy is used: a sentence for people. None if the file is what was asked for.
    """

    path: Path
    receipt: Receipt
    instead: str | None = None


class Client:
    """Asks one question after another; a context manager.

    Parameters
    ----------
    settings
        Where files are kept, who asks, through which network.
    tell
        Is told sentences: that one waits, that an older copy is used.
    watch
        Is told a question, the bytes that have arrived and the bytes of the whole (None if unknown), often.
        What it raises ends the fetch; the next one goes on from there.
    clock, sleep
        Seconds since 1970; wait so many seconds.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        tell: Callable[[str], None] = lambda _: None,
        watch: Callable[[Ask, int, int | None], None] = lambda *_: None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.settings = settings
        self._tell, self._watch, self._clock, self._sleep = tell, watch, clock, sleep
        self._ways = Ways(settings, Turns(settings.cache / ".turns", settings.pace, clock, sleep))
        self._asked: set[str] = set()
        self._told: set[str] = set()

    def __enter__(self) -> Client:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._ways.close()

    def get(self, ask: Ask, *, older: bool = True) -> Got:
        """Give the file that was asked for.

        Parameters
        ----------
        ask
            The question.
        older
            Whether an older copy will do when the service fails. Who has another address to ask first says no.

        Raises
        ------
        ServiceError
            The service does not answer as it should, and there is no copy that will do.
        InputError
            The answer is not what its check wants, or there is no room for it, and there is no copy that will do.
        """
        who, item, began = asked_of(ask.source, ask.url), Item.of(self.settings.cache, ask), self._clock()
        kept = item.kept()
        if kept and self._will_do(ask, item, kept, began):
            return Got(item.path, kept)
        if self.settings.offline:
            raise _not_kept(ask, "one, as nobody may be asked offline")
        with ExitStack() as stack:
            with disk(item.folder):
                stack.enter_context(held(item.lock, lambda: self._tell(f"{who}: waits for another run to fetch it")))
            kept = item.kept()
            if kept and self._will_do(ask, item, kept, began):  # somebody else fetched it while we waited
                return Got(item.path, kept)
            try:
                receipt = self._fetch(ask, item, kept, who)
            except (ServiceError, InputError) as fault:
                if kept is None or not older:
                    raise
                sentence = f"{who}: found {fault.found}; the copy of {kept.day} is used"
                self._tell(sentence)
                return Got(item.path, kept, sentence)
            self._asked.add(ask.key)
            return Got(item.path, receipt)

    def kept(self, ask: Ask) -> Got:
        """Give the copy that is kept, however old, and ask nobody; whoever is told anything is told its day.

        Raises
        ------
        ServiceError
            There is none.
        """
        item = Item.of(self.settings.cache, ask)
        receipt = item.kept()
        if receipt is None:
            raise _not_kept(ask, "an older copy")
        if self.settings.offline:
            return Got(item.path, receipt)
        sentence = f"{asked_of(ask.source, ask.url)}: the copy of {receipt.day} is used"
        if sentence not in self._told:
            self._told.add(sentence)  # an answer has many pages
            self._tell(sentence)
        return Got(item.path, receipt, sentence)

    def _will_do(self, ask: Ask, item: Item, kept: Receipt, began: float) -> bool:
        """Whether the copy is used without asking."""
        asked_at, now = kept.asked_at.timestamp(), self._clock()
        if self.settings.offline or ask.key in self._asked or began < asked_at <= now:
            return True
        if self.settings.refresh:
            return False
        if ask.md5 is not None:
            return item.md5() == ask.md5.lower()
        return ask.fresh_for is None or -_CLOCKS < now - asked_at < ask.fresh_for

    def _fetch(self, ask: Ask, item: Item, kept: Receipt | None, who: str) -> Receipt:
        def waits(fault: Again, pause: float) -> None:
            if pause > 0:
                self._tell(f"{who}: found {fault.found}; asked again in {pause:.0f} s")

        expected = getattr(ask.looks, "wants", None) or "the file"
        try:
            for attempt in tries(ask.tries or self.settings.tries, self._sleep, waits):
                with attempt:
                    return self._once(ask, item, kept)
        except (Again, Refused) as fault:
            wanted = getattr(fault, "expected", None) or expected
            raise ServiceError(
                who, found=fault.found, expected=wanted, advice=fault.advice, status=fault.status
            ) from None
        raise ServiceError(who, found="nobody asked", expected=expected)

    def _once(self, ask: Ask, item: Item, kept: Receipt | None) -> Receipt:
        part, arrival = Part(item), Arrival(ask, self.settings, self._watch, self._clock)
        asked = without_secrets(self._ways.base_of(ask.address))
        state = None if ask.reduce else part.state(asked, ask)
        with self._ways.answer(ask, _conditions(ask, kept) | (part.headers(state) if state else {})) as answer:
            status, headers = answer.status_code, answer.headers
            if status == 304 and kept:
                edition = ask.edition or kept.edition
                receipt = replace(kept, url=asked, asked_at=self._now(), status=304, edition=edition)
                with disk(item.folder):
                    item.confirm(receipt)
                return receipt
            pieces = answer.iter_bytes()
            if status == 206 and state:
                total = part.follows(headers.get("content-range"), state)
            elif status == 416 and state and headers.get("content-range") == f"bytes */{part.size}":
                pieces, total = iter(()), part.size  # it was whole when somebody was killed
            elif status == 200:
                total = _length(answer)
                state = State.of(asked, ask, headers, total)
                with disk(item.folder):
                    part.begin(state)
                if ask.reduce:
                    pieces, total = arrival.reduced(pieces, total), None
            else:
                if status in {206, 416}:
                    part.drop()
                self._refuse(ask, answer)
            try:
                with disk(item.folder):
                    arrived = arrival.receive(pieces, part.path, total)
            except BaseException as fault:
                if isinstance(fault, Refused) or not state.named:  # nobody could go on from it
                    part.drop()
                raise
        self._check(ask, part, lambda: arrival.verify(arrived, total))
        receipt = Receipt(
            source=ask.source,
            url=asked,
            asked_at=self._now(),
            status=206 if status == 416 else status,
            bytes=arrived.bytes,
            sha256=arrived.sha256,
            edition=ask.edition or headers.get("x-derived-from"),
            etag=headers.get("etag") or state.etag,
            last_modified=headers.get("last-modified") or state.last_modified,
        )
        with disk(item.folder):
            item.keep(part.path, receipt)
            part.drop()
        return receipt

    def _check(self, ask: Ask, part: Part, verify: Callable[[], None]) -> None:
        """See whether the whole file is what was wanted; if not, throw it away."""
        try:
            verify()
            if ask.check:
                ask.check(part.path)
        except NotYet as fault:
            part.drop()
            raise self._patient(Again(found=fault.found, wait=fault.wait)) from None
        except InputError as fault:  # of a file that nobody will find
            part.drop()
            who = asked_of(ask.source, ask.url)
            raise InputError(
                who, expected=fault.expected, found=fault.found, row=fault.row, column=fault.column
            ) from fault
        except Exception:
            part.drop()
            raise

    def _refuse(self, ask: Ask, answer: httpx2.Response) -> NoReturn:
        """Say what an answer with the wrong status means."""
        status = answer.status_code
        if ask.refused:
            try:
                ask.refused(status, next(answer.iter_bytes(2048), b""))
            except NotYet as fault:
                raise self._patient(Again(found=fault.found, wait=fault.wait, status=status)) from None
        if status in BUSY or status in {206, 304, 416}:  # the last three: to what we did not ask
            wait = retry_after(answer.headers.get("retry-after"), self._clock())
            raise self._patient(Again(found=f"status {status}", wait=wait, status=status))
        raise Refused(found=f"status {status}", advice=_ADVICE.get(status, "see the publisher's page"), status=status)

    def _patient(self, fault: Again) -> Again:
        """The fault, if the service does not want a longer pause than we have patience for."""
        if fault.wait is not None and fault.wait > self.settings.longest_wait:
            minutes = fault.wait / 60
            return Again(
                found=f"{fault.found}, to be asked again in {minutes:.0f} minutes", most=1, status=fault.status
            )
        return fault

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


_CLOCKS = 300.0
"""Seconds by which the clocks of two who share a cache may differ."""

_GONE = "its publisher may have moved it: see its page"
_BARRED = "the service or a proxy bars this: ask whoever runs the network, or fetch the file by hand"
_ADVICE = {404: _GONE, 410: _GONE, 401: _BARRED, 403: _BARRED, 407: _BARRED}


def _not_kept(ask: Ask, expected: str) -> ServiceError:
    advice = f"fetch it once online: {without_secrets(ask.address)}"
    return ServiceError(asked_of(ask.source, ask.url), found="no copy that is kept", expected=expected, advice=advice)


def _conditions(ask: Ask, kept: Receipt | None) -> dict[str, str]:
    """What asks for the file only if it is another one than what is kept."""
    if kept is None or ask.form is not None:
        return {}
    named = {"If-None-Match": kept.etag, "If-Modified-Since": kept.last_modified}
    return {name: value for name, value in named.items() if value}


def _length(answer: httpx2.Response) -> int | None:
    """Bytes of the whole, if the service says so and does not pack it."""
    said = answer.headers.get("content-length", "")
    return int(said) if said.isdigit() and "content-encoding" not in answer.headers else None
