"""Compute days of daily_summary from conversas_analytics, by `sql/warehouse/refresh_daily_summary.sql`."""

from __future__ import annotations

import datetime

import psycopg

from chatwoot_assets.sql_files import compose, sql_path


def replace_summary(connection: psycopg.Connection, dates: list[datetime.date]) -> dict[datetime.date, int]:
    """Replace the rows of the days, within the caller's transaction and locks.

    Returns:
        The number of rows that each of the days has now, if it has any.
    """
    connection.execute(compose(sql_path("warehouse", "refresh_daily_summary.sql"), days=dates))
    return dict(
        connection.execute(
            "SELECT conversation_date, count(*) FROM daily_summary WHERE conversation_date = ANY(%s) GROUP BY 1",
            [dates],
        ).fetchall()
    )
