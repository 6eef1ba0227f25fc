"""What belongs to a conversation: labels, team, account, its inbox's working hours, responses and events."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any

import pytest
from psycopg.rows import dict_row

from chatwoot_assets.conversations.transform import latest_ratings
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets_tests.frames import read_rows
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.source_writer import SourceWriter

AT = "2025-03-10 12:00:00"


@pytest.fixture
def writer(project: Project) -> Iterator[SourceWriter]:
    with project.writing() as written:
        yield written


def _joined(writer: SourceWriter) -> dict[int, dict[str, Any]]:
    with writer._connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute("SELECT * FROM chatwoot_analytics.vw_conversations_joined").fetchall()
    return {row["id"]: row for row in rows}


def test_labels_of_a_conversation_are_stored_sorted_and_once_each(project: Project) -> None:
    with project.writing() as writer:
        for id_, name in ((1, "vip"), (2, "troca"), (3, None)):
            writer.tag(id_, name)
        labelled, plain = writer.conversation(AT), writer.conversation(AT)
        for tag in (1, 2, 2, 3):
            writer.label(labelled, tag)
        writer.label(plain, 1, taggable_type="Contact")
        writer.label(plain, 1, context="others")
    with project.source() as connection:
        rows = connection.execute("SELECT conversation_id, label FROM chatwoot_analytics.vw_conversation_labels")
        assert sorted(rows) == [(labelled, "troca"), (labelled, "troca"), (labelled, "vip")]
    project.load(datetime.date(2025, 3, 10))
    stored, _ = read_rows(project.store, Dataset.CONVERSATIONS, project.day("2025-03-10"))
    assert dict(stored.select("id", "labels").iter_rows()) == {labelled: ["troca", "vip"], plain: []}


def test_every_response_is_stored_and_the_latest_is_that_of_the_view(project: Project) -> None:
    with project.writing() as writer:
        conversations = [writer.conversation(AT) for _ in range(3)]
        for conversation, at, rating in (
            (0, "2025-03-10 14:00", 5), (0, "2025-03-10 13:00", 1),  # the earlier response has the larger id
            (1, "2025-03-10 13:00", 1), (1, "2025-03-10 13:00", 2),  # at the same instant
            (2, "2025-03-10 13:00", 3), (2, "infinity", 4),  # a time that cannot be read is the earliest
        ):  # fmt: skip
            writer.rating(conversations[conversation], at, rating)
    project.load(datetime.date(2025, 3, 10))
    columns = ["conversation_id", "rating", "rated_at", "csat_responses"]
    responses, _ = read_rows(project.store, Dataset.CSAT, project.day("2025-03-10"))
    assert responses["rating"].to_list() == [1, 5, 1, 2, 4, 3]
    stored = sorted(latest_ratings(responses).select(columns).iter_rows())
    assert [(rating, responses) for _, rating, _, responses in stored] == [(5, 2), (2, 2), (3, 2)]
    with project.source() as connection:
        rows = connection.execute(
            "SELECT conversation_id, rating, rated_at, csat_responses FROM chatwoot_analytics.vw_csat_base ORDER BY 1"
        )
        assert rows.fetchall() == stored


def test_names_of_deleted_rows_are_null(writer: SourceWriter) -> None:
    writer.team(5, "vendas")
    here, gone = writer.conversation(AT, team_id=5), writer.conversation(AT, team_id=6, inbox_id=99)
    rows = _joined(writer)
    assert (rows[here]["team_name"], rows[here]["account_name"]) == ("vendas", "Loja")
    assert (rows[gone]["team_name"], rows[gone]["inbox_timezone"], rows[gone]["working_hours"]) == (None,) * 3


def test_working_hours_are_minutes_of_the_day_without_closed_days(writer: SourceWriter) -> None:
    writer.inbox(20, "Loja", working_hours_enabled=True, timezone="America/Manaus")
    writer.opens(20, 1, 13 * 60 + 30, 18 * 60)
    writer.opens(20, 1, 9 * 60, 12 * 60)
    writer.opens(20, 2, 9 * 60, 18 * 60, closed_all_day=True)
    writer.opens(20, 6, 0, 0, open_all_day=True)
    conversation = writer.conversation(AT, inbox_id=20)
    row = _joined(writer)[conversation]
    assert json.loads(row["working_hours"]) == [[1, 540, 720], [1, 810, 1080], [6, 0, 1440]]
    assert row["inbox_timezone"] == "America/Manaus"


def test_inbox_has_null_or_empty_hours_if_they_are_off_or_never_begin(
    writer: SourceWriter,
) -> None:
    writer.inbox(20, "Off", working_hours_enabled=False)
    writer.opens(20, 1, 540, 720)
    writer.inbox(21, "Never", working_hours_enabled=True)
    writer.opens(21, 1, 1080, 540)  # closes before it opens
    off, never = writer.conversation(AT, inbox_id=20), writer.conversation(AT, inbox_id=21)
    rows = _joined(writer)
    assert rows[off]["working_hours"] is None
    assert rows[never]["working_hours"] == "[]"


def test_events_are_those_of_existing_conversations(writer: SourceWriter) -> None:
    conversation = writer.conversation(AT)
    stored = writer.event(conversation, AT, "first_response", 5.0, user_id=3)
    writer.event(None, AT, "first_response")
    writer.event(987_654, AT, "first_response")
    odd = writer.event(conversation, "infinity", "conversation_resolved", 1.0, created_at=AT)
    rows = writer._connection.execute(
        "SELECT id, user_id, value, event_end_time FROM chatwoot_analytics.vw_reporting_events_base ORDER BY id"
    ).fetchall()
    assert [(id_, user, value) for id_, user, value, _ in rows] == [(stored, 3, 5.0), (odd, None, 1.0)]
    assert rows[1][3] is None
