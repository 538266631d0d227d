"""One source for each number: what sentences, tables, maps and figures say is the same."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from geo.errors import InputError, RequestError
from layers.answers.question import Question
from layers.reports.gather import gather, marks_hash, report_of
from layers.reports.report import Report
from layers.reports.request import ReportRequest
from layers.reports.table import DECIMALS, UNKNOWN
from tests.data.store import public_marks
from tests.layers.reports.conftest import DAY, WARD
from tests.layers.reports.reader import cells

pytestmark = pytest.mark.xdist_group("reports")  # they share what is found for the island

NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)")
CONSTANTS = {
    "0", "1", "2", "3", "4", "5", "10", "15", "100", "250", "2013", "2019", "2020", "2021", "2023", "2024", "2025", "2026",
    "1,000", "2011", "2022", "30", "2016", "7", "12", "20",
}  # fmt: skip
"""Thresholds, days, years, kilometres per hour, and small words as "one of 5"."""
WEIGHED = ("runs", "fair", "guidance", "access", "barriers")
"""Sections whose sentences are those of commands (`test_one_truth`), with numbers of their own."""


def sentences(report: Report):
    """Every sentence that a reader meets, by where it stands."""
    yield "title", report.title
    yield "subtitle", report.subtitle
    yield "answer", report.answer
    for part in report.sections:
        for text in (part.heading, *part.text, *part.points, *part.careful):
            yield part.key, text
    for drawn in report.maps.values():
        for text in (drawn.title, drawn.about, drawn.alt, *(entry.label for entry in drawn.legend)):
            yield f"map {drawn.key}", text
    for table in report.tables.values():
        for text in (table.title, table.about, *(column.about for column in table.columns)):
            yield f"table {table.key}", text
    yield from (("caution", text) for text in report.cautions)


def numbers_of(report: Report) -> set[str]:
    """Every number that a figure, a cell or a setting says."""
    said = set()
    for figure in report.figures.values():
        said |= set(NUMBER.findall(figure.said))
    for table in report.tables.values():
        for cells_of in table.text().to_dict("list").values():
            said |= set(NUMBER.findall(" | ".join(map(str, cells_of))))
    return said


def check_numbers(report: Report, besides=()):
    known = numbers_of(report) | CONSTANTS | set(besides)
    lost = {
        (where, number)
        for where, text in sentences(report)
        for number in NUMBER.findall(text)
        if number not in known and where not in {"data", "method", *WEIGHED} and not where.startswith("map walk")
    }
    assert not lost


def counts_of(report: Report) -> set[str]:
    """Numbers of areas and of candidates, which no table lists: counted here."""
    need = cells(report.tables["neighbourhoods"]) if report.request.ward is None else None
    if need is None:
        return set()
    high, far = need["need_class"] == "high", need["access_class"] == "far"
    some = need["off_network_share"].round(3) >= 0.005
    return {f"{n}" for n in (high.sum(), (high & far).sum(), some.sum(), len(need), 8, 63, 20, 9)}


def test_every_number_of_a_sentence_is_one_of_a_figure_or_table(report):
    check_numbers(report, counts_of(report))


def test_the_same_in_every_ward(ward_reports):
    for one in ward_reports.values():
        check_numbers(one, {"63", "89", "8"})


def test_sentences_are_whole(report, ward_reports):
    for one in (report, *ward_reports.values()):
        for where, text in sentences(one):
            assert text == text.strip(), where
            assert text, where
            assert not re.search(r"  |nan|None(?! of)|NaT|\{|\}|\binf\b|<NA>", text), text
            assert not re.search(r"(?<!\.)\b1 (neighbourhoods|sites|under-fives|changes|minutes)\b", text), text


def test_figures_are_whole(report, ward_reports):
    for one in (report, *ward_reports.values()):
        for key, figure in one.figures.items():
            assert key == figure.key
            assert np.isnan(figure.value) == (figure.said == "not known")
            assert not re.search(r"nan|\b1 of 1 \w+s\b", figure.said), figure.said
            if not np.isnan(figure.base):
                assert 0 <= figure.value <= figure.base


def test_tables_are_as_published(report, ward_reports):
    for one in (report, *ward_reports.values()):
        for key, table in one.tables.items():
            values, text = cells(table), table.text()
            assert key == table.key
            assert list(values) == [column.key for column in table.columns]
            assert values.index.is_unique
            for column in table.columns:
                if column.numeric:
                    numbers = values[column.key].astype(float)
                    assert numbers.round(DECIMALS[column.kind]).equals(numbers)
                    assert ((text[column.key] == UNKNOWN) == numbers.isna()).all()
                assert column.about.endswith((".", ")"))


def test_sections_show_what_there_is(report, ward_reports):
    for one in (report, *ward_reports.values()):
        shown = [what for part in one.sections for what in part.shows]
        assert len(shown) == len(set(shown))
        for what in shown:
            kind, key = what.split(":")
            assert key in (one.tables if kind == "table" else one.maps)
        assert len({part.key for part in one.sections}) == len(one.sections)


def test_a_part_has_what_is_known_of_it_and_nothing_of_the_whole(report, ward_report):
    assert set(WEIGHED) <= {part.key for part in report.sections}
    assert {part.key for part in ward_report.sections}.intersection(WEIGHED) == {"access", "barriers"}
    here, every = (cells(one.tables["barriers"]) for one in (ward_report, report))
    assert here["near"].str.contains("Ventnor|Bonchurch|Lowtherville").all()
    shared = here.index.intersection(every.index)
    assert here.loc[shared].equals(every.loc[shared])  # ranks are those of the place


def test_report_of_a_ward(ward_report, whole):
    assert ward_report.request.ward == WARD
    assert set(cells(ward_report.tables["neighbourhoods"]).index) == set(
        whole.areas.index[whole.areas["ward_code"] == WARD]
    )
    assert ward_report.key.startswith("isle-of-wight-")
    assert re.fullmatch(r"[a-z0-9-]+", ward_report.key)
    assert "wards" not in ward_report.tables


def test_gathering_again_on_ground_that_is_open_gives_the_same(report, island, asked, whole):
    again = gather(island, asked, on=whole.ground)
    assert again.figures == report.figures
    assert again.sections == report.sections
    for key, table in report.tables.items():
        assert table.text().equals(again.tables[key].text()), key


def test_basis_names_what_it_rests_on(report, island):
    basis = report.basis
    assert (basis.place, basis.authority_code, basis.fingerprint) == (
        "isle-of-wight",
        "E06000046",
        island.card.fingerprint,
    )
    assert set(basis.tables) >= {"areas.parquet", "origins.parquet"}
    assert all(len(source["sha256"]) == 64 for source in basis.sources)
    assert basis.marks == ""


def test_names_of_files_are_plain(whole):
    named = ReportRequest(question=Question(day=DAY), areas=(whole.areas.index[0],), name='../../etc/<b>Été "x" مكان')
    assert report_of(whole, named).key.startswith("isle-of-wight-etc-b-ete-x-")


def test_marks_hash_does_not_hang_on_their_order():
    from layers.answers.community_sites import Published

    marks = public_marks.table_of([public_marks.draft(name=name) for name in ("One", "Two", "Three")])
    other = marks.assign(name=["One", "Two", "Four"])
    assert marks_hash(Published(1, marks)) == marks_hash(Published(9, marks.iloc[::-1]))
    assert marks_hash(Published(1, marks)) != marks_hash(Published(1, other))


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"ward": "E05000000"}, "no ward 'E05000000' here; there are E05013"),
        ({"areas": ("E01000000",)}, "no neighbourhood 'E01000000' in this place"),
        (
            {"question": Question(day=date(1990, 1, 1))},
            "a report is of a day from 1 January 2000 on, not of 1 January 1990",
        ),
        ({"question": Question(day=DAY, counting="hubs")}, "family hubs"),
    ],
)
def test_bad_requests_are_refused_in_a_line(island, request_, words):
    with pytest.raises((RequestError, InputError)) as refused:
        gather(island, ReportRequest(**{"question": Question(day=DAY)} | request_))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_scenario_compares(closing):
    one = report_of(closing, replace(closing.request, new_sites=1))
    before, after, change = (one.figures[f"under5_beyond{name}"] for name in ("_before", "", "_change"))
    assert change.value == after.value - before.value
    assert before.value == 4008
    check_numbers(one, counts_of(one) | {"64", "7"} | set(NUMBER.findall(" ".join(one.sections[0].text))))
