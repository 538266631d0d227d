"""One exchange: a question, its answer, and what is kept of it if it is what was wanted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from data.fetch.again import BUSY, Again, Refused, retry_after
from data.fetch.arrival import Arrival, disk
from data.fetch.ask import NotYet
from data.fetch.hosts import asked_of
from data.fetch.parts import Part, State
from data.fetch.receipts import Receipt, without_secrets
from data.fetch.record import BEGINNING, recorded
from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx2

    from data.fetch.ask import Ask
    from data.fetch.settings import FetchSettings
    from data.fetch.shelf import Item
    from data.fetch.ways import Ways

_GONE = "its publisher may have moved it: see its page"
_BARRED = "the service or a proxy bars this: ask whoever runs the network, or fetch the file by hand"
_SEE = "see its page"
_IN_WORDS = {
    401: "wants a password",
    403: "bars us",
    404: "not there",
    407: "a proxy wants a password",
    410: "gone",
    429: "asked too often",
    500: "a fault of its own",
    502: "not to be reached",
    503: "busy",
    504: "too slow",
}
_ADVICE = {404: _GONE, 410: _GONE, 401: _BARRED, 403: _BARRED, 407: _BARRED}


@dataclass(frozen=True)
class Setting:
    """What all exchanges of a client share: see `data.fetch.client.Client`."""

    settings: FetchSettings
    ways: Ways
    watch: Callable[[Ask, int, int | None], None]
    clock: Callable[[], float]


@dataclass(frozen=True)
class Exchange:
    """One exchange; whoever begins it holds the item's lock.

    Parameters
    ----------
    ask
        The question.
    item
        Where the file is kept.
    kept
        The receipt of the copy that is there.
    setting
        What it shares with others.
    """

    ask: Ask
    item: Item
    kept: Receipt | None
    setting: Setting

    def receipt(self) -> Receipt:
        """Ask once, keep the file, and give its receipt.

        Raises
        ------
        Again
            The same question may be answered another time.
        Refused
            It will not.
        ServiceError, InputError
            What checks the answer says that it is wrong, or there is no room for it.
        """
        ask, item, part = self.ask, self.item, Part(self.item)
        asked = without_secrets(self.setting.ways.base_of(ask.address))
        state = None if ask.reduce else part.state(asked, ask)
        arrival = Arrival(ask, self.setting.settings, self.setting.watch, self.setting.clock)
        with self.setting.ways.answer(ask, self._conditions() | (part.headers(state) if state else {})) as answer:
            status, headers = answer.status_code, answer.headers
            pieces = recorded(self.setting.settings.record, ask, asked, answer)
            if status == 304 and self.kept:
                return self._confirmed(self.kept, asked)
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
                self._refuse(answer, pieces)
            try:
                with disk(item.folder):
                    arrived = arrival.receive(pieces, part.path, total)
            except BaseException as fault:
                if isinstance(fault, Refused) or not state.named:  # nobody could go on from it
                    part.drop()
                raise
        self._check(part, lambda: arrival.verify(arrived, total))
        receipt = Receipt(
            source=ask.source,
            url=asked,
            asked_at=self._now(),
            status=206 if status == 416 else status,
            bytes=arrived.bytes,
            sha256=arrived.sha256,
            edition=ask.edition or (ask.edition_in and ask.edition_in(part.path)) or headers.get("x-derived-from"),
            etag=headers.get("etag") or state.etag,
            last_modified=headers.get("last-modified") or state.last_modified,
        )
        with disk(item.folder):
            item.keep(part.path, receipt)
            part.drop()
        return receipt

    def _conditions(self) -> dict[str, str]:
        """What asks for the file only if it is another one than what is kept."""
        if self.kept is None or self.ask.form is not None:
            return {}
        named = {"If-None-Match": self.kept.etag, "If-Modified-Since": self.kept.last_modified}
        return {name: value for name, value in named.items() if value}

    def _confirmed(self, kept: Receipt, asked: str) -> Receipt:
        edition = self.ask.edition or kept.edition
        receipt = replace(kept, url=asked, asked_at=self._now(), status=304, edition=edition)
        with disk(self.item.folder):
            self.item.confirm(receipt)
        return receipt

    def _check(self, part: Part, verify: Callable[[], None]) -> None:
        """See whether the whole file is what was wanted; if not, throw it away."""
        try:
            verify()
            if self.ask.check:
                self.ask.check(part.path)
        except NotYet as fault:
            part.drop()
            raise self._patient(Again(found=fault.found, wait=fault.wait)) from None
        except InputError as fault:  # of a file that nobody will find
            part.drop()
            who = asked_of(self.ask.source, self.ask.url)
            raise InputError(
                who, expected=fault.expected, found=fault.found, row=fault.row, column=fault.column
            ) from fault
        except Exception:
            part.drop()
            raise

    def _refuse(self, answer: httpx2.Response, pieces: Iterator[bytes]) -> NoReturn:
        """Say what an answer with the wrong status means."""
        status = answer.status_code
        first = b""
        while len(first) < BEGINNING and (piece := next(pieces, None)) is not None:
            first += piece
        if self.ask.refused:
            try:
                self.ask.refused(status, first[:BEGINNING])
            except NotYet as fault:
                raise self._patient(Again(found=fault.found, wait=fault.wait, status=status)) from None
        if status in BUSY or status in {206, 304, 416}:  # the last three: to what we did not ask
            wait = retry_after(answer.headers.get("retry-after"), self.setting.clock())
            raise self._patient(Again(found=status_in_words(status), wait=wait, status=status))
        raise Refused(found=status_in_words(status), advice=_ADVICE.get(status, _SEE), status=status)

    def _patient(self, fault: Again) -> Again:
        """The fault, if the service does not want a longer pause than we have patience for."""
        if fault.wait is not None and fault.wait > self.setting.settings.longest_wait:
            found = f"{fault.found}, to be asked again in {fault.wait / 60:.0f} minutes"
            return Again(found=found, most=1, status=fault.status)
        return fault

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.setting.clock(), UTC)


def status_in_words(status: int) -> str:
    """``status 404 (not there)``."""
    return f"status {status} ({_IN_WORDS[status]})" if status in _IN_WORDS else f"status {status}"


def _length(answer: httpx2.Response) -> int | None:
    """Bytes of the whole, if the service says so and does not pack it."""
    said = answer.headers.get("content-length", "")
    return int(said) if said.isdigit() and "content-encoding" not in answer.headers else None
