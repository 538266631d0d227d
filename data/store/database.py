"""One way to the database, whichever it is: connections, transactions, faults in plain words, migrations."""

from __future__ import annotations

import errno
import re
import sqlite3
import threading
import time
from collections import deque
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from data.store.schema import HEAD, WRITES, writes
from geo.errors import RequestError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

MIGRATIONS = Path(__file__).with_name("migrations")
WAIT_S = 30
"""How long a writer waits for the one before it."""

_LOCK = 72_674_331
"""PostgreSQL's advisory lock while a store is brought up to date: any number that nobody else uses."""

_ONE_AT_A_TIME = threading.Lock()
"""Alembic keeps what it works on in a global."""

_NOT_OURS = "the database holds tables that are not Pramshed's; give the store of marks one of its own"


class Turns:
    """Lets one in at a time, in the order in which they came; SQLite lets in whoever asks at the right moment."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Wait for one's turn, and pass it on afterwards.

        Raises
        ------
        StoreError
            It has not come for `WAIT_S`.
        """
        with self._mutex:
            called = threading.Event()
            if self._taken:
                self._waiting.append(called)
            else:
                self._taken = True
                called.set()
        if not called.wait(WAIT_S):
            with self._mutex:
                if called in self._waiting:  # and not called at this very moment
                    self._waiting.remove(called)
                    raise StoreError(_BUSY)
        try:
            yield
        finally:
            with self._mutex:
                if self._waiting:
                    self._waiting.popleft().set()
                else:
                    self._taken = False


