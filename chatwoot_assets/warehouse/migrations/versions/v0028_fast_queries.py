"""Read a year's comments and repeat contacts from indexes."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0028_fast_queries"
down_revision = "0027_captain_outcomes"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0028_fast_queries.sql")
