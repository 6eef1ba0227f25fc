"""Keep on which days each conversation was in the backlog."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0024_backlog_days"
down_revision = "0023_calls"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0024_backlog_days.sql")
