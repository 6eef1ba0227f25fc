"""Instants as days of the reporting time zone."""

from __future__ import annotations

import datetime

import polars as pl


def local_date(instant: pl.Expr, zone: str) -> pl.Expr:
    """Return the day on which an instant (naive UTC) falls in a time zone (its IANA name).

    The first hours of the year 1 and the last of 9999 may fall into years that nobody can write: they stay.
    """
    local = instant.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.date()
    return local.clip(datetime.date.min, datetime.date.max)
