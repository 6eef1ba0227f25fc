"""Indexes with all that lists are filtered by."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_script("0010_filters_in_indexes.sql")
