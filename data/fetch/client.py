"""The one HTTP client: asks a service for a file, keeps it, and gives it with its receipt."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2

from data.fetch.hosts import HOSTS, called, host_of
from data.fetch.receipts import Receipt, without_secrets
from data.fetch.shelf import Item
from geo.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

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
        self._http = httpx2.Client(timeout=httpx2.Timeout(settings.idle_seconds, connect=settings.connect_seconds))

    def __enter__(self) -> Client:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._http.close()

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
            The answer is not what its check wants, or there is no room for it.
        """
        item = Item.of(self.settings.cache, ask)
        kept = item.kept()
        if kept is not None and (self.settings.offline or self._fresh(ask, kept)):
            return Got(item.path, kept)
        try:
            return Got(item.path, self._fetch(ask, item))
        except ServiceError as fault:
            if kept is None or not older:
                raise
            sentence = f"{fault.service}: found {fault.found}; the copy of {kept.day} is used"
            self._tell(sentence)
            return Got(item.path, kept, sentence)

    def _fresh(self, ask: Ask, kept: Receipt) -> bool:
        age = self._clock() - kept.asked_at.timestamp()
        return not self.settings.refresh and (ask.fresh_for is None or age < ask.fresh_for)

    def _asked_at(self, address: str) -> str:
        """The address with the base that stands for its host, if one does."""
        parts = urlsplit(address)
        base = self.settings.bases.get(host_of(address))
        rest = f"{parts.path}{'?' if parts.query else ''}{parts.query}"
        return address if base is None else f"{base.rstrip('/')}{rest}"

    def _may_be_asked(self, address: str) -> bool:
        hosts = {*HOSTS, *self.settings.hosts, *map(host_of, self.settings.bases.values())}
        return host_of(address) in hosts

    def _fetch(self, ask: Ask, item: Item) -> Receipt:
        who = called(ask.url)
        address = self._asked_at(ask.address)
        headers = {"User-Agent": "Pramshed", "Accept-Encoding": "identity"}
        item.folder.mkdir(parents=True, exist_ok=True)
        try:
            asked = address
            for _ in range(5):
                if not self._may_be_asked(asked):
                    raise ServiceError(who, found=f"a way on to {host_of(asked)}", expected="a host of the catalogue")
                with self._http.stream(ask.method, asked, data=ask.form, headers=headers) as answer:
                    if answer.has_redirect_location:
                        asked = self._asked_at(str(answer.url.join(answer.headers["location"])))
                        continue
                    if answer.status_code != 200:
                        first = next(answer.iter_bytes(2048), b"")
                        if ask.refused:
                            ask.refused(answer.status_code, first)
                        raise ServiceError(
                            who, found=f"status {answer.status_code}", expected="a file", status=answer.status_code
                        )
                    digest = hashlib.sha256()
                    with item.part.open("wb") as file:
                        for piece in answer.iter_bytes():
                            file.write(piece)
                            digest.update(piece)
                    break
        except httpx2.TransportError as fault:
            raise ServiceError(who, found=type(fault).__name__, expected="an answer") from fault
        if ask.looks and (wrong := ask.looks(item.part.read_bytes()[:512])):
            raise ServiceError(who, found=wrong, expected="a file of another kind")
        if ask.check:
            with contextlib.ExitStack():
                ask.check(item.part)
        receipt = Receipt(
            source=ask.source,
            url=without_secrets(address),
            asked_at=datetime.fromtimestamp(self._clock(), UTC),
            status=answer.status_code,
            bytes=item.part.stat().st_size,
            sha256=digest.hexdigest(),
            edition=ask.edition,
            etag=answer.headers.get("etag"),
            last_modified=answer.headers.get("last-modified"),
        )
        item.keep(item.part, receipt)
        return receipt
