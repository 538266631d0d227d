"""Which browser a session belongs to: a cookie of ours, so that the id of a session alone opens nothing."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from hashlib import sha256
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from layers.server.served import Served

_MOST_SESSIONS = 10_000
_LONGEST = 128


class Sessions:
    """The sessions of this process, each with the browser that began it; the oldest are forgotten."""

    def __init__(self) -> None:
        self._browser_of: OrderedDict[str, str] = OrderedDict()
        self._sending: OrderedDict[str, None] = OrderedDict()

    def begun(self, session: str, browser: str) -> None:
        """Note whose a session is, once."""
        if self._browser_of.setdefault(session, browser) == browser:
            self._browser_of.move_to_end(session)
        if len(self._browser_of) > _MOST_SESSIONS:
            self._browser_of.popitem(last=False)

    def belongs(self, session: str, browser: str | None) -> bool:
        """Whether a session was begun by a browser."""
        return browser is not None and self._browser_of.get(session) == browser

    def asked_for_files(self, session: str) -> None:
        """Note that a page of a session shows a file uploader."""
        self._sending[session] = None
        if len(self._sending) > _MOST_SESSIONS:
            self._sending.popitem(last=False)

    def sends(self, session: str) -> bool:
        """Whether a page of a session has shown a file uploader."""
        return session in self._sending


SESSIONS = Sessions()
"""Of this process."""


class Browsers:
    """Middleware that gives each browser its cookie with the first page.

    Parameters
    ----------
    app
        What stands behind.
    served
        How the dashboard is served.
    """

    def __init__(self, app: ASGIApp, served: Served) -> None:
        self._app, self._served = app, served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with a cookie if it is a page and the browser has none."""
        if scope["type"] != "http" or scope["method"] != "GET" or browser_of(scope, self._served):
            await self._app(scope, receive, send)
            return

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("set-cookie", _cookie(self._served))
                    headers["cache-control"] = "no-store"
            await send(message)

        await self._app(scope, receive, with_cookie)


def browser_of(scope: Scope, served: Served) -> str | None:
    """The digest of a browser's cookie; None if it has none."""
    value = HTTPConnection(scope).cookies.get(cookie_name(served), "")
    return sha256(value.encode()).hexdigest() if value and len(value) <= _LONGEST else None


def cookie_name(served: Served) -> str:
    """What the cookie is called; with HTTPS, a name that browsers take from this host alone."""
    return "__Host-pramshed" if served.secure else "pramshed"


def _cookie(served: Served) -> str:
    # in somebody else's frame a browser sends it only if told so, and keeps it apart for each that frames
    site = "None; Partitioned" if served.secure and served.embedded_by else "Lax"
    secure = "; Secure" if served.secure else ""
    return f"{cookie_name(served)}={secrets.token_urlsafe(24)}; Path=/; HttpOnly; SameSite={site}{secure}"
