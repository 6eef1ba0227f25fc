"""Mails, whose attributes hold the whole mail: the marks are decided without reading it."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import psycopg
import pytest
from psycopg import sql

from chatwoot_assets_tests.project import Project

AT = "2025-03-10 12:00:00"
TEXT, INCOMING_EMAIL = 0, 8
WITHOUT_SENDER = {"message_type": 1, "content_type": TEXT, "sender_type": None, "sender_id": None}
DELETED, AUTOMATED, EXTERNAL_ECHO, CAMPAIGN = 1, 4, 8, 16


def _mail(seed: int, body: str = "") -> dict[str, Any]:
    """Return the attributes of a mail of 100 kB that cannot be compressed."""
    noise = base64.b64encode(np.random.default_rng(seed).bytes(75_000)).decode()
    return {"email": {"subject": "Troca", "html_content": {"full": f"<p>{noise}</p>{body}"}, "to": ["a@example.com"]}}


def _encodings(attributes: object) -> list[str]:
    """Return JSON as an object and, as Chatwoot writes it, as a string that contains the object."""
    return [json.dumps(attributes), json.dumps(json.dumps(attributes))]


def _write(project: Project, messages: list[dict[str, Any]]) -> list[int]:
    """Write the messages of one conversation, and return their marks in order."""
    with project.writing() as writer:
        conversation = writer.conversation(AT)
        ids = [writer.message(conversation, AT, **columns) for columns in messages]
    with project.source() as connection:
        marks = dict(connection.execute("SELECT id, marks FROM chatwoot_analytics.vw_messages_marked").fetchall())
    return [marks[id_] for id_ in ids]


def _blocks_read(connection: psycopg.Connection[Any], column: str) -> int:
    """Return how many blocks the server looks at to compute a column of every message."""
    query = sql.SQL(
        "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT sum({}) FROM chatwoot_analytics.vw_messages_marked"
    ).format(sql.Identifier(column))
    connection.execute(query)  # the first one may also set hint bits
    row = connection.execute(query).fetchone()
    assert row is not None
    plan = row[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


@pytest.mark.parametrize(
    "columns",
    [
        {"content_type": INCOMING_EMAIL},
        {"content_type": INCOMING_EMAIL, "sender_type": None, "sender_id": None},
        {"content_type": TEXT, "message_type": 1, "sender_type": "User"},
    ],
    ids=["received", "received from a deleted contact", "sent by an agent"],
)
@pytest.mark.parametrize("quoted", ["", ' "deleted": true, \\"deleted\\":true', " automation_rule_id external_echo"])
def test_marks_of_mails_are_decided_without_reading_them(
    project: Project, columns: dict[str, Any], quoted: str
) -> None:
    mails = [text for seed in range(10) for text in _encodings(_mail(seed, quoted))]
    assert _write(project, [{**columns, "content_attributes": text} for text in mails]) == [0] * 20
    with project.source() as connection:
        assert _blocks_read(connection, "marks") == _blocks_read(connection, "content_type_code")


@pytest.mark.parametrize(
    ("attributes", "marks"),
    [
        ({"automation_rule_id": 7}, AUTOMATED),
        ({"automation_rule_id": "7"}, AUTOMATED),
        ({"external_echo": True}, EXTERNAL_ECHO),
    ],
    ids=str,
)
def test_outgoing_mail_has_the_mark_that_it_begins_with(
    project: Project, attributes: dict[str, Any], marks: int
) -> None:
    mails = _encodings({**attributes, **_mail(1)})
    assert _write(project, [{**WITHOUT_SENDER, "content_attributes": text} for text in mails]) == [marks] * 2


@pytest.mark.parametrize(
    "attributes",
    [{"automation_rule_id": None}, {"automation_rule_id": ""}, {"external_echo": False}, {"external_echo_id": True}],
    ids=str,
)
def test_outgoing_mail_that_begins_with_no_mark_has_none(project: Project, attributes: dict[str, Any]) -> None:
    mails = _encodings({**attributes, **_mail(1)})
    assert _write(project, [{**WITHOUT_SENDER, "content_attributes": text} for text in mails]) == [0] * 2


def test_deleted_mail_is_deleted_as_chatwoot_marks_it(project: Project) -> None:
    """Chatwoot's deletion makes the message a text, and replaces all of its attributes."""
    mails = _encodings(_mail(1))
    assert _write(project, [{"content_type": INCOMING_EMAIL, "content_attributes": text} for text in mails]) == [0, 0]
    with project.source() as connection:
        for id_, text in enumerate(_encodings({"deleted": True}), start=1):
            connection.execute(
                "UPDATE messages SET content_type = 0, content_attributes = %s WHERE id = (SELECT id FROM messages"
                " ORDER BY id OFFSET %s LIMIT 1)",
                [text, id_ - 1],
            )
        marks = connection.execute("SELECT marks FROM chatwoot_analytics.vw_messages_marked").fetchall()
    assert marks == [(DELETED,)] * 2


def test_mail_of_a_campaign_is_marked_as_one(project: Project) -> None:
    mails = [
        {
            "content_type": type_,
            "content_attributes": json.dumps(_mail(1)),
            "additional_attributes": '{"campaign_id":4}',
        }
        for type_ in (TEXT, INCOMING_EMAIL)
    ]
    assert _write(project, mails) == [CAMPAIGN] * 2


def test_short_mail_is_read_like_other_attributes(project: Project) -> None:
    attributes = {"email": {"subject": "deleted"}, "deleted": True}
    texts = _encodings(attributes)
    assert _write(project, [{"content_type": TEXT, "content_attributes": text} for text in texts]) == [DELETED] * 2
