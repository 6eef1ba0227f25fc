"""Create the views of the schema `bi`, with their comments, and let roles read them."""

from __future__ import annotations

import psycopg
from psycopg import sql

from chatwoot_assets.bi.views import VIEWS
from chatwoot_assets.errors import WarehouseError
from chatwoot_assets.sql_files import compose, sql_path

SCHEMA = "bi"


def create_views(connection: psycopg.Connection, timezone: str) -> None:
    """Create or replace the views in one transaction; grants stay.

    Args:
        connection: A session of the owner of the warehouse.
        timezone: The reporting time zone.
    """
    with connection.transaction():
        connection.execute("CREATE SCHEMA IF NOT EXISTS bi")
        for view in VIEWS:
            connection.execute(compose(sql_path("bi", f"{view.name}.sql"), reporting_timezone=timezone))
            name = sql.Identifier(SCHEMA, view.name)
            comment = sql.Literal(f"{view.en} | {view.pt}")
            connection.execute(sql.SQL("COMMENT ON VIEW {} IS {}").format(name, comment))
            for column in view.columns:
                connection.execute(
                    sql.SQL("COMMENT ON COLUMN {} IS {}").format(
                        sql.Identifier(SCHEMA, view.name, column.name), sql.Literal(column.comment)
                    )
                )


def grant(connection: psycopg.Connection, role: str, *, personal: bool) -> None:
    """Let a role read the views, and revoke its rights on those that it may not read.

    Args:
        connection: A session of the owner of the warehouse.
        role: The role, which must exist.
        personal: Whether it may read names of contacts and contents.

    Raises:
        WarehouseError: There is no such role.
    """
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
        raise WarehouseError(f"there is no role {role!r}; create it first: CREATE ROLE … LOGIN")
    names = [sql.Identifier(SCHEMA, view.name) for view in VIEWS if personal or not view.personal]
    with connection.transaction():
        for statement in ("REVOKE ALL ON ALL TABLES IN SCHEMA bi FROM {}", "GRANT USAGE ON SCHEMA bi TO {}"):
            connection.execute(sql.SQL(statement).format(sql.Identifier(role)))
        connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(sql.SQL(", ").join(names), sql.Identifier(role)))


def drop_views(connection: psycopg.Connection) -> None:
    """Drop the views; the schema goes, too, if nothing else is in it."""
    names = [sql.Identifier(SCHEMA, view.name) for view in VIEWS]
    with connection.transaction():
        connection.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(sql.SQL(", ").join(names)))
        left = connection.execute("SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace('bi')").fetchone()
        if left is None:
            connection.execute("DROP SCHEMA IF EXISTS bi")
