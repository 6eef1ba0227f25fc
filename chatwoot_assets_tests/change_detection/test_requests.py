"""Which days the sensor requests in which order, and when it requests none."""

from __future__ import annotations

import datetime
from dataclasses import replace

import dagster as dg
import pytest

from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs import requests
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS, refresh_config
from chatwoot_assets.defs.requests import LOADED_DAY_DIVISOR, MESSAGES_PER_RUN
from chatwoot_assets.partitions import days, today
from chatwoot_assets_tests.change_detection.scanning import change, nth_date, tick
from chatwoot_assets_tests.conftest import DAYS_AGO, Postgres
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.soak.automation import compare_everything


def test_requested_days_are_equal_after_their_run(recent: Project, instance: dg.DagsterInstance) -> None:
    change(recent, "DELETE FROM conversations WHERE id = 6")
    ((first, last),), _ = tick(recent, instance)
    recent.load(datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))
    assert 6 not in recent.conversations()
    assert tick(recent, instance)[0] == []
    assert compare_everything(recent) == []


def _create_run(
    project: Project, instance: dg.DagsterInstance, keys: list[str], status: dg.DagsterRunStatus
) -> dg.DagsterRun:
    """Create a run of the job, as the daemon does for a request."""
    job = build_defs(project.settings).resolve_job_def(REFRESH_DAYS)
    config = refresh_config(days(keys, project.settings.reporting_timezone))
    return instance.create_run_for_job(job, run_config=config, status=status)


def test_nothing_is_requested_while_a_run_is_unfinished(recent: Project, instance: dg.DagsterInstance) -> None:
    change(recent, "UPDATE conversations SET status = 1 WHERE id IN (2, 9)")
    run = _create_run(recent, instance, [nth_date(recent, 2)], dg.DagsterRunStatus.STARTED)
    requested, result = tick(recent, instance)
    assert requested == []
    assert f"2 days differ; they wait for the end of run {run.run_id}" in str(result.skip_reason)
    instance.report_run_canceled(run)
    assert len(tick(recent, instance)[0]) == 2


def test_failed_day_is_not_requested_at_once_and_blocks_no_other(recent: Project, instance: dg.DagsterInstance) -> None:
    change(recent, "UPDATE conversations SET status = 1 WHERE id IN (2, 9)")
    _create_run(recent, instance, [nth_date(recent, 9)], dg.DagsterRunStatus.FAILURE)
    assert tick(recent, instance)[0] == [(nth_date(recent, 2), nth_date(recent, 2))]
    _create_run(recent, instance, [nth_date(recent, 1), nth_date(recent, 2)], dg.DagsterRunStatus.FAILURE)
    # Perhaps the other day of that run failed.
    assert tick(recent, instance)[0] == [(nth_date(recent, 2), nth_date(recent, 2))]
    _create_run(recent, instance, [nth_date(recent, 2)], dg.DagsterRunStatus.FAILURE)
    requested, result = tick(recent, instance)
    assert requested == []
    assert "their run failed" in str(result.skip_reason)


def test_recurring_change_is_requested_every_time(recent: Project, instance: dg.DagsterInstance) -> None:
    day = datetime.date.fromisoformat(nth_date(recent, 2))
    for _ in range(3):
        change(recent, "UPDATE conversations SET status = 1 - status WHERE id = 2")
        requested, result = tick(recent, instance)
        assert requested == [(str(day), str(day))]
        assert [request.run_key for request in result.run_requests or []] == [None]
        recent.load(day)


@pytest.fixture
def empty(recent: Project, postgres: Postgres) -> Project:
    """The recent days and two years before them, with nothing loaded."""
    start = today(recent.settings.reporting_timezone) - datetime.timedelta(days=730)
    settings = replace(recent.settings, partitions_start_date=start)
    return replace(recent, target_url=postgres.new_database(), settings=settings)


def test_days_before_the_first_conversation_are_not_requested(empty: Project, instance: dg.DagsterInstance) -> None:
    last = today(empty.settings.reporting_timezone)
    first = last - datetime.timedelta(days=DAYS_AGO)
    assert tick(empty, instance)[0] == [(str(first), str(last))]
    assert compare_everything(empty) == [(first, last)]


def test_today_is_requested_if_chatwoot_has_no_conversation(empty: Project, instance: dg.DagsterInstance) -> None:
    change(empty, "DELETE FROM conversations")
    last = str(today(empty.settings.reporting_timezone))
    assert tick(empty, instance)[0] == [(last, last)]


def test_request_is_bounded_by_messages(
    empty: Project, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "MESSAGES_PER_RUN", 3 * requests.MESSAGES_PER_NEW_CONVERSATION)
    last = today(empty.settings.reporting_timezone)
    # Today has no conversation, each day before it has one.
    assert tick(empty, instance)[0] == [(str(last - datetime.timedelta(days=3)), str(last))]


def test_request_has_more_of_loaded_days_than_of_new_ones(recent: Project, instance: dg.DagsterInstance) -> None:
    changed = range(4, 4 + LOADED_DAY_DIVISOR + 1)
    with recent.target() as connection:
        connection.execute("UPDATE partition_state SET messages = %s", [MESSAGES_PER_RUN])
    with recent.source() as connection:
        connection.execute("UPDATE conversations SET status = 1 WHERE id = ANY(%s)", [list(changed)])
    # The newest ones; the first of them has to wait.
    assert tick(recent, instance)[0] == [(nth_date(recent, changed[1]), nth_date(recent, changed[-1]))]


def test_days_without_conversations_are_requested_together(empty: Project, instance: dg.DagsterInstance) -> None:
    first, last = empty.settings.partitions_start_date, today(empty.settings.reporting_timezone)
    with empty.writing() as writer:
        writer.conversation(f"{first} 12:00", id=6_000)
    assert tick(empty, instance)[0] == [(str(first), str(last))]


def test_days_that_wait_longest_are_requested_first(recent: Project, instance: dg.DagsterInstance) -> None:
    with recent.target() as connection:
        connection.execute("UPDATE partition_state SET messages = %s", [LOADED_DAY_DIVISOR * MESSAGES_PER_RUN])
    for number in (9, 4, 20):
        with recent.source() as connection:
            connection.execute("UPDATE conversations SET status = 1 WHERE id = %s", [number])
        assert tick(recent, instance)[0] == [(nth_date(recent, 9), nth_date(recent, 9))]
    for number in (9, 4, 20):
        assert tick(recent, instance)[0] == [(nth_date(recent, number), nth_date(recent, number))]
        recent.load(datetime.date.fromisoformat(nth_date(recent, number)))
    assert tick(recent, instance)[0] == []


def test_unreachable_source_is_reported(recent: Project, instance: dg.DagsterInstance) -> None:
    gone = replace(recent, source_url="postgresql://127.0.0.1:1/chatwoot")
    requested, result = tick(gone, instance)
    assert requested == []
    assert "cannot compare now" in str(result.skip_reason)
