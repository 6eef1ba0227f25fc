"""Count messages by label as Chatwoot counts them, and keep every rating and survey."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0009_ratings"
down_revision = "0008_account_context"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0009_ratings.sql")
