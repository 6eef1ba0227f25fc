"""Keep campaigns and their deliveries."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0029_campaigns"
down_revision = "0028_fast_queries"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0029_campaigns.sql")
