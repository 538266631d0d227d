"""The command line of reports: what is asked for is written whole, and what cannot be is refused in one line."""

from __future__ import annotations

import errno
import json
import os
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from data.build.pipeline import build
from geo.changes import CloseSite
from geo.scenario import Scenario
from layers.answers.question import Question
from layers.files.scenarios import to_text
from layers.reports import pack
from layers.reports.gather import gather
from layers.reports.request import ReportRequest
from tests.conftest import write_small_authority
from tests.layers.reports.made import made_report

DAY = ("--on", "2026-01-31")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to be in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def report(run, small_place, here, monkeypatch):
    """Run ``report TOWN ...`` on the small authority, with maps as coarse as can be."""
    monkeypatch.setattr(pack, "PRINT_DPI", 40)

    def command(*words, of=small_place.folder):
        return run("report", of, *words)

    return command


@pytest.fixture
def gathered(monkeypatch):
    """No report is gathered: that which is written is another one, with what was asked for."""

    def gather(_, asked, *_more):
        return replace(made_report(), request=asked)

    monkeypatch.setattr("layers.reports.gather.gather", gather)


@pytest.fixture
def closing(small_place, tmp_path):
    """A scenario that closes the one full centre."""
    path = tmp_path / "closing.json"
    card = small_place.card
    changes = (CloseSite(site_id="20001"),)
    path.write_text(to_text(Scenario(name="One less", place=card.key, fingerprint=card.fingerprint, changes=changes)))
    return path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def held(path):
    return json.loads(Path(path).read_text("utf-8"))


def one_line(err):
    """The complaint, and nothing but it."""
    lines = [line for line in err.splitlines() if line]
    assert len(lines) == 1, err
    assert lines[0].startswith("pramshed: ")
    return lines[0]


@pytest.mark.whole_report
class TestWritten:
    def test_a_pack_is_written_and_said(self, report, here, run_file):
        code, out, err = report(*DAY)
        assert code == 0
        assert err.splitlines() == ["1/2 working out", "2/2 writing"]
        answer, written = out.splitlines()
        assert written == "written: pramshed-town.zip"
        assert names(here) == ["pramshed-town.zip"]
        packed = zipfile.ZipFile(here / "pramshed-town.zip")
        assert answer in packed.read("town/README.txt").decode("utf-8-sig")
        assert packed.read("town/run.json") == run_file.read_bytes()
        assert held(run_file)["request"]["question"]["day"] == "2026-01-31"

    def test_a_ward_by_its_name(self, report, gathered):
        assert report(*DAY, "--ward", "middle", "--out", "ward.json")[0] == 0
        assert held("ward.json")["request"]["ward"] == "E05000001"

    def test_chosen_neighbourhoods(self, report, gathered):
        Path("areas.csv").write_text("\ufeffLSOA21CD,note\nE01000002,x\n\nE01000001,y\n", encoding="utf-8")
        for words in (("--area", "E01000001", "--area", "E01000002"), ("--areas-from", "areas.csv")):
            assert report(*DAY, *words, "--name", "By the sea", "--out", "some.json")[0] == 0
            request = held("some.json")["request"]
            assert (request["areas"], request["name"]) == (["E01000001", "E01000002"], "By the sea")

    def test_all_settings_reach_the_report(self, report, gathered):
        code, _, err = report(
            *DAY, "--to", "play", "--profile", "adult", "--minutes", "10", "--new-sites", "0", "--candidates", "library",
            "--counts", "full", "--status", "open, closed", "--out", "set.json",
        )  # fmt: skip
        assert code == 0, err
        request = held("set.json")["request"]
        question = request["question"]
        assert (question["to"], question["profile"], question["minutes"], question["counting"]) == (
            "play",
            "adult",
            10,
            "full",
        )
        assert (question["statuses"], request["new_sites"], request["candidates"]) == (
            ["open", "closed"],
            0,
            ["library"],
        )

    def test_a_scenario_is_compared(self, report, closing):
        code, _, err = report(*DAY, "--scenario", closing, "--new-sites", "1", "--out", "what_if.json")
        assert code == 0, err
        request = held("what_if.json")["request"]
        assert (request["name"], request["scenario"], request["other"]) == ("", "One less", "")
        assert request["question"]["changes"] == [{"do": "close", "site_id": "20001"}]
        assert request["before"]["changes"] == []
        assert "changes" in held("what_if.json")["tables"]

    def test_another_day_is_compared(self, report, gathered):
        assert report(*DAY, "--versus", "2010-01-01", "--out", "then.json")[0] == 0
        assert held("then.json")["request"]["before"]["day"] == "2010-01-01"

    def test_two_scenarios_are_compared(self, report, closing, here):
        other = held(closing)
        other |= {
            "name": "One more",
            "changes": [{"do": "add", "site_id": "new-1", "easting": 450014, "northing": 89065, "name": "Hall"}],
        }
        (here / "other.json").write_text(json.dumps(other), "utf-8")
        code, _, err = report(
            *DAY, "--scenario", closing, "--against", "other.json", "--new-sites", "0", "--out", "two.json"
        )
        assert code == 0, err
        request = held("two.json")["request"]
        assert (request["scenario"], request["other"]) == ("One less", "One more")
        assert [change["do"] for change in request["before"]["changes"]] == ["add"]
        code, _, err = report(*DAY, "--scenario", closing, "--against", closing, "--out", "same.json")
        assert code == 2
        assert "the same changes" in err
        code, _, err = report(*DAY, "--against", "other.json", "--out", "none.json")
        assert code == 2
        assert "--scenario" in err

    def test_community_spaces_are_read(self, report):
        assert report(*DAY, "--community", "--out", "with.json")[0] == 0
        found = held("with.json")
        assert found["request"]["question"]["community"] is True
        assert len(found["basis"]["marks"]) == 64

    def test_all_wards(self, report, here, monkeypatch):
        monkeypatch.setattr("layers.reports.all_wards._tidy", lambda: None)
        monkeypatch.setattr("layers.reports.all_wards.MOST_WORKERS", 1)
        monkeypatch.setattr("layers.reports.all_wards.files_of", lambda made: {"report.html": made.key.encode()})
        code, out, err = report(*DAY, "--all-wards", "--out", "wards")
        assert code == 0, err
        assert err.splitlines() == ["1/2 Town", "2/2 Middle"]
        assert out.splitlines()[-1] == f"written: {Path('wards') / 'index.html'} and 2 reports"
        assert names(here / "wards") == ["index.html", "town", "town-e05000001"]


