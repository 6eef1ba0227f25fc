"""The rows of resolutions: each resolution, and the reopening that ended it."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from chatwoot_assets.metrics.resolutions import compute_resolutions
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics.histories import History, histories
from chatwoot_assets_tests.metrics.reference_hours import count_open_seconds
from chatwoot_assets_tests.metrics.reference_timeline import find_reopenings, find_resolutions, local_date
from chatwoot_assets_tests.metrics.rows import NO_BOTS, ZONE, Row, activity, after, conversation, event

_LONGEST_CHECKED = 8 * 86_400  # seconds; the reference implementation is slow


def compute(history: History) -> list[dict[str, Any]]:
    """Return the product's rows."""
    return compute_resolutions(history.to_batch()).to_dicts()


def _compute_expected(history: History) -> list[Row]:
    """Return the rows of one conversation by the reference implementation."""
    (row,) = history.conversations
    resolutions = find_resolutions(history)
    times = [instant for instant, _, _ in resolutions]
    reopened_at = {}
    for instant in find_reopenings(history):
        reopened_at[max(time for time in times if time < instant)] = instant
    return [
        {
            "conversation_id": row["id"],
            "resolution_number": number,
            **{name: row[name] for name in ("conversation_date", "account_id", "inbox_id", "team_id", "assignee_id")},
            "agent_id": user if is_reported else row["assignee_id"],
            "resolved_at": instant,
            "resolved_date": local_date(instant, history.zone),
            "seconds": (instant - row["created_at"]).total_seconds(),
            "reopened_at": reopened_at.get(instant),
            "reopened_date": local_date(reopened_at.get(instant), history.zone),
            **{name: row[name] for name in ("status", "labels")},
        }
        for number, (instant, user, is_reported) in enumerate(resolutions, 1)
    ]


@given(histories())
@examples(200)
def test_resolutions_of_any_history_equal_the_reference(history: History) -> None:
    expected = [row for number in (1, 2, 3) for row in _compute_expected(history.select(number))]
    rows = compute(history)
    conversations = {row["id"]: row for row in history.conversations}
    for row in rows:
        source, business = conversations[row["conversation_id"]], row.pop("business_seconds")
        if abs(row["seconds"]) < _LONGEST_CHECKED:
            assert business == count_open_seconds(
                source["inbox_timezone"], source["working_hours"], source["created_at"], row["resolved_at"]
            )
    assert rows == expected


def test_reopening_is_in_the_row_of_the_resolution_it_ended() -> None:
    events = [
        event(1, 10, "conversation_resolved", user_id=7),
        event(2, 20, "conversation_opened"),
        event(3, 30, "conversation_resolved"),
    ]
    rows = compute(History([conversation()], [], events, [], ZONE, NO_BOTS))
    assert [(row["resolved_at"], row["agent_id"], row["reopened_at"]) for row in rows] == [
        (after(10), 7, after(20)),
        (after(30), None, None),
    ]


def test_resolution_that_the_event_credits_to_nobody_stays_so() -> None:
    resolved_by_system = event(1, 10, "conversation_resolved", user_id=None)
    (row,) = compute(History([conversation(assignee_id=7)], [], [resolved_by_system], [], ZONE, NO_BOTS))
    assert row["agent_id"] is None


def test_resolution_without_an_event_counts_for_the_assignee() -> None:
    sentence = activity(1, 10, "Conversation was marked resolved by Ana")
    (row,) = compute(History([conversation(assignee_id=7)], [sentence], [], [], ZONE, NO_BOTS))
    assert row["agent_id"] == 7
