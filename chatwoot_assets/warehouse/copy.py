"""Rows into local tables by COPY, the fastest way in. Which rows, and in what transaction, others decide."""

from __future__ import annotations

import io
from collections.abc import Mapping

import polars as pl
import psycopg
from psycopg import sql

from chatwoot_assets.concurrency import prefetch

# What COPY's text format takes for its own in a text.
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ROWS_AT_ONCE = 1_000


def copy_rows(
    connection: psycopg.Connection, table: str, columns: Mapping[str, tuple[str, str]], rows: pl.DataFrame
) -> None:
    """Add rows to a table.

    Args:
        connection: a session, in a transaction.
        table: the table.
        columns: of each of its columns the type in PostgreSQL, and its meaning.
        rows: the rows, with these columns.
    """
    if rows.is_empty():
        return
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    ordered = rows.select(columns.keys())
    json = {name for name, (kind, _) in columns.items() if kind == "jsonb"}
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for text in prefetch(_copy_text(part, json) for part in ordered.iter_slices(_ROWS_AT_ONCE)):
            copy.write(text)


def _copy_text(rows: pl.DataFrame, json: set[str]) -> bytes:
    """Return the rows in COPY's text format.

    Not as CSV, which doubles every quote: of messages as JSON that is a tenth more to send and to parse.
    """
    rows = rows.with_columns(_array(name) for name, dtype in rows.schema.items() if dtype == pl.List)
    escaped = [
        # JSON text holds no control character.
        pl.col(name).str.replace_all("\\", "\\\\", literal=True)
        if name in json
        else pl.col(name).str.replace_many(_ESCAPES)
        for name, dtype in rows.schema.items()
        if dtype == pl.String
    ]
    text = io.BytesIO()
    rows.with_columns(escaped).write_csv(
        text, include_header=False, separator="\t", quote_style="never", null_value="\\N"
    )
    return text.getvalue()


def _array(name: str) -> pl.Expr:
    """Return a list of texts as the text of an array."""
    element = pl.element().str.replace_many({"\\": "\\\\", '"': '\\"'})
    quoted = pl.col(name).list.eval(pl.concat_str(pl.lit('"'), element, pl.lit('"'))).list.join(",")
    return pl.concat_str(pl.lit("{"), quoted, pl.lit("}")).alias(name)
