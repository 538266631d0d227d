"""What browsers are told with every answer: who may frame it, what it may use, and to stay with HTTPS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from layers.server.served import Served

_A_YEAR = 31_536_000


class Headers:
    """Middleware that adds them.

    Streamlit writes styles into its pages and its maps build theirs, so the policy says nothing of scripts and styles;
    what people typed is escaped where it meets HTML.

    Parameters
    ----------
    app
        What stands behind.
    served
        How the dashboard is served.
    """

    def __init__(self, app: ASGIApp, served: Served) -> None:
        self._app, self._told, self._secure = app, told(served), served.secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._told.items():
                    headers.setdefault(name, value)  # a page of ours may be stricter
                del headers["access-control-allow-origin"]  # nobody else's page reads this one's answers
                if self._secure:
                    message["headers"] = [_secured(name, value) for name, value in message["headers"]]
            await send(message)

        await self._app(scope, receive, with_headers)


def _secured(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """A header; a cookie that does not say so is sent back by HTTPS alone."""
    missing = name.lower() == b"set-cookie" and b"; secure" not in value.lower()
    return name, value + b"; Secure" if missing else value


def told(served: Served) -> dict[str, str]:
    """The headers."""
    policy = f"frame-ancestors {' '.join(['self', *served.embedded_by])}; object-src 'none'; base-uri 'self'"
    headers = {
        "content-security-policy": policy.replace(" self", " 'self'", 1),
        "permissions-policy": "camera=(self), geolocation=(self), microphone=()",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
    }
    if not served.embedded_by:
        headers["x-frame-options"] = "SAMEORIGIN"
    return headers | ({"strict-transport-security": f"max-age={_A_YEAR}"} if served.secure else {})
