"""The dashboard, served."""

from __future__ import annotations

import gc
import sys
import webbrowser
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from layers.commands.terminal import say

_SCRIPT = Path(__file__).resolve().parents[2] / "app.py"
_USUAL = gc.get_threshold()
"""How often Python looks for what nobody needs any longer, unless told otherwise."""


def serve(
    port: Annotated[int, typer.Option(min=1, max=65_535, help="The port.")] = 8501,
    address: Annotated[
        str, typer.Option(help="Where to listen: 127.0.0.1 for this machine and a proxy on it, 0.0.0.0 for all.")
    ] = "127.0.0.1",
    *,
    browser: Annotated[
        bool | None,
        typer.Option("--browser/--no-browser", help="Open it in a browser; if not said, when a person starts it."),
    ] = None,
) -> None:
    """The dashboard, until it is stopped."""
    from data.place import open_places
    from layers.commands.deployment import folders, open_store, served
    from layers.server.health import Health
    from layers.server.run import serve as until_stopped
    from layers.server.signing_in import SigningIn

    def places() -> tuple[int, int]:
        opened, faults = open_places(folders())
        return len(opened), len(faults)

    def listening() -> None:
        say([f"Pramshed is at {here}; Ctrl and C stop it."])
        if sys.stdout.isatty() if browser is None else browser:
            webbrowser.open(here)

    how = served()
    here = f"http://localhost:{port}{how.folder}"
    if not how.forwarded_by:
        say(["It stands alone: PRAMSHED_FORWARDED_BY names no proxy, so nothing gives it TLS or limits requests."])
    store = cache(open_store)  # a database that is not there yet is asked again
    gc.set_threshold(*_USUAL)  # unlike the other commands, this one stays
    health = Health(database=lambda: store().public.revision(""), places=places, disk=_SCRIPT.parent)
    until_stopped(_SCRIPT, how, health, SigningIn(how, store), address=address, port=port, listening=listening)
