"""How long the store keeps what: marks lapse, private fields are blanked, old rows are deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import exists, or_, select, update

from data.store import contributions, publishing
from data.store.database import Database
from data.store.mark_rows import change, note, without_private
from data.store.marks import PRIVATE
from data.store.people import require_administrator
from data.store.schema import marks, now, versions

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from data.store.people import Actor

_ROWS_AT_ONCE = 100

UNSEEN = "Nobody could look at it in time. You are welcome to send it again."
"""Why a mark that has waited too long is refused."""


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long what is kept.

    Parameters
    ----------
    confirm_after_days
        After which somebody should say that a mark is still there.
    lapse_after_days
        After that again, it goes off the map.
    private_days
        After a decision, contact and private note are blanked.
    refused_days
        After a decision, a mark that is not on the map is deleted.
    waiting_days
        A mark that nobody has looked at for so long is refused, and its contributor told so.
    """

    confirm_after_days: int = 365
    lapse_after_days: int = 90
    private_days: int = 90
    refused_days: int = 180
    waiting_days: int = 180


class Tidied(NamedTuple):
    """How many marks went off the map, were refused unseen, had their private fields blanked, were deleted."""

    lapsed: int
    unseen: int
    blanked: int
    deleted: int


def tidy(database: Database, by: Actor, retention: Retention) -> Tidied:
    """Forget what need not be kept any longer.

    Raises
    ------
    DeniedError
        Only an administrator, or the command line, may.
    """
    return Tidied(
        _lapse(database, by, timedelta(days=retention.lapse_after_days)),
        _refuse_unseen(database, by, timedelta(days=retention.waiting_days)),
        _blank(database, by, timedelta(days=retention.private_days)),
        _delete(database, by, timedelta(days=retention.refused_days)),
    )


# Each in a transaction of its own that first takes all its marks, in the order of their ids: so that moderators, who
# take one and then the public copy, are never waited for by somebody that they wait for.


def _lapse(database: Database, by: Actor, after: timedelta) -> int:
    at = now()
    with database.writing() as connection:
        require_administrator(connection, by)
        late = _taken(connection, (marks.c.status == "approved") & (marks.c.confirm_by < at.date() - after))
        for row in late:
            lapsed = change(connection, by, row, row.version, status="lapsed", decided=at)
            publishing.refresh(connection, row, lapsed)
            note(connection, by, "lapsed", row.id, "approved to lapsed")
    return len(late)


def _refuse_unseen(database: Database, by: Actor, after: timedelta) -> int:
    at = now()
    with database.writing() as connection:
        require_administrator(connection, by)
        late = _taken(
            connection, (marks.c.status == "waiting") & (marks.c.created < at - after) & _untouched(at - after)
        )
        for row in late:
            change(connection, by, row, row.version, status="rejected", decided=at, reason=UNSEEN)
            note(connection, by, "rejected", row.id, "waiting to rejected")
    return len(late)


def _untouched(since: datetime) -> ColumnElement[bool]:
    """Nothing was done to the mark since: one that was put back into the queue waits from then on."""
    return ~exists().where(versions.c.mark_id == marks.c.id, versions.c.at >= since)


def _blank(database: Database, by: Actor, after: timedelta) -> int:
    with database.writing() as connection:
        require_administrator(connection, by)
        told = _taken(
            connection,
            (marks.c.decided < now() - after) & or_(*(marks.c[name] != "" for name in PRIVATE)),
        )
        for row in told:
            connection.execute(update(marks).where(marks.c.id == row.id).values(dict.fromkeys(PRIVATE, "")))
            for kept in connection.execute(select(versions).where(versions.c.mark_id == row.id)).all():
                connection.execute(
                    update(versions)
                    .where(versions.c.mark_id == row.id, versions.c.version == kept.version)
                    .values(content=without_private(kept.content))
                )
            note(connection, by, "blanked", row.id)
    return len(told)


def _delete(database: Database, by: Actor, after: timedelta) -> int:
    with database.writing() as connection:
        require_administrator(connection, by)
        done = marks.c.status.in_(("rejected", "withdrawn", "merged", "lapsed")) & (marks.c.decided < now() - after)
        within = marks.c.merged_into.in_(select(marks.c.id).where(done))
        ids = set(connection.execute(select(marks.c.id).where(done)).scalars())
        old = [row for row in _taken(connection, done | within) if row.id in ids]
        for row in old:
            contributions.erase(connection, by, row)
            note(connection, by, "erased", row.id, "kept long enough")
    return len(old)


def _taken(connection: Connection, which: ColumnElement[bool]) -> list[Row[Any]]:
    return list(connection.execute(select(marks).where(which).order_by(marks.c.id).with_for_update()).all())
