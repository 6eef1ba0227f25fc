"""Keep what the team noted about ratings."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0019_review_notes"
down_revision = "0018_slas"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0019_review_notes.sql")
