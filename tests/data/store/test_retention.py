"""What is forgotten with time; the trail, which is not; copies of the whole."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from dataclasses import fields
from datetime import timedelta

import pytest

from data.store.people import OPERATOR
from data.store.retention import UNSEEN, Retention
from data.store.schema import metadata, now
from geo.errors import InputError, StoreError
from tests.data.store.conftest import PLACE, Town, draft, everything, point, rows_of, run_sql, until

pytestmark = pytest.mark.usefixtures("unchecked")


def days_ago(days: float) -> str:
    return f"{now() - timedelta(days=days):%Y-%m-%d %H:%M:%S}"


def move(town, mark: str, **dates: float) -> None:
    for column, days in dates.items():
        run_sql(town.store, f"UPDATE marks SET {column} = :at WHERE id = :id", at=days_ago(days), id=mark)


class TestTidying:
    @pytest.mark.parametrize(("days", "lapsed"), [(89, 0), (90, 0), (91, 1)])
    @pytest.mark.both_databases
    def test_what_nobody_confirms_goes_off_the_map(self, town, days, lapsed):
        mark = town.approved()
        run_sql(town.store, "UPDATE marks SET confirm_by = :day", day=days_ago(days)[:10])
        revision = town.store.public.revision(PLACE)
        assert town.store.tidy(OPERATOR) == (lapsed, 0, 0, 0)
        assert town.status(mark) == ("lapsed" if lapsed else "approved")
        assert len(rows_of(town.store, "published")) == 1 - lapsed
        assert town.store.public.revision(PLACE) == revision + lapsed
        assert town.store.tidy(OPERATOR) == (0, 0, 0, 0)

    def test_a_home_that_lapses_takes_the_square_along(self, town):
        first, *_ = (town.home(dx) for dx in (100, 200, 300))
        assert len(rows_of(town.store, "published")) == 1
        run_sql(town.store, "UPDATE marks SET confirm_by = '2020-01-01' WHERE id = :id", id=first)
        assert town.store.tidy(OPERATOR).lapsed == 1
        assert rows_of(town.store, "published") == []

    @pytest.mark.both_databases
    def test_private_fields_are_blanked_in_every_version(self, town):
        said = {"contact": "CONTACTX", "private_note": "NOTEX"}
        old, new, waiting = town.approved(**said), town.approved(**said), town.add(**said)
        town.store.desk.edit(OPERATOR, old, version=2, draft=draft(**said, name="Edited"))
        move(town, old, decided=91)
        move(town, new, decided=89)
        version = town.version(old)
        assert town.store.tidy(OPERATOR) == (0, 0, 1, 0)
        kept = [row for name in ("marks", "versions") for row in rows_of(town.store, name) if old in row]
        assert len(kept) == 4
        assert "CONTACTX" not in repr(kept)
        assert "NOTEX" not in repr(kept)
        assert list(town.store.desk.history(OPERATOR, old)["name"]) == ["Hall", "Hall", "Edited"]
        assert town.version(old) == version, "nobody's edit is in conflict with it"
        for mark in (new, waiting):
            assert town.store.desk.get(OPERATOR, mark).draft.contact == "CONTACTX"
        assert town.store.tidy(OPERATOR) == (0, 0, 0, 0)

    @pytest.mark.parametrize(("days", "unseen"), [(179, 0), (181, 1)])
    def test_what_nobody_looks_at_is_refused_and_the_contributor_told(self, town, days, unseen):
        mark = town.add(contact="me")
        move(town, mark, created=days)
        run_sql(town.store, "UPDATE versions SET at = :at", at=days_ago(days))
        assert town.store.tidy(OPERATOR).unseen == unseen
        assert town.status(mark) == ("rejected" if unseen else "waiting")
        assert (UNSEEN in town.store.desk.get(OPERATOR, mark).reason) == bool(unseen)

    def test_what_was_put_back_waits_from_then_on(self, town):
        mark = town.add()
        town.store.desk.reject(OPERATOR, mark, version=1, reason="no")
        move(town, mark, created=400)
        town.store.desk.restore(OPERATOR, mark, version=2)
        assert town.store.tidy(OPERATOR).unseen == 0

    @pytest.mark.parametrize("status", ["rejected", "withdrawn", "merged", "lapsed"])
    @pytest.mark.both_databases
    def test_what_was_refused_is_deleted(self, town, status):
        from tests.data.store.test_moderation import in_status

        mark, kept = in_status(town, status), in_status(town, status)
        move(town, mark, decided=181)
        move(town, kept, decided=179)
        assert town.store.tidy(OPERATOR).deleted == 1
        left = everything(town.store)
        assert {name for name, rows in left.items() if mark in repr(rows)} == {"audit"}
        assert town.status(kept) == status

    @pytest.mark.both_databases
    def test_marks_that_were_merged_into_each_other(self, town):
        """In whatever order they go."""
        one, two, three = (town.add() for _ in range(3))
        town.store.desk.merge(OPERATOR, one, version=1, into=two)
        town.store.desk.merge(OPERATOR, two, version=1, into=three)
        town.store.desk.reject(OPERATOR, three, version=1, reason="no")
        for mark in (two, three):
            move(town, mark, decided=200)
        assert town.store.tidy(OPERATOR).deleted == 2
        (left,) = town.store.desk.queue(OPERATOR)
        assert (left.id, left.merged_into) == (one, None)

    def test_a_deployment_says_how_long(self, url, opened):
        days = {one.name: 1 for one in fields(Retention)}
        town = Town(opened(url, retention=Retention(**days)))
        mark = town.add(contact="me")
        town.store.desk.reject(OPERATOR, mark, version=1, reason="no")
        move(town, mark, decided=1.5)
        assert town.store.tidy(OPERATOR) == (0, 0, 1, 1)


class TestTrail:
    def test_one_line_an_action_and_no_text(self, town):
        texts = {"name": "NAMEX", "note": "NOTEX", "contact": "CONTACTX", "private_note": "PRIVATEX"}
        mark = town.add(**texts)
        town.store.desk.edit(OPERATOR, mark, version=1, draft=draft(**texts | {"name": "OTHERX"}))
        town.store.desk.reject(OPERATOR, mark, version=2, reason="REASONX")
        town.store.desk.restore(OPERATOR, mark, version=3)
        lines = town.store.trail.rows(OPERATOR, mark_id=mark)[["actor", "action", "detail"]]
        assert [tuple(line) for line in lines.to_numpy()][::-1] == [
            (f"link {town.ada.link_id}", "added", "meeting_place, group 1"),
            ("command line", "edited", "name"),
            ("command line", "rejected", "waiting to rejected"),
            ("command line", "restored", "rejected to waiting"),
        ]
        assert "X'" not in repr(rows_of(town.store, "audit"))
        others = list(town.store.trail.rows(OPERATOR)["action"])[4:]
        assert others == ["person added", "person added", "link made", "group made", "group made"]
        assert len(town.store.trail.rows(OPERATOR, limit=3)) == 3

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit SET action = 'x'", "UPDATE audit SET detail = '' WHERE id = 1", "DELETE FROM audit",
            "DELETE FROM audit WHERE id = 1", "TRUNCATE audit",
            "INSERT OR REPLACE INTO audit SELECT id, at, 'nobody', action, mark_id, detail FROM audit",
            "REPLACE INTO audit SELECT id, at, 'nobody', action, mark_id, detail FROM audit WHERE id = 1",
            "UPDATE OR REPLACE audit SET id = 1 WHERE id = 2",
        ],
    )  # fmt: skip
    @pytest.mark.both_databases
    def test_the_database_itself_keeps_it(self, town, statement):
        before = rows_of(town.store, "audit")
        with pytest.raises(StoreError):
            run_sql(town.store, statement)
        assert rows_of(town.store, "audit") == before


def lived_in(town) -> None:
    """All that a store can have in it."""
    town.approved(name="Hall ☕ مكان", languages=("ar",), note="two\nlines")
    for dx in (100, 200, 300):
        town.home(dx)
    chain = sorted((town.add(name=str(number)) for number in range(5)), reverse=True)
    for one, other in zip(chain, chain[1:], strict=False):
        town.store.desk.merge(OPERATOR, one, version=1, into=other)
    chain = sorted(town.add() for number in range(5))
    for one, other in zip(chain, chain[1:], strict=False):
        town.store.desk.merge(OPERATOR, one, version=1, into=other)
    play = town.approved(kind="play_space", geometry=point().buffer(50).simplify(5))
    town.store.marks.tell(town.ada, play, still_there=True)
    run_sql(town.store, "INSERT INTO photos VALUES (:id, :jpeg, 1, 1)", id=play, jpeg=bytes(range(256)))
    town.store.accounts.add(OPERATOR, name="Ada", passphrase="correct horse battery")


class TestBackup:
    @pytest.mark.parametrize("target", ["sqlite", "postgis"])
    @pytest.mark.both_databases
    def test_there_and_back(self, town, fresh, opened, tmp_path, target):
        lived_in(town)
        before, shown = everything(town.store), town.public()
        file = tmp_path / "backup.sqlite"
        assert town.store.backup(OPERATOR, file) == len(before["marks"]) == 15
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert not list(tmp_path.glob(".pramshed-*"))
        assert not list(tmp_path.glob("backup.sqlite-*"))
        second = opened(fresh(target))
        assert second.restore(OPERATOR, file) == 15
        restored = everything(second)
        assert {n: rows for n, rows in restored.items() if n != "revisions"} == {
            n: rows for n, rows in before.items() if n != "revisions"
        }
        assert second.public.revision(PLACE) > town.store.public.revision(PLACE) + 1_000_000, "no number comes twice"
        assert second.public.marks(PLACE).equals(shown)
        again = tmp_path / "again.sqlite"
        second.backup(OPERATOR, again)
        with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(again)) as two:
            for name in set(metadata.tables) - {"revisions"}:
                asked = f'SELECT * FROM "{name}" ORDER BY 1, 2'
                assert one.execute(asked).fetchall() == two.execute(asked).fetchall(), name
        second.groups.create(OPERATOR, name="After", place=PLACE)
        second.accounts.add(OPERATOR, name="After", passphrase="correct horse battery")
        assert town.store.groups.open_link(town.link.token) == second.groups.open_link(town.link.token)

    def test_never_over_another_file(self, town, tmp_path):
        file = tmp_path / "precious"
        file.write_text("precious")
        with pytest.raises(StoreError, match="never overwrites another"):
            town.store.backup(OPERATOR, file)
        assert file.read_text() == "precious"
        with pytest.raises(StoreError, match="not a folder"):
            town.store.backup(OPERATOR, tmp_path / "nowhere" / "backup")
        with pytest.raises(StoreError, match="not a folder"):
            town.store.backup(OPERATOR, file / "backup")

    def test_a_name_that_is_no_plain_one(self, town, tmp_path):
        file = tmp_path / "a %20?mode=ro#é '\"; DROP" / "b %s.sqlite"
        file.parent.mkdir()
        town.store.backup(OPERATOR, file)
        assert [one.name for one in file.parent.iterdir()] == ["b %s.sqlite"]

    @pytest.mark.both_databases
    def test_only_into_an_empty_store(self, town, tmp_path, fresh, opened):
        file = tmp_path / "backup.sqlite"
        town.store.backup(OPERATOR, file)
        before = everything(town.store)
        with pytest.raises(StoreError, match="not empty"):
            town.store.restore(OPERATOR, file)
        assert everything(town.store) == before

    def test_what_is_no_backup(self, store, town, tmp_path, fresh, opened):
        lived_in(town)
        whole = tmp_path / "backup.sqlite"
        store.backup(OPERATOR, whole)
        data = whole.read_bytes()
        with closing(sqlite3.connect(tmp_path / "foreign")) as foreign:
            foreign.execute("CREATE TABLE marks (id)")
        files = {
            "missing": None, "nothing": b"", "text": b"mark_id,kind\n" * 999, "half": data[: len(data) // 2],
            "cut": data[: len(data) - 5000], "beginning": data[:4096], "foreign": (tmp_path / "foreign").read_bytes(),
            "scribbled": data[:8192] + b"\xff" * 4096 + data[12288:],
        }  # fmt: skip
        empty = opened(fresh("sqlite"))
        for name, content in files.items():
            file = tmp_path / name
            if content is not None:
                file.write_bytes(content)
            with pytest.raises(InputError, match=name):
                empty.restore(OPERATOR, file)
            assert not any(everything(empty).values()), name
        with pytest.raises(InputError):
            empty.restore(OPERATOR, tmp_path)
        assert empty.restore(OPERATOR, whole) == 15

    @pytest.mark.both_databases
    def test_while_people_add(self, town, tmp_path, fresh, opened):
        """A copy is of one moment."""
        import threading

        done, added = threading.Event(), []

        def add() -> None:
            while not done.is_set():
                added.append(town.add(town.everyone))

        threads = [threading.Thread(target=add) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            for number in range(3):
                before = len(added)
                until(lambda before=before: len(added) > before)
                town.store.backup(OPERATOR, tmp_path / f"{number}.sqlite")
        finally:
            done.set()
            for thread in threads:
                thread.join()
        copy = opened(fresh("sqlite"))
        copy.restore(OPERATOR, tmp_path / "2.sqlite")
        found = everything(copy)
        told = [row for row in found["audit"] if row[3] == "added"]
        assert len(found["marks"]) == len(found["versions"]) == len(told) > 0
