"""Who has signed in with a passphrase, so that it can be ended for every window at once."""

import sqlalchemy as sa
from alembic import op

from data.store.schema import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "sign_ins",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id"), nullable=False, index=True),
        sa.Column("stamp", sa.String(16), nullable=False),
        sa.Column("begun", Moment, nullable=False),
        sa.Column("used", Moment, nullable=False),
    )
