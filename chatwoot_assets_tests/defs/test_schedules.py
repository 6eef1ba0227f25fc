"""The days that the hourly schedule requests, on ordinary days and on days with 23 or 25 hours."""

from __future__ import annotations

import datetime
import functools
import itertools
import zoneinfo
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.jobs import REFRESH_DAYS
from chatwoot_assets.settings import Settings
from chatwoot_assets_tests.dagster_private import schedule_execution_time_iterator

UTC = datetime.timezone.utc
START = datetime.date(2018, 1, 1)


def _settings(zone: str, start: datetime.date = START) -> Settings:
    settings = Settings.from_values({"CHATWOOT_ASSETS_HOME": str(Path("/nowhere"))})
    return replace(settings, reporting_timezone=zoneinfo.ZoneInfo(zone), partitions_start_date=start)


@functools.lru_cache
def _schedule(settings: Settings) -> dg.ScheduleDefinition:
    schedule = build_defs(settings).resolve_schedule_def("hourly_refresh_schedule")
    assert isinstance(schedule, dg.ScheduleDefinition)
    return schedule


def _request(zone: str, at: datetime.datetime, start: datetime.date = START) -> dg.RunRequest:
    """Return the schedule's request at a tick."""
    settings = _settings(zone, start)
    context = dg.build_schedule_context(scheduled_execution_time=at)
    (request,) = _schedule(settings).evaluate_tick(context).run_requests or []
    return request


def _range(request: dg.RunRequest) -> tuple[str, str]:
    tags = request.tags
    return tags["dagster/asset_partition_range_start"], tags["dagster/asset_partition_range_end"]


def _utc(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=UTC)


TICKS = {
    "noon": ("America/Sao_Paulo", "2025-03-10 15:05", "2025-03-09", "2025-03-10"),
    "the last before midnight": ("America/Sao_Paulo", "2025-03-11 02:05", "2025-03-09", "2025-03-10"),
    "the first after midnight": ("America/Sao_Paulo", "2025-03-11 03:05", "2025-03-10", "2025-03-11"),
    "a day ahead of UTC": ("Asia/Tokyo", "2025-03-10 15:05", "2025-03-10", "2025-03-11"),
    "UTC": ("UTC", "2025-03-10 00:05", "2025-03-09", "2025-03-10"),
    "half an hour off": ("Asia/Kolkata", "2025-03-10 18:35", "2025-03-10", "2025-03-11"),
    "the first of a month": ("UTC", "2024-03-01 12:05", "2024-02-29", "2024-03-01"),
    "New Year": ("America/Sao_Paulo", "2025-01-01 03:05", "2024-12-31", "2025-01-01"),
    "before a midnight that is skipped": ("America/Sao_Paulo", "2018-11-04 02:05", "2018-11-02", "2018-11-03"),
    "after a midnight that was skipped": ("America/Sao_Paulo", "2018-11-04 03:05", "2018-11-03", "2018-11-04"),
    "the hour before it comes twice": ("America/Sao_Paulo", "2018-02-18 01:05", "2018-02-16", "2018-02-17"),
    "the hour that came twice": ("America/Sao_Paulo", "2018-02-18 02:05", "2018-02-16", "2018-02-17"),
    "the day after 25 hours": ("America/Sao_Paulo", "2018-02-18 03:05", "2018-02-17", "2018-02-18"),
}


@pytest.mark.parametrize(("zone", "at", "first", "last"), TICKS.values(), ids=TICKS.keys())
def test_a_tick_requests_yesterday_and_today_of_the_reporting_zone(zone: str, at: str, first: str, last: str) -> None:
    assert _range(_request(zone, _utc(at))) == (first, last)


def test_a_tick_on_the_first_partitions_day_requests_that_day_alone() -> None:
    start = datetime.date(2025, 3, 10)
    assert _range(_request("UTC", _utc("2025-03-10 00:05"), start)) == ("2025-03-10", "2025-03-10")
    assert _range(_request("UTC", _utc("2025-03-11 00:05"), start)) == ("2025-03-10", "2025-03-11")


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "America/New_York", "Asia/Kolkata", "UTC"])
@pytest.mark.parametrize("day", ["2018-02-17", "2018-11-03", "2025-03-09", "2025-11-02"])
def test_every_hour_of_every_day_has_a_tick_with_its_own_key(zone: str, day: str) -> None:
    schedule = _schedule(_settings(zone))
    ticks = schedule_execution_time_iterator(_utc(day).timestamp(), schedule.cron_schedule, zone, True)
    times = [next(ticks) for _ in range(50)]
    gaps = {later.timestamp() - earlier.timestamp() for earlier, later in itertools.pairwise(times)}
    assert gaps == {3600.0}
    assert len({_request(zone, at).run_key for at in times}) == 50


def test_a_tick_has_the_same_key_whenever_it_is_evaluated() -> None:
    at = _utc("2025-03-10 15:05")
    later = at.astimezone(zoneinfo.ZoneInfo("Asia/Tokyo"))
    assert _request("America/Sao_Paulo", at).run_key == _request("America/Sao_Paulo", later).run_key


def test_a_tick_that_is_evaluated_late_requests_the_days_of_its_time() -> None:
    long_ago = _utc("2020-05-05 12:05")
    assert _range(_request("UTC", long_ago)) == ("2020-05-04", "2020-05-05")


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_days_that_are_requested_now_are_partitions(zone: str) -> None:
    now = datetime.datetime.now(UTC)
    first, last = _range(_request(zone, now))
    job = build_defs(_settings(zone)).resolve_job_def(REFRESH_DAYS)
    assert job.partitions_def is not None
    keys = job.partitions_def.get_partition_keys(current_time=now)
    assert list(keys[-2:]) == [first, last]


def test_the_schedule_runs_from_the_start_in_the_reporting_zone() -> None:
    schedule = _schedule(_settings("America/Sao_Paulo"))
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    assert schedule.execution_timezone == "America/Sao_Paulo"
    assert schedule.job_name == REFRESH_DAYS
