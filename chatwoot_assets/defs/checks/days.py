"""What checks have in common: the days that a check is about, and how its result names those that fail."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import dagster as dg

from chatwoot_assets.partitions import Day, days

# A check's metadata names so many days at most; the count is always exact.
DAYS_NAMED = 20


def run_days(context: dg.AssetCheckExecutionContext, zone: ZoneInfo) -> list[Day] | None:
    """Return the days of the run, or None where it is not a run of days: the check is about all of them then."""
    execution = context.op_execution_context
    return days(list(execution.partition_keys), zone) if execution.has_partition_key_range else None


def format_days(dates: Iterable[datetime.date]) -> str:
    """Return the first of some days, for people to read."""
    ordered = sorted(dates)
    shown = ", ".join(date.isoformat() for date in ordered[:DAYS_NAMED])
    more = len(ordered) - DAYS_NAMED
    return (f"{shown} and {more:,} more" if more > 0 else shown) or "none"
