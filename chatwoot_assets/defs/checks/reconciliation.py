"""Reconciliation checks: whether the loaded days equal Chatwoot, by reading Chatwoot itself.

They read much of it, and every day if the run has no days of its own. So a schedule of their own, or a person, runs
them, and not every load.
"""

import random

import dagster as dg

from chatwoot_assets.change_detection.loaded import assume_empty_before_first
from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key
from chatwoot_assets.defs.checks.days import format_days, run_days
from chatwoot_assets.defs.checks.source_comparison import SOURCE_COMPARISON
from chatwoot_assets.defs.processes import record_process
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.defs.views import SOURCE_POOL
from chatwoot_assets.extract.fingerprints import KnownFingerprints, definition, differing_days
from chatwoot_assets.partitions import Day, all_days
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.deployment import check_views
from chatwoot_assets.source.snapshot import Snapshot, snapshot
from chatwoot_assets.warehouse.partition_state import loaded_fingerprints
from chatwoot_assets.warehouse.sampled_rows import ROWS_PER_DAY, SampleComparison, compare_sampled_rows
from chatwoot_assets.warehouse.schema import migrate

_DAYS_SAMPLED = 10


def build_reconciliation_checks(settings: Settings, prefix: KeyPrefix = ()) -> list[dg.AssetChecksDefinition]:
    """Return the reconciliation checks."""
    return [_every_day_equals_chatwoot(settings, prefix), _sampled_rows_equal_chatwoot(settings, prefix)]


def _every_day_equals_chatwoot(settings: Settings, prefix: KeyPrefix) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        name="every_day_equals_chatwoot",
        asset=asset_key(prefix, SOURCE_COMPARISON),
        description="Counts and fingerprints of every day equal Chatwoot's at this moment.",
        pool=SOURCE_POOL,
    )
    def _check(
        context: dg.AssetCheckExecutionContext,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.AssetCheckResult:
        record_process(context.op_execution_context)
        compared = _days_to_compare(context, settings)
        with as_dagster_failure():
            migrate(warehouse)
            with warehouse.connect() as connection, snapshot(chatwoot) as source:
                check_views(source, chatwoot.views_schema, settings.reporting_timezone.key)
                loaded = loaded_fingerprints(connection)
                differing = _differing_days(source, chatwoot, settings, compared, loaded)
        which_days = format_days(day.date for day in differing)
        return dg.AssetCheckResult(
            passed=not differing,
            severity=dg.AssetCheckSeverity.ERROR,
            description=f"{len(differing)} days differ from Chatwoot: {which_days}" if differing else None,
            metadata={
                "days": len(compared),
                "differing_days": len(differing),
                "which_days": which_days,
                "compared_at": dg.MetadataValue.timestamp(source.taken_at),
            },
        )

    return _check


def _sampled_rows_equal_chatwoot(settings: Settings, prefix: KeyPrefix) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        name="sampled_rows_equal_chatwoot",
        asset=asset_key(prefix, SOURCE_COMPARISON),
        description=(
            f"Every column of up to {ROWS_PER_DAY} random rows per day equals what vw_conversations_analytics computes,"
            f" for up to {_DAYS_SAMPLED} random days whose fingerprints are equal."
        ),
        pool=SOURCE_POOL,
    )
    def _check(
        context: dg.AssetCheckExecutionContext,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.AssetCheckResult:
        record_process(context.op_execution_context)
        with as_dagster_failure():
            migrate(warehouse)
            with warehouse.connect() as connection, snapshot(chatwoot) as source:
                loaded = loaded_fingerprints(connection)
                candidates = [day for day in _days_to_compare(context, settings) if day.date in loaded]
                sampled = random.sample(candidates, min(_DAYS_SAMPLED, len(candidates)))
                sampled.sort(key=lambda day: day.date)
                # The check of every day reports what changed since it was loaded.
                changed = _differing_days(source, chatwoot, settings, sampled, loaded)
                days = [day for day in sampled if day not in changed]
                comparison = compare_sampled_rows(connection, source, chatwoot.views_schema, days)
        return _sample_result(comparison, len(days))

    return _check


def _days_to_compare(context: dg.AssetCheckExecutionContext, settings: Settings) -> list[Day]:
    days = run_days(context, settings.reporting_timezone)
    return all_days(settings) if days is None else days


def _differing_days(
    source: Snapshot, chatwoot: ChatwootDatabase, settings: Settings, days: list[Day], loaded: KnownFingerprints
) -> set[Day]:
    zone = settings.reporting_timezone.key
    known = assume_empty_before_first(loaded, zone, all_days(settings))
    return differing_days(source, chatwoot.views_schema, definition(zone), days, known)


def _sample_result(comparison: SampleComparison, days: int) -> dg.AssetCheckResult:
    columns = ", ".join(sorted(comparison.columns)) or "none"
    return dg.AssetCheckResult(
        passed=not comparison.columns,
        severity=dg.AssetCheckSeverity.ERROR,
        description=f"columns differ from Chatwoot's in sampled rows: {columns}" if comparison.columns else None,
        metadata={
            "days_sampled": days,
            "rows_compared": comparison.rows,
            "differing_columns": columns,
            "which_days": format_days(comparison.dates),
        },
    )
