"""All rows of the warehouse, to compare one way of loading them with another."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from chatwoot_assets.refresh.replace import TABLES

ALL_TABLES = (*TABLES, "daily_summary")
# What differs between two loads of the same rows.
_TIMES = ("extracted_at", "snapshot_at", "loaded_at", "run_id")

Rows = dict[str, list[dict[str, Any]]]


def read_rows(url: str) -> Rows:
    """Return the rows of every table and of partition_state, in a fixed order, without the times of the load."""
    with psycopg.connect(url) as connection:
        return {table: _read(connection, table) for table in (*ALL_TABLES, "partition_state")}


def _read(connection: psycopg.Connection, table: str) -> list[dict[str, Any]]:
    # As JSON, so that a double is compared with all its bits, and NULL with NULL.
    query = sql.SQL("SELECT to_jsonb(t) FROM {} AS t ORDER BY (to_jsonb(t) - %s::text[])::text")
    rows = connection.execute(query.format(sql.Identifier(table)), [list(_TIMES)]).fetchall()
    return [{name: value for name, value in row.items() if name not in _TIMES} for (row,) in rows]
