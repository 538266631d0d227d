"""The command line of the community's marks: one store from the first administrator to a restored backup."""

from __future__ import annotations

import io
import json
import re
import shutil
import sqlite3
from contextlib import closing

import pandas as pd
import pytest

from data.store.store import Store

ROWS = "kind,name,lon,lat,contact\nplace to meet,Hall,-1.30,50.70,ask for Ada\ndrop-in,=1+1,-1.28,50.70,\n"
PLACE = "isle-of-wight"


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A store without anything in it, to copy from."""
    file = tmp_path_factory.mktemp("empty") / "marks.sqlite"
    Store.open(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def marks(run, tmp_path, monkeypatch, empty):
    """Run ``marks ...`` on a store of the test's own, and return what it printed; fails unless it went well."""
    file = tmp_path / "store" / "marks.sqlite"
    file.parent.mkdir()
    shutil.copyfile(empty, file)
    monkeypatch.setenv("PRAMSHED_MARKS_URL", f"sqlite:///{file}")
    monkeypatch.setenv("PRAMSHED_ADDRESS", "https://walks.example.org/")

    def command(*words):
        code, out, complaint = run("marks", *words)
        assert code == 0, complaint
        return out

    return command


@pytest.fixture
def two(marks, tmp_path):
    """Two marks in the queue; their ids."""
    file = tmp_path / "marks.csv"
    file.write_text(ROWS)
    assert marks("import", PLACE, file).startswith("2 marks are waiting for a moderator; 0 were here already")
    return list(queue(marks).index)


def queue(marks, status="waiting"):
    return pd.read_csv(io.StringIO(marks("list", PLACE, "--status", status)), index_col="mark_id", dtype=str)


def test_importing_twice_and_what_is_listed(marks, two, tmp_path):
    assert "0 marks are waiting for a moderator; 2 were here already" in marks("import", PLACE, tmp_path / "marks.csv")
    listed = queue(marks)
    assert list(listed["name"]) == ["Hall", "'=1+1"], "harmless in a spreadsheet"
    assert "Ada" not in marks("list"), "private"


def test_every_decision(marks, two):
    one, other = two
    assert marks("approve", one) == f"{one}: approved, version 2\n"
    assert marks("confirm", one) == f"{one}: approved, version 3\n"
    assert marks("withdraw", one, "--reason", "closed") == f"{one}: withdrawn, version 4\n"
    assert marks("restore", one) == f"{one}: waiting, version 5\n"
    assert marks("reject", one, "--reason", "no") == f"{one}: rejected, version 6\n"
    marks("restore", one)
    assert marks("merge", one, "--into", other) == f"{one}: merged, version 8\n"
    assert list(queue(marks, "merged").index) == [one]
    assert marks("erase", one) == f"{one}: deleted\n"
    trail = pd.read_csv(io.StringIO(marks("trail", "--mark", one)))
    assert list(trail["action"])[:2] == ["erased", "merged"]
    assert set(trail["actor"]) == {"command line"}


def test_exports_hold_what_is_public(marks, two, tmp_path, monkeypatch):
    monkeypatch.setenv("PRAMSHED_MARKS_LICENCE", "Use it freely.")
    for mark in two:
        marks("approve", mark)
    for ending in (".csv", ".geojson", ".gpkg", ".json"):
        out = tmp_path / f"out{ending}"
        assert marks("export", PLACE, "--out", out).endswith("2 marks\n"), ending
        content = out.read_bytes()
        assert b"Hall" in content, ending
        assert b"Ada" not in content, ending
        assert "Use it freely." in out.with_name(f"{out.name}.sources.txt").read_text(), ending


