"""Reading days: one snapshot over one connection with its limits, what is read, and what is reported."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.errors import SourceError
from chatwoot_assets.extract import read as extract_read
from chatwoot_assets.extract.chunked_day import DayExtract
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.read import CONVERSATIONS_PER_BATCH, extract_days
from chatwoot_assets.extract.rows import find_conversations
from chatwoot_assets.extract.schemas import SCHEMAS
from chatwoot_assets.partitions import days
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.progress import Progress
from chatwoot_assets.source.snapshot import Snapshot, snapshot
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.frames import read_rows
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.waiting import wait_until

DAY = datetime.date(2025, 3, 10)
NOON = "2025-03-10 12:00:00"

Materializations = dict[tuple[Dataset, str], dict[str, object]]


def _reading(project: Project, source: Snapshot, *keys: str) -> Iterator[DayExtract]:
    requested = days(list(keys), project.settings.reporting_timezone)
    return extract_days(source, project.settings.views_schema, "defined", requested, project.store, lambda _: None)


def _sessions(connection: psycopg.Connection) -> list[tuple[str, str]]:
    """Return the application name and state of every other session on the source."""
    connection.execute("SELECT pg_stat_clear_snapshot()")
    return connection.execute(
        "SELECT application_name, state FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid != pg_backend_pid() AND backend_type = 'client backend'"
    ).fetchall()


def test_extract_has_no_row_that_is_written_while_it_reads(project: Project) -> None:
    with project.writing() as writer:
        writer.conversation(NOON, id=1)
        writer.message(1, NOON, id=1)
        writer.rating(1, NOON, 4, id=1)
        writer.event(1, NOON, "first_response", id=1)
    with snapshot(project.resources["chatwoot"]) as source:
        taken_at = source.taken_at
        for number, _ in enumerate(_reading(project, source, "2025-03-10", "2025-03-11"), start=100):
            with project.writing() as writer:
                writer.conversation(NOON, id=number)
                for id_, conversation in enumerate((1, number), start=number * 10):
                    writer.message(conversation, NOON, id=id_)
                    writer.rating(conversation, NOON, 1, id=id_)
                    writer.event(conversation, NOON, "reply_time", id=id_)
        assert source.taken_at == taken_at
    for dataset in Dataset:
        frame, stamp = read_rows(project.store, dataset, project.day(DAY))
        assert (frame.height, stamp.snapshot_at) == (1, taken_at)
    assert read_rows(project.store, Dataset.CSAT, project.day(DAY))[0]["csat_responses"].to_list() == [1]


def test_snapshot_session_is_read_only_and_has_its_limits(project: Project) -> None:
    expected = {
        "transaction_isolation": "repeatable read",
        "transaction_read_only": "on",
        "statement_timeout": "5min",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "2min",
        "application_name": "chatwoot_assets",
        "TimeZone": "UTC",
        "max_parallel_workers_per_gather": "0",
    }
    with snapshot(project.resources["chatwoot"]) as source:
        query = sql.SQL("SELECT current_setting({}) AS value")
        settings = {name: source.read(query.format(sql.Literal(name)))["value"][0] for name in expected}
    assert settings == expected


def test_snapshot_session_cannot_write(project: Project) -> None:
    with snapshot(project.resources["chatwoot"]) as source, pytest.raises(SourceError, match="read-only") as raised:
        source.read(sql.SQL("DELETE FROM public.conversations RETURNING id"))
    assert "\n" not in str(raised.value)
    assert not raised.value.transient


def test_range_is_read_over_one_connection_which_is_closed(project: Project) -> None:
    with project.source() as connection:
        wait_until(lambda: not _sessions(connection))
        with snapshot(project.resources["chatwoot"]) as source:
            for _ in _reading(project, source, "2025-03-10", "2025-03-11"):
                assert _sessions(connection) == [("chatwoot_assets", "idle in transaction")]
    _wait_until_no_session_is_left(project)


def test_interrupted_extract_leaves_no_session(project: Project) -> None:
    def give_up() -> None:
        with snapshot(project.resources["chatwoot"]) as source:
            next(_reading(project, source, "2025-03-10"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        give_up()
    _wait_until_no_session_is_left(project)


def test_run_leaves_no_session(project: Project) -> None:
    project.load(DAY)
    _wait_until_no_session_is_left(project)


def _wait_until_no_session_is_left(project: Project) -> None:
    """Wait for all sessions to end: the server's process ends a moment after its client."""
    with project.source() as connection:
        wait_until(lambda: not _sessions(connection))


def test_slow_statement_ends_in_one_line_and_is_not_retried(project: Project) -> None:
    slow = ChatwootDatabase(url=project.source_url, statement_timeout_seconds=1)
    with snapshot(slow) as source, pytest.raises(SourceError, match="statement_timeout") as raised:
        source.read(sql.SQL("SELECT pg_sleep(9)::text AS slept"))
    assert "\n" not in str(raised.value)
    assert "CHATWOOT_DATABASE_URL" in str(raised.value)
    assert not raised.value.transient


def test_terminated_session_is_a_transient_error(project: Project) -> None:
    def lose_the_session() -> None:
        with snapshot(project.resources["chatwoot"]) as source:
            pid = source.read(sql.SQL("SELECT pg_backend_pid() AS pid"))["pid"][0]
            with project.source() as connection:
                connection.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            list(_reading(project, source, "2025-03-10"))

    with pytest.raises(SourceError) as raised:
        lose_the_session()
    assert "\n" not in str(raised.value)
    assert raised.value.transient


