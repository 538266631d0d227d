"""The server on a script of the tests' own: ``python tests/starter.py SCRIPT PORT``, until it is stopped."""

from __future__ import annotations

import sys
from pathlib import Path

from layers.server.health import Health
from layers.server.run import serve
from layers.server.served import Served
from settings import Settings

if __name__ == "__main__":
    script = Path(sys.argv[1]).resolve()
    health = Health(database=lambda: None, places=lambda: (1, 0), disk=script.parent)
    serve(script, Served.of(**Settings().serving), health, address="127.0.0.1", port=int(sys.argv[2]))
