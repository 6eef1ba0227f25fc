"""The marks that Chatwoot keeps in a message's attributes: automation, campaign, echo of an app, and reaction."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatwoot_assets_tests.adversarial_texts import CONTENT_ATTRIBUTES, ESCAPES_REFUSED_BY_JSONB
from chatwoot_assets_tests.project import Project

AT = "2025-03-10 12:00:00"


def _marks(project: Project, messages: list[dict[str, Any]]) -> list[tuple[bool, bool, bool, bool]]:
    """Write messages, and return whether each is automated, an echo, part of a campaign, and a reaction."""
    with project.writing() as writer:
        conversation = writer.conversation(AT)
        ids = [writer.message(conversation, AT, **columns) for columns in messages]
    with project.source() as connection:
        marks = dict(connection.execute("SELECT id, marks FROM chatwoot_analytics.vw_messages_marked").fetchall())
    return [tuple(marks[id_] & bit != 0 for bit in (4, 8, 16, 32)) for id_ in ids]


@pytest.mark.parametrize("mark", ["automation_rule_id", "external_echo", "is_reaction"])
def test_mark_is_found_where_a_deletion_is_and_nowhere_else(project: Project, mark: str) -> None:
    cases = [
        (text.replace("deleted", mark), deleted is True)
        for text, deleted in CONTENT_ATTRIBUTES + ESCAPES_REFUSED_BY_JSONB
        # An automation rule is identified by its number, or by any text.
        if text is not None and "True" not in text and (mark != "automation_rule_id" or ":1}" not in text)
    ]
    if mark == "automation_rule_id":
        cases = [(text.replace("true", "7"), marked) for text, marked in cases]
    results = _marks(project, [{"content_attributes": text} for text, _ in cases])
    position = {"automation_rule_id": 0, "external_echo": 1, "is_reaction": 3}[mark]
    assert [(text, marks[position]) for (text, _), marks in zip(cases, results, strict=True)] == cases


def test_several_marks_of_one_message_are_all_found(project: Project) -> None:
    every = {"external_echo": True, "in_reply_to": 5, "automation_rule_id": 3, "deleted": True, "is_reaction": True}
    written = [{"content_attributes": json.dumps(every)}, {"content_attributes": json.dumps(json.dumps(every))}]
    assert _marks(project, written) == [(True, True, False, True)] * 2


def test_automation_rule_that_is_null_or_empty_is_no_mark(project: Project) -> None:
    written = [{"content_attributes": json.dumps({"automation_rule_id": value})} for value in (None, "", False, 12)]
    assert [automated for automated, *_ in _marks(project, written)] == [False, False, False, True]


def test_campaign_is_read_from_the_additional_attributes(project: Project) -> None:
    values: list[tuple[str | None, bool]] = [
        (None, False), ("{}", False), ('{"campaign_id": 4}', True), ('{"campaign_id": "4"}', True),
        ('{"campaign_id": null}', False), ('{"campaign_id": ""}', False), ('{"other": {"campaign_id": 4}}', False),
        ('"campaign_id"', False), ('["campaign_id"]', False), ("7", False),
    ]  # fmt: skip
    marks = _marks(project, [{"additional_attributes": text} for text, _ in values])
    assert [campaign for _, _, campaign, _ in marks] == [expected for _, expected in values]
