"""The tables from which Chatwoot's report is computed, filled from a batch of conversations, and the report on them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import polars as pl
import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.metrics.conversation_events import compute_conversation_events
from chatwoot_assets.metrics.daily_by_group import compute_daily_by_group
from chatwoot_assets.metrics.hourly_messages import compute_hourly_messages
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets_tests.metrics.scenarios import make_frame

Connection = psycopg.Connection[Any]
Row = dict[str, Any]
Filters = dict[str, list[Any]]

_FACTS = ("account_id", "inbox_id", "assignee_id", "team_id", "conversation_date", "labels")
_UNFILTERED: Filters = {"accounts": [], "inboxes": [], "teams": [], "agents": [], "labels": []}


def create_tables(url: str) -> Connection:
    """Create the tables of the warehouse in an empty database, and return a session on it."""
    connection = psycopg.connect(url, row_factory=dict_row, autocommit=True)
    for path in sorted(sql_path("warehouse", "migrations").glob("*.sql")):
        connection.execute(path.read_bytes())
    # The tests insert only the columns that the report uses.
    columns = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'conversation_facts'::regclass AND attnum > 0"
        " AND attnotnull AND attname != 'conversation_id'"
    ).fetchall()
    for row in columns:
        drop = sql.SQL("ALTER TABLE conversation_facts ALTER {} DROP NOT NULL")
        connection.execute(drop.format(sql.Identifier(row["attname"])))
    return connection


def insert(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    """Insert the rows of a frame into a table."""
    names = sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in frame.iter_rows():
            copy.write_row(row)


def fill_report_tables(
    connection: Connection, batch: ConversationBatch, waits: pl.DataFrame, episodes: pl.DataFrame
) -> None:
    """Replace the rows of the tables from which Chatwoot's reports are computed."""
    tables = ("conversation_facts", "conversation_events", "hourly_messages", "daily_by_label", "response_intervals")
    for table in (*tables, "resolutions", "inbox_bot"):
        connection.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(table)))
    facts = batch.conversations.select(pl.col("id").alias("conversation_id"), *_FACTS)
    insert(connection, "conversation_facts", facts)
    events = compute_conversation_events(batch.conversations, batch.events, batch.zone)
    insert(connection, "conversation_events", events)
    insert(connection, "hourly_messages", compute_hourly_messages(batch.conversations, batch.messages, batch.zone))
    daily = compute_daily_by_group(batch, waits, episodes, make_frame("targets", []))
    insert(connection, "daily_by_label", daily["daily_by_label"])


def fetch_report(
    connection: Connection,
    period: Sequence[datetime.date],
    filters: Filters,
    dimension: str = "all",
    grain: str = "day",
) -> list[Row]:
    """Return the rows of Chatwoot's report."""
    values = {**_UNFILTERED, **filters, "dimension": dimension, "grain": grain}
    query = compose(sql_path("warehouse", "chatwoot_report.sql"), first_day=period[0], last_day=period[1], **values)
    return connection.execute(query).fetchall()
