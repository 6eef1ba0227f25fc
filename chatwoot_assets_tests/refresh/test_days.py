"""Refreshing days from Chatwoot to the warehouse."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.refresh import load
from chatwoot_assets.refresh.changes import ChangeBatch, make_change_batch
from chatwoot_assets.refresh.days import Refresher, Stages
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.refresh.warehouse_rows import read_rows

FIRST, LAST = datetime.date(2025, 3, 10), datetime.date(2025, 3, 12)
CHANGES = {
    "a new message": "INSERT INTO messages (id, account_id, inbox_id, conversation_id, message_type, content_type,"
    " status, private, sender_type, sender_id, content, created_at, updated_at)"
    " SELECT id + 1000, account_id, inbox_id, conversation_id, 1, 0, status, private, 'User', 7, 'oi',"
    " created_at + interval '90 s', updated_at FROM messages WHERE conversation_id IN (2, 5)",
    "another status": "UPDATE conversations SET status = 1 WHERE id = 2",
    "a conversation that is gone": "DELETE FROM conversations WHERE id = 2",
    "a deleted message": "DELETE FROM messages WHERE conversation_id = 2",
}


def _refresh(project: Project) -> int:
    """Refresh all days, and return how many were written to the warehouse."""
    zone = project.settings.reporting_timezone
    resources = project.resources
    refresher = Refresher(resources["chatwoot"], resources["warehouse"], project.store, zone, MetricRules(zone.key))
    days = [project.day(FIRST + datetime.timedelta(days=number)) for number in range((LAST - FIRST).days + 1)]
    batches = refresher.refresh(days, Stages.EXTRACT | Stages.LOAD, "run", lambda _: None)
    return sum(bool(day.row_counts) for batch in batches for day in batch)


@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES.keys())
def test_refresh_of_a_changed_conversation_equals_a_first_load(
    project: Project, postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    with project.writing() as writer:
        writer.user(7, "Bia")
        for number in range(1, 31):
            at = f"2025-03-{10 + number % 3} 12:{number:02}"
            writer.conversation(at, id=number, assignee_id=7)
            writer.message(number, at)
            writer.event(number, at, "conversation_resolved", 5.0, user_id=7)
    assert _refresh(project) == 3
    applied: list[list[datetime.date]] = []

    def record(*arguments: object) -> ChangeBatch:
        batch = make_change_batch(*arguments)  # type: ignore[arg-type]  # passed on unchanged
        applied.append([day.day.date for day in batch.days])
        return batch

    monkeypatch.setattr(load, "make_change_batch", record)
    with project.source() as connection:
        connection.execute(statement.encode())
    assert _refresh(project) == 1
    assert applied == [[LAST]]
    first = replace(
        project,
        target_url=postgres.new_database(),
        settings=replace(project.settings, extracts_url=str(tmp_path / "first")),
    )
    _refresh(first)
    assert read_rows(project.target_url) == read_rows(first.target_url)
