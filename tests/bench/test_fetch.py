"""How long a large extract takes to arrive and how much memory that needs: `make bench` prints it, and it is bounded.

The service is on this machine and gives what it is asked for as fast as it can, so that only our own work is measured:
two hashes, the disk, and the last look at the whole. Afterwards the copy is used without asking.
"""

import json
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

BYTES = 300 << 20
COUNTY = "https://download.geofabrik.de/england/kent-latest.osm.pbf"

FETCH = """
import json, sys, time
from pathlib import Path
from data.fetch.ask import Ask
from data.fetch.client import Client
from data.fetch.settings import FetchSettings
cache, base, url = sys.argv[1:]
most = lambda: int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
before = most()
with Client(FetchSettings(cache=Path(cache), bases={"download.geofabrik.de": base})) as client:
    began = time.perf_counter()
    got = client.get(Ask(url, source="streets", limit=1 << 30))
    first = time.perf_counter() - began
    began = time.perf_counter()
    client.get(Ask(url, source="streets", limit=1 << 30))
    again = time.perf_counter() - began
print(json.dumps({"bytes": got.receipt.bytes, "mb": (most() - before) / 1024, "first": first, "again": again}))
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def extract(tmp_path):
    """The address of a service that has 300 MB."""
    file = tmp_path / "england" / "kent-latest.osm.pbf"
    file.parent.mkdir()
    with file.open("wb") as out:
        out.truncate(BYTES)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.benchmark(group="300 MB fetched")
def test_a_large_extract(benchmark, extract, tmp_path, root):
    def fetch():
        asked = [sys.executable, "-c", FETCH, str(tmp_path / "kept"), extract, COUNTY]
        return json.loads(subprocess.run(asked, cwd=root, capture_output=True, check=True, text=True).stdout)

    said = benchmark.pedantic(fetch, rounds=1)
    benchmark.extra_info.update(said)
    sys.stdout.write(f"\n300 MB: {said['first']:.1f} s and {said['mb']:.0f} MB; used again: {said['again']:.2f} s\n")
    assert said["bytes"] == BYTES
    assert said["mb"] < 50
