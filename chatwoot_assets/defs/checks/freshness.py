"""Freshness checks: whether the local tables hold what Chatwoot holds, and up to which instant that is known.

Dagster's own policy looks at an asset's last materialization, whatever its partition: loading January turns it green.
These checks look at the days. They read at most the newest message from Chatwoot; everything else comes from the
records of the last scans, so the checks cost next to nothing and work while Chatwoot is down.
"""

import datetime

import dagster as dg

from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key
from chatwoot_assets.defs.checks.days import format_days
from chatwoot_assets.defs.checks.source_comparison import SOURCE_COMPARISON
from chatwoot_assets.defs.partitions import DAILY_ASSETS, daily_partitions_definition
from chatwoot_assets.defs.processes import record_process
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS, run_dates
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.errors import SourceError
from chatwoot_assets.extract.queries import latest_message
from chatwoot_assets.partitions import all_days
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.settings_values import format_hours
from chatwoot_assets.source.clock import skew_warning
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.warehouse.partition_state import loaded_counts
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets.warehouse.source_comparison import SyncStatus, read_sync_status

_NO_TIME = datetime.timedelta(0)


def build_freshness_checks(settings: Settings, prefix: KeyPrefix = ()) -> list[dg.AssetChecksDefinition]:
    """Return the freshness checks."""
    return [
        _expected_day_is_loaded(settings, prefix),
        _days_equal_chatwoot(settings, prefix),
        _lag_is_within_limits(settings, prefix),
        _no_partition_left_failed(settings, prefix),
    ]


def _expected_day_is_loaded(settings: Settings, prefix: KeyPrefix) -> dg.AssetChecksDefinition:
    warn, fail = settings.freshness_warn, settings.freshness_fail
    zone = settings.reporting_timezone

    @dg.asset_check(
        name="expected_day_is_loaded",
        asset=asset_key(prefix, SOURCE_COMPARISON),
        description=f"The day of {format_hours(warn)} ago is loaded; fails if that of {format_hours(fail)} ago is not.",
    )
    def _check(context: dg.AssetCheckExecutionContext, warehouse: dg.ResourceParam[Warehouse]) -> dg.AssetCheckResult:
        record_process(context.op_execution_context)
        with as_dagster_failure():
            migrate(warehouse)
            with warehouse.connect() as connection:
                loaded = loaded_counts(connection)
        now = datetime.datetime.now(zone)
        expected = [max((now - limit).date(), settings.partitions_start_date) for limit in (warn, fail)]
        # Days before Chatwoot's first conversation are not loaded.
        missing = [date for date in expected if date not in loaded and date > min(loaded, default=datetime.date.min)]
        return dg.AssetCheckResult(
            passed=not missing,
            severity=dg.AssetCheckSeverity.ERROR if expected[1] in missing else dg.AssetCheckSeverity.WARN,
            description=f"the day {missing[-1]} is not loaded" if missing else None,
            metadata={"expected_day": str(expected[0]), "newest_day": str(max(loaded, default=None))},
        )

    return _check


def _days_equal_chatwoot(settings: Settings, prefix: KeyPrefix) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        name="days_equal_chatwoot_as_of_last_scan",
        asset=asset_key(prefix, SOURCE_COMPARISON),
        description="As of the last scan, no day has differed from Chatwoot for longer than the limits.",
    )
    def _check(context: dg.AssetCheckExecutionContext, warehouse: dg.ResourceParam[Warehouse]) -> dg.AssetCheckResult:
        record_process(context.op_execution_context)
        status, now = _sync_status(warehouse), datetime.datetime.now(datetime.timezone.utc)
        if status.compared_at is None:
            return _unknown(status, settings)
        waiting = now - min(status.differing.values(), default=now)
        if now - status.compared_at > max(waiting, settings.freshness_warn):
            return _unknown(status, settings)
        late = [date for date, since in status.differing.items() if now - since > settings.freshness_warn]
        return _within_limits(
            waiting,
            settings,
            f"{len(late)} days differ from Chatwoot for up to {format_hours(waiting)}: {format_days(late)}",
            {
                "differing_days": dg.MetadataValue.int(len(status.differing)),
                "which_days": dg.MetadataValue.text(format_days(status.differing)),
                "compared_at": dg.MetadataValue.timestamp(status.compared_at),
            },
        )

    return _check


