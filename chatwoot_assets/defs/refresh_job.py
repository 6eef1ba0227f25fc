"""The job that refreshes days, contiguous or not, in one step.

It is not a job of assets: Dagster would plan and record each asset and day of its runs, whether something was written
or not. The step reports each day as soon as it is committed, and nothing of days that were up to date. The partitions
in the UI therefore change while a run works, and show what a killed run finished.
"""

import datetime
import time
from collections.abc import Iterator, Mapping, Sequence

import dagster as dg

from chatwoot_assets import dagster_internals
from chatwoot_assets.defs.asset_keys import KeyPrefix
from chatwoot_assets.defs.checks.days import format_days
from chatwoot_assets.defs.checks.quality import evaluate_quality_checks
from chatwoot_assets.defs.daily_assets import build_refresher
from chatwoot_assets.defs.materializations import materializations
from chatwoot_assets.defs.processes import record_process
from chatwoot_assets.defs.refresh_config import OP, REFRESH_DAYS, RefreshDaysConfig, parse_days
from chatwoot_assets.defs.retries import as_dagster_failure, retry_transient
from chatwoot_assets.defs.views import SOURCE_POOL
from chatwoot_assets.errors import WarehouseError
from chatwoot_assets.partitions import Day, all_days
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.progress import reporter
from chatwoot_assets.refresh.days import RefreshedDay, Stages
from chatwoot_assets.settings import Settings
from chatwoot_assets.warehouse.partition_state import read_states, record_checked, unchecked_days
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets.warehouse.source_comparison import read_sync_status


def build_refresh_job(settings: Settings, executor: dg.ExecutorDefinition, prefix: KeyPrefix = ()) -> dg.JobDefinition:
    """Return the job."""

    @dg.op(name=OP, out={}, pool=SOURCE_POOL)
    def _refresh(
        context: dg.OpExecutionContext,
        config: RefreshDaysConfig,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> Iterator[dg.AssetCheckEvaluation]:
        started = time.monotonic()
        record_process(context)
        with as_dagster_failure():
            requested = parse_days(config.days, settings)
            since = _differing_since(warehouse)
            unreported = _unreported_days(settings, warehouse, context.instance)
            _report(context, unreported, prefix, since)
            written: list[RefreshedDay] = []
            refresher = build_refresher(settings, chatwoot, warehouse)
            report, run_id = reporter(context.log), context.run_id
            batches = refresher.refresh(
                requested,
                Stages.EXTRACT | Stages.LOAD,
                run_id,
                report,
                force=config.force,
                allow_empty=config.allow_empty,
            )
            for batch in batches:
                _report(context, batch, prefix, since)
                written += [refreshed for refreshed in batch if refreshed.row_counts]
            context.log.info(_summary(requested, written, time.monotonic() - started))

            def check() -> list[dg.AssetCheckEvaluation]:
                return _check_unchecked_days(settings, chatwoot, warehouse, prefix)

            # Retry the checks alone: a retry of the step would compare the days again.
            yield from retry_transient(check, check, context.log)

    @dg.job(
        name=REFRESH_DAYS,
        executor_def=executor,
        description=(
            "Refreshes everything for the given days: extracts, conversas_analytics, messages, daily_summary and"
            " metrics. Runs the quality checks of the days that it wrote. Days that equal Chatwoot cost nothing."
        ),
    )
    def _job() -> None:
        _refresh()

    return _job


def _report(
    context: dg.OpExecutionContext,
    refreshed_days: Sequence[RefreshedDay],
    prefix: KeyPrefix,
    since: Mapping[datetime.date, datetime.datetime],
) -> None:
    """Store the events of days that are committed."""
    events = [
        materialization
        for refreshed in refreshed_days
        for materialization in materializations(refreshed, prefix, since.get(refreshed.day.date))
    ]
    dagster_internals.log_materializations(context, events)


def _unreported_days(settings: Settings, warehouse: Warehouse, instance: dg.DagsterInstance) -> list[RefreshedDay]:
    """Return the days that a run loaded and may not have reported, because it was killed or failed after that."""
    try:
        migrate(warehouse)
        with warehouse.connect() as connection:
            states = read_states(connection, unchecked_days(connection))
    except WarehouseError:
        return []  # the refresh will report it
    succeeded = {
        run_id
        for run_id in {state.run_id for state in states.values()}
        if (run := instance.get_run_by_id(run_id)) and run.is_success
    }
    return [
        RefreshedDay(day, row_counts=states[day.date].row_counts)
        for day in all_days(settings)
        if day.date in states and states[day.date].run_id not in succeeded
    ]


def _check_unchecked_days(
    settings: Settings, chatwoot: ChatwootDatabase, warehouse: Warehouse, prefix: KeyPrefix
) -> list[dg.AssetCheckEvaluation]:
    """Check the days that were loaded and not checked since: those of this run, and of runs that were killed."""
    with warehouse.connect() as connection:
        loaded_at = unchecked_days(connection)
    unchecked = [day for day in all_days(settings) if day.date in loaded_at]
    if not unchecked:
        return []
    evaluations = evaluate_quality_checks(settings, chatwoot, warehouse, unchecked, prefix)
    with warehouse.connect() as connection:
        record_checked(connection, loaded_at)
    return evaluations


def _differing_since(warehouse: Warehouse) -> dict[datetime.date, datetime.datetime]:
    """Return since when each day is known to differ; empty if that cannot be read, which the refresh will report."""
    try:
        migrate(warehouse)
        with warehouse.connect() as connection:
            return read_sync_status(connection).differing
    except WarehouseError:
        return {}


def _summary(requested: Sequence[Day], written: Sequence[RefreshedDay], seconds: float) -> str:
    """Return what a run did in one line."""
    if not written:
        return f"{len(requested)} days are up to date; nothing was written, in {seconds:.1f} s"
    conversations = sum(refreshed.row_counts.get("conversas_analytics", 0) for refreshed in written)
    messages = sum(refreshed.row_counts.get("messages", 0) for refreshed in written)
    return (
        f"refreshed {len(written)} of {len(requested)} days, {conversations:,} conversations, {messages:,} messages,"
        f" in {seconds:.1f} s: {format_days(refreshed.day.date for refreshed in written)}"
    )
