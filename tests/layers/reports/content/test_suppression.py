"""What the reports of an authority and of its wards keep back together, and that nobody can work it out."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from geo.errors import InputError
from geo.sensitivity import robustness
from layers.answers.question import Question
from layers.reports.content.area_tables import changes, neighbourhoods, wards, who
from layers.reports.content.basis_tables import certainty
from layers.reports.content.figures import figures_of
from layers.reports.content.findings import narrow
from layers.reports.content.suppression import one_column
from layers.reports.gather import report_of
from layers.reports.request import ReportRequest
from layers.reports.table import HIDDEN
from tests.layers.reports.conftest import DAY
from tests.layers.reports.reader import Reader, cells

pytestmark = pytest.mark.xdist_group("reports")  # they share what is found for the island

COUNT = "under5_beyond"
SITED = "E05013366"
"""A ward in which a new site would bring under-fives within the walk."""
SMALL = (0.5, 9.5)
"""Published as 1 to 9."""


def few(count):
    return 0 < round(count) < 10


def reports_of(whole, request, every):
    """What tells of counts in the authority's report, and in those of all wards that have any street data.

    Without ``every``, of those wards alone in which something is kept back: what the others tell, the authority's does.
    """
    request = replace(request, new_sites=0)
    kept = whole.areas["ward_code"][whole.kept.asked.areas]
    codes = sorted((whole.areas["ward_code"] if every else kept).unique())
    return [part for code in (None, *codes) if (part := part_of(whole, request, code))]


def part_of(whole, request, code):
    """The tables and figures of one of them; None where no walk is known."""
    try:
        found = narrow(whole, replace(request, ward=code))
    except InputError:
        return None
    tables = [neighbourhoods(found), who(found), certainty(found)]
    tables += [changes(found, whole.change)] if whole.change is not None else []
    tables += [wards(found)] if code is None else []
    return SimpleNamespace(
        request=found.request, tables={one.key: one for one in tables}, figures=figures_of(found), key=code or "all"
    )


def reader_of(whole, reports):
    """Somebody who has read these reports."""
    reader = Reader(whole)
    for one in reports:
        reader.read(one)
    return reader


@pytest.fixture(scope="module")
def informed(whole, report, ward_reports):
    """Somebody who has read all reports of the island."""
    return reader_of(whole, [report, *ward_reports.values()])


def require_protected(whole, reader, least_room=2.0):
    """Of each count kept back more than one whole number is possible; of a small one, all from 0 to 10."""
    ends, true = reader.ends(), whole.asked.gaps[COUNT]
    assert len(ends)
    assert (ends["least"] <= true[ends.index] + 1e-6).all()  # what the reader knows is true
    assert (ends["most"] >= true[ends.index] - 1e-6).all()
    assert (ends["most"] - ends["least"] > least_room).all(), ends[ends["most"] - ends["least"] <= least_room]
    small = ends[[few(count) for count in true[ends.index]]]
    assert (small["least"] < SMALL[0]).all(), small
    assert (small["most"] > SMALL[1]).all(), small


def test_every_count_below_ten_is_kept_back_and_little_else(whole, report):
    table, true = report.tables["neighbourhoods"], whole.asked.gaps[COUNT]
    kept = table.hidden[COUNT]
    assert {code for code, count in true.items() if few(count)} <= set(kept.index[kept])
    assert kept.sum() < 20
    assert not report.figures[COUNT].hidden


def test_neither_subtraction_nor_anything_else_gives_it_away(whole, informed):
    require_protected(whole, informed)


@pytest.mark.real
def test_leeds_gives_nothing_away(leeds_whole, asked, thorough):
    require_protected(leeds_whole, reader_of(leeds_whole, reports_of(leeds_whole, asked, thorough)))


def test_the_reader_finds_out_where_nothing_protects(whole, informed):
    """With a ward's sum and its other counts told besides, the last one falls: the reader above is no fool."""
    reader, true = informed.copy(), whole.asked.gaps[COUNT]
    code = reader.index[reader.hidden][0]
    ward = (whole.areas["ward_code"] == whole.areas.loc[code, "ward_code"]).to_numpy()
    reader.told(ward, round(true[ward].sum()))
    for other in reader.index[ward & (reader.index != code)]:
        reader.told(reader.index == other, round(true[other]))
    ends = reader.ends().loc[code]
    assert ends["least"] <= true[code] <= ends["most"]
    assert ends["most"] - ends["least"] < 3


