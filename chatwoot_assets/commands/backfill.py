"""`chatwoot-assets backfill`: load a range of days, in runs that Dagster's UI shows."""

from __future__ import annotations

import ctypes
import datetime
import time
from collections.abc import Sequence

import dagster as dg

from chatwoot_assets.commands.console import chatwoot_database, err, out, warehouse_database
from chatwoot_assets.commands.runs import run_job
from chatwoot_assets.database_urls import DATABASE_URLS, require_urls
from chatwoot_assets.defs.campaigns import REFRESH_CAMPAIGNS, campaigns_config
from chatwoot_assets.defs.refresh_config import OP, REFRESH_DAYS, days_tag, refresh_config
from chatwoot_assets.errors import SettingsError, UserError
from chatwoot_assets.partitions import ONE_DAY, days, today
from chatwoot_assets.refresh.campaigns import has_deliveries
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.out_of_range import count_out_of_range
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.warehouse.schema import migrate

# A year is one run. Dagster keeps all events of a run in memory until it ends: five years had 29,000, or 55 MB.
DAYS_PER_RUN = 400
# The number by which the C library's mallopt knows the setting.
_M_ARENA_MAX = -8


def backfill(
    first: datetime.date, last: datetime.date | None, *, force: bool = False, allow_empty: bool = False
) -> None:
    """Load the days from `first` to `last`, both included, in runs of up to `DAYS_PER_RUN` days.

    Days that already equal the source are skipped, so a backfill that was killed resumes.

    Args:
        first: The first day.
        last: The last day; None for today.
        force: Whether to load days again that already equal the source.
        allow_empty: Whether to continue even if nearly all conversations of the days are gone.

    Raises:
        UserError: The range is outside the partitions, a database cannot be used, a run fails, or a check of
            severity ERROR fails.
    """
    _bound_memory()
    settings = Settings.load()
    require_urls(*DATABASE_URLS)
    last = last or today(settings.reporting_timezone)
    _check_range(first, last, settings)
    # Report an unusable database at once: a run would do so only after its retries.
    migrate(warehouse_database())
    with snapshot(chatwoot_database(settings)) as source:
        has_campaigns = has_deliveries(source)
    passed, were_checked = True, False
    while first <= last:
        last_of_run = min(first + (DAYS_PER_RUN - 1) * ONE_DAY, last)
        checks = _load(settings, first, last_of_run, force=force, allow_empty=allow_empty)
        passed &= _report_checks(checks)
        were_checked |= bool(checks)
        _release_memory()
        first = last_of_run + ONE_DAY
    if has_campaigns:
        result = run_job(settings, REFRESH_CAMPAIGNS, config=campaigns_config(compare_all=True))
        passed &= _report_checks(result.get_asset_check_evaluations())
    if not were_checked:
        _report_out_of_range(settings)
    if not passed:
        raise UserError("the days are loaded, but a check of them fails; it is named above and in the UI")


def _load(
    settings: Settings, first: datetime.date, last: datetime.date, *, force: bool, allow_empty: bool
) -> Sequence[dg.AssetCheckEvaluation]:
    """Load days in one run and print the result; return its checks, none if the days were equal."""
    started = time.monotonic()
    keys = [(first + number * ONE_DAY).isoformat() for number in range((last - first).days + 1)]
    requested = days(keys, settings.reporting_timezone)
    config = refresh_config(requested, force=force, allow_empty=allow_empty)
    result = run_job(settings, REFRESH_DAYS, days_tag(requested), config)
    seconds = time.monotonic() - started
    loaded = _days_loaded(result)
    out.print(
        f"{len(requested)} days, {first} to {last}: {loaded} loaded, {len(requested) - loaded} already equal,"
        f" in {seconds:.1f} s; run {result.run_id}"
    )
    return result.get_asset_check_evaluations()


def _days_loaded(result: dg.ExecuteInProcessResult) -> int:
    materializations = result.asset_materializations_for_node(OP)
    return sum(event.asset_key.path[-1] == "conversas_analytics" for event in materializations)


def _bound_memory() -> None:
    """Have the C library keep one pool of memory for all threads, if it can, instead of up to eight per processor.

    Each pool keeps what its threads have freed. With one, the peak of 60 days was 391 MB instead of 425.
    """
    if set_option := getattr(ctypes.CDLL(None), "mallopt", None):
        set_option(_M_ARENA_MAX, 1)


def _release_memory() -> None:
    """Have the C library return a run's memory to the system, if it can.

    With it, the peak of five runs of one year each was 383 MB instead of 399.
    """
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


def _check_range(first: datetime.date, last: datetime.date, settings: Settings) -> None:
    begin, end = settings.partitions_start_date, today(settings.reporting_timezone)
    for name, date in (("--from", first), ("--to", last)):
        if not begin <= date <= end:
            raise SettingsError(
                f"{name} {date} is outside the partitions, {begin} to {end};"
                " PARTITIONS_START_DATE sets the first, today is the last"
            )
    if first > last:
        raise SettingsError(f"--from {first} is after --to {last}; give the earlier day first")


def _report_out_of_range(settings: Settings) -> None:
    """Warn of conversations outside the partitions, which a check does if a day was written."""
    with snapshot(chatwoot_database(settings)) as source:
        warning = count_out_of_range(source, settings.views_schema, settings).warning
    if warning:
        err.print(f"warning: {warning}")


def _report_checks(checks: Sequence[dg.AssetCheckEvaluation]) -> bool:
    """Print the checks that failed; return whether none of severity ERROR did."""
    failed = [check for check in checks if not check.passed]
    for check in failed:
        label = "error" if check.severity == dg.AssetCheckSeverity.ERROR else "warning"
        values = ", ".join(f"{name} {value.value}" for name, value in check.metadata.items())
        name = f"{check.asset_key.to_user_string()}.{check.check_name}"
        err.print(f"{label}: {check.description or values} (check {name})")
    return not any(check.severity == dg.AssetCheckSeverity.ERROR for check in failed)
