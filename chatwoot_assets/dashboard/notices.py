"""Notices above a page: what a viewer must know before trusting its numbers. Uses neither Streamlit nor a database."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any, Literal

from chatwoot_assets.dashboard.filters import Period
from chatwoot_assets.dashboard.status import WarehouseStatus
from chatwoot_assets.settings import Settings

Level = Literal["info", "warning", "error"]


@dataclass(frozen=True)
class Notice:
    """A notice above a page.

    Attributes:
        level: How serious it is.
        text: The key of its text.
        values: The values for the placeholders of the text, not formatted yet.
    """

    level: Level
    text: str
    values: dict[str, Any] = field(default_factory=dict)


def collect_notices(
    status: WarehouseStatus,
    failing_since: datetime.datetime | None,
    period: Period,
    settings: Settings,
    now: datetime.datetime,
) -> list[Notice]:
    """Return the notices about the numbers of a period, the most serious first.

    Args:
        status: The last known status of the warehouse.
        failing_since: Since when the warehouse does not answer, or None if it does.
        period: The selected days.
        settings: The configuration; it says after how long stale data are a warning or an error.
        now: The current time.
    """
    notices = [
        *_connection_notices(failing_since),
        *_sync_notices(status, period, settings, now),
        *_coverage_notices(status, period, settings, now),
    ]
    return sorted(notices, key=lambda notice: ("error", "warning", "info").index(notice.level))


def _connection_notices(failing_since: datetime.datetime | None) -> list[Notice]:
    return [Notice("error", "notice_database_down", {"since": failing_since})] if failing_since else []


def _sync_notices(status: WarehouseStatus, period: Period, settings: Settings, now: datetime.datetime) -> list[Notice]:
    sync = status.sync
    if sync.compared_at is None:
        as_of = status.as_of
        if as_of is None or now - as_of <= settings.freshness_warn:
            return []
        return [Notice(_level(now - as_of, settings), "notice_never_compared", {"as_of": as_of})]
    not_compared_for = now - sync.compared_at
    if not_compared_for > settings.freshness_warn:
        return [Notice(_level(not_compared_for, settings), "notice_not_compared", {"since": sync.compared_at})]
    overdue = {
        date: now - since
        for date, since in sync.differing.items()
        if now - since > settings.freshness_warn and period.first <= date <= period.last
    }
    if not overdue:
        return []
    return [Notice(_level(max(overdue.values()), settings), "notice_differing_days", {"days": sorted(overdue)})]


def _coverage_notices(
    status: WarehouseStatus, period: Period, settings: Settings, now: datetime.datetime
) -> list[Notice]:
    notices = []
    today = now.astimezone(settings.reporting_timezone).date()
    missing = [date for date in period.dates() if date <= today and date not in status.days]
    if missing:
        values = {"count": len(missing), "total": period.days, "first": min(status.days), "last": max(status.days)}
        key = "notice_missing_days" if len(missing) > 1 else "notice_missing_day"
        notices.append(Notice("info", key if period.days > 1 else "notice_missing_only_day", values))
    outdated = [date for date in period.dates() if (day := status.days.get(date)) and not day.is_current]
    if outdated:
        notices.append(Notice("warning", "notice_outdated", {"days": outdated}))
    return notices


def _level(delay: datetime.timedelta, settings: Settings) -> Level:
    return "error" if delay > settings.freshness_fail else "warning"
