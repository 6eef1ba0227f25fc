"""The schedules.

Dagster's own schedule for partitioned jobs is of no use here: with today as a partition it would request today only,
and yesterday would never be completed. A scan that finds every day equal starts no run.
"""

import dagster as dg

from chatwoot_assets.change_detection.scan import scan_for_changes
from chatwoot_assets.defs.jobs import CHECK_FRESHNESS, RECONCILE
from chatwoot_assets.defs.processes import end_runs_of_dead_processes
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS
from chatwoot_assets.defs.requests import request_differing_days
from chatwoot_assets.defs.sensors import RECENT_DAYS
from chatwoot_assets.errors import UserError
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings


def build_schedules(settings: Settings) -> list[dg.ScheduleDefinition]:
    """Return the schedules, all of which run unless somebody stops them."""
    return [
        _scan_schedule(
            "hourly_refresh_schedule",
            "5 * * * *",
            settings,
            f"Does every hour what `changed_days_sensor` does every minute, for those who stop the sensor: compares the"
            f" last {RECENT_DAYS} days in full, and refreshes the days that differ.",
            recent=RECENT_DAYS,
        ),
        _scan_schedule(
            "nightly_scan_schedule",
            "30 3 * * *",
            settings,
            "Compares every day in full every night, and refreshes the days that differ from Chatwoot.",
            recent=None,
        ),
        _checks_schedule(
            CHECK_FRESHNESS,
            "*/30 * * * *",
            settings,
            "Checks every half hour whether the local tables are fresh.",
        ),
        _checks_schedule(
            RECONCILE,
            "30 5 * * *",
            settings,
            "Checks every morning, after the loads of the night, whether every day equals Chatwoot.",
        ),
    ]


def _scan_schedule(
    name: str, cron: str, settings: Settings, description: str, *, recent: int | None
) -> dg.ScheduleDefinition:
    """Return a schedule that scans Chatwoot and requests one run for the days that differ.

    Args:
        name: Its name.
        cron: When it scans.
        settings: The settings.
        description: What it is for.
        recent: How many of the last days it compares in full; None for all days.
    """

    @dg.schedule(
        name=name,
        job_name=REFRESH_DAYS,
        cron_schedule=cron,
        execution_timezone=settings.reporting_timezone.key,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=description,
    )
    def _schedule(
        context: dg.ScheduleEvaluationContext,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.RunRequest | dg.SkipReason:
        tick = context.scheduled_execution_time.isoformat()
        end_runs_of_dead_processes(context.instance)
        try:
            scan_for_changes(settings, chatwoot, warehouse, recent=recent)
            return request_differing_days(settings, warehouse, context.instance, run_key=tick)
        except UserError as error:
            return dg.SkipReason(f"cannot compare now: {error}")

    return _schedule


def _checks_schedule(job: str, cron: str, settings: Settings, description: str) -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        name=f"{job}_schedule",
        job_name=job,
        cron_schedule=cron,
        execution_timezone=settings.reporting_timezone.key,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=description,
    )
