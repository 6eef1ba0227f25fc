"""Keep whose a rating is, the names in activity messages, and the inboxes that have bots."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0008_account_context"
down_revision = "0007_episodes"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0008_account_context.sql")
