"""The closure ledger against its definitions, every set of closures walked anew: random grids, the island, Leeds.

The walks are `geo.access.nearest`'s from nothing on the grids, and SciPy's on the real streets.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from geo import paths, tables
from geo.access import nearest, reach_from
from geo.closures import PEOPLE, Lost, ledger, lost_by
from geo.gaps import gaps
from geo.network import WalkNetwork, segments_from
from geo.profiles import BUGGY
from geo.sites import SERVING, serving
from layers.answers.question import Question, ground
from tests.geo.by_scipy import walks
from tests.geo.rows import home_table, site_table
from tests.geo.test_shapley import by_subsets

DAY = date(2026, 11, 21)
CLOSED = {"status": "closed", "closed": "2018-06-30"}


def figures(homes, snaps):
    """People of each home; those off the network are not counted as under-fives."""
    people = {name: homes[name].to_numpy(float) for name in PEOPLE}
    return people, np.where(snaps.on_network, people["under5"], 0.0)


def recomputed(network, homes, snaps, lost, minutes, walk_to):
    """The ledger from its definitions, given the walk from every home to the nearest of any sites."""
    gone, left = list(lost.gone.index), list(lost.left.index)
    _, children = figures(homes, snaps)
    now = walk_to((*left,))
    stuck = now == paths.FAR
    speed = 1000 * network.profile.metres_per_minute

    def loss(worth):
        @cache
        def of(closed):
            still = walk_to((*left, *(name for i, name in enumerate(gone) if i not in closed)))
            return float((children * (worth(still) - worth(walk_to((*left, *gone))))).sum())

        return of

    def far(cost):
        return (~((cost < paths.FAR) & (cost / speed <= minutes))).astype(float)

    def long(cost):
        return np.where(stuck, 0.0, cost / speed)

    return {"crossed": loss(far), "minutes": loss(long)}


def agrees(found, losses, gone):
    """Every figure of the ledger that is a loss of some set of closures."""
    rows = found.closures.reindex(gone)
    every = frozenset(range(len(gone)))
    assert (rows["reached"] == "yes").all()
    for of, loss in losses.items():
        alone = np.array([loss(frozenset({i})) for i in every])
        np.testing.assert_allclose(rows[f"alone_{of}"], alone, atol=1e-6)
        np.testing.assert_allclose(rows[f"reopened_{of}"], [loss(every) - loss(every - {i}) for i in every], atol=1e-6)
        assert found.together[of] == pytest.approx(loss(every), abs=1e-6)
        np.testing.assert_allclose(rows[f"share_{of}"], by_subsets(len(gone), loss), atol=1e-6)
        pairs = {
            (gone[i], gone[j]): loss(frozenset({i, j})) - alone[i] - alone[j] for i in every for j in every if i < j
        }
        named = {tuple(sorted((row.site_id, row.with_site_id))): getattr(row, of) for row in found.pairs.itertuples()}
        for pair, excess in pairs.items():
            assert named.get(tuple(sorted(pair)), 0.0) == pytest.approx(excess, abs=1e-6), pair


@pytest.mark.parametrize("seed", range(8))
def test_on_a_random_grid_every_figure_is_what_every_subset_says(seed, draw, lattice, monkeypatch):
    monkeypatch.setattr("geo.network.PART_LIMIT_M", 0.0)  # parts of any size: so that some homes have no way
    rng = np.random.default_rng(seed)
    network = WalkNetwork.of(segments_from(draw(*lattice(rng))), BUGGY)
    closed = int(rng.integers(2, 7))
    rows = {
        f"s{i}": (CLOSED if i < closed else {}) | {"at": tuple(rng.uniform(-50, 1000, 2))}
        for i in range(closed + int(rng.integers(1, 4)))
    }
    rows["s0"]["at"] = rows["s1"]["at"]  # two at one door
    sites = site_table(rows)
    homes = home_table({f"h{i}": (tuple(rng.uniform(-250, 1250, 2)), int(rng.integers(0, 9))) for i in range(80)})
    snaps = network.snap(homes.geometry.to_numpy())
    lost = lost_by(sites, day=DAY)
    minutes = float(rng.choice([2, 4.5, 7]))
    found = ledger(network, snaps, homes, lost, minutes=minutes)
    walk_to = cache(lambda ids: nearest(network, sites.loc[list(ids)]).cost(snaps)[0].astype(np.int64))
    agrees(found, recomputed(network, homes, snaps, lost, minutes, walk_to), list(lost.gone.index))


def by_scipy(on, centres):
    """The walk from every home to each centre, by name, by SciPy."""
    return dict(zip(centres.index, walks(on.network, on.counted_snaps, centres), strict=True))


def to_nearest(rows):
    """A function from names of sites to the walk from every home to the nearest of them."""

    @cache
    def walk_to(names):
        if not names:
            return np.full(len(next(iter(rows.values()))), int(paths.FAR), np.int64)
        return np.minimum(walk_to(names[:-1]), rows[names[-1]])

    return walk_to


def told_right(on, rows, lost, minutes):
    """The ledger agrees with SciPy's walks in every figure; return it."""
    network, homes, snaps = on.network, on.origins, on.counted_snaps
    found, walk_to = ledger(network, snaps, homes, lost, minutes=minutes), to_nearest(rows)
    measured = [name for name in lost.gone.index if (rows[name] < paths.FAR).any()]
    assert set(measured) == set(found.closures.index[found.closures["reached"] == "yes"])
    only = Lost(lost.gone.loc[measured], lost.left)
    agrees(found, recomputed(network, homes, snaps, only, minutes, walk_to), measured)

    people, children = figures(homes, snaps)
    left, gone = list(lost.left.index), measured
    now, before = walk_to((*left,)), walk_to((*left, *gone))
    np.testing.assert_array_equal(found.walks["after_minutes"], network.minutes(now.astype(np.int32)))
    np.testing.assert_array_equal(found.walks["before_minutes"], network.minutes(before.astype(np.int32)))
    nearest_gone = np.argmin([rows[name] for name in gone], axis=0) if gone else np.zeros(len(homes), int)
    grew = before < now
    for i, name in enumerate(gone):
        mine, row = grew & (nearest_gone == i), found.closures.loc[name]
        assert row[list(PEOPLE)].tolist() == pytest.approx([people[who][mine].sum() for who in PEOPLE])
        flow = found.flows[found.flows["site_id"] == name]
        assert flow["under5"].sum() == pytest.approx(people["under5"][mine].sum())
        order = np.argsort((now - before)[mine], kind="stable")
        heap = np.cumsum(children[mine][order])
        if len(heap) and heap[-1] > 0 and (now[mine] < paths.FAR).all():
            for part, column in ((0.5, "extra_minutes_median"), (0.9, "extra_minutes_p90")):
                at = np.searchsorted(heap, heap[-1] * part * (1 - 1e-9))
                extra = (now - before)[mine][order][at] / (1000 * network.profile.metres_per_minute)
                assert row[column] == pytest.approx(extra)
    assert found.together[list(PEOPLE)].tolist() == pytest.approx([people[who][grew].sum() for who in PEOPLE])
    limit = minutes * 1000 * network.profile.metres_per_minute
    assert found.together["base"] == pytest.approx(children.sum())
    assert found.together["beyond_before"] == pytest.approx(children[before > limit].sum())
    assert found.together["beyond_after"] == pytest.approx(children[now > limit].sum())
    rows = found.closures
    for of in ("crossed", "minutes"):
        assert rows[f"share_{of}"].sum() == pytest.approx(found.together[of])
        assert (rows[f"alone_{of}"].dropna() <= rows[f"share_{of}"].dropna() + 1e-6).all()
        assert (rows[f"share_{of}"].dropna() <= rows[f"reopened_{of}"].dropna() + 1e-6).all()
    assert rows["crossed"].sum() == pytest.approx(found.together["crossed"])
    assert found.together["crossed"] == pytest.approx(found.together["beyond_after"] - found.together["beyond_before"])
    tables.check(tables.Closures, rows, "the ledger")
    return found


