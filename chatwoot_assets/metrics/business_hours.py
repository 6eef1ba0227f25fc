"""Compute how long an inbox was open between two instants.

An inbox has weekly opening hours in a time zone. Time counts while the local clock shows an opening hour: an hour that
daylight saving time skips counts nothing, an hour that it repeats counts twice. On a holiday the inbox is closed.

Pure functions. Between two changes of the zone's offset the open time up to an instant is a number of whole weeks and
a remainder, less the holidays before it: a span of ten years costs as much as a span of one minute.
"""

from __future__ import annotations

import datetime
import functools
import json
import zoneinfo
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from chatwoot_assets.columns import TIMESTAMP
from chatwoot_assets.holiday_calendar import HolidayCalendar, HolidayRule

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_SECOND = 1_000_000
_MINUTE = 60 * _SECOND
_DAY_MINUTES = 24 * 60
_DAY = _DAY_MINUTES * _MINUTE
_WEEK = 7 * _DAY
_SUNDAY = 3 * _DAY  # 1970-01-04
_EPOCH = datetime.date(1970, 1, 1)
# Before the first and after the last of these years, a zone keeps its offset and has no holidays.
_FIRST, _LAST = 1970, 2100
# A zone's offsets are looked up for the years of the rows, rounded to multiples of this: 130 years would take 45 ms.
_YEARS = 5
_HOURS_KEY = ("inbox_timezone", "working_hours", "inbox_id")
_LONGEST = _YEARS * 366 * _DAY
_UNKNOWN = np.iinfo(np.int64).min


def business_seconds(frame: pl.DataFrame, start: str, end: str, holidays: HolidayCalendar) -> pl.Series:
    """Return the seconds during which each row's inbox was open between two instants.

    Args:
        frame: Rows with `inbox_id`, `inbox_timezone` (IANA name), `working_hours` (JSON text: a list of [weekday,
            opens, closes], where Sunday is 0 and the others are minutes of the local day, 0 to 1440) and the two
            instants.
        start: The column of the earlier instant, naive UTC.
        end: The column of the later instant. If it is the earlier one, the seconds are negative.
        holidays: When the inboxes are closed, in their local time.

    Returns:
        Float64, in the frame's order. 0 for an inbox that never opens; NULL where an instant, the hours or the
        time zone is NULL, or the time zone is unknown.
    """
    seconds = np.full(frame.height, np.nan)
    rows = _select_hours(frame, holidays).with_columns(
        frame[column].cast(TIMESTAMP).to_physical().alias(name) for name, column in (("start", start), ("end", end))
    )
    complete = rows.with_row_index("row").drop_nulls()
    for (timezone, hours, inbox_id), group in complete.group_by(_HOURS_KEY):
        starts, ends = group["start"].to_numpy(), group["end"].to_numpy()
        years = _years(int(min(starts.min(), ends.min())), int(max(starts.max(), ends.max())))
        schedule = _schedule(str(timezone), str(hours), holidays.get_rule(int(inbox_id)), *years)
        if schedule is not None:
            open_time = schedule.open_until(ends) - schedule.open_until(starts)
            seconds[group["row"].to_numpy()] = open_time / _SECOND
    return pl.Series("business_seconds", seconds, nan_to_null=True)


def find_deadlines(frame: pl.DataFrame, start: str, seconds: str, holidays: HolidayCalendar) -> pl.Series:
    """Return when each row's inbox has been open for some seconds since an instant.

    Args:
        frame: Rows as for `business_seconds`, with the instant and the seconds, more than 0.
        start: The column of the instant, naive UTC.
        seconds: The column of the seconds.
        holidays: When the inboxes are closed, in their local time.

    Returns:
        Naive UTC, in the frame's order: the first instant at which the inbox has been open for that long. NULL where
        it has not within five years; where a value, the hours or the time zone is NULL, or the time zone is unknown.
    """
    deadlines = np.full(frame.height, _UNKNOWN)
    rows = _select_hours(frame, holidays).with_columns(
        frame[start].cast(TIMESTAMP).to_physical().alias("start"),
        (frame[seconds].cast(pl.Float64) * _SECOND).round().cast(pl.Int64).alias("length"),
    )
    complete = rows.with_row_index("row").drop_nulls()
    for (timezone, hours, inbox_id), group in complete.group_by(_HOURS_KEY):
        starts, lengths = group["start"].to_numpy(), group["length"].to_numpy()
        years = _years(int(starts.min()), int(starts.max()) + _LONGEST)
        schedule = _schedule(str(timezone), str(hours), holidays.get_rule(int(inbox_id)), *years)
        if schedule is not None:
            deadlines[group["row"].to_numpy()] = schedule.find_instants(starts, lengths)
    found = pl.Series("deadline", deadlines).to_frame()
    known = pl.when(pl.col("deadline") != _UNKNOWN).then("deadline")
    return found.select(known.cast(TIMESTAMP)).to_series()