def test_what_is_kept_back_is_not_in_the_row_another_way(whole, report, ward_reports):
    true = whole.asked.gaps
    for one in (report, *ward_reports.values()):
        table = one.tables["neighbourhoods"]
        kept = table.hidden.index[table.hidden[COUNT]]
        assert cells(table).loc[kept, [COUNT, "within_share"]].isna().all(axis=None)
        text = table.text().loc[kept]
        assert (text[[COUNT, "within_share"]] == HIDDEN).all(axis=None)
        assert "born_outside_uk_beyond" not in cells(table)  # homes share out both alike
        assert not text["reason"].str.contains("live beyond").any()
        for code in kept:
            said = f"{true.loc[code, COUNT]:.0f} of"
            assert not re.search(rf"\b{said}", " ".join(text.loc[code]))


def test_ranks_are_those_of_the_dashboard_and_need_does_not_narrow_them_down(whole, report):
    """A rank lies between its neighbours', so that with its need it would tell the count: the need is kept back."""
    table = report.tables["neighbourhoods"]
    assert cells(table)["gap_rank"].equals(whole.asked.gaps["gap_rank"].sort_values().rename("gap_rank"))
    assert (table.text().loc[table.hidden[COUNT], "need_score"] == HIDDEN).all()
    labels = report.maps["need"].areas["label"]
    assert {int(label): code for code, label in labels[labels != ""].items()} == {
        int(rank): code for code, rank in cells(table)["gap_rank"].head(15).items()
    }


def test_the_place_of_a_ward_does_not_tell_its_count(report):
    wards = report.tables["wards"]
    kept = wards.hidden[COUNT].to_numpy()
    assert kept.any()
    assert kept.argmax() == len(kept) - kept.sum()  # they stand last, by their names
    assert list(cells(wards)["ward_name"][kept]) == sorted(cells(wards)["ward_name"][kept])


def test_headlines_kept_back_are_not_told_by_other_figures(whole, ward_reports):
    kept = {code: one for code, one in ward_reports.items() if one.figures[COUNT].hidden}
    assert len(kept) >= 2
    for code, one in kept.items():
        true = round(whole.asked.gaps[COUNT][whole.areas["ward_code"] == code].sum())
        assert np.isnan(one.figures[COUNT].value)
        bring = one.figures.get("new_sites_bring")
        if bring is not None:
            assert bring.hidden
            assert np.isnan(bring.base)
            assert (one.tables["new_sites"].text()[["adds", "within"]] == HIDDEN).all(axis=None)
        said = [one.answer, *(text for part in one.sections for text in (*part.text, *part.points))]
        said += [drawn.alt for drawn in one.maps.values()]
        assert not re.search(rf"(?<![\d,.]){true:,}(?![\d,.]) (of|under)", " ".join(said)), one.key


def test_a_headline_kept_back_is_not_told_by_the_base_of_what_new_sites_bring(whole, asked):
    found = narrow(whole, replace(asked, ward=SITED, new_sites=1))
    assert figures_of(found)["new_sites_bring"].base == figures_of(found)[COUNT].value
    totals = pd.Series(data=True, index=found.kept.asked.totals.index)
    kept = replace(found.kept, asked=replace(found.kept.asked, totals=totals))
    bring = figures_of(replace(found, kept=kept))["new_sites_bring"]
    assert bring.hidden
    assert np.isnan([bring.value, bring.base]).all()


def test_grid_keeps_back_what_lies_close(whole, ward_reports):
    """A longer walk leaves no more beyond, so that two told counts around one that is not would tell it."""
    for code, one in ward_reports.items():
        if not one.figures[COUNT].hidden:
            continue
        inside = whole.areas["ward_code"] == code
        true = whole.asked.gaps.loc[inside, COUNT].sum()
        told = cells(one.tables["certainty"]).drop(columns="speed").to_numpy(float)
        assert not (np.abs(told - true) < 9).any(), one.key


