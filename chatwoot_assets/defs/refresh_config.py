"""The run configuration of the job `refresh_days`: the days, as text."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dagster as dg

from chatwoot_assets.errors import SettingsError
from chatwoot_assets.partitions import ONE_DAY, Day, days, group_adjacent, today
from chatwoot_assets.settings import Settings

REFRESH_DAYS = "refresh_days"
OP = "refresh"
# The tag that shows the days of a run in the UI's list of runs.
DAYS_TAG = "days"

_RANGE = "..."
_ENTRY = re.compile(r"\d{4}-\d\d-\d\d(\.\.\.\d{4}-\d\d-\d\d)?")


class RefreshDaysConfig(dg.Config):
    """Run configuration of the job.

    Attributes:
        days: The days, each as `2025-03-10`, or a range of days as `2025-03-10...2025-03-31`.
        force: Also write days that are up to date.
        allow_empty: Continue even if nearly all conversations of the days are gone.
    """

    days: list[str]
    force: bool = False
    allow_empty: bool = False


def parse_days(entries: Iterable[str], settings: Settings) -> list[Day]:
    """Return the days of a run's configuration, in order of date.

    Raises:
        SettingsError: An entry is not a day or a range of days, or is outside the partitions.
    """
    dates = set(_parse_dates(entries))
    first, last = settings.partitions_start_date, today(settings.reporting_timezone)
    outside = sorted(date for date in dates if not first <= date <= last)
    if outside:
        raise SettingsError(f"{outside[0]} is outside the partitions, {first} to {last}")
    return days([date.isoformat() for date in dates], settings.reporting_timezone)


def _parse_dates(entries: Iterable[str]) -> list[datetime.date]:
    dates: list[datetime.date] = []
    for entry in entries:
        first, _, last = entry.partition(_RANGE)
        try:
            if not _ENTRY.fullmatch(entry):
                raise ValueError
            start, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last or first)
        except ValueError:
            raise SettingsError(
                f"days has {entry!r}; accepted are YYYY-MM-DD and YYYY-MM-DD{_RANGE}YYYY-MM-DD"
            ) from None
        dates += [start + number * ONE_DAY for number in range((end - start).days + 1)]
    return dates


def run_dates(run: dg.DagsterRun) -> set[datetime.date]:
    """Return the days of a run of this job; none if its configuration is not valid."""
    config: Any = run.run_config
    try:
        return set(_parse_dates(config["ops"][OP]["config"]["days"]))
    except (KeyError, TypeError, SettingsError):
        return set()


def refresh_config(requested: Sequence[Day], *, force: bool = False, allow_empty: bool = False) -> Mapping[str, object]:
    """Return the run configuration that refreshes days.

    Args:
        requested: The days, in order of date.
        force: Also write days that are up to date.
        allow_empty: Continue even if nearly all conversations of the days are gone.
    """
    entries = [
        group[0].key if len(group) == 1 else f"{group[0].key}{_RANGE}{group[-1].key}"
        for group in group_adjacent(list(requested))
    ]
    config: dict[str, object] = {"days": entries, "force": force}
    if allow_empty:
        config["allow_empty"] = True
    return {"ops": {OP: {"config": config}}}


def days_tag(requested: Sequence[Day]) -> dict[str, str]:
    """Return the tag that shows the days of a run in the UI's list of runs."""
    first, last = requested[0].key, requested[-1].key
    if len(requested) == 1:
        return {DAYS_TAG: first}
    return {DAYS_TAG: f"{len(requested):,}, {first} to {last}"}
