"""Instants as days of the reporting time zone."""

from __future__ import annotations

import polars as pl


def local_date(instant: pl.Expr, zone: str) -> pl.Expr:
    """Return the day on which an instant (naive UTC) falls in a time zone (its IANA name)."""
    return instant.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.date()
