"""The times of episodes: in opening hours, in each status, and since the assignment."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given

from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics.episode_rows import DAY, GAPS, HOUR, MONTH, compute, compute_rows, reopen, resolve
from chatwoot_assets_tests.metrics.histories import History, histories
from chatwoot_assets_tests.metrics.reference_hours import count_open_seconds
from chatwoot_assets_tests.metrics.rows import (
    activity,
    after,
    event,
    message,
    reply,
)

SINCE_ASSIGNMENT = ["assigned_at", "assignment_to_reply_seconds", "assignment_to_resolution_seconds"]

_LONGEST_CHECKED = 8 * DAY  # seconds; the reference implementation is slow


@given(histories(), GAPS)
@examples(60)
def test_durations_count_in_opening_hours_too(history: History, gap: datetime.timedelta) -> None:
    conversations = {row["id"]: row for row in history.conversations}
    for row in compute(history, gap).to_dicts():
        source = conversations[row["conversation_id"]]
        hours = source["inbox_timezone"], source["working_hours"]
        if abs(row["resolution_seconds"] or 0) < _LONGEST_CHECKED:
            expected = count_open_seconds(*hours, row["started_at"], row["resolved_at"])
            assert row["resolution_business_seconds"] == expected
        if row["first_response_seconds"] is None:
            assert row["first_response_business_seconds"] is None


def test_first_response_runs_from_the_handover_of_a_bot() -> None:
    messages = message(1, 0), reply(2, 10, sender_type="AgentBot", sender_id=2), reply(3, 900)
    (row,) = compute_rows(*messages, events=(event(1, 600, "conversation_bot_handoff"),))
    assert (row["first_response_seconds"], row["replies"], row["outgoing_messages"]) == (300, 1, 2)


def test_seconds_in_each_status_end_at_the_resolution() -> None:
    messages = (
        message(1, 0),
        activity(2, 100, "Assigned to Ana by Zé"),
        activity(3, 200, "Conversa foi adiada por Ana"),
        activity(4, 500, "Conversation was marked as pending by Ana"),
    )
    (row,) = compute_rows(*messages, events=(resolve(1, 900),), status="resolved", assignee_id=7)
    assert [row[f"{name}_seconds"] for name in ("open", "snoozed", "pending", "unassigned")] == [200, 300, 400, 100]


def test_seconds_are_null_where_nothing_tells_them() -> None:
    silent = message(1, 0), message(2, DAY)
    events = resolve(1, 60), resolve(2, DAY + 60)
    rows = compute_rows(*silent, events=events, status="resolved", assignee_id=7)
    assert [row["open_seconds"] for row in rows] == [None]
    (row,) = compute_rows(message(1, 0), events=events[:1], status="resolved", assignee_id=7)
    assert (row["open_seconds"], row["unassigned_seconds"]) == (60, None)
    (row,) = compute_rows(message(1, 0))
    assert (row["open_seconds"], row["unassigned_seconds"]) == (None, None)


def test_times_since_the_assignment_are_measured() -> None:
    messages = message(1, 0), activity(2, 100, "Assigned to Ana by Zé"), reply(3, 160), message(4, MONTH)
    (row, later) = compute_rows(*messages, events=(resolve(1, 900), reopen(2, MONTH)), assignee_id=7)
    assert [row[name] for name in SINCE_ASSIGNMENT] == [after(100), 60, 800]
    assert [later[name] for name in SINCE_ASSIGNMENT] == [None, None, None]


@pytest.mark.parametrize("before", [("Assigned to Ana by Zé", 100), ("Conversation unassigned by Zé", MONTH + 60)])
def test_agent_who_was_assigned_before_the_episode_has_no_time_since_it(before: tuple[str, int]) -> None:
    sentence, at = before
    messages = (
        message(1, 0), activity(2, at, sentence), message(3, MONTH), activity(4, MONTH + HOUR, "Assigned to Bia by Zé"),
        reply(5, MONTH + HOUR + 60),
    )  # fmt: skip
    later = compute_rows(*messages, events=(resolve(1, 900), reopen(2, MONTH)), assignee_id=7)[-1]
    assert [later[name] for name in SINCE_ASSIGNMENT] == [None, None, None]


def test_agent_who_was_unassigned_before_the_episode_is_assigned_in_it() -> None:
    messages = (
        message(1, 0), activity(2, 100, "Assigned to Ana by Zé"), activity(3, 200, "Conversation unassigned by Zé"),
        message(4, MONTH), activity(5, MONTH + 60, "Assigned to Bia by Zé"),
    )  # fmt: skip
    later = compute_rows(*messages, events=(resolve(1, 900), reopen(2, MONTH)), assignee_id=7)[-1]
    assert later["assigned_at"] == after(MONTH + 60)


def test_reply_before_the_assignment_has_no_time_since_it() -> None:
    messages = message(1, 0), reply(2, 60), activity(3, 100, "Assigned to Ana by Zé"), reply(4, 160)
    (row,) = compute_rows(*messages, assignee_id=7)
    assert [row[name] for name in SINCE_ASSIGNMENT] == [after(100), None, None]


def test_assignment_to_an_agent_or_a_team_tells_no_time() -> None:
    messages = message(1, 0), activity(2, 100, "Assigned to bruno by Zé"), reply(3, 160)
    (row,) = compute_rows(*messages)
    assert [row[name] for name in SINCE_ASSIGNMENT] == [None, None, None]


def test_dates_are_in_the_reporting_time_zone() -> None:
    (row,) = compute_rows(message(1, 14 * HOUR), events=(resolve(1, 16 * HOUR),), status="resolved")
    assert [str(row[name]) for name in ("started_date", "resolved_date")] == ["2025-03-10", "2025-03-11"]
