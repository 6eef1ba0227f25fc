"""The open time of an inbox, told again minute by minute: what does the clock on the wall show, and is it open then?"""

from __future__ import annotations

import datetime
import json
import zoneinfo

MINUTE = datetime.timedelta(minutes=1)


def open_seconds(
    zone: str | None, hours: str | None, start: datetime.datetime | None, end: datetime.datetime | None
) -> float | None:
    """Return the seconds of open time between two instants of UTC, negative where they are swapped."""
    if zone is None or hours is None or start is None or end is None:
        return None
    try:
        place = zoneinfo.ZoneInfo(zone)
    except zoneinfo.ZoneInfoNotFoundError:
        return None
    if end < start:
        return -_between(place, json.loads(hours), end, start)
    return _between(place, json.loads(hours), start, end)


def _between(
    place: zoneinfo.ZoneInfo, hours: list[list[int]], start: datetime.datetime, end: datetime.datetime
) -> float:
    total = datetime.timedelta()
    at = start
    while at < end:
        later = min(at.replace(second=0, microsecond=0) + MINUTE, end)
        if _is_open(hours, at.replace(tzinfo=datetime.timezone.utc).astimezone(place)):
            total += later - at
        at = later
    return total.total_seconds()


def _is_open(hours: list[list[int]], local: datetime.datetime) -> bool:
    day, minute = local.isoweekday() % 7, local.hour * 60 + local.minute
    return any(weekday == day and opens <= minute < closes for weekday, opens, closes in hours)
