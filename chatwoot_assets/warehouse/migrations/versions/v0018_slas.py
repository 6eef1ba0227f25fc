"""Keep the SLAs of conversations and the notes about ratings."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0018_slas"
down_revision = "0017_releases"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0018_slas.sql")