def test_grid_counts_below_ten_are_kept_back(whole, report, ward_reports):
    wards = whole.sure.beyond.groupby(whole.areas["ward_code"]).sum()
    columns = [f"beyond_{minutes:g}" for minutes in (12, 15, 20)]
    hidden = {}
    for code, one in ward_reports.items():
        table = one.tables["certainty"]
        for speed in (4.8, 4.0, 3.2):
            for minutes, column in zip((12.0, 15.0, 20.0), columns, strict=True):
                true, kept = wards.loc[code, (speed, minutes)], table.hidden.loc[f"{speed:g}", column]
                assert kept or not few(true)
                hidden.setdefault((speed, minutes), []).append(bool(kept))
    shown = ~report.tables["certainty"].hidden[columns]
    for (speed, minutes), each in hidden.items():  # one alone would be the authority's less all others
        if shown.loc[f"{speed:g}", f"beyond_{minutes:g}"]:
            assert sum(each) != 1


def test_ledger_of_wards_and_authority(whole, report, ward_reports):
    """By ward and closure, with the sums of both told."""
    total = cells(report.tables["lost"])["under5"]
    kept = {}
    for code, one in ward_reports.items():
        if "lost" in one.tables:
            table = one.tables["lost"]
            for site, count in cells(table)["under5"].items():
                true = whole.taken.loc[whole.areas["ward_code"] == code, site].sum()
                assert table.hidden.loc[site, "under5"] or not few(true)
                assert table.hidden.loc[site, "under5"] or count == round(true)
                kept.setdefault(site, []).append(bool(table.hidden.loc[site, "under5"]))
    for site, each in kept.items():
        assert np.isnan(total[site]) or sum(each) != 1, site


def test_a_scenario_tells_no_change_of_what_is_kept_back(whole, closing, thorough):
    found, reports = closing, reports_of(closing, closing.request, thorough)
    table = reports[0].tables["changes"]
    parts = table.hidden[["under5_beyond_before", "under5_beyond_after"]].any(axis=1)
    assert parts.any()
    assert table.hidden["under5_beyond_change"].equals(parts)
    assert cells(table).loc[parts, "under5_beyond_change"].isna().all()
    before, after, change = (cells(table)[f"under5_beyond_{name}"] for name in ("before", "after", "change"))
    assert (after - before)[~parts].equals(change[~parts])
    true = whole.asked.gaps[COUNT]
    assert (before.dropna() == true[before.dropna().index].round()).all()
    plain = whole.kept.asked.areas
    assert not (plain & ~found.kept.before.areas).any()  # what today's report keeps back, this one does
    require_protected(found, reader_of(found, reports))


def test_a_count_that_both_have_alike_is_kept_back_in_both(closing):
    found = closing
    asked, before = found.asked.gaps[COUNT], found.before.gaps[COUNT]
    alike = asked == before
    assert alike.any()
    assert found.kept.asked.areas[alike].equals(found.kept.before.areas[alike])


def test_two_days_alike_keep_back_the_same(two_days):
    assert two_days.kept.asked.areas.equals(two_days.kept.before.areas)
    assert report_of(two_days, two_days.request).figures["under5_beyond_change"].value == 0


def test_chosen_areas_keep_back_what_the_authority_does(whole):
    codes = tuple(whole.areas.index[:20])
    one = report_of(whole, ReportRequest(question=Question(day=DAY), areas=codes))
    kept = one.tables["neighbourhoods"].hidden[COUNT]
    assert not (whole.kept.asked.areas[list(codes)] & ~kept[list(codes)]).any()


def test_one_column_by_hand():
    assert one_column(pd.Series([3.0, 50, 60])).to_list() == [True, True, False]
    assert one_column(pd.Series([30.0, 50, 60])).to_list() == [False, False, False]


def test_robustness_is_what_it_was_asked_of(whole):
    """The grid's middle cell is the headline itself."""
    again = robustness(
        whole.areas, whole.ground.origins, whole.asked.reach, homes=whole.ground.homes,
        profile_speed_kmh=4.0, walk=whole.asked.question.walk,
    )  # fmt: skip
    assert again.beyond[4.0, 15.0].sum() == pytest.approx(whole.asked.gaps[COUNT].sum())
    assert json.dumps(again.asked) == "[4.0, 15.0]"
