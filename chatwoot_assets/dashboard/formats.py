"""Numbers, dates and durations as each language writes them. Uses neither Streamlit nor a database.

Portuguese writes 1.234,5 and 31/12/2025. English writes 1,234.5 and 2025-12-31, since English readers take 12/11 for
either of two days. An unknown value is a dash, never a zero.
"""

from __future__ import annotations

import datetime
import math
import zoneinfo
from typing import Literal, get_args

Language = Literal["pt", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
UNKNOWN = "—"

# Each larger unit of a duration and the smaller one that is shown with it, both with their seconds.
_UNITS = ((86_400, "d", 3_600, "h"), (3_600, "h", 60, "min"), (60, "min", 1, "s"))
_SWAP_SEPARATORS = str.maketrans(",.", ".,")


def format_number(value: float | None, language: Language, decimals: int = 0) -> str:
    """Return a number with grouped thousands, rounded to `decimals`."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    text = f"{value:,.{decimals}f}"
    if not text.strip("-0.,"):
        text = text.removeprefix("-")  # a small negative number that was rounded to zero
    return text.translate(_SWAP_SEPARATORS) if language == "pt" else text


def format_percent(share: float | None, language: Language, decimals: int = 1) -> str:
    """Return a share, such as 0.25, in percent."""
    text = format_number(None if share is None else 100 * share, language, decimals)
    return text if text == UNKNOWN else f"{text}%"


def format_date(value: datetime.date, language: Language) -> str:
    """Return a date with day, month and year."""
    return f"{value.day:02}/{value.month:02}/{value.year:04}" if language == "pt" else value.isoformat()


def format_instant(value: datetime.datetime, zone: zoneinfo.ZoneInfo, language: Language) -> str:
    """Return the date, hour and minute of an instant in a time zone."""
    try:
        local = value.astimezone(zone)
    except OverflowError:  # within hours of the first or last instant that Python can hold
        local = value
    return f"{format_date(local.date(), language)} {local:%H:%M}"


def format_duration(seconds: float | None) -> str:
    """Return a duration in its two largest units, which both languages abbreviate alike."""
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    sign, whole = "-" if seconds <= -0.5 else "", round(abs(seconds))
    for length, unit, part_length, part_unit in _UNITS:
        if whole >= length:
            part = whole % length // part_length
            return f"{sign}{whole // length} {unit}" + (f" {part:02} {part_unit}" if part else "")
    return f"{sign}{whole} s"


def format_change(current: float | None, previous: float | None, language: Language) -> str | None:
    """Return the signed change of a quantity in percent, or None if it cannot be computed."""
    if current is None or not previous or previous < 0:
        return None
    return _add_sign(format_percent(current / previous - 1, language))


def format_points(current: float | None, previous: float | None, language: Language) -> str | None:
    """Return the signed change of a share in percentage points, or None if it cannot be computed."""
    if current is None or previous is None:
        return None
    unit = "p.p." if language == "pt" else "pp"
    return f"{_add_sign(format_number(100 * (current - previous), language, 1))} {unit}"


def _add_sign(text: str) -> str:
    return text if text.startswith("-") else f"+{text}"
