"""The whole server: Streamlit's application, with what stands in front of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.middleware import Middleware
from streamlit.starlette import App

from layers.server.browsers import SESSIONS, Browsers
from layers.server.guard import Guard
from layers.server.headers import Headers
from layers.server.log import Log
from layers.server.messages import Messages
from layers.server.uploads import Most, Uploads

if TYPE_CHECKING:
    from pathlib import Path

    from layers.server.health import Health
    from layers.server.served import Served
    from layers.server.signing_in import SigningIn


def application(served: Served, health: Health, signing_in: SigningIn, script: Path) -> App:
    """The dashboard as an ASGI application; what is outermost sees a request first.

    Parameters
    ----------
    served
        How it is served.
    health
        What ``/health`` looks at.
    signing_in
        The page on which moderators sign in.
    script
        The dashboard itself.
    """
    return App(
        script,
        routes=[health.route(served.folder), *signing_in.routes],
        middleware=[
            Middleware(Log, served=served),
            Middleware(Headers, served=served),
            Middleware(Guard, served=served),
            Middleware(Browsers, served=served),
            Middleware(Uploads, served=served, sessions=SESSIONS, most=Most()),
            Middleware(Messages, served=served, sessions=SESSIONS),
        ],
    )
