"""Keep what only some releases of Chatwoot have."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0017_releases"
down_revision = "0016_imports"


def upgrade() -> None:
    """Run the SQL script of this migration."""
    run_script("0017_releases.sql")
