"""Numbers, dates and durations as people of a language write them. Nothing here draws or asks.

Portuguese writes 1.234,5 and 31/12/2025; English 1,234.5 and, since 12/31 and 31/12 are both read there,
2025-12-31. What is not known is a dash, never a zero.
"""

from __future__ import annotations

import datetime
import math
import zoneinfo
from typing import Literal, get_args

Language = Literal["pt", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
UNKNOWN = "—"

# Of a duration its larger unit and the smaller one beside it, in seconds.
_UNITS = ((86_400, "d", 3_600, "h"), (3_600, "h", 60, "min"), (60, "min", 1, "s"))
_SWAPPED = str.maketrans(",.", ".,")


def number(value: float | None, language: Language, decimals: int = 0) -> str:
    """Return a number with thousands grouped, rounded to `decimals`."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    text = f"{value:,.{decimals}f}"
    if not text.strip("-0.,"):
        text = text.removeprefix("-")  # of a negative number that was rounded to zero
    return text.translate(_SWAPPED) if language == "pt" else text


def percent(share: float | None, language: Language, decimals: int = 1) -> str:
    """Return a share of 1 in percent."""
    text = number(None if share is None else 100 * share, language, decimals)
    return text if text == UNKNOWN else f"{text}%"


def date(value: datetime.date, language: Language) -> str:
    """Return a date, in full."""
    return f"{value.day:02}/{value.month:02}/{value.year:04}" if language == "pt" else value.isoformat()


def instant(value: datetime.datetime, zone: zoneinfo.ZoneInfo, language: Language) -> str:
    """Return the date and the minute of an instant, in a time zone."""
    try:
        local = value.astimezone(zone)
    except OverflowError:  # the first or the last hours that there are
        local = value
    return f"{date(local.date(), language)} {local:%H:%M}"


def duration(seconds: float | None) -> str:
    """Return a duration in its two largest units, which are the same in both languages."""
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    sign, whole = "-" if seconds <= -0.5 else "", round(abs(seconds))
    for length, unit, part_length, part_unit in _UNITS:
        if whole >= length:
            part = whole % length // part_length
            return f"{sign}{whole // length} {unit}" + (f" {part:02} {part_unit}" if part else "")
    return f"{sign}{whole} s"


def change(now: float | None, before: float | None, language: Language) -> str | None:
    """Return by how many percent a quantity changed, signed; None where that cannot be said."""
    if now is None or not before or before < 0:
        return None
    return _signed(percent(now / before - 1, language))


def points(now: float | None, before: float | None, language: Language) -> str | None:
    """Return by how many percentage points a share changed, signed; None where that cannot be said."""
    if now is None or before is None:
        return None
    unit = "p.p." if language == "pt" else "pp"
    return f"{_signed(number(100 * (now - before), language, 1))} {unit}"


def _signed(text: str) -> str:
    return text if text.startswith("-") else f"+{text}"
