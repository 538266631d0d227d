"""The file that replays a report: it holds every number as published, and a spoilt one is refused in one line."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from geo.errors import InputError
from layers.reports import run_json
from layers.reports.request import hash_of
from layers.reports.run_json import checksum_of, read_run, run_from_text, run_of, run_text
from tests.layers.reports.made import CODES, HOSTILE, NAMES, made_report


@pytest.fixture(scope="module")
def report():
    return made_report()


@pytest.fixture
def raw(report):
    """What the file holds, to be spoilt."""
    return json.loads(run_text(report))


def sealed(raw):
    """The same with hash and checksum that match it, as a forger would write it."""
    basis = raw["basis"]
    raw["hash"] = hash_of(
        raw["request"], fingerprint=basis["fingerprint"], rules_version=basis["rules_version"], marks=basis["marks"]
    )
    return raw | {"checksum": checksum_of(raw)}


def refused(raw):
    """What is said of it: one line, the file first."""
    with pytest.raises(InputError) as fault:
        run_from_text(json.dumps(raw), "run.json")
    said = str(fault.value)
    assert said.startswith("run.json")
    assert len(said.splitlines()) == 1
    assert len(said) < 500
    return said


class TestWriting:
    def test_figures_are_as_published(self, raw):
        assert raw["figures"]["under5_beyond"] == {
            "label": "Under-fives beyond 15 minutes' walk", "value": 163, "base": 439, "unit": "under-fives",
            "base_unit": "under-fives whose walk is known",
            "said": "163 of 439 under-fives whose walk is known (37%)",
        }  # fmt: skip
        assert raw["figures"]["areas_far"]["value"] == 3

    def test_cells_are_as_published(self, raw):
        table = raw["tables"]["neighbourhoods"]
        assert table["index"] == "area_code"
        assert table["columns"][:5] == ["rank", "area_name", "minutes", "under5", "under5_beyond"]
        rows = table["rows"]
        assert list(rows) == list(CODES)
        assert rows[CODES[0]][:6] == [1, HOSTILE, 24.46, 66, 66, 0]
        assert rows[CODES[1]][4:6] == [50, 0.378]
        assert rows[CODES[3]][:6] == [4, NAMES[3], None, 41, 12, 0.71]
        assert rows[CODES[5]][0] is None
        assert rows[CODES[5]][5] is None

    def test_days_and_rows_without_a_name(self, raw):
        rows = raw["tables"]["lost"]["rows"]
        assert rows["20001"] == [HOSTILE, "2016-03-07", 312, -3]
        assert rows["20002"][1] is None
        assert raw["tables"]["settings"]["rows"] == {"0": ["Threshold", "15 minutes", "1,000 m at 4 km/h"]}

    def test_what_it_says_of_itself(self, raw, report):
        assert (raw["format"], raw["version"], raw["program"]) == ("pramshed-report", 2, "0.1.0")
        assert raw["request"]["place"] == raw["basis"]["place"] == "made-up"
        assert raw["request"]["question"]["day"] == "2026-11-22"
        assert raw["basis"]["sources"][0]["sha256"] == "cd" * 32
        assert re.fullmatch("[0-9a-f]{16}", raw["hash"])
        assert raw["credits"] == list(report.credits)

    def test_the_same_report_has_the_same_text(self, report):
        assert run_text(report) == run_text(made_report())
        assert "NaN" not in run_text(report)

    def test_two_rows_of_one_name_are_not_lost(self, report):
        table = report.tables["settings"]
        twice = [0, 0]
        table = replace(table, values=table.values.loc[twice])
        with pytest.raises(ValueError, match="settings has two rows of one name"):
            run_of(replace(report, tables={"settings": table}))

    def test_another_question_or_place_has_another_hash(self, report):
        asked = replace(report.request, question=replace(report.request.question, minutes=20))
        basis = replace(report.basis, fingerprint="fedcba9876543210")
        found = {
            run_of(each)["hash"] for each in (report, replace(report, request=asked), replace(report, basis=basis))
        }
        assert len(found) == 3


class TestReading:
    def test_what_was_written(self, report, tmp_path):
        path = tmp_path / "run.json"
        path.write_text(run_text(report), encoding="utf-8")
        found = read_run(path)
        assert found.request == report.request
        assert found.basis == report.basis
        assert found.hash == run_of(report)["hash"]
        assert found.tables == run_json.tables_of(report)
        assert found.figures == run_json.figures_of(report)

    def test_however_it_is_laid_out(self, raw):
        other = "\ufeff" + json.dumps(dict(reversed(raw.items())), indent=4)
        assert run_from_text(other, "run.json").figures["under5_beyond"]["value"] == 163

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            (("request", "question", "minutes"), 20.0), (("request", "ward"), "E05013370"),
            (("basis", "fingerprint"), "f" * 16), (("basis", "rules_version"), "2"), (("basis", "marks"), "a"),
            (("hash",), "0" * 16),
        ],
    )  # fmt: skip
    def test_a_changed_request_or_basis_is_refused(self, raw, path, value):
        held = raw
        for step in path[:-1]:
            held = held[step]
        held[path[-1]] = value
        assert "which does not match: somebody changed the file" in refused(raw)

    def test_a_changed_number_or_source_is_noticed(self, raw):
        assert not run_from_text(json.dumps(raw), "run.json").altered
        raw["basis"]["sources"][0]["vintage"] = "2027"
        assert run_from_text(json.dumps(raw), "run.json").altered
        raw["basis"]["sources"][0]["vintage"] = "2026"
        raw["figures"]["under5_beyond"]["value"] = 162
        assert run_from_text(json.dumps(raw), "run.json").altered

    @pytest.mark.parametrize(
        ("spoil", "said"),
        [
            (lambda raw: raw.update(format="pramshed-scenario"), "found something else; expected the run.json of a report"),
            (lambda raw: raw.update(version=1), "found 1; expected version 2 of the format"),
            (lambda raw: raw.update(version=True), "found True; expected version 2"),
            (lambda raw: raw.pop("figures"), "found no figures; expected all fields"),
            (lambda raw: raw.update(more=1), "found 'more' besides"),
            (lambda raw: raw.update(basis=[]), "column 'basis': found []; expected named values"),
            (lambda raw: raw["basis"].pop("marks"), "basis: found"),
            (lambda raw: raw["basis"].update(fingerprint=1), "column 'fingerprint': found 1; expected text"),
            (lambda raw: raw["basis"]["tables"].update({"areas.parquet": None}), "areas.parquet"),
            (lambda raw: raw["basis"].update(sources=[{}]), "found source 1 without"),
            (lambda raw: raw["request"].update(place="leeds"), "expected one place in request and basis"),
            (lambda raw: raw["request"].pop("ward"), "no ward"),
            (lambda raw: raw["request"]["question"].update(minutes=-5), "expected a question that can be asked"),
            (lambda raw: raw["figures"].update(few=1), "column 'figure': found 1; expected named values"),
            (lambda raw: raw["figures"]["few"].pop("said"), "figure 'few': found"),
            (lambda raw: raw["figures"]["few"].update(base="many"), "column 'base': found 'many'; expected a number"),
            (lambda raw: raw["figures"]["few"].update(value="[c]"), "column 'value': found '[c]'; expected a number"),
            (lambda raw: raw["tables"]["lost"].update(columns=["a", "a"]), "expected names, each once"),
            (lambda raw: raw["tables"]["lost"]["rows"].update(x=[1]), "column \"rows, 'x'\": found [1]; expected 4 cells"),
            (lambda raw: raw["tables"]["lost"]["rows"].update(x=[1, 2, 3, {}]), "expected 4 cells"),
            (lambda raw: raw.update(program=1), "column 'program': found 1; expected text"),
        ],
    )  # fmt: skip
    def test_a_spoilt_file_is_refused(self, raw, spoil, said):
        spoil(raw)
        whole = all(isinstance(raw.get(key), dict) for key in ("basis", "request"))
        whole = whole and {"fingerprint", "rules_version", "marks"} <= raw["basis"].keys()
        assert said in refused(sealed(raw) if whole else raw)

    @pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"format": NaN}', "[" * 100_000, "nul"])
    def test_what_is_no_such_file(self, text):
        with pytest.raises(InputError, match=r"run\.json: found something else; expected the run.json of a report"):
            run_from_text(text, "run.json")

    def test_files_that_cannot_be_read(self, tmp_path, monkeypatch):
        with pytest.raises(InputError, match="found No such file or directory; expected a file that can be read"):
            read_run(tmp_path / "none.json")
        with pytest.raises(InputError, match="found Is a directory"):
            read_run(tmp_path)
        path = tmp_path / "run.json"
        path.write_bytes(b"\xff\xfe\x00")
        with pytest.raises(InputError, match="something else"):
            read_run(path)
        monkeypatch.setattr(run_json, "MOST_BYTES", 2)
        with pytest.raises(InputError, match="a much larger file"):
            read_run(path)
