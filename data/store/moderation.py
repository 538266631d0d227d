"""The rules of moderation: the queue, and what may be decided about a mark."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import select

from data.store import contributions, publishing
from data.store.mark_rows import change, draft_of, locked, marks_of, note, require_version, values_of
from data.store.marks import ANSWERS, STATUSES, one_line
from data.store.people import moderated_group, names_of, require_moderator
from data.store.schema import marks, now, photos, versions
from data.store.screening import findings
from geo.errors import RequestError, UnknownNameError

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, Row

    from data.store.database import Database
    from data.store.marks import Mark, MarkDraft
    from data.store.people import Actor

LONGEST_REASON = 300

_FROM: dict[str, tuple[str, ...]] = {
    "approve": ("waiting", "lapsed"),
    "reject": ("waiting",),
    "withdraw": ("approved",),
    "restore": ("rejected", "withdrawn", "merged", "lapsed"),
    "merge": ("waiting", "approved"),
    "confirm": ("approved",),
}
"""What can be decided about a mark, by its status."""


class Desk:
    """Deciding on marks. Every call names the version that was looked at, and fails if someone else was first."""

    def __init__(self, database: Database, *, confirm_after_days: int) -> None:
        self._database = database
        self._confirm_after = timedelta(days=confirm_after_days)

    def queue(
        self, by: Actor, place: str | None = None, *, status: str = "waiting", limit: int | None = None
    ) -> list[Mark]:
        """Return the marks of a status that this moderator decides on, the oldest first, at most so many.

        Raises
        ------
        DeniedError
            Who asks is no moderator.
        RequestError
            There is no such status.
        """
        if status not in STATUSES:
            message = f"unknown status {status!r}; there are {', '.join(STATUSES)}"
            raise RequestError(message)
        return self._listed(by, place, marks.c.status == status, limit)

    def due(self, by: Actor, place: str | None = None, *, within_days: int = 30) -> list[Mark]:
        """Return the marks on the map that somebody should look at: soon to lapse, or said to be gone."""
        soon = now().date() + timedelta(days=within_days)
        listed = self._listed(by, place, marks.c.status == "approved")
        return [mark for mark in listed if mark.gone or (mark.confirm_by and mark.confirm_by <= soon)]

    def _listed(self, by: Actor, place: str | None, which: ColumnElement[bool], limit: int | None = None) -> list[Mark]:
        with self._database.reading() as connection:
            group_id = moderated_group(connection, by)
            asked = select(marks).where(which).order_by(marks.c.created, marks.c.id).limit(limit)
            if place is not None:
                asked = asked.where(marks.c.place == place)
            if group_id is not None:
                asked = asked.where(marks.c.group_id == group_id)
            return marks_of(connection, connection.execute(asked).all())

    def get(self, by: Actor, mark_id: str) -> Mark:
        """Return a mark with its private fields.

        Raises
        ------
        DeniedError
            Who asks is no moderator of its group.
        UnknownNameError
            There is no such mark.
        """
        with self._database.reading() as connection:
            return marks_of(connection, [_seen(connection, by, mark_id)])[0]

    def photo(self, by: Actor, mark_id: str) -> bytes | None:
        """Return the JPEG of a mark, published or not."""
        with self._database.reading() as connection:
            _seen(connection, by, mark_id)
            return connection.execute(select(photos.c.jpeg).where(photos.c.mark_id == mark_id)).scalar()

    def history(self, by: Actor, mark_id: str) -> pd.DataFrame:
        """Return every state that a mark has been in: version, at, actor, status and its answers, oldest first."""
        with self._database.reading() as connection:
            _seen(connection, by, mark_id)
            kept = connection.execute(
                select(versions).where(versions.c.mark_id == mark_id).order_by(versions.c.version)
            ).all()
            names = names_of(connection)
        said = [{name: json.loads(row.content).get(name) for name in (*ANSWERS, "reason")} for row in kept]
        rows = [
            {"version": row.version, "at": row.at, "actor": names.get(row.actor, row.actor), "status": row.status}
            for row in kept
        ]
        return pd.DataFrame([row | answers for row, answers in zip(rows, said, strict=True)]).set_index("version")

    def approve(self, by: Actor, mark_id: str, *, version: int, checked: bool = False) -> Mark:
        """Put a mark on the map.

        Parameters
        ----------
        version
            The version that was looked at.
        checked
            That what looks like a telephone number, an address or a child's name in its public texts may be shown.

        Raises
        ------
        DeniedError, ConflictError, UnknownNameError
            No right to it; changed by somebody else since; no such mark.
        RequestError
            It is not waiting, or its public texts hold what should not be shown.
        """
        at = now()
        with self._database.writing() as connection:
            row = _taken(connection, by, mark_id, version, "approve")
            seen = findings({"name": row.name, "note": row.note})
            if seen and not checked:
                said = "; ".join(f"{one.kind.replace('_', ' ')} in the {one.field}: {one.excerpt}" for one in seen)
                message = f"take this out of the text first, or say that it may be shown: {said}"
                raise RequestError(message)
            decision = {"decided": at, "confirmed": at, "confirm_by": self._due(at.date()), "reason": ""}
            return self._decide(connection, by, row, version, "approved", status="approved", **decision)

    def reject(self, by: Actor, mark_id: str, *, version: int, reason: str) -> Mark:
        """Refuse a mark; its contributor reads the reason."""
        with self._database.writing() as connection:
            row = _taken(connection, by, mark_id, version, "reject")
            said = _reason(reason)
            return self._decide(connection, by, row, version, "rejected", status="rejected", decided=now(), reason=said)

    def withdraw(self, by: Actor, mark_id: str, *, version: int, reason: str) -> Mark:
        """Take a mark off the map; its contributor reads the reason."""
        with self._database.writing() as connection:
            row = _taken(connection, by, mark_id, version, "withdraw")
            said = _reason(reason)
            return self._decide(
                connection, by, row, version, "withdrawn", status="withdrawn", decided=now(), reason=said
            )

    def restore(self, by: Actor, mark_id: str, *, version: int) -> Mark:
        """Put a mark that was refused, taken off or merged back into the queue."""
        with self._database.writing() as connection:
            row = _taken(connection, by, mark_id, version, "restore")
            values = {"status": "waiting", "merged_into": None, "decided": None, "confirm_by": None, "reason": ""}
            return self._decide(connection, by, row, version, "restored", **values)

    def confirm(self, by: Actor, mark_id: str, *, version: int) -> Mark:
        """Say that a mark on the map is still there."""
        at = now()
        with self._database.writing() as connection:
            row = _taken(connection, by, mark_id, version, "confirm")
            dates = {"confirmed": at, "confirm_by": self._due(at.date())}
            return self._decide(connection, by, row, version, "confirmed", **dates)

    def edit(self, by: Actor, mark_id: str, *, version: int, draft: MarkDraft) -> Mark:
        """Change what a mark says; one that is on the map changes there at once.

        Raises
        ------
        RequestError
            The draft is for another place.
        """
        with self._database.writing() as connection:
            row = _taken(connection, by, mark_id, version)
            if row.place != draft.place:
                message = "a mark cannot be moved to another place"
                raise RequestError(message)
            before = draft_of(row)
            changed = [name for name in (*ANSWERS, "geometry") if getattr(before, name) != getattr(draft, name)]
            seen = findings({"name": draft.name, "note": draft.note})
            warnings = json.dumps([f"{one.field}: {one.kind}" for one in seen])
            action = f"edited: {', '.join(changed) or 'nothing'}"
            return self._decide(connection, by, row, version, action, warnings=warnings, **values_of(draft))

    def merge(self, by: Actor, mark_id: str, *, version: int, into: str) -> Mark:
        """Say that a mark is one with another, which stays.

        Raises
        ------
        RequestError
            They are the same, in different places, or the other is not waiting and not on the map.
        """
        if mark_id == into:
            message = "a mark cannot be merged into itself"
            raise RequestError(message)
        with self._database.writing() as connection:
            moderated_group(connection, by)
            for one in sorted((mark_id, into)):  # always in one order, so that two mergers do not wait for each other
                locked(connection, one)
            row, other = _taken(connection, by, mark_id, version, "merge"), _taken(connection, by, into)
            if other.status not in ("waiting", "approved") or other.place != row.place:
                message = f"{into} is not a mark of this place that is waiting or on the map"
                raise RequestError(message)
            action, decision = f"merged: into {into}", {"status": "merged", "merged_into": into, "decided": now()}
            return self._decide(connection, by, row, version, action, **decision)

    def erase(self, by: Actor, mark_id: str) -> None:
        """Delete a mark with all that it has been; the trail keeps that it was, not what it said."""
        with self._database.writing() as connection:
            row = _taken(connection, by, mark_id)
            contributions.erase(connection, by, row)
            note(connection, by, "erased", mark_id)

    def _due(self, day: date) -> date:
        return day + self._confirm_after

    def _decide(
        self,
        connection: Connection,
        by: Actor,
        row: Row[Any],
        version: int,
        action: str,
        **values: Any,  # noqa: ANN401
    ) -> Mark:
        after = change(connection, by, row, version, **values)
        if "approved" in (row.status, after.status):
            publishing.refresh(connection, row, after)
        what, _, detail = action.partition(": ")
        moved = f"{row.status} to {after.status}" if row.status != after.status else ""
        note(connection, by, what, row.id, "; ".join(filter(None, (moved, detail))))
        return marks_of(connection, [after])[0]


def _seen(connection: Connection, by: Actor, mark_id: str) -> Row[Any]:
    """The row of a mark, for a moderator of its group."""
    moderated_group(connection, by)  # before anything, so that nobody else learns which marks there are
    row = connection.execute(select(marks).where(marks.c.id == mark_id)).first()
    if row is None:
        message = f"there is no mark {mark_id[:20]}; it may have been deleted"
        raise UnknownNameError(message)
    require_moderator(connection, by, row.group_id)
    return row


def _taken(
    connection: Connection, by: Actor, mark_id: str, version: int | None = None, what: str | None = None
) -> Row[Any]:
    """The row of a mark, locked, for a moderator of its group; refused if its version or status does not allow that."""
    moderated_group(connection, by)
    row = locked(connection, mark_id)
    require_moderator(connection, by, row.group_id)
    if version is not None:  # before the status: that someone else changed it first is what matters
        require_version(connection, row, version)
    if what is not None and row.status not in _FROM[what]:
        message = f"this mark is {row.status}, so you cannot {what} it; it would have to be {' or '.join(_FROM[what])}"
        raise RequestError(message)
    return row


def _reason(text: str) -> str:
    said = one_line(text)
    if not 0 < len(said) <= LONGEST_REASON:
        message = f"a reason is needed, of at most {LONGEST_REASON} characters; who made the mark will read it"
        raise RequestError(message)
    return said
