"""The database: migrations from every earlier revision, what is none of ours, faults in plain words, PostGIS."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import traceback
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from data.store.backup import KEPT
from data.store.database import Database, _engine
from data.store.people import OPERATOR
from data.store.schema import HEAD, metadata
from data.store.store import Store
from geo.errors import ConflictError, PramshedError, StoreError
from tests.data.store import programs
from tests.data.store.conftest import PLACE, Town, draft, rows_of

ROOT = Path(__file__).resolve().parents[3]
AT = "2026-01-02 03:04:05+00:00"


def steps() -> list[str]:
    """The revisions, oldest first, as the files of the migrations have them."""
    return sorted(file.name[:4] for file in (ROOT / "data" / "store" / "migrations" / "versions").glob("[0-9]*.py"))


def at_revision(url: str, revision: str) -> Database:
    database = Database(_engine(url))
    database.migrate(revision)
    return database


def fill(database: Database, table: str, **values: object) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    with database.writing() as connection:
        marks = ", ".join(f":{name}" for name in values)
        connection.execute(text(f'INSERT INTO "{table}" ({names}) VALUES ({marks})'), values)


def old_store(database: Database, revision: str) -> None:
    """What there could be in a store of that revision."""
    fill(database, "groups", name="Mums", place=PLACE, created=AT)
    fill(database, "links", group_id=1, label="", token_hash="t", code_hash="c", created=AT, expires=AT, per_hour=3)
    fill(database, "people", name="Ada", role="administrator", issuer="https://a", subject="b", created=AT)
    fill(database, "audit", at=AT, actor="person 1", action="added", detail="")
    if revision < "0002":
        return
    said = dict.fromkeys(
        ("note", "contact", "private_note", "opens", "closes", "days", "ages", "pram_friendly", "toilets", "cost",
         "term_time", "stops", "reason"), "",
    )  # fmt: skip
    for number in range(1, 7):
        at_home = number > 2
        status = "waiting" if number == 1 else "approved"
        geometry = shapely.Point(450_000 + 100 * number, 90_000)
        values = {
            "id": f"mark-{number:012}", "place": PLACE, "status": status, "version": 1, "group_id": 1, "link_id": 1,
            "submission": str(number), "receipt_hash": str(number), "kind": "peer_group" if at_home else "drop_in",
            "name": f"Name {number}", "at_home": at_home, "languages": "ar", "wkb": shapely.to_wkb(geometry),
            "x": geometry.x, "y": geometry.y, "square": "450-0090" if at_home else None, "created": AT,
            "decided": AT, "confirmed": AT, "confirm_by": "2099-01-01", "warnings": "[]",
        }  # fmt: skip
        fill(database, "marks", **said | values)
        fill(database, "versions", mark_id=values["id"], version=1, at=AT, actor="link 1", status=status, content="{}")


class TestMigrations:
    def test_the_newest_is_known(self):
        assert steps()[-1] == HEAD

    @pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
    @pytest.mark.parametrize("revision", steps())
    @pytest.mark.both_databases
    def test_from_every_revision_with_what_is_in_it(self, kind, fresh, opened, revision):
        url = fresh(kind)
        database = at_revision(url, revision)
        if revision < HEAD:
            old_store(database, revision)
        database.close()
        store = opened(url)
        with store.database.reading() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _ours})
            assert compare_metadata(context, metadata) == []
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
        if revision == HEAD:
            return
        assert store.accounts.by_identity("https://a", "b").role == "administrator"
        if revision >= "0002":
            shown = store.public.marks(PLACE)
            assert list(shown.index) == ["mark-000000000002", f"square-450-0090-{PLACE}"]
            assert list(shown["homes"]) == [0, 4]
            assert store.desk.approve(OPERATOR, "mark-000000000001", version=1).created == datetime(
                2026, 1, 2, 3, 4, 5, tzinfo=UTC
            )
        Town(store).approved()

    @pytest.mark.both_databases
    def test_an_old_backup(self, tmp_path, url, opened):
        file = tmp_path / "old.sqlite"
        database = at_revision(f"sqlite:///{file}", "0002")
        old_store(database, "0002")
        database.close()
        before = file.read_bytes()
        store = opened(url)
        assert store.restore(OPERATOR, file) == 6
        assert file.read_bytes() == before
        assert len(store.public.marks(PLACE)) == 2

    @pytest.mark.both_databases
    @pytest.mark.program
    def test_two_at_the_same_moment(self, kind, fresh, opened):
        """Another process finds the same empty database; and so do threads of this one."""
        url = fresh(kind)
        other, said = programs.begun(programs.open_when_told, url)
        with said:
            assert said.recv() == "ready"
            threads = [threading.Thread(target=opened, args=(url,)) for _ in range(3)]
            said.send("go")
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            other.join(60)
            assert other.exitcode == 0
        Town(opened(url)).approved()

    def test_the_same_names_and_order_of_tables_in_a_backup(self):
        assert {table.name for table in KEPT} == set(metadata.tables) - {"attempts", "sign_ins"}


def _ours(thing, name, kind, reflected, other) -> bool:
    """PostGIS has a table of its own, and a column that follows another by itself."""
    return name not in {"spatial_ref_sys", "geom", "ix_marks_geom", "ix_published_geom", "alembic_version"}


class TestNoneOfOurs:
    @pytest.mark.parametrize(
        ("statements", "said"),
        [
            (["CREATE TABLE things (id integer)"], "not Pramshed's"),
            (["CREATE TABLE marks (id integer)"], "not Pramshed's"),
            (["CREATE TABLE alembic_version (version_num text)", "INSERT INTO alembic_version VALUES ('0003')"],
             "not Pramshed's"),
        ],
    )  # fmt: skip
    @pytest.mark.both_databases
    def test_another_programs(self, kind, fresh, statements, said):
        url = fresh(kind)
        engine = _engine(url)
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()
        with pytest.raises(StoreError, match=said):
            Store.open(url)
        if kind == "sqlite":
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
                assert file.execute("PRAGMA journal_mode").fetchone() == ("delete",), "left as it was"
                assert len(file.execute("SELECT * FROM sqlite_master").fetchall()) == len(
                    [one for one in statements if "CREATE" in one]
                )

    @pytest.mark.parametrize(
        ("revision", "said"),
        [("0005", "newer Pramshed"), ("9999", "newer Pramshed"), ("ae1027a6acf5", "not Pramshed's")],
    )
    @pytest.mark.both_databases
    def test_of_a_revision_that_is_not_known(self, kind, fresh, revision, said):
        url = fresh(kind)
        database = at_revision(url, HEAD)
        with database.writing() as connection:
            connection.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))
        database.close()
        with pytest.raises(StoreError, match=said):
            Store.open(url)

    @pytest.mark.parametrize(
        "url",
        [
            "", "marks.sqlite", "sqlite://", "sqlite:///:memory:", "mysql://me:SECRET@host/marks",
            "postgresql+psycopg://me:SECRET@127.0.0.1:1/marks", "postgresql://me:SECRET@127.0.0.1:port/marks",
            "postgresql+psycopg://me:SECRET@127.0.0.1:1/marks?sslmode=SECRET", "sqlite:////dev/null/marks.sqlite",
            "sqlite:////proc/marks/marks.sqlite", "SECRET://", "oracle+none://me:SECRET@host", "sqlite:////",
            "postgresql+psycopg://me:SECRET@no-such-host.invalid/marks", "postgresql+asyncpg://me:SECRET@127.0.0.1:1/x",
        ],
    )  # fmt: skip
    def test_addresses(self, url):
        with pytest.raises(StoreError) as fault:
            Store.open(url)
        assert len(str(fault.value).splitlines()) == 1
        said = "".join(traceback.format_exception(fault.value))
        assert "me:SECRET" not in said
        assert "SECRET@" not in said

    @pytest.mark.parametrize("content", [b"no database at all" * 1000, b"SQLite format 3\x00" + b"\xff" * 8000])
    def test_a_file_that_is_no_database(self, tmp_path, content):
        file = tmp_path / "text"
        file.write_bytes(content)
        with pytest.raises(StoreError, match="not a store of marks, or it is damaged"):
            Store.open(f"sqlite:///{file}")
        assert file.read_bytes() == content

    @pytest.mark.program
    def test_a_folder_that_cannot_be_written(self, empty_file):
        """In a process that is not root, for root may do anything."""
        outer = tempfile.TemporaryDirectory()  # not pytest's, which nobody but its owner may look into
        folder = Path(outer.name) / "closed"
        folder.mkdir()
        (folder / "there.sqlite").write_bytes(empty_file.read_bytes())
        folder.chmod(0o555)
        (folder / "there.sqlite").chmod(0o444)
        Path(outer.name).chmod(0o755)
        urls = [f"sqlite:///{folder}/{name}" for name in ("new.sqlite", "there.sqlite")]
        other, said = programs.begun(programs.write_as_nobody, urls)
        with said:
            new, there = said.recv(), said.recv()
        other.join()
        folder.chmod(0o755)
        outer.cleanup()
        assert "cannot be kept there: Permission denied" in new
        assert "cannot be written" in there or "can be written to" in there

    def test_what_was_saved_survives_a_power_cut(self, tmp_path, no_waiting_for_the_disk):
        """References are kept and what is deleted is overwritten, too."""
        with closing(sqlite3.connect(tmp_path / "marks.sqlite")) as file:
            no_waiting_for_the_disk(file, None)
            found = {
                name: file.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("synchronous", "foreign_keys", "secure_delete")
            }
        assert found == {"synchronous": 2, "foreign_keys": 1, "secure_delete": 1}

    def test_the_file_is_for_nobody_else(self, tmp_path, opened):
        town = Town(opened(f"sqlite:///{tmp_path}/new/marks.sqlite"))
        town.approved()
        files = sorted((tmp_path / "new").iterdir())
        assert [file.name for file in files] == ["marks.sqlite", "marks.sqlite-shm", "marks.sqlite-wal"]
        assert {file.stat().st_mode & 0o077 for file in files} == {0}


class TestPlainWords:
    @pytest.mark.both_databases
    def test_our_own_errors_pass(self, store):
        for fault in (
            ConflictError("mine"),
            StoreError("mine"),
            KeyError("x"),
            PermissionError("x"),
            OSError(28, "full"),
        ):
            with pytest.raises((PramshedError, KeyError, OSError)) as seen, store.database.writing():
                raise fault
            assert seen.value is fault or "disk" in str(seen.value)

    @pytest.mark.both_databases
    def test_no_row_is_shown(self, town):
        """PostgreSQL's own words would show what is in the row."""
        town.add(contact="SECRETX")
        for statement in (
            f"INSERT INTO marks ({_columns()}) SELECT {_columns()} FROM marks", "UPDATE marks SET contact = NULL",
            "UPDATE marks SET group_id = 99", "UPDATE people SET role = 'SECRETX'", "DELETE FROM groups",
        ):  # fmt: skip
            with (
                pytest.raises(StoreError, match="someone else changed this first") as fault,
                town.store.database.writing() as it,
            ):
                it.execute(text(statement))
            assert "SECRETX" not in str(fault.value)

    @pytest.mark.both_databases
    def test_a_reader_sees_one_moment(self, town, opened):
        with town.store.database.reading() as connection:
            asked = text("SELECT COUNT(*) FROM marks")
            before = connection.execute(asked).scalar()
            town.add()
            assert connection.execute(asked).scalar() == before
        assert len(rows_of(town.store, "marks")) == before + 1


