"""The backlog at the end of each day, compared with a reference implementation."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given

from chatwoot_assets.metrics.backlog_changes import DAYS, PARTS, compute_backlog_days
from chatwoot_assets.metrics.response_intervals import compute_response_intervals
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics.backlog import compute_changes
from chatwoot_assets_tests.metrics.reference_daily import Key, count_backlog
from chatwoot_assets_tests.metrics.rows import Row
from chatwoot_assets_tests.metrics.scenario_strategies import scenarios
from chatwoot_assets_tests.metrics.scenarios import NOON, Scenario, make_scenario

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
_KEY = ("conversation_date", "account_id", "inbox_id", "team_id", "agent_id")


def _compute(scenario: Scenario, until: datetime.date | None = None) -> list[Row]:
    return compute_changes(*scenario.to_batch(), until=until).to_dicts()


def _sum_until(day: datetime.date, changes: list[Row]) -> Counter[Key]:
    """Return the backlog at the end of a day."""
    backlog: Counter[Key] = Counter()
    for row in changes:
        if row["change_date"] <= day:
            key = [row[name] for name in _KEY]
            backlog.update({(*key, part): row[part] for part in PARTS})
    return Counter({key: number for key, number in backlog.items() if number})


def _count_per_day(scenario: Scenario, part: str, days: int = 6) -> list[int]:
    """Return the size of a part of the backlog at the end of each day, from NOON's on."""
    changes = _compute(scenario)
    return [
        sum(row[part] for row in changes if row["change_date"] <= NOON.date() + number * DAY) for number in range(days)
    ]


def _add_waits(scenario: Scenario) -> Scenario:
    """Return the scenario with the waits that follow from its messages."""
    waits = compute_response_intervals(scenario.to_batch()[0])
    return replace(scenario, intervals=waits.to_dicts())


def _activity(day: int, content: str) -> Row:
    return {
        "conversation_id": 1, "created_at": NOON + day * DAY, "content": content, "message_type": "activity",
        "sender_type": None,
    }  # fmt: skip


def _message(day: int, message_type: str = "incoming", **columns: object) -> Row:
    sender = {"sender_type": "User", "sender_id": 5} if message_type == "outgoing" else {}
    return {"conversation_id": 1, "created_at": NOON + day * DAY, "message_type": message_type, **sender, **columns}


@given(scenarios())
@examples(250)
def test_backlog_at_the_end_of_any_day_equals_the_reference(scenario: Scenario) -> None:
    changes = _compute(scenario)
    first = datetime.date(2018, 10, 26)
    for day in (first + number * DAY for number in range(14)):
        assert _sum_until(day, changes) == count_backlog(scenario, day)


@given(scenarios())
@examples(100)
def test_days_of_the_conversations_are_those_of_the_reference(scenario: Scenario) -> None:
    rows = {row["conversation_id"]: row for row in compute_backlog_days(*scenario.to_batch()).to_dicts()}
    first = datetime.date(2018, 10, 26)
    for day in (first + number * DAY for number in range(14)):
        counts: Counter[Key] = Counter()
        for conversation in scenario.conversations:
            ids = [conversation[name] or 0 for name in ("account_id", "inbox_id", "team_id", "assignee_id")]
            for part, column in DAYS.items():
                changes = rows[conversation["id"]][column] or []
                # It is in the part on a day if it came into it once more often than it left it.
                key = (conversation["conversation_date"], *ids, part)
                counts[key] += sum(date <= day for date in changes) % 2
        assert +counts == count_backlog(scenario, day)
    for row in rows.values():
        for column in DAYS.values():
            assert row[column] is None or row[column] == sorted({*row[column]}) != []


@given(scenarios())
@examples(150)
def test_all_changes_add_up_to_the_count_in_chatwoot(scenario: Scenario) -> None:
    counts: Counter[str] = Counter()
    for row in scenario.conversations:
        counts[row["status"]] += 1
        if row["status"] == "open":
            counts["unassigned"] += row["assignee_id"] is None
            counts["unattended"] += row["first_response_seconds"] is None or row["waiting_since"] is not None
    changes = _compute(_add_waits(scenario))
    assert {part: sum(row[part] for row in changes) for part in PARTS} == {part: counts[part] for part in PARTS}


@given(scenarios())
@examples(100)
def test_order_of_the_rows_does_not_matter(scenario: Scenario) -> None:
    shuffled = compute_changes(*scenario.to_batch(shuffled=True))
    assert compute_changes(*scenario.to_batch()).equals(shuffled)