@dataclass(frozen=True, eq=False)
class Database:
    """A database that is up to date, ready for short transactions from any thread."""

    engine: Engine
    turns: Turns = field(default_factory=Turns, repr=False)

    @classmethod
    def connect(cls, url: str | URL, *, after_upgrade: Callable[[Connection], None] | None = None) -> Database:
        """Connect and bring the tables up to date.

        Parameters
        ----------
        url
            ``sqlite:///FILE`` or ``postgresql+psycopg://USER:PASSWORD@HOST/NAME``.
        after_upgrade
            What follows in the transaction that brought older tables up to date.

        Raises
        ------
        StoreError
            There is no such database, it cannot be written, it is none of ours or newer than this program.
        """
        database = cls(_engine(url))
        try:
            database.migrate(after_upgrade=after_upgrade)
            if not database.is_postgres:
                database._keep_log()
        except StoreError:
            database.engine.dispose()
            raise
        return database

    @property
    def is_postgres(self) -> bool:
        """Whether it is PostgreSQL."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store from its beginning to its end."""
        options: dict[str, Any] = {}
        if self.is_postgres:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with _in_plain_words(), self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is kept as a whole when it ends, or not at all.

        SQLite lets one writer in at a time; in PostgreSQL a row that is to be changed is locked by reading it
        ``with_for_update``.
        """
        turn = nullcontext() if self.is_postgres else self.turns.mine()
        options: dict[str, Any] = {WRITES: True}
        with (
            turn,
            _in_plain_words(),
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            if self.is_postgres:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_S}s'")
            yield connection

    def migrate(self, target: str = HEAD, *, after_upgrade: Callable[[Connection], None] | None = None) -> None:
        """Bring the tables up to date; a store that is, is left alone.

        Parameters
        ----------
        target
            A revision; the newest if none.
        after_upgrade
            As `connect` takes it; only the newest tables are handed to it.
        """
        with self.reading() as connection:
            known = _revision(connection)
        if known == target:
            return
        from alembic import command  # noqa: PLC0415 (slow to load, and seldom needed)
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        with _ONE_AT_A_TIME, self.writing() as connection:
            self.take_turns(connection, _LOCK)
            if _revision(connection) != target:  # another process may have been quicker
                config.attributes["connection"] = connection
                command.upgrade(config, target)
                if target == HEAD and after_upgrade is not None:
                    after_upgrade(connection)

    def take_turns(self, connection: Connection, lock: int) -> None:
        """Wait for whoever else writes under that number (63 bits); in SQLite writers wait for each other anyway."""
        if self.is_postgres:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})

    def _keep_log(self) -> None:
        """Have SQLite write ahead, so that readers do not wait for writers; the file remembers it."""
        until = time.monotonic() + WAIT_S
        with _in_plain_words(), self.engine.connect() as connection:
            raw = connection.connection.cursor()
            while True:
                try:
                    found = raw.execute("PRAGMA journal_mode=WAL").fetchone()
                except sqlite3.OperationalError as fault:
                    found = (str(fault),)
                if found == ("wal",):
                    return
                if "locked" not in found[0] or time.monotonic() > until:
                    message = f"the store of marks needs a disk of this machine that can be written to: {found[0]}"
                    raise StoreError(message)
                time.sleep(0.05)  # somebody else is reading or writing at this moment

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _revision(connection: Connection) -> str | None:
    """The revision of the tables; None for an empty database.

    Raises
    ------
    StoreError
        The tables are another program's, or of a revision that is not known here.
    """
    tables = set(inspect(connection).get_table_names()) - {"spatial_ref_sys"}  # PostGIS's own
    if not tables:
        return None
    if not {"alembic_version", "audit", "people", "links"} <= tables:
        raise StoreError(_NOT_OURS)
    known = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
    if not re.fullmatch(r"\d{4}", known, re.ASCII):
        raise StoreError(_NOT_OURS)
    if known > HEAD:
        message = f"the store of marks was made by a newer Pramshed (revision {known}; this one knows {HEAD})"
        raise StoreError(message)
    return known


def _engine(url: str | URL) -> Engine:
    try:
        made = make_url(url)
        name = made.get_backend_name()
    except (ArgumentError, ValueError):
        message = "the address of the store is not one: expected sqlite:///FILE or postgresql+psycopg://…"
        raise StoreError(message) from None  # what was found may hold a password
    if name == "sqlite":
        if not made.database or made.database == ":memory:":
            message = "the store of marks needs a file: sqlite:///FILE"
            raise StoreError(message)
        file = Path(made.database)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.exists():
                file.touch(mode=0o600)  # what is in it is for nobody else on this machine; SQLite's other files follow
        except OSError as fault:
            message = f"{file}: the marks cannot be kept there: {fault.strerror}"
            raise StoreError(message) from fault
        engine = create_engine(
            made, pool_size=8, max_overflow=56, pool_timeout=WAIT_S, connect_args={"timeout": WAIT_S},
            hide_parameters=True,  # a fault's own text goes into logs, and what was to be written is private
        )  # fmt: skip
        event.listen(engine, "connect", _as_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if name == "postgresql":
        made = made.set(drivername="postgresql+psycopg")
        if "connect_timeout" not in made.query:
            made = made.update_query_dict({"connect_timeout": "10"})
        return create_engine(
            made, pool_size=8, max_overflow=24, pool_timeout=WAIT_S, pool_pre_ping=True, hide_parameters=True
        )
    message = f"the store of marks is SQLite or PostgreSQL, not {name}"
    raise StoreError(message)


def _as_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 (SQLAlchemy's)
    """What is acknowledged survives a power cut, references are kept, and what is deleted is overwritten."""
    connection.isolation_level = None  # we say when a transaction begins, see _begin_sqlite
    cursor = connection.cursor()
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # a transaction that begins by reading and then writes would fail where another has written in between
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes(connection) else "BEGIN")


@contextmanager
def _in_plain_words() -> Iterator[None]:
    """Turn the faults of databases into one line each."""
    try:
        yield
    except (DataError, UnicodeEncodeError, OverflowError) as fault:
        message = (
            "this cannot be saved: it has a character that is not allowed in text, or a number that is far too large"
        )
        raise RequestError(message) from fault
    except IntegrityError as fault:
        raise StoreError(_KEPT if _KEPT in str(fault.orig) else _CLASH) from fault
    except DBAPIError as fault:
        raise StoreError(_said(fault)) from fault
    except PoolTimeoutError as fault:
        raise StoreError(_BUSY) from fault
    except SQLAlchemyError as fault:
        message = f"the store of marks gave an error; nothing was saved: {type(fault).__name__}"
        raise StoreError(message) from fault
    except OSError as fault:
        if fault.errno == errno.ENOSPC:
            raise StoreError(_FULL) from fault
        raise


_FULL = "the disk that the marks are kept on is full; nothing was saved, and nothing that was saved before is lost"


_BUSY = "the store of marks is very busy; nothing was saved: try again in a minute"
_CLASH = "someone else changed this first, and your change no longer fits; nothing was saved: look again"
_KEPT = "the audit trail cannot be changed"


def _said(fault: DBAPIError) -> str:
    state = getattr(fault.orig, "sqlstate", None) or ""
    diagnosis = getattr(getattr(fault.orig, "diag", None), "message_primary", None)
    words = " ".join((diagnosis or str(fault.orig)).split())  # no more than that: details show what is in a row
    if state == "42501" and "extension" in words:
        return "the store of marks needs PostGIS: have the database's owner run CREATE EXTENSION postgis there, once"
    return _said_briefly(fault, state, words)


def _said_briefly(fault: DBAPIError, state: str, words: str) -> str:
    if state.startswith("53") or "disk is full" in words or "No space left" in words:
        return _FULL if state in ("", "53100") else f"the store of marks has no more room: {words}"
    if "database is locked" in words or state in ("40001", "40P01", "55P03"):
        return "somebody else is writing to the store of marks; nothing was saved: try again"
    if "unable to open database file" in words or "readonly database" in words:
        return f"the store of marks cannot be written: {words}"
    if "file is not a database" in words or "malformed" in words:
        return f"the file is not a store of marks, or it is damaged: {words}"
    if fault.connection_invalidated or state.startswith(("08", "57", "28", "3D")) or "connection" in words:
        return f"the store of marks does not answer: {words}"
    return f"the store of marks gave an error; nothing was saved: {words}"
