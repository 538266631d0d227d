"""What goes wrong with machines: programs that are killed, servers that are killed, disks that are full; and crowds."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import threading
import time
import uuid
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from data.store import database
from data.store.people import OPERATOR
from data.store.store import Store
from geo.errors import PramshedError, StoreError
from tests.data.store import programs
from tests.data.store.conftest import PLACE, Town, rows_of, until
from tests.data.store.server import Server
from tests.data.store.server import programs as server_programs
from tests.data.store.soak import require_nothing_lost, soak
from tests.required import missing


@pytest.mark.both_databases
def test_many_at_once(store, thorough):
    """Some who add and some who decide; the bench has 50 and 5 do it for a minute."""
    crowd = {"contributors": 50, "moderators": 5} if thorough else {"contributors": 12, "moderators": 3}
    tally = soak(store, float(os.environ.get("PRAMSHED_SOAK_SECONDS", "2" if thorough else "0.5")), **crowd)
    require_nothing_lost(store, tally)
    assert tally.decided


def require_whole(store: Store, acknowledged: set[str]) -> None:
    """All that was acknowledged is there, nothing is half there, and the store still works."""
    marks = {row[0]: row[2] for row in rows_of(store, "marks")}
    assert acknowledged <= set(marks)
    assert all(marks[mark] == "approved" for mark in acknowledged)
    assert {row[0] for row in rows_of(store, "published")} == {mark for mark in marks if marks[mark] == "approved"}
    assert len(rows_of(store, "versions")) == sum(2 if status == "approved" else 1 for status in marks.values())
    assert len([row for row in rows_of(store, "audit") if row[3] == "added"]) == len(marks)
    assert store.public.revision(PLACE) == list(marks.values()).count("approved")
    town = Town.__new__(Town)
    town.store = store
    group = store.groups.create(OPERATOR, name="Later", place=PLACE)
    town.ada = store.groups.open_link(store.groups.make_link(OPERATOR, group.id).token)
    assert town.add()


class TestKilled:
    @pytest.mark.both_databases
    @pytest.mark.program
    def test_a_program_in_the_middle_of_writing(self, store, url, opened):
        town = Town(store)
        writer, said = programs.begun(programs.write, url, town.link.token)
        with said, open(said.fileno(), encoding="utf-8", closefd=False) as lines:
            first = [lines.readline().strip() for _ in range(20)]
            writer.kill()
            rest = lines.read()
        whole = [line for line in rest.splitlines() if len(line) == len(first[0])]
        writer.join()
        assert writer.exitcode == -9
        again = opened(url)
        require_whole(again, {*first, *whole})
        if not again.database.is_postgres:
            with closing(sqlite3.connect(again.database.engine.url.database)) as file:
                assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                assert file.execute("PRAGMA foreign_key_check").fetchall() == []

    def test_the_server_in_the_middle_of_writing(self, own_server, opened):
        """Whoever is connected is told in plain words, and goes on when it is back."""
        store = opened(own_server.emptied())
        town, acknowledged, faults, done = Town(store), set(), [], threading.Event()

        def work() -> None:
            while not done.is_set():
                try:
                    mark = town.add(town.everyone)
                    store.desk.approve(OPERATOR, mark, version=1)
                    acknowledged.add(mark)
                except Exception as fault:  # noqa: BLE001 (whatever it is)
                    faults.append(fault)
                    time.sleep(0.05)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            until(lambda: len(acknowledged) >= 20)
            own_server.crash()
            before = len(acknowledged)
            until(lambda: faults)
            own_server.start()
            until(lambda: len(acknowledged) >= before + 10)
        finally:
            done.set()
            for thread in threads:
                thread.join()
        assert faults
        assert {type(fault) for fault in faults} == {StoreError}
        assert {str(fault).split(":")[0] for fault in faults} == {"the store of marks does not answer"}
        require_whole(store, acknowledged)


@pytest.fixture(scope="module")
def own_server():
    """A server that may be killed."""
    folder = server_programs()
    if folder is None:
        missing("postgis", "no PostgreSQL server with PostGIS on this machine")
    running = Server(folder)
    running.make_store()
    yield running
    running.stop()


@pytest.fixture
def small_disk(tmp_path):
    """A function that makes a disk of so many megabytes, and one that makes it larger."""
    mounted = []

    def make(megabytes: int, *, larger: Path | None = None) -> Path:
        folder = larger or tmp_path / "disk"
        folder.mkdir(exist_ok=True)
        options = f"{'remount,' if larger else ''}size={megabytes}m"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"no small disk can be made here: {done.stderr.strip()}")
        mounted.append(folder)
        return folder

    if shutil.which("mount") is None:
        pytest.skip("no mount on this machine")
    yield make
    for folder in set(mounted):
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def told_that_it_is_full():
    with pytest.raises(StoreError, match="is full; nothing was saved, and nothing that was saved before is lost"):
        yield


def fill_up(town: Town) -> set[str]:
    """Add until there is no room."""
    acknowledged: set[str] = set()
    with told_that_it_is_full():
        for _ in range(5000):
            acknowledged.add(town.add(note="n" * 500, contact="c" * 200, private_note="p" * 500))
    return acknowledged


class TestFull:
    def require_usable(self, town: Town, acknowledged: set[str]) -> None:
        assert acknowledged <= {row[0] for row in rows_of(town.store, "marks")}
        assert len(rows_of(town.store, "versions")) == len(rows_of(town.store, "marks"))

    def test_the_disk_of_a_file(self, small_disk, opened, tmp_path, empty_file):
        disk = small_disk(1)
        town = Town(opened(f"sqlite:///{shutil.copyfile(empty_file, disk / 'marks.sqlite')}"))
        acknowledged = fill_up(town)
        with told_that_it_is_full():
            town.store.desk.approve(town.everyone, min(acknowledged, default=""), version=1)
        self.require_usable(town, acknowledged)
        with pytest.raises(StoreError):
            town.store.backup(OPERATOR, disk / "backup.sqlite")
        assert sorted(file.name for file in disk.iterdir()) == ["marks.sqlite", "marks.sqlite-shm", "marks.sqlite-wal"]
        small_disk(8, larger=disk)
        assert town.add()
        assert town.store.backup(OPERATOR, tmp_path / "backup.sqlite") == len(acknowledged) + 1
        self.require_usable(town, acknowledged)

    def test_a_file_that_may_grow_no_more(self, tmp_path, opened, empty_file):
        """The same where no disk can be made: SQLite's own limit."""
        from sqlalchemy import event

        url = f"sqlite:///{shutil.copyfile(empty_file, tmp_path / 'marks.sqlite')}"
        store = opened(url)
        town = Town(store)
        limit = [80]
        event.listen(
            store.database.engine, "checkout", lambda raw, *_: raw.execute(f"PRAGMA max_page_count = {limit[0]}")
        )
        acknowledged = fill_up(town)
        self.require_usable(town, acknowledged)
        limit[0] = 10_000
        assert town.add()
        self.require_usable(town, acknowledged)

    def test_the_disk_of_a_server(self, own_server, small_disk, opened):
        disk = small_disk(30)
        disk.chmod(0o777)
        space = f"small{uuid.uuid4().hex[:8]}"
        inner = disk / "space"
        inner.mkdir()
        shutil.chown(inner, *_owner(own_server))
        for parent in disk.parents:
            if parent.name.startswith(("pytest-", "popen-", "test_")):
                parent.chmod(0o755)
        own_server.sql(f"CREATE TABLESPACE {space} LOCATION '{inner}'")
        own_server.sql(f"CREATE DATABASE {space} TABLESPACE {space}")
        store = opened(own_server.url(space))
        try:
            town = Town(store)
            acknowledged = {town.add()}
            with told_that_it_is_full(), store.database.writing() as connection:
                connection.execute(
                    text("CREATE TABLE ballast AS SELECT md5(n::text) FROM generate_series(1, 2000000) AS n")
                )
            with store.database.writing() as connection:
                connection.execute(text("CREATE TABLE ballast (words text)"))
            for rows in (20_000, 2_000, 200, 20):
                while _fits(store, rows):
                    pass
            acknowledged |= fill_up(town)
            self.require_usable(town, acknowledged)
            small_disk(60, larger=disk)
            assert town.add()
            self.require_usable(town, acknowledged)
        finally:
            store.close()
            own_server.sql(f"DROP DATABASE {space} WITH (FORCE)")
            own_server.sql(f"DROP TABLESPACE {space}")


