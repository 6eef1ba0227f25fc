"""What checks have in common: the days that a check is about, and how its result names those that fail."""

from __future__ import annotations

import dagster as dg

# A check's metadata names so many days at most; the count is always exact.
DAYS_NAMED = 20


def run_days(context: dg.AssetCheckExecutionContext) -> list[str] | None:
    """Return the days of the run, or None where it is not a run of days: the check is about all of them then."""
    execution = context.op_execution_context
    return list(execution.partition_keys) if execution.has_partition_key_range else None


def format_days(days: list[str]) -> str:
    """Return the first of some days, for people to read."""
    shown = ", ".join(sorted(days)[:DAYS_NAMED])
    more = len(days) - DAYS_NAMED
    return (f"{shown} and {more:,} more" if more > 0 else shown) or "none"
