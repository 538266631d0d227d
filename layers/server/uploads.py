"""How much may be sent to the server, by whom: a page must have asked for it, and memory has an end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from layers.server.browsers import browser_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

    from layers.server.browsers import Sessions
    from layers.server.served import Served

UPLOADS = "/_stcore/upload_file/"


@dataclass(frozen=True)
class Most:
    """The most that is held in memory of what people send; bytes.

    Parameters
    ----------
    files, of_a_session
        Of one session: files, and what they are together.
    together
        Of all sessions of this process, what is on its way included.
    """

    files: int = 30
    of_a_session: int = 60_000_000
    together: int = 200_000_000


class Uploads:
    """Middleware that refuses a file that nobody asked for or that there is no room for, before it is read.

    Parameters
    ----------
    app
        What stands behind.
    served
        How the dashboard is served.
    sessions
        Whose each session is, and which may send files.
    most
        How much room there is.
    """

    def __init__(self, app: ASGIApp, served: Served, sessions: Sessions, most: Most) -> None:
        self._app, self._served, self._sessions, self._most = app, served, sessions, most
        self._coming = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a file, or refuse it: 403 for who may not, 411 without its size, 413 and 507 for want of room."""
        path = self._served.within(scope["path"]) if scope["type"] == "http" else ""
        if not path.startswith(UPLOADS):
            await self._app(scope, receive, send)
            return
        size = Headers(scope=scope).get("content-length", "")
        session = path.removeprefix(UPLOADS).split("/")[0]
        refusal = self._refusal(scope, session, int(size) if size.isdecimal() else None)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        self._coming += (coming := int(size or 0))
        try:
            await self._app(scope, receive, send)
        finally:
            self._coming -= coming

    def _refusal(self, scope: Scope, session: str, size: int | None) -> PlainTextResponse | None:
        if scope["method"] not in ("PUT", "DELETE"):
            return PlainTextResponse("Method not allowed\n", 405)
        if not self._sessions.belongs(session, browser_of(scope, self._served)):
            return PlainTextResponse("Not from a page of this browser\n", 403)
        return self._no_room(session, size) if scope["method"] == "PUT" else None

    def _no_room(self, session: str, size: int | None) -> PlainTextResponse | None:
        if not self._sessions.sends(session):
            return PlainTextResponse("No page asked for a file\n", 403)
        if size is None:
            return PlainTextResponse("Its size must be said\n", 411)
        held = held_now()
        files, own = held.get(session, (0, 0))
        if files >= self._most.files or own + size > self._most.of_a_session:
            return PlainTextResponse("Too many files: remove some first\n", 413)
        if sum(one for _, one in held.values()) + self._coming + size > self._most.together:
            return PlainTextResponse("No room for files just now: try again in a while\n", 507)
        return None


def held_now() -> Mapping[str, tuple[int, int]]:
    """How many files each session has in memory, and how many bytes they are."""
    manager = runtime.get_instance().uploaded_file_mgr
    if not isinstance(manager, MemoryUploadedFileManager):  # none of ours
        return {}
    held = {session: list(files.values()) for session, files in list(manager.file_storage.items())}
    return {session: (len(files), sum(len(one.data) for one in files)) for session, files in held.items()}
