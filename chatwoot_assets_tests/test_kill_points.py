"""Runs that are killed at the worst moments: readers see whole days, and the next run repairs them.

A separate process ends itself with SIGKILL at a given point of the run; see `soak/kill_points.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from chatwoot_assets.defs.processes import end_runs_of_dead_processes
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS
from chatwoot_assets.partitions import today
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.oracle import differences
from chatwoot_assets_tests.oracle_summaries import expected_daily_summary
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.soak.automation import Range, compare_everything, create_instance, evaluate_sensor
from chatwoot_assets_tests.soak.kill_points import CHANGE_KILL_POINTS, KILL_POINTS
from chatwoot_assets_tests.soak.reference_state import find_differences, find_leftover_files, read_expected_rows
from chatwoot_assets_tests.soak.worker_client import Command, Worker, start_workers

pytestmark = pytest.mark.slow

DAYS = 3
CONVERSATIONS_PER_DAY = 5
_COMMITTED = {"between the load's commit and its event", "between the change's commit and its event"}
EVERY_POINT = pytest.mark.parametrize("point", KILL_POINTS)


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with start_workers(1) as (worker,):
        yield worker


@pytest.fixture(scope="module")
def shared(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose partitions are today and the two days before."""
    project = Project.create(postgres.new_database(), postgres.new_database(), tmp_path_factory.mktemp("killed"))
    start = today(project.settings.reporting_timezone) - datetime.timedelta(days=DAYS - 1)
    return replace(project, settings=replace(project.settings, partitions_start_date=start))


@pytest.fixture
def loaded(shared: Project) -> Project:
    """The project with its days loaded, each with a conversation that has a message, a rating and an event."""
    with shared.source() as connection:
        connection.execute("DELETE FROM conversations")
        connection.execute("DELETE FROM messages")
        connection.execute("DELETE FROM csat_survey_responses")
        connection.execute("DELETE FROM reporting_events")
    with shared.writing() as writer:
        for number in range(DAYS):
            at = f"{shared.settings.partitions_start_date + datetime.timedelta(days=number)} 12:00"
            writer.conversation(at, id=number + 1)
            writer.message(number + 1, at, id=number + 1)
            writer.rating(number + 1, at, 5, id=number + 1)
            writer.event(number + 1, at, "conversation_resolved", id=number + 1)
    shared.load(*_whole(shared))
    for path in find_leftover_files(shared):  # left by a test that failed
        Path(path).unlink()
    return shared


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """An instance that survives its processes, in a directory that a worker opens too."""
    with dg.DagsterInstance.from_ref(create_instance(tmp_path / "instance")) as opened:
        yield opened


def _last(project: Project) -> datetime.date:
    return project.settings.partitions_start_date + datetime.timedelta(days=DAYS - 1)


def _whole(project: Project) -> Range:
    return project.settings.partitions_start_date, _last(project)


def _day_keys(project: Project) -> set[str]:
    return {str(project.settings.partitions_start_date + datetime.timedelta(days=number)) for number in range(DAYS)}


def _change_every_day(project: Project) -> None:
    """Change rows of every dataset on every day; one day loses its conversation, another gets one more."""
    with project.source() as connection:
        connection.execute("UPDATE messages SET content = 'editada'")
        connection.execute("UPDATE csat_survey_responses SET rating = 1")
        connection.execute("UPDATE conversations SET status = 1")
        connection.execute("UPDATE reporting_events SET value = value + 1")
        connection.execute("DELETE FROM conversations WHERE id = 2")
    with project.writing() as writer:
        writer.conversation(f"{_last(project)} 12:30", id=9)


def _assert_whole(project: Project, point: str, old: dict[int, Any], new: dict[int, Any]) -> None:
    """Assert that all conversations are old, or all are new, and so are the summaries."""
    expected = new if point in _COMMITTED else old
    assert not differences(expected, project.conversations())
    assert not differences(expected_daily_summary(expected), project.daily_summary())


