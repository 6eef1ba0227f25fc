"""Privileges on the views: what their owner must be able to read, and who may read them.

PostgreSQL's catalog tells which columns the views read, so that there is no second list to maintain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import psycopg
from psycopg import sql

from chatwoot_assets.errors import SourceError
from chatwoot_assets.sql_files import compose, sql_path


def check_owner_can_read(connection: psycopg.Connection, schema: str, names: Sequence[str]) -> None:
    """Check that the owner of views can read all columns that they read.

    PostgreSQL creates a view on columns that its owner cannot read, and refuses every read of it.

    Args:
        connection: A session on the source.
        schema: The views' schema.
        names: The views; those that do not exist are left out.

    Raises:
        SourceError: A column cannot be read; the message names the owner and all such columns.
    """
    query = compose(sql_path("source", "unreadable_columns.sql"), views_schema=schema, names=list(names))
    columns: dict[tuple[str, str], list[str]] = defaultdict(list)
    for owner, relation, column in connection.execute(query).fetchall():
        columns[owner, relation].append(column)
    if columns:
        owners = ", ".join(sorted({repr(owner) for owner, _ in columns}))
        listed = "; ".join(f"{relation} ({', '.join(names)})" for (_, relation), names in columns.items())
        raise SourceError(
            f"the views' owner {owners} cannot read columns that they need: {listed};"
            " grant it SELECT on these columns, as their tables' owner; docs/operating.md shows how"
        )


def read_readers(connection: psycopg.Connection, schema: str, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return the views and the roles that may read them, apart from their owner; PUBLIC is an empty name."""
    query = compose(sql_path("source", "readers.sql"), views_schema=schema, names=list(names))
    return connection.execute(query).fetchall()


def grant_readers(connection: psycopg.Connection, schema: str, readers: Sequence[tuple[str, str]]) -> None:
    """Let roles read views, as they could before the views were created again.

    Args:
        connection: A session on the source, as the owner of the views.
        schema: The views' schema.
        readers: What `read_readers` returned; the views exist.
    """
    for view, reader in readers:
        connection.execute(
            sql.SQL("GRANT SELECT ON {} TO {}").format(
                sql.Identifier(schema, view), sql.Identifier(reader) if reader else sql.SQL("PUBLIC")
            )
        )
