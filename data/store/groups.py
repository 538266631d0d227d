"""Groups, and the links by which their people add marks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from data.store import credentials
from data.store.mark_rows import note
from data.store.marks import is_place, one_line
from data.store.people import (
    Contributor,
    LinkError,
    moderated_group,
    require_administrator,
    require_contributor,
    require_moderator,
    require_working,
)
from data.store.schema import groups, links, now
from geo.errors import RequestError, UnknownNameError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from data.store.database import Database
    from data.store.people import Actor

LONGEST_NAME = 80
MOST_DAYS = 730
MOST_PER_HOUR = 500


@dataclass(frozen=True)
class Group:
    """A group of one place; it adds no more marks once it is closed."""

    id: int
    name: str
    place: str
    created: datetime
    closed: datetime | None = None


@dataclass(frozen=True)
class Link:
    """An add-only link of a group, without its secret."""

    id: int
    group_id: int
    label: str
    created: datetime
    expires: datetime
    revoked: datetime | None
    per_hour: int

    @property
    def works(self) -> bool:
        """Whether it still opens."""
        return self.revoked is None and self.expires > now()


@dataclass(frozen=True)
class NewLink:
    """A link with its secrets, which nobody can look up again."""

    link: Link
    token: str
    code: str
    """For a paper sheet: the same, to be typed."""


class Groups:
    """Keeping groups and their links."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, by: Actor, *, name: str, place: str) -> Group:
        """Make a group.

        Raises
        ------
        DeniedError
            Only an administrator may.
        RequestError
            The name is empty or too long, or ``place`` is no place's key.
        """
        said = _named(name)
        if not is_place(place):
            message = f"{place[:40]!r} is no key of a place; those are like isle-of-wight"
            raise RequestError(message)
        with self._database.writing() as connection:
            require_administrator(connection, by)
            made = connection.execute(insert(groups).values(name=said, place=place, created=now()))
            (key,) = made.inserted_primary_key or (0,)
            note(connection, by, "group made", detail=f"group {key}")
            return _group(_group_row(connection, key))

    def all(self, by: Actor) -> list[Group]:
        """Return the groups that somebody moderates, by name."""
        with self._database.reading() as connection:
            scope = moderated_group(connection, by)
            asked = select(groups).order_by(groups.c.name, groups.c.id)
            rows = connection.execute(asked if scope is None else asked.where(groups.c.id == scope)).all()
        return [_group(row) for row in rows]

    def close(self, by: Actor, group_id: int) -> None:
        """Close a group: all its links are withdrawn; its marks stay.

        Raises
        ------
        DeniedError, UnknownNameError
            Only an administrator may; there is no such group.
        """
        at = now()
        with self._database.writing() as connection:
            require_administrator(connection, by)
            _group_row(connection, group_id)
            connection.execute(
                update(groups).where(groups.c.id == group_id, groups.c.closed.is_(None)).values(closed=at)
            )
            connection.execute(
                update(links).where(links.c.group_id == group_id, links.c.revoked.is_(None)).values(revoked=at)
            )
            note(connection, by, "group closed", detail=f"group {group_id}")

    def make_link(self, by: Actor, group_id: int, *, label: str = "", days: int = 90, per_hour: int = 30) -> NewLink:
        """Make an add-only link.

        Parameters
        ----------
        by
            A moderator of the group.
        label
            For whom it is, so that it can be told from others.
        days
            After which it opens no more.
        per_hour
            How many marks it may bring within an hour.
        """
        if not (1 <= days <= MOST_DAYS and 1 <= per_hour <= MOST_PER_HOUR and len(label) <= LONGEST_NAME):
            message = (
                f"a link lasts 1 to {MOST_DAYS} days, brings 1 to {MOST_PER_HOUR} marks an hour, "
                f"and has a label of at most {LONGEST_NAME} characters"
            )
            raise RequestError(message)
        token, code = credentials.new_token(), credentials.new_code()
        with self._database.writing() as connection:
            require_moderator(connection, by, group_id)
            if _group_row(connection, group_id, lock=True).closed is not None:
                message = "this group is closed"
                raise RequestError(message)
            made = connection.execute(
                insert(links).values(
                    group_id=group_id, label=one_line(label), created=now(),
                    expires=now() + timedelta(days=days), per_hour=per_hour,
                    token_hash=credentials.digest(token), code_hash=credentials.digest(code),
                )
            )  # fmt: skip
            (key,) = made.inserted_primary_key or (0,)
            note(connection, by, "link made", detail=f"link {key}, group {group_id}")
            row = connection.execute(select(links).where(links.c.id == key)).one()
        return NewLink(_link(row), token, code)

    def links(self, by: Actor, group_id: int) -> list[Link]:
        """Return the links of a group, the newest first."""
        with self._database.reading() as connection:
            require_moderator(connection, by, group_id)
            rows = connection.execute(
                select(links).where(links.c.group_id == group_id).order_by(links.c.id.desc())
            ).all()
        return [_link(row) for row in rows]

    def revoke(self, by: Actor, link_id: int) -> None:
        """Withdraw a link: it opens no more, and who has it open can send nothing more."""
        with self._database.writing() as connection:
            group_id = connection.execute(select(links.c.group_id).where(links.c.id == link_id)).scalar()
            require_moderator(connection, by, group_id)
            if group_id is None:
                message = f"there is no link {link_id}"
                raise UnknownNameError(message)
            connection.execute(
                update(links).where(links.c.id == link_id, links.c.revoked.is_(None)).values(revoked=now())
            )
            note(connection, by, "link revoked", detail=f"link {link_id}")

    def still_open(self, who: Contributor) -> Contributor:
        """Return who came by a link that was opened before, if it still opens; no secret is asked for again.

        Raises
        ------
        LinkError
            It has run out or was withdrawn since, or is of another group.
        """
        with self._database.reading() as connection:
            require_contributor(connection, who, who.group_id)
        return who

    def open_link(self, secret: str, *, client: str = "") -> Contributor:
        """Return who comes by a link.

        Parameters
        ----------
        secret
            What a link ends in, or the code of a paper sheet.
        client
            What tells one guesser from another, such as a network address; it is not kept.

        Raises
        ------
        LinkError
            There is no such link, it has run out or was withdrawn.
        TooOftenError
            Too many codes that were none.
        """
        code = credentials.as_code(secret)
        if code is None:  # a token is beyond guessing; a code, with patience, is not
            with self._database.reading() as connection:
                row = _found(connection, links.c.token_hash, secret)
        else:
            with credentials.counted_in_turn(self._database, credentials.bucket("code", client)) as connection:
                row = _found(connection, links.c.code_hash, code)
        require_working(revoked=row.revoked or row.closed, expires=row.expires)
        return Contributor(row.id, row.group_id, row.name, row.place, row.label, row.expires)


def _found(connection: Connection, kept: ColumnElement[str], secret: str) -> Row[Any]:
    row = connection.execute(
        select(links, groups.c.name, groups.c.place, groups.c.closed)
        .join(groups, groups.c.id == links.c.group_id)
        .where(kept == credentials.digest(secret))
    ).first()
    if row is None:
        why = "unknown"
        raise LinkError(why)
    return row


def _group_row(connection: Connection, group_id: int, *, lock: bool = False) -> Row[Any]:
    asked = select(groups).where(groups.c.id == group_id)
    row = connection.execute(asked.with_for_update(key_share=True) if lock else asked).first()
    if row is None:
        message = f"there is no group {group_id}"
        raise UnknownNameError(message)
    return row


def _group(row: Row[Any]) -> Group:
    return Group(row.id, row.name, row.place, row.created, row.closed)


def _link(row: Row[Any]) -> Link:
    return Link(row.id, row.group_id, row.label, row.created, row.expires, row.revoked, row.per_hour)


def _named(text: str) -> str:
    said = one_line(text)
    if not 0 < len(said) <= LONGEST_NAME:
        message = f"a name is needed, of at most {LONGEST_NAME} characters"
        raise RequestError(message)
    return said
