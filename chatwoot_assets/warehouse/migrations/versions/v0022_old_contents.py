"""Keep until when contents were dropped from each day."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0022_old_contents"
down_revision = "0019_review_notes"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0022_old_contents.sql")
