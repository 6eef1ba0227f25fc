"""Freshness checks: whether the local tables hold what Chatwoot holds, as of when, and what is not known.

Dagster's own policy looks at an asset's last materialization, whatever its partition: loading January turns it
green. These look at the days. They ask Chatwoot at most for its newest message; what they know of the days
is what the last passes recorded, so they cost next to nothing and answer while Chatwoot is down.
"""

import datetime

import dagster as dg

from chatwoot_assets.defs.checks.days import format_days
from chatwoot_assets.defs.metrics import DAILY_ASSETS
from chatwoot_assets.defs.partitions import daily_partitions_definition
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.errors import SourceError
from chatwoot_assets.extract.queries import latest_message
from chatwoot_assets.partitions import all_days
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.settings_variables import format_hours
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.warehouse.partition_state import row_counts
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets.warehouse.source_comparison import SyncStatus, read_sync_status

_ASSET = "conversas_analytics"
_OK = datetime.timedelta(0)


def build_freshness_checks(settings: Settings) -> list[dg.AssetChecksDefinition]:
    """Return the freshness checks."""
    return [_expected_day(settings), _days_equal(settings), _lag(settings), _no_partition_failed(settings)]


def _expected_day(settings: Settings) -> dg.AssetChecksDefinition:
    limits = settings.freshness_warn, settings.freshness_fail
    zone = settings.reporting_timezone

    @dg.asset_check(
        name="expected_day_is_loaded",
        asset=_ASSET,
        description=f"The day that it was {_hours(limits[0])} ago is loaded; fails for that {_hours(limits[1])} ago.",
    )
    def _check(warehouse: dg.ResourceParam[Warehouse]) -> dg.AssetCheckResult:
        with as_dagster_failure():
            migrate(warehouse)
            with warehouse.connect() as connection:
                loaded = row_counts(connection)
        now = datetime.datetime.now(zone)
        expected = [max((now - limit).date(), settings.partitions_start_date) for limit in limits]
        missing = [date for date in expected if date not in loaded]
        return dg.AssetCheckResult(
            passed=not missing,
            severity=dg.AssetCheckSeverity.ERROR if expected[1] in missing else dg.AssetCheckSeverity.WARN,
            description=f"the day {missing[-1]} is not loaded" if missing else None,
            metadata={"expected_day": str(expected[0]), "newest_day": str(max(loaded, default=None))},
        )

    return _check


def _days_equal(settings: Settings) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        name="days_equal_chatwoot_as_of_last_pass",
        asset=_ASSET,
        description="No day differs from Chatwoot for longer than the limits, as of the last pass.",
    )
    def _check(warehouse: dg.ResourceParam[Warehouse]) -> dg.AssetCheckResult:
        trust, now = _trust(warehouse), datetime.datetime.now(datetime.timezone.utc)
        if trust.compared_at is None:
            return _unknown(trust, settings)
        waiting = now - min(trust.differing.values(), default=now)
        unknown_for = now - trust.compared_at
        if unknown_for > max(waiting, settings.freshness_warn):
            return _unknown(trust, settings)
        late = [date for date, since in trust.differing.items() if now - since > settings.freshness_warn]
        return _judged(
            waiting,
            settings,
            f"{len(late)} days differ from Chatwoot for up to {_hours(waiting)}: {format_days(late)}",
            {
                "differing_days": dg.MetadataValue.int(len(trust.differing)),
                "which_days": dg.MetadataValue.text(format_days(trust.differing)),
                "compared_at": dg.MetadataValue.timestamp(trust.compared_at),
            },
        )

    return _check


def _lag(settings: Settings) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        name="lag_is_within_limits",
        asset=_ASSET,
        description=(
            "From the instant up to which the local tables are known to hold what Chatwoot holds, to Chatwoot's newest"
            f" message: at most {_hours(settings.freshness_warn)}; it fails above {_hours(settings.freshness_fail)}."
        ),
    )
    def _check(
        chatwoot: dg.ResourceParam[ChatwootDatabase], warehouse: dg.ResourceParam[Warehouse]
    ) -> dg.AssetCheckResult:
        trust = _trust(warehouse)
        watermark = trust.watermark
        if watermark is None:
            return _unknown(trust, settings)
        try:
            with snapshot(chatwoot) as source:
                newest = source.read(latest_message(chatwoot.views_schema))["newest_at"][0]
                taken_at = source.taken_at
        except SourceError as error:
            return _unknown(trust, settings, str(error))
        # A message may be dated in the future; it cannot have been missed for longer than until now.
        newest = min(newest.replace(tzinfo=datetime.timezone.utc), taken_at) if newest else watermark
        lag = max(newest - watermark, _OK)
        return _judged(
            lag,
            settings,
            f"Chatwoot's newest message is {_hours(lag)} ahead of what is loaded",
            {
                "lag_seconds": dg.MetadataValue.float(round(lag.total_seconds(), 1)),
                "newest_message_at": dg.MetadataValue.timestamp(newest),
                "complete_until": dg.MetadataValue.timestamp(watermark),
            },
        )

    return _check


def _no_partition_failed(settings: Settings) -> dg.AssetChecksDefinition:
    partitions = daily_partitions_definition(settings)

    @dg.asset_check(
        name="no_partition_left_failed",
        asset=_ASSET,
        description="No partition's last run failed without one that repaired it.",
    )
    def _check(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
        keys = [day.key for day in all_days(settings)]
        failed: set[datetime.date] = set()
        for name in DAILY_ASSETS:
            statuses = context.instance.get_status_by_partition(dg.AssetKey(name), keys, partitions) or {}
            failed |= {
                datetime.date.fromisoformat(key)
                for key, status in statuses.items()
                if status is not None and status.value == "FAILED"
            }
        return dg.AssetCheckResult(
            passed=not failed,
            severity=dg.AssetCheckSeverity.ERROR,
            description=f"{len(failed)} partitions failed and were not repaired: {format_days(failed)}"
            if failed
            else None,
            metadata={"failed_partitions": len(failed), "which_days": format_days(failed)},
        )

    return _check


def _trust(warehouse: Warehouse) -> SyncStatus:
    with as_dagster_failure():
        migrate(warehouse)
        with warehouse.connect() as connection:
            return read_sync_status(connection)


def _unknown(trust: SyncStatus, settings: Settings, failure: str | None = None) -> dg.AssetCheckResult:
    """Return the result where Chatwoot could not be compared: what was loaded stays, and is of that instant."""
    since = trust.compared_at
    age = datetime.datetime.now(datetime.timezone.utc) - since if since else _OK
    known = f"unknown since {since:%Y-%m-%d %H:%M} UTC" if since else "unknown: Chatwoot was never compared"
    reason = failure or trust.failure or "no pass was made since; is the sensor `changed_days_sensor` running?"
    return dg.AssetCheckResult(
        passed=False,
        severity=dg.AssetCheckSeverity.ERROR if age > settings.freshness_fail else dg.AssetCheckSeverity.WARN,
        description=f"{known}: {reason}",
        metadata={"unknown_since": dg.MetadataValue.timestamp(since)} if since else {},
    )


def _judged(
    behind: datetime.timedelta, settings: Settings, description: str, metadata: dict[str, dg.MetadataValue]
) -> dg.AssetCheckResult:
    passed = behind <= settings.freshness_warn
    return dg.AssetCheckResult(
        passed=passed,
        severity=dg.AssetCheckSeverity.ERROR if behind > settings.freshness_fail else dg.AssetCheckSeverity.WARN,
        description=None if passed else description,
        metadata=metadata,
    )


def _hours(duration: datetime.timedelta) -> str:
    return format_hours(duration)
