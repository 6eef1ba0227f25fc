"""Keep the attributes of conversations and contacts that may leave Chatwoot."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0011_custom_attributes"
down_revision = "0010_targets"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0011_custom_attributes.sql")
