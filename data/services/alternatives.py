"""One way after another to the same data: the first that answers is taken, a copy from before only when none does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from geo.errors import InputError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from data.fetch.ask import Ask
    from data.fetch.client import Got
    from data.fetch.settings import FetchSettings

T = TypeVar("T")


class Asking(Protocol):
    """Whoever gives the file that is asked for: `data.fetch.client.Client`, or one that asks through it."""

    @property
    def settings(self) -> FetchSettings:
        """What is said about fetching."""

    def get(self, ask: Ask, *, older: bool = True) -> Got:
        """Give the requested file."""

    def kept(self, ask: Ask) -> Got:
        """Give the copy that is kept, however old."""


@dataclass(frozen=True)
class _NoOlder:
    """Asks through a client, and takes no older copy where a service fails."""

    client: Asking

    @property
    def settings(self) -> FetchSettings:
        return self.client.settings

    def get(self, ask: Ask, *, older: bool = False) -> Got:
        return self.client.get(ask, older=older)

    def kept(self, ask: Ask) -> Got:
        return self.client.kept(ask)


@dataclass(frozen=True)
class KeptCopies:
    """Asks nobody: gives the kept answer to an earlier request, however old."""

    client: Asking

    @property
    def settings(self) -> FetchSettings:
        """What is said about fetching."""
        return self.client.settings

    def get(self, ask: Ask, *, older: bool = True) -> Got:  # noqa: ARG002 - as whoever asks has it
        """Give the copy that is kept."""
        return self.client.kept(ask)

    def kept(self, ask: Ask) -> Got:
        """Give the copy that is kept."""
        return self.client.kept(ask)


def first_of(client: Asking, what: str, ways: Iterable[tuple[str, Callable[[Asking], T]]]) -> T:
    """The answer of the first way that has one.

    Parameters
    ----------
    client
        Asks. Each way is tried without older copies first; only when all have failed they are tried again with what is
        kept from before.
    what
        What is sought, for the message.
    ways
        What each is called, and what asks by it; a later one is looked for only when those before it have failed.

    Raises
    ------
    ServiceError
        None answers; the message says what each of them said.
    """
    today = client if isinstance(client, _NoOlder | KeptCopies) else _NoOlder(client)
    tried: list[tuple[str, Callable[[Asking], T]]] = []
    faults: dict[str, ServiceError | InputError] = {}
    for name, ask in ways:
        tried.append((name, ask))
        try:
            return ask(today)
        except (ServiceError, InputError) as fault:
            faults[name] = fault
    if not client.settings.offline and not isinstance(client, _NoOlder | KeptCopies):
        for _, ask in tried:
            try:
                return ask(KeptCopies(client))
            except (ServiceError, InputError):
                continue
    first = next(iter(faults.values()), None)
    if first and len({fault.found for fault in faults.values()}) == 1:
        advice = first.advice if isinstance(first, ServiceError) else "try again later"
        raise ServiceError(what, found=first.found, expected=first.expected, advice=advice)
    said = " | ".join(f"{name}: {fault.found} instead of {fault.expected}" for name, fault in faults.items())
    raise ServiceError(what, found=said or "nothing", expected=f"an answer from one of {len(faults)} ways")
