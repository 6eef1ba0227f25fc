"""What a conversation belongs to: labels, team, account, and when its inbox is open; and its events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from psycopg.rows import dict_row

from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.source_writer import SourceWriter

AT = "2025-03-10 12:00:00"


@pytest.fixture
def writer(project: Project) -> Iterator[SourceWriter]:
    with project.writing() as written:
        yield written


def _contexts(writer: SourceWriter) -> dict[int, dict[str, Any]]:
    with writer._connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute("SELECT * FROM chatwoot_analytics.vw_conversation_context").fetchall()
    return {row["conversation_id"]: row for row in rows}


def test_the_labels_are_those_of_the_conversation_each_once(writer: SourceWriter) -> None:
    for id_, name in ((1, "vip"), (2, "troca"), (3, None)):
        writer.tag(id_, name)
    labelled, plain = writer.conversation(AT), writer.conversation(AT)
    for tag in (1, 2, 2, 3):
        writer.label(labelled, tag)
    writer.label(plain, 1, taggable_type="Contact")
    writer.label(plain, 1, context="others")
    found = _contexts(writer)
    assert found[labelled]["labels"] == ["troca", "vip"]
    assert found[plain]["labels"] == []


def test_names_of_what_is_gone_are_null(writer: SourceWriter) -> None:
    writer.team(5, "vendas")
    here, gone = writer.conversation(AT, team_id=5), writer.conversation(AT, team_id=6, inbox_id=99)
    found = _contexts(writer)
    assert (found[here]["team_name"], found[here]["account_name"]) == ("vendas", "Loja")
    assert (found[gone]["team_name"], found[gone]["inbox_timezone"], found[gone]["working_hours"]) == (None,) * 3


def test_working_hours_are_minutes_of_the_day_and_closed_days_are_absent(writer: SourceWriter) -> None:
    writer.inbox(20, "Loja", working_hours_enabled=True, timezone="America/Manaus")
    writer.opens(20, 1, 13 * 60 + 30, 18 * 60)
    writer.opens(20, 1, 9 * 60, 12 * 60)
    writer.opens(20, 2, 9 * 60, 18 * 60, closed_all_day=True)
    writer.opens(20, 6, 0, 0, open_all_day=True)
    conversation = writer.conversation(AT, inbox_id=20)
    found = _contexts(writer)[conversation]
    assert json.loads(found["working_hours"]) == [[1, 540, 720], [1, 810, 1080], [6, 0, 1440]]
    assert found["inbox_timezone"] == "America/Manaus"


def test_an_inbox_with_working_hours_off_has_none_and_one_that_never_opens_has_an_empty_list(
    writer: SourceWriter,
) -> None:
    writer.inbox(20, "Off", working_hours_enabled=False)
    writer.opens(20, 1, 540, 720)
    writer.inbox(21, "Never", working_hours_enabled=True)
    writer.opens(21, 1, 1080, 540)  # it would close before it opens
    off, never = writer.conversation(AT, inbox_id=20), writer.conversation(AT, inbox_id=21)
    found = _contexts(writer)
    assert found[off]["working_hours"] is None
    assert found[never]["working_hours"] == "[]"


def test_the_events_are_those_of_conversations_that_there_are(writer: SourceWriter) -> None:
    conversation = writer.conversation(AT)
    kept = writer.event(conversation, AT, "first_response", 5.0, user_id=3)
    writer.event(None, AT, "first_response")
    writer.event(987_654, AT, "first_response")
    odd = writer.event(conversation, "infinity", "conversation_resolved", 1.0, created_at=AT)
    rows = writer._connection.execute(
        "SELECT id, user_id, value, event_end_time FROM chatwoot_analytics.vw_reporting_events_base ORDER BY id"
    ).fetchall()
    assert [(id_, user, value) for id_, user, value, _ in rows] == [(kept, 3, 5.0), (odd, None, 1.0)]
    assert rows[1][3] is None
