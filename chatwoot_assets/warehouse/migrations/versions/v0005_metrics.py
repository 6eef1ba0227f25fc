"""The tables of the metrics."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_script("0005_metrics.sql")