REFUSED = [
    (("--ward", "Atlantis"), 2, "no ward 'Atlantis' here; there are E05000001 Middle"),
    (("--area", "E01999999"), 2, "no neighbourhood 'E01999999' in this place; its codes are such as E01000001"),
    (("--areas-from", "empty.csv"), 3, "empty.csv: found none; expected codes of neighbourhoods"),
    (("--areas-from", "heading.csv"), 3, "heading.csv: found none"),
    (("--areas-from", "words.csv"), 3, "words.csv, row 3: found 'the sea'; expected codes of neighbourhoods"),
    (("--areas-from", "none.csv"), 3, "none.csv: found No such file or directory"),
    (("--areas-from", "bytes.csv"), 3, "bytes.csv: found something else"),
    (("--ward", "Middle", "--all-wards"), 2, "--ward and --all-wards: only one of them"),
    (("--area", "E01000001", "--areas-from", "x"), 2, "--area and --areas-from: only one of them"),
    (("--scenario", "s.json", "--versus", "2020-01-01"), 2, "--scenario and --versus: only one of them"),
    (("--scenario", "none.json"), 3, "none.json: found No such file or directory"),
    (("--scenario", "empty.csv"), 3, "expected a scenario saved by Pramshed"),
    (("--versus", "2026-01-31"), 2, "--versus 2026-01-31 is the day of the report"),
    (("--versus", "1899-01-01"), 2, "1899-01-01 is not a day from 1900 to 2099"),
    (("--to", "shops.csv"), 2, "a report is about walks to centres or play, not to 'shops.csv'"),
    (("--to", "play", "--versus", "2020-01-01"), 2, "a comparison is of walks to children's centres"),
    (("--profile", "bicycle"), 2, "bicycle"),
    (("--minutes", "-5"), 2, "minutes"),
    (("--counts", "hubs"), 3, "expected a list of family hubs"),
    (("--new-sites", "9"), 2, "0 to 5 new sites, not of 9"),
    (("--candidates", "halls.csv"), 2, "in the place's own data, not in halls.csv"),
    (("--out", "nowhere/pack.zip"), 2, "nowhere: not a folder that can be written to"),
    (("--out", "pack.rar"), 2, "pack.rar: a report can be written as .zip"),
    (("--out", "full"), 2, "full: a folder that is not empty already has that name"),
    (("--all-wards", "--out", "wards.zip"), 2, "wards.zip: the reports of all wards are written to a folder"),
    (("--all-wards", "--out", "full"), 2, "full: a folder that is not empty already has that name"),
]  # fmt: skip


