"""A process that fetches in children of its own, each of which can be killed at a moment that is told beforehand.

Reads a line of JSON a time: ``cache``, ``bases``, ``addresses``, and ``dies_at``, the number of the moment (None: never).
A moment is a file that is opened, renamed or removed, or 50,000 bytes that have arrived. Answers with the moments that there
were, or with ``killed``. Starting Python anew for each would take most of the time of the test.
"""

import os
import signal
import sys
from pathlib import Path

from data.fetch.ask import Ask
from data.fetch.client import Client
from data.fetch.settings import FetchSettings
from tests.servers.forking import fork_for_each_line

PIECE = 50_000
EVENTS = {"open", "os.rename", "os.remove", "os.mkdir"}


def fetch(order, answer):
    """Fetch what is ordered, in a child; dies at its moment."""
    moments, arrived, cache = 0, {}, order["cache"]

    def moment():
        nonlocal moments
        moments += 1
        if moments == order["dies_at"]:
            os.kill(os.getpid(), signal.SIGKILL)

    def arrives(ask, have, total):
        for _ in range(have // PIECE - arrived.get(ask.url, 0)):  # however the network cut the pieces
            moment()
        arrived[ask.url] = have // PIECE

    def of_the_system(event, args):
        if event in EVENTS and str(args[0]).startswith(cache):
            moment()

    settings = FetchSettings(cache=Path(cache), bases=order["bases"], pace=dict.fromkeys(order["bases"], 0.0))
    with Client(settings, watch=arrives) as client:
        sys.addaudithook(of_the_system)
        for address in order["addresses"]:
            client.get(Ask(address, source="streets"))
    os.write(answer, str(moments).encode())


if __name__ == "__main__":
    fork_for_each_line(fetch)
