"""The schedules.

Dagster's own schedule for partitioned jobs is of no use here: with today as a partition it would request today only,
and yesterday would never be completed. A scan that finds every day equal starts no run.
"""

from collections.abc import Callable

import dagster as dg

from chatwoot_assets.change_detection.scan import scan_for_changes
from chatwoot_assets.defs.campaigns import build_campaigns_schedule
from chatwoot_assets.defs.compare_job import COMPARE_DAYS
from chatwoot_assets.defs.contents_job import DROP_CONTENTS, NOTHING_TO_DROP
from chatwoot_assets.defs.jobs import CHECK_FRESHNESS, RECONCILE
from chatwoot_assets.defs.processes import end_runs_of_dead_processes
from chatwoot_assets.defs.prune import PRUNE, reason_not_to_prune
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS
from chatwoot_assets.defs.requests import request_differing_days
from chatwoot_assets.defs.sensors import RECENT_DAYS
from chatwoot_assets.errors import UserError
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings


def build_schedules(settings: Settings) -> list[dg.ScheduleDefinition]:
    """Return the schedules, all of which run unless somebody stops them."""
    return [
        _hourly_refresh_schedule(settings),
        build_campaigns_schedule(settings),
        _job_schedule(
            COMPARE_DAYS,
            "30 3 * * *",
            settings,
            "Compares everything with Chatwoot every night, and records the days that differ. `changed_days_sensor` or"
            " `hourly_refresh_schedule` requests them.",
        ),
        _job_schedule(
            CHECK_FRESHNESS,
            "*/30 * * * *",
            settings,
            "Checks every half hour whether the local tables are fresh.",
        ),
        _job_schedule(
            RECONCILE,
            "30 5 * * *",
            settings,
            "Checks every morning, after the loads of the night, whether every day equals Chatwoot.",
        ),
        _job_schedule(
            DROP_CONTENTS,
            "15 4 * * *",
            settings,
            "Drops every night the contents that have become older than KEEP_CONTENTS_DAYS.",
            lambda _: None if settings.keep_contents_days else NOTHING_TO_DROP,
        ),
        _job_schedule(
            PRUNE,
            "45 * * * *",
            settings,
            "Removes every hour the runs that newer ones have superseded.",
            lambda instance: reason_not_to_prune(instance, settings.keep_runs_days),
        ),
    ]


def _hourly_refresh_schedule(settings: Settings) -> dg.ScheduleDefinition:
    @dg.schedule(
        name="hourly_refresh_schedule",
        job_name=REFRESH_DAYS,
        cron_schedule="5 * * * *",
        execution_timezone=settings.reporting_timezone.key,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=(
            f"Does every hour what `changed_days_sensor` does every minute, for those who stop the sensor: compares the"
            f" last {RECENT_DAYS} days in full, and refreshes the days that differ."
        ),
    )
    def _schedule(
        context: dg.ScheduleEvaluationContext,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.RunRequest | dg.SkipReason:
        tick = context.scheduled_execution_time.isoformat()
        end_runs_of_dead_processes(context.instance)
        try:
            scan_for_changes(settings, chatwoot, warehouse, recent=RECENT_DAYS)
            return request_differing_days(settings, chatwoot, warehouse, context.instance, run_key=tick)
        except UserError as error:
            return dg.SkipReason(f"cannot compare now: {error}")

    return _schedule


def _job_schedule(
    job: str,
    cron: str,
    settings: Settings,
    description: str,
    reason_to_skip: Callable[[dg.DagsterInstance], str | None] | None = None,
) -> dg.ScheduleDefinition:
    """Return a schedule that starts a job, unless there is a reason not to."""

    def evaluate(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        reason = reason_to_skip(context.instance) if reason_to_skip else None
        return dg.SkipReason(reason) if reason else dg.RunRequest()

    return dg.ScheduleDefinition(
        name=f"{job}_schedule",
        job_name=job,
        cron_schedule=cron,
        execution_timezone=settings.reporting_timezone.key,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=description,
        execution_fn=evaluate,
    )
