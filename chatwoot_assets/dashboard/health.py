"""What a viewer has to be told about the numbers before believing them. Nothing here draws or asks."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any, Literal

from chatwoot_assets.dashboard.filters import Period
from chatwoot_assets.dashboard.state import State
from chatwoot_assets.settings import Settings

Level = Literal["info", "warning", "error"]


@dataclass(frozen=True)
class Notice:
    """A sentence above a page: how grave it is, the key of its text, and what the text has blanks for."""

    level: Level
    text: str
    values: dict[str, Any] = field(default_factory=dict)


def notices(
    state: State, failed_since: datetime.datetime | None, period: Period, settings: Settings, now: datetime.datetime
) -> list[Notice]:
    """Return what has to be said of the numbers of a period, the gravest first."""
    found = [*_reachable(failed_since), *_equal(state, period, settings, now), *_loaded(state, period, settings, now)]
    return sorted(found, key=lambda notice: ("error", "warning", "info").index(notice.level))


def _reachable(failed_since: datetime.datetime | None) -> list[Notice]:
    return [Notice("error", "notice_database_down", {"since": failed_since})] if failed_since else []


def _equal(state: State, period: Period, settings: Settings, now: datetime.datetime) -> list[Notice]:
    trust = state.trust
    if trust.compared_at is None:
        as_of = state.as_of
        if as_of is None or now - as_of <= settings.freshness_warn:
            return []
        return [Notice(_level(now - as_of, settings), "notice_never_compared", {"as_of": as_of})]
    unknown_for = now - trust.compared_at
    if unknown_for > settings.freshness_warn:
        return [Notice(_level(unknown_for, settings), "notice_unknown", {"since": trust.compared_at})]
    late = {
        date: now - since
        for date, since in trust.differing.items()
        if now - since > settings.freshness_warn and period.first <= date <= period.last
    }
    if not late:
        return []
    return [Notice(_level(max(late.values()), settings), "notice_differing", {"days": sorted(late)})]


def _loaded(state: State, period: Period, settings: Settings, now: datetime.datetime) -> list[Notice]:
    today = now.astimezone(settings.reporting_timezone).date()
    missing = [date for date in period.dates() if date <= today and date not in state.days]
    found = []
    if missing:
        values = {"count": len(missing), "total": period.days, "first": min(state.days), "last": max(state.days)}
        found.append(Notice("info", "notice_missing_days", values))
    unmeasured = [date for date in period.dates() if (day := state.days.get(date)) and not day.is_measured]
    if unmeasured:
        found.append(Notice("warning", "notice_unmeasured", {"days": unmeasured}))
    return found


def _level(behind: datetime.timedelta, settings: Settings) -> Level:
    return "error" if behind > settings.freshness_fail else "warning"
