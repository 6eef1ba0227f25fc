"""The schedules that scan: when they tick, and that they request nothing if nothing changed."""

from __future__ import annotations

import datetime
import itertools
import zoneinfo
from dataclasses import replace

import dagster as dg
import pytest

from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS, refresh_config
from chatwoot_assets.settings import Settings
from chatwoot_assets_tests.conftest import DAYS_AGO
from chatwoot_assets_tests.dagster_private import schedule_execution_time_iterator
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.source_writer import SourceWriter

UTC = datetime.timezone.utc
NAME = "hourly_refresh_schedule"


def _schedule(settings: Settings) -> dg.ScheduleDefinition:
    schedule = build_defs(settings).resolve_schedule_def(NAME)
    assert isinstance(schedule, dg.ScheduleDefinition)
    return schedule


def _tick(project: Project, instance: dg.DagsterInstance) -> list[dg.RunRequest]:
    """Return what the schedule requests now."""
    now = datetime.datetime.now(UTC)
    with dg.build_schedule_context(
        instance=instance, resources=project.resources, scheduled_execution_time=now
    ) as context:
        return list(_schedule(project.settings).evaluate_tick(context).run_requests or [])


def test_a_scan_of_equal_days_requests_nothing(recent: Project, instance: dg.DagsterInstance) -> None:
    assert _tick(recent, instance) == []


def test_a_scan_requests_one_run_for_all_days_that_differ(recent: Project, instance: dg.DagsterInstance) -> None:
    start = recent.settings.partitions_start_date
    with recent.source() as connection:
        connection.execute("UPDATE conversations SET status = 1 WHERE id = 2")
        SourceWriter(connection).message(DAYS_AGO, f"{start} 12:00", id=6_000)
    (request,) = _tick(recent, instance)
    changed = [recent.day(start + datetime.timedelta(days=number - 1)) for number in (2, DAYS_AGO)]
    assert request.run_config == refresh_config(changed)
    assert request.tags["days"] == f"2, {changed[0].key} to {changed[1].key}"


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "America/New_York", "Asia/Kolkata", "UTC"])
@pytest.mark.parametrize("day", ["2018-02-17", "2018-11-03", "2025-03-09", "2025-11-02"])
def test_every_hour_of_every_day_has_a_tick(zone: str, day: str) -> None:
    settings = Settings.from_values({"CHATWOOT_ASSETS_HOME": "/nowhere", "REPORTING_TIMEZONE": zone})
    schedule = _schedule(settings)
    start = datetime.datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
    ticks = schedule_execution_time_iterator(start, schedule.cron_schedule, zone, True)
    times = [next(ticks) for _ in range(50)]
    assert {later.timestamp() - earlier.timestamp() for earlier, later in itertools.pairwise(times)} == {3600.0}


def test_the_schedule_runs_from_the_start_in_the_reporting_zone() -> None:
    settings = Settings.from_values({"CHATWOOT_ASSETS_HOME": "/nowhere"})
    zone = zoneinfo.ZoneInfo("America/Sao_Paulo")
    schedule = _schedule(replace(settings, reporting_timezone=zone))
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    assert schedule.execution_timezone == "America/Sao_Paulo"
    assert schedule.job_name == REFRESH_DAYS
