"""Reconciliation checks: whether the loaded days equal Chatwoot, by reading Chatwoot itself.

They read much of it, in bounded statements. Therefore they run by a schedule of their own or by hand, and not with
every load.
"""

import datetime
import random

import dagster as dg

from chatwoot_assets.change_detection.full_comparison import ComparisonProgress, compare_all
from chatwoot_assets.change_detection.loaded import read_day_blocks
from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key
from chatwoot_assets.defs.checks.days import format_days, run_days
from chatwoot_assets.defs.checks.source_comparison import SOURCE_COMPARISON
from chatwoot_assets.defs.processes import record_process
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.defs.views import SOURCE_POOL
from chatwoot_assets.extract.fingerprints import definition, differing_days
from chatwoot_assets.extract.old_contents import first_kept_day
from chatwoot_assets.partitions import Day, all_days
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.settings_values import format_hours
from chatwoot_assets.source.snapshot import snapshot
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
        description=(
            "Counts and fingerprints of every day equal Chatwoot's. Runs the same comparison as the job `compare_days`,"
            " or finishes the one that was interrupted."
        ),
    )
    def _check(
        context: dg.AssetCheckExecutionContext,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.AssetCheckResult:
        record_process(context.op_execution_context)
        with as_dagster_failure():
            *_, finished = compare_all(settings, chatwoot, warehouse)
        return _comparison_result(finished, settings)

    return _check


def _comparison_result(finished: ComparisonProgress, settings: Settings) -> dg.AssetCheckResult:
    """Return the result of a finished pass: passed, if every day was equal and the pass has not become too old."""
    differing = [day.date for day in finished.differing or []]
    which_days = format_days(differing)
    age = datetime.datetime.now(datetime.timezone.utc) - finished.since
    is_old = age > settings.freshness_warn
    description = None
    if differing:
        description = f"{len(differing)} days differ from Chatwoot: {which_days}"
    elif is_old:
        description = f"this comparison was interrupted: a part of it is {format_hours(age)} old; run the check again"
    return dg.AssetCheckResult(
        passed=description is None,
        severity=dg.AssetCheckSeverity.ERROR if differing else dg.AssetCheckSeverity.WARN,
        description=description,
        metadata={
            "days": len(finished.compared or []),
            "differing_days": len(differing),
            "which_days": which_days,
            "compared_from": dg.MetadataValue.timestamp(finished.since),
            "compared_until": dg.MetadataValue.timestamp(finished.until),
        },
    )


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
        schema = chatwoot.views_schema
        defined = definition(settings.reporting_timezone.key, settings.mask)
        with as_dagster_failure():
            migrate(warehouse)
            with warehouse.connect() as connection, snapshot(chatwoot) as source:
                loaded = loaded_fingerprints(connection)
                candidates = [day for day in _days_to_compare(context, settings) if day.date in loaded]
                sampled = random.sample(candidates, min(_DAYS_SAMPLED, len(candidates)))
                sampled.sort(key=lambda day: day.date)
                # The check of every day reports what changed since it was loaded.
                ranges = read_day_blocks(connection).ranges(sampled)
                changed = differing_days(source, schema, defined, sampled, loaded, ranges=ranges)
                days = [day for day in sampled if day not in changed]
                comparison = compare_sampled_rows(
                    connection,
                    source,
                    schema,
                    days,
                    contents_from=first_kept_day(
                        settings.keep_contents_days, source.taken_at, settings.reporting_timezone
                    ),
                )
        return _sample_result(comparison, len(days))

    return _check


def _days_to_compare(context: dg.AssetCheckExecutionContext, settings: Settings) -> list[Day]:
    days = run_days(context, settings.reporting_timezone)
    return all_days(settings) if days is None else days


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
