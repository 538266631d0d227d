"""Alembic's way in: the connection, already in a transaction, comes from `data.store.database.Database.migrate`."""

from alembic import context

from data.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