def _many(project: Project, numbers: dict[str, int]) -> None:
    with project.writing() as writer:
        for day, number in numbers.items():
            writer._connection.execute(
                "INSERT INTO conversations (account_id, inbox_id, created_at, updated_at)"
                " SELECT 1, 10, %s, %s FROM generate_series(1, %s)",
                [f"{day} 12:00", f"{day} 12:00", number],
            )


def test_days_are_read_in_batches_of_bounded_size(project: Project) -> None:
    numbers = {"2025-03-10": 1000, "2025-03-11": 1250, "2025-03-12": 500, "2025-03-13": 2750, "2025-03-14": 100}
    _many(project, numbers)
    reports: list[Progress] = []
    requested = days([*numbers, "2025-03-16"], project.settings.reporting_timezone)
    with snapshot(project.resources["chatwoot"]) as source:
        extracts = list(extract_days(source, "chatwoot_analytics", "defined", requested, project.store, reports.append))
    # 10 and 11 together; 12 alone, as 13 does not fit with it; 13 in two parts, as it is too large; 14; 16 after a gap.
    assert CONVERSATIONS_PER_BATCH == 2_500
    assert [report.done for report in reports] == [2, 3, 3, 3, 4, 5, 6]
    assert reports[-1].rows == sum(numbers.values())
    assert {e.day.key: e.rows for e in extracts if e.dataset == Dataset.CONVERSATIONS} == {**numbers, "2025-03-16": 0}
    assert len(extracts) == 6 * len(SCHEMAS)


def test_days_that_are_not_consecutive_are_found_by_one_search(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = {"2025-03-10": 2, "2025-03-11": 3, "2025-03-12": 4, "2025-03-14": 5}
    _many(project, numbers)
    searches: list[int] = []

    def counting(*arguments: Any) -> pl.DataFrame:  # noqa: ANN401 (handed on as they are)
        found = find_conversations(*arguments)
        searches.append(found.height)
        return found

    monkeypatch.setattr(extract_read, "find_conversations", counting)
    requested = days(["2025-03-10", "2025-03-12", "2025-03-14"], project.settings.reporting_timezone)
    with snapshot(project.resources["chatwoot"]) as source:
        extracts = list(extract_days(source, "chatwoot_analytics", "defined", requested, project.store, lambda _: None))
    assert searches == [2 + 4 + 5]
    rows = {extract.day.key: extract.rows for extract in extracts if extract.dataset == Dataset.CONVERSATIONS}
    assert rows == {day.key: numbers[day.key] for day in requested}


def _materializations(instance: dg.DagsterInstance) -> Materializations:
    materializations: Materializations = {}
    for dataset in Dataset:
        for record in instance.fetch_materializations(dg.AssetKey(dataset.value), limit=100).records:
            event = record.asset_materialization
            assert event is not None
            assert event.partition is not None
            assert (dataset, event.partition) not in materializations, "materialized twice"
            materializations[dataset, event.partition] = {name: value.value for name, value in event.metadata.items()}
    return materializations


def test_every_asset_and_day_has_rows_bytes_seconds_and_snapshot(project: Project) -> None:
    with project.writing() as writer:
        writer.message(writer.conversation(NOON), NOON)
        writer.conversation("2025-03-12 12:00:00")
    with dg.DagsterInstance.ephemeral() as instance:
        project.load(DAY, datetime.date(2025, 3, 12), instance=instance)
        materializations = _materializations(instance)
    keys = ["2025-03-10", "2025-03-11", "2025-03-12"]
    assert set(materializations) == {(dataset, key) for dataset in Dataset for key in keys}
    rows = {
        dataset: [materializations[dataset, key]["dagster/partition_row_count"] for key in keys] for dataset in Dataset
    }
    assert rows == {
        Dataset.CONVERSATIONS: [1, 0, 1],
        Dataset.MESSAGES: [1, 0, 0],
        Dataset.CSAT: [0, 0, 0],
        Dataset.EVENTS: [0, 0, 0],
    }
    stamps = [stamp for key in keys for stamp in project.store.stamps(project.day(key)).values()]
    assert len({stamp and stamp.snapshot_at for stamp in stamps}) == 1
    for (dataset, key), metadata in materializations.items():
        assert metadata["bytes"] == Path(project.store.path(dataset, project.day(key))).stat().st_size
        assert isinstance(metadata["seconds"], float)
        assert 0 <= metadata["seconds"] < 60


def test_day_without_conversations_gives_files_without_rows(project: Project) -> None:
    assert project.load(DAY).success
    for dataset, schema in SCHEMAS.items():
        frame, _ = read_rows(project.store, dataset, project.day(DAY))
        assert frame.is_empty()
        assert dict(frame.schema) == schema


def test_missing_views_are_reported_in_one_line(project: Project) -> None:
    with project.source() as connection:
        connection.execute("DROP SCHEMA chatwoot_analytics CASCADE")
    with snapshot(project.resources["chatwoot"]) as source:
        with pytest.raises(SourceError, match="chatwoot-assets views create") as raised:
            list(_reading(project, source, "2025-03-10"))
    assert "\n" not in str(raised.value)


def test_views_of_another_time_zone_are_refused(project: Project, postgres: Postgres, tmp_path: Path) -> None:
    other = Project.create(project.source_url, postgres.new_database(), tmp_path, timezone="UTC", empty=False)
    assert other.load(DAY).success
    failed = project.load(DAY, raise_on_error=False)
    assert not failed.success
    assert "views create" in str(failed.filter_events(lambda event: event.is_step_failure))
