"""The public copy; in PostgreSQL with a geometry that QGIS opens, and a spatial index."""

import sqlalchemy as sa
from alembic import op

from data.store.schema import Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables; a geometry column follows the stored one by itself, so that there is one code for writing."""
    op.create_table(
        "published",
        sa.Column("mark_id", sa.String(120), primary_key=True),
        sa.Column("place", sa.String(80), nullable=False, index=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("homes", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String(5), nullable=False) for name in ("opens", "closes")),
        *(sa.Column(name, sa.String(80), nullable=False) for name in ("days", "ages", "languages")),
        *(
            sa.Column(name, sa.String(12), nullable=False)
            for name in ("pram_friendly", "toilets", "cost", "term_time", "stops")
        ),
        sa.Column("group", sa.String(80), nullable=False),
        sa.Column("approved", Moment, nullable=False),
        sa.Column("confirmed", Moment, nullable=False),
        sa.Column("wkb", sa.LargeBinary, nullable=False),
        sa.Column("x", sa.Float, nullable=False),
        sa.Column("y", sa.Float, nullable=False),
    )
    op.create_table(
        "revisions",
        sa.Column("place", sa.String(80), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        for table in ("marks", "published"):
            op.execute(
                f"ALTER TABLE {table} ADD COLUMN geom geometry(Geometry, 27700) "
                "GENERATED ALWAYS AS (ST_GeomFromWKB(wkb, 27700)) STORED"
            )
            op.execute(f"CREATE INDEX ix_{table}_geom ON {table} USING gist (geom)")
