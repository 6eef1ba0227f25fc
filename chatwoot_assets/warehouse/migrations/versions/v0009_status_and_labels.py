"""The status and labels of their conversation with waits and resolutions."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_script("0009_status_and_labels.sql")
