"""Indexes with all that lists are filtered by."""

from alembic import op

from chatwoot_assets.sql_files import sql_path

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    path = sql_path("analytics", "migrations", "0010_filters_in_indexes.sql")
    op.get_bind().exec_driver_sql(path.read_text(encoding="utf-8"))
