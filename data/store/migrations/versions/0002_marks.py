"""Marks and their earlier versions, their photos, and who said that they are still there."""

import sqlalchemy as sa
from alembic import op

from data.store.schema import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "marks",
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("group_id", sa.Integer, sa.ForeignKey("groups.id"), index=True),
        sa.Column("link_id", sa.Integer, sa.ForeignKey("links.id"), index=True),
        sa.Column("submission", sa.String(36), nullable=False, unique=True),
        sa.Column("receipt_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("note", "contact", "private_note")),
        sa.Column("at_home", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.String(5), nullable=False) for name in ("opens", "closes")),
        *(sa.Column(name, sa.String(80), nullable=False) for name in ("days", "ages", "languages")),
        *(
            sa.Column(name, sa.String(12), nullable=False)
            for name in ("pram_friendly", "toilets", "cost", "term_time", "stops")
        ),
        sa.Column("wkb", sa.LargeBinary, nullable=False),
        sa.Column("x", sa.Float, nullable=False),
        sa.Column("y", sa.Float, nullable=False),
        sa.Column("square", sa.String(20), index=True),
        sa.Column("created", Moment, nullable=False),
        sa.Column("decided", Moment),
        sa.Column("confirmed", Moment),
        sa.Column("confirm_by", sa.Date),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("merged_into", sa.String(20), sa.ForeignKey("marks.id")),
        sa.Column("warnings", sa.Text, nullable=False),
    )
    op.create_index("ix_marks_place_status", "marks", ["place", "status"])
    op.create_table(
        "versions",
        sa.Column("mark_id", sa.String(20), sa.ForeignKey("marks.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor", sa.String(40), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_table(
        "photos",
        sa.Column("mark_id", sa.String(20), sa.ForeignKey("marks.id"), primary_key=True),
        sa.Column("jpeg", sa.LargeBinary, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
    )
    op.create_table(
        "tellings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("mark_id", sa.String(20), sa.ForeignKey("marks.id"), nullable=False, index=True),
        sa.Column("link_id", sa.Integer, sa.ForeignKey("links.id")),
        sa.Column("at", Moment, nullable=False),
        sa.Column("still_there", sa.Boolean, nullable=False),
    )
