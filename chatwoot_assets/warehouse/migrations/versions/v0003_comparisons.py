"""What the comparisons with Chatwoot found."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_script("0003_comparisons.sql")
