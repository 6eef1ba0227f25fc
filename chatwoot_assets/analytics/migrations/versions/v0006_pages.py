"""The indexes that the list of conversations and the summary of days are read from."""

from alembic import op

from chatwoot_assets.sql_files import sql_path

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    path = sql_path("analytics", "migrations", "0006_pages.sql")
    op.get_bind().exec_driver_sql(path.read_text(encoding="utf-8"))
