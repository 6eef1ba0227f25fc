"""Computing days of daily_summary again from conversas_analytics, by `sql/warehouse/refresh_daily_summary.sql`."""

from __future__ import annotations

import datetime

import psycopg

from chatwoot_assets.partitions import Day
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.warehouse.locks import lock_days
from chatwoot_assets.warehouse.partition_state import record_summarized


def refresh_daily_summary(connection: psycopg.Connection, days: list[Day]) -> dict[Day, int]:
    """Compute the summary of the days again, all in one transaction, and record that it is current.

    Returns:
        The number of rows that each day has now.
    """
    dates = [day.date for day in days]
    with connection.transaction():
        lock_days(connection, dates)
        replace_summary(connection, dates)
        record_summarized(connection, days)
        rows = connection.execute(
            "SELECT conversation_date, count(*) FROM daily_summary WHERE conversation_date = ANY(%s) GROUP BY 1",
            [dates],
        ).fetchall()
    counts: dict[datetime.date, int] = dict(rows)
    return {day: counts.get(day.date, 0) for day in days}


def replace_summary(connection: psycopg.Connection, dates: list[datetime.date]) -> None:
    """Replace the rows of the days, within the caller's transaction and locks."""
    connection.execute(compose(sql_path("warehouse", "refresh_daily_summary.sql"), days=dates))


def count_summaries(connection: psycopg.Connection) -> int:
    """Return the number of rows of daily_summary."""
    (rows,) = connection.execute("SELECT count(*) FROM daily_summary").fetchone() or (0,)
    return int(rows)
