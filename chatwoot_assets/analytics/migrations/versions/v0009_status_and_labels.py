"""The status and labels of their conversation with waits and resolutions."""

from alembic import op

from chatwoot_assets.sql_files import sql_path

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    path = sql_path("analytics", "migrations", "0009_status_and_labels.sql")
    op.get_bind().exec_driver_sql(path.read_text(encoding="utf-8"))
