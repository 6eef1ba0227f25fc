"""Without an index that nothing is read by."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_script("0007_unused_index.sql")
