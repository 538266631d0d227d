"""Asking again: after which faults, how often, and after what pause."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING

import httpx2
import tenacity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same question may be answered."""


class Again(Exception):  # noqa: N818 - it is no fault yet
    """The same question may be answered another time.

    Parameters
    ----------
    found
        What came instead, in words.
    wait
        Seconds that the service asks for; None for the usual ones.
    most
        How often at most, if that is less than usual.
    advice
        What a person can do if it never is.
    status
        Of the answer, if one came.
    """

    def __init__(
        self,
        *,
        found: str,
        wait: float | None = None,
        most: int | None = None,
        advice: str = "try again later",
        status: int | None = None,
    ) -> None:
        super().__init__(found)
        self.found, self.wait, self.most, self.advice, self.status = found, wait, most, advice, status


class Refused(Exception):  # noqa: N818 - becomes a ServiceError, whose service the client names
    """Asking again would not help: what was found, and what to do."""

    def __init__(self, *, found: str, advice: str, expected: str | None = None, status: int | None = None) -> None:
        super().__init__(found)
        self.found, self.advice, self.expected, self.status = found, advice, expected, status


def tries(
    times: int, sleep: Callable[[float], None], tell: Callable[[Again, float], None]
) -> Iterator[tenacity.AttemptManager]:
    """The tries of one question: 2, 4, 8 .. 60 s apart and up to a second more, or as long as the service asks.

    Parameters
    ----------
    times
        How many.
    sleep
        Waits so many seconds.
    tell
        Is told before each pause what was found and how long it is.

    Raises
    ------
    Again
        The last one.
    """

    def told(state: tenacity.RetryCallState) -> None:
        fault, pause = _fault(state), state.next_action
        if fault and pause:
            tell(fault, pause.sleep)

    def enough(state: tenacity.RetryCallState) -> bool:
        fault = _fault(state)
        return state.attempt_number >= min(times, fault.most or times if fault else times)

    usual = tenacity.wait_exponential_jitter(multiplier=2, max=60, jitter=1)

    def pause(state: tenacity.RetryCallState) -> float:
        fault = _fault(state)
        return usual(state) if fault is None or fault.wait is None else fault.wait

    return iter(
        tenacity.Retrying(
            sleep=sleep,
            stop=enough,
            wait=pause,
            retry=tenacity.retry_if_exception_type(Again),
            before_sleep=told,
            reraise=True,
        )
    )


def _fault(state: tenacity.RetryCallState) -> Again | None:
    fault = state.outcome.exception() if state.outcome else None
    return fault if isinstance(fault, Again) else None


def retry_after(said: str | None, now: float) -> float | None:
    """Seconds that a ``Retry-After`` asks for, in seconds or as a date; None if it says nothing that one can read.

    Parameters
    ----------
    said
        The header.
    now
        Seconds since 1970.
    """
    if not said:
        return None
    if said.strip().isdigit():
        return float(said)
    try:
        then = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, (then if then.tzinfo else then.replace(tzinfo=UTC)).timestamp() - now)


def in_words(fault: httpx2.RequestError) -> Again | Refused:
    """What a broken connection means: never the words of the library, which may hold an address with a password."""
    if isinstance(fault, httpx2.ProxyError):
        return _of_a_proxy(str(fault)[:3])
    causes = tuple(_causes(fault))
    meant = (meaning for kind, meaning in _MEANINGS if any(isinstance(cause, kind) for cause in causes))
    return next(meant, partial(Again, found="a connection that was cut"))()


_NETWORK = "see whether this machine reaches the internet, and whether it needs a proxy"
_OWN = "if your network puts its own in place, name the file of certificates that it gives out"
_MEANINGS: tuple[tuple[type[BaseException], Callable[[], Again | Refused]], ...] = (
    (ssl.SSLCertVerificationError, partial(Refused, found="a certificate that nobody here trusts", advice=_OWN)),
    (ssl.SSLError, partial(Again, found="a secure connection that cannot be made", most=2, advice=_NETWORK)),
    (socket.gaierror, partial(Again, found="no host of that name from here", most=2, advice=_NETWORK)),
    (httpx2.ConnectTimeout, partial(Again, found="no connection in time", most=3, advice=_NETWORK)),
    (httpx2.ConnectError, partial(Again, found="no connection", most=3, advice=_NETWORK)),
    (httpx2.TimeoutException, partial(Again, found="silence for too long")),
    (httpx2.UnsupportedProtocol, partial(Refused, found="an address that is none of the web", advice="see its page")),
)
"""What the first of the causes that is there means."""


def _of_a_proxy(status: str) -> Again | Refused:
    if status not in {"403", "407"}:
        return Again(found="a proxy that does not answer as it should", advice=_NETWORK)
    why = "wants a name and a password" if status == "407" else "bars this host"
    advice = "ask whoever runs the network, or fetch the file by hand"
    return Refused(found=f"a proxy that {why} ({status})", advice=advice)


def _causes(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        fault = fault.__cause__ or fault.__context__