@pytest.fixture(scope="module")
def island_walks(island_by_buggy, island_centres):
    return by_scipy(island_by_buggy, island_centres)


class TestTheIsland:
    """Five full centres of the Isle of Wight became linked sites in March 2016."""

    @pytest.mark.parametrize("minutes", [10, 15, 30])
    def test_every_figure_by_scipy_and_by_all_subsets(self, island_by_buggy, island_walks, island_centres, minutes):
        lost = lost_by(island_centres, day=DAY, counting="full")
        assert (len(lost.gone), len(lost.left)) == (5, 3)
        told_right(island_by_buggy, island_walks, lost, minutes)

    def test_before_and_after_are_what_the_gaps_say_of_eight_and_of_three(self, island_by_buggy, island_centres):
        found = ledger(
            island_by_buggy.network,
            island_by_buggy.counted_snaps,
            island_by_buggy.origins,
            lost_by(island_centres, day=DAY, counting="full"),
            minutes=15,
        )
        for statuses, column in ((SERVING, "beyond_before"), (("open",), "beyond_after")):
            sites = serving(island_centres, day=DAY, statuses=statuses)
            reach = reach_from(
                island_by_buggy.network, island_by_buggy.snaps, island_by_buggy.origins["area_code"], sites
            )
            table = gaps(island_by_buggy.areas, island_by_buggy.origins, reach, homes=island_by_buggy.homes)
            assert found.together[column] == pytest.approx(table["under5_beyond"].sum())
            # and by SciPy, from the homes' weights alone
            cost = walks(island_by_buggy.network, island_by_buggy.snaps, sites).min(axis=0)
            far = island_by_buggy.snaps.on_network & (cost > 1_000_000)
            assert found.together[column] == pytest.approx(island_by_buggy.origins["under5"].to_numpy()[far].sum())

    def test_nothing_had_happened_by_the_day_before(self, island_by_buggy, island_centres):
        lost = lost_by(island_centres, day=date(2016, 3, 6), counting="full")
        assert lost.gone.empty
        found = ledger(
            island_by_buggy.network, island_by_buggy.counted_snaps, island_by_buggy.origins, lost, minutes=15
        )
        assert found.together["crossed"] == 0
        assert lost_by(island_centres, day=DAY, counting="full", since=date(2016, 3, 8)).gone.empty
        assert len(lost_by(island_centres, day=DAY, counting="full", since=date(2016, 3, 7)).gone) == 5