def _lag_is_within_limits(settings: Settings, prefix: KeyPrefix) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        name="lag_is_within_limits",
        asset=asset_key(prefix, SOURCE_COMPARISON),
        description=(
            "Chatwoot's newest message is not much later than the instant up to which the local tables are known to"
            f" equal Chatwoot. Warns above {format_hours(settings.freshness_warn)}, fails above"
            f" {format_hours(settings.freshness_fail)}."
        ),
    )
    def _check(
        context: dg.AssetCheckExecutionContext,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.AssetCheckResult:
        record_process(context.op_execution_context)
        status = _sync_status(warehouse)
        watermark = status.watermark
        if watermark is None:
            return _unknown(status, settings)
        try:
            with snapshot(chatwoot) as source:
                newest = source.read(latest_message(chatwoot.views_schema))["newest_at"][0]
                taken_at, skew = source.taken_at, source.clock_skew
        except SourceError as error:
            return _unknown(status, settings, str(error))
        # A message may be dated in the future, but cannot have been missing for longer than until now.
        newest = min(newest.replace(tzinfo=datetime.timezone.utc), taken_at) if newest else watermark
        lag = max(newest - watermark, _NO_TIME)
        result = _within_limits(
            lag,
            settings,
            f"Chatwoot's newest message is {format_hours(lag)} ahead of what is loaded",
            {
                "lag_seconds": dg.MetadataValue.float(round(lag.total_seconds(), 1)),
                "clock_skew_seconds": dg.MetadataValue.float(round(skew.total_seconds(), 1)),
                "newest_message_at": dg.MetadataValue.timestamp(newest),
                "complete_until": dg.MetadataValue.timestamp(watermark),
            },
        )
        warning = skew_warning(skew)
        return (
            result._replace(passed=False, severity=dg.AssetCheckSeverity.WARN, description=warning)
            if warning and result.passed
            else result
        )

    return _check


def _no_partition_left_failed(settings: Settings, prefix: KeyPrefix) -> dg.AssetChecksDefinition:
    partitions = daily_partitions_definition(settings)

    @dg.asset_check(
        name="no_partition_left_failed",
        asset=asset_key(prefix, SOURCE_COMPARISON),
        description="Every partition whose run failed has been refreshed by a later run.",
    )
    def _check(context: dg.AssetCheckExecutionContext, warehouse: dg.ResourceParam[Warehouse]) -> dg.AssetCheckResult:
        record_process(context.op_execution_context)
        days = {day.key: day.date for day in all_days(settings)}
        with as_dagster_failure():
            failed = _days_of_failed_refreshes(context.instance, warehouse)
        for name in DAILY_ASSETS:
            key = asset_key(prefix, name)
            statuses = context.instance.get_status_by_partition(key, list(days), partitions) or {}
            failed |= {days[day] for day, status in statuses.items() if status and status.value == "FAILED"}
        which_days = format_days(failed)
        return dg.AssetCheckResult(
            passed=not failed,
            severity=dg.AssetCheckSeverity.ERROR,
            description=f"{len(failed)} partitions failed and were not repaired: {which_days}" if failed else None,
            metadata={"failed_partitions": len(failed), "which_days": which_days},
        )

    return _check


def _days_of_failed_refreshes(instance: dg.DagsterInstance, warehouse: Warehouse) -> set[datetime.date]:
    """Return the days of failed runs of `refresh_days` that still have to be loaded.

    Dagster records failed partitions only for runs of assets, which these are not.
    """
    runs = instance.get_runs(dg.RunsFilter(job_name=REFRESH_DAYS, statuses=[dg.DagsterRunStatus.FAILURE]))
    requested = {date for run in runs for date in run_dates(run)}
    if not requested:
        return set()
    migrate(warehouse)
    with warehouse.connect() as connection:
        loaded, differing = loaded_counts(connection), read_sync_status(connection).differing
    return {date for date in requested if date not in loaded or date in differing}


def _sync_status(warehouse: Warehouse) -> SyncStatus:
    with as_dagster_failure():
        migrate(warehouse)
        with warehouse.connect() as connection:
            return read_sync_status(connection)


def _unknown(status: SyncStatus, settings: Settings, failure: str | None = None) -> dg.AssetCheckResult:
    """Return the result for a freshness that is unknown since the last scan, because Chatwoot could not be compared."""
    since = status.compared_at
    age = datetime.datetime.now(datetime.timezone.utc) - since if since else _NO_TIME
    unknown = f"unknown since {since:%Y-%m-%d %H:%M} UTC" if since else "unknown: Chatwoot was never compared"
    reason = failure or status.failure or "no scan has run since; is the sensor `changed_days_sensor` running?"
    return dg.AssetCheckResult(
        passed=False,
        severity=dg.AssetCheckSeverity.ERROR if age > settings.freshness_fail else dg.AssetCheckSeverity.WARN,
        description=f"{unknown}: {reason}",
        metadata={"unknown_since": dg.MetadataValue.timestamp(since)} if since else {},
    )


def _within_limits(
    delay: datetime.timedelta, settings: Settings, description: str, metadata: dict[str, dg.MetadataValue]
) -> dg.AssetCheckResult:
    """Return the result for a delay: passed, warned or failed by the limits of the settings."""
    passed = delay <= settings.freshness_warn
    return dg.AssetCheckResult(
        passed=passed,
        severity=dg.AssetCheckSeverity.ERROR if delay > settings.freshness_fail else dg.AssetCheckSeverity.WARN,
        description=None if passed else description,
        metadata=metadata,
    )
