"""The backlog at the end of each day, without a database: whatever a day is, it is what Python finds in the rows."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest
from hypothesis import given

from chatwoot_assets.metrics.backlog_changes import PARTS, compute_backlog_changes
from chatwoot_assets.metrics.response_intervals import compute_response_intervals
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics.reference_daily import Key, backlog
from chatwoot_assets_tests.metrics.scenarios import NOON, History, Row, histories, history

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
_KEY = ("conversation_date", "account_id", "inbox_id", "team_id", "agent_id")


def _changes(story: History, until: datetime.date | None = None) -> list[Row]:
    return compute_backlog_changes(*story.extracted(), until=until).to_dicts()


def _at_end_of(day: datetime.date, changes: list[Row]) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for row in changes:
        if row["change_date"] <= day:
            for kind in PARTS:
                found[(*(row[name] for name in _KEY), kind)] += row[kind]
    return Counter({key: number for key, number in found.items() if number})


def _course(story: History, kind: str, days: int = 6) -> list[int]:
    """Return how many conversations are in a part of the backlog at the end of the first days from NOON's on."""
    changes = _changes(story)
    return [
        sum(row[kind] for row in changes if row["change_date"] <= NOON.date() + number * DAY) for number in range(days)
    ]


def _waited(story: History) -> History:
    """Return the history with the waits that follow from its messages."""
    waits = compute_response_intervals(story.extracted()[0])
    return History(story.conversations, story.messages, story.events, story.csat, waits.to_dicts(), story.zone)


def _said(day: int, content: str) -> Row:
    return {
        "conversation_id": 1, "created_at": NOON + day * DAY, "content": content, "message_type": "activity",
        "sender_type": None,
    }  # fmt: skip


def _written(day: int, kind: str = "incoming", **columns: object) -> Row:
    sender = {"sender_type": "User", "sender_id": 5} if kind == "outgoing" else {}
    return {"conversation_id": 1, "created_at": NOON + day * DAY, "message_type": kind, **sender, **columns}


@given(histories())
@examples(250)
def test_the_backlog_at_the_end_of_any_day_is_what_python_finds(story: History) -> None:
    changes = _changes(story)
    first = datetime.date(2018, 10, 26)
    for day in (first + number * DAY for number in range(14)):
        assert _at_end_of(day, changes) == backlog(story, day)


@given(histories())
@examples(150)
def test_all_changes_together_are_what_chatwoot_counts_now(story: History) -> None:
    now: Counter[str] = Counter()
    for row in story.conversations:
        now[row["status"]] += 1
        if row["status"] == "open":
            now["unassigned"] += row["assignee_id"] is None
            now["unattended"] += row["first_response_seconds"] is None or row["waiting_since"] is not None
    changes = _changes(_waited(story))
    assert {kind: sum(row[kind] for row in changes) for kind in PARTS} == {kind: now[kind] for kind in PARTS}


@given(histories())
@examples(100)
def test_the_order_of_the_rows_read_does_not_matter(story: History) -> None:
    shuffled = compute_backlog_changes(*story.extracted(shuffled=True))
    assert compute_backlog_changes(*story.extracted()).equals(shuffled)


@given(histories())
@examples(100)
def test_no_change_is_dated_before_its_conversation_or_after_it_was_read(story: History) -> None:
    until = max(row["conversation_date"] for row in story.conversations)
    changes = _changes(story, until)
    assert all(row["conversation_date"] <= row["change_date"] <= until for row in changes)
    assert _at_end_of(until, changes) == _at_end_of(datetime.date.max, _changes(story))


def test_no_conversation_at_all_changes_nothing_and_has_the_same_columns() -> None:
    empty = compute_backlog_changes(*history([]).extracted())
    assert empty.is_empty()
    assert empty.schema == compute_backlog_changes(*history([{}]).extracted()).schema
    assert empty.columns == [
        "conversation_date",
        "change_date",
        "account_id",
        "inbox_id",
        "team_id",
        "agent_id",
        *PARTS,
    ]


def test_a_conversation_that_was_resolved_on_its_day_was_never_a_backlog() -> None:
    story = history([{"status": "resolved", "assignee_id": 5}], events=[{"conversation_id": 1}])
    assert _changes(story) == []


