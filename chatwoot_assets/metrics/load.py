"""Replace days of the metrics tables, all tables of a day in one transaction.

As in conversas_analytics, a reader sees either the old day or the new one, and a killed run leaves the old one. A
conversation that moved to another day is removed from the day that held it. The sums of that day still count it until
the day is computed again, so the day is marked as out of date here.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl
import psycopg
from psycopg import sql

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.metrics.columns import SUMMED, TABLES
from chatwoot_assets.metrics.compute import Tables, add_up
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.warehouse.copy import copy_rows
from chatwoot_assets.warehouse.locks import lock_days, lock_days_of_conversations
from chatwoot_assets.warehouse.replace import replace_concurrently

# The tables whose rows belong to one conversation each; the other tables are sums.
_BY_CONVERSATION = ("response_intervals", "resolutions", "conversation_facts", "conversation_events")

Counts = dict[str, Counter[datetime.date]]


@dataclass(frozen=True)
class MetricsDay:
    """A day whose metrics are computed.

    Attributes:
        day: The partition.
        snapshot_at: The instant at which the source was read.
        fingerprint: The fingerprint of the rows from which the metrics are computed.
    """

    day: Day
    snapshot_at: datetime.datetime
    fingerprint: str


@dataclass(frozen=True)
class MetricsBatch:
    """Days whose metrics are replaced in one transaction.

    Attributes:
        days: The days.
        parts: Their rows by table. A large day has several parts, each computed when it is iterated over.
    """

    days: list[MetricsDay]
    parts: Iterable[Tables]


def computed_state(connection: psycopg.Connection) -> dict[datetime.date, tuple[str, str]]:
    """Return the fingerprint and rules' definition from which each day was computed."""
    rows = connection.execute("SELECT conversation_date, fingerprint, definition FROM metric_state").fetchall()
    return {date: (fingerprint, definition) for date, fingerprint, definition in rows}


def count_rows(connection: psycopg.Connection, days: list[Day]) -> Counts:
    """Return how many rows each table has for each of the days, by their dates."""
    dates = [day.date for day in days]
    query = "SELECT conversation_date, count(*) FROM {} WHERE conversation_date = ANY(%s) GROUP BY 1"
    return {
        table: Counter(dict(connection.execute(sql.SQL(query).format(sql.Identifier(table)), [dates]).fetchall()))
        for table in TABLES
    }


def replace_metrics_batches(
    warehouse: Warehouse, batches: Iterator[MetricsBatch], definition: str, run_id: str
) -> Iterator[tuple[MetricsBatch, Counts]]:
    """Replace batches of days, each in its own transaction, two at a time.

    Yields:
        Each committed batch, with the result of `replace_metrics`.

    Raises:
        AnalyticsError: The local database cannot be used; the batches before it stay.
    """
    yield from replace_concurrently(
        warehouse, lambda connection, batch: replace_metrics(connection, batch, definition, run_id), batches
    )


def replace_metrics(connection: psycopg.Connection, batch: MetricsBatch, definition: str, run_id: str) -> Counts:
    """Replace the rows of a batch's days, in one transaction.

    A day that another run loaded from a later snapshot is left as it is.

    Returns:
        How many rows each table now has for each replaced day.
    """
    counts: Counts = {table: Counter() for table in TABLES}
    with connection.transaction():
        lock_days(connection, [computed.day.date for computed in batch.days])
        snapshots: dict[datetime.date, datetime.datetime] = dict(
            connection.execute("SELECT conversation_date, snapshot_at FROM metric_state").fetchall()
        )
        days = [
            computed
            for computed in batch.days
            if computed.day.date not in snapshots or snapshots[computed.day.date] <= computed.snapshot_at
        ]
        dates = [computed.day.date for computed in days]
        if not dates:
            return counts
        for table in TABLES:
            delete = sql.SQL("DELETE FROM {} WHERE conversation_date = ANY(%s)").format(sql.Identifier(table))
            connection.execute(delete, [dates])
        summed: dict[str, list[pl.DataFrame]] = {table: [] for table in SUMMED}
        for part in batch.parts:
            rows = {table: frame.filter(pl.col("conversation_date").is_in(dates)) for table, frame in part.items()}
            _remove_conversations(connection, rows["conversation_facts"]["conversation_id"].to_list(), run_id)
            for table in _BY_CONVERSATION:
                _copy(connection, table, rows[table], counts)
            for table, frames in summed.items():
                frames.append(rows[table])
        for table, frames in summed.items():
            _copy(connection, table, add_up(table, frames), counts)
        _record(connection, days, definition, run_id)
    return counts


def _copy(connection: psycopg.Connection, table: str, rows: pl.DataFrame, counts: Counts) -> None:
    copy_rows(connection, table, TABLES[table], rows)
    counts[table].update(dict(rows.group_by("conversation_date").len().iter_rows()))


def _remove_conversations(connection: psycopg.Connection, ids: list[int], run_id: str) -> None:
    """Delete conversations from other days, and mark those days as out of date."""
    # All tables of a day are replaced together, and conversation_facts has every conversation.
    lock_days_of_conversations(connection, "conversation_facts", "conversation_id", ids)
    dates: set[datetime.date] = set()
    for table in _BY_CONVERSATION:
        delete = sql.SQL("DELETE FROM {} WHERE conversation_id = ANY(%s) RETURNING conversation_date")
        dates |= {date for (date,) in connection.execute(delete.format(sql.Identifier(table)), [ids]).fetchall()}
    if dates:
        connection.execute(
            "UPDATE metric_state SET fingerprint = '', run_id = %s WHERE conversation_date = ANY(%s)",
            [run_id, sorted(dates)],
        )


_RECORD = """
INSERT INTO metric_state (conversation_date, fingerprint, definition, snapshot_at, computed_at, run_id)
VALUES (%s, %s, %s, %s, clock_timestamp(), %s)
ON CONFLICT (conversation_date) DO UPDATE SET
    fingerprint = excluded.fingerprint,
    definition = excluded.definition,
    snapshot_at = excluded.snapshot_at,
    computed_at = excluded.computed_at,
    run_id = excluded.run_id
"""


def _record(connection: psycopg.Connection, days: list[MetricsDay], definition: str, run_id: str) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            _RECORD,
            [(computed.day.date, computed.fingerprint, definition, computed.snapshot_at, run_id) for computed in days],
        )


def combine_fingerprints(fingerprints: Mapping[Dataset, str]) -> str:
    """Combine the fingerprints of a day's datasets, ordered as in partition_state, into one."""
    return "|".join(fingerprints.values())
