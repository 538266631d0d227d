"""An answer begins in time or not at all: headers may drip byte by byte, each of them within the idle time."""

from __future__ import annotations

import contextlib
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from data.fetch.again import Again

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_OPENED = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})


class Beginning:
    """The connections of one client, which are ended where no answer begins in time."""

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []

    def trace(self, event: str, about: Mapping[str, Any]) -> None:
        """Note a connection as it is opened (the extension ``trace`` of a request)."""
        if event in _OPENED:
            opened = [about["return_value"].get_extra_info("socket")]
            self._sockets = [one for one in self._sockets if one.fileno() >= 0] + opened

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Wait for the headers of an answer.

        Raises
        ------
        Again
            They have not come.
        """
        late = threading.Event()

        def end() -> None:
            late.set()
            for one in self._sockets:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(one, socket.SHUT_RDWR)  # of the socket itself, not of what is secure in it

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        except Exception:
            if late.is_set():
                raise Again(found="an answer that does not begin") from None
            raise
        finally:
            timer.cancel()
