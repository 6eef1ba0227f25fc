"""The tables of the metrics."""

from alembic import op

from chatwoot_assets.sql_files import sql_path

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    path = sql_path("analytics", "migrations", "0005_metrics.sql")
    op.get_bind().exec_driver_sql(path.read_text(encoding="utf-8"))
