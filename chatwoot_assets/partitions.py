"""The daily partitions, and the instants between which a day lies.

A conversation belongs to the day of its created_at in the reporting time zone; Chatwoot stores UTC
without a zone, so a day is asked for by its bounds in UTC.
"""

from __future__ import annotations

import datetime
import zoneinfo
from dataclasses import dataclass

from chatwoot_assets.settings import Settings

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """A partition: a date of the reporting time zone, from `start` until before `end`, both naive UTC.

    A day has 23, 24 or 25 hours; where clocks go forward at midnight, it begins at one o'clock.
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
    # fold=0, the default, is what is wanted in both odd cases: of a midnight that comes twice the
    # first, and of one that is skipped the instant at which the clocks go forward.
    midnight = datetime.datetime(date.year, date.month, date.day, tzinfo=zone)
    return midnight.astimezone(datetime.timezone.utc).replace(tzinfo=None)


def days(keys: list[str], zone: zoneinfo.ZoneInfo) -> list[Day]:
    """Return the partitions of `keys`, in order of date."""
    return [day(datetime.date.fromisoformat(key), zone) for key in sorted(keys)]


def all_days(settings: Settings) -> list[Day]:
    """Return every partition, from the first to today's."""
    zone = settings.reporting_timezone
    count = (today(zone) - settings.partitions_start_date).days + 1
    return [day(settings.partitions_start_date + number * ONE_DAY, zone) for number in range(count)]


def adjacent(days: list[Day]) -> list[list[Day]]:
    """Return the days in runs, each day of a run next to the one before it."""
    runs: list[list[Day]] = []
    for one in days:
        if runs and runs[-1][-1].end == one.start:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def today(zone: zoneinfo.ZoneInfo) -> datetime.date:
    """Return today's date in `zone`."""
    return datetime.datetime.now(zone).date()
