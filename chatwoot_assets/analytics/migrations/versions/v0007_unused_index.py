"""Without an index that nothing is read by."""

from alembic import op

from chatwoot_assets.sql_files import sql_path

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    path = sql_path("analytics", "migrations", "0007_unused_index.sql")
    op.get_bind().exec_driver_sql(path.read_text(encoding="utf-8"))
