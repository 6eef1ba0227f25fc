"""Create the remote views in Chatwoot's database, and drop them."""

from __future__ import annotations

from collections.abc import Iterable

import psycopg
from psycopg import sql

from chatwoot_assets.errors import SourceError
from chatwoot_assets.source.deployment import VERSION_COMMENT, check_timezone, timezone_query, wanted_versions
from chatwoot_assets.source.privileges import check_owner_can_read, grant_readers, read_readers
from chatwoot_assets.source.releases import missing_views, table_columns_query
from chatwoot_assets.source.views import VIEW_NAMES, VIEWS, View
from chatwoot_assets.view_options import ViewOptions

# Views of earlier versions. They are dropped with the others: while they exist, Chatwoot cannot change their columns.
_FORMER = ("vw_conversation_context",)


def create_views(
    connection: psycopg.Connection, options: ViewOptions, *names: str, change_timezone: bool = False
) -> list[str]:
    """Create or replace views, and their schema if it is missing, in the caller's transaction.

    A view whose tables this Chatwoot does not have is created without rows; see `releases.py`.

    If a definition changed in a way that CREATE OR REPLACE refuses (a column was removed or has another
    type), all views are dropped and created again: a reader sees the old ones until the transaction ends, and
    the roles that may read them stay the same.

    Args:
        connection: A session on the source, in a transaction.
        options: The schema and the settings that the views depend on.
        names: The views to create; all if none is named.
        change_timezone: Whether views of another time zone may be replaced. Every day that is loaded would then
            differ from the source.

    Returns:
        The names of the views that were created.

    Raises:
        SourceError: The views have another time zone and may not be replaced, a view that is read is missing, the
            views' owner cannot read what they need, or they must be dropped and other objects depend on them.
    """
    schema = options.schema
    schema_exists = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema]).fetchone()
    if schema_exists is None:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    elif not change_timezone:
        (deployed,) = connection.execute(timezone_query(schema)).fetchone() or (None,)
        check_timezone(options, deployed)
    columns = connection.execute(table_columns_query()).fetchall()
    created = [view for view in VIEWS if not names or view.name in names]
    try:
        with connection.transaction():
            _create(connection, options, created, columns)
    except psycopg.errors.InvalidTableDefinition:
        readers = read_readers(connection, schema, VIEW_NAMES)
        drop_views(connection, schema)
        created = list(VIEWS)
        _create(connection, options, created, columns)
        grant_readers(connection, schema, readers)
    except psycopg.errors.UndefinedTable:
        raise SourceError(
            f"a view that {', '.join(names)} reads is not in {schema!r}; run: chatwoot-assets views create"
        ) from None
    check_owner_can_read(connection, schema, VIEW_NAMES)
    return [view.name for view in created]


def _create(
    connection: psycopg.Connection, options: ViewOptions, views: Iterable[View], columns: list[tuple[str, str]]
) -> None:
    versions, missing = wanted_versions(options, columns), missing_views(columns)
    for view in views:
        connection.execute(view.statement(options, is_missing=view.name in missing))
        connection.execute(
            sql.SQL("COMMENT ON VIEW {} IS {}").format(
                sql.Identifier(options.schema, view.name), sql.Literal(VERSION_COMMENT + versions[view.name])
            )
        )


def drop_views(connection: psycopg.Connection, schema: str) -> int:
    """Drop the views and return how many existed.

    Raises:
        SourceError: Other objects depend on them; the message names these.
    """
    rows = connection.execute(
        "SELECT viewname FROM pg_views WHERE schemaname = %s AND viewname = ANY (%s)",
        [schema, [*VIEW_NAMES, *_FORMER]],
    )
    existing = [sql.Identifier(schema, name) for (name,) in rows]
    if not existing:
        return 0
    try:
        connection.execute(sql.SQL("DROP VIEW {}").format(sql.SQL(", ").join(existing)))
    except psycopg.errors.DependentObjectsStillExist as error:
        dependents = "; ".join((error.diag.message_detail or "").splitlines())
        raise SourceError(
            f"other objects depend on the views in {schema!r}: {dependents}; drop them, and create them again once"
            " the views are back"
        ) from None
    return len(existing)
