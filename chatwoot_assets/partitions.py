"""The daily partitions, and the instants between which each day lies.

A conversation belongs to the day of its created_at in the reporting time zone. Chatwoot stores UTC without a zone, so
a day is selected by its bounds in UTC.
"""

from __future__ import annotations

import datetime
import zoneinfo
from dataclasses import dataclass

from chatwoot_assets.settings import Settings

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """A partition: a calendar day in the reporting time zone.

    A day has 23, 24 or 25 hours; if the clocks go forward at midnight, it begins at one o'clock.

    Attributes:
        date: The date.
        start: The first instant, naive UTC.
        end: The first instant of the next day, naive UTC.
    """

    date: datetime.date
    start: datetime.datetime
    end: datetime.datetime

    @property
    def key(self) -> str:
        """The partition key, `YYYY-MM-DD`."""
        return self.date.isoformat()


def day(date: datetime.date, zone: zoneinfo.ZoneInfo) -> Day:
    """Return the partition of `date` in `zone`."""
    return Day(date, _first_instant(date, zone), _first_instant(date + ONE_DAY, zone))


def _first_instant(date: datetime.date, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    # fold=0, the default, is right in both odd cases: if midnight comes twice, it is the first of the two; if it is
    # skipped, it is the instant at which the clocks go forward.
    midnight = datetime.datetime(date.year, date.month, date.day, tzinfo=zone)
    return midnight.astimezone(datetime.timezone.utc).replace(tzinfo=None)


def days(keys: list[str], zone: zoneinfo.ZoneInfo) -> list[Day]:
    """Return the partitions with the given keys, in order of date."""
    return [day(datetime.date.fromisoformat(key), zone) for key in sorted(keys)]


def all_days(settings: Settings) -> list[Day]:
    """Return every partition, from the first to today's."""
    zone = settings.reporting_timezone
    count = (today(zone) - settings.partitions_start_date).days + 1
    return [day(settings.partitions_start_date + number * ONE_DAY, zone) for number in range(count)]


def begun_days(days: list[Day], instant: datetime.datetime) -> list[Day]:
    """Return the days that have begun at an instant, but at least the first.

    This machine's clock may be ahead, so that it counts days that Chatwoot does not know yet.

    Args:
        days: The days, in order.
        instant: The instant, with a time zone.
    """
    at = instant.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return [day_ for day_ in days if day_.start <= at] or days[:1]


def group_adjacent(days: list[Day]) -> list[list[Day]]:
    """Return the days in runs of adjacent days.

    Args:
        days: The days, in order.
    """
    runs: list[list[Day]] = []
    for day_ in days:
        if runs and runs[-1][-1].end == day_.start:
            runs[-1].append(day_)
        else:
            runs.append([day_])
    return runs


def today(zone: zoneinfo.ZoneInfo) -> datetime.date:
    """Return today's date in `zone`."""
    return datetime.datetime.now(zone).date()
