"""The one HTTP client: asks a service for a file, keeps it, and gives it with its receipt."""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from data.catalogue import CATALOGUE
from data.fetch.again import Again, Refused, tries
from data.fetch.arrival import disk
from data.fetch.exchange import Exchange, Setting
from data.fetch.hosts import asked_of
from data.fetch.locks import held
from data.fetch.looking import look
from data.fetch.receipts import without_secrets
from data.fetch.shelf import Item
from data.fetch.turns import Turns
from data.fetch.ways import Ways
from geo.errors import InputError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from data.fetch.ask import Ask
    from data.fetch.looking import Seen
    from data.fetch.receipts import Receipt
    from data.fetch.settings import FetchSettings

T = TypeVar("T")

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
        Why an older copy is used: a sentence for people. None if the file is the one requested.
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
        self._tell, self._clock, self._sleep = tell, clock, sleep
        self._ways = Ways(settings, Turns(settings.cache / ".turns", settings.pace, clock, sleep))
        self._setting = Setting(settings, self._ways, watch, clock)
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
        """Give the requested file.

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
                stack.enter_context(
                    held(item.lock, lambda: self._tell(f"{who}: waiting for another run that is fetching it"))
                )
            kept = item.kept()
            if kept and self._will_do(ask, item, kept, began):  # somebody else fetched it while we waited
                return Got(item.path, kept)
            try:
                receipt = self._tried(ask, who, Exchange(ask, item, kept, self._setting).receipt)
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

    def look(self, ask: Ask) -> Seen:
        """What the service says of a file now; the file does not come.

        Raises
        ------
        ServiceError
            It does not say.
        """
        if self.settings.offline:
            raise _not_kept(ask, "an answer, as nobody may be asked offline")
        who = asked_of(ask.source, ask.url)
        return self._tried(ask, who, lambda: look(ask, self._ways, self._clock))

    def _will_do(self, ask: Ask, item: Item, kept: Receipt, began: float) -> bool:
        """Whether the copy is used without asking."""
        if self.settings.offline:
            return True
        if ask.md5 is not None and item.md5() != ask.md5.lower():
            return False
        asked_at, now = kept.asked_at.timestamp(), self._clock()
        fresh = ask.fresh_for is None or -_CLOCKS < now - asked_at < ask.fresh_for
        if self.settings.refresh:
            return (fresh and ask.key in self._asked) or began < asked_at <= now
        return fresh or ask.md5 is not None or began < asked_at <= now

    def _tried(self, ask: Ask, who: str, do: Callable[[], T]) -> T:
        """What is answered in the end."""

        def waits(fault: Again, pause: float) -> None:
            if pause > 0:
                self._tell(f"{who}: found {fault.found}; asked again in {pause:.0f} s")

        expected = getattr(ask.looks, "wants", None) or "the file"
        try:
            for attempt in tries(ask.tries or self.settings.tries, self._sleep, waits):
                with attempt:
                    return do()
        except (Again, Refused) as fault:
            wanted = getattr(fault, "expected", None) or expected
            page = CATALOGUE[ask.source].landing_page or "its page"
            advice = fault.advice.replace("its page", page)
            raise ServiceError(who, found=fault.found, expected=wanted, advice=advice, status=fault.status) from None
        raise ServiceError(who, found="nobody asked", expected=expected)


_CLOCKS = 300.0
"""Seconds by which the clocks of two who share a cache may differ."""


def _not_kept(ask: Ask, expected: str) -> ServiceError:
    advice = f"fetch it once online: {without_secrets(ask.address)}"
    return ServiceError(asked_of(ask.source, ask.url), found="no copy that is kept", expected=expected, advice=advice)
