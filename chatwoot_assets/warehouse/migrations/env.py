"""Run the warehouse's migrations on the connection that `warehouse/schema.py` passes in."""

from alembic import context

from chatwoot_assets.warehouse.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    # Dagster's own storage may share the database, and keeps its own alembic_version there.
    version_table=VERSION_TABLE,
    transaction_per_migration=False,
)
context.run_migrations()
