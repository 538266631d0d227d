"""The same report once more: every number is compared, and what differs is named."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from data.place import Place
from geo.changes import CloseSite
from geo.errors import InputError, RequestError
from layers.reports import replay as replaying
from layers.reports.gather import basis_of
from layers.reports.replay import replay
from layers.reports.run_json import run_from_text, run_text
from tests.layers.conftest import ISLAND

pytestmark = pytest.mark.xdist_group("reports")  # they share what is found for the island


@pytest.fixture(scope="module")
def first(report):
    """The report as its file has it."""
    return run_from_text(run_text(report), "run.json")


@pytest.fixture
def again(first, report, island, monkeypatch):
    """Compare a file with the report as it is now, ``then`` having been different."""

    def compare(now=report, place=island, **then):
        monkeypatch.setattr(replaying, "gather", lambda *_: now)
        return replay(replace(first, **then), place)

    return compare


def cell(run, table, row, column):
    found = run.tables[table]
    return found.rows[row][found.columns.index(column)]


def with_cells(run, table, changes, **more):
    """The tables of a file, some cells of one changed: ``{(row, column): value}``."""
    found = run.tables[table]
    rows = {key: list(row) for key, row in found.rows.items()}
    for (row, column), value in changes.items():
        rows[row][found.columns.index(column)] = value
    return {"tables": {**run.tables, table: replace(found, rows={k: tuple(row) for k, row in rows.items()}, **more)}}


def test_everything_is_the_same_when_it_is_gathered_anew(first, island):
    found = replay(first, island)
    compared = [table for key, table in first.tables.items() if key not in ("sources", "settings")]
    cells = sum(len(table.rows) * len(table.columns) for table in compared)
    assert found.same
    assert cells > 1000
    assert found.said() == (f"Every number is the same: {len(first.figures)} figures and {cells:,} cells.",)


def test_a_figure_that_differs_is_named(first, again):
    figures = {**first.figures, "under5_beyond": {**first.figures["under5_beyond"], "value": 4021}}
    found = again(figures=figures)
    now = first.figures["under5_beyond"]["value"]
    assert not found.same
    assert found.figures == (f"Under-fives beyond 15 minutes' walk: 4,021 then, {now:,} now",)
    assert found.verdict.startswith(f"Numbers differ: 1 of {len(first.figures)} figures, 0 differences in the tables;")
    assert "nothing that it rests on changed, so they were forged in the file, or Pramshed was" in found.verdict


def test_a_file_that_somebody_changed_names_what_is_forged(first, again):
    figures = {**first.figures, "under5_beyond": {**first.figures["under5_beyond"], "value": 4021}}
    for then, said in (
        ({"figures": figures}, "forged Under-fives beyond 15 minutes' walk: 4,021 then, .* now; expected the file as"),
        ({}, "somebody changed the file, though no number in it; expected"),
        ({"figures": figures, "basis": replace(first.basis, rules_version="0")}, "cannot be told, as 1 input changed"),
    ):
        with pytest.raises(InputError, match=said):
            again(altered=True, **then)


def test_a_base_that_differs_is_told_in_full(first, again):
    old = {**first.figures["under5_beyond"], "base": 6000, "said": "4,008 of 6,000 under-fives"}
    (said,) = again(figures={**first.figures, "under5_beyond": old}).figures
    assert said == (
        f"Under-fives beyond 15 minutes' walk: 4,008 of 6,000 under-fives then, "
        f"{first.figures['under5_beyond']['said']} now"
    )


def test_figures_that_are_new_or_gone(first, again, report):
    fewer = {key: figure for key, figure in first.figures.items() if key != "areas_far"}
    found = again(figures={**fewer, "more": {**first.figures["areas_far"], "label": "More"}})
    assert found.figures[0].startswith("More: ")
    assert found.figures[0].endswith(" then, not told now")
    assert found.figures[1].endswith(f"not told then, {report.figures['areas_far'].said} now")


def test_words_alone_are_no_number(first, again):
    figures = {key: {**figure, "said": "otherwise", "label": "Else"} for key, figure in first.figures.items()}
    assert again(figures=figures).same


def test_every_cell_is_compared(first, again):
    rows = list(first.tables["neighbourhoods"].rows)[:3]
    now = [cell(first, "neighbourhoods", rows[n], column) for n, column in ((0, "minutes_median"), (1, "under5"))]
    found = again(
        **with_cells(
            first, "neighbourhoods",
            {(rows[0], "minutes_median"): 99.5, (rows[1], "under5"): None, (rows[2], "under5"): "[c]"},
        )
    )  # fmt: skip
    names = [cell(first, "neighbourhoods", row, "area_name") for row in rows]
    assert found.cells == (
        f"neighbourhoods, {names[0]}, minutes_median: 99.5 then, {now[0]:g} now",
        f"neighbourhoods, {names[1]}, under5: not known then, {now[1]:g} now",
        f"neighbourhoods, {names[2]}, under5: [c] then, {cell(first, 'neighbourhoods', rows[2], 'under5'):g} now",
    )
    assert "0 of 10 figures, 3 differences in the tables" in found.verdict


def test_rows_columns_and_tables_that_are_new_or_gone(first, again):
    who = first.tables["who"]
    rows = dict(list(who.rows.items())[1:]) | {"new": ("Of the moon", *next(iter(who.rows.values()))[1:])}
    tables = {key: table for key, table in first.tables.items() if key != "lost"}
    tables |= {"who": replace(who, rows=rows), "extra": who}
    tables["certainty"] = replace(first.tables["certainty"], columns=("speed", "a", "b", "c"))
    found = again(tables=tables)
    assert {"who, Of the moon: a row then, none now", "who, Everyone: no row then, one now"} <= set(found.cells)
    assert {"lost: no table then, one now", "extra: a table then, none now"} <= set(found.cells)
    assert {"certainty, a: a column then, none now", "certainty, beyond_15: no column then, one now"} <= set(
        found.cells
    )


def test_columns_in_another_order_are_compared_by_name(first, again):
    who = first.tables["who"]
    rows = {key: row[::-1] for key, row in who.rows.items()}
    assert again(tables={**first.tables, "who": replace(who, columns=who.columns[::-1], rows=rows)}).same


def test_another_order_is_the_same(first, again, report):
    raw = json.loads(run_text(report))
    assert not run_from_text(json.dumps(raw, sort_keys=True), "run.json").altered
    who = first.tables["who"]
    assert again(tables={**first.tables, "who": replace(who, rows=dict(reversed(who.rows.items())))}).same


class TestInputs:
    def test_a_newer_file_is_named_with_its_vintages(self, first, again):
        streets, *rest = first.basis.sources
        assert streets["dataset"] == "streets"
        old = {**streets, "vintage": "2019-01-01", "sha256": "0" * 64}
        found = again(basis=replace(first.basis, sources=(old, *rest)))
        assert found.inputs == (f"streets: {streets['file']}, vintage 2019-01-01 -> {streets['vintage']}",)
        assert found.same
        assert found.verdict.endswith("; 1 input changed, but no number did.")

    def test_another_name_other_content_new_and_gone(self, first, again):
        streets, boundaries, third, *rest = first.basis.sources
        sources = (
            {**streets, "file": "old.pbf", "vintage": "2019", "sha256": "0" * 64},
            {**boundaries, "sha256": "0" * 64},
            {**third, "dataset": "hub_list", "file": "hubs.csv", "vintage": "2024", "sha256": "1" * 64},
            *rest,
        )
        assert again(basis=replace(first.basis, sources=sources)).inputs == (
            f"streets: old.pbf (vintage 2019) -> {streets['file']} (vintage {streets['vintage']})",
            f"boundaries: {boundaries['file']}, vintage {boundaries['vintage']}, other content",
            "hub list: hubs.csv, vintage 2024, no longer read",
            f"{third['dataset'].replace('_', ' ')}: {third['file']}, vintage {third['vintage']}, new",
        )

    def test_the_same_content_under_another_name_is_the_same(self, first, again):
        streets, *rest = first.basis.sources
        assert again(basis=replace(first.basis, sources=({**streets, "file": "copy.pbf"}, *rest))).inputs == ()

    def test_tables_rules_marks_and_the_program(self, first, again):
        tables = {
            **first.basis.tables,
            "areas.parquet": "0" * 64,
            "gazetteer.parquet": "0" * 64,
            "old.parquet": "1" * 64,
        }
        basis = replace(first.basis, tables=tables, rules_version="0", marks="a" * 64, place_name="Wight")
        assert again(basis=basis, program="0.0.9").inputs == (
            "place: Wight -> Isle of Wight",
            "table areas.parquet: other content",
            "table old.parquet: gone",
            f"walk rules: version 0 -> {first.basis.rules_version}",
            f"marks of the community: {'a' * 16} -> none read",
            "Pramshed: version 0.0.9 -> 0.1.0",
        )

    def test_a_table_that_somebody_changed_on_disk(self, again, tmp_path):
        folder = shutil.copytree(ISLAND, tmp_path / "island")
        with (folder / "centres.parquet").open("ab") as file:
            file.write(b"x")
        found = again(place=Place.open(folder))
        assert found.inputs == ("table centres.parquet: changed by hand, for it is not as the place was built",)
        assert not found.same
        assert found.verdict.endswith("; but 1 table of the place changed: centres.parquet.")

    def test_numbers_that_differ_with_the_inputs(self, first, again):
        figures = {**first.figures, "areas_far": {**first.figures["areas_far"], "value": 1}}
        found = again(figures=figures, basis=replace(first.basis, rules_version="0"))
        assert found.verdict.endswith("; 1 input changed.")
        assert found.said()[1:4] == ("What it rests on changed:", found.inputs[0].join(("- ", "")), "Figures:")


def test_a_long_list_is_cut(first, again):
    rows = list(first.tables["neighbourhoods"].rows)
    found = again(**with_cells(first, "neighbourhoods", {(row, "area_name"): "x" for row in rows}))
    assert len(found.cells) == 89
    assert found.said(20)[-1] == "- and 69 more"
    assert len(found.said(20)) == 1 + 1 + 20 + 1
    assert len(found.said()) == 1 + 1 + 89


def test_the_place_as_it_was_built_elsewhere(first, whole, tmp_path):
    """What a report rests on has no path and no day of building in it."""
    folder = shutil.copytree(ISLAND, tmp_path / "elsewhere")
    card = json.loads((folder / "place.json").read_text("utf-8"))
    card["sources"] = [{**source, "read": "2031-01-01"} for source in card["sources"]]
    (folder / "place.json").write_text(json.dumps(card), encoding="utf-8")
    assert basis_of(replace(whole, place=Place.open(folder))) == first.basis


def test_another_place_is_refused(first, small_place):
    with pytest.raises(RequestError, match=r"run\.json is a report on Isle of Wight \(E06000046\), not on Town"):
        replay(first, small_place)


def test_a_scenario_that_makes_no_sense_any_more(first, island):
    asked = first.request
    closing = replace(asked.question, changes=(CloseSite(site_id="99999"),))
    run = replace(first, request=replace(asked, question=closing, before=asked.question))
    with pytest.raises(InputError, match=r"run\.json: found a request that cannot be: .*99999.*; expected what can be"):
        replay(run, island)
