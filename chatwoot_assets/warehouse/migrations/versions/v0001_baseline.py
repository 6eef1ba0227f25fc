"""Create every table, index and view of version 0.1.0."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0001_baseline"
down_revision = None


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0001_baseline.sql")
