"""Days of instants in the reporting time zone, for frames."""

from __future__ import annotations

import datetime

import polars as pl


def local_date(instant: pl.Expr, zone: str) -> pl.Expr:
    """Return the day of an instant in a time zone.

    The first hours of the year 1 and the last of the year 9999 may belong to years that cannot be written: their date
    is the first or the last that can.

    Args:
        instant: The instant, naive UTC.
        zone: The time zone's IANA name.
    """
    local = instant.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.date()
    return local.clip(datetime.date.min, datetime.date.max)
