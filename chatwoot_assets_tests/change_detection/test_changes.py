"""Change detection: the sensor's scan, the nightly scan, and the runs that they request."""

from __future__ import annotations

import datetime
import json
import math
import zoneinfo
from collections.abc import Iterator
from dataclasses import replace

import dagster as dg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwoot_assets.change_detection import changes
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS, refresh_config
from chatwoot_assets.defs.requests import MESSAGES_PER_NEW_DAY, MESSAGES_PER_RUN
from chatwoot_assets.partitions import Day, day, days, today
from chatwoot_assets_tests.conftest import DAYS_AGO, Postgres
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.soak.automation import evaluate_nightly_schedule, requested_ranges
from chatwoot_assets_tests.source_writer import SourceWriter


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as instance:  # a schedule finds the instance by its reference
        yield instance


def _tick(
    project: Project, instance: dg.DagsterInstance, cursor: str | None = None
) -> tuple[list[tuple[str, str]], dg.SensorResult]:
    """Evaluate the sensor, and return the ranges of days that it requests."""
    with dg.build_sensor_context(instance=instance, cursor=cursor, resources=project.resources) as context:
        result = build_defs(project.settings).resolve_sensor_def("changed_days_sensor")(context)
    assert isinstance(result, dg.SensorResult)
    return [(str(first), str(last)) for first, last in requested_ranges(result.run_requests or [])], result


def _date(project: Project, number: int) -> str:
    return str(project.settings.partitions_start_date + datetime.timedelta(days=number - 1))


def _change(project: Project, statement: str) -> None:
    with project.source() as connection:
        connection.execute(statement.encode())


def test_sensor_requests_nothing_if_nothing_changed(recent: Project, instance: dg.DagsterInstance) -> None:
    requested, result = _tick(recent, instance)
    assert requested == []
    assert "every day equals Chatwoot" in str(result.skip_reason)


def test_days_that_are_not_loaded_are_requested_as_ranges(
    recent: Project, instance: dg.DagsterInstance, postgres: Postgres
) -> None:
    requested, _ = _tick(replace(recent, target_url=postgres.new_database()), instance)
    assert requested == [(_date(recent, 1), _date(recent, DAYS_AGO + 1))]


def test_status_of_an_old_conversation_is_found_by_the_next_scan(recent: Project, instance: dg.DagsterInstance) -> None:
    _change(recent, "UPDATE conversations SET status = 1 WHERE id IN (2, 3, 9)")
    requested, _ = _tick(recent, instance)
    assert requested == [(_date(recent, 2), _date(recent, 3)), (_date(recent, 9), _date(recent, 9))]


def test_recent_rating_or_message_that_changed_is_found_by_the_next_scan(
    recent: Project, instance: dg.DagsterInstance
) -> None:
    _change(recent, "UPDATE csat_survey_responses SET rating = 1 WHERE id = 20")
    _change(recent, "UPDATE messages SET content = 'olá' WHERE id = 19")
    requested, _ = _tick(recent, instance)
    assert requested == [(_date(recent, 19), _date(recent, 20))]


def test_new_message_of_an_old_conversation_is_found_by_the_next_scan(
    recent: Project, instance: dg.DagsterInstance
) -> None:
    _, first = _tick(recent, instance)
    with recent.source() as connection:
        SourceWriter(connection).message(4, "2020-01-01 12:00", id=6_000)
    requested, second = _tick(recent, instance, first.cursor)
    assert requested == [(_date(recent, 4), _date(recent, 4))]
    # Not loaded yet: it is requested again, although the next scan does not look at its messages again.
    requested, third = _tick(recent, instance, second.cursor)
    assert requested == [(_date(recent, 4), _date(recent, 4))]
    day = datetime.date.fromisoformat(_date(recent, 4))
    recent.load(day)
    requested, fourth = _tick(recent, instance, third.cursor)
    assert requested == []
    assert json.loads(fourth.cursor or "")["message"] == 6_000


def test_new_messages_of_distant_days_are_found_by_one_scan(recent: Project, instance: dg.DagsterInstance) -> None:
    _, first = _tick(recent, instance)
    with recent.source() as connection:
        for id_, conversation in enumerate((3, 4, 9), start=6_000):
            SourceWriter(connection).message(conversation, "2020-01-01 12:00", id=id_)
    requested, _ = _tick(recent, instance, first.cursor)
    assert requested == [(_date(recent, 3), _date(recent, 4)), (_date(recent, 9), _date(recent, 9))]


def test_silent_change_of_an_old_first_reply_is_found_by_the_next_scan(
    recent: Project, instance: dg.DagsterInstance
) -> None:
    _change(recent, "UPDATE conversations SET first_reply_created_at = created_at + interval '9 s' WHERE id = 5")
    assert _tick(recent, instance)[0] == [(_date(recent, 5), _date(recent, 5))]


