"""Replacing days of the metrics' tables, all tables of a day in one transaction.

As with conversas_analytics: a reader sees the old day or the new one, a run that is killed leaves the old one. A
conversation that moved from one day to another leaves the day that held it; the sums of that day still count it until
it is computed again, which is asked for here.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl
import psycopg
from psycopg import sql

from chatwoot_assets.conversations.load import lock_days, lock_days_of
from chatwoot_assets.metrics.columns import SUMMED, TABLES
from chatwoot_assets.metrics.compute import Tables, add_up
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.warehouse.copy import copy_rows
from chatwoot_assets.warehouse.replace import replace_concurrently

# The tables with a row for each thing, which say by conversation_id whose it is.
_OF_CONVERSATIONS = ("response_intervals", "resolutions", "conversation_facts", "conversation_events")

Counts = dict[str, Counter[datetime.date]]


@dataclass(frozen=True)
class MetricsDay:
    """A day whose metrics are computed.

    Attributes:
        date: the partition.
        snapshot_at: the instant at which the source was read.
        fingerprint: of the rows that the metrics are of.
    """

    date: datetime.date
    snapshot_at: datetime.datetime
    fingerprint: str


@dataclass(frozen=True)
class MetricsBatch:
    """Some days that are replaced in one transaction.

    Attributes:
        days: the days.
        parts: their rows, table by table; of a large day in parts, made only when they are asked for.
    """

    days: list[MetricsDay]
    parts: Iterable[Tables]


def computed_state(connection: psycopg.Connection) -> dict[datetime.date, tuple[str, str]]:
    """Return for each day whose metrics are there the fingerprint of their rows, and the rules' definition."""
    rows = connection.execute("SELECT conversation_date, fingerprint, definition FROM metric_state").fetchall()
    return {date: (fingerprint, definition) for date, fingerprint, definition in rows}


def row_counts(connection: psycopg.Connection, dates: list[datetime.date]) -> Counts:
    """Return for each table how many rows each of some days has."""
    query = "SELECT conversation_date, count(*) FROM {} WHERE conversation_date = ANY(%s) GROUP BY 1"
    return {
        table: Counter(dict(connection.execute(sql.SQL(query).format(sql.Identifier(table)), [dates]).fetchall()))
        for table in TABLES
    }


def replace_groups(
    warehouse: Warehouse, groups: Iterator[MetricsBatch], definition: str, run_id: str
) -> Iterator[tuple[MetricsBatch, Counts]]:
    """Replace groups of days, each in a transaction of its own, two at a time.

    Yields:
        Each group that is there, with what `replace_metrics` returns of it.

    Raises:
        AnalyticsError: the local database cannot be used; the groups before stay.
    """
    yield from replace_concurrently(
        warehouse, lambda connection, group: replace_metrics(connection, group, definition, run_id), groups
    )


def replace_metrics(connection: psycopg.Connection, group: MetricsBatch, definition: str, run_id: str) -> Counts:
    """Replace the days by their new rows, in one transaction.

    Returns:
        For each table how many rows each day has now; a day that another run loaded from a later snapshot is left
        as it is, and not in it.
    """
    counts: Counts = {table: Counter() for table in TABLES}
    with connection.transaction():
        lock_days(connection, [day.date for day in group.days])
        snapshots: dict[datetime.date, datetime.datetime] = dict(
            connection.execute("SELECT conversation_date, snapshot_at FROM metric_state").fetchall()
        )
        days = [day for day in group.days if day.date not in snapshots or snapshots[day.date] <= day.snapshot_at]
        dates = [day.date for day in days]
        if not dates:
            return counts
        for table in TABLES:
            delete = sql.SQL("DELETE FROM {} WHERE conversation_date = ANY(%s)").format(sql.Identifier(table))
            connection.execute(delete, [dates])
        summed: dict[str, list[pl.DataFrame]] = {table: [] for table in SUMMED}
        for part in group.parts:
            rows = {table: frame.filter(pl.col("conversation_date").is_in(dates)) for table, frame in part.items()}
            _remove_from_other_days(connection, rows["conversation_facts"]["conversation_id"].to_list(), run_id)
            for table in _OF_CONVERSATIONS:
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


def _remove_from_other_days(connection: psycopg.Connection, ids: list[int], run_id: str) -> None:
    """Delete the rows of conversations, and have the days that held them computed again."""
    # All tables of a day are replaced together, and this one has every conversation.
    lock_days_of(connection, "conversation_facts", "conversation_id", ids)
    left: set[datetime.date] = set()
    for table in _OF_CONVERSATIONS:
        delete = sql.SQL("DELETE FROM {} WHERE conversation_id = ANY(%s) RETURNING conversation_date")
        left |= {date for (date,) in connection.execute(delete.format(sql.Identifier(table)), [ids]).fetchall()}
    if left:
        connection.execute(
            "UPDATE metric_state SET fingerprint = '', run_id = %s WHERE conversation_date = ANY(%s)",
            [run_id, sorted(left)],
        )


_RECORD = """
INSERT INTO metric_state (conversation_date, fingerprint, definition, snapshot_at, measured_at, run_id)
VALUES (%s, %s, %s, %s, clock_timestamp(), %s)
ON CONFLICT (conversation_date) DO UPDATE SET
    fingerprint = excluded.fingerprint,
    definition = excluded.definition,
    snapshot_at = excluded.snapshot_at,
    measured_at = excluded.measured_at,
    run_id = excluded.run_id
"""


def _record(connection: psycopg.Connection, days: list[MetricsDay], definition: str, run_id: str) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_RECORD, [(day.date, day.fingerprint, definition, day.snapshot_at, run_id) for day in days])


def fingerprint_of_day(fingerprints: Mapping[str, str]) -> str:
    """Return the fingerprint of all kinds of rows of a day, as partition_state's columns make it, too."""
    return "|".join(fingerprints.values())