class TestRefused:
    @pytest.mark.parametrize(("words", "code", "said"), REFUSED, ids=[" ".join(words) for words, *_ in REFUSED])
    def test_in_one_line_and_nothing_is_written(self, report, here, words, code, said):
        texts = {"empty.csv": "", "heading.csv": "code\n", "words.csv": "code\nE01000001\nthe sea\n"}
        for name, text in texts.items():
            (here / name).write_text(text)
        (here / "bytes.csv").write_bytes(b"\xff\xfe\x00")
        (here / "full").mkdir()
        (here / "full" / "mine").write_text("mine")
        before = sorted(here.rglob("*"))
        found, out, err = report(*DAY, *words)
        complaint = [line for line in err.splitlines() if not line.startswith(("1/", "2/"))]
        assert said in one_line("\n".join(complaint))
        assert (found, out) == (code, "")
        assert sorted(here.rglob("*")) == before

    def test_a_day_before_any_centre(self, report, here):
        """The bundled place's centres all have the day they opened; the first opened in 2004."""
        for words in (("--on", "1950-01-01"), (*DAY, "--versus", "1950-01-01")):
            code, _, err = report(*words, of="isle-of-wight")
            assert code == 2
            assert "a report is of a day from 1 January 2000 on, not of 1 January 1950" in one_line(err)
        assert names(here) == []

    def test_a_scenario_of_another_place(self, report, closing, here):
        code, _, err = report(*DAY, "--scenario", closing, of="isle-of-wight")
        assert code == 2
        assert "this scenario was made for the place 'town', not for 'isle-of-wight'" in one_line(err)

    def test_a_full_disk(self, report, here, monkeypatch):
        def write_bytes(path, content):
            path.touch()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(Path, "write_bytes", write_bytes)
        monkeypatch.setattr("layers.reports.gather.gather", lambda *_: made_report())
        for words in (("--out", "one.json"), ("--out", "one.html")):
            code, out, err = report(*DAY, *words)
            assert (code, out) == (2, "")
            assert "cannot be written: No space left on device" in err.splitlines()[-1]
        assert names(here) == []


@pytest.fixture(scope="module")
def run_file(small_place, tmp_path_factory):
    """The file of a report on the town as the command makes it."""
    path = tmp_path_factory.mktemp("replay") / "run.json"
    pack.write(gather(small_place, ReportRequest(question=Question(day=date(2026, 1, 31)))), path)
    return path


@pytest.mark.whole_report
class TestReplay:
    def test_it_is_the_same_after_the_place_is_built_anew(self, run, run_file, tmp_path, here):
        (tmp_path / "raw").mkdir()
        inputs = write_small_authority(tmp_path / "raw")
        elsewhere = build(inputs, tmp_path / "elsewhere" / "again")
        code, out, err = run("replay", run_file, "--out", "again.json", places=elsewhere.folder.parent)
        assert (code, err) == (0, "")
        assert out.startswith("Every number is the same: ")
        assert "changed" not in out
        assert out.splitlines()[-1] == "written: again.json"
        assert Path("again.json").read_bytes() == run_file.read_bytes()

    def test_a_changed_input_is_named_with_what_it_changes(self, run, run_file, tmp_path):
        (tmp_path / "raw").mkdir()
        inputs = write_small_authority(tmp_path / "raw")
        text = inputs.children.read_text("utf-8")
        inputs.children.write_text(text.replace("1000,10,10,10,10,10", "1000,10,10,10,10,30"), encoding="utf-8")
        place = build(inputs, tmp_path / "elsewhere" / "again")
        code, out, err = run("replay", run_file, "--place", place.folder)
        assert (code, err) == (1, "")
        lines = out.splitlines()
        assert lines[0].startswith("Numbers differ: ")
        assert "- children: children_mye2020.csv, vintage mid-2020, other content" in lines
        assert "- neighbourhoods, Town 000A, under5: 50 then, 70 now" in lines

    def test_what_cannot_be_replayed(self, run, run_file, here):
        text = run_file.read_text("utf-8")
        Path("run.json").write_text(text, encoding="utf-8")
        Path("changed.json").write_text(text.replace('"minutes": 15', '"minutes": 16'), encoding="utf-8")
        Path("other.json").write_text("{}")
        for words, code, said in (
            (("changed.json",), 3, "which does not match: somebody changed the file"),
            (("other.json",), 3, "found something else; expected the run.json of a report"),
            (("none.json",), 3, "found No such file or directory"),
            (("run.json",), 2, "name the place's folder with --place"),
            (("run.json", "--place", "isle-of-wight"), 2, "is a report on Town (E06000099), not on Isle of Wight"),
            (("run.json", "--out", "nowhere/x.zip"), 2, "nowhere: not a folder that can be written to"),
        ):
            found, out, err = run("replay", *words)
            assert (found, out) == (code, ""), words
            assert said in one_line(err)
