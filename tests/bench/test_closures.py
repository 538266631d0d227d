"""How long "what if" and the closure ledger take. Figures to read, not to pass: `make bench` prints them.

Beside each stands the same by SciPy, searched from nothing as often as the question asks, on a graph that is built
already; everything that is not a search (joining homes, sums, classes) is the same code or less.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.place import SAMPLE, Place
from geo.access import nearest
from geo.closures import ledger, lost_by
from geo.gaps import gaps
from geo.need import need
from geo.profiles import BUGGY
from layers.answers.question import ground
from tests.geo.by_scipy import Walks

DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def island():
    place = Place.open(SAMPLE / "isle_of_wight")
    on, centres = ground(place, BUGGY), place.centres()
    return on, centres, need(on.areas)


def area_table(on, needs, reach):
    return gaps(on.areas, on.origins, reach, homes=on.homes, needs=needs)


@pytest.mark.benchmark(group="one centre of the island closed, its whole area table anew")
def test_one_centre_closed(benchmark, island):
    on, centres, needs = island
    state = nearest(on.network, centres)
    area_code = on.origins["area_code"]
    benchmark(lambda: area_table(on, needs, state.without_site("20004").reach(on.snaps, area_code)))


@pytest.mark.benchmark(group="one centre of the island closed, its whole area table anew")
def test_one_centre_closed_starting_over(benchmark, island):
    on, centres, needs = island
    left, area_code = centres.drop("20004"), on.origins["area_code"]
    benchmark(lambda: area_table(on, needs, nearest(on.network, left).reach(on.snaps, area_code)))


@pytest.mark.benchmark(group="one centre of the island closed, its whole area table anew")
def test_one_centre_closed_by_scipy(benchmark, island):
    """One search from the seven that are left, then the same table; which centre each home goes to is left out."""
    on, centres, needs = island
    walks, left = (
        Walks(on.network, on.snaps, centres),
        np.delete(np.arange(len(centres)), centres.index.get_loc("20004")),
    )
    frame = pd.DataFrame(
        {"area_code": on.origins["area_code"], "site_id": pd.Series("-", on.origins.index, dtype="str")}
    )

    def anew():
        minutes = on.network.minutes(walks.to_nearest(left).astype(np.int32))
        reached = np.where(~on.snaps.on_network, "off_network", np.where(np.isnan(minutes), "no_route", "yes"))
        area_table(on, needs, frame.assign(minutes=minutes, metres=minutes, reached=reached))

    benchmark(anew)


@pytest.mark.benchmark(group="the island's ledger: five downgrades")
def test_ledger_of_the_island(benchmark, island):
    on, centres, _ = island
    lost = lost_by(centres, day=DAY, counting="full")
    benchmark(lambda: ledger(on.network, on.counted_snaps, on.origins, lost, minutes=15))


def losses_by_scipy(on, lost):
    """Joint, alone and reopened losses, one search for each set of sites that is asked for; no shares, no pairs."""
    walks = Walks(on.network, on.counted_snaps, pd.concat([lost.gone, lost.left]))
    gone = np.arange(len(lost.gone))
    left = np.arange(len(lost.gone), len(lost.gone) + len(lost.left))
    children = np.where(on.counted, on.origins["under5"].to_numpy(float), 0.0)

    def search():
        def beyond(numbers):
            return children[walks.to_nearest(numbers) > 1_000_000].sum()

        before, after = beyond([*gone, *left]), beyond(left)
        alone = [beyond([*np.delete(gone, i), *left]) - before for i in gone]
        reopened = [after - beyond([i, *left]) for i in gone]
        return after - before, alone, reopened

    return search


@pytest.mark.benchmark(group="the island's ledger: five downgrades")
def test_losses_of_the_island_by_scipy(benchmark, island):
    on, centres, _ = island
    benchmark(losses_by_scipy(on, lost_by(centres, day=DAY, counting="full")))


@pytest.fixture(scope="module")
def leeds(real_place):
    place = real_place("leeds-review")
    return ground(place, BUGGY), place.centres()


@pytest.mark.real
@pytest.mark.benchmark(group="the ledger of Leeds: fifteen closures")
def test_ledger_of_leeds(benchmark, leeds):
    on, centres = leeds
    lost = lost_by(centres, day=DAY)
    benchmark(lambda: ledger(on.network, on.counted_snaps, on.origins, lost, minutes=15))


@pytest.mark.real
@pytest.mark.benchmark(group="the ledger of Leeds: fifteen closures")
def test_losses_of_leeds_by_scipy(benchmark, leeds):
    on, centres = leeds
    benchmark.pedantic(losses_by_scipy(on, lost_by(centres, day=DAY)), rounds=5, warmup_rounds=1)


@pytest.mark.real
@pytest.mark.benchmark(group="one centre of Leeds closed, the walk from every home")
def test_one_walk_more_or_less(benchmark, leeds):
    on, centres = leeds
    state = nearest(on.network, centres)
    benchmark(lambda: state.without_site("20080").cost(on.snaps))


@pytest.mark.real
@pytest.mark.benchmark(group="one centre of Leeds closed, the walk from every home")
def test_one_walk_more_or_less_starting_over(benchmark, leeds):
    on, centres = leeds
    left = centres.drop("20080")
    benchmark(lambda: nearest(on.network, left).cost(on.snaps))


@pytest.mark.real
@pytest.mark.benchmark(group="one centre of Leeds closed, the walk from every home")
def test_one_walk_more_or_less_by_scipy(benchmark, leeds):
    on, centres = leeds
    walks = Walks(on.network, on.snaps, centres)
    left = np.delete(np.arange(len(centres)), centres.index.get_loc("20080"))
    benchmark(lambda: walks.to_nearest(left))
