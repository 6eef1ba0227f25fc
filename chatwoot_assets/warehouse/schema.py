"""The local schema: brought up to date on first use, safely also twice and at once.

The tables themselves are in `sql/warehouse/migrations/`, one file a step; alembic keeps count of them.
"""

from __future__ import annotations

from pathlib import Path

import psycopg
import sqlalchemy
from alembic import command, op
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy.pool import StaticPool

from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL
from chatwoot_assets.errors import WarehouseError
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.postgres_errors import translated
from chatwoot_assets.sql_files import sql_path

VERSION_TABLE = "chatwoot_assets_version"

# Any number that nobody else uses: it names this lock among PostgreSQL's advisory locks.
_MIGRATION_LOCK = 0x63686174


def migrate(database: Warehouse) -> None:
    """Bring the local schema up to date, in one transaction.

    Raises:
        AnalyticsError: the database cannot be reached or written, or is Chatwoot's own.
    """
    with translated(WarehouseError, ANALYTICS_DATABASE_URL), database.connect() as connection:
        _refuse_chatwoot(connection)
        if _is_current(connection):
            return
        connection.autocommit = False
        engine = sqlalchemy.create_engine("postgresql+psycopg://", creator=lambda: connection, poolclass=StaticPool)
        with engine.connect() as bound, bound.begin():
            bound.execute(sqlalchemy.select(sqlalchemy.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            config = _config()
            config.attributes["connection"] = bound
            command.upgrade(config, "head")


def run_script(name: str) -> None:
    """Run a file of `sql/warehouse/migrations/`, within a step of alembic's."""
    op.get_bind().exec_driver_sql(sql_path("warehouse", "migrations", name).read_text(encoding="utf-8"))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _is_current(connection: psycopg.Connection) -> bool:
    known = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [VERSION_TABLE]).fetchone()
    if known != (True,):
        return False
    version = connection.execute(sql.SQL("SELECT version_num FROM {}").format(sql.Identifier(VERSION_TABLE))).fetchone()
    if version is None:
        return False
    scripts = ScriptDirectory.from_config(_config())
    if version[0] not in {script.revision for script in scripts.walk_revisions()}:
        raise WarehouseError(
            f"ANALYTICS_DATABASE_URL was migrated by a newer chatwoot_assets (to {version[0]}); upgrade this one"
        )
    return bool(version[0] == scripts.get_current_head())


def _refuse_chatwoot(connection: psycopg.Connection) -> None:
    row = connection.execute(
        "SELECT to_regclass('public.conversations') IS NOT NULL AND to_regclass('public.messages') IS NOT NULL"
    ).fetchone()
    if row == (True,):
        raise WarehouseError(
            f"ANALYTICS_DATABASE_URL names {connection.info.dbname!r}, which holds Chatwoot's own tables;"
            " give another database, on the same server if you like"
        )
