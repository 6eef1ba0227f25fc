"""Writing frames into the warehouse's tables by COPY, the fastest way to add rows.

Which rows are written, and in which transaction, is decided by the callers.
"""

from __future__ import annotations

import io

import polars as pl
import psycopg
from psycopg import sql

from chatwoot_assets.columns import Columns
from chatwoot_assets.concurrency import prefetch

# The characters that have a meaning in COPY's text format.
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ROWS_PER_CHUNK = 1_000


def copy_rows(connection: psycopg.Connection, table: str, columns: Columns, rows: pl.DataFrame) -> None:
    """Add rows to a table.

    Args:
        connection: A session, in a transaction.
        table: The table.
        columns: Its columns.
        rows: The rows, with these columns in any order.
    """
    if rows.is_empty():
        return
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    ordered = rows.select(columns.keys())
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for text in prefetch(_format_rows(chunk) for chunk in ordered.iter_slices(_ROWS_PER_CHUNK)):
            copy.write(text)


def _format_rows(rows: pl.DataFrame) -> bytes:
    """Return the rows in COPY's text format."""
    rows = rows.with_columns(_format_array(name) for name, dtype in rows.schema.items() if dtype == pl.List)
    escaped = [pl.col(name).str.replace_many(_ESCAPES) for name, dtype in rows.schema.items() if dtype == pl.String]
    text = io.BytesIO()
    rows.with_columns(escaped).write_csv(
        text, include_header=False, separator="\t", quote_style="never", null_value="\\N"
    )
    return text.getvalue()


def _format_array(name: str) -> pl.Expr:
    """Return a column of lists of texts as PostgreSQL's text of an array."""
    element = pl.element().str.replace_many({"\\": "\\\\", '"': '\\"'})
    quoted = pl.col(name).list.eval(pl.concat_str(pl.lit('"'), element, pl.lit('"'))).list.join(",")
    return pl.concat_str(pl.lit("{"), quoted, pl.lit("}")).alias(name)
