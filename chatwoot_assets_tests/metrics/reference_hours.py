"""Reference implementation of open time, minute by minute on the local clock."""

from __future__ import annotations

import datetime
import json
import zoneinfo
from collections.abc import Collection

MINUTE = datetime.timedelta(minutes=1)


def count_open_seconds(
    zone: str | None,
    hours: str | None,
    start: datetime.datetime | None,
    end: datetime.datetime | None,
    holidays: Collection[datetime.date] = (),
) -> float | None:
    """Return the seconds of open time between two UTC instants, negative if they are swapped."""
    if zone is None or hours is None or start is None or end is None:
        return None
    try:
        zone_info = zoneinfo.ZoneInfo(zone)
    except zoneinfo.ZoneInfoNotFoundError:
        return None
    if end < start:
        return -_count(zone_info, json.loads(hours), end, start, holidays)
    return _count(zone_info, json.loads(hours), start, end, holidays)


def _count(
    zone: zoneinfo.ZoneInfo,
    hours: list[list[int]],
    start: datetime.datetime,
    end: datetime.datetime,
    holidays: Collection[datetime.date],
) -> float:
    total = datetime.timedelta()
    instant = start
    while instant < end:
        next_minute = min(instant.replace(second=0, microsecond=0) + MINUTE, end)
        local = instant.replace(tzinfo=datetime.timezone.utc).astimezone(zone)
        if local.date() not in holidays and _is_open(hours, local):
            total += next_minute - instant
        instant = next_minute
    return total.total_seconds()


def _is_open(hours: list[list[int]], local: datetime.datetime) -> bool:
    day, minute = local.isoweekday() % 7, local.hour * 60 + local.minute
    return any(weekday == day and opens <= minute < closes for weekday, opens, closes in hours)