def _select_hours(frame: pl.DataFrame, holidays: HolidayCalendar) -> pl.DataFrame:
    """Return the columns that decide each row's opening hours; inbox_id is 0 where the holidays are the common ones."""
    is_own = pl.col("inbox_id").is_in(list(holidays.inboxes))
    return frame.select(
        "inbox_timezone", "working_hours", pl.when(is_own).then("inbox_id").otherwise(0).alias("inbox_id")
    )


def _years(first: int, last: int) -> tuple[int, int]:
    """Return the first and the last year of a span in which two instants are, microseconds since 1970."""
    shortest, longest = (days * _DAY_MINUTES * _MINUTE for days in (365, 366))
    # The years are estimated, and never too few.
    first_year, last_year = _FIRST + min(first // shortest, first // longest) - 1, _FIRST + last // shortest + 1
    rounded = first_year - first_year % _YEARS, last_year + _YEARS - last_year % _YEARS
    return max(_FIRST, min(rounded[0], _LAST)), max(_FIRST, min(rounded[1], _LAST))


def _first_second(year: int) -> int:
    return int(datetime.datetime(year, 1, 1, tzinfo=datetime.timezone.utc).timestamp())


@dataclass(frozen=True)
class _Hours:
    """The open time of an inbox's local clock. All times are microseconds since 1970 on that clock.

    Attributes:
        week: When the inbox opens and closes, since midnight on Sunday; in order, without overlaps.
        holidays: When each holiday begins, in order.
    """

    week: tuple[tuple[int, int], ...]
    holidays: Ints

    def open_until(self, local: Ints) -> Ints:
        """Return the open time up to each local time, as if clocks were never changed."""
        open_time = self._open_in_weeks_until(local)
        if not self.holidays.size:
            return open_time
        starts, ends = (self._open_in_weeks_until(self.holidays + shift) for shift in (0, _DAY))
        closed = np.concatenate([[0], np.cumsum(ends - starts)])
        begun = np.searchsorted(self.holidays, local, side="right")
        # `closed` has the whole of a holiday that has begun: give back the part that is still to come.
        to_come = np.where(begun > 0, np.maximum(ends[begun - 1] - open_time, 0), 0)
        net: Ints = open_time - closed[begun] + to_come
        return net

    def _open_in_weeks_until(self, local: Ints) -> Ints:
        """Return the open time up to each local time, as if there were no holidays."""
        weeks, remainder = np.divmod(local - _SUNDAY, _WEEK)
        open_time: Ints = np.zeros_like(local)
        for opens, closes in self.week:
            open_time += weeks * (closes - opens) + np.clip(remainder - opens, 0, closes - opens)
        return open_time


@dataclass(frozen=True)
class _Schedule:
    """Opening hours in a time zone. All times are microseconds.

    Attributes:
        hours: The open time of the local clock.
        since: When each of the zone's offsets begins, in UTC since 1970.
        offsets: Each offset from UTC.
        shifts: The correction of the local clock's open time during each offset, because clocks were changed.
        years: The first and the last year for which it was made.
    """

    hours: _Hours
    since: Ints
    offsets: Ints
    shifts: Ints
    years: tuple[int, int]

    def find_instants(self, starts: Ints, lengths: Ints) -> Ints:
        """Return when the inbox has been open for each length since each instant (UTC); _UNKNOWN for never."""
        instants, open_times = self._changes
        wanted = self.open_until(starts) + lengths
        index = np.searchsorted(open_times, wanted)
        is_found = (index > 0) & (index < len(instants))
        index = np.where(is_found, index, 0)
        # Between two changes the inbox is open all the time, or never.
        found = instants[index] - (open_times[index] - wanted)
        return np.where(is_found & (found - starts <= _LONGEST), found, _UNKNOWN)

    @functools.cached_property
    def _changes(self) -> tuple[Ints, Ints]:
        """The instants (UTC) between which the inbox is open all the time or never, and the open time up to each."""
        first, end = (_first_second(year) * _SECOND for year in (self.years[0], self.years[1] + 1))
        weeks = np.arange(first - first % _WEEK + _SUNDAY - _WEEK, end + _WEEK, _WEEK)
        edges = np.array([0, *(edge for span in self.hours.week for edge in span)], np.int64)
        local = np.concatenate([(weeks[:, None] + edges).ravel(), self.hours.holidays, self.hours.holidays + _DAY])
        # Convert each local time with every offset: one of them is right, and superfluous instants are harmless.
        parts = [local - offset for offset in np.unique(self.offsets)]
        instants = np.unique(np.concatenate([*parts, self.since[1:]]))
        return instants, self.open_until(instants)

    def open_until(self, instants: Ints) -> Ints:
        """Return the open time up to each instant (UTC), counted from one common instant."""
        index = np.searchsorted(self.since, instants, side="right") - 1
        open_time: Ints = self.hours.open_until(instants + self.offsets[index]) + self.shifts[index]
        return open_time


@functools.lru_cache(maxsize=4096)
def _schedule(timezone: str, hours: str, rule: HolidayRule, first_year: int, last_year: int) -> _Schedule | None:
    """Return the opening hours in a time zone during some years; None if there is no such zone."""
    zone_offsets = _offsets(timezone, first_year, last_year)
    if zone_offsets is None:
        return None
    since, offsets = zone_offsets
    dates = sorted(rule.find_dates(first_year, last_year))
    opening = _Hours(_unite(hours), np.array([(date - _EPOCH).days * _DAY for date in dates], np.int64))
    # When the offset changes, the local clock jumps, but the open time must not.
    before = opening.open_until(since[1:] + offsets[:-1])
    after = opening.open_until(since[1:] + offsets[1:])
    return _Schedule(opening, since, offsets, np.concatenate([[0], np.cumsum(before - after)]), (first_year, last_year))


def _unite(hours: str) -> tuple[tuple[int, int], ...]:
    """Return the opening hours as spans of a week, united where they overlap or touch."""
    spans = sorted(
        (day * _DAY_MINUTES + opens, day * _DAY_MINUTES + closes) for day, opens, closes in json.loads(hours)
    )
    week: list[tuple[int, int]] = []
    for opens, closes in spans:
        if week and opens <= week[-1][1]:
            week[-1] = (week[-1][0], max(week[-1][1], closes))
        elif opens < closes:
            week.append((opens, closes))
    return tuple((opens * _MINUTE, closes * _MINUTE) for opens, closes in week)


@functools.lru_cache(maxsize=256)
def _offsets(timezone: str, first_year: int, last_year: int) -> tuple[Ints, Ints] | None:
    """Return when each UTC offset of a zone begins during some years, and the offsets; None for no such zone."""
    try:
        zone = zoneinfo.ZoneInfo(timezone)
    # OSError: the name is a directory of the time zone files, or no valid file name.
    except (KeyError, ValueError, OSError):
        return None
    day = _DAY_MINUTES * 60
    first, end = _first_second(first_year), _first_second(last_year + 1)
    daily = [_offset(zone, second) for second in range(first, end, day)]
    changes = [index for index in range(1, len(daily)) if daily[index] != daily[index - 1]]
    since = [np.iinfo(np.int64).min] + [
        _find_change(zone, first + (index - 1) * day, day) * _SECOND for index in changes
    ]
    offsets = [daily[0]] + [daily[index] for index in changes]
    return np.array(since, np.int64), np.array(offsets, np.int64) * _SECOND


def _find_change(zone: zoneinfo.ZoneInfo, earlier: int, length: int) -> int:
    """Return the second in which the offset changes; the span's ends must have different ones."""
    later, old = earlier + length, _offset(zone, earlier)
    while later - earlier > 1:
        middle = (earlier + later) // 2
        earlier, later = (middle, later) if _offset(zone, middle) == old else (earlier, middle)
    return later


def _offset(zone: zoneinfo.ZoneInfo, second: int) -> int:
    """Return by how many seconds a zone's clocks are ahead of UTC at a second since 1970."""
    offset = datetime.datetime.fromtimestamp(second, zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())
