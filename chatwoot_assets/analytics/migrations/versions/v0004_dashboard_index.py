"""The index that a dashboard's aggregates are read from."""

from alembic import op

from chatwoot_assets.sql_files import sql_path

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    path = sql_path("analytics", "migrations", "0004_dashboard_index.sql")
    op.get_bind().exec_driver_sql(path.read_text(encoding="utf-8"))
