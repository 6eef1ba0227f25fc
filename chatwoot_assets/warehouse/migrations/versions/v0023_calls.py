"""Keep the calls of conversations."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0023_calls"
down_revision = "0022_old_contents"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0023_calls.sql")
