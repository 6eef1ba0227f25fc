"""psql's pipes, `COPY TO | COPY FROM`: what ours is compared with.

`copy_json` copies the rows of our top view, messages as JSON, as one table. `copy_flat` copies conversations and
messages as rows, into tables with the columns and indexes of ours: less than that no load of these tables can cost.
Both need the tables of a migrated warehouse as their pattern.
"""

from __future__ import annotations

import os
import subprocess

import psycopg
from psycopg import sql

from benchmarks.data import SCHEMA, Bench
from benchmarks.source_reading import PSQL
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS
from chatwoot_assets.warehouse.schema import migrate

JSON_TABLE = "conversations_with_messages"
JSON_COLUMNS = [name for name in CONVERSAS_ANALYTICS if name != "extracted_at"] + ["message_compiled"]

_FLAT_CONVERSATIONS = (
    "id", "display_id", "account_id", "inbox_id", "contact_id", "assignee_id", "team_id", "status", "status_code",
    "priority", "priority_code", "created_at", "updated_at", "contact_name", "contact_email", "contact_phone",
    "inbox_name", "inbox_type", "assignee_name", "first_response_seconds", "is_resolved", "is_assigned",
    "conversation_date", "conversation_hour", "day_of_week",
)  # fmt: skip
_FLAT_MESSAGES = (
    "id", "conversation_id", "created_at", "message_type", "content_type", "sender_type", "sender_id", "private",
    "marks", "content",
)  # fmt: skip


def copy_json(bench: Bench, target: str) -> None:
    """Copy the top view, messages as JSON, into a table with the key and indexes of conversas_analytics."""
    _create_like(target, JSON_TABLE, "conversas_analytics")
    with psycopg.connect(target) as connection:
        connection.execute(f"ALTER TABLE {JSON_TABLE} ADD message_compiled jsonb".encode())
    _pipe(bench, target, "vw_conversations_analytics", JSON_TABLE, JSON_COLUMNS)


def copy_flat(bench: Bench, target: str) -> None:
    """Copy conversations with their names, then messages, into tables with the indexes of ours."""
    _create_like(target, "flat_conversations", "conversas_analytics")
    _create_like(target, "flat_messages", "messages")
    _pipe(bench, target, "vw_conversations_joined", "flat_conversations", _FLAT_CONVERSATIONS)
    _pipe(bench, target, "vw_messages_marked", "flat_messages", _FLAT_MESSAGES)


def hash_rows(url: str, table: str) -> tuple[int, str]:
    """Return a table's number of rows, and the sum of their hashes; a view with the same rows has the same sum."""
    row = sql.SQL("ROW({})").format(sql.SQL(", ").join(map(sql.Identifier, JSON_COLUMNS)))
    query = sql.SQL("SELECT count(*), sum(hash_record_extended({}, 0))::text FROM {}").format(
        row, sql.Identifier(table)
    )
    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        row_count_and_hash = connection.execute(query).fetchone()
    assert row_count_and_hash is not None
    return row_count_and_hash


def _create_like(target: str, table: str, pattern: str) -> None:
    """Create a table with the columns and indexes of another, all of its columns nullable."""
    migrate(Warehouse(url=target))
    with psycopg.connect(target) as connection:
        connection.execute(f"CREATE TABLE {table} (LIKE {pattern} INCLUDING ALL)".encode())
        columns = connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attnotnull"
            " AND attname != 'id'",
            [table],
        ).fetchall()
        for (column,) in columns:
            connection.execute(f"ALTER TABLE {table} ALTER {column} DROP NOT NULL".encode())


def _pipe(bench: Bench, target: str, view: str, table: str, columns: tuple[str, ...] | list[str]) -> None:
    names = ", ".join(columns)
    read = f"COPY (SELECT {names} FROM {SCHEMA}.{view}) TO STDOUT"
    write = f"COPY {table} ({names}) FROM STDIN"
    environment = {**os.environ, "PGOPTIONS": "-c timezone=UTC"}
    with subprocess.Popen([PSQL, bench.source_url, "-qc", read], stdout=subprocess.PIPE, env=environment) as reader:
        subprocess.run([PSQL, target, "-qc", write], stdin=reader.stdout, env=environment, check=True)
    if reader.returncode != 0:
        raise AssertionError(f"psql cannot read {view}")
