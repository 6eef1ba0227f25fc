"""The problems that the warehouse shows: stale data, contacts that wait, backlog, and unusual hours."""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from chatwoot_assets.alert_rules import AlertRules
from chatwoot_assets.alerts.problem import Problem
from chatwoot_assets.settings import Settings
from chatwoot_assets.settings_values import format_hours
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.warehouse.source_comparison import read_sync_status

# An hour is unusual if its count differs from the median by more than this many standard deviations and messages.
_DEVIATIONS, _LEAST_MESSAGES = 6.0, 20
# The standard deviation of normally distributed values, in median absolute deviations.
_DEVIATION_PER_MAD = 1.4826


def find_warehouse_problems(
    connection: psycopg.Connection, settings: Settings, rules: AlertRules, now: datetime.datetime
) -> Iterator[Problem]:
    """Yield the problems of each account.

    Args:
        connection: A session on the warehouse.
        settings: The project's settings.
        rules: When something is a problem.
        now: The time, with a zone.
    """
    status = read_sync_status(connection)
    watermark = status.watermark
    if watermark is not None and now - watermark > settings.freshness_fail:
        reason = f": {status.failure}" if status.failure else ""
        yield Problem("stale", f"The data are {format_hours(now - watermark)} behind Chatwoot{reason}")
    if watermark is None:
        return
    if rules.waiting is not None:
        yield from _find_waiting(connection, settings, rules.waiting, now)
    if rules.backlog is not None:
        for account, conversations in _rows(connection, settings, "backlog.sql", now):
            if conversations > rules.backlog:
                text = f"Account {account}: {conversations:,} open conversations, more than {rules.backlog:,}"
                yield Problem(f"backlog {account}", text)
    if rules.volume:
        # Only hours whose messages are known to be loaded.
        for account, counts, starts_at in _rows(connection, settings, "volume.sql", watermark):
            if usual := unusual(counts[0], counts[1:]):
                text = f"Account {account}: {counts[0]:,} messages of contacts at {starts_at:%Y-%m-%d %H}:00, usually"
                yield Problem(f"volume {account}", f"{text} {usual}")


def unusual(count: int, earlier: Sequence[int]) -> str | None:
    """Return the usual range if a count is far outside it, otherwise None.

    Args:
        count: The count of an hour.
        earlier: The counts of the same hour and weekday in the weeks before.
    """
    median = statistics.median(earlier)
    deviation = _DEVIATION_PER_MAD * statistics.median(abs(each - median) for each in earlier)
    # Counts vary by their square root, even if the last weeks happen to be equal.
    allowed = max(_DEVIATIONS * max(deviation, median**0.5), _LEAST_MESSAGES)
    if abs(count - median) <= allowed:
        return None
    return f"{max(median - allowed, 0):,.0f} to {median + allowed:,.0f}"


def _find_waiting(
    connection: psycopg.Connection, settings: Settings, waiting: datetime.timedelta, now: datetime.datetime
) -> Iterator[Problem]:
    rows = _rows(connection, settings, "waiting.sql", now - waiting)
    for account, conversations, since, conversation in rows:
        display_id = connection.execute(
            "SELECT display_id FROM conversas_analytics WHERE id = %s", [conversation]
        ).fetchone()
        place = f"conversation id {conversation}"
        if display_id and settings.chatwoot_url:
            place = f"{settings.chatwoot_url}/app/accounts/{account}/conversations/{display_id[0]}"
        text = (
            f"Account {account}: {conversations:,} contacts have waited for a reply for more than"
            f" {format_hours(waiting)}, the longest for {format_hours(now - since)}: {place}"
        )
        yield Problem(f"waiting {account}", text)


def _rows(
    connection: psycopg.Connection, settings: Settings, name: str, before: datetime.datetime
) -> list[tuple[Any, ...]]:
    query = compose(sql_path("alerts", name), before=before, timezone=settings.reporting_timezone.key)
    return connection.execute(query).fetchall()
