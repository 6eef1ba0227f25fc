"""Days that are loaded again: unchanged rows stay, deleted rows go, and summaries follow."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.oracle import differences, expected_conversations
from chatwoot_assets_tests.oracle_summaries import expected_daily_summary, expected_mvw_daily_summary
from chatwoot_assets_tests.project import Project

FIRST = datetime.date(2025, 3, 17)
LAST = datetime.date(2025, 3, 20)
DAY = datetime.date(2025, 3, 10)
NOON = "2025-03-10 12:00:00"


@pytest.fixture
def sampled(sample_url: str, postgres: Postgres, tmp_path: Path) -> Project:
    """Four days of the session's sample, loaded by one run."""
    project = Project.create(sample_url, postgres.new_database(), tmp_path, empty=False)
    project.load(FIRST, LAST)
    return project


def _without_load_times(rows: Mapping[Any, Mapping[str, Any]]) -> dict[Any, dict[str, Any]]:
    return {
        key: {name: value for name, value in row.items() if name not in ("extracted_at", "loaded_at", "snapshot_at")}
        for key, row in rows.items()
    }


def test_day_loaded_twice_differs_only_in_its_times(sampled: Project) -> None:
    before, summary = _without_load_times(sampled.conversations()), sampled.daily_summary()
    assert len(before) > 100
    for last in (LAST, FIRST):
        sampled.load(FIRST, last)
        assert _without_load_times(sampled.conversations()) == before
        assert sampled.daily_summary() == summary  # sums of doubles included, to the last bit


def test_summaries_equal_a_recount_of_the_conversations(sampled: Project) -> None:
    rows = sampled.conversations()
    assert differences(expected_daily_summary(rows), sampled.daily_summary()) == []
    assert differences(expected_mvw_daily_summary(rows), sampled.mvw_daily_summary()) == []


def test_one_run_of_four_days_equals_four_runs(sampled: Project, postgres: Postgres, tmp_path: Path) -> None:
    single = Project.create(sampled.source_url, postgres.new_database(), tmp_path / "single", empty=False)
    for day in range(4):
        single.load(FIRST + datetime.timedelta(days=day))
    assert _without_load_times(single.conversations()) == _without_load_times(sampled.conversations())
    assert single.daily_summary() == sampled.daily_summary()


def test_days_reloaded_in_another_time_zone_follow_the_contract(sampled: Project) -> None:
    try:
        for zone in ("UTC", "Asia/Tokyo"):
            moved = sampled.with_timezone(zone)
            moved.load(FIRST, LAST)
            rows = _on_the_days(moved.conversations())
            assert differences(_expected(moved), rows) == []
            summary = _on_the_days(moved.daily_summary())
            assert differences(expected_daily_summary(rows), summary) == []
    finally:
        sampled.create_views()


def _on_the_days(rows: Mapping[Any, dict[str, Any]]) -> dict[Any, dict[str, Any]]:
    return {key: row for key, row in rows.items() if FIRST <= row["conversation_date"] <= LAST}


def _expected(project: Project) -> dict[int, dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    with project.source() as connection:
        for day in range(4):
            date = FIRST + datetime.timedelta(days=day)
            rows |= expected_conversations(connection, project.settings.reporting_timezone.key, date)
    return rows


def test_conversation_is_counted_once_after_a_change_of_time_zone(project: Project) -> None:
    with project.writing() as writer:
        writer.conversation("2025-03-11 01:00:00", id=1)  # the 10th in São Paulo, the 11th in UTC
    project.load(DAY)
    moved = project.with_timezone("UTC")
    moved.load(DAY + datetime.timedelta(days=1))
    assert [row["conversation_date"].day for row in moved.conversations().values()] == [11]
    assert sum(row["total_conversations"] for row in moved.daily_summary().values()) == 1


def test_day_that_lost_its_last_conversation_becomes_empty(project: Project) -> None:
    with project.writing() as writer:
        writer.message(writer.conversation(NOON), NOON)
    project.load(DAY)
    assert (len(project.conversations()), len(project.daily_summary())) == (1, 1)
    with project.source() as connection:
        connection.execute("DELETE FROM conversations")
    project.load(DAY)
    assert (project.conversations(), project.daily_summary(), project.mvw_daily_summary()) == ({}, {}, {})
    with project.target() as connection:
        state = connection.execute("SELECT conversations, messages, csat FROM partition_state").fetchall()
    assert state == [(0, 0, 0)]


def test_deleted_and_changed_conversations_are_deleted_and_changed(project: Project) -> None:
    with project.writing() as writer:
        for id_ in (1, 2, 3):
            writer.message(writer.conversation(NOON, id=id_), NOON, id=id_)
    project.load(DAY)
    with project.source() as connection:
        connection.execute("DELETE FROM conversations WHERE id = 1")
        connection.execute("UPDATE conversations SET status = 1, assignee_id = 9 WHERE id = 2")
        connection.execute("UPDATE contacts SET name = 'Zoé'")
    project.load(DAY)
    rows = project.conversations()
    assert {id_: (row["status"], row["is_assigned"]) for id_, row in rows.items()} == {
        2: ("resolved", True),
        3: ("open", False),
    }
    assert {row["contact_name"] for row in rows.values()} == {"Zoé"}
    assert {key[3]: row["total_conversations"] for key, row in project.daily_summary().items()} == {
        "resolved": 1,
        "open": 1,
    }


def test_day_that_cannot_be_loaded_keeps_its_old_rows(project: Project) -> None:
    with project.writing() as writer:
        writer.conversation(NOON, id=1)
        writer.conversation("2025-03-11 12:00:00", id=2)
    project.load(DAY, DAY + datetime.timedelta(days=1))
    before = project.conversations()
    with project.target() as connection:
        connection.execute("ALTER TABLE conversas_analytics ADD CONSTRAINT ours CHECK (status = 'open')")
    with project.source() as connection:
        connection.execute("UPDATE conversations SET status = 1 WHERE id = 1")
    assert not project.load(DAY, raise_on_error=False).success
    assert project.conversations() == before
