"""Stores of the tests, of which many are made: nothing is waited for that no test is about."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from data.store import credentials, database
from data.store.store import Store

HASHER, AS_SQLITE, CREATE_ENGINE = credentials._hasher, database._as_sqlite, database.create_engine
"""As the product has them, whichever folder's tests begin first."""


@pytest.fixture(scope="session", autouse=True)
def cheap_passphrases():
    """Argon2 with little work, for it is meant to take long; gives the real one for the test that looks at it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credentials, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield HASHER


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk():
    """SQLite does not wait for the disk; gives what a store does otherwise for the test that looks at it."""

    def quick(connection, record) -> None:
        AS_SQLITE(connection, record)
        connection.execute("PRAGMA synchronous=OFF")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_as_sqlite", quick)
        yield AS_SQLITE


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once(tmp_path_factory):
    """All SQLite stores of these tests share their compiled statements, which otherwise each compiles anew."""
    first = Store.open(f"sqlite:///{tmp_path_factory.mktemp('first') / 'store.sqlite'}").database.engine
    compiled = {}

    def shared(url, **more):
        engine = CREATE_ENGINE(url, **more)
        if engine.dialect.name == "sqlite":
            engine.dialect = first.dialect  # by which they are found again
            engine.update_execution_options(compiled_cache=compiled)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "create_engine", shared)
        yield
    first.dispose()
