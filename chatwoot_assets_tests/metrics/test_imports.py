"""Imported history starts no wait, ends none, and is never waiting."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from chatwoot_assets.conversations.transform import with_day
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.metrics.compute import MetricRules, Tables
from chatwoot_assets.refresh.batches import make_rows
from chatwoot_assets_tests.frames import DAY, SNAPSHOT_AT, frame

AT = datetime.datetime(2025, 3, 10, 12)  # noqa: DTZ001 (Chatwoot stores UTC without a zone)
READ_ON = datetime.date(2025, 4, 30)
HOUR = datetime.timedelta(hours=1)
AGENT: dict[str, Any] = {"message_type": "outgoing", "sender_type": "User", "sender_id": 7}


def _compute(
    messages: list[dict[str, Any]],
    events: list[dict[str, Any]] | None = None,
    imported_before: datetime.datetime | None = None,
    **conversation: object,
) -> Tables:
    conversations = with_day(frame(Dataset.CONVERSATIONS, [{"id": 1, **conversation}]), DAY, SNAPSHOT_AT)
    rows = [{"id": number, "conversation_id": 1, **message} for number, message in enumerate(messages, start=1)]
    return make_rows(
        conversations,
        frame(Dataset.MESSAGES, rows),
        frame(Dataset.CSAT, []),
        frame(Dataset.EVENTS, [{"id": 1, "conversation_id": 1, **event} for event in events or []]),
        READ_ON,
        MetricRules("UTC", imported_before=imported_before),
    ).tables


def _facts(tables: Tables) -> tuple[Any, ...]:
    names = ("is_imported", "waits_answered", "waits_open", "needs_reply", "human_replies", "first_response_seconds")
    return tables["conversation_facts"].select(names).row(0)


def test_question_and_reply_count_without_an_import() -> None:
    tables = _compute([{"created_at": AT}, {"created_at": AT + HOUR, **AGENT}])
    assert _facts(tables) == (False, 1, 0, False, 1, 3600.0)


@pytest.mark.parametrize("sender", [AGENT, {"message_type": "outgoing", "sender_type": None, "sender_id": None}])
def test_conversation_from_intercom_has_no_waits(sender: dict[str, Any]) -> None:
    messages = [{"created_at": AT}, {"created_at": AT + HOUR, **sender}, {"created_at": AT + 2 * HOUR}]
    tables = _compute(messages, is_imported=True, status="open")
    assert _facts(tables) == (True, 0, 0, False, 0, None)
    assert tables["response_intervals"].is_empty()
    assert {*tables["episodes"]["first_response_seconds"]} == {None}


def test_messages_count_after_chatwoots_first_event_about_an_imported_conversation() -> None:
    later = AT + 48 * HOUR
    tables = _compute(
        [{"created_at": AT}, {"created_at": later}, {"created_at": later + HOUR, **AGENT}],
        [{"name": "conversation_opened", "event_end_time": later + datetime.timedelta(seconds=2)}],
        is_imported=True,
    )
    assert _facts(tables) == (True, 1, 0, False, 1, 3600.0)


@pytest.mark.parametrize("events", [[], [{"name": "conversation_opened", "event_end_time": AT + 72 * HOUR}]])
def test_messages_after_the_import_wrote_a_conversation_count(events: list[dict[str, Any]]) -> None:
    later = AT + 48 * HOUR
    messages = [{"created_at": AT}, {"created_at": later}, {"created_at": later + HOUR, **AGENT}]
    tables = _compute(messages, events, is_imported=True, imported_at=AT + 47 * HOUR)
    assert _facts(tables) == (True, 1, 0, False, 1, 3600.0)


def test_nothing_before_the_setting_waits_or_replies() -> None:
    limit = (AT + 90 * datetime.timedelta(minutes=1)).replace(tzinfo=datetime.timezone.utc)
    messages = [{"created_at": AT}, {"created_at": AT + HOUR, **AGENT}, {"created_at": AT + HOUR}]
    assert _facts(_compute(messages, imported_before=limit)) == (True, 0, 0, False, 0, None)
    messages += [{"created_at": AT + 2 * HOUR}, {"created_at": AT + 3 * HOUR, **AGENT}]
    assert _facts(_compute(messages, imported_before=limit)) == (True, 1, 0, False, 1, 3600.0)
    assert _facts(_compute(messages, imported_before=limit, created_at=AT + 2 * HOUR))[0] is False


def _open_days(tables: Tables) -> list[list[str]]:
    """Return the days on which the conversation came into the backlog's parts and left them."""
    columns = ("open_days", "pending_days", "unassigned_days", "unattended_days")
    days = tables["conversation_facts"].select(columns).row(0)
    return [[str(date) for date in of_part or []] for of_part in days]


_IMPORTED = [{"created_at": AT}, {"created_at": AT + 48 * HOUR, **AGENT}]
_RESOLVED: dict[str, Any] = {"is_imported": True, "status": "resolved", "is_resolved": True}


def test_resolved_conversation_is_in_the_backlog_without_an_import() -> None:
    tables = _compute(_IMPORTED, status="resolved", is_resolved=True)
    assert _open_days(tables)[0] == ["2025-03-10", "2025-03-12"]


