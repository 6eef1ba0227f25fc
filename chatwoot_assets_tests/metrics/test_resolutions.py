"""The rows of resolutions: each time a conversation was resolved, and the reopening that ended it."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from chatwoot_assets.metrics.resolutions import compute_resolutions
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics import reference_facts as retold_facts
from chatwoot_assets_tests.metrics.histories import History, histories
from chatwoot_assets_tests.metrics.reference import day_of
from chatwoot_assets_tests.metrics.reference_hours import open_seconds
from chatwoot_assets_tests.metrics.rows import NOBODY_ELSE, ZONE, Row, after, conversation, event

_LONGEST_TOLD = 8 * 86_400  # seconds; longer ones take plain Python too long


def compiled(held: History) -> list[dict[str, Any]]:
    """Return the product's rows."""
    return compute_resolutions(held.extracted()).to_dicts()


def _told(held: History) -> list[Row]:
    """Return the rows of one conversation, told in plain Python."""
    (row,) = held.conversations
    found = retold_facts.resolutions(held)
    times = [at for at, _ in found]
    ended = {}
    for at in retold_facts.reopenings(held):
        ended[max(time for time in times if time < at)] = at
    return [
        {
            "conversation_id": row["id"],
            "resolution_number": number,
            **{name: row[name] for name in ("conversation_date", "account_id", "inbox_id", "team_id", "assignee_id")},
            "agent_id": agent,
            "resolved_at": at,
            "resolved_date": day_of(at, held.zone),
            "seconds": (at - row["created_at"]).total_seconds(),
            "reopened_at": ended.get(at),
            "reopened_date": day_of(ended.get(at), held.zone),
            **{name: row[name] for name in ("status", "labels")},
        }
        for number, (at, agent) in enumerate(found, 1)
    ]


@given(histories())
@examples(200)
def test_the_resolutions_of_any_history_are_those_that_plain_python_finds(held: History) -> None:
    expected = [row for number in (1, 2, 3) for row in _told(held.only(number))]
    found = compiled(held)
    inboxes = {row["id"]: row for row in held.conversations}
    for row in found:
        own, business = inboxes[row["conversation_id"]], row.pop("business_seconds")
        if abs(row["seconds"]) < _LONGEST_TOLD:
            assert business == open_seconds(
                own["inbox_timezone"], own["working_hours"], own["created_at"], row["resolved_at"]
            )
    assert found == expected


def test_a_reopening_stands_beside_the_resolution_that_it_ended() -> None:
    events = [
        event(1, 10, "conversation_resolved", user_id=7),
        event(2, 20, "conversation_opened"),
        event(3, 30, "conversation_resolved"),
    ]
    rows = compiled(History([conversation()], [], events, [], ZONE, NOBODY_ELSE))
    assert [(row["resolved_at"], row["agent_id"], row["reopened_at"]) for row in rows] == [
        (after(10), 7, after(20)),
        (after(30), None, None),
    ]
