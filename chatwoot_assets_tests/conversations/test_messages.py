"""Replacing messages together with their conversations."""

from __future__ import annotations

import datetime
from typing import Any

import psycopg

from chatwoot_assets_tests.frames import DAY, day_batch, load_days

NEXT_DAY = DAY + datetime.timedelta(days=1)

Connection = psycopg.Connection[Any]


def _messages(connection: Connection) -> list[Any]:
    return connection.execute(
        "SELECT id, conversation_id, conversation_date, account_id, inbox_id, marks, deleted, content"
        " FROM messages ORDER BY id"
    ).fetchall()


def test_messages_have_their_conversation_s_day_account_and_inbox(connection: Connection) -> None:
    messages: list[dict[str, Any]] = [
        {"id": 7, "conversation_id": 1, "content": '{"a": 1}', "automated": True, "campaign": True},
        {"id": 8, "conversation_id": 1, "content": None, "deleted": True},
        {"id": 9, "conversation_id": 1, "content": "", "deleted": None, "external_echo": True},
    ]
    load_days(connection, [day_batch([{"id": 1, "account_id": 3, "inbox_id": 4}], messages)], "run")
    key = (1, DAY, 3, 4)
    assert _messages(connection) == [
        (7, *key, 20, False, '{"a": 1}'),
        (8, *key, 1, True, None),
        (9, *key, 10, None, ""),
    ]


def test_messages_go_with_their_conversation(connection: Connection) -> None:
    both = [{"id": 1}, {"id": 2}]
    messages = [{"id": id_, "conversation_id": 1 + id_ % 2} for id_ in range(10, 20)]
    load_days(connection, [day_batch(both, messages)], "first")
    load_days(connection, [day_batch(both[:1], messages)], "second")
    assert [row[:2] for row in _messages(connection)] == [(id_, 1) for id_ in range(10, 20, 2)]
    load_days(connection, [day_batch(both[:1], messages, date=NEXT_DAY)], "third")
    assert {row[1:3] for row in _messages(connection)} == {(1, NEXT_DAY)}


def test_message_of_another_conversation_has_its_old_day_loaded_again(connection: Connection) -> None:
    load_days(connection, [day_batch([{"id": 1}], [{"id": 7, "conversation_id": 1}])], "first")
    moved = day_batch([{"id": 2}], [{"id": 7, "conversation_id": 2}], date=NEXT_DAY)
    load_days(connection, [moved], "second")
    assert [row[:3] for row in _messages(connection)] == [(7, 2, NEXT_DAY)]
    states = connection.execute(
        "SELECT conversation_date, conversations_fingerprint FROM partition_state ORDER BY 1"
    ).fetchall()
    assert states == [(DAY, None), (NEXT_DAY, "1")]