def _fits(store: Store, rows: int) -> bool:
    try:
        with store.database.writing() as connection:
            connection.execute(text(f"INSERT INTO ballast SELECT md5(n::text) FROM generate_series(1, {rows}) AS n"))
    except PramshedError:
        return False
    return True


def _owner(server: Server) -> tuple[int, int]:
    found = server.folder.stat()
    return found.st_uid, found.st_gid


def test_writers_of_a_file_take_turns(monkeypatch):
    """In the order in which they came; who waits too long is told, and the next is let in all the same."""
    turns, order = database.Turns(), []

    def work(number: int) -> None:
        with turns.mine():
            order.append(number)

    with turns.mine():
        threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
        for number, thread in enumerate(threads, start=1):
            thread.start()
            until(lambda waiting=number: len(turns._waiting) == waiting)
    for thread in threads:
        thread.join()
    assert order == list(range(20))
    monkeypatch.setattr(database, "WAIT_S", 0.05)
    with turns.mine(), pytest.raises(StoreError, match="very busy"), turns.mine():
        pass
    with pytest.raises(KeyError), turns.mine():
        raise KeyError
    with turns.mine():
        pass


def test_a_missing_server_fails_where_it_is_required(monkeypatch):
    monkeypatch.setenv("PRAMSHED_TEST_REQUIRE", "browser,postgis")
    with pytest.raises(pytest.fail.Exception, match="no server"):
        missing("postgis", "no server")
    monkeypatch.setenv("PRAMSHED_TEST_REQUIRE", "browser")
    with pytest.raises(pytest.skip.Exception):
        missing("postgis", "no server")
