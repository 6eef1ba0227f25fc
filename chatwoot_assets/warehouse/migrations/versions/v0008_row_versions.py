"""What versions of rows in Chatwoot a day was compared with."""

from chatwoot_assets.warehouse.schema import run_script

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_script("0008_row_versions.sql")
