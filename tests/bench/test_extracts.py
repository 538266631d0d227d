"""What a large extract costs: the place's window cut out of hundreds of megabytes, in time and in memory."""

from __future__ import annotations

import resource
import subprocess
import sys

import osmium
import pytest

LEAST_BYTES = 300_000_000
"""A copy is written a little smaller than the island's own file."""
MOST_MB = 2_000
APART = 10_000_000_000
"""Between the ids of two copies: more than there are."""


@pytest.fixture(scope="module")
def large(tmp_path_factory, pytestconfig, real):
    """The Isle of Wight again and again, each copy a degree and a half to the east of the one before."""
    island = next(real.glob("isle-of-wight/*.osm.pbf"))
    copies = 2 if pytestconfig.getoption("benchmark_disable") else -(-LEAST_BYTES // island.stat().st_size) * 5 // 4
    path = tmp_path_factory.mktemp("large") / "large.osm.pbf"
    mutable = osmium.osm.mutable
    with osmium.SimpleWriter(str(path)) as writer:
        for move in range(0, copies * APART, APART):
            east = 1.5 * move / APART
            for node in osmium.FileProcessor(str(island), osmium.osm.NODE):
                place = node.location
                writer.add_node(mutable.Node(id=node.id + move, location=(place.lon + east, place.lat), tags=node.tags))
        for move in range(0, copies * APART, APART):
            for way in osmium.FileProcessor(str(island), osmium.osm.WAY):
                nodes = [node.ref + move for node in way.nodes]
                writer.add_way(mutable.Way(id=way.id + move, nodes=nodes, tags=way.tags))
    return path


@pytest.mark.benchmark(group="a window cut out of a large extract")
def test_cut(benchmark, large, tmp_path):
    code = (
        "import sys; from pathlib import Path; from data.sources.extracts import cut;"
        f"cut([Path({str(large)!r})], (-1.7, 50.5, -1.0, 50.9), Path({str(tmp_path / 'out.osm.pbf')!r}))"
    )
    benchmark.pedantic(lambda: subprocess.run([sys.executable, "-c", code], check=True), rounds=1)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    benchmark.extra_info["peak MB"] = round(peak)
    sys.stdout.write(f"{large.stat().st_size / 1e6:,.0f} MB, at most {peak:,.0f} MB of memory\n")
    assert peak < MOST_MB
