"""Keep whether a conversation came from an import."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0016_imports"
down_revision = "0015_unattended"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0016_imports.sql")
