"""Calls as Chatwoot recorded them, from the JSON of the extract to rows."""

from __future__ import annotations

import datetime
import json

from chatwoot_assets.metrics.calls import compute_calls
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets_tests.metrics.rows import ZONE, conversation, conversation_frame
from chatwoot_assets_tests.project import Project

AT, DATE = "2025-03-10 13:00", datetime.date(2025, 3, 10)


def _call(**values: object) -> str:
    return json.dumps({"id": 3, "direction": "incoming", "provider": "twilio", "call_status": "no_answer", **values})


def test_each_call_of_a_conversation_is_a_row() -> None:
    answered = {"call_status": "completed", "agent_id": 7, "duration_seconds": 65}
    calls = [_call(), _call(id=4, called_at="2025-03-11T02:00:00.5", started_at="2025-03-11T02:00:09", **answered)]
    frame = compute_calls(conversation_frame(conversation(calls=calls), conversation(id=2)), ZONE)
    assert frame.columns == list(TABLES["calls"])
    rows = frame.select("conversation_id", "call_id", "call_status", "agent_id", "called_date", "duration_seconds")
    # Two in the morning in UTC is still the day before in São Paulo.
    assert rows.rows() == [(1, 3, "no_answer", None, None, None), (1, 4, "completed", 7, DATE, 65)]


def test_no_calls_yield_no_rows_and_the_same_columns() -> None:
    frame = compute_calls(conversation_frame(conversation()), ZONE)
    assert (frame.columns, len(frame)) == (list(TABLES["calls"]), 0)


def test_call_is_loaded_without_its_transcript_and_again_when_it_ends(project: Project) -> None:
    with project.writing() as writer:
        id_ = writer.conversation(AT)
    with project.source() as connection:
        connection.execute(
            "INSERT INTO calls (id, account_id, inbox_id, conversation_id, contact_id, provider_call_id, provider,"
            " direction, transcript, created_at, updated_at)"
            " SELECT 3, account_id, inbox_id, id, 1, 'CA1', 1, 0, 'segredo', %s, %s FROM conversations WHERE id = %s",
            [AT, AT, id_],
        )
    project.load(DATE)
    query = (
        b"SELECT call_id, direction, provider, call_status, agent_id, called_date, duration_seconds, started_at"
        b" AT TIME ZONE 'UTC', calls::text LIKE '%segredo%' FROM calls"
    )
    with project.target() as connection:
        rows = connection.execute(query).fetchall()
    assert rows == [(3, "incoming", "whatsapp", "ringing", None, DATE, None, None, False)]
    started = datetime.datetime.fromisoformat(AT) + datetime.timedelta(seconds=9)
    with project.source() as connection:
        connection.execute(
            "UPDATE calls SET status = 'completed', accepted_by_agent_id = 7, duration_seconds = 65, started_at = %s",
            [started],
        )
    project.load(DATE)
    with project.target() as connection:
        rows = connection.execute(query).fetchall()
    assert rows == [(3, "incoming", "whatsapp", "completed", 7, DATE, 65, started, False)]
