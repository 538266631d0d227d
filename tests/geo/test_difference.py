"""Before, after and the difference: by area, by person, and in a sentence whose numbers agree with each other."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.difference import CHANGE_COLUMNS, Difference, crossed, difference, in_words, under_fives
from geo.gaps import Walk, gaps
from geo.homes import Homes
from tests.geo.rows import area_table, home_table
from tests.geo.test_groups import walk_of

CODES = ["E01000001", "E01000002"]
CHILDREN = {"a": 6, "b": 3, "c": 1, "d": 8, "e": 2}
AREA_OF = [CODES[0]] * 3 + [CODES[1]] * 2


def compared(before, after, *, children=CHILDREN, minutes=15, spoil=lambda homes: homes, ask=difference):
    areas = area_table(CODES)
    homes = spoil(home_table({name: ((0, 0), count) for name, count in children.items()}, AREA_OF))
    reach = [
        walk.set_index(homes.index).assign(site_id="s", metres=walk["minutes"].to_numpy() * 66)
        for walk in (before, after)
    ]
    tables = [gaps(areas, homes, one, walk=Walk(minutes=minutes)) for one in reach]
    on = (areas,) if ask is difference else ()
    return ask(*on, homes, Homes.of(areas, homes), reach=tuple(reach), gaps=tuple(tables), minutes=minutes)


class TestByHand:
    """Five homes of two areas."""

    def test_areas_before_and_after(self):
        found = compared(walk_of(5, 16, 20, 10, 40), walk_of(20, 16, 20, 10, 4)).areas
        assert list(found.columns) == list(CHANGE_COLUMNS)
        first, second = (found.loc[code] for code in CODES)
        # six of ten at 5, then at 20: half of ten is reached at 5, then at 20 (three at 16, then seven)
        assert first[["minutes_before", "minutes_after", "minutes_change"]].tolist() == [5, 20, 15]
        assert first[["under5_beyond_before", "under5_beyond_after", "under5_beyond_change"]].tolist() == [4, 10, 6]
        assert first[["access_before", "access_after"]].tolist() == ["near", "far"]
        assert second[["under5_beyond_before", "under5_beyond_after", "under5_beyond_change"]].tolist() == [2, 0, -2]

    def test_whose_walk_grew_and_shrank(self):
        found = compared(walk_of(5, 16, 20, 10, 40), walk_of(20, 16, 20, 10.5, 4))
        assert found.longer.to_dict() == {"residents": 140, "under5": 14, "under2": 7, "born_outside_uk": 28}
        assert found.shorter.to_dict() == {"residents": 20, "under5": 2, "under2": 1, "born_outside_uk": 4}
        assert found.under5_minutes == pytest.approx(6 * 15 + 8 * 0.5 - 2 * 36)

    def test_losing_and_finding_a_way_is_told_apart_from_longer_and_shorter(self):
        found = compared(walk_of(5, "no_route", 20, 10, 40), walk_of("no_route", 16, 20, 10, 40))
        assert (found.stranded["under5"], found.joined["under5"]) == (6, 3)
        assert (found.longer["under5"], found.shorter["under5"]) == (0, 0)
        assert found.under5_minutes == 0
        assert in_words(found, Walk()) == (
            "6 more under-fives would live beyond 15 minutes' walk of a children's centre: 12 of 20, up from 6. "
            "6 under-fives can no longer walk there. 3 under-fives can now walk there."
        )
        assert np.isnan(found.areas.loc[CODES[0], "minutes_after"])

    def test_who_came_out_of_reach_and_into_it(self):
        found = compared(walk_of(5, 16, "no_route", 15, 40), walk_of(20, 16, 9, "no_route", 15), ask=crossed)
        assert found.loc[CODES[0]].tolist() == [6, 1]
        assert found.loc[CODES[1]].tolist() == [8, 2], "15 minutes are within 15 minutes"
        off = "off_network"
        found = compared(walk_of(5, 5, off, off, 40), walk_of(20, 9, off, off, 1), ask=crossed)
        assert found.loc[CODES[0]].tolist() == [6, 0]
        assert found.loc[CODES[1]].isna().all(), "eight of ten are off the streets"

    def test_homes_that_no_sum_is_made_of_are_left_out(self):
        off = "off_network"
        found = compared(walk_of(5, 5, off, off, 40), walk_of(9, 9, off, off, 1))
        assert (found.longer["under5"], found.shorter["under5"]) == (9, 0)  # eight of ten of the second are off
        assert found.under5_minutes == pytest.approx(9 * 4)
        assert found.areas.loc[CODES[1]].drop(["access_before", "access_after"]).isna().all()

    def test_figures_not_known(self):
        found = compared(
            walk_of(5, 5, 5, 5, 5),
            walk_of(9, 9, 9, 9, 9),
            spoil=lambda homes: homes.assign(under5=np.nan, under2=np.nan),
        )
        assert np.isnan([found.longer["under5"], found.longer["under2"], found.under5_minutes]).all()
        assert found.longer["residents"] == 200
        assert (
            in_words(found, Walk())
            == "Under-fives are not known here, so the difference cannot be counted in children."
        )

    def test_groups_are_of_both_walks(self):
        found = compared(walk_of(5, 16, 20, 10, 40), walk_of(20, 16, 20, 10, 4)).groups
        row = found.loc[("everyone", "everyone")]
        columns = ["under5", "beyond_before", "beyond_after", "median_before", "median_after"]
        assert row[columns].tolist() == [20, 6, 10, 10, 10]  # after: 4 for two, 10 for eight


class TestInWords:
    """Singular, plural, none; and a difference that is the difference of the numbers shown."""

    def test_more(self):
        found = compared(walk_of(5, 16, 20, 10, 40), walk_of(20, 16, 20, 10, 4))
        assert in_words(found, Walk()) == (
            "4 more under-fives would live beyond 15 minutes' walk of a children's centre: 10 of 20, up from 6. "
            "The walk gets longer for 6 under-fives. The walk gets shorter for 2 under-fives."
        )

    def test_fewer_and_one(self):
        found = compared(walk_of(5, 16, 20, 10, 40), walk_of(5, 16, 10, 10, 40))
        assert in_words(found, Walk(to="a family hub", minutes=15)) == (
            "1 fewer under-five would live beyond 15 minutes' walk of a family hub: 5 of 20, down from 6. "
            "The walk gets shorter for 1 under-five."
        )
        assert in_words(compared(walk_of(5, 6, 10, 10, 4), walk_of(5, 6, 20, 10, 4)), Walk()).startswith(
            "1 more under-five would live beyond"
        )

    def test_as_many_though_walks_change(self):
        found = compared(walk_of(5, 6, 20, 10, 40), walk_of(7, 6, 20, 10, 40))
        assert in_words(found, Walk()) == (
            "No change in number: 3 of 20 under-fives still live beyond 15 minutes' walk of a children's centre. "
            "The walk gets longer for 6 under-fives."
        )

    def test_nothing_changes(self):
        same = walk_of(5, 6, 20, 10, 40)
        assert in_words(compared(same, same), Walk()) == (
            "Nothing changes: as before, 3 of 20 under-fives live beyond 15 minutes' walk of a children's centre."
        )

    def test_a_change_for_nobody_under_five_is_still_a_change(self):
        found = compared(
            walk_of(5, 6, 20, 10, 40), walk_of(5, 6, 30, 10, 40),
            spoil=lambda homes: homes.assign(under5=homes["under5"].where(homes["under5"] != 1, 0.0)),
        )  # fmt: skip
        assert in_words(found, Walk()).endswith("The walk gets longer for 0 under-fives.")

    @given(st.floats(0, 3e4), st.floats(0, 3e4), st.floats(0, 3e4))
    def test_the_difference_said_is_that_of_the_numbers_said(self, before, after, more):
        some = pd.Series(dict.fromkeys(("residents", "under5", "under2", "born_outside_uk"), 1.0))
        groups = pd.DataFrame(
            {"under5": [max(before, after) + more], "beyond_before": [before], "beyond_after": [after]}
        )
        found = Difference(
            areas=pd.DataFrame(), groups=groups, longer=some, shorter=0 * some, stranded=0 * some, joined=0 * some,
            under5_minutes=0.0,
        )  # fmt: skip
        said = in_words(found, Walk())
        change = re.match(r"([\d,]+) (more|fewer) under-fives? would", said)
        shown = re.search(r": ([\d,]+) of [\d,]+(?: under-fives still|, (?:up|down) from ([\d,]+)\.)", said)
        new = int(shown[1].replace(",", ""))
        if change is None:
            assert said.startswith("No change in number: ")
            assert new == round(before) == round(after)
            return
        old = int(shown[2].replace(",", ""))
        step = int(change[1].replace(",", ""))
        assert new - old == (step if change[2] == "more" else -step)
        assert abs(new - after) <= 0.5
        assert abs(old - before) <= 0.5
        assert ("under-five would" in said) == (step == 1)


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 under-fives"), (0.4, "0 under-fives"), (0.6, "1 under-five"), (1, "1 under-five"), (1.5, "2 under-fives"), (2775.04, "2,775 under-fives")],
)  # fmt: skip
def test_under_fives(count, said):
    assert under_fives(count) == said
