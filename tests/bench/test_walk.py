"""How long people wait. Figures to read, not to pass: `make bench` prints them, medians first.

The real places are built from the files beside the repository, and left out where those are absent; the bundled place
stands in for the rest. SciPy's figure is in the same run, so that the ratio holds whatever the machine does.
"""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from data.build.pipeline import build
from data.place import SAMPLE, Place
from geo.access import nearest, reach
from geo.profiles import BUGGY
from layers.answers.question import Question, answer


@pytest.fixture(scope="module")
def island():
    """The bundled place's network, homes, joined homes and centres."""
    place = Place.open(SAMPLE / "isle_of_wight")
    network, origins, centres = place.network(BUGGY), place.origins(), place.centres()
    return network, origins, network.snap(origins.geometry.to_numpy()), centres


@pytest.mark.benchmark(group="nearest centre of all 5,079 homes")
def test_nearest(benchmark, island):
    network, _, snaps, centres = island
    benchmark(lambda: nearest(network, centres).cost(snaps))


@pytest.mark.benchmark(group="nearest centre of all 5,079 homes")
def test_nearest_by_scipy(benchmark, island):
    """The same question to SciPy, from the junctions nearest to the centres; the homes' own legs left out."""
    network, _, _, centres = island
    through = network.start_open & network.end_open
    pairs = np.column_stack([network.start, network.end])[through]
    graph = sp.coo_matrix(
        (network.cost[through].astype(float), (pairs.min(axis=1), pairs.max(axis=1))), shape=(network.junctions,) * 2
    ).tocsr()
    ends = network.start[network.doors(centres.geometry.to_numpy()).segment]
    benchmark(lambda: dijkstra(graph, directed=False, indices=ends, min_only=True, return_predecessors=True))


@pytest.mark.benchmark(group="one site more or less, labels of every junction")
def test_one_site_closed(benchmark, island):
    network, _, _, centres = island
    state = nearest(network, centres)
    benchmark(lambda: state.without_site("20004"))


@pytest.mark.benchmark(group="one site more or less, labels of every junction")
def test_one_site_added(benchmark, island):
    network, _, _, centres = island
    state = nearest(network, centres).without_site("20004")
    benchmark(lambda: state.with_site("20004", centres.geometry.loc["20004"]))


@pytest.mark.benchmark(group="one site more or less, labels of every junction")
def test_starting_over(benchmark, island):
    network, _, _, centres = island
    benchmark(lambda: nearest(network, centres))


@pytest.mark.benchmark(group="the walk from every home, nearest and second nearest")
def test_reach(benchmark, island):
    network, origins, _, centres = island
    benchmark(lambda: reach(network, origins, centres))


@pytest.mark.benchmark(group="a question to the bundled place, from its files")
def test_answer(benchmark):
    place = Place.open(SAMPLE / "isle_of_wight")
    benchmark(lambda: answer(place, Question()))


@pytest.mark.benchmark(group="whole process")
def test_gaps_from_the_command_line(benchmark, root):
    def gaps():
        subprocess.run([sys.executable, "cli.py", "gaps", "isle-of-wight"], cwd=root, capture_output=True, check=True)

    benchmark.pedantic(gaps, rounds=5, warmup_rounds=1)


@pytest.mark.benchmark(group="whole process")
@pytest.mark.parametrize("key", ["isle-of-wight", "leeds"])
def test_build_from_raw_files(benchmark, key, real_inputs, tmp_path):
    benchmark.pedantic(lambda: build(real_inputs[key], tmp_path / key), rounds=3, warmup_rounds=1)
