"""One line a request, for whoever runs the dashboard: no person, no link, no receipt, no id."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from layers.server.served import Served

LOG = logging.getLogger("pramshed.requests")
_ALWAYS_THE_SAME = ("/static/", "/app/static/", "/component/")
"""Parts of pages: a hundred a visitor, which say nothing unless one is missing."""
_SECRET_BELOW = re.compile(r"^/(_stcore/upload_file|media|oauth2callback)/.*")
_SWITCHED, _REFUSED, _WRONG = 101, 403, 400


class Log:
    """Middleware that writes a line of JSON when a request or a websocket has ended.

    What follows a question mark is left out (links and receipts stand there), and so is whatever names a session or a
    file. Each has a number of its own, ``x-request-id``, which the answer has too, so that a line can be found for
    somebody who says what went wrong.

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
        """Pass on, and write the line."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        number, begun, status = secrets.token_hex(8), time.monotonic(), [500]

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
                message["headers"] = [*message.get("headers", []), (b"x-request-id", number.encode())]
            elif message["type"] == "websocket.accept":
                status[0] = _SWITCHED
            elif message["type"] == "websocket.close" and status[0] != _SWITCHED:
                status[0] = _REFUSED
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            self._write(scope, number, status[0], round((time.monotonic() - begun) * 1000))

    def _write(self, scope: Scope, number: str, status: int, took: int) -> None:
        path = self._served.within(scope["path"])
        if path.startswith(_ALWAYS_THE_SAME) and status < _WRONG:
            return
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "request": number,
            "method": scope.get("method", "WS"),
            "path": shown(path),
            "status": status,
            "ms": took,
        }
        LOG.info(json.dumps(line, ensure_ascii=False))


def shown(path: str) -> str:
    """An address as a log may have it."""
    return _SECRET_BELOW.sub(lambda found: f"/{found[1]}/…", path)