def _columns() -> str:
    return ", ".join(one.name for one in metadata.tables["marks"].columns)


class TestPostgis:
    @pytest.fixture
    def town(self, server, opened):
        return Town(opened(server.emptied()))

    def test_a_geometry_with_its_system_and_an_index(self, town):
        mark = town.approved()
        town.approved(kind="play_space", geometry=shapely.box(450_100, 90_100, 450_200, 90_200))
        with town.store.database.reading() as connection:
            known = connection.execute(
                text("SELECT f_table_name, srid, coord_dimension FROM geometry_columns ORDER BY 1")
            ).all()
            assert [tuple(row) for row in known] == [("marks", 27700, 2), ("published", 27700, 2)]
            asked = text("SELECT ST_AsText(geom), ST_SRID(geom) FROM published WHERE mark_id = :id")
            assert tuple(connection.execute(asked, {"id": mark}).one()) == ("POINT(450000 90000)", 27700)
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            for table in ("marks", "published"):
                plan = connection.execute(
                    text(f"EXPLAIN SELECT * FROM {table} WHERE geom && ST_MakeEnvelope(0, 0, 1, 1, 27700)")
                ).scalars()
                assert f"ix_{table}_geom" in " ".join(plan)
        town.store.desk.edit(OPERATOR, mark, version=2, draft=draft(geometry=shapely.Point(451_000, 91_000)))
        with town.store.database.reading() as connection:
            assert connection.execute(asked, {"id": mark}).scalar() == "POINT(451000 91000)"

    def test_what_a_desktop_reads(self, town):
        """GeoPandas asks as QGIS does; GDAL's own driver is not in the wheel."""
        import geopandas as gpd

        town.approved(name="Hall")
        with town.store.database.engine.connect() as connection:
            found = gpd.read_postgis("SELECT * FROM published", connection, geom_col="geom")
        assert found.crs.to_epsg() == 27700
        assert found.geometry[0].equals(shapely.Point(450_000, 90_000))

    def test_who_may_not_make_the_extension_is_told(self, server):
        with server.database() as url:
            name = url.split("/")[3].split("?")[0]
            server.sql("DROP ROLE IF EXISTS plain")
            server.sql("CREATE ROLE plain LOGIN")
            server.sql("GRANT ALL ON SCHEMA public TO plain", name)
            plain = url.replace("//pramshed@", "//plain@")
            with pytest.raises(StoreError, match="CREATE EXTENSION postgis"):
                Store.open(plain)
            server.sql("CREATE EXTENSION postgis", name)
            store = Store.open(plain)
            Town(store).approved()
            store.close()

    def test_nothing_is_written_while_reading(self, town):
        with pytest.raises(StoreError, match="read-only"), town.store.database.reading() as connection:
            connection.execute(text("DELETE FROM marks"))
