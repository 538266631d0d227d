"""What pages and Streamlit say to each other on the websocket: no more than a page needs.

Written for Streamlit 1.67 (`streamlit.proto`): what a browser may ask is named here, so a later release's new messages
are refused until somebody has looked at them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError
from starlette.datastructures import Headers, MutableHeaders
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from layers.server.browsers import browser_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from layers.server.browsers import Sessions
    from layers.server.served import Served

STREAM = "/_stcore/stream"
ASKED = frozenset({"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"})
"""What a browser may ask; the rest empties everybody's caches, changes settings, or stops the server."""
OPERATIONS = frozenset({"deferred_file", "dataframe_chunk"})
"""Of what it may ask beside the page: a file when it is wanted, more rows of a table. Another writes to the disk."""
_PROTOCOLS = "sec-websocket-protocol"
_A_BEGINNING = 65_536
"""Bytes: the message that begins a run of a page is shorter, so longer ones need not be read."""


class Messages:
    """Middleware on the websocket.

    * A session is taken up again only by the browser that began it; anybody else gets a new one.
    * A message that a page never sends is dropped.
    * The address of the script in the server's folders does not reach the browser.

    Parameters
    ----------
    app
        What stands behind.
    served
        How the dashboard is served.
    sessions
        Whose each session is; noted here.
    """

    def __init__(self, app: ASGIApp, served: Served, sessions: Sessions) -> None:
        self._app, self._served, self._sessions = app, served, sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass messages on, both ways."""
        if scope["type"] != "websocket" or self._served.within(scope["path"]) != STREAM:
            await self._app(scope, receive, send)
            return
        browser = browser_of(scope, self._served)

        async def asked() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive" or may_ask(message.get("bytes")):
                    return message

        async def told(message: Message) -> None:
            said = message.get("bytes")
            if message["type"] == "websocket.send" and said and len(said) < _A_BEGINNING:
                read = ForwardMsg.FromString(said)
                if read.WhichOneof("type") == "new_session":
                    if browser:
                        self._sessions.begun(read.new_session.initialize.session_id, browser)
                    read.new_session.main_script_path = "app.py"
                    message = message | {"bytes": read.SerializeToString()}
            await send(message)

        await self._app(self._own(scope, browser), asked, told)

    def _own(self, scope: Scope, browser: str | None) -> Scope:
        """The request without the session it asks to take up, unless that is this browser's."""
        protocols = [one.strip() for one in Headers(scope=scope).get(_PROTOCOLS, "").split(",")]
        if len(protocols) < 3 or self._sessions.belongs(protocols[2], browser):
            return scope
        scope = scope | {"headers": list(scope["headers"])}
        MutableHeaders(scope=scope)[_PROTOCOLS] = ", ".join(protocols[:2])
        return scope


def may_ask(said: bytes | None) -> bool:
    """Whether a page of ours would send this message; what cannot be read is left to Streamlit, which hangs up."""
    try:
        read = BackMsg.FromString(said or b"")
    except DecodeError:
        return True
    kind = read.WhichOneof("type")
    if kind == "backend_operation_request":
        return read.backend_operation_request.WhichOneof("payload") in OPERATIONS
    return kind is None or kind in ASKED
