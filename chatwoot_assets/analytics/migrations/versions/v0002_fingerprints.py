"""Fingerprints of the loaded days, and when their summary was computed, in partition_state."""

from alembic import op

from chatwoot_assets.sql_files import sql_path

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    path = sql_path("analytics", "migrations", "0002_fingerprints.sql")
    op.get_bind().exec_driver_sql(path.read_text(encoding="utf-8"))
