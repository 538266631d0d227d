"""Reading a report's tables in tests."""

from __future__ import annotations


def cells(table):
    """The published values of a table."""
    return table.values
