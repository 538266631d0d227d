"""How fairly the bundled place's walks fall, and what its closures did to that."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from data.place import SAMPLE, Place
from geo.errors import RequestError
from geo.profiles import profile_named
from layers.answers import fairness, fairness_groups, ledger
from layers.answers.question import Question, answer, ground

DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def island():
    return Place.open(SAMPLE / "isle_of_wight")


@pytest.fixture(scope="module")
def on(island):
    return ground(island, profile_named("buggy"))


@pytest.fixture(scope="module")
def full(island, on):
    return answer(island, Question(day=DAY, counting="full"), on=on)


@pytest.fixture(scope="module")
def listed(island, on):
    return answer(island, Question(day=DAY), on=on)


@pytest.fixture(scope="module")
def lost(island, on):
    return ledger.answer_ledger(island, on, ledger.LedgerQuestion(day=DAY, counting="full"))


@pytest.fixture(scope="module")
def found(full, listed, lost):
    """With what closed, and as if the linked sites were full centres again."""
    return fairness.fairness(full, closed=lost, then=listed)


def rows(found, outcome, of="now"):
    table = found.table[(found.table["outcome"] == outcome) & (found.table["of"] == of)]
    return table.set_index("measure")["value"]


def test_the_slope_is_that_of_a_line_by_hand(listed, on):
    """Of the share within 15 minutes of any listed site; independently worked out as +0.35."""
    order = on.areas["imd_rank"].sort_values(ascending=False).index
    children = np.bincount(on.homes.area, on.counted_children, minlength=len(on.areas))
    near = on.counted_children * (listed.reach["minutes"].to_numpy(float) <= 15)
    share = np.bincount(on.homes.area, near, minlength=len(on.areas)) / children
    at = on.areas.index.get_indexer(order)
    rank = (np.cumsum(children[at]) - children[at] / 2) / children.sum()
    slope = np.polyfit(rank, share[at], 1, w=np.sqrt(children[at]))[0]
    assert rows(fairness.fairness(listed), "share within")["slope"] == pytest.approx(slope, abs=1e-4)
    assert slope == pytest.approx(0.35, abs=0.01)


def test_the_parts_of_the_closures_add_up_to_the_change(found):
    change = rows(found, "minutes", "after closures") - rows(found, "minutes", "before closures")
    parts = found.table.loc[found.table["measure"] == "difference, part of", "value"]
    assert len(parts) == 5
    assert parts.sum() == pytest.approx(change["difference"], abs=1e-3)


def test_what_is_said(found):
    assert found.said[0].startswith(
        "Families in the most deprived tenth walk about 39 minutes to a full children's centre"
    )
    assert found.said[0].endswith("Sites stand nearer to the most deprived.")
    assert found.said[-2].startswith(
        "Cowes Children's Centre hit families in the least deprived harder, by 45.4 minutes;"
    )


def test_a_scenario_stands_beside_today(found, listed):
    assert rows(found, "minutes", "with the scenario")["slope"] == pytest.approx(
        rows(fairness.fairness(listed), "minutes")["slope"]
    )
    assert found.said[-1].startswith(
        "With the scenario families in the most deprived tenth would walk 13.7 minutes (now"
    )
    assert found.said[-1].endswith(
        "By the slope, walks are then 21.7 minutes less in favour of the most deprived than now."
    )


class TestGroups:
    @pytest.mark.parametrize("by", ["imd", "idaci", "abroad"])
    def test_add_up_to_everyone(self, on, listed, full, by):
        table = fairness_groups.groups_table(on, {"now": full.reach, "then": listed.reach}, by, 15)
        rest, everyone = table.iloc[:-1], table.iloc[-1]
        assert table.index[-1] == "Everyone"
        assert (rest["neighbourhoods"].sum(), rest["under5"].sum()) == (89, pytest.approx(5882, abs=3))
        for name in ("mean_now", "share_now", "mean_then", "share_then"):
            assert np.average(rest[name], weights=rest["under5"]) == pytest.approx(everyone[name], rel=0.01)
        assert (table["share_change"] - (table["share_then"] - table["share_now"])).abs().max() < 1e-9
        assert (table["share_change"] >= 0).all(), "more sites, nobody farther"

    def test_by_hand(self, on, listed):
        """The most deprived fifth by sums over its neighbourhoods."""
        table = fairness_groups.groups_table(on, {"now": listed.reach}, "imd", 15)
        poor = listed.gaps[on.areas["imd_decile"] <= 2]
        share = 1 - poor["under5_beyond"].sum() / poor["under5_known"].sum()
        assert table["share_now"].iloc[0] == pytest.approx(share, abs=1e-3)
        assert fairness_groups.groups_said(table, "15 minutes' walk") == (
            "Within 15 minutes' walk: 56% of under-fives in the most deprived fifth of England, 8% in the least deprived "
            "fifth of England."
        )

    def test_what_closed(self, on, full, lost):
        table = fairness_groups.groups_table(on, fairness_groups.of_ledger(on, lost), "imd", 15)
        now = fairness_groups.groups_table(on, {"now": full.reach}, "imd", 15)
        assert (table["share_left"] == now["share_now"]).all()
        assert (table["mean_change"].dropna() >= 0).all()
        assert "with every centre open and with those left: 56% then 25%" in fairness_groups.groups_said(
            table, "a walk"
        )

    def test_no_such_groups(self, on, listed):
        with pytest.raises(RequestError, match="no groups by 'age'"):
            fairness_groups.groups_table(on, {"now": listed.reach}, "age", 15)


def test_an_order_that_is_none(on):
    with pytest.raises(RequestError, match="put in order by 'age'; there are imd, idaci, abroad"):
        fairness.families_of(on, "age")


def test_where_no_walk_is_known_nothing_is_said(island, on):
    with pytest.raises(RequestError, match="no walk to a children's centre is known here"):
        fairness.fairness(answer(island, Question(day=date(1990, 1, 1)), on=on))
