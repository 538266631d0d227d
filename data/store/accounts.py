"""People who moderate: who they are, how they sign in, and the trail of what was done."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import delete, insert, select, update

from data.store import credentials
from data.store.mark_rows import note
from data.store.marks import one_line
from data.store.people import ROLES, Person, Role, moderated_group, names_of, person_of, require_administrator
from data.store.schema import attempts, audit, groups, marks, now, people
from geo.errors import DeniedError, RequestError, UnknownNameError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from data.store.database import Database
    from data.store.people import Actor

_LONGEST_NAME = 80
_NAMES = 72_674_332
"""The lock of those who add people: see `Database.take_turns`."""
_LONGEST_IDENTITY = 300


class Accounts:
    """Keeping people, and letting them in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        by: Actor,
        *,
        name: str,
        role: Role = "moderator",
        group_id: int | None = None,
        passphrase: str | None = None,
        issuer: str | None = None,
        subject: str | None = None,
    ) -> Person:
        """Add somebody who signs in with a passphrase, or through OpenID Connect, or either.

        Parameters
        ----------
        by
            An administrator, or the command line.
        name
            What the person signs in with and is shown as; no two have the same.
        role, group_id
            Of `people.ROLES`; a moderator's only group, if not all.
        passphrase
            At least twelve characters.
        issuer, subject
            The claims ``iss`` and ``sub`` of the provider.

        Raises
        ------
        DeniedError
            Only an administrator may.
        RequestError
            There is such a person already, or one of the arguments makes no sense.
        """
        said = unicodedata.normalize("NFC", " ".join(name.split()))
        sensible = _is_name(said) and role in ROLES and bool(issuer) == bool(subject)
        if not sensible or (role == "administrator" and group_id is not None):
            message = (
                "a person has a name of at most 80 letters, is moderator or administrator, and has issuer and subject "
                "or neither; only a moderator can be of one group"
            )
            raise RequestError(message)
        if not passphrase and not subject:
            message = "a person needs a passphrase, or the issuer and subject of an OpenID Connect provider"
            raise RequestError(message)
        if any(len(one) > _LONGEST_IDENTITY or one_line(one) != one for one in (issuer or "", subject or "")):
            message = f"issuer and subject are one line, of at most {_LONGEST_IDENTITY} characters"
            raise RequestError(message)
        secret = credentials.hash_passphrase(passphrase) if passphrase else None
        with self._database.writing() as connection:
            self._database.take_turns(connection, _NAMES)  # so that no two get the same name
            require_administrator(connection, by)
            known = connection.execute(select(people.c.name, people.c.issuer, people.c.subject)).all()
            if any(
                credentials.folded(row.name) == credentials.folded(said)
                or (subject and (row.issuer, row.subject) == (issuer, subject))
                for row in known
            ):
                message = f"there is somebody called {said}, or with that identity, already"
                raise RequestError(message)
            if (
                group_id is not None
                and connection.execute(select(groups.c.id).where(groups.c.id == group_id)).first() is None
            ):
                message = f"there is no group {group_id}"
                raise UnknownNameError(message)
            made = connection.execute(
                insert(people).values(
                    name=said, role=role, group_id=group_id, passphrase_hash=secret, issuer=issuer, subject=subject,
                    created=now(),
                )
            )  # fmt: skip
            (key,) = made.inserted_primary_key or (0,)
            note(connection, by, "person added", detail=f"person {key}, {role}")
            return person_of(_row(connection, key))

    def sign_in(self, name: str, passphrase: str, *, client: str = "") -> Person:
        """Let somebody in who knows the passphrase.

        Raises
        ------
        DeniedError
            Name or passphrase is wrong; which of them is not said.
        TooOftenError
            Too many failures from there, or for that name from anywhere.
        """
        said = credentials.folded(" ".join(name.split()))
        most = {
            credentials.bucket("name and client", f"{said}\n{client}"): credentials.MOST_FAILURES,
            credentials.bucket("name", said): credentials.MOST_FROM_ANYWHERE,
        } | ({credentials.bucket("client", client): credentials.MOST_FAILURES} if client else {})
        with credentials.counted(self._database, most):
            with self._database.reading() as connection:
                rows = connection.execute(select(people).where(people.c.disabled.is_(None))).all()
            row = next((row for row in rows if credentials.folded(row.name) == said), None)
            if not credentials.is_passphrase(passphrase, row.passphrase_hash if row else None) or row is None:
                message = "the name or the passphrase is wrong"
                raise DeniedError(message)
        return person_of(row)

    def unlock(self, by: Actor) -> None:
        """Forget failed tries, of passphrases and codes alike: nobody has to wait any longer.

        Raises
        ------
        DeniedError
            Only an administrator may.
        """
        with self._database.writing() as connection:
            require_administrator(connection, by)
            connection.execute(delete(attempts))
            note(connection, by, "failed tries forgotten")

    def by_identity(self, issuer: str, subject: str) -> Person | None:
        """Return whom an OpenID Connect provider has let in; None if we do not know them."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(people).where(
                    people.c.issuer == issuer, people.c.subject == subject, people.c.disabled.is_(None)
                )
            ).first()
        return person_of(row) if row else None

    def all(self, by: Actor) -> list[Person]:
        """Return the people who may sign in, by name."""
        with self._database.reading() as connection:
            require_administrator(connection, by)
            rows = connection.execute(select(people).where(people.c.disabled.is_(None)).order_by(people.c.name)).all()
        return [person_of(row) for row in rows]

    def disable(self, by: Actor, person_id: int) -> None:
        """Take all rights away from somebody, at once.

        Raises
        ------
        RequestError
            It is the last administrator: nobody could let anybody in any more.
        """
        with self._database.writing() as connection:
            left = connection.execute(  # before the right to it is looked at: two may disable one another
                select(people.c.id)
                .where(people.c.role == "administrator", people.c.disabled.is_(None))
                .order_by(people.c.id)
                .with_for_update()
            ).scalars()
            require_administrator(connection, by)
            _row(connection, person_id)
            if set(left) == {person_id}:
                message = "this is the last administrator; add another first"
                raise RequestError(message)
            connection.execute(update(people).where(people.c.id == person_id).values(disabled=now()))
            note(connection, by, "person disabled", detail=f"person {person_id}")

    def former(self, by: Actor) -> list[Person]:
        """Return the people whose rights were taken away, by name."""
        with self._database.reading() as connection:
            require_administrator(connection, by)
            rows = connection.execute(
                select(people).where(people.c.disabled.is_not(None)).order_by(people.c.name)
            ).all()
        return [person_of(row) for row in rows]

    def enable(self, by: Actor, person_id: int) -> None:
        """Give somebody the rights back that were taken away."""
        with self._database.writing() as connection:
            require_administrator(connection, by)
            _row(connection, person_id)
            connection.execute(update(people).where(people.c.id == person_id).values(disabled=None))
            note(connection, by, "person enabled", detail=f"person {person_id}")

    def set_passphrase(self, by: Actor, person_id: int, passphrase: str) -> Person:
        """Give a new passphrase, an administrator to anybody, a person to themselves: it ends every sign-in before.

        Returns
        -------
        Person
            Who may go on with the new one.
        """
        secret = credentials.hash_passphrase(passphrase)
        with self._database.writing() as connection:
            connection.execute(select(people.c.id).where(people.c.id == person_id).with_for_update())
            moderated_group(connection, by)
            if not (isinstance(by, Person) and by.id == person_id):
                require_administrator(connection, by)
            _row(connection, person_id)
            connection.execute(update(people).where(people.c.id == person_id).values(passphrase_hash=secret))
            note(connection, by, "passphrase set", detail=f"person {person_id}")
            return person_of(_row(connection, person_id))


class Trail:
    """Reading what was done; nobody can change it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, by: Actor, *, mark_id: str | None = None, limit: int = 200) -> pd.DataFrame:
        """Return the newest lines of the trail: at, actor, action, mark_id, detail; persons by their names.

        A moderator of one group sees what was done to that group's marks; an administrator sees all.
        """
        with self._database.reading() as connection:
            scope = moderated_group(connection, by)
            asked = select(audit).order_by(audit.c.id.desc()).limit(limit)
            if mark_id is not None:
                asked = asked.where(audit.c.mark_id == mark_id)
            if scope is not None:
                asked = asked.where(audit.c.mark_id.in_(select(marks.c.id).where(marks.c.group_id == scope)))
            rows = connection.execute(asked).all()
            names = names_of(connection)
        columns = ["id", "at", "actor", "action", "mark_id", "detail"]
        table = pd.DataFrame([row._mapping for row in rows], columns=columns).set_index("id")  # noqa: SLF001
        return table.assign(actor=[names.get(actor, actor) for actor in table["actor"]])


def _is_name(text: str) -> bool:
    """Whether it is letters of any script with their signs, figures, and what addresses are written with."""
    kinds = [unicodedata.category(letter)[0] in "LMN" or letter in ".@+_'’ -" for letter in text]  # noqa: RUF001
    return 0 < len(kinds) <= _LONGEST_NAME and all(kinds)


def _row(connection: Connection, person_id: int) -> Row[Any]:
    row = connection.execute(select(people).where(people.c.id == person_id)).first()
    if row is None:
        message = f"there is no person {person_id}"
        raise UnknownNameError(message)
    return row
