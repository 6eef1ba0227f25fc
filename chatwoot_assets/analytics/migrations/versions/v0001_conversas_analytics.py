"""The local tables conversas_analytics, daily_summary, partition_state, and the view mvw_daily_summary."""

from alembic import op

from chatwoot_assets.sql_files import sql_path

revision = "0001"
down_revision = None


def upgrade() -> None:
    path = sql_path("analytics", "migrations", "0001_conversas_analytics.sql")
    op.get_bind().exec_driver_sql(path.read_text(encoding="utf-8"))
