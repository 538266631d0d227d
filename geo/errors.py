"""The errors that Pramshed raises on purpose; each is also a builtin, so ordinary ``except`` clauses catch it."""

from __future__ import annotations

from pathlib import Path


class PramshedError(Exception):
    """Something a person can put right; the message says what and how."""

    def __str__(self) -> str:
        """Return the message alone (``KeyError`` would put it in quotation marks)."""
        return str(self.args[0]) if self.args else type(self).__name__


class InputError(PramshedError, ValueError):
    """A file or a table is not what it should be; the message is one line.

    Parameters
    ----------
    source
        The file (or table) at fault.
    expected, found
        What should be there, and what is.
    row
        Line of the file counted from 1, the header being line 1.
    column
        Name of the column.
    """

    def __init__(
        self,
        source: str | Path,
        *,
        expected: str,
        found: str,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        where = str(source)
        if row is not None:
            where += f", row {row}"
        if column is not None:
            where += f", column {column!r}"
        super().__init__(" ".join(f"{where}: found {found}; expected {expected}".split()))
        self.source, self.row, self.column = str(source), row, column
        self.found, self.expected = found, expected


class CrsError(InputError):
    """Coordinates are in another reference system than the one that is needed."""


class UnknownNameError(PramshedError, KeyError):
    """A place, an area, a site or a profile of that name is not here."""


class RequestError(PramshedError, ValueError):
    """The request makes no sense, such as a walk of minus five minutes."""


class StoreError(PramshedError, OSError):
    """The community's store cannot be opened, read or written; nothing that was acknowledged is lost."""


class ConflictError(PramshedError, RuntimeError):
    """Somebody else has changed the same thing in between; nothing was written."""


class DeniedError(PramshedError, PermissionError):
    """Who asks has no right to this; nothing was read or written."""


class TooOftenError(DeniedError):
    """The same was tried, or something was added, too often in too short a time."""


class ServiceError(PramshedError, RuntimeError):
    """A public service does not answer as it should; the message is one line.

    Parameters
    ----------
    service
        Who was asked, and for what.
    found, expected
        What came, and what should have come.
    advice
        What a person can do about it.
    status
        Status of the HTTP answer; None if none came.
    """

    def __init__(
        self, service: str, *, found: str, expected: str, advice: str = "try again later", status: int | None = None
    ) -> None:
        super().__init__(" ".join(f"{service}: found {found}; expected {expected}; {advice}".split()))
        self.service, self.found, self.expected, self.advice, self.status = service, found, expected, advice, status
