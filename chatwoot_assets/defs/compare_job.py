"""The job that compares everything with Chatwoot."""

import dagster as dg

from chatwoot_assets.change_detection.full_comparison import ComparisonProgress, compare_all
from chatwoot_assets.defs.checks.days import format_days
from chatwoot_assets.defs.processes import record_process
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.progress import Progress, reporter
from chatwoot_assets.settings import Settings

COMPARE_DAYS = "compare_days"


def build_compare_job(settings: Settings, executor: dg.ExecutorDefinition) -> dg.JobDefinition:
    """Return the job; it records the days that differ, which the sensor then requests."""

    @dg.op(
        name="compare_everything",
        description="Compares all conversations in chunks, from where an earlier run was interrupted.",
        out=dg.Out(dg.Nothing),
    )
    def _compare(
        context: dg.OpExecutionContext,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> None:
        record_process(context)
        report = reporter(context.log)
        with as_dagster_failure():
            for progress in compare_all(settings, chatwoot, warehouse):
                report(Progress("comparing", progress.next_id, progress.end_id, "conversation ids"))
        context.log.info(_summary(progress))

    @dg.job(
        name=COMPARE_DAYS,
        executor_def=executor,
        description=(
            "Compares everything with Chatwoot, and records the days that differ, which `changed_days_sensor` then"
            " refreshes. A run continues where an earlier one was interrupted."
        ),
    )
    def _job() -> None:
        _compare()

    return _job


def _summary(progress: ComparisonProgress) -> str:
    """Return the result of a finished pass in one line."""
    differing = [day.date for day in progress.differing or []]
    result = f"{len(differing)} days differ: {format_days(differing)}" if differing else "every day equals Chatwoot"
    return f"compared from {progress.since:%Y-%m-%d %H:%M:%S} to {progress.until:%H:%M:%S} UTC: {result}"
