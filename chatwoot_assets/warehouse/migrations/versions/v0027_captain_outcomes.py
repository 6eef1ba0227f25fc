"""Keep what came of the engagements of Captain."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0027_captain_outcomes"
down_revision = "0026_runaway_threads"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0027_captain_outcomes.sql")