@pytest.mark.parametrize("imported_at", [None, AT + 600 * HOUR])
def test_imported_conversation_that_was_resolved_is_never_in_the_backlog(imported_at: object) -> None:
    assert _open_days(_compute(_IMPORTED, **_RESOLVED, imported_at=imported_at)) == [[], [], [], []]


def test_resolved_conversation_before_the_setting_is_never_in_the_backlog() -> None:
    limit = datetime.datetime(2025, 3, 13, tzinfo=datetime.timezone.utc)
    tables = _compute(_IMPORTED, imported_before=limit, status="resolved", is_resolved=True)
    assert _open_days(tables) == [[], [], [], []]


@pytest.mark.parametrize("imported_at", [None, AT + 240 * HOUR])
def test_imported_conversation_is_in_the_backlog_since_it_was_continued(imported_at: object) -> None:
    later = AT + 480 * HOUR
    messages = [*_IMPORTED, {"created_at": later}]
    # Chatwoot gives the first opening the value 0, because it has no event of the resolution.
    opened = {"name": "conversation_opened", "value": 0.0, "event_end_time": later}
    tables = _compute(messages, [opened], is_imported=True, imported_at=imported_at, status="open")
    assert _open_days(tables) == [["2025-03-30"], [], ["2025-03-30"], ["2025-03-30"]]


def test_open_imported_conversation_is_in_the_backlog_since_the_import() -> None:
    tables = _compute(_IMPORTED, is_imported=True, imported_at=AT + 240 * HOUR, status="open")
    assert _open_days(tables)[0] == ["2025-03-20"]


def _statuses(tables: Tables) -> list[tuple[Any, ...]]:
    """Return the seconds of each episode in each status, from its start to its resolution."""
    columns = ("started_at", "resolution_seconds", "open_seconds", "pending_seconds", "reopens")
    return tables["episodes"].select(columns).rows()


_LATER = AT + 480 * HOUR
_CONTINUED: list[dict[str, Any]] = [*_IMPORTED, {"created_at": _LATER}, {"created_at": _LATER + HOUR, **AGENT}]
_OPENED = {"name": "conversation_opened", "value": 0.0, "event_end_time": _LATER}
_RESOLVED_AGAIN = {"id": 2, "name": "conversation_resolved", "event_end_time": _LATER + 2 * HOUR}


@pytest.mark.parametrize("value", [0.0, 3600.0])
@pytest.mark.parametrize("imported_at", [None, AT + 240 * HOUR])
def test_time_before_an_import_is_in_no_status(imported_at: object, value: float) -> None:
    """The import wrote the conversation as resolved: what follows is served on its own."""
    events = [_OPENED | {"value": value}, _RESOLVED_AGAIN]
    tables = _compute(_CONTINUED, events, **_RESOLVED, imported_at=imported_at)
    assert _statuses(tables) == [(AT, None, None, None, 0), (_LATER, 7200.0, 7200.0, 0.0, 0)]


def test_sentence_opens_an_imported_conversation_too() -> None:
    reopened = {"message_type": "activity", "content": "Conversation was reopened by Ana", "sender_type": None}
    opened = [*_IMPORTED, {"created_at": _LATER, **reopened}]
    tables = _compute(opened, [_RESOLVED_AGAIN], **_RESOLVED, imported_at=AT + 240 * HOUR)
    assert _statuses(tables) == [(AT, None, None, None, 0), (_LATER, 7200.0, 7200.0, 0.0, 0)]
    assert _open_days(tables)[0] is not None


def test_imported_conversation_was_opened_at_the_first_message_after_the_import() -> None:
    tables = _compute(_CONTINUED, is_imported=True, imported_at=AT + 240 * HOUR, status="open")
    assert _open_days(tables)[0] == ["2025-03-30"]
    assert _statuses(tables) == [(AT, None, None, None, 0), (_LATER, None, None, None, 0)]


def test_another_limit_computes_all_days_again() -> None:
    limit = datetime.datetime(2025, 3, 1, tzinfo=datetime.timezone.utc)
    assert MetricRules("UTC").definition != MetricRules("UTC", imported_before=limit).definition


def test_messages_that_were_written_long_after_their_time_neither_wait_nor_reply() -> None:
    """Evolution API's importer writes old messages into conversations that exist already."""
    live = [{"id": 10, "created_at": AT}, {"id": 11, "created_at": AT + HOUR, **AGENT}]
    old = AT - 48 * HOUR
    imported = [
        {"id": 12, "created_at": old},
        {"id": 13, "created_at": old + HOUR, **AGENT},
        {"id": 14, "created_at": AT + HOUR / 2},
    ]
    tables = _compute([*live, *imported], created_at=old)
    assert _facts(tables) == (False, 1, 0, False, 1, 3600.0)
    assert tables["response_intervals"]["started_at"].to_list() == [AT]


def test_messages_whose_order_differs_within_an_hour_count() -> None:
    messages = [{"id": 11, "created_at": AT}, {"id": 10, "created_at": AT + HOUR, **AGENT}]
    assert _facts(_compute(messages)) == (False, 1, 0, False, 1, 3600.0)
