"""The index that a dashboard's aggregates are read from."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_script("0004_dashboard_index.sql")
