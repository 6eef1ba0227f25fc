"""Keep whether Chatwoot counts a conversation as unattended."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0015_unattended"
down_revision = "0011_custom_attributes"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0015_unattended.sql")
