"""The local tables conversas_analytics, daily_summary, partition_state, and the view mvw_daily_summary."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_script("0001_conversas_analytics.sql")
