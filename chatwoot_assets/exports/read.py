"""Read all rows of an export in one snapshot, a few thousand at a time: memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL
from chatwoot_assets.errors import WarehouseError
from chatwoot_assets.exports.datasets import ATTRIBUTES, ORDER, PERSONAL_TABLES, ExportColumn, attribute_column
from chatwoot_assets.postgres import APPLICATION_NAME, SESSION_SETTINGS, connect, settings_statement
from chatwoot_assets.postgres_errors import translate_errors
from chatwoot_assets.sql_files import compose, sql_path

ROWS_PER_BATCH = 5_000
_SETTINGS = {
    **SESSION_SETTINGS,
    "application_name": f"{APPLICATION_NAME} export",
    # For one FETCH of the cursor; the first one sorts all rows.
    "statement_timeout": "600s",
    "lock_timeout": "10s",
    # A reader of a pipe may be slow.
    "idle_in_transaction_session_timeout": "3600s",
    "jit": "off",
    "work_mem": "64MB",
}

Batch = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Export:
    """An export whose rows can be read once.

    Attributes:
        total: How many rows there are.
        columns: The columns, followed by one for each custom attribute of the rows' conversations.
        batches: The rows, each with a value per column, in batches.
    """

    total: int
    columns: list[ExportColumn]
    batches: Iterator[Batch]


@contextmanager
def open_export(
    url: Callable[[], str],
    dataset: str,
    columns: list[ExportColumn],
    parameters: Mapping[str, Any],
    chatwoot_url: str | None = None,
    restrict: Callable[[psycopg.Connection], None] | None = None,
) -> Iterator[Export]:
    """Open an export in a read-only snapshot.

    Args:
        url: Returns the URL of the warehouse.
        dataset: One of DATASETS.
        columns: Its columns.
        parameters: The values of the query's variables.
        chatwoot_url: Chatwoot's address, for links.
        restrict: Restricts the transaction to what a viewer may see.

    Yields:
        The export.

    Raises:
        WarehouseError: The warehouse cannot be reached or read.
    """
    with translate_errors(WarehouseError, ANALYTICS_DATABASE_URL), connect(url()) as connection:
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.execute(settings_statement(_SETTINGS, local=True))
        if restrict is not None:
            restrict(connection)
        rows = compose(sql_path("exports", f"{dataset}.sql"), **parameters)
        count = connection.execute(sql.SQL("SELECT count(*) FROM ({}) AS exported").format(rows)).fetchone()
        assert count is not None
        names = _read_names(connection)
        if any(column.personal for column in columns):
            columns = [*columns, *_read_attributes(connection, rows)]
        batches = _read_batches(connection, _select(dataset, rows, columns), columns, names, chatwoot_url)
        yield Export(count[0], columns, batches)


def _select(dataset: str, rows: sql.Composed, columns: list[ExportColumn]) -> sql.Composed:
    """Return the query of an export's rows, in order, with the personal columns from their tables."""
    selected: list[sql.Composable] = []
    for column in columns:
        if column.format == "link":
            selected.append(sql.SQL("NULL"))
        elif column.attribute and column.personal:
            table_column, name = column.attribute
            selected.append(sql.SQL("{} ->> {}").format(sql.Identifier(column.personal, table_column), name))
        else:
            table = column.personal or "exported"
            selected.append(sql.Identifier(table, column.names_of or column.key))
    # A link is made of these two.
    selected += [sql.Identifier("exported", name) for name in ("account_id", "display_id")]
    joins = [
        sql.SQL("LEFT JOIN {table} ON {table}.id = {key}").format(
            table=sql.Identifier(table), key=sql.Identifier("exported", key)
        )
        for table, key in PERSONAL_TABLES.items()
        if any(column.personal == table for column in columns)
    ]
    return sql.SQL("SELECT {} FROM ({}) AS exported {} ORDER BY {}").format(
        sql.SQL(", ").join(selected),
        rows,
        sql.SQL(" ").join(joins),
        sql.SQL(", ").join(sql.Identifier("exported", name) for name in ORDER[dataset]),
    )


def _read_batches(
    connection: psycopg.Connection,
    query: sql.Composed,
    columns: list[ExportColumn],
    names: Mapping[int, str],
    chatwoot_url: str | None,
) -> Iterator[Batch]:
    links = [number for number, column in enumerate(columns) if column.format == "link"]
    named = [number for number, column in enumerate(columns) if column.names_of]

    def complete(row: tuple[Any, ...]) -> tuple[Any, ...]:
        *values, account, number = row
        for position in named:
            id_ = values[position]
            values[position] = None if id_ is None else names.get(id_) or str(id_)
        for position in links:
            values[position] = number and f"{chatwoot_url}/app/accounts/{account}/conversations/{number}"
        return tuple(values)

    with connection.cursor("export") as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(ROWS_PER_BATCH):
            yield [complete(row) for row in rows]


def _read_attributes(connection: psycopg.Connection, rows: sql.Composed) -> list[ExportColumn]:
    """Return a column for each custom attribute of the exported conversations and their contacts."""
    found: list[ExportColumn] = []
    for column in ATTRIBUTES:
        keys = sql.SQL(
            "SELECT DISTINCT jsonb_object_keys(c.{}) FROM ({}) AS exported"
            " INNER JOIN conversas_analytics AS c ON exported.conversation_id = c.id ORDER BY 1"
        ).format(sql.Identifier(column), rows)
        found += [attribute_column(column, name) for (name,) in connection.execute(keys).fetchall()]
    return found


def _read_names(connection: psycopg.Connection) -> dict[int, str]:
    """Return the agents' latest names by their ids."""
    options = connection.execute(compose(sql_path("dashboard", "filter_options.sql"))).fetchall()
    return {id_: name for kind, id_, name, *_ in options if kind == "agent" and name}
