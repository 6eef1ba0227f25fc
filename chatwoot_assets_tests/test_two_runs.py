"""Concurrent runs of one day in two processes, for example a manual backfill and the daemon's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chatwoot_assets.partitions import today
from chatwoot_assets_tests.oracle import differences
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.soak.automation import compare_everything
from chatwoot_assets_tests.soak.reference_state import (
    find_differences,
    find_inconsistencies,
    find_leftover_files,
    read_expected_rows,
)
from chatwoot_assets_tests.soak.runs import Outcome
from chatwoot_assets_tests.soak.worker_client import Command, start_workers
from chatwoot_assets_tests.source_writer import SourceWriter

pytestmark = pytest.mark.slow

ROUNDS = 5
CONVERSATIONS = 30
# The errors of a run that finds the other run's files half replaced; the next run of the day reads it again.
_CLEAR = ("are of different snapshots; extract the day again", "was replaced while it was read")


@pytest.fixture
def day(project: Project) -> Project:
    """A project with one partition, today, that has some conversations."""
    start = today(project.settings.reporting_timezone)
    project = replace(project, settings=replace(project.settings, partitions_start_date=start))
    with project.writing() as writer:
        for number in range(1, CONVERSATIONS + 1):
            writer.conversation(f"{start} 12:00", id=number)
            writer.message(number, f"{start} 12:00", id=number)
    project.load(start)
    return project


def _change(project: Project, number: int) -> None:
    """Change a row of each dataset, delete one conversation, and create another."""
    created_at = f"{project.settings.partitions_start_date} 13:00"
    with project.source() as connection:  # all of it in one transaction
        connection.execute("UPDATE messages SET content = %s WHERE id > %s", [f"texto {number}", number])
        connection.execute("DELETE FROM conversations WHERE id = %s", [number])
        writer = SourceWriter(connection)
        writer.conversation(created_at, id=100 + number)
        writer.rating(number + 1, created_at, 1 + number % 5, id=number, message_id=number)


def _state_of_target(project: Project, states: list[dict[int, dict[str, Any]]]) -> int:
    """Return the number of the source's state that the table equals; it must not be a mixture of two."""
    with project.target() as target:
        assert find_inconsistencies(target) == []
    actual = project.conversations()
    (state,) = [number for number, expected in enumerate(states) if not differences(expected, actual)]
    return state


def _assert_success_or_clear_error(outcome: Outcome | None) -> None:
    assert outcome is not None
    for error in outcome.errors:
        assert any(text in error for text in _CLEAR), error


@pytest.mark.parametrize("force", [False, True], ids=["equal days skipped", "forced"])
def test_concurrent_runs_of_a_day_leave_one_state_of_the_source(force: bool, day: Project) -> None:
    date = day.settings.partitions_start_date
    states, last_seen = [read_expected_rows(day, date)], 0
    with start_workers(2) as both:
        for number in range(1, ROUNDS + 1):
            both[0].start(Command.for_days(day, date, date, force=force))
            _change(day, number)
            both[1].start(Command.for_days(day, date, date, force=force))
            states.append(read_expected_rows(day, date))
            for worker in both:
                _assert_success_or_clear_error(worker.wait())
            before, last_seen = last_seen, _state_of_target(day, states)
            assert last_seen >= before, "an older state replaced a newer one"
    for first, last in compare_everything(day):
        assert day.load(first, last).success
    assert find_differences(day, date) == []
    assert find_leftover_files(day) == []
