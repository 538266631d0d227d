"""Who has signed in, by the cookie that the server gave their browser; ended here, it is ended everywhere."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from data.store import credentials
from data.store.people import Person, person_of, stamp_of
from data.store.schema import now, people, sign_ins

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from data.store.database import Database

AWAY = timedelta(minutes=60)
"""A sign-in ends when nothing was done for so long."""
LONGEST = timedelta(hours=12)
"""And after so long, whatever was done."""
_A_WHILE = timedelta(minutes=1)
"""So often it is written down that it is used."""


class SignIns:
    """Keeping them. Of a cookie only its SHA-256 is stored."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, person: Person) -> str:
        """What the browser of somebody who was let in gets as a cookie; what has ended is forgotten."""
        token, at = credentials.new_token(), now()
        with self._database.writing() as connection:
            connection.execute(delete(sign_ins).where(_ended(at)))
            connection.execute(
                insert(sign_ins).values(
                    token=credentials.digest(token), person_id=person.id, stamp=person.stamp, begun=at, used=at
                )
            )
        return token

    def whose(self, token: str) -> Person | None:
        """Who has signed in with a cookie; None if nobody, or no longer. Asking is using."""
        at, kept = now(), credentials.digest(token)
        with self._database.reading() as connection:
            row = connection.execute(
                select(people, sign_ins.c.stamp, sign_ins.c.used)
                .join(sign_ins, sign_ins.c.person_id == people.c.id)
                .where(sign_ins.c.token == kept, ~_ended(at), people.c.disabled.is_(None))
            ).first()
        if row is None or row.stamp != stamp_of(row.passphrase_hash):
            return None
        if at - row.used > _A_WHILE:
            with self._database.writing() as connection:
                connection.execute(update(sign_ins).where(sign_ins.c.token == kept).values(used=at))
        return person_of(row)

    def go_on(self, token: str, person: Person) -> None:
        """Let somebody stay who has given themselves a new passphrase; it ends their other sign-ins."""
        with self._database.writing() as connection:
            connection.execute(
                update(sign_ins)
                .where(sign_ins.c.token == credentials.digest(token), sign_ins.c.person_id == person.id)
                .values(stamp=person.stamp)
            )

    def end(self, token: str) -> None:
        """Sign out, in every window of that browser."""
        with self._database.writing() as connection:
            connection.execute(delete(sign_ins).where(sign_ins.c.token == credentials.digest(token)))


def _ended(at: datetime) -> ColumnElement[bool]:
    return (sign_ins.c.used <= at - AWAY) | (sign_ins.c.begun <= at - LONGEST)
