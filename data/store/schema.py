"""The tables of the store, the same on SQLite and PostgreSQL; their history is in ``migrations``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from data.store.marks import CHOICES, LENGTHS, LISTS

if TYPE_CHECKING:
    from sqlalchemy import Connection

HEAD = "0004"
"""The newest revision in ``migrations/versions``."""

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
"""How constraints are called, so that a later step can name them."""

metadata = MetaData(naming_convention=NAMES)

WRITES = "pramshed_writes"
"""The option of a connection that was given out for writing."""


def writes(connection: Connection) -> bool:
    """Whether a connection was given out for writing; then what a decision rests on is read with a lock."""
    return bool(connection.get_execution_options().get(WRITES))


def now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(tz=UTC)


class Moment(TypeDecorator[datetime]):
    """A point in time; always UTC, with its time zone said."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite keeps no zone."""
        if value is None:
            return None
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """In UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


groups = Table(
    "groups",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("place", String(80), nullable=False),
    Column("created", Moment, nullable=False),
    Column("closed", Moment),
)

links = Table(
    "links",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("group_id", ForeignKey("groups.id"), nullable=False, index=True),
    Column("label", String(80), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("created", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("revoked", Moment),
    Column("per_hour", Integer, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("role", String(20), CheckConstraint("role IN ('moderator', 'administrator')", name="role"), nullable=False),
    Column("group_id", ForeignKey("groups.id")),
    Column("passphrase_hash", String(200)),
    Column("issuer", String(300)),
    Column("subject", String(300)),
    Column("created", Moment, nullable=False),
    Column("disabled", Moment),
    UniqueConstraint("issuer", "subject"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bucket", String(64), nullable=False, index=True),
    Column("at", Moment, nullable=False),
)
"""What failed of late: no names and no addresses, only their keyed hashes."""

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("stamp", String(16), nullable=False),
    Column("begun", Moment, nullable=False),
    Column("used", Moment, nullable=False),
)
"""Who has signed in with a passphrase: the SHA-256 of a cookie, and by which passphrase."""

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("actor", String(40), nullable=False),
    Column("action", String(40), nullable=False),
    Column("mark_id", String(20), index=True),
    Column("detail", String(200), nullable=False),
    Index("ix_audit_actor", "actor", "at"),
)
"""What was done, by whom; the database itself refuses to change or delete a row. No texts of marks are in it."""

_ANSWERS: list[Column[Any]] = [
    Column("kind", String(20), nullable=False),
    *(Column(name, Text if longest > 100 else String(longest), nullable=False) for name, longest in LENGTHS.items()),
    Column("at_home", Boolean, nullable=False),
    Column("opens", String(5), nullable=False),
    Column("closes", String(5), nullable=False),
    *(Column(name, String(80), nullable=False) for name in LISTS),
    *(Column(name, String(12), nullable=False) for name in CHOICES),
]

marks = Table(
    "marks",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("place", String(80), nullable=False),
    Column("status", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("group_id", ForeignKey("groups.id"), index=True),
    Column("link_id", ForeignKey("links.id"), index=True),
    Column("submission", String(36), nullable=False, unique=True),
    Column("receipt_hash", String(64), nullable=False, unique=True),
    *_ANSWERS,
    Column("wkb", LargeBinary, nullable=False),
    Column("x", Float, nullable=False),
    Column("y", Float, nullable=False),
    Column("square", String(20), index=True),
    Column("created", Moment, nullable=False),
    Column("decided", Moment),
    Column("confirmed", Moment),
    Column("confirm_by", Date),
    Column("reason", Text, nullable=False),
    Column("merged_into", ForeignKey("marks.id")),
    Column("warnings", Text, nullable=False),
    Index("ix_marks_place_status", "place", "status"),
)
"""``wkb``: the geometry, British National Grid; ``x``, ``y``: its middle; ``square``: a home's square kilometre."""

versions = Table(
    "versions",
    metadata,
    Column("mark_id", ForeignKey("marks.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("status", String(12), nullable=False),
    Column("content", Text, nullable=False),
)
"""Every state that a mark has been in, the present one too; ``content`` is its answers as JSON."""

photos = Table(
    "photos",
    metadata,
    Column("mark_id", ForeignKey("marks.id"), primary_key=True),
    Column("jpeg", LargeBinary, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
)

tellings = Table(
    "tellings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mark_id", ForeignKey("marks.id"), nullable=False, index=True),
    Column("link_id", ForeignKey("links.id")),
    Column("at", Moment, nullable=False),
    Column("still_there", Boolean, nullable=False),
)

published = Table(
    "published",
    metadata,
    Column("mark_id", String(120), primary_key=True),
    Column("place", String(80), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("name", String(80), nullable=False),
    Column("note", Text, nullable=False),
    Column("homes", Integer, nullable=False),
    Column("opens", String(5), nullable=False),
    Column("closes", String(5), nullable=False),
    *(Column(name, String(80), nullable=False) for name in LISTS),
    *(Column(name, String(12), nullable=False) for name in CHOICES),
    Column("group", String(80), nullable=False),
    Column("approved", Moment, nullable=False),
    Column("confirmed", Moment, nullable=False),
    Column("wkb", LargeBinary, nullable=False),
    Column("x", Float, nullable=False),
    Column("y", Float, nullable=False),
)
"""The public copy: all that a map, a walk or an export is made from. Nothing private is ever in it."""

revisions = Table(
    "revisions",
    metadata,
    Column("place", String(80), primary_key=True),
    Column("number", Integer, nullable=False),
)
"""Goes up whenever the public copy of a place changes."""
