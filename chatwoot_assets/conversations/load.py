"""Replacing days of conversas_analytics and daily_summary, each in one transaction.

A reader sees the old day or the new one, never a mixture or a gap. A run that is killed anywhere leaves
the old day; the next run makes it right. What a row is made of is `compile.py`'s business.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import polars as pl
import psycopg
from psycopg import sql

from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS
from chatwoot_assets.warehouse.copy import copy_rows
from chatwoot_assets.warehouse.partition_state import (
    Fingerprints,
    record_loaded,
    record_removed,
    record_summarized,
    snapshots,
)
from chatwoot_assets.warehouse.replace import replace_concurrently

# The first half of the advisory lock's key that a day is replaced under; the second is the day.
_DAY_LOCK = 0x63776179


@dataclass(frozen=True)
class TransformedDay:
    """A day ready to be loaded.

    Attributes:
        day: the partition.
        conversations: how many rows it has.
        parts: those rows, in the columns of conversas_analytics; of a large day made only when they are asked for.
        messages: how many messages were extracted for them.
        csat: how many rated conversations.
        snapshot_at: the instant at which the source was read.
        fingerprints: of its rows, by dataset.
    """

    day: Day
    conversations: int
    parts: Iterable[pl.DataFrame]
    messages: int
    csat: int
    snapshot_at: datetime.datetime
    fingerprints: Fingerprints


def replace_groups(
    warehouse: Warehouse, groups: Iterator[list[TransformedDay]], run_id: str
) -> Iterator[tuple[list[TransformedDay], int]]:
    """Replace groups of days, each in a transaction of its own, two at a time.

    Yields:
        Each group that is loaded, and how many of its rows left other days.

    Raises:
        AnalyticsError: the local database cannot be used; the groups before stay.
    """
    yield from replace_concurrently(
        warehouse, lambda connection, group: replace_days(connection, group, run_id), groups
    )


def replace_days(connection: psycopg.Connection, days: list[TransformedDay], run_id: str) -> int:
    """Replace the days by their new rows, all in one transaction.

    A conversation that another day holds (after a change of REPORTING_TIMEZONE) leaves that day.

    Returns:
        How many rows left other days.
    """
    with connection.transaction():
        lock_days(connection, [ready.day.date for ready in days])
        # Another run may have loaded a later snapshot meanwhile: time does not go backwards.
        loaded = snapshots(connection)
        days = [ready for ready in days if ready.day.date not in loaded or loaded[ready.day.date] <= ready.snapshot_at]
        if not days:
            return 0
        dates = [ready.day.date for ready in days]
        connection.execute("DELETE FROM conversas_analytics WHERE conversation_date = ANY(%s)", [dates])
        moved = 0
        for rows in chain.from_iterable(ready.parts for ready in days):
            moved += _remove_from_other_days(connection, rows["id"].to_list())
            copy_rows(connection, "conversas_analytics", CONVERSAS_ANALYTICS, rows)
        for ready in days:
            counts = (ready.conversations, ready.messages, ready.csat)
            record_loaded(connection, ready.day, counts, ready.snapshot_at, run_id, ready.fingerprints)
    return moved


def _remove_from_other_days(connection: psycopg.Connection, ids: list[int]) -> int:
    """Delete the rows of `ids`, and keep the count and the summary of the days that held them true."""
    lock_days_of(connection, "conversas_analytics", "id", ids)
    deleted = connection.execute(
        "DELETE FROM conversas_analytics WHERE id = ANY(%s) RETURNING conversation_date", [ids]
    ).fetchall()
    counts = Counter(date for (date,) in deleted)
    lock_days(connection, list(counts))  # of a day that took one of them meanwhile; the others are locked
    if counts:
        _refresh_summary(connection, list(counts))
    for date, count in counts.items():
        record_removed(connection, date, count)
    return len(deleted)


def lock_days(connection: psycopg.Connection, dates: list[datetime.date]) -> None:
    """Wait until no other transaction replaces one of the days; in order of date, so that two never
    wait for each other."""
    for date in sorted(dates):
        connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_DAY_LOCK, date.toordinal()])


def lock_days_of(connection: psycopg.Connection, table: str, column: str, ids: list[int]) -> None:
    """Wait until no other transaction replaces a day in which a table holds conversations of `ids`.

    Before they are taken from it: who holds rows of a day and then waits for its lock, which the other has, who
    waits for the rows, waits for ever. After a change of REPORTING_TIMEZONE every group of days takes rows from the
    next one, which is replaced beside it.
    """
    query = sql.SQL("SELECT DISTINCT conversation_date FROM {} WHERE {} = ANY(%s)")
    found = connection.execute(query.format(sql.Identifier(table), sql.Identifier(column)), [ids]).fetchall()
    lock_days(connection, [date for (date,) in found])


def refresh_summaries(connection: psycopg.Connection, days: list[Day]) -> dict[Day, int]:
    """Compute daily_summary of the days again, all in one transaction.

    Returns:
        For each day, how many rows it has now.
    """
    dates = [day.date for day in days]
    with connection.transaction():
        lock_days(connection, dates)
        _refresh_summary(connection, dates)
        record_summarized(connection, days)
        rows = connection.execute(
            "SELECT conversation_date, count(*) FROM daily_summary WHERE conversation_date = ANY(%s) GROUP BY 1",
            [dates],
        ).fetchall()
    counts: dict[datetime.date, int] = dict(rows)
    return {day: counts.get(day.date, 0) for day in days}


def _refresh_summary(connection: psycopg.Connection, dates: list[datetime.date]) -> None:
    connection.execute(compose(sql_path("warehouse", "refresh_daily_summary.sql"), days=dates))
