"""What the scan of the sensor finds, and how soon."""

from __future__ import annotations

import datetime
from dataclasses import replace

import dagster as dg
import polars as pl
import pytest
from psycopg import sql

from chatwoot_assets.change_detection import scan
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.resources import build_resources
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets_tests.change_detection.scanning import change, nth_date, position, tick
from chatwoot_assets_tests.conftest import DAYS_AGO, Postgres
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.soak.automation import compare_everything
from chatwoot_assets_tests.source_writer import SourceWriter


def test_sensor_requests_nothing_if_nothing_changed(recent: Project, instance: dg.DagsterInstance) -> None:
    requested, result = tick(recent, instance)
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
    requested, _ = tick(replace(recent, target_url=postgres.new_database()), instance)
    assert requested == [(nth_date(recent, 1), nth_date(recent, DAYS_AGO + 1))]


def test_status_of_an_old_conversation_is_found_by_the_next_scan(recent: Project, instance: dg.DagsterInstance) -> None:
    change(recent, "UPDATE conversations SET status = 1 WHERE id IN (2, 3, 9)")
    requested, _ = tick(recent, instance)
    assert requested == [(nth_date(recent, 2), nth_date(recent, 3)), (nth_date(recent, 9), nth_date(recent, 9))]


def test_recent_rating_or_message_that_changed_is_found_by_the_next_scan(
    recent: Project, instance: dg.DagsterInstance
) -> None:
    change(recent, "UPDATE csat_survey_responses SET rating = 1 WHERE id = 20")
    change(recent, "UPDATE messages SET content = 'olá' WHERE id = 19")
    requested, _ = tick(recent, instance)
    assert requested == [(nth_date(recent, 19), nth_date(recent, 20))]


def test_new_message_of_an_old_conversation_is_found_by_the_next_scan(
    recent: Project, instance: dg.DagsterInstance
) -> None:
    tick(recent, instance)
    with recent.source() as connection:
        SourceWriter(connection).message(4, "2020-01-01 12:00", id=6_000)
    assert tick(recent, instance)[0] == [(nth_date(recent, 4), nth_date(recent, 4))]
    # It is requested until it is loaded.
    assert tick(recent, instance)[0] == [(nth_date(recent, 4), nth_date(recent, 4))]
    recent.load(datetime.date.fromisoformat(nth_date(recent, 4)))
    assert tick(recent, instance)[0] == []
    assert position(recent)["message"] == 6_000


