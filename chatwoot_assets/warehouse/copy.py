"""Write frames into the warehouse's tables by COPY, the fastest way to add rows.

The callers decide which rows are written, and in which transaction.
"""

from __future__ import annotations

import polars as pl
import psycopg
from psycopg import sql

from chatwoot_assets.columns import Columns
from chatwoot_assets.concurrency import prefetch
from chatwoot_assets.warehouse.binary_copy import HEADER, TRAILER, encode_rows, sort_columns

# About 7,000 messages. Texts may have 150 kB, so a number of rows would not bound the memory that encoding needs.
_BYTES_PER_CHUNK = 1_000_000


def copy_rows(connection: psycopg.Connection, table: str, columns: Columns, rows: pl.DataFrame) -> None:
    """Add rows to a table.

    Args:
        connection: A session, in a transaction.
        table: The table.
        columns: Its columns.
        rows: The rows, with these columns in any order.

    Raises:
        polars.exceptions.InvalidOperationError: A value does not fit the declared type of its column.
    """
    if rows.is_empty():
        return
    names = sort_columns(columns)
    typed = rows.select(pl.col(name).cast(columns[name].polars_type) for name in names)
    rows_per_chunk = 1 + typed.height * _BYTES_PER_CHUNK // (1 + int(typed.estimated_size()))
    statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT binary)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(HEADER)
        for encoded in prefetch(encode_rows(chunk, columns) for chunk in typed.iter_slices(rows_per_chunk)):
            copy.write(encoded)
        copy.write(TRAILER)