@pytest.fixture(scope="module")
def leeds(real_place):
    """Leeds with the council's word on its closures."""
    place = real_place("leeds-review")
    return place.centres(), ground(place, BUGGY)


@pytest.fixture(scope="module")
def leeds_walks(leeds):
    centres, on = leeds
    return by_scipy(on, centres)


@pytest.mark.real
class TestLeeds:
    """Fifteen centres of Leeds are to close, or have; the streets end before some of them do."""

    @pytest.mark.parametrize("confirmed_only", [False, True])
    @pytest.mark.parametrize("counting", ["listed", "full"])
    def test_the_ledger_runs_to_the_end_and_agrees_with_scipy(self, leeds, leeds_walks, counting, confirmed_only):
        centres, on = leeds
        lost = lost_by(centres, day=DAY, counting=counting, confirmed_only=confirmed_only)
        found = told_right(on, leeds_walks, lost, 15)
        has_door = set(lost.gone.index[np.unique(on.network.doors(lost.gone.geometry.to_numpy()).site)])
        unmeasured = found.closures.index[found.closures["reached"] != "yes"]
        assert set(unmeasured) == set(lost.gone.index) - has_door
        assert len(unmeasured)
        assert list(found.closures.index[-len(unmeasured) :]) == list(unmeasured)

    def test_fifteen_are_announced_or_closed_and_five_are_confirmed(self, leeds):
        centres, _ = leeds
        every, sure = (lost_by(centres, day=DAY, confirmed_only=only) for only in (False, True))
        assert every.gone["event"].value_counts().to_dict() == {"announced": 10, "closed": 5}
        assert sure.gone["event"].value_counts().to_dict() == {"closed": 5}
        assert set(every.left.index) < set(sure.left.index)
        council = set(every.gone.index)
        assert council == set(centres.index[centres["status"].isin(["announced", "closed"])])
        # the day before the council's page was seen, what it announced was not known
        earlier = lost_by(centres, day=date(2025, 12, 30))
        assert set(earlier.gone["event"]) <= {"announced"}  # whose own day had passed
        assert (earlier.gone["closed"] <= pd.Timestamp(2025, 12, 30)).all()

    @pytest.mark.parametrize(("confirmed_only", "events"), [(False, 15), (True, 5)])
    def test_hubs_only_with_a_list_of_hubs(self, leeds, leeds_walks, confirmed_only, events):
        centres, on = leeds
        assert lost_by(centres, day=DAY, counting="hubs", confirmed_only=confirmed_only).gone.empty  # none is listed
        hubs = centres.assign(hub=pd.Series("Hub", index=centres.index[::2], dtype="str").reindex(centres.index))
        lost = lost_by(hubs, day=DAY, counting="hubs", confirmed_only=confirmed_only)
        every = lost_by(centres, day=DAY, confirmed_only=confirmed_only)
        assert len(every.gone) == events
        assert set(lost.gone.index) == set(every.gone.index) & set(centres.index[::2])
        assert set(lost.left.index) == set(every.left.index) & set(centres.index[::2])
        told_right(on, leeds_walks, lost, 15)

    def test_confirmed_and_all_differ_by_what_is_only_announced(self, leeds):
        centres, on = leeds
        asked = {"statuses": SERVING, "day": DAY}
        sums = {}
        for only in (False, True):
            lost = lost_by(centres, day=DAY, confirmed_only=only)
            sums[only] = ledger(on.network, on.counted_snaps, on.origins, lost, minutes=15).together
        assert sums[True]["beyond_before"] == sums[False]["beyond_before"]
        assert sums[True]["beyond_after"] <= sums[False]["beyond_after"]
        # with the likeliest reading, those whose day has passed have closed and the undated two have not
        reach = reach_from(on.network, on.snaps, on.origins["area_code"], serving(centres, **asked))
        likeliest = gaps(on.areas, on.origins, reach, homes=on.homes, walk=Question().walk)["under5_beyond"].sum()
        assert sums[True]["beyond_after"] <= likeliest + 1e-6 <= sums[False]["beyond_after"] + 1e-6
