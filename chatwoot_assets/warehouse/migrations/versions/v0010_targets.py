"""Keep targets, and their daily sums."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0010_targets"
down_revision = "0009_ratings"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0010_targets.sql")
