"""Keep to whom a rating belongs."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0008_ratings_of_agents"
down_revision = "0007_episodes"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0008_ratings_of_agents.sql")