@given(scenarios())
@examples(100)
def test_changes_are_dated_between_conversation_and_extract(scenario: Scenario) -> None:
    until = max(row["conversation_date"] for row in scenario.conversations)
    changes = _compute(scenario, until)
    assert all(row["conversation_date"] <= row["change_date"] <= until for row in changes)
    assert _sum_until(until, changes) == _sum_until(datetime.date.max, _compute(scenario))


def test_empty_batch_yields_no_rows_and_the_same_columns() -> None:
    empty = compute_changes(*make_scenario([]).to_batch())
    assert empty.is_empty()
    assert empty.schema == compute_changes(*make_scenario([{}]).to_batch()).schema
    assert empty.columns == [
        "conversation_date",
        "change_date",
        "account_id",
        "inbox_id",
        "team_id",
        "agent_id",
        *PARTS,
    ]


def test_conversation_resolved_on_its_day_was_never_in_the_backlog() -> None:
    scenario = make_scenario([{"status": "resolved", "assignee_id": 5}], events=[{"conversation_id": 1}])
    assert _compute(scenario) == []


def test_reopened_conversation_is_in_the_backlog_again() -> None:
    events = [
        {"conversation_id": 1, "name": name, "event_end_time": NOON + day * DAY}
        for name, day in (("conversation_resolved", 1), ("conversation_opened", 3))
    ]
    assert _count_per_day(make_scenario([{}], events=events), "open") == [1, 0, 0, 1, 1, 1]


def test_unknown_status_is_in_no_part_of_the_backlog() -> None:
    scenario = make_scenario([{"status": "unknown(7)"}], messages=[_message(2)])
    assert [_count_per_day(scenario, part)[-1] for part in PARTS] == [0] * 5
    assert _count_per_day(scenario, "open") == [1, 1, 0, 0, 0, 0]


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
        # A team is not an assignee. Chatwoot writes no message when an assignee is deleted.
        (None, [(1, "Assigned to vendas by Ana")], [1, 1, 1, 1, 1, 1]),
        (None, [(1, "Assigned to Ana by Bia"), (3, "Ana added vip")], [1, 0, 0, 1, 1, 1]),
    ],
)
def test_unassigned_backlog_follows_activity_and_ends_as_it_is_now(
    assignee: int | None, sentences: list[tuple[int, str]], expected: list[int]
) -> None:
    scenario = make_scenario([{"assignee_id": assignee}], messages=[_activity(day, text) for day, text in sentences])
    assert _count_per_day(scenario, "unassigned") == expected


def test_conversation_is_unattended_while_its_contact_waits() -> None:
    messages = [
        _message(0), _message(1, "outgoing"), _message(3), _message(3, "outgoing", private=True),
        _message(4, "outgoing"),
    ]  # fmt: skip
    scenario = _add_waits(make_scenario([{"first_response_seconds": 86_400.0}], messages=messages))
    assert _count_per_day(scenario, "unattended") == [1, 0, 0, 1, 0, 0]


def test_resolution_ends_the_wait_even_if_reopened() -> None:
    events = [
        {"conversation_id": 1, "name": name, "event_end_time": NOON + day * DAY}
        for name, day in (("conversation_resolved", 2), ("conversation_opened", 3))
    ]
    messages = [_message(0), _message(0, "outgoing"), _message(1), _message(5, "outgoing")]
    scenario = _add_waits(make_scenario([{"first_response_seconds": 0.0}], messages=messages, events=events))
    assert _count_per_day(scenario, "unattended") == [0, 1, 0, 0, 0, 0]


def test_unattended_backlog_ends_as_chatwoot_sees_it() -> None:
    # To Chatwoot a bot's reply ends the waiting; here only a human's reply ends a wait.
    bot = {"sender_type": "AgentBot", "sender_id": 2}
    messages = [_message(0), _message(0, "outgoing"), _message(1), {**_message(3, "outgoing"), **bot}]
    attended = _add_waits(make_scenario([{"first_response_seconds": 0.0}], messages=messages))
    assert _count_per_day(attended, "unattended") == [0, 1, 1, 0, 0, 0]
    waiting = {"first_response_seconds": 0.0, "waiting_since": NOON + DAY}
    assert _count_per_day(_add_waits(make_scenario([waiting], messages=messages)), "unattended") == [0, 1, 1, 1, 1, 1]


def test_clock_that_is_ahead_dates_no_change_in_the_future() -> None:
    scenario = make_scenario([{"status": "resolved"}], messages=[_message(400)])
    until = NOON.date() + 2 * DAY
    assert sum(row["open"] for row in _compute(scenario, until) if row["change_date"] <= until) == 0
    assert sum(row["open"] for row in _compute(scenario) if row["change_date"] <= until) == 1
