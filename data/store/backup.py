"""A whole store as one file, and back, on either database."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, func, insert, select, text, update

from data.store.database import Database
from data.store.people import require_administrator
from data.store.publishing import rebuild
from data.store.schema import attempts, marks, metadata, now, revisions, sign_ins
from geo.errors import InputError, StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from data.store.people import Actor


KEPT = tuple(table for table in metadata.sorted_tables if table not in (attempts, sign_ins))
"""The tables that a backup has, those that are referred to first."""

_ROWS_AT_ONCE = 100


def backup(database: Database, by: Actor, path: Path) -> int:
    """Copy the whole store, as it is at one moment, to a file of its own; return how many marks are in it.

    The copy is an SQLite store whatever the original is, so a backup also moves a store from one database to the other.
    Failed attempts to get in and who is signed in, which only matter for a while, are not in it.

    Raises
    ------
    DeniedError
        Only an administrator, or the command line, may.
    StoreError
        The file is there already, or cannot be written; nothing half-written is left.
    """
    if path.exists():
        message = f"{path}: already exists; a backup never overwrites another"
        raise StoreError(message)
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        message = f"{path.parent}: not a folder that can be written to"
        raise StoreError(message)
    with tempfile.TemporaryDirectory(prefix=".pramshed-", dir=path.parent) as folder:
        draft = Path(folder) / "backup.sqlite"
        copy = Database.connect(URL.create("sqlite", database=str(draft)), after_upgrade=rebuild)
        try:
            with database.reading() as source, copy.writing() as target:
                require_administrator(source, by)
                _copy(source, target)
                count = source.execute(select(func.count()).select_from(marks)).scalar_one()
        finally:
            copy.close()
        try:
            with closing(sqlite3.connect(draft)) as alone:  # one file, without the log that SQLite keeps beside it
                alone.execute("PRAGMA journal_mode=DELETE")
            draft.replace(path)
        except (OSError, sqlite3.Error) as fault:
            message = f"{path}: the backup cannot be written: {fault}"
            raise StoreError(message) from fault
    return int(count)


def restore(database: Database, by: Actor, path: Path) -> int:
    """Fill an empty store from a backup; return how many marks came.

    Raises
    ------
    DeniedError
        Only the command line may: an empty store has no administrator.
    InputError
        The file is no backup.
    StoreError
        The store is not empty.
    """
    if not path.is_file():
        raise InputError(path, expected="a backup of the store of marks", found="no such file")
    with tempfile.TemporaryDirectory(prefix="pramshed-") as folder:
        working = Path(folder) / "backup.sqlite"  # an old backup is brought up to date on a copy
        try:
            shutil.copyfile(path, working)
            _require_whole(working)
            copy = Database.connect(URL.create("sqlite", database=str(working)), after_upgrade=rebuild)
        except (OSError, sqlite3.Error) as fault:  # StoreError is an OSError
            raise InputError(path, expected="a backup of the store of marks", found=str(fault)) from fault
        try:
            with copy.reading() as source, database.writing() as target:
                require_administrator(target, by)
                if any(target.execute(select(table).limit(1)).first() for table in KEPT):
                    message = "the store is not empty; restore into a new one, and point the settings at it"
                    raise StoreError(message)
                _copy(source, target)
                # a dashboard that is running may hold answers by the numbers that the store had before
                minutes = int(now().timestamp()) // 60
                target.execute(update(revisions).values(number=revisions.c.number + minutes))
                if database.is_postgres:
                    _take_up_numbers(target)
                return int(source.execute(select(func.count()).select_from(marks)).scalar_one())
        finally:
            copy.close()


def _require_whole(path: Path) -> None:
    with closing(sqlite3.connect(path)) as alone:
        (found,) = alone.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok" or not alone.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            message = f"a damaged file: {found}" if found != "ok" else "no tables of such a store"
            raise sqlite3.DatabaseError(message)


def _copy(source: Connection, target: Connection) -> None:
    for table in KEPT:
        asked = source.execute(select(table), execution_options={"yield_per": _ROWS_AT_ONCE})
        for rows in asked.partitions():
            values = [dict(row._mapping) for row in rows]  # noqa: SLF001
            if table is marks:  # what others were merged into may come after them
                values = [one | {"merged_into": None} for one in values]
            target.execute(insert(table), values)
    merged = source.execute(select(marks.c.id, marks.c.merged_into).where(marks.c.merged_into.is_not(None)))
    for row in merged.all():
        target.execute(update(marks).where(marks.c.id == row.id).values(merged_into=row.merged_into))


def _take_up_numbers(connection: Connection) -> None:
    """PostgreSQL counts by itself, and would begin at 1 again."""
    for table in metadata.sorted_tables:
        if "id" in table.c and table is not marks:
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608 (our own names)
                    f"COALESCE((SELECT MAX(id) FROM {table.name}), 0) + 1, false)"
                )
            )
