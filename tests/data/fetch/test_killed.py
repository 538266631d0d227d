"""Killed at any moment, a fetch leaves the old file or the new one, and the next run goes on from there."""

import json
import subprocess
import sys
import time

import pytest

from data.fetch.ask import DAY, Ask
from data.fetch.shelf import Item
from tests.servers.scripted import Answer

COUNTIES = [f"https://download.geofabrik.de/europe/united-kingdom/england/{name}-latest.osm.pbf" for name in ("kent", "surrey", "rutland")]  # fmt: skip
OLD, NEW = b"old " * 10_000, [bytes([65 + number]) * 200_000 for number in range(3)]
MOMENTS = 20


@pytest.fixture(scope="module")
def process(root):
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.data.fetch.killed"],
        cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip

    def order(**what):
        started.stdin.write(json.dumps(what) + "\n")
        started.stdin.flush()
        return started.stdout.readline().strip()

    yield order
    started.stdin.close()
    assert started.wait(10) == 0
    started.stdout.close()


@pytest.mark.program
def test_killed_at_twenty_moments(process, service, client_of, clock, tmp_path):
    moments = int(process(**_begun("never", service, client_of, clock, tmp_path), dies_at=None))
    assert moments > 2 * MOMENTS
    cases = set()
    for number in range(MOMENTS):
        order = _begun(f"moment {number}", service, client_of, clock, tmp_path)
        assert process(**order, dies_at=1 + number * (moments - 1) // (MOMENTS - 1)) == "killed"
        left = [_left(tmp_path / f"moment {number}", address, new) for address, new in zip(COUNTIES, NEW, strict=True)]
        service.asked.clear()
        client = client_of(cache=tmp_path / f"moment {number}")
        for address, new, was in zip(COUNTIES, NEW, left, strict=True):
            assert client.get(Ask(address, source="streets")).path.read_bytes() == new
            ranges = [one.headers.get("range") for one in service.asked_for(address)]
            assert ranges == {"whole": [], 0: [None]}.get(was, [f"bytes={was}-"])
            cases.add(was if was in {"whole", 0} else "a part")
    assert cases == {"whole", "a part", 0}


def _begun(name, service, client_of, clock, tmp_path):
    """A folder in which the first county is kept, in an edition that is a month old; all three can be fetched."""
    now = time.time()  # the process that is killed has the real clock
    clock.now = now - 30 * DAY
    service.on(COUNTIES[0], Answer(OLD, etag='"old"', ranges=True))
    client_of(cache=tmp_path / name).get(Ask(COUNTIES[0], source="streets"))
    clock.now = now
    for address, body in zip(COUNTIES, NEW, strict=True):
        service.on(address, Answer(body, etag=f'"{body[:1]}"', ranges=True, piece=50_000))
    return {"cache": str(tmp_path / name), "bases": service.bases("download.geofabrik.de"), "addresses": COUNTIES}


def _left(cache, address, new):
    """What a killed fetch left: the whole new file, or the bytes of a part of it; never anything else."""
    item = Item.of(cache, Ask(address, source="streets"))
    kept = None if item.kept() is None else item.path.read_bytes()
    assert kept in (None, OLD, new)
    assert kept is not None or address != COUNTIES[0]
    if kept == new:
        return "whole"
    part = item.part.read_bytes() if item.part.exists() else b""
    assert new.startswith(part)
    return len(part)
