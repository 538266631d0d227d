"""The server on a script of the tests' own: ``python tests/starter.py SCRIPT PORT``, until it is stopped."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from data.store.store import Store
from layers.server.health import Health
from layers.server.run import serve
from layers.server.served import Served
from layers.server.signing_in import SigningIn
from settings import Settings

if __name__ == "__main__":
    script, settings = Path(sys.argv[1]).resolve(), Settings()
    served = Served.of(**settings.serving)
    health = Health(database=lambda: None, places=lambda: (1, 0), disk=script.parent)
    signing_in = SigningIn(served, cache(lambda: Store.open(settings.marks_url)))
    serve(script, served, health, signing_in, address="127.0.0.1", port=int(sys.argv[2]))
