"""The indexes that the list of conversations and the summary of days are read from."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run_script("0006_pages.sql")