def test_scan_ends_when_its_statements_together_take_too_long(
    recent: Project, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick(recent, instance)
    before = position(recent)
    monkeypatch.setattr(scan, "SECONDS_PER_SCAN", 4)
    read = Snapshot.read
    statements: list[str] = []

    def slow(self: Snapshot, query: sql.Composable, **options: bool) -> pl.DataFrame:
        statements.append(query.as_string())
        # No statement takes long enough to be ended alone.
        return read(self, sql.SQL("SELECT slept.* FROM ({}) AS slept, pg_sleep(1.5)").format(query), **options)

    monkeypatch.setattr(Snapshot, "read", slow)
    _, result = tick(recent, instance)
    assert "more than 4 s in total" in str(result.skip_reason)
    assert len(statements) <= 3
    assert position(recent) == before


def test_message_that_commits_late_is_found_by_the_next_scan(recent: Project, instance: dg.DagsterInstance) -> None:
    with recent.source() as connection:
        SourceWriter(connection).message(15, "2020-01-01 12:00", id=6_000)
    recent.load(datetime.date.fromisoformat(nth_date(recent, 15)))
    assert tick(recent, instance)[0] == []
    assert position(recent)["message"] == 6_000
    with recent.source() as connection:
        # One more than 100 ids before the last one waits for the rotation or for the full comparison.
        SourceWriter(connection).message(12, "2020-01-01 12:00", id=6_000 - 100)
        SourceWriter(connection).message(14, "2020-01-01 12:00", id=6_000 - 100 + 1)
    assert tick(recent, instance)[0] == [(nth_date(recent, 14), nth_date(recent, 14))]
    assert compare_everything(recent) == [
        tuple(2 * [datetime.date.fromisoformat(nth_date(recent, number))]) for number in (12, 14)
    ]


def test_new_messages_of_distant_days_are_found_by_one_scan(recent: Project, instance: dg.DagsterInstance) -> None:
    tick(recent, instance)
    with recent.source() as connection:
        for id_, conversation in enumerate((3, 4, 9), start=6_000):
            SourceWriter(connection).message(conversation, "2020-01-01 12:00", id=id_)
    requested, _ = tick(recent, instance)
    assert requested == [(nth_date(recent, 3), nth_date(recent, 4)), (nth_date(recent, 9), nth_date(recent, 9))]


def test_message_that_is_loaded_before_the_scan_is_not_requested(recent: Project, instance: dg.DagsterInstance) -> None:
    tick(recent, instance)
    with recent.source() as connection:
        SourceWriter(connection).message(4, "2020-01-01 12:00", id=6_000)
    recent.load(datetime.date.fromisoformat(nth_date(recent, 4)))
    assert tick(recent, instance)[0] == []


def test_days_that_the_full_comparison_found_are_requested(recent: Project, instance: dg.DagsterInstance) -> None:
    change(recent, "UPDATE messages SET content = 'olá' WHERE id = 5")
    change(recent, "DELETE FROM messages WHERE id = 7")
    assert tick(recent, instance)[0] == []
    compare_everything(recent)
    requested, _ = tick(recent, instance)
    assert requested == [(nth_date(recent, 5), nth_date(recent, 5)), (nth_date(recent, 7), nth_date(recent, 7))]


def test_scan_after_a_full_comparison_reads_no_whole_table(recent: Project, instance: dg.DagsterInstance) -> None:
    compare_everything(recent)
    change(recent, "UPDATE conversations SET status = 1 WHERE id IN (2, 9)")
    with recent.source() as connection:
        writer = SourceWriter(connection)
        writer.conversation(f"{nth_date(recent, DAYS_AGO + 1)} 12:00", id=900)
        writer.conversation(f"{nth_date(recent, DAYS_AGO)} 12:00", id=70_000)
    requested, _ = tick(recent, instance)
    assert requested == [
        (nth_date(recent, 2), nth_date(recent, 2)),
        (nth_date(recent, 9), nth_date(recent, 9)),
        (nth_date(recent, DAYS_AGO), nth_date(recent, DAYS_AGO + 1)),
    ]


def test_scan_finds_changes_after_an_older_state_was_restored(recent: Project, instance: dg.DagsterInstance) -> None:
    with recent.source() as connection:
        SourceWriter(connection).conversation(f"{nth_date(recent, 20)} 12:00", id=90_000)
    compare_everything(recent)
    change(recent, "DELETE FROM conversations WHERE id = 90000")
    with recent.source() as connection:
        SourceWriter(connection).conversation(f"{nth_date(recent, 19)} 12:00", id=80_000)
    assert tick(recent, instance)[0] == [(nth_date(recent, 19), nth_date(recent, 19))]


def test_day_before_all_loaded_ones_is_found_by_its_message(recent: Project, instance: dg.DagsterInstance) -> None:
    first = recent.settings.partitions_start_date
    start = first - datetime.timedelta(days=30)
    early = replace(recent, settings=replace(recent.settings, partitions_start_date=start))
    assert tick(early, instance)[0] == []
    assert compare_everything(early) == []
    # A conversation that is imported later, and began earlier.
    with recent.source() as connection:
        writer = SourceWriter(connection)
        writer.conversation(f"{start} 12:00", id=70_000)
        writer.message(70_000, "2020-01-01 12:00", id=70_000)
    requested, _ = tick(early, instance)
    assert requested == [(str(start), str(first - datetime.timedelta(days=1)))]


def test_silent_change_of_an_old_first_reply_is_found_by_the_next_scan(
    recent: Project, instance: dg.DagsterInstance
) -> None:
    change(recent, "UPDATE conversations SET first_reply_created_at = created_at + interval '9 s' WHERE id = 5")
    assert tick(recent, instance)[0] == [(nth_date(recent, 5), nth_date(recent, 5))]


def test_rating_of_an_old_conversation_is_found_by_the_next_scan(recent: Project, instance: dg.DagsterInstance) -> None:
    with recent.source() as connection:
        SourceWriter(connection).rating(4, "2020-01-01 12:00", 1, id=6_000)
        connection.execute("UPDATE csat_survey_responses SET rating = 2 WHERE id = 9")
    requested, _ = tick(recent, instance)
    assert requested == [(nth_date(recent, 4), nth_date(recent, 4)), (nth_date(recent, 9), nth_date(recent, 9))]
