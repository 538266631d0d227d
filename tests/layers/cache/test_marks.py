"""The store of marks as the app keeps it open."""

from __future__ import annotations

import sqlite3

import pytest

from layers import cache


def test_a_store_that_makes_room_for_others_is_closed(tmp_path, monkeypatch):
    """A deployment that is pointed at another store does not hold on to the old one."""
    held = []
    for name in ("first", "second", "third"):
        monkeypatch.setenv("PRAMSHED_MARKS_URL", f"sqlite:///{tmp_path / name}.sqlite")
        with cache.marks.store().database.engine.connect() as connection:
            held.append(connection.connection.driver_connection)
    with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
        held[0].execute("SELECT 1")
    assert held[-1].execute("SELECT 1").fetchone() == (1,)
    cache.marks._store.clear()
    with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
        held[-1].execute("SELECT 1")
