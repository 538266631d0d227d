"""A process that fetches and builds in children of its own, each of which is killed after so many moments.

Reads a line of JSON a time: ``folder``, ``bases``, ``hosts`` and ``dies_at``. A moment is a file in the cache or among the
places that is written, renamed or removed: something new was done. Answers with the moments that there were, or ``killed``.
"""

import os
import signal
import sys
from pathlib import Path

from data.fetch.client import Client
from data.fetch.settings import FetchSettings
from data.gather.place import fetch_place
from tests.data.services.fakes.whole import DAY
from tests.servers.forking import fork_for_each_line

CHANGES = {"os.rename", "os.remove", "os.mkdir"}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def fetch(order, answer):
    """Fetch what is ordered, in a child; dies at its moment."""
    moments, folder = 0, Path(order["folder"])
    new = (str(folder / "cache"), str(folder / "places"))

    def of_the_system(event, args):
        nonlocal moments
        written = event in CHANGES or (event == "open" and args[2] is not None and args[2] & WRITES)
        if written and str(args[0]).startswith(new):
            moments += 1
            if moments == order["dies_at"]:
                os.kill(os.getpid(), signal.SIGKILL)

    hosts = [*order["bases"], *order["hosts"]]
    settings = FetchSettings(
        cache=folder / "cache",
        bases=order["bases"],
        hosts=frozenset(order["hosts"]),
        pace=dict.fromkeys(hosts, 0.0),
    )
    with Client(settings) as client:
        sys.addaudithook(of_the_system)
        fetch_place(client, "town", files=folder / "files", places=folder / "places", today=DAY)
    os.write(answer, str(moments).encode())


if __name__ == "__main__":
    fork_for_each_line(fetch)
