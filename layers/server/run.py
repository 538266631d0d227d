"""Serving: the dashboard on a port of this machine, until it is stopped."""

from __future__ import annotations

import copy
import socket
from typing import TYPE_CHECKING

import uvicorn
import uvicorn.config
from streamlit.web import bootstrap

from geo.errors import RequestError
from layers.server.application import application

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from layers.server.health import Health
    from layers.server.served import Served
    from layers.server.signing_in import SigningIn

_LONGEST_MESSAGE = 4_000_000
"""Bytes that a browser may send at once on the websocket; files come another way."""
_PATIENCE = 20
"""Seconds between two signs of life on a websocket."""
_GRACE = 10
"""Seconds that requests under way are given when the server is stopped."""


class _Server(uvicorn.Server):
    """Uvicorn's, which says when it listens."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], object]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if self.started:
            self._listening()


def serve(
    script: Path,
    served: Served,
    health: Health,
    signing_in: SigningIn,
    *,
    address: str,
    port: int,
    listening: Callable[[], object] = lambda: None,
) -> None:
    """Serve the dashboard, and return when it is stopped.

    Parameters
    ----------
    script
        The dashboard itself.
    served, health, signing_in
        As `layers.server.application.application` takes them.
    address, port
        Where it listens.
    listening
        Called when it does.

    Raises
    ------
    RequestError
        Somebody else listens there, or this machine has no such address.
    """
    bound = _bound(address, port)
    settings = {"server.port": port, "server.address": address, "server.baseUrlPath": served.folder.strip("/")}
    app = application(served, health, signing_in, script)
    bootstrap.load_config_options(settings | {"server.headless": True, "server.fileWatcherType": "none"})
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_ping_interval=_PATIENCE,
        ws_ping_timeout=_PATIENCE,
        ws_max_size=_LONGEST_MESSAGE,
        proxy_headers=bool(served.forwarded_by),
        forwarded_allow_ips=list(served.forwarded_by),
        server_header=False,
        access_log=False,
        timeout_graceful_shutdown=_GRACE,
        log_config=_log_config(),
    )
    with bound:
        _Server(config, listening).run(sockets=[bound])


def _bound(address: str, port: int) -> socket.socket:
    try:
        family, *_, where = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(where)
    except OSError as fault:
        message = f"{address}, port {port}: {fault.strerror or fault}; another port is given by --port"
        raise RequestError(message) from None
    return bound


def _log_config() -> dict[str, object]:
    """Uvicorn's own, with the lines of requests as they are."""
    config = copy.deepcopy(uvicorn.config.LOGGING_CONFIG)
    config["formatters"]["plain"] = {"format": "%(message)s"}
    config["handlers"]["requests"] = {
        "class": "logging.StreamHandler",
        "formatter": "plain",
        "stream": "ext://sys.stdout",
    }
    config["loggers"]["pramshed.requests"] = {"handlers": ["requests"], "level": "INFO", "propagate": False}
    return config
