"""The maps of a report: colours, patterns, labels and symbols are those of its tables, and the words say what they show."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from layers.maps.choropleth import MISSING
from layers.maps.need_and_walk import luminance
from layers.maps.walk_layers import CHANGED
from layers.reports.content.findings import narrow
from layers.reports.content.maps import need_map
from layers.reports.gather import report_of
from layers.reports.report_map import SYMBOL_WORDS, Hatch
from tests.layers.reports.conftest import WARD
from tests.layers.reports.reader import cells

pytestmark = pytest.mark.xdist_group("reports")  # they share what is found for the island

HATCHES = set(get_args(Hatch))


def test_which_maps_there_are(report, ward_report):
    assert list(report.maps) == ["need", "walk"]
    assert list(ward_report.maps) == ["need"]


def test_every_class_on_a_map_is_in_its_legend(report, ward_reports):
    for one in (report, *ward_reports.values()):
        for drawn in one.maps.values():
            inside = drawn.areas[drawn.areas["inside"]]
            legend = {(entry.fill, entry.hatch) for entry in drawn.legend}
            assert set(zip(inside["fill"], inside["hatch"], strict=True)) <= legend, (one.key, drawn.key)
            assert len({entry.label for entry in drawn.legend}) == len(drawn.legend)
            assert len(legend) == len(drawn.legend)  # no two classes look alike, on paper without colour neither
            assert set(drawn.areas["hatch"]) <= HATCHES
            assert drawn.areas["fill"].str.fullmatch(r"#[0-9a-f]{6}", case=False).all()
            assert drawn.areas.crs.to_epsg() == 27700


def test_patterns_tell_far_from_near_without_colour(report):
    table, drawn = cells(report.tables["neighbourhoods"]), report.maps["need"].areas
    far = table["access_class"] == "far"
    assert set(drawn.loc[far.index[far], "hatch"]) == {"lines", "cross", "dense"}
    assert set(drawn.loc[table.index[table["access_class"] == "near"], "hatch"]) <= {"", "back", "gone"}


def test_classes_of_one_pattern_stay_apart_in_grey(report, closing):
    changed = report_of(closing, closing.request).maps["change"]
    for drawn in (*report.maps.values(), changed):
        greys = {}
        for entry in drawn.legend:
            greys.setdefault(entry.hatch, []).append(100 * luminance(entry.fill) ** (1 / 2.2))
        assert all(np.diff(sorted(alike)).min(initial=100) > 10 for alike in greys.values()), (drawn.key, greys)


def test_ranks_on_the_map_are_those_of_the_table(report, ward_reports):
    for one in (report, *ward_reports.values()):
        table = cells(one.tables["neighbourhoods"])["gap_rank"]
        labels = one.maps["need"].areas["label"]
        labels = labels[labels != ""]
        assert set(labels.index) <= set(table.index)
        assert {code: float(label) for code, label in labels.items()} == table[labels.index].to_dict()
        assert len(labels) == min(15, len(table))


def test_on_a_map_of_changes_ranks_stand_where_something_changes(closing):
    drawn = report_of(closing, closing.request).maps["change"]
    numbered = drawn.areas[drawn.areas["label"] != ""]
    assert 0 < len(numbered) < 15
    assert CHANGED.palette[2] not in set(numbered["fill"])
    assert "1 = highest" in drawn.about


def test_a_neighbourhood_without_a_rank_has_no_number(whole, ward_report):
    ranks = whole.asked.gaps["gap_rank"]
    gaps = whole.asked.gaps.assign(gap_rank=ranks.where(whole.areas["ward_code"] != WARD))
    found = narrow(replace(whole, asked=replace(whole.asked, gaps=gaps)), ward_report.request)
    drawn = need_map(found, ward_report.figures)
    assert (drawn.areas["label"] == "").all()


def test_sites_are_told_apart(report, whole):
    sites = report.maps["need"].sites
    assert set(sites["symbol"]) <= set(SYMBOL_WORDS)
    assert sites.index.is_unique
    assert (sites["symbol"] == "full").sum() == (whole.asked.sites["status"] == "open").sum() == 3
    assert (sites["symbol"] == "linked").sum() == 5
    proposed = sites[sites["symbol"] == "proposed"]
    assert set(proposed["name"]) == set(cells(report.tables["new_sites"])["name"])


def test_a_ward_is_drawn_with_what_is_round_it(ward_report, whole):
    drawn = ward_report.maps["need"]
    inside = set(whole.areas.index[whole.areas["ward_code"] == WARD])
    assert set(drawn.areas.index[drawn.areas["inside"]]) == inside
    assert len(drawn.areas) > len(inside)
    assert drawn.streets is not None
    assert drawn.streets["main"].any()
    assert (drawn.areas.loc[~drawn.areas["inside"], "label"] == "").all()


def test_alternative_text_says_the_figures(report, ward_reports):
    for one in (report, *ward_reports.values()):
        for drawn in one.maps.values():
            assert one.figures["areas_far"].said in drawn.alt
            assert drawn.alt.startswith("Map of ")
            assert drawn.alt.endswith(".")
            assert len(drawn.alt) < 600


def test_high_and_far_counted(report):
    table = cells(report.tables["neighbourhoods"])
    both = ((table["need_class"] == "high") & (table["access_class"] == "far")).sum()
    assert f" {both} neighbourhoods have high need and are far." in report.maps["need"].alt
    assert both == 15


def test_a_change_where_no_way_is_left_is_said(closed):
    """No walk gets longer there: there is none any more."""
    table = cells(closed.tables["changes"])
    left = (table["minutes_before"].notna() & table["minutes_after"].isna()).sum()
    assert f"most can no longer walk there in {left} neighbourhoods" in closed.maps["change"].alt
    assert left == 89
    assert set(closed.maps["change"].areas["fill"]) == {MISSING}
    assert set(closed.maps["change"].areas["hatch"]) == {"gone"}
    assert np.isnan(table["minutes_change"]).all()
