"""Replacing days of conversas_analytics and daily_summary, each in one transaction.

A reader sees the old day or the new one, never a mixture or a gap. A run that is killed anywhere leaves
the old day; the next run makes it right. What a row is made of is `compile.py`'s business.
"""

from __future__ import annotations

import datetime
import io
from collections import Counter
from dataclasses import dataclass

import polars as pl
import psycopg
from psycopg import sql

from chatwoot_assets.analytics.columns import CONVERSAS_ANALYTICS
from chatwoot_assets.analytics.state import Fingerprints, record_loaded, record_removed, record_summarized, snapshots
from chatwoot_assets.sql_files import compose, sql_path

# What COPY's text format takes for its own in a text.
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}

# The first half of the advisory lock's key that a day is replaced under; the second is the day.
_DAY_LOCK = 0x63776179


@dataclass(frozen=True)
class CompiledDay:
    """A day ready to be loaded.

    Attributes:
        date: the partition.
        rows: its conversations, in the columns of conversas_analytics.
        messages: how many messages were extracted for them.
        csat: how many rated conversations.
        snapshot_at: the instant at which the source was read.
        fingerprints: of its rows, by kind of row.
    """

    date: datetime.date
    rows: pl.DataFrame
    messages: int
    csat: int
    snapshot_at: datetime.datetime
    fingerprints: Fingerprints


def replace_days(connection: psycopg.Connection, days: list[CompiledDay], run_id: str) -> int:
    """Replace the days by their new rows, all in one transaction.

    A conversation that another day holds (after a change of REPORTING_TIMEZONE) leaves that day.

    Returns:
        How many rows left other days.
    """
    with connection.transaction():
        lock_days(connection, [day.date for day in days])
        # Another run may have loaded a later snapshot meanwhile: time does not go backwards.
        loaded = snapshots(connection)
        days = [day for day in days if day.date not in loaded or loaded[day.date] <= day.snapshot_at]
        if not days:
            return 0
        dates = [day.date for day in days]
        rows = pl.concat([day.rows for day in days])
        connection.execute("DELETE FROM conversas_analytics WHERE conversation_date = ANY(%s)", [dates])
        moved = _remove_from_other_days(connection, rows["id"].to_list())
        _copy(connection, rows)
        for day in days:
            counts = (day.rows.height, day.messages, day.csat)
            record_loaded(connection, day.date, counts, day.snapshot_at, run_id, day.fingerprints)
    return moved


def _remove_from_other_days(connection: psycopg.Connection, ids: list[int]) -> int:
    """Delete the rows of `ids`, and keep the count and the summary of the days that held them true."""
    deleted = connection.execute(
        "DELETE FROM conversas_analytics WHERE id = ANY(%s) RETURNING conversation_date", [ids]
    ).fetchall()
    counts = Counter(date for (date,) in deleted)
    lock_days(connection, list(counts))
    for date, count in counts.items():
        _refresh_summary(connection, date)
        record_removed(connection, date, count)
    return len(deleted)


def lock_days(connection: psycopg.Connection, dates: list[datetime.date]) -> None:
    """Wait until no other transaction replaces one of the days; in order of date, so that two never
    wait for each other."""
    for date in sorted(dates):
        connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_DAY_LOCK, date.toordinal()])


def _copy(connection: psycopg.Connection, rows: pl.DataFrame) -> None:
    if rows.is_empty():
        return
    statement = sql.SQL("COPY conversas_analytics ({}) FROM STDIN").format(
        sql.SQL(", ").join(map(sql.Identifier, CONVERSAS_ANALYTICS))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for part in rows.iter_slices(2_000):
            copy.write(_copy_text(part))


def _copy_text(rows: pl.DataFrame) -> bytes:
    """Return the rows in COPY's text format.

    Not as CSV, which doubles every quote: of messages as JSON that is a tenth more to send and to parse.
    """
    escaped = [
        # JSON text holds no control character.
        pl.col(name).str.replace_all("\\", "\\\\", literal=True)
        if CONVERSAS_ANALYTICS[name][0] == "jsonb"
        else pl.col(name).str.replace_many(_ESCAPES)
        for name, dtype in rows.schema.items()
        if dtype == pl.String
    ]
    text = io.BytesIO()
    rows.with_columns(escaped).write_csv(
        text, include_header=False, separator="\t", quote_style="never", null_value="\\N"
    )
    return text.getvalue()


def refresh_summaries(connection: psycopg.Connection, dates: list[datetime.date]) -> dict[datetime.date, int]:
    """Compute daily_summary of the days again, all in one transaction.

    Returns:
        For each day, how many rows it has now.
    """
    with connection.transaction():
        lock_days(connection, dates)
        for date in dates:
            _refresh_summary(connection, date)
        record_summarized(connection, dates)
        counts = connection.execute(
            "SELECT conversation_date, count(*) FROM daily_summary WHERE conversation_date = ANY(%s) GROUP BY 1",
            [dates],
        ).fetchall()
    return dict.fromkeys(dates, 0) | dict(counts)


def _refresh_summary(connection: psycopg.Connection, date: datetime.date) -> None:
    connection.execute(compose(sql_path("analytics", "refresh_daily_summary.sql"), day=date))