def test_groups_links_and_people(marks, tmp_path, monkeypatch):
    shutil.rmtree(tmp_path / "store")  # the first command makes it
    assert marks("group", "add", "Newport families", PLACE) == f"group 1: Newport families, {PLACE}\n"
    said = marks("link", "add", "1", "--label", "poster", "--days", "10")
    token = re.search(r"address: https://walks.example.org/mark\?link=(\S+)", said)[1]
    assert re.search(r"code for paper sheets: (\S{4}-\S{4}-\S{4})", said)
    assert "poster" in marks("link", "list", "1")
    assert token not in marks("link", "list", "1"), "said once"
    assert marks("link", "revoke", "1") == "link 1: withdrawn\n"
    assert "withdrawn" in marks("link", "list", "1")
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\nanother long passphrase\n"))
    assert marks("moderator", "add", "ada", "--administrator") == "person 1: ada, administrator\n"
    assert marks("moderator", "passphrase", "1") == "person 1: has a new passphrase\n"
    marks("moderator", "add", "bo", "--group", "1", "--issuer", "https://id.example.org", "--subject", "bo-1")
    assert marks("moderator", "disable", "2") == "person 2: access removed\n"
    assert "person 2: bo, disabled" in marks("moderator", "list")
    marks("moderator", "enable", "2")
    assert marks("moderator", "unlock") == "failed tries: forgotten\n"
    assert "person 2: bo, moderator, group 1" in marks("moderator", "list")
    assert marks("group", "close", "1") == "group 1: closed\n"
    assert "closed" in marks("group", "list")


def test_a_backup_is_restored_elsewhere(marks, two, tmp_path, monkeypatch):
    backup = tmp_path / "backup.sqlite"
    assert marks("backup", backup) == f"{backup}: 2 marks\n"
    monkeypatch.setenv("PRAMSHED_MARKS_URL", f"sqlite:///{tmp_path / 'second.sqlite'}")
    assert marks("restore-backup", backup) == "2 marks\n"
    assert list(queue(marks).index) == two
    assert "0 marks went off the map" in marks("tidy")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("approve", "mark-nothing"), 2, "there is no mark mark-nothing"),
        (("list", "--status", "lost"), 2, "unknown status 'lost'; there are waiting,"),
        (("import", PLACE, "nowhere.csv"), 3, "nowhere.csv: found no such file; expected a file of marks"),
        (("import", "atlantis", __file__), 2, "atlantis"),
        (("export", PLACE, "--out", "marks.pdf"), 2, "marks can be written as .geojson, .csv, .gpkg, .json"),
        (("group", "close", "7"), 2, "there is no group 7"),
        (("link", "revoke", "7"), 2, "there is no link 7"),
        (("moderator", "disable", "7"), 2, "there is no person 7"),
        (("restore-backup", "nowhere.sqlite"), 3, "expected a backup of the store of marks"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(marks, run, words, code, said):
    found, out, complaint = run("marks", *words)
    assert (found, out) == (code, "")
    assert said in complaint
    assert complaint.count("\n") == 1


def test_one_wrong_row_and_nothing_is_taken(marks, run, tmp_path):
    file = tmp_path / "marks.csv"
    file.write_text(ROWS + "meeting,Leeds,-1.55,53.80,\n")
    code, _, complaint = run("marks", "import", PLACE, file)
    assert code == 3
    assert "marks.csv, row 4" in complaint
    assert queue(marks).empty


def test_a_store_that_does_not_answer_and_one_that_is_none(marks, run, tmp_path, monkeypatch):
    monkeypatch.setenv("PRAMSHED_MARKS_URL", "postgresql+psycopg://ada:secret@127.0.0.1:1/marks")
    code, _, complaint = run("marks", "list")
    assert (code, "secret" in complaint, complaint.count("\n")) == (4, False, 1)
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as made:
        made.execute("CREATE TABLE marks (id)")
    monkeypatch.setenv("PRAMSHED_MARKS_URL", f"sqlite:///{other}")
    code, _, complaint = run("marks", "list")
    assert code == 4
    assert "not Pramshed's" in complaint


def test_a_command_closes_its_store(marks, two, monkeypatch):
    closed = []
    close = Store.close
    monkeypatch.setattr(Store, "close", lambda store: closed.append(store) or close(store))
    marks("list")
    assert len(closed) == 1


def test_private_fields_come_in_by_a_file(marks, two, tmp_path):
    """For the moderator, who sees them on the page; no command prints them."""
    backup = tmp_path / "backup.sqlite"
    marks("backup", backup)
    with closing(sqlite3.connect(backup)) as copy:
        assert [row[0] for row in copy.execute("SELECT contact FROM marks ORDER BY name")] == ["", "ask for Ada"]
    assert "Ada" not in json.dumps([marks("list"), marks("trail")])
