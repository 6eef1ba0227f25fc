"""The schedules.

Dagster's own schedule for partitioned jobs is of no use here: with today as a partition it would request today only,
and yesterday would never be completed.
"""

import dagster as dg

from chatwoot_assets.change_detection.scan import scan_for_changes
from chatwoot_assets.defs.jobs import CHECK_FRESHNESS, RECONCILE, REFRESH_DAYS, range_tags
from chatwoot_assets.defs.sensors import requests_for
from chatwoot_assets.errors import UserError
from chatwoot_assets.partitions import ONE_DAY
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings


def build_schedules(settings: Settings) -> list[dg.ScheduleDefinition]:
    """Return the schedules, all of which run unless somebody stops them."""
    return [
        _hourly_refresh_schedule(settings),
        _nightly_scan_schedule(settings),
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


def _hourly_refresh_schedule(settings: Settings) -> dg.ScheduleDefinition:
    zone = settings.reporting_timezone

    @dg.schedule(
        name="hourly_refresh_schedule",
        job_name=REFRESH_DAYS,
        cron_schedule="5 * * * *",
        execution_timezone=zone.key,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=(
            "Refreshes today, which still grows, and yesterday, whose conversations still change, every hour."
        ),
    )
    def _schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        # The tick's own time counts: it may be evaluated after midnight.
        scheduled_at = context.scheduled_execution_time.astimezone(zone)
        today = scheduled_at.date()
        first = max(today - ONE_DAY, settings.partitions_start_date)
        return dg.RunRequest(run_key=scheduled_at.isoformat(), tags=range_tags(first.isoformat(), today.isoformat()))

    return _schedule


def _nightly_scan_schedule(settings: Settings) -> dg.ScheduleDefinition:
    @dg.schedule(
        name="nightly_scan_schedule",
        job_name=REFRESH_DAYS,
        cron_schedule="30 3 * * *",
        execution_timezone=settings.reporting_timezone.key,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Compares every day in full every night, and refreshes the days that differ from Chatwoot.",
    )
    def _schedule(
        context: dg.ScheduleEvaluationContext,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> list[dg.RunRequest] | dg.SkipReason:
        try:
            changes = scan_for_changes(settings, chatwoot, warehouse)
        except UserError as error:
            return dg.SkipReason(f"cannot compare now: {error}")
        tick = context.scheduled_execution_time.isoformat()
        return requests_for(changes, context.instance, tick=tick) or dg.SkipReason("every day equals the source")

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
