"""What versions of rows in Chatwoot a day was compared with."""

from alembic import op

from chatwoot_assets.sql_files import sql_path

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    path = sql_path("analytics", "migrations", "0008_row_versions.sql")
    op.get_bind().exec_driver_sql(path.read_text(encoding="utf-8"))