def test_a_conversation_that_was_reopened_and_is_still_open_is_a_backlog_again() -> None:
    events = [
        {"conversation_id": 1, "name": name, "event_end_time": NOON + day * DAY}
        for name, day in (("conversation_resolved", 1), ("conversation_opened", 3))
    ]
    assert _course(history([{}], events=events), "open") == [1, 0, 0, 1, 1, 1]


def test_a_status_that_is_not_known_is_in_no_part_of_the_backlog() -> None:
    story = history([{"status": "unknown(7)"}], messages=[_written(2)])
    assert [_course(story, kind)[-1] for kind in PARTS] == [0] * 5
    assert _course(story, "open") == [1, 1, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("assignee", "sentences", "expected"),
    [
        (None, [], [1, 1, 1, 1, 1, 1]),
        (5, [], [0, 0, 0, 0, 0, 0]),
        (5, [(2, "Assigned to Ana by Bia")], [1, 1, 0, 0, 0, 0]),
        (None, [(2, "Conversation unassigned by Ana")], [0, 0, 1, 1, 1, 1]),
        (
            6,
            [(1, "Atribuído a Ana"), (2, "Conversation unassigned by Ana"), (4, "Atribuído a Bia")],
            [1, 0, 1, 1, 0, 0],
        ),
        # A team is nobody; and who was removed from Chatwoot is gone without a word.
        (None, [(1, "Assigned to vendas by Ana")], [1, 1, 1, 1, 1, 1]),
        (None, [(1, "Assigned to Ana by Bia"), (3, "Ana added vip")], [1, 0, 0, 1, 1, 1]),
    ],
)
def test_nobodys_conversations_follow_what_was_said_and_end_at_what_is(
    assignee: int | None, sentences: list[tuple[int, str]], expected: list[int]
) -> None:
    story = history([{"assignee_id": assignee}], messages=[_said(day, text) for day, text in sentences])
    assert _course(story, "unassigned") == expected


def test_a_conversation_is_unattended_until_it_is_answered_and_whenever_a_contact_waits_again() -> None:
    messages = [
        _written(0), _written(1, "outgoing"), _written(3), _written(3, "outgoing", private=True),
        _written(4, "outgoing"),
    ]  # fmt: skip
    story = _waited(history([{"first_response_seconds": 86_400.0}], messages=messages))
    assert _course(story, "unattended") == [1, 0, 0, 1, 0, 0]


def test_nobody_waits_any_more_once_it_was_resolved_whoever_opens_it_again() -> None:
    events = [
        {"conversation_id": 1, "name": name, "event_end_time": NOON + day * DAY}
        for name, day in (("conversation_resolved", 2), ("conversation_opened", 3))
    ]
    messages = [_written(0), _written(0, "outgoing"), _written(1), _written(5, "outgoing")]
    story = _waited(history([{"first_response_seconds": 0.0}], messages=messages, events=events))
    assert _course(story, "unattended") == [0, 1, 0, 0, 0, 0]


def test_where_chatwoot_sees_nobody_waiting_it_is_so_from_the_last_message_on() -> None:
    # A bot's answer ends Chatwoot's own waiting, and no wait for a human.
    bot = {"sender_type": "AgentBot", "sender_id": 2}
    messages = [_written(0), _written(0, "outgoing"), _written(1), {**_written(3, "outgoing"), **bot}]
    attended = _waited(history([{"first_response_seconds": 0.0}], messages=messages))
    assert _course(attended, "unattended") == [0, 1, 1, 0, 0, 0]
    waiting = {"first_response_seconds": 0.0, "waiting_since": NOON + DAY}
    assert _course(_waited(history([waiting], messages=messages)), "unattended") == [0, 1, 1, 1, 1, 1]


def test_a_clock_that_is_ahead_makes_no_backlog_of_the_future() -> None:
    story = history([{"status": "resolved"}], messages=[_written(400)])
    until = NOON.date() + 2 * DAY
    assert sum(row["open"] for row in _changes(story, until) if row["change_date"] <= until) == 0
    assert sum(row["open"] for row in _changes(story) if row["change_date"] <= until) == 1
