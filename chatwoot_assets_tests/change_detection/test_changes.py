"""Change detection: the sensor's scan, and the runs that it requests."""

from __future__ import annotations

import datetime
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
from chatwoot_assets.defs import requests
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS, refresh_config
from chatwoot_assets.defs.requests import MESSAGES_PER_RUN
from chatwoot_assets.defs.resources import build_resources
from chatwoot_assets.partitions import Day, day, days, today
from chatwoot_assets.warehouse.source_comparison import RECENT, read_position, record_position
from chatwoot_assets_tests.conftest import DAYS_AGO, Postgres
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.soak.automation import compare_everything, requested_ranges
from chatwoot_assets_tests.source_writer import SourceWriter


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as instance:  # a schedule finds the instance by its reference
        yield instance


def _tick(project: Project, instance: dg.DagsterInstance) -> tuple[list[tuple[str, str]], dg.SensorResult]:
    """Evaluate the sensor, and return the ranges of days that it requests."""
    with dg.build_sensor_context(instance=instance, resources=project.resources) as context:
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


def test_sensor_compares_the_database_that_the_settings_name(
    recent: Project, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the embedded sample, which is compared where no URL is set."""
    monkeypatch.setenv("CHATWOOT_DATABASE_URL", recent.source_url)
    settings = replace(recent.settings, chatwoot_url_is_set=True)
    resources = {**build_resources(settings), "warehouse": recent.resources["warehouse"]}
    with dg.build_sensor_context(instance=instance, resources=resources) as context:
        result = build_defs(settings).resolve_sensor_def("changed_days_sensor")(context)
    assert isinstance(result, dg.SensorResult)
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


def _position(project: Project) -> dict[str, object]:
    """Return where the next scan goes on."""
    with project.target() as connection:
        return read_position(connection, RECENT)


def test_new_message_of_an_old_conversation_is_found_by_the_next_scan(
    recent: Project, instance: dg.DagsterInstance
) -> None:
    _tick(recent, instance)
    with recent.source() as connection:
        SourceWriter(connection).message(4, "2020-01-01 12:00", id=6_000)
    assert _tick(recent, instance)[0] == [(_date(recent, 4), _date(recent, 4))]
    # It is requested until it is loaded.
    assert _tick(recent, instance)[0] == [(_date(recent, 4), _date(recent, 4))]
    recent.load(datetime.date.fromisoformat(_date(recent, 4)))
    assert _tick(recent, instance)[0] == []
    assert _position(recent)["message"] == 6_000


def test_new_messages_of_distant_days_are_found_by_one_scan(recent: Project, instance: dg.DagsterInstance) -> None:
    _tick(recent, instance)
    with recent.source() as connection:
        for id_, conversation in enumerate((3, 4, 9), start=6_000):
            SourceWriter(connection).message(conversation, "2020-01-01 12:00", id=id_)
    requested, _ = _tick(recent, instance)
    assert requested == [(_date(recent, 3), _date(recent, 4)), (_date(recent, 9), _date(recent, 9))]


def test_message_that_is_loaded_before_the_scan_is_not_requested(recent: Project, instance: dg.DagsterInstance) -> None:
    _tick(recent, instance)
    with recent.source() as connection:
        SourceWriter(connection).message(4, "2020-01-01 12:00", id=6_000)
    recent.load(datetime.date.fromisoformat(_date(recent, 4)))
    assert _tick(recent, instance)[0] == []


def test_days_that_the_full_comparison_found_are_requested(recent: Project, instance: dg.DagsterInstance) -> None:
    _change(recent, "UPDATE messages SET content = 'olá' WHERE id = 5")
    _change(recent, "DELETE FROM messages WHERE id = 7")
    assert _tick(recent, instance)[0] == []
    compare_everything(recent)
    requested, _ = _tick(recent, instance)
    assert requested == [(_date(recent, 5), _date(recent, 5)), (_date(recent, 7), _date(recent, 7))]


def test_scan_after_a_full_comparison_reads_no_whole_table(recent: Project, instance: dg.DagsterInstance) -> None:
    compare_everything(recent)
    _change(recent, "UPDATE conversations SET status = 1 WHERE id IN (2, 9)")
    with recent.source() as connection:
        writer = SourceWriter(connection)
        writer.conversation(f"{_date(recent, DAYS_AGO + 1)} 12:00", id=900)
        writer.conversation(f"{_date(recent, DAYS_AGO)} 12:00", id=70_000)
    requested, _ = _tick(recent, instance)
    assert requested == [
        (_date(recent, 2), _date(recent, 2)),
        (_date(recent, 9), _date(recent, 9)),
        (_date(recent, DAYS_AGO), _date(recent, DAYS_AGO + 1)),
    ]


def test_scan_finds_changes_after_an_older_state_was_restored(recent: Project, instance: dg.DagsterInstance) -> None:
    with recent.source() as connection:
        SourceWriter(connection).conversation(f"{_date(recent, 20)} 12:00", id=90_000)
    compare_everything(recent)
    _change(recent, "DELETE FROM conversations WHERE id = 90000")
    with recent.source() as connection:
        SourceWriter(connection).conversation(f"{_date(recent, 19)} 12:00", id=80_000)
    assert _tick(recent, instance)[0] == [(_date(recent, 19), _date(recent, 19))]


def test_day_before_all_loaded_ones_is_found_by_its_message(recent: Project, instance: dg.DagsterInstance) -> None:
    first = recent.settings.partitions_start_date
    start = first - datetime.timedelta(days=30)
    early = replace(recent, settings=replace(recent.settings, partitions_start_date=start))
    assert _tick(early, instance)[0] == []
    assert compare_everything(early) == []
    # A conversation that is imported later, and began earlier.
    with recent.source() as connection:
        writer = SourceWriter(connection)
        writer.conversation(f"{start} 12:00", id=70_000)
        writer.message(70_000, "2020-01-01 12:00", id=70_000)
    requested, _ = _tick(early, instance)
    assert requested == [(str(start), str(first - datetime.timedelta(days=1)))]


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


@pytest.fixture
def settled(recent: Project) -> Project:
    """The recent days, with a message so late that no older day is looked at because of its last messages."""
    with recent.source() as connection:
        SourceWriter(connection).message(20, "2020-01-01 12:00", id=6_000)
    recent.load(datetime.date.fromisoformat(_date(recent, 20)))
    return recent


def _scans_until_requested(project: Project, instance: dg.DagsterInstance) -> tuple[int, list[str]]:
    """Scan until a scan requests something; return its number, and the first day of each range."""
    for number in range(1, DAYS_AGO + 2):
        requested, _ = _tick(project, instance)
        if requested:
            return number, [first for first, _ in requested]
    return 0, []


def test_edit_of_an_old_message_is_found_within_a_rotation(settled: Project, instance: dg.DagsterInstance) -> None:
    _change(settled, "UPDATE messages SET content = 'olá' WHERE id = 5")
    assert _scans_until_requested(settled, instance) == (5, [_date(settled, 5)])


def test_renamed_contact_is_found_on_recent_days_first_then_in_rotation(
    settled: Project, instance: dg.DagsterInstance
) -> None:
    _tick(settled, instance)
    _change(settled, "UPDATE contacts SET name = 'Clara' WHERE id = 1")
    requested, _ = _tick(settled, instance)
    # The last of the three recent days has no conversation yet.
    assert requested == [(_date(settled, 2), _date(settled, 2)), (_date(settled, 19), _date(settled, 20))]
    assert (_date(settled, 2), _date(settled, 3)) in _tick(settled, instance)[0]


def test_failed_scan_does_not_advance_the_rotation(settled: Project, instance: dg.DagsterInstance) -> None:
    _change(settled, "UPDATE messages SET content = 'olá' WHERE id = 2")
    _tick(settled, instance)
    _tick(replace(settled, source_url="postgresql://127.0.0.1:1/chatwoot"), instance)
    assert _scans_until_requested(settled, instance) == (1, [_date(settled, 2)])


def test_rotation_goes_from_the_last_older_day_to_the_first(settled: Project, instance: dg.DagsterInstance) -> None:
    _tick(settled, instance)
    with settled.target() as connection:
        record_position(connection, RECENT, {**_position(settled), "in_full": _date(settled, 17)})
    for expected in (18, 1):
        _tick(settled, instance)
        assert _position(settled)["in_full"] == _date(settled, expected)


def test_rotation_is_empty_if_all_days_are_recent(settled: Project, instance: dg.DagsterInstance) -> None:
    start = today(settled.settings.reporting_timezone)
    young = replace(settled, settings=replace(settled.settings, partitions_start_date=start))
    assert _tick(young, instance)[0] == []
    assert _position(young) == {
        "message": 6_000, "in_full": None, "own_columns": None
    }  # fmt: skip


_FIRST, _LONGEST = datetime.date(2020, 1, 1), 3_000
_HISTORY = [day(_FIRST + datetime.timedelta(days=number), zoneinfo.ZoneInfo("UTC")) for number in range(_LONGEST)]


@given(
    older=st.integers(1, _LONGEST - 3), start=st.none() | st.sampled_from(_HISTORY), growth=st.integers(0, 3),
    grows_after=st.integers(0, 300), per_day=st.integers(0, 20_000),
)  # fmt: skip
def test_rotation_reaches_every_older_day_with_a_few_days_per_scan(
    older: int, start: Day | None, growth: int, grows_after: int, per_day: int
) -> None:
    after = start.date if start else None
    sizes = {day.date: per_day for day in _HISTORY}
    days_per_scan = max(1, min(8, 5_000 // max(per_day, 1)))
    reached: set[Day] = set()
    for number in range(2 * math.ceil(older / days_per_scan)):
        among = _HISTORY[: older + (growth if number >= grows_after else 0)]
        rotation = changes.next_in_rotation(among, after, sizes, 5_000, 8)
        assert 1 <= len(rotation) <= days_per_scan
        reached.update(rotation)
        after = rotation[-1].date
    assert reached.issuperset(_HISTORY[:older])


def test_requested_days_are_equal_after_their_run(recent: Project, instance: dg.DagsterInstance) -> None:
    _change(recent, "DELETE FROM conversations WHERE id = 6")
    ((first, last),), _ = _tick(recent, instance)
    recent.load(datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))
    assert 6 not in recent.conversations()
    assert _tick(recent, instance)[0] == []
    assert compare_everything(recent) == []


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
    # Perhaps the other day of that run failed.
    assert _tick(recent, instance)[0] == [(_date(recent, 2), _date(recent, 2))]
    _create_run(recent, instance, [_date(recent, 2)], dg.DagsterRunStatus.FAILURE)
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
    assert compare_everything(empty) == [(first, last)]


def test_today_is_requested_if_chatwoot_has_no_conversation(empty: Project, instance: dg.DagsterInstance) -> None:
    _change(empty, "DELETE FROM conversations")
    last = str(today(empty.settings.reporting_timezone))
    assert _tick(empty, instance)[0] == [(last, last)]


def test_request_is_bounded_by_messages(
    empty: Project, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "MESSAGES_PER_RUN", 3 * requests.MESSAGES_PER_NEW_CONVERSATION)
    last = today(empty.settings.reporting_timezone)
    # Today has no conversation, each day before it has one.
    assert _tick(empty, instance)[0] == [(str(last - datetime.timedelta(days=3)), str(last))]


def test_days_without_conversations_are_requested_together(empty: Project, instance: dg.DagsterInstance) -> None:
    first, last = empty.settings.partitions_start_date, today(empty.settings.reporting_timezone)
    with empty.writing() as writer:
        writer.conversation(f"{first} 12:00", id=6_000)
    assert _tick(empty, instance)[0] == [(str(first), str(last))]


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


def test_unreachable_source_is_reported(recent: Project, instance: dg.DagsterInstance) -> None:
    gone = replace(recent, source_url="postgresql://127.0.0.1:1/chatwoot")
    requested, result = _tick(gone, instance)
    assert requested == []
    assert "cannot compare now" in str(result.skip_reason)