def test_rating_of_an_old_conversation_is_found_by_the_next_scan(recent: Project, instance: dg.DagsterInstance) -> None:
    with recent.source() as connection:
        SourceWriter(connection).rating(4, "2020-01-01 12:00", 1, id=6_000)
        connection.execute("UPDATE csat_survey_responses SET rating = 2 WHERE id = 9")
    requested, _ = _tick(recent, instance)
    assert requested == [(_date(recent, 4), _date(recent, 4)), (_date(recent, 9), _date(recent, 9))]


def test_edit_of_an_old_message_is_found_by_the_nightly_scan(recent: Project, instance: dg.DagsterInstance) -> None:
    _change(recent, "UPDATE messages SET content = 'olá' WHERE id = 5")
    _change(recent, "DELETE FROM messages WHERE id = 7")
    assert _tick(recent, instance)[0] == []
    assert [str(first) for first, _ in evaluate_nightly_schedule(recent, instance.get_ref())] == [
        _date(recent, 5),
        _date(recent, 7),
    ]


@pytest.fixture
def settled(recent: Project) -> Project:
    """The recent days, with a message so late that no older day is looked at because of its last messages."""
    with recent.source() as connection:
        SourceWriter(connection).message(20, "2020-01-01 12:00", id=6_000)
    recent.load(datetime.date.fromisoformat(_date(recent, 20)))
    return recent


def _scans_until_requested(project: Project, instance: dg.DagsterInstance, cursor: str | None) -> tuple[int, list[str]]:
    """Scan until a scan requests something; return its number, and the first day of each range."""
    for number in range(1, DAYS_AGO + 2):
        requested, result = _tick(project, instance, cursor)
        if requested:
            return number, [first for first, _ in requested]
        cursor = result.cursor
    return 0, []


def test_edit_of_an_old_message_is_found_within_a_rotation(settled: Project, instance: dg.DagsterInstance) -> None:
    _change(settled, "UPDATE messages SET content = 'olá' WHERE id = 5")
    assert _scans_until_requested(settled, instance, None) == (5, [_date(settled, 5)])


def test_renamed_contact_is_found_on_recent_days_first_then_in_rotation(
    settled: Project, instance: dg.DagsterInstance
) -> None:
    _, first = _tick(settled, instance)
    _change(settled, "UPDATE contacts SET name = 'Clara' WHERE id = 1")
    requested, second = _tick(settled, instance, first.cursor)
    # The last of the three recent days has no conversation yet.
    assert requested == [(_date(settled, 2), _date(settled, 2)), (_date(settled, 19), _date(settled, 20))]
    assert _tick(settled, instance, second.cursor)[0][0] == (_date(settled, 2), _date(settled, 3))


def test_failed_scan_does_not_advance_the_rotation(settled: Project, instance: dg.DagsterInstance) -> None:
    _change(settled, "UPDATE messages SET content = 'olá' WHERE id = 2")
    _, first = _tick(settled, instance)
    gone = replace(settled, source_url="postgresql://127.0.0.1:1/chatwoot")
    _, failed = _tick(gone, instance, first.cursor)
    assert _scans_until_requested(settled, instance, failed.cursor) == (1, [_date(settled, 2)])


def test_rotation_goes_from_the_last_older_day_to_the_first(settled: Project, instance: dg.DagsterInstance) -> None:
    _change(settled, "UPDATE messages SET content = 'olá' WHERE id = 1")
    _change(settled, "UPDATE messages SET content = 'olá' WHERE id = 18")
    cursor = json.dumps({"message": 6_000, "day": _date(settled, 17)})
    requested, result = _tick(settled, instance, cursor)
    assert requested == [(_date(settled, 18), _date(settled, 18))]
    assert _scans_until_requested(settled, instance, result.cursor) == (1, [_date(settled, 1), _date(settled, 18)])


def test_cursor_without_a_rotation_begins_one(settled: Project, instance: dg.DagsterInstance) -> None:
    _, result = _tick(settled, instance, '{"message": 6000}')
    assert json.loads(result.cursor or "") == {"message": 6_000, "day": _date(settled, 1)}


def test_rotation_is_empty_if_all_days_are_recent(settled: Project, instance: dg.DagsterInstance) -> None:
    start = today(settled.settings.reporting_timezone)
    young = replace(settled, settings=replace(settled.settings, partitions_start_date=start))
    _, first = _tick(young, instance)
    assert json.loads(first.cursor or "") == {"message": 6_000, "day": None}
    requested, second = _tick(young, instance, first.cursor)
    assert (requested, second.cursor) == ([], first.cursor)


_FIRST, _LONGEST = datetime.date(2020, 1, 1), 3_000
_HISTORY = [day(_FIRST + datetime.timedelta(days=number), zoneinfo.ZoneInfo("UTC")) for number in range(_LONGEST)]


