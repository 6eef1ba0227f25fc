"""Keep what the full comparison found per block of conversations, and where scans go on."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0005_conversation_blocks"
down_revision = "0003_whole_days"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0005_conversation_blocks.sql")
