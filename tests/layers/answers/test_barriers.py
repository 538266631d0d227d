"""What stands in a pram's way on real places: by name, and each of the first against everybody's walk from nothing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from data.place import SAMPLE, Place
from geo.access import reach_from
from geo.mending import mended_network
from geo.segment_cuts import cut_segments, network_after
from layers.answers.barriers import barriers_of
from layers.answers.question import Question, answer
from tests.geo.by_scipy import Walks


def of(place):
    asked = answer(place, Question(day=date(2026, 6, 1)))
    return place, asked, barriers_of(place, asked)


@pytest.fixture(scope="module")
def island():
    return of(Place.open(SAMPLE / "isle_of_wight"))


def compared_with_walking_anew(place, asked, found, top):
    """Each of the first made in the table of segments; everybody walks by `reach_from` and, costs alone, by SciPy."""
    on, segments, sites = asked.ground, place.segments(), asked.sites
    children, code = np.nan_to_num(on.counted_children), on.origins["area_code"]
    now = asked.reach["minutes"].fillna(np.inf).to_numpy()
    for fix, row in zip(found.fixes.fixes[:top], found.fixes.table.itertuples(), strict=False):
        if fix.link:
            network = network_after(on.network, *cut_segments(segments, {}, [fix.link]))
            snaps = network.carried(on.snaps)
        else:
            network = mended_network(on.network, segments, fix.barrier.mend)
            snaps = network.snap(on.origins.geometry.to_numpy())
        then = reach_from(network, snaps, code, sites)["minutes"].fillna(np.inf).to_numpy()
        by_scipy = Walks(network, snaps, sites).to_nearest(np.arange(len(sites)))
        assert np.array_equal(network.minutes(by_scipy), np.where(np.isfinite(then), then, np.nan), equal_nan=True)
        assert (then <= now).all(), row
        assert row.within == pytest.approx(children[(now > 15) & (then <= 15)].sum(), abs=1e-6), row
        assert row.shorter == pytest.approx(children[then < now].sum(), abs=1e-6), row
        saved = np.where(np.isfinite(now), now, 0) - np.where(np.isfinite(now), then, 0)
        assert row.minutes_saved == pytest.approx(children @ saved, rel=1e-6), row


@pytest.mark.place_anew  # everybody walks from nothing, five times
def test_the_first_five(island):
    compared_with_walking_anew(*island, 5)
    table = island[2].table
    assert set(table["kind"].head(5)) == {"steps", "missing link", "missing bridge or crossing"}
    assert table["under5_within"].is_monotonic_decreasing


@pytest.mark.full_size
@pytest.mark.parametrize("key", ["isle-of-wight", "leeds-review"])
def test_the_first_twenty(real_place, key):
    place = of(real_place(key))
    assert len(place[2].table) >= 20
    compared_with_walking_anew(*place, 20)


def test_each_is_a_change_that_a_scenario_can_make(island):
    steps, bridge = (island[2].change(rank) for rank in (1, 5))
    assert (steps.do, steps.name, steps.geometry.geom_type) == ("mend", "Steps near Maxted Close, Somerton", "Point")
    assert (bridge.do, bridge.name) == ("crossing", "Medeway, Lake")
    assert bridge.geometry.length == pytest.approx(95, abs=1.5)


def test_barriers_have_names_and_places(island):
    found = island[2]
    kinds = set(found.table["kind"])
    assert {"steps", "rough ground", "stile", "kissing gate", "missing link"} <= kinds
    assert "barrier" not in kinds
    assert found.table["near"].notna().all()
    first = found.table.loc[1]
    assert (first["kind"], first["near"], first["metres"]) == ("steps", "Maxted Close, Somerton", 8)
    assert found.said[1] == (
        "1. Steps near Maxted Close, Somerton, 8 m: about 12 under-fives brought within, about 150 have a shorter walk."
    )


def test_what_helps_only_with_something_else_names_it(island):
    table = island[2].table
    pair = table.dropna(subset="with_pair").iloc[0]
    rank = int(pair["with_pair"].rsplit("(", 1)[1].rstrip(")"))
    other = table.loc[rank]
    assert pair["with_pair"].startswith(other["kind"])
    assert other["with_pair"].endswith(f"({pair.name})")
    assert pair["pair_under5_within"] > pair["under5_within"] + other["under5_within"]
