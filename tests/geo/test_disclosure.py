"""What is kept back cannot be worked out: by hand, by fractions and by linear programmes that share no code with ours."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from geo.disclosure import FEWEST, few, kept_back
from geo.errors import RequestError
from geo.groups import groups_of
from layers.answers.question import Question, answer
from tests.geo.recoverable import recoverable


def rank(rows):
    """Rank of a matrix of whole numbers, by elimination with fractions: nothing is rounded."""
    rows, found = [[Fraction(int(value)) for value in row] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((i for i in range(found, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for i in range(found + 1, len(rows)):
            part = rows[i][column] / rows[found][column]
            rows[i] = [a - part * b for a, b in zip(rows[i], rows[found], strict=True)]
        found += 1
    return found


def told_by_fractions(hidden, gone, members):
    """Which of the kept-back cells, then totals, do not raise the rank of the shown totals: those can be worked out."""
    columns = np.flatnonzero(hidden)
    shown = [members[j, columns].astype(int).tolist() for j in np.flatnonzero(~gone)]
    cells = [[int(c == i) for c in columns] for i in columns]
    totals = [members[j, columns].astype(int).tolist() for j in np.flatnonzero(gone)]
    return [rank([*shown, target]) == rank(shown) for target in [*cells, *totals]]


def ends(counts, members, kept, *, few_only=True):
    """The least and the most of each small count kept back, by SciPy, for who knows what is shown and that none is negative."""
    known = ~np.isnan(counts)
    held = (members & known).astype(float)
    equations = held[~kept.totals][:, kept.cells]
    sums = equations @ counts[kept.cells]
    cells, totals = (kept.few_cells, kept.few_totals) if few_only else (kept.cells, kept.totals)
    targets = np.concatenate([np.eye(len(counts))[cells], held[totals]])[:, kept.cells]
    found = []
    for target in targets:
        low, high = (linprog(sign * target, A_eq=equations, b_eq=sums, bounds=(0, None)) for sign in (1, -1))
        assert low.status == 0
        assert high.status in {0, 3}  # 3: no bound at all
        found.append((low.fun, np.inf if high.status == 3 else -high.fun))
    return np.array(found).reshape(-1, 2)


def protected(counts, members, kept):
    """Whether anything from zero to ten is possible of all small counts, and more than one value of all else kept back."""
    small, every = (ends(counts, members, kept, few_only=only) for only in (True, False))
    return (
        (small[:, 0] < 1e-4).all() and (small[:, 1] > FEWEST - 1e-4).all() and (every[:, 1] - every[:, 0] > 1e-6).all()
    )


def tables(counts, *totals):
    """Counts, and totals given by the positions of their cells."""
    members = np.zeros((len(totals), len(counts)), bool)
    for row, cells in zip(members, totals, strict=True):
        row[list(cells)] = True
    return np.array(counts, float), members


def kept_of(counts, *totals):
    counts, members = tables(counts, *totals)
    kept = kept_back(counts, members)
    return set(np.flatnonzero(kept.cells).tolist()), set(np.flatnonzero(kept.totals).tolist())


@pytest.mark.parametrize(
    ("count", "kept"),
    [(0, False), (0.5, False), (0.51, True), (1, True), (9, True), (9.49, True), (9.5, False), (9.6, False), (10, False), (np.nan, False)],
)  # fmt: skip
def test_small_is_one_to_nine_as_it_is_published(count, kept):
    assert few([count]).tolist() == [kept]
    assert (f"{count:.0f}" in set("123456789")) == kept  # it reads as it is judged
    found = kept_back([count, 50, 60], [[True, True, True]])
    assert found.few_cells.tolist() == [kept, False, False]
    assert found.cells.sum() == 2 * kept


def test_nothing_small_nothing_kept_back():
    assert kept_of([10, 20, 0, np.nan], (0, 1), (2,), (3,), (0, 1, 2, 3)) == (set(), set())


def test_the_other_area_of_a_ward_keeps_a_small_one_company():
    # 35 - 30 would give 5 away
    assert kept_of([5, 30, 12], (0, 1), (2,)) == ({0, 1}, set())


def test_the_smallest_that_helps_is_taken():
    assert kept_of([5, 40, 20, 30], (0, 1, 2, 3)) == ({0, 2}, set())


def test_two_small_ones_that_leave_less_than_ten_get_a_third():
    # 3 + 4: whoever knows the other 50 knows that both are at most 7
    assert kept_of([3, 4, 20, 30], (0, 1, 2, 3)) == ({0, 1, 2}, set())


def test_two_small_ones_that_leave_ten_protect_each_other():
    assert kept_of([8, 9, 20, 30], (0, 1, 2, 3)) == ({0, 1}, set())


def test_wards_and_fifths_that_cross_need_a_ring():
    # wards are rows and fifths columns: 5 needs company in its row, in its column, and where those two cross
    #   5 30
    #  40 60
    assert kept_of([5, 30, 40, 60], (0, 1), (2, 3), (0, 2), (1, 3), (0, 1, 2, 3)) == ({0, 1, 2, 3}, set())
    # nothing outside the ring is touched
    #   5 30 99
    #  40 60 98
    #  97 96 95
    cells = range(9)
    rows, columns = [cells[i : i + 3] for i in (0, 3, 6)], [cells[i::3] for i in range(3)]
    assert kept_of([5, 30, 99, 40, 60, 98, 97, 96, 95], *rows, *columns, cells) == ({0, 1, 3, 4}, set())


def test_a_total_of_one_small_area_goes_with_it_and_another_total_hides_both():
    cells, totals = kept_of([5, 30, 40, 50], (0,), (1,), (2, 3), (0, 1, 2, 3))
    # the ward of one area says what its area says; so does any other of one area that keeps it company
    assert {0} <= cells
    assert {0} <= totals
    assert len(cells) == 2
    assert (1 in cells) == (1 in totals)


def test_a_total_is_kept_back_where_it_has_no_other_cell_above_zero():
    # the first total goes: with the second area kept back instead, the second total would give that away
    assert kept_of([5, 30, 0], (0, 1), (1, 2)) == ({0}, {0})
    assert kept_of([5, 0], (0, 1)) == ({0}, {0})


def test_sums_of_the_same_areas_are_shown_or_kept_back_together():
    assert kept_of([5, 30, 0], (0, 1), (1, 2), (0, 1, 2)) == ({0, 1}, {1})
    assert kept_of([5, 0, 30], (0,), (0, 1), (2,), (0, 1, 2)) in (({0, 2}, {0, 1, 2}), ({0}, {0, 1, 3}))


def test_zero_is_shown_and_gives_no_cover():
    assert kept_of([5, 0, 0], (0, 1, 2)) == ({0}, {0})
    assert kept_of([5, 0, 30], (0, 1), (0, 1, 2)) == ({0, 2}, {0})


def test_what_is_not_known_is_left_out_and_gives_no_cover():
    assert kept_of([5, np.nan, 30], (0, 1, 2)) == ({0, 2}, set())
    assert kept_of([5, np.nan], (0, 1)) == ({0}, {0})
    assert kept_of([np.nan, np.nan], (0, 1)) == (set(), set())


def test_all_small():
    # 10 is shown: it says no more than that each is at most 10
    assert kept_of([1, 2, 3, 4], (0, 1), (2, 3), (0, 1, 2, 3)) == ({0, 1, 2, 3}, {0, 1})


def test_small_counts_that_read_zero_may_add_up_to_a_small_total():
    kept = kept_back([0.4] * 12 + [50], [[True] * 12 + [False], [True] * 13])
    assert kept.few_totals.tolist() == [True, False]
    assert not kept.few_cells.any()
    assert not any(found.any() for found in recoverable(kept.cells, kept.totals, [[True] * 12 + [False], [True] * 13]))


def test_no_tables_and_no_totals():
    empty = kept_back([], np.zeros((0, 0)))
    assert (len(empty.cells), len(empty.totals)) == (0, 0)
    assert kept_back([3, 30], np.zeros((0, 2))).cells.tolist() == [True, False]
    assert kept_back([], np.zeros((2, 0))).totals.tolist() == [False, False]


@pytest.mark.parametrize(
    ("cells", "members"),
    [([-1, 20], [[1, 1]]), ([np.inf, 20], [[1, 1]]), ([5, 20], [[1, 1, 1]]), ([5, 20], [1, 1]), ([[5, 20]], [[1, 1]])],
)
def test_what_makes_no_sense_is_refused(cells, members):
    with pytest.raises(RequestError):
        kept_back(cells, members)


def test_totals_that_readers_look_for_are_the_last_to_go():
    """5 is told by the first total less 200: either that total is kept back, or 200, and then 100 as well."""
    counts, members = [5, 200, 100], [[True, True, False], [False, True, True]]
    kept = kept_back(counts, members)
    assert (kept.cells.tolist(), kept.totals.tolist()) == ([True, True, True], [False, False])
    kept = kept_back(counts, members, dear=[False, True])
    assert (kept.cells.tolist(), kept.totals.tolist()) == ([True, False, False], [True, False])
    # sums of the same cells are dear if one of them is
    twice = kept_back(counts, [members[0], *members], dear=[True, False, True])
    assert twice.totals.tolist() == [False, False, False]


def test_recoverable_by_hand():
    members = np.array([[1, 1, 0], [0, 1, 1], [1, 1, 1]], bool)
    none = np.zeros(3, bool)
    # the whole less the first pair is the third, and so on: everything
    assert [each.tolist() for each in recoverable(~none, none, members)] == [[True] * 3, [False] * 3]
    # without the whole nothing, and the whole is not to be had either
    gone = np.array([False, False, True])
    assert [each.tolist() for each in recoverable(~none, gone, members)] == [[False] * 3, [False] * 3]
    # a total all of whose cells are shown is
    assert recoverable(none, gone, members)[1].tolist() == [False, False, True]


@st.composite
def crossed(draw):
    """Areas in wards, fifths and thirds that cross, with the whole and a chosen few; small counts are common."""
    areas = draw(st.integers(1, 14))
    count = st.one_of(
        st.just(0.0), st.just(np.nan), st.integers(1, 12).map(float), st.integers(10, 300).map(float), st.floats(0, 25)
    )
    counts = np.array(draw(st.lists(count, min_size=areas, max_size=areas)))
    rows = [np.ones(areas, bool)]
    for groups in (5, 3, 2):
        of = np.array(draw(st.lists(st.integers(-1, groups - 1), min_size=areas, max_size=areas)))
        rows += [of == group for group in range(groups)]
    rows.append(np.array(draw(st.lists(st.booleans(), min_size=areas, max_size=areas))))
    return counts, np.array(rows)


@given(crossed())
def test_whatever_the_tables_nothing_kept_back_can_be_worked_out(table):
    counts, members = table
    kept = kept_back(counts, members)
    known = ~np.isnan(counts)
    held = members & known
    sums = np.where(known, counts, 0) @ held.T
    assert kept.few_cells.tolist() == [0 < round(count) < 10 for count in np.where(known, counts, 0).tolist()]
    assert kept.few_totals.tolist() == [0 < round(total) < 10 for total in sums.tolist()]
    assert (kept.cells | ~kept.few_cells).all()
    assert (kept.totals | ~kept.few_totals).all()
    assert not (kept.cells & ~(counts > 0)).any()
    assert not any(told_by_fractions(kept.cells, kept.totals, held))
    assert not any(found.any() for found in recoverable(kept.cells, kept.totals, held))
    assert protected(counts, members, kept)
    again = kept_back(counts, members)
    assert again.cells.tolist() == kept.cells.tolist()
    assert again.totals.tolist() == kept.totals.tolist()


@given(crossed(), st.randoms(use_true_random=False))
def test_the_order_of_areas_changes_nothing_that_matters(table, random):
    counts, members = table
    order = list(range(len(counts)))
    random.shuffle(order)
    kept, other = kept_back(counts, members), kept_back(counts[order], members[:, order])
    assert other.few_cells.tolist() == kept.few_cells[order].tolist()
    assert other.few_totals.tolist() == kept.few_totals.tolist()
    assert protected(counts[order], members[:, order], other)
    assert not any(told_by_fractions(other.cells, other.totals, members[:, order] & ~np.isnan(counts[order])))


@given(crossed(), st.data())
def test_recoverable_agrees_with_fractions(table, data):
    _, members = table
    hidden = np.array(data.draw(st.lists(st.booleans(), min_size=members.shape[1], max_size=members.shape[1])))
    gone = np.array(data.draw(st.lists(st.booleans(), min_size=len(members), max_size=len(members))))
    cells, totals = recoverable(hidden, gone, members)
    assert [*cells[hidden].tolist(), *totals[gone].tolist()] == told_by_fractions(hidden, gone, members)
    assert not (cells & ~hidden).any()
    assert not (totals & ~gone).any()


@pytest.fixture(scope="module")
def beyond(island):
    """Under-fives beyond 15 minutes on the Isle of Wight: by ward, deprivation fifth, share born abroad, and in all."""
    found = answer(island, Question(day=date(2026, 1, 30)))
    groups = groups_of(found.ground.areas).assign(ward=found.ground.areas["ward_name"])
    rows = [(groups[by] == name).to_numpy() for by in groups for name in groups[by].dropna().unique()]
    return found.gaps["under5_beyond"].to_numpy(float), np.array(rows)


def test_the_isle_of_wight_keeps_back_few_and_loses_no_great_total(beyond):
    counts, members = beyond
    kept = kept_back(counts, members)
    sums = np.nan_to_num(counts) @ members.T
    assert members.shape == (48, 89)  # 39 wards, 5 fifths of which all occur, 3 thirds, the whole
    assert kept.few_cells.sum() == ((np.round(counts) > 0) & (np.round(counts) < 10)).sum()
    assert 0 < kept.few_cells.sum() < kept.cells.sum() <= 20
    assert kept.totals.sum() <= 4
    assert sums[kept.totals].max() < 100
    assert protected(counts, members, kept)
    assert not any(found.any() for found in recoverable(kept.cells, kept.totals, members))


def test_with_the_small_ones_alone_kept_back_the_island_would_give_them_away(beyond):
    counts, members = beyond
    kept = kept_back(counts, members)
    told, _ = recoverable(kept.few_cells, kept.few_totals, members)
    assert told.any()
