"""Fingerprints of the loaded days, and when their summary was computed, in partition_state."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_script("0002_fingerprints.sql")
