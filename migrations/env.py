"""Runs migrations on the connection that `server.persistence.migrate` hands over."""

from alembic import context
from sqlalchemy import text

# The lock keeps two hosts that start together from migrating at once.
MIGRATING = 6_021_946_775

config = context.config
connection = config.attributes["connection"]
metadata = config.attributes.get("metadata")

if connection.dialect.name == "postgresql":
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATING})
    connection.commit()
try:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        render_as_batch=False,
    )
    with context.begin_transaction():
        context.run_migrations()
finally:
    if connection.dialect.name == "postgresql":
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATING})
        connection.commit()
