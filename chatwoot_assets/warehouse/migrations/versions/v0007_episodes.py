"""Keep episodes, and their daily sums."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0007_episodes"
down_revision = "0006_extract_manifest"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0007_episodes.sql")
