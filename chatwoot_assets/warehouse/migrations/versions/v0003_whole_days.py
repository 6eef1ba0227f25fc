"""Keep what is known about a day in one row: all its tables are replaced together."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0003_whole_days"
down_revision = "0002_flat_messages"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0003_whole_days.sql")
