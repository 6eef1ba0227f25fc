"""The warehouse's schema: created on first use and upgraded to this version, safely also by several processes at once.

The tables themselves are in `sql/warehouse/migrations/`, one script per migration; alembic runs the missing ones, and
is imported only then.
"""

from __future__ import annotations

import threading
from pathlib import Path

import psycopg
from psycopg import sql

from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL
from chatwoot_assets.errors import WarehouseError
from chatwoot_assets.postgres import Warehouse, current_warehouses
from chatwoot_assets.postgres_errors import translate_errors
from chatwoot_assets.sql_files import sql_path
from chatwoot_assets.statement_limits import LimitedConnection
from chatwoot_assets.warehouse.locks import lock_schema

VERSION_TABLE = "chatwoot_assets_version"

_MIGRATIONS = Path(__file__).parent / "migrations"
_one_thread_migrates = threading.Lock()


def migrate(warehouse: Warehouse) -> None:
    """Upgrade the schema to this version, in one transaction.

    Only the first call in a process looks at the database; the first one after an error in one of its sessions looks
    again, since the database may have been replaced.

    Raises:
        WarehouseError: The database cannot be reached or written, is Chatwoot's own, has another encoding than UTF8, or
            has the schema of another version.
    """
    with _one_thread_migrates:
        if warehouse.key in current_warehouses:
            return
        with translate_errors(WarehouseError, ANALYTICS_DATABASE_URL), warehouse.connect() as connection:
            _check_encoding(connection)
            _refuse_chatwoot(connection)
            if _revision(connection) != revisions()[-1]:
                upgrade(connection)
        current_warehouses.add(warehouse.key)


def revisions() -> list[str]:
    """Return the names of all migrations, oldest first; each is named after its file."""
    return sorted(path.stem.removeprefix("v") for path in (_MIGRATIONS / "versions").glob("v*.py"))


def upgrade(connection: psycopg.Connection, revision: str = "head") -> None:
    """Run the missing migrations up to a revision, in one transaction.

    Args:
        connection: A session in autocommit mode, which is not used for anything else afterwards.
        revision: The last migration to run.
    """
    import sqlalchemy
    from alembic import command
    from alembic.config import Config
    from sqlalchemy.pool import StaticPool

    # A large warehouse may take longer than any other statement.
    connection.execute("SET statement_timeout = 0")
    if isinstance(connection, LimitedConnection):
        connection.statement_seconds = 0
    connection.autocommit = False
    engine = sqlalchemy.create_engine("postgresql+psycopg://", creator=lambda: connection, poolclass=StaticPool)
    with engine.connect() as bound, bound.begin():
        lock_schema(connection)
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = bound
        command.upgrade(config, revision)


def run_script(name: str) -> None:
    """Run a file of `sql/warehouse/migrations/`; called by the migrations."""
    from alembic import op

    op.get_bind().exec_driver_sql(sql_path("warehouse", "migrations", name).read_text(encoding="utf-8"))


def _revision(connection: psycopg.Connection) -> str | None:
    """Return the last migration that the database has seen; None for a database without our tables."""
    if connection.execute("SELECT to_regclass(%s)", [VERSION_TABLE]).fetchone() == (None,):
        return None
    row = connection.execute(sql.SQL("SELECT version_num FROM {}").format(sql.Identifier(VERSION_TABLE))).fetchone()
    if row is not None and row[0] not in revisions():
        raise WarehouseError(
            f"ANALYTICS_DATABASE_URL has the schema of another version of chatwoot_assets (migration {row[0]}): upgrade"
            " chatwoot_assets, or recreate the database if a development version older than 0.1.0 made it"
        )
    return None if row is None else str(row[0])


def _refuse_chatwoot(connection: psycopg.Connection) -> None:
    row = connection.execute(
        "SELECT to_regclass('public.conversations') IS NOT NULL AND to_regclass('public.messages') IS NOT NULL"
    ).fetchone()
    if row == (True,):
        raise WarehouseError(
            f"ANALYTICS_DATABASE_URL names {connection.info.dbname!r}, which holds Chatwoot's own tables;"
            " give another database, on the same server if you like"
        )


def _check_encoding(connection: psycopg.Connection) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise WarehouseError(
            f"ANALYTICS_DATABASE_URL is a database with the encoding {encoding}, which does not keep every text; create"
            " one with: CREATE DATABASE … ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0"
        )
