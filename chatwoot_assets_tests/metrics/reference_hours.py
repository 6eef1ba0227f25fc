"""Reference implementation of open time, minute by minute on the local clock."""

from __future__ import annotations

import datetime
import json
import zoneinfo

MINUTE = datetime.timedelta(minutes=1)


def count_open_seconds(
    zone: str | None, hours: str | None, start: datetime.datetime | None, end: datetime.datetime | None
) -> float | None:
    """Return the seconds of open time between two UTC instants, negative if they are swapped."""
    if zone is None or hours is None or start is None or end is None:
        return None
    try:
        zone_info = zoneinfo.ZoneInfo(zone)
    except zoneinfo.ZoneInfoNotFoundError:
        return None
    if end < start:
        return -_count(zone_info, json.loads(hours), end, start)
    return _count(zone_info, json.loads(hours), start, end)


def _count(zone: zoneinfo.ZoneInfo, hours: list[list[int]], start: datetime.datetime, end: datetime.datetime) -> float:
    total = datetime.timedelta()
    instant = start
    while instant < end:
        next_minute = min(instant.replace(second=0, microsecond=0) + MINUTE, end)
        if _is_open(hours, instant.replace(tzinfo=datetime.timezone.utc).astimezone(zone)):
            total += next_minute - instant
        instant = next_minute
    return total.total_seconds()


def _is_open(hours: list[list[int]], local: datetime.datetime) -> bool:
    day, minute = local.isoweekday() % 7, local.hour * 60 + local.minute
    return any(weekday == day and opens <= minute < closes for weekday, opens, closes in hours)
