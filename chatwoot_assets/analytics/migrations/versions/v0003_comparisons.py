"""What the comparisons with Chatwoot found."""

from alembic import op

from chatwoot_assets.sql_files import sql_path

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    path = sql_path("analytics", "migrations", "0003_comparisons.sql")
    op.get_bind().exec_driver_sql(path.read_text(encoding="utf-8"))
