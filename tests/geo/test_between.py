"""What if: walks taken up from an earlier answer end where a new search would, bit for bit; and what must hold of them.

Random changes to sites of every kind on a random grid; then random changes to the centres of the island and of Leeds.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import paths, tables
from geo.access import nearest
from geo.network import WalkNetwork, segments_from
from geo.profiles import BUGGY
from geo.scenario import AddSite, ChangeOpening, CloseSite, DowngradeSite, MoveSite, OpenSite, apply
from geo.sites import SERVING, serving
from tests.geo.conftest import ORIGIN
from tests.geo.rows import home_table, site_table
from tests.geo.test_scenario import same_table

DAY = date(2026, 11, 21)
EAST, NORTH = ORIGIN


class Grid:
    """A random street grid with homes on and off it, and sites of every kind: two at one door, some without a point."""

    def __init__(self, draw, lattice):
        rng = np.random.default_rng(5)
        self.network = WalkNetwork.of(segments_from(draw(*lattice(rng, columns=10, rows=8))), BUGGY)
        self.size = (1500, 1200)
        rows = {}
        for i in range(14):
            status = ["open", "open", "open", "linked", "announced", "closed", "no_longer_listed"][i % 7]
            rows[f"s{i}"] = {
                "at": tuple(rng.uniform(0, 1, 2) * self.size),
                "status": status,
                "hub": "H" if i % 3 else None,
            }
        rows["s1"]["at"] = rows["s0"]["at"]
        rows["s2"]["at"], rows["s9"]["at"] = None, (9000, 9000)
        rows["s7"]["inside"] = False
        rows["s8"]["opened"] = "2027-01-01"
        self.sites = site_table(rows)
        homes = home_table({f"h{i}": (tuple(rng.uniform(-0.2, 1.2, 2) * self.size), 1) for i in range(90)})
        self.snaps = self.network.snap(homes.geometry.to_numpy())
        self.before = serving(self.sites, day=DAY)
        self.state = nearest(self.network, self.before, among=self.sites.index)

    def serving(self, changes, counting="listed"):
        return serving(apply(self.sites, changes), day=DAY, counting=counting)

    def walk(self, changes):
        return self.walk_to(self.serving(changes))

    def walk_to(self, served):
        return self.state.between(self.before, served).cost(self.snaps)


@pytest.fixture(scope="module")
def grid(draw, lattice):
    return Grid(draw, lattice)


_site = st.integers(0, 13).map(lambda i: f"s{i}")
_where = st.tuples(st.floats(-300, 1800), st.floats(-300, 1500)).map(lambda xy: (EAST + xy[0], NORTH + xy[1]))
_corner = st.sampled_from([(EAST + 300.0, NORTH + 300.0), (EAST + 900.0, NORTH + 500.0)])  # so that doors coincide
_place = _where | _corner
_change = st.one_of(
    _site.map(CloseSite),
    _site.map(OpenSite),
    _site.map(DowngradeSite),
    st.builds(lambda site, xy: MoveSite(site, *xy), _site, _place),
    st.builds(ChangeOpening, _site, st.sampled_from([date(2000, 1, 1), DAY, date(2026, 11, 22), date(2030, 1, 1)])),
)


@st.composite
def scenarios(draw, change=_change, most=7):
    """Changes in any order; new sites are closed, moved and opened again too."""
    changes, added = [], []
    for _ in range(draw(st.integers(0, most))):
        kind = draw(st.integers(0, 4))
        if kind == 0 and len(added) < 3:
            added.append(f"new-{len(added) + 1}")
            changes.append(AddSite(added[-1], *draw(_place), f"New {len(added)}"))
        elif kind == 1 and added:
            changes.append(replace(draw(change), site_id=draw(st.sampled_from(added))))
        else:
            changes.append(draw(change))
    return tuple(changes)


def scratch(network, snaps, everything, served):
    """Nearest sites from nothing, numbered in the order of the table of all sites."""
    state = nearest(network, served, among=everything.index)
    return state, state.cost(snaps)


def ids(state, site):
    return np.array([*state.site_ids, "-"], dtype=object)[site]


def equal(state, snaps, fresh, *, labels=True):
    """Two answers are the same, bit for bit: cost, site and length, of every home and every junction."""
    one, other = state.cost(snaps), fresh.cost(snaps)
    np.testing.assert_array_equal(one[0], other[0])
    np.testing.assert_array_equal(one[2], other[2])
    assert list(ids(state, one[1])) == list(ids(fresh, other[1]))
    if labels:
        np.testing.assert_array_equal(state.labels.cost, fresh.labels.cost)
        np.testing.assert_array_equal(state.labels.length, fresh.labels.length)
        assert list(ids(state, state.labels.site)) == list(ids(fresh, fresh.labels.site))


@given(changes=scenarios())
def test_the_input_is_left_untouched_and_the_output_keeps_the_contract(grid, changes):
    kept = grid.sites.copy(deep=True)
    flags = [values.copy() for values in grid.state.labels]
    table = apply(grid.sites, changes)
    same_table(grid.sites, kept)
    assert (table.dtypes == kept.dtypes).all()
    assert (table.index.name, table.index.dtype, table.crs) == ("site_id", kept.index.dtype, kept.crs)
    checked = tables.check(tables.Sites, table, "a scenario")
    assert list(checked.index) == list(table.index)
    assert list(table.index[: len(kept)]) == list(kept.index)
    grid.walk(changes)
    for one, other in zip(grid.state.labels, flags, strict=True):
        np.testing.assert_array_equal(one, other)


@given(changes=scenarios())
def test_one_after_another_is_all_at_once(grid, changes):
    table = grid.sites
    for change in changes:
        table = apply(table, (change,))
    if changes:
        same_table(apply(grid.sites, changes), table)


@given(changes=scenarios(), counting=st.sampled_from(["listed", "full", "hubs"]))
def test_the_incremental_answer_is_the_one_from_scratch_and_undoing_restores(grid, changes, counting):
    first = serving(grid.sites, day=DAY, counting=counting)
    start, _ = scratch(grid.network, grid.snaps, grid.sites, first)
    after = apply(grid.sites, changes)
    then = serving(after, day=DAY, counting=counting)
    state = start.between(first, then)
    fresh, _ = scratch(grid.network, grid.snaps, after, then)
    equal(state, grid.snaps, fresh)
    equal(state.between(then, first), grid.snaps, start)


@given(steps=st.lists(scenarios(most=3), min_size=1, max_size=4))
def test_from_scenario_to_scenario_and_back(grid, steps):
    state, standing = grid.state, grid.before
    for changes in steps:
        then = grid.serving(changes)
        state, standing = state.between(standing, then), then
        numbered = grid.sites.index.append(then.index.difference(grid.sites.index, sort=False))
        cost = nearest(grid.network, then, among=numbered).cost(grid.snaps)
        np.testing.assert_array_equal(state.cost(grid.snaps)[0], cost[0])
    equal(state.between(standing, grid.before), grid.snaps, grid.state)


@given(changes=scenarios(), where=_place)
def test_adding_never_lengthens(grid, changes, where):
    before = grid.walk(changes)[0].astype(np.int64)
    after = grid.walk((*changes, AddSite("extra", *where, "Extra")))[0].astype(np.int64)
    assert (after <= before).all()


@given(changes=scenarios(), site=_site)
def test_closing_never_shortens_and_opening_never_lengthens(grid, changes, site):
    before = grid.walk(changes)[0].astype(np.int64)
    assert (grid.walk((*changes, CloseSite(site)))[0].astype(np.int64) >= before).all()
    assert (grid.walk((*changes, OpenSite(site)))[0].astype(np.int64) <= before).all()


@given(
    changes=scenarios(change=st.one_of(_site.map(CloseSite), st.builds(lambda s, xy: MoveSite(s, *xy), _site, _place))),
    pick=st.integers(0, 100),
)
def test_closing_a_full_open_centre_and_opening_it_again_is_identity(grid, changes, pick):
    table = apply(grid.sites, changes)
    full = table.index[(table["status"] == "open") & table["opened"].isna()]
    if not len(full):
        return
    site = full[pick % len(full)]
    before, after = serving(table, day=DAY), serving(apply(table, (CloseSite(site), OpenSite(site))), day=DAY)
    assert list(before.index) == list(after.index)
    state = grid.state.between(grid.before, before)
    equal(state.between(before, after), grid.snaps, state)
    # and step by step, through the answer without it
    without = serving(apply(table, (CloseSite(site),)), day=DAY)
    equal(state.between(before, without).between(without, after), grid.snaps, state)


@given(changes=scenarios(), site=_site, where=_place)
def test_moving_is_closing_and_adding_at_the_new_place(grid, changes, site, where):
    serves = site in grid.serving(changes).index
    moved = grid.serving((*changes, MoveSite(site, *where)))
    closed = grid.serving((*changes, CloseSite(site), *([AddSite("extra", *where, "Extra")] if serves else [])))
    np.testing.assert_array_equal(grid.walk_to(moved)[0], grid.walk_to(closed)[0])
    assert len(moved) == len(closed)


@given(data=st.data())
def test_the_order_of_independent_changes_does_not_matter(grid, data):
    which = data.draw(st.lists(_site, unique=True, max_size=6))
    changes = [replace(data.draw(_change), site_id=site) for site in which]
    changes += [AddSite(f"new-{i}", *data.draw(_place), f"New {i}") for i in range(data.draw(st.integers(0, 2)))]
    other = data.draw(st.permutations(changes))
    one, two = apply(grid.sites, tuple(changes)), apply(grid.sites, tuple(other))
    same_table(one.sort_index(), two.sort_index())
    first, second = (grid.walk_to(serving(table, day=DAY)) for table in (one, two))
    np.testing.assert_array_equal(first[0], second[0])


def test_opened_where_it_was_never_located_changes_nothing(grid):
    before = grid.walk(())
    for one, other in zip(before, grid.walk((OpenSite("s2"), CloseSite("s2"), OpenSite("s2"))), strict=True):
        np.testing.assert_array_equal(one, other)
    far = grid.walk((MoveSite("s3", EAST + 50_000, NORTH),))[0]
    np.testing.assert_array_equal(far, grid.walk((CloseSite("s3"),))[0])


def test_everything_closed_is_no_way_for_anybody(grid):
    changes = tuple(CloseSite(site) for site in grid.sites.index)
    assert (grid.walk(changes)[0] == paths.FAR).all()
    equal(
        grid.state.between(grid.before, grid.serving(changes)).between(grid.serving(changes), grid.before),
        grid.snaps,
        grid.state,
    )


def random_scenarios(rng, sites, bounds, count):
    """Changes to real sites: closed, opened, downgraded, moved and added, some where a site is already."""
    west, south, east, north = bounds
    for _ in range(count):
        changes = []
        for step in range(int(rng.integers(1, 8))):
            site, kind = str(rng.choice(sites.index)), int(rng.integers(0, 5))
            xy = (float(rng.uniform(west, east)), float(rng.uniform(south, north)))
            if rng.random() < 0.2:
                point = sites.geometry.dropna().sample(1, random_state=int(rng.integers(1e6))).iloc[0]
                xy = (point.x, point.y)
            changes.append(
                [
                    CloseSite(site),
                    OpenSite(site),
                    DowngradeSite(site),
                    MoveSite(site, *xy),
                    AddSite(f"new-{step}", *xy, "New"),
                ][kind]
            )
        yield tuple(changes)


def compared_from_scratch(network, snaps, sites, count, seed):
    rng = np.random.default_rng(seed)
    for changes in random_scenarios(rng, sites, sites.total_bounds, count):
        counting = str(rng.choice(["listed", "full"]))
        first = serving(sites, day=DAY, counting=counting)
        start = nearest(network, first, among=sites.index)
        after = apply(sites, changes)
        then = serving(after, day=DAY, counting=counting)
        state = start.between(first, then)
        equal(state, snaps, nearest(network, then, among=after.index))
        equal(state.between(then, first), snaps, start)
        grew = state.cost(snaps)[0].astype(np.int64) - start.cost(snaps)[0]
        if not any(isinstance(change, (AddSite, OpenSite, MoveSite, DowngradeSite)) for change in changes):
            assert (grew >= 0).all()
        tables.check(tables.Sites, after, "a scenario")


@pytest.mark.parametrize("seed", range(3))
def test_on_the_island(seed, thorough, island_by_buggy, island_centres):
    on = island_by_buggy
    compared_from_scratch(on.network, on.snaps, island_centres, 20 if thorough else 4, seed)


@pytest.mark.real
def test_in_leeds(real_place, thorough):
    place = real_place("leeds-review")
    network, homes = place.network(BUGGY), place.origins()
    compared_from_scratch(network, network.snap(homes.geometry.to_numpy()), place.centres(), 25 if thorough else 3, 7)


def test_reopening_everything_restores_the_answer_of_all_that_ever_served(island_by_buggy, island_centres):
    network, snaps, centres = island_by_buggy.network, island_by_buggy.snaps, island_centres
    first = nearest(network, centres)
    changes = tuple(OpenSite(site) for site in centres.index)
    opened = serving(apply(centres, changes), day=DAY, counting="full")
    today = serving(centres, day=DAY, counting="full", statuses=SERVING)
    state = nearest(network, today, among=centres.index).between(today, opened)
    equal(state, snaps, first)


def test_of_new_sites_at_one_door_the_first_added_wins_whatever_it_is_called(grid):
    corner = (EAST + 700.0, NORTH + 640.0)
    changes = (AddSite("new-9", *corner, "Nine"), AddSite("new-10", *corner, "Ten"))
    fresh, _ = scratch(grid.network, grid.snaps, apply(grid.sites, changes), grid.serving(changes))
    equal(grid.state.between(grid.before, grid.serving(changes)), grid.snaps, fresh)
