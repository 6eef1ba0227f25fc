"""Which runs block or shorten the sensor's next request."""

from __future__ import annotations

import datetime

import dagster as dg
import pytest

from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs import requests
from chatwoot_assets.defs.processes import UNFINISHED_STATUSES
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS, parse_days, refresh_config
from chatwoot_assets.defs.requests import FAILURES_BEFORE_PAUSE, request_differing_days
from chatwoot_assets.partitions import Day, days
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets.warehouse.source_comparison import RECENT, read_sync_status, record_comparison
from chatwoot_assets_tests.project import Project

NOW = datetime.datetime(2025, 3, 12, 15, tzinfo=datetime.timezone.utc)
ENDED = {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.CANCELED}


# A queued run needs a code location to have come from.
STATUSES = [status for status in dg.DagsterRunStatus if status != dg.DagsterRunStatus.QUEUED]


def _record_differing(project: Project, count: int) -> list[Day]:
    """Record that the last days up to 2025-03-12 differ, and return them."""
    keys = [f"2025-03-{number:02}" for number in range(13 - count, 13)]
    differing = days(keys, project.settings.reporting_timezone)
    warehouse = project.resources["warehouse"]
    migrate(warehouse)
    with warehouse.connect() as connection:
        record_comparison(connection, RECENT, NOW, differing, differing)
    return differing


def _request(project: Project, instance: dg.DagsterInstance) -> dg.RunRequest | dg.SkipReason:
    chatwoot, warehouse = project.resources["chatwoot"], project.resources["warehouse"]
    return request_differing_days(project.settings, chatwoot, warehouse, instance)


def test_an_unfinished_run_blocks_the_next_and_a_failed_one_shortens_it(project: Project) -> None:
    requested = _record_differing(project, 3)
    job = build_defs(project.settings).resolve_job_def(REFRESH_DAYS)
    results = {}
    for status in STATUSES:
        with dg.DagsterInstance.ephemeral() as instance:
            instance.create_run_for_job(job, run_config=refresh_config(requested[1:]), status=status)
            request = _request(project, instance)
        results[status] = request.run_config if isinstance(request, dg.RunRequest) else None
    for status, config in results.items():
        if status in UNFINISHED_STATUSES:
            assert config is None, status
        else:
            # The next run has half of the two days that failed, with a day that did not.
            assert config == refresh_config(requested if status in ENDED else requested[-1:]), status


def test_a_queued_run_is_unfinished() -> None:
    assert dg.DagsterRunStatus.QUEUED in UNFINISHED_STATUSES


def test_a_day_that_fails_is_found_by_halves_and_paused_alone(project: Project) -> None:
    differing = _record_differing(project, 12)
    poison = differing[7]
    warehouse, job = project.resources["warehouse"], build_defs(project.settings).resolve_job_def(REFRESH_DAYS)
    runs = 0
    with dg.DagsterInstance.ephemeral() as instance:
        while isinstance(request := _request(project, instance), dg.RunRequest):
            runs += 1
            dates = parse_days(request.run_config["ops"]["refresh"]["config"]["days"], project.settings)
            failed = poison in dates
            # A run loads its days in order, up to the one that fails.
            loaded = dates[: dates.index(poison)] if failed else dates
            status = dg.DagsterRunStatus.FAILURE if failed else dg.DagsterRunStatus.SUCCESS
            instance.create_run_for_job(job, run_config=request.run_config, status=status)
            with warehouse.connect() as connection:
                record_comparison(connection, RECENT, NOW, loaded, [])
        with warehouse.connect() as connection:
            left = read_sync_status(connection).differing
    assert set(left) == {poison.date}
    assert runs < FAILURES_BEFORE_PAUSE


def test_what_fails_with_every_day_pauses_all_of_them(project: Project) -> None:
    differing = _record_differing(project, 12)
    job = build_defs(project.settings).resolve_job_def(REFRESH_DAYS)
    requests = 0
    with dg.DagsterInstance.ephemeral() as instance:
        while isinstance(request := _request(project, instance), dg.RunRequest):
            requests += 1
            assert requests <= FAILURES_BEFORE_PAUSE + len(differing)
            instance.create_run_for_job(job, run_config=request.run_config, status=dg.DagsterRunStatus.FAILURE)
    assert requests >= FAILURES_BEFORE_PAUSE - 1


def test_days_without_conversations_do_not_hold_up_a_later_change(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "MESSAGES_PER_RUN", requests.MESSAGES_PER_NEW_CONVERSATION)
    never_loaded = _record_differing(project, 12)
    with project.writing() as writer:
        for key in ("2025-03-05", "2025-03-08", "2025-02-01"):
            writer.conversation(f"{key} 12:00")
    (later,) = days(["2025-02-01"], project.settings.reporting_timezone)
    with project.resources["warehouse"].connect() as connection:
        record_comparison(connection, RECENT, NOW + datetime.timedelta(minutes=1), [later], [later])
    with dg.DagsterInstance.ephemeral() as instance:
        request = _request(project, instance)
    assert isinstance(request, dg.RunRequest)
    # Newest first, up to the second day that has a conversation.
    assert request.run_config == refresh_config(never_loaded[5:])
    with project.source() as connection:
        connection.execute("DELETE FROM conversations WHERE created_at > '2025-03-01'")
    with dg.DagsterInstance.ephemeral() as instance:
        request = _request(project, instance)
    assert isinstance(request, dg.RunRequest)
    assert request.run_config == refresh_config([later, *never_loaded])
