"""The days that a check looks at, and how its result names the days that fail."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable

import dagster as dg

from chatwoot_assets.partitions import Day, days

# The longest list of days in a check's metadata; the count beside it is always exact.
MAX_DAYS_LISTED = 20


def run_days(context: dg.AssetCheckExecutionContext, zone: zoneinfo.ZoneInfo) -> list[Day] | None:
    """Return the days of the run, or None if it is not a run of days: the check then looks at all of them."""
    execution = context.op_execution_context
    if execution.has_partition_key_range:
        return days(list(execution.partition_keys), zone)
    # The run of one day that somebody starts in the UI has a key, but no range.
    key = execution.run.tags.get("dagster/partition")
    return days([key], zone) if key else None


def format_days(dates: Iterable[datetime.date]) -> str:
    """Return the first days of a list as text, followed by the number of further ones."""
    ordered = sorted(dates)
    listed = ", ".join(date.isoformat() for date in ordered[:MAX_DAYS_LISTED])
    more = len(ordered) - MAX_DAYS_LISTED
    return (f"{listed} and {more:,} more" if more > 0 else listed) or "none"
