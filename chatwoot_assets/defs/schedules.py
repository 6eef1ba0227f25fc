"""When days are refreshed without anybody asking.

Not Dagster's schedule of a partitioned job: with today as a partition it would ask for today only, and
yesterday would never be finished.
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
    """Return the schedules."""
    zone = settings.reporting_timezone

    @dg.schedule(
        name="hourly_refresh_schedule",
        job_name=REFRESH_DAYS,
        cron_schedule="5 * * * *",
        execution_timezone=zone.key,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Every hour: today, which is still growing, and yesterday, whose conversations go on.",
    )
    def _hourly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        # By the clock of the tick, not of its evaluation, which may be after midnight.
        now = context.scheduled_execution_time.astimezone(zone)
        first = max(now.date() - ONE_DAY, settings.partitions_start_date)
        return dg.RunRequest(run_key=now.isoformat(), tags=range_tags(first.isoformat(), now.date().isoformat()))

    @dg.schedule(
        name="nightly_scan_schedule",
        job_name=REFRESH_DAYS,
        cron_schedule="30 3 * * *",
        execution_timezone=zone.key,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Every night: compares every day in full, and asks for those that differ from what is loaded.",
    )
    def _nightly(
        context: dg.ScheduleEvaluationContext,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> list[dg.RunRequest] | dg.SkipReason:
        try:
            changes = scan_for_changes(settings, chatwoot, warehouse)
        except UserError as error:
            return dg.SkipReason(f"cannot compare now: {error}")
        tick = context.scheduled_execution_time.isoformat()
        return requests_for(changes, context.instance, tick=tick) or dg.SkipReason("every day is equal to the source")

    return [
        _hourly,
        _nightly,
        _checks_only(
            CHECK_FRESHNESS,
            "*/30 * * * *",
            zone.key,
            "Every half hour: whether the local tables are fresh.",
        ),
        _checks_only(
            RECONCILE,
            "30 5 * * *",
            zone.key,
            "Every morning, after the night's loads: whether all equals Chatwoot.",
        ),
    ]


def _checks_only(job: str, cron: str, timezone: str, description: str) -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        name=job,
        job_name=job,
        cron_schedule=cron,
        execution_timezone=timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=description,
    )