@given(
    older=st.integers(1, _LONGEST - 3), start=st.none() | st.sampled_from(_HISTORY), growth=st.integers(0, 3),
    grows_after=st.integers(0, 300),
)  # fmt: skip
def test_rotation_reaches_every_older_day_with_a_few_days_per_scan(
    older: int, start: Day | None, growth: int, grows_after: int
) -> None:
    after = start.date if start else None
    reached: set[Day] = set()
    for number in range(2 * max(changes.SCANS_PER_CYCLE, math.ceil(older / changes.DAYS_PER_SCAN))):
        rotation = changes.next_in_rotation(_HISTORY[: older + (growth if number >= grows_after else 0)], after)
        assert 1 <= len(rotation) <= changes.DAYS_PER_SCAN
        reached.update(rotation)
        after = rotation[-1].date
    assert reached.issuperset(_HISTORY[:older])


def test_requested_days_are_equal_after_their_run(recent: Project, instance: dg.DagsterInstance) -> None:
    _change(recent, "DELETE FROM conversations WHERE id = 6")
    ((first, last),), _ = _tick(recent, instance)
    recent.load(datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))
    assert 6 not in recent.conversations()
    assert _tick(recent, instance)[0] == []
    assert evaluate_nightly_schedule(recent, instance.get_ref()) == []


def _create_run(
    project: Project, instance: dg.DagsterInstance, keys: list[str], status: dg.DagsterRunStatus
) -> dg.DagsterRun:
    """Create a run of the job, as the daemon does for a request."""
    job = build_defs(project.settings).resolve_job_def(REFRESH_DAYS)
    config = refresh_config(days(keys, project.settings.reporting_timezone))
    return instance.create_run_for_job(job, run_config=config, status=status)


def test_nothing_is_requested_while_a_run_is_unfinished(recent: Project, instance: dg.DagsterInstance) -> None:
    _change(recent, "UPDATE conversations SET status = 1 WHERE id IN (2, 9)")
    run = _create_run(recent, instance, [_date(recent, 2)], dg.DagsterRunStatus.STARTED)
    requested, result = _tick(recent, instance)
    assert requested == []
    assert f"2 days differ; they wait for the end of run {run.run_id}" in str(result.skip_reason)
    instance.report_run_canceled(run)
    assert len(_tick(recent, instance)[0]) == 2


def test_failed_day_is_not_requested_at_once_and_blocks_no_other(recent: Project, instance: dg.DagsterInstance) -> None:
    _change(recent, "UPDATE conversations SET status = 1 WHERE id IN (2, 9)")
    _create_run(recent, instance, [_date(recent, 9)], dg.DagsterRunStatus.FAILURE)
    assert _tick(recent, instance)[0] == [(_date(recent, 2), _date(recent, 2))]
    _create_run(recent, instance, [_date(recent, 1), _date(recent, 2)], dg.DagsterRunStatus.FAILURE)
    requested, result = _tick(recent, instance)
    assert requested == []
    assert "their run failed" in str(result.skip_reason)


def test_recurring_change_is_requested_every_time(recent: Project, instance: dg.DagsterInstance) -> None:
    day = datetime.date.fromisoformat(_date(recent, 2))
    for _ in range(3):
        _change(recent, "UPDATE conversations SET status = 1 - status WHERE id = 2")
        requested, result = _tick(recent, instance)
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
    assert _tick(empty, instance)[0] == [(str(first), str(last))]
    assert evaluate_nightly_schedule(empty, instance.get_ref()) == [(first, last)]


def test_today_is_requested_if_chatwoot_has_no_conversation(empty: Project, instance: dg.DagsterInstance) -> None:
    _change(empty, "DELETE FROM conversations")
    last = str(today(empty.settings.reporting_timezone))
    assert _tick(empty, instance)[0] == [(last, last)]


def test_request_is_bounded_by_messages(empty: Project, instance: dg.DagsterInstance) -> None:
    with empty.writing() as writer:
        writer.conversation(f"{empty.settings.partitions_start_date} 12:00", id=6_000)
    last = today(empty.settings.reporting_timezone)
    number = MESSAGES_PER_RUN // MESSAGES_PER_NEW_DAY
    assert _tick(empty, instance)[0] == [(str(last - datetime.timedelta(days=number - 1)), str(last))]


def test_days_that_wait_longest_are_requested_first(recent: Project, instance: dg.DagsterInstance) -> None:
    with recent.target() as connection:
        connection.execute("UPDATE partition_state SET messages = %s", [MESSAGES_PER_RUN])
    for number in (9, 4, 20):
        with recent.source() as connection:
            connection.execute("UPDATE conversations SET status = 1 WHERE id = %s", [number])
        assert _tick(recent, instance)[0] == [(_date(recent, 9), _date(recent, 9))]
    for number in (9, 4, 20):
        assert _tick(recent, instance)[0] == [(_date(recent, number), _date(recent, number))]
        recent.load(datetime.date.fromisoformat(_date(recent, number)))
    assert _tick(recent, instance)[0] == []


def test_unreachable_source_is_reported_and_keeps_the_cursor(recent: Project, instance: dg.DagsterInstance) -> None:
    gone = replace(recent, source_url="postgresql://127.0.0.1:1/chatwoot")
    requested, result = _tick(gone, instance, '{"message": 7}')
    assert requested == []
    assert "cannot compare now" in str(result.skip_reason)
    assert result.cursor == '{"message": 7}'
