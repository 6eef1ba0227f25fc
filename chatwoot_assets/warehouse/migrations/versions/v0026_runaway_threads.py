"""Find the longest conversations by index."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0026_runaway_threads"
down_revision = "0024_backlog_days"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0026_runaway_threads.sql")
