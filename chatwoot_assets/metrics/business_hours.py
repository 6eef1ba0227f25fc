"""How much of a span of time an inbox was open: its own weekly opening hours, in its own time zone.

What counts is the time that passed while the clock on the wall showed an opening hour: of an hour that daylight
saving time skips nothing, of one that it repeats twice as much.

Pure. Between two changes of a zone's offset the open time up to an instant is a matter of whole weeks and a
remainder, so a span of ten years costs as much as one of a minute.
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

from chatwoot_assets.extract.schemas import TIMESTAMP

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_SECOND = 1_000_000
_MINUTE = 60 * _SECOND
_DAY_MINUTES = 24 * 60
_WEEK = 7 * _DAY_MINUTES * _MINUTE
_SUNDAY = 3 * _DAY_MINUTES * _MINUTE  # 1970-01-04
# Outside of these years a zone keeps the offset that it has at their edge.
_FIRST, _LAST = (int(datetime.datetime(year, 1, 1, tzinfo=datetime.timezone.utc).timestamp()) for year in (1970, 2101))


def business_seconds(frame: pl.DataFrame, start: str, end: str) -> pl.Series:
    """Return the seconds during which each row's inbox was open between two instants.

    Args:
        frame: rows with `inbox_timezone` (IANA name), `working_hours` (JSON text: rows of day of the week, Sunday
            is 0, and the minutes of the local day at which it opens and closes, 0 to 1440) and the two instants.
        start: the name of the column of the earlier instant, naive UTC.
        end: the name of the later one's. Where it is the earlier one, the seconds are negative.

    Returns:
        Float64, in the frame's order; 0 for an inbox that never opens; NULL where an instant, the hours or the
        time zone is NULL, or the time zone is not known.
    """
    seconds = np.full(frame.height, np.nan)
    rows = frame.select(
        "inbox_timezone",
        "working_hours",
        *(
            pl.col(column).cast(TIMESTAMP).to_physical().alias(name)
            for name, column in (("start", start), ("end", end))
        ),
    )
    known = rows.with_row_index("row").drop_nulls()
    for (timezone, hours), group in known.group_by("inbox_timezone", "working_hours"):
        schedule = _schedule(str(timezone), str(hours))
        if schedule is not None:
            opened = schedule.open_until(group["end"].to_numpy()) - schedule.open_until(group["start"].to_numpy())
            seconds[group["row"].to_numpy()] = opened / _SECOND
    return pl.Series("business_seconds", seconds, nan_to_null=True)


@dataclass(frozen=True)
class _Schedule:
    """Opening hours in a time zone. All times are microseconds.

    Attributes:
        week: when it opens and closes, since Sunday's midnight; in order, apart from one another.
        since: since when the zone has each of its offsets; UTC, since 1970.
        offsets: what is added to UTC then.
        shifts: what is added then to the open time by the wall clock, because clocks were put forward or back.
    """

    week: tuple[tuple[int, int], ...]
    since: Ints
    offsets: Ints
    shifts: Ints

    def open_until(self, at: Ints) -> Ints:
        """Return the open time up to instants of UTC, counted from the same instant for all."""
        piece = np.searchsorted(self.since, at, side="right") - 1
        opened: Ints = _by_wall_clock(self.week, at + self.offsets[piece]) + self.shifts[piece]
        return opened


@functools.lru_cache(maxsize=4096)
def _schedule(timezone: str, hours: str) -> _Schedule | None:
    """Return the opening hours in a time zone; None where there is no such zone."""
    found = _offsets(timezone)
    if found is None:
        return None
    since, offsets = found
    week = _unite(hours)
    # At a change the wall clock jumps; the open time that passed does not.
    before = _by_wall_clock(week, since[1:] + offsets[:-1])
    after = _by_wall_clock(week, since[1:] + offsets[1:])
    return _Schedule(week, since, offsets, np.concatenate([[0], np.cumsum(before - after)]))


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


def _by_wall_clock(week: tuple[tuple[int, int], ...], local: Ints) -> Ints:
    """Return the open time up to what a wall clock shows, if it were never put forward or back."""
    weeks, rest = np.divmod(local - _SUNDAY, _WEEK)
    opened: Ints = np.zeros_like(local)
    for opens, closes in week:
        opened += weeks * (closes - opens) + np.clip(rest - opens, 0, closes - opens)
    return opened


@functools.lru_cache(maxsize=256)
def _offsets(timezone: str) -> tuple[Ints, Ints] | None:
    """Return since when a time zone has each of its offsets from UTC, and the offsets; None for no such zone."""
    try:
        zone = zoneinfo.ZoneInfo(timezone)
    # The name of a folder of the time zones' files, or no file's name at all.
    except (KeyError, ValueError, OSError):
        return None
    day = _DAY_MINUTES * 60
    daily = [_offset(zone, at) for at in range(_FIRST, _LAST, day)]
    changes = [place for place in range(1, len(daily)) if daily[place] != daily[place - 1]]
    since = [np.iinfo(np.int64).min] + [_change(zone, _FIRST + (place - 1) * day, day) * _SECOND for place in changes]
    offsets = [daily[0]] + [daily[place] for place in changes]
    return np.array(since, np.int64), np.array(offsets, np.int64) * _SECOND


def _change(zone: zoneinfo.ZoneInfo, earlier: int, length: int) -> int:
    """Return the second in which the offset changes, of a span at whose ends it differs."""
    later, old = earlier + length, _offset(zone, earlier)
    while later - earlier > 1:
        middle = (earlier + later) // 2
        earlier, later = (middle, later) if _offset(zone, middle) == old else (earlier, middle)
    return later


def _offset(zone: zoneinfo.ZoneInfo, at: int) -> int:
    """Return the seconds by which a zone's clocks are ahead of UTC at an instant."""
    offset = datetime.datetime.fromtimestamp(at, zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())
