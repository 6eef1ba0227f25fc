"""SLAs as Chatwoot judges them, from the JSON of the extract to rows."""

from __future__ import annotations

import datetime
import json

from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.metrics.slas import compute_conversation_slas
from chatwoot_assets_tests.metrics.rows import ZONE, conversation, conversation_frame
from chatwoot_assets_tests.project import Project

AT, LATER = "2025-03-10 13:00", "2025-03-11 02:00"


def _sla(**values: object) -> str:
    return json.dumps({"id": 3, "sla_policy_id": 2, "policy_name": "Ouro", "sla_status": "hit", **values})


def test_each_sla_of_a_conversation_is_a_row() -> None:
    slas = [_sla(id=3), _sla(id=4, sla_status="active_with_misses", applied_at="2025-03-11T02:00:00.5")]
    frame = compute_conversation_slas(conversation_frame(conversation(slas=slas), conversation(id=2)), ZONE)
    assert frame.columns == list(TABLES["conversation_slas"])
    rows = frame.select("conversation_id", "sla_id", "sla_status", "is_missed", "applied_date").rows()
    # Two in the morning in UTC is still the day before in São Paulo.
    assert rows == [(1, 3, "hit", False, None), (1, 4, "active_with_misses", True, datetime.date(2025, 3, 10))]


def test_no_slas_yield_no_rows_and_the_same_columns() -> None:
    frame = compute_conversation_slas(conversation_frame(conversation()), ZONE)
    assert (frame.columns, len(frame)) == (list(TABLES["conversation_slas"]), 0)


def test_sla_is_loaded_with_what_was_missed_and_again_when_it_changes(project: Project) -> None:
    with project.writing() as writer:
        id_ = writer.conversation(AT)
    with project.source() as connection:
        connection.execute(
            "INSERT INTO sla_policies (id, name, account_id, created_at, updated_at)"
            " VALUES (2, 'Ouro', 1, now(), now())"
        )
        connection.execute(
            "INSERT INTO applied_slas"
            " (id, account_id, sla_policy_id, conversation_id, sla_status, created_at, updated_at)"
            " VALUES (3, 1, 2, %s, 0, %s, %s)",
            [id_, AT, AT],
        )
    project.load(datetime.date(2025, 3, 10))
    query = (
        b"SELECT sla_status, is_missed, policy_name, next_response_misses, resolution_missed_at AT TIME ZONE 'UTC'"
        b" FROM conversation_slas"
    )
    with project.target() as connection:
        assert connection.execute(query).fetchall() == [("active", False, "Ouro", 0, None)]
    with project.source() as connection:
        connection.execute("UPDATE applied_slas SET sla_status = 2")
        connection.execute(
            "INSERT INTO sla_events (applied_sla_id, conversation_id, account_id, sla_policy_id, inbox_id,"
            " event_type, created_at, updated_at) VALUES (3, %s, 1, 2, 10, 2, %s, %s)",
            [id_, LATER, LATER],
        )
    project.load(datetime.date(2025, 3, 10))
    with project.target() as connection:
        rows = connection.execute(query).fetchall()
    assert rows == [("missed", True, "Ouro", 0, datetime.datetime.fromisoformat(LATER))]
