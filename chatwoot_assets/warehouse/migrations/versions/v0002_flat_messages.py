"""Move the messages from JSON in conversas_analytics to a table of their own."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0002_flat_messages"
down_revision = "0001_baseline"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0002_flat_messages.sql")
