"""Who asks, and what they may do: every call of the store is checked here against the store as it is now."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select

from data.store.schema import groups, links, now, people, writes
from geo.errors import DeniedError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

Role = Literal["moderator", "administrator"]
ROLES: tuple[Role, ...] = ("moderator", "administrator")
"""A moderator decides on marks, of one group or of all; an administrator also keeps groups and people."""


class LinkError(DeniedError):
    """A group's link does not open.

    Parameters
    ----------
    why
        ``unknown``, ``expired``, ``revoked`` or ``other group``.
    """

    def __init__(self, why: str) -> None:
        super().__init__(_LINK_FAULTS[why])
        self.why = why


_LINK_FAULTS = {
    "unknown": "there is no such link; check that all of it was copied, or ask your group for a new one",
    "expired": "this link has expired; ask your group for a new one",
    "revoked": "this link has been withdrawn; ask your group for a new one",
    "other group": "this link is not for that group",
}


@dataclass(frozen=True)
class Visitor:
    """Anybody; sees what is published."""


@dataclass(frozen=True)
class Contributor:
    """Who came by a group's link: may add marks for that group, and nothing else."""

    link_id: int
    group_id: int
    group: str
    place: str
    label: str
    expires: datetime


@dataclass(frozen=True)
class Person:
    """Who signed in."""

    id: int
    name: str
    role: Role
    group_id: int | None = None
    """The only group whose marks this person decides on; None: all groups."""
    stamp: str = field(default="", repr=False)
    """By which passphrase somebody is known (`stamp_of`): a new one ends every sign-in by the one before."""


@dataclass(frozen=True)
class Operator:
    """Who sits at the machine itself: the command line."""


def stamp_of(passphrase_hash: str | None) -> str:
    """What changes with a passphrase, and does not tell it; the same for all who have none."""
    return hashlib.sha256((passphrase_hash or "").encode()).hexdigest()[:16]


def person_of(row: Row[Any]) -> Person:
    """Somebody as the store has them now."""
    return Person(row.id, row.name, row.role, row.group_id, stamp_of(row.passphrase_hash))


OPERATOR = Operator()
Actor = Visitor | Contributor | Person | Operator


def signature(who: Actor | None) -> str:
    """How the audit trail names somebody; None is the one who holds a mark's receipt."""
    match who:
        case None:
            return "receipt"
        case Contributor():
            return f"link {who.link_id}"
        case Person():
            return f"person {who.id}"
        case Operator():
            return "command line"
        case _:
            return "visitor"


def names_of(connection: Connection) -> dict[str, str]:
    """What those who sign in are called, by how the audit trail names them."""
    return {f"person {row.id}": str(row.name) for row in connection.execute(select(people.c.id, people.c.name))}


def require_contributor(connection: Connection, who: Actor, group_id: int | None) -> None:
    """Refuse anybody who may not add a mark for that group.

    Raises
    ------
    DeniedError
        The link is of another group, has expired or was revoked, or the group is closed; or a person has no such right.
    """
    if not isinstance(who, Contributor):
        require_moderator(connection, who, group_id)
        return
    asked = (
        select(links.c.revoked, links.c.expires, links.c.group_id, groups.c.closed)
        .join(groups, groups.c.id == links.c.group_id)
        .where(links.c.id == who.link_id)
    )
    if writes(connection):  # what one link sends comes in one after the other, and nobody withdraws it meanwhile
        asked = asked.with_for_update(of=links)
    found = connection.execute(asked).first()
    if found is None or found.group_id != who.group_id or found.group_id != group_id:
        why = "other group"
        raise LinkError(why)
    require_working(revoked=found.revoked or found.closed, expires=found.expires)


def require_working(*, revoked: datetime | None, expires: datetime) -> None:
    """Refuse a link that was withdrawn or has run out.

    Raises
    ------
    LinkError
        It was, or it has.
    """
    why = "revoked" if revoked is not None else "expired" if expires <= now() else None
    if why is not None:
        raise LinkError(why)


def require_moderator(connection: Connection, who: Actor, group_id: int | None) -> None:
    """Refuse anybody who may not decide on that group's marks; without a group, only those for all groups may.

    Raises
    ------
    DeniedError
        No such right, or not any more.
    """
    scope = moderated_group(connection, who)
    if scope is not None and scope != group_id:
        _deny("only a moderator of that group may do this")


def moderated_group(connection: Connection, who: Actor) -> int | None:
    """The only group that somebody moderates; None for all.

    Raises
    ------
    DeniedError
        Who asks is no moderator, or not any more.
    """
    role, scope = _standing(connection, who)
    if role not in ROLES:
        _deny("only a moderator who has signed in may do this")
    return None if role == "administrator" else scope


def require_administrator(connection: Connection, who: Actor) -> None:
    """Refuse anybody who is no administrator.

    Raises
    ------
    DeniedError
        No such right, or not any more.
    """
    if _standing(connection, who)[0] != "administrator":
        _deny("only an administrator may do this")


def _standing(connection: Connection, who: Actor) -> tuple[str, int | None]:
    """Role and group as the store says now, whatever was true when somebody signed in."""
    if isinstance(who, Operator):
        return "administrator", None
    if not isinstance(who, Person):
        return "", None
    asked = select(people.c.role, people.c.group_id, people.c.disabled, people.c.passphrase_hash).where(
        people.c.id == who.id
    )
    if writes(connection):  # nobody takes the right away before what it was needed for is done
        asked = asked.with_for_update(read=True)
    found = connection.execute(asked).first()
    if found is None or found.disabled is not None or stamp_of(found.passphrase_hash) != who.stamp:
        return "", None
    return str(found.role), found.group_id


def _deny(message: str) -> None:
    raise DeniedError(message)
