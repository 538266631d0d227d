"""Groups, their links, people with a role, failed attempts, and the trail of what was done."""

import sqlalchemy as sa
from alembic import op

from data.store.schema import Moment

revision = "0001"
down_revision = None

_REFUSAL = "the audit trail cannot be changed"


def upgrade() -> None:
    """Make the tables, and have the database itself protect the trail."""
    op.create_table(
        "groups",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("closed", Moment),
    )
    op.create_table(
        "links",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("group_id", sa.Integer, sa.ForeignKey("groups.id"), nullable=False, index=True),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("code_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("created", Moment, nullable=False),
        sa.Column("expires", Moment, nullable=False),
        sa.Column("revoked", Moment),
        sa.Column("per_hour", sa.Integer, nullable=False),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False, unique=True),
        sa.Column(
            "role",
            sa.String(20),
            sa.CheckConstraint("role IN ('moderator', 'administrator')", name="role"),
            nullable=False,
        ),
        sa.Column("group_id", sa.Integer, sa.ForeignKey("groups.id")),
        sa.Column("passphrase_hash", sa.String(200)),
        sa.Column("issuer", sa.String(300)),
        sa.Column("subject", sa.String(300)),
        sa.Column("created", Moment, nullable=False),
        sa.Column("disabled", Moment),
        sa.UniqueConstraint("issuer", "subject"),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("bucket", sa.String(64), nullable=False, index=True),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", Moment, nullable=False, index=True),
        sa.Column("actor", sa.String(40), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("mark_id", sa.String(20), index=True),
        sa.Column("detail", sa.String(200), nullable=False),
    )
    op.create_index("ix_audit_actor", "audit", ["actor", "at"])
    for statement in _protection(op.get_bind().dialect.name):
        op.execute(statement)


def _protection(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER audit_{what} BEFORE {what} ON audit BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            for what in ("UPDATE", "DELETE")
        ] + [  # INSERT OR REPLACE deletes without telling the others
            "CREATE TRIGGER audit_REPLACE BEFORE INSERT ON audit WHEN NEW.id IN (SELECT id FROM audit) "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail cannot be changed'); END"
        ]
    return [
        "CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$",
        "CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept()",
    ]
