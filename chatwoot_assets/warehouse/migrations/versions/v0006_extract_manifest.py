"""Keep a manifest of the files in an object store."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0006_extract_manifest"
down_revision = "0005_conversation_blocks"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0006_extract_manifest.sql")
