"""Who is let in: names of this server, pages of our own, and the addresses that somebody needs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocketClose

from layers.server.served import Served, hostname

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_OPEN = ("/_stcore/health", "/_stcore/host-config", "/_stcore/stream")
_OPEN_BELOW = ("/_stcore/upload_file/", "/_stcore/bidi-components/")
"""What pages need of Streamlit's own addresses; its figures, its agents and whatever comes later are not among them."""
_READING = frozenset({"GET", "HEAD"})
_POLICY_VIOLATED = 1008

WRONG_HOST = (
    "This dashboard does not answer to this name. Whoever runs it gives its address in PRAMSHED_ADDRESS, "
    "and further names in PRAMSHED_HOSTS.\n"
)


class Guard:
    """Middleware that refuses, before Streamlit hears of it, what does not come from a page of this server.

    A foreign origin on the websocket would make Streamlit ask an outside host for its own address, and everybody wait.
    A request without an origin comes from no page, so nobody's browser was used for it: it is let in.

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
        """Let in, or refuse: 421 for a wrong host, 403 for a foreign page, 404 for an address nobody needs."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(_POLICY_VIOLATED)(scope, receive, send)
        else:
            await refusal(scope, receive, send)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if hostname(host) not in self._served.hosts:
            return PlainTextResponse(WRONG_HOST, 421)
        if not is_needed(self._served.within(scope["path"])):
            return PlainTextResponse("Not found\n", 404)
        changes = scope["type"] == "websocket" or scope["method"] not in _READING
        if changes and not is_own(headers.get("origin"), host, self._served):
            return PlainTextResponse("Not from a page of this dashboard\n", 403)
        return None


def is_needed(path: str) -> bool:
    """Whether anybody needs what Streamlit has at an address; everything outside its own folder is."""
    return not path.startswith("/_stcore") or path in _OPEN or path.startswith(_OPEN_BELOW)


def is_own(origin: str | None, host: str, served: Served) -> bool:
    """Whether a request comes from a page of this server, or from no page."""
    if origin is None:
        return True
    return urlsplit(origin).netloc.lower() == host.lower() or origin.lower() in served.origins