def _killed_at(point: str, project: Project, worker: Worker, instance: dg.DagsterInstance, *, force: bool) -> None:
    directory = Path(instance.root_directory)
    command = Command.for_days(project, *_whole(project), force=force, instance=directory, kill_point=point)
    assert worker.run(command) is None, "the worker should have been killed"
    (run,) = instance.get_runs(dg.RunsFilter(job_name=REFRESH_DAYS))
    assert run.status == dg.DagsterRunStatus.STARTED
    end_runs_of_dead_processes(instance)  # as the sensor does
    (run,) = instance.get_runs(dg.RunsFilter(job_name=REFRESH_DAYS))
    assert run.status == dg.DagsterRunStatus.FAILURE


@EVERY_POINT
def test_readers_see_old_or_new_days_and_the_next_runs_make_all_equal(
    point: str, loaded: Project, worker: Worker, instance: dg.DagsterInstance
) -> None:
    old = read_expected_rows(loaded, _last(loaded))
    _change_every_day(loaded)
    new = read_expected_rows(loaded, _last(loaded))
    _killed_at(point, loaded, worker, instance, force=False)
    _assert_whole(loaded, point, old, new)
    with dg.DagsterInstance.ephemeral() as an_hour_later:
        requested = evaluate_sensor(loaded, an_hour_later)
    assert requested == ([] if point in _COMMITTED else [_whole(loaded)])
    assert compare_everything(loaded) == requested
    for first, last in requested:
        assert loaded.load(first, last, instance=instance).success
    # Whatever a later run is requested for, it reports what a killed one had loaded.
    assert loaded.load(_last(loaded), instance=instance).success
    assert instance.get_materialized_partitions(dg.AssetKey("daily_summary")) == _day_keys(loaded)
    assert find_differences(loaded, _last(loaded)) == []
    assert find_leftover_files(loaded) == []


@pytest.mark.parametrize("point", CHANGE_KILL_POINTS)
def test_readers_see_old_or_new_days_where_single_conversations_change(
    point: str, loaded: Project, worker: Worker, instance: dg.DagsterInstance
) -> None:
    with loaded.writing() as writer:
        for number in range(DAYS * CONVERSATIONS_PER_DAY):
            date = loaded.settings.partitions_start_date + datetime.timedelta(days=number % DAYS)
            writer.conversation(f"{date} 15:00", id=100 + number)
            writer.message(100 + number, f"{date} 15:01", id=100 + number)
    assert loaded.load(*_whole(loaded)).success
    old = read_expected_rows(loaded, _last(loaded))
    with loaded.source() as connection:
        connection.execute("UPDATE messages SET content = 'editada', message_type = 1 WHERE conversation_id < 100")
        connection.execute("UPDATE conversations SET status = 1 WHERE id < 100")
        connection.execute("UPDATE reporting_events SET value = 7 WHERE conversation_id < 100")
    new = read_expected_rows(loaded, _last(loaded))
    _killed_at(point, loaded, worker, instance, force=False)
    _assert_whole(loaded, point, old, new)
    assert loaded.load(*_whole(loaded), instance=instance).success
    assert instance.get_materialized_partitions(dg.AssetKey("daily_summary")) == _day_keys(loaded)
    assert find_differences(loaded, _last(loaded)) == []
    assert find_leftover_files(loaded) == []


@pytest.mark.parametrize("point", [point for point in KILL_POINTS if point.startswith("half way")])
def test_a_killed_reload_of_equal_days_leaves_nothing_after_the_next_load(
    point: str, loaded: Project, worker: Worker, instance: dg.DagsterInstance
) -> None:
    same = read_expected_rows(loaded, _last(loaded))
    _killed_at(point, loaded, worker, instance, force=True)
    _assert_whole(loaded, point, same, same)
    assert loaded.load(*_whole(loaded)).success
    assert find_differences(loaded, _last(loaded)) == []
    assert find_leftover_files(loaded) == []


def test_the_nightly_scan_removes_what_a_killed_run_left_of_a_deletion(
    loaded: Project, worker: Worker, instance: dg.DagsterInstance
) -> None:
    with loaded.writing() as writer:
        writer.conversation(f"{_last(loaded)} 13:00", id=9)
    _killed_at("between the last file and the load", loaded, worker, instance, force=False)
    with loaded.source() as connection:
        connection.execute("DELETE FROM conversations WHERE id = 9")
    for first, last in compare_everything(loaded):
        assert loaded.load(first, last).success
    assert find_differences(loaded, _last(loaded)) == []  # otherwise its file would still hold it
