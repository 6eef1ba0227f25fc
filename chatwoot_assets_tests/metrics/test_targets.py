"""Targets of replies and resolutions, compared with a second implementation and by example."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from chatwoot_assets.holiday_calendar import HolidayCalendar, HolidayRule
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.metrics.episodes import compute_episodes
from chatwoot_assets.metrics.response_intervals import compute_response_intervals
from chatwoot_assets.metrics.targets import compute_targets
from chatwoot_assets.target_rules import TargetRule, TargetRules, parse_targets
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics import reference_targets as reference
from chatwoot_assets_tests.metrics.histories import DAYS, History, histories
from chatwoot_assets_tests.metrics.rows import NO_BOTS, NOON, ZONE, Row, activity, after, conversation, message, reply

RESOLVED = "Conversation was marked resolved by Ana"
HOUR, DAY = 3_600, 86_400
OFFICE = "[[1, 540, 1080], [2, 540, 1080], [3, 540, 1080]]"
MICROSECOND = datetime.timedelta(microseconds=1)
_EIGHT_DAYS = datetime.timedelta(days=8)  # the reference implementation counts minutes


@st.composite
def rule_sets(draw: st.DrawFn) -> TargetRules:
    """Draw rules as a setting states them."""
    states = ["first_response", "next_reply", "resolution"]
    durations = st.sampled_from(["1m", "1h", "9h", "none"])

    def rule() -> dict[str, Any]:
        return {
            **{state: draw(durations) for state in draw(st.sets(st.sampled_from(states)))},
            **draw(st.sampled_from([{}, {"clock": "calendar"}, {"clock": "business"}])),
        }

    conditions = [
        {**inbox, **team, **priority}
        for inbox in ({}, {"inbox": 10})
        for team in ({}, {"team": 3})
        for priority in ({}, {"priority": "urgent"}, {"priority": "none"})
    ][1:]
    chosen = draw(st.lists(st.sampled_from(conditions), max_size=4, unique_by=str))
    table = {**rule(), "rules": [{**each, **rule()} for each in chosen]}
    return parse_targets(str(table).replace("'", '"'))


@st.composite
def prioritized_histories(draw: st.DrawFn) -> History:
    """Draw histories whose conversations have priorities and teams."""
    history = draw(histories())
    for row in history.conversations:
        row["priority"] = draw(st.sampled_from([None, "urgent", "low"]))
        row["team_id"] = draw(st.sampled_from([None, 3, 4]))
    return history


@given(prioritized_histories(), rule_sets(), st.frozensets(st.sampled_from([day.date() for day in DAYS])))
@examples(150)
def test_targets_of_any_history_equal_the_reference(
    history: History, rules: TargetRules, holidays: frozenset[datetime.date]
) -> None:
    batch = dataclasses.replace(
        history.to_batch(), targets=rules, holidays=HolidayCalendar(HolidayRule(dates=holidays))
    )
    waits, episodes = compute_response_intervals(batch), compute_episodes(batch)
    rows = {(row["conversation_id"], row["target"], row["number"]): row for row in _compute(batch)}
    expected = set()
    for item in history.conversations:
        id_ = item["id"]
        own = pl.col("conversation_id") == id_
        replies = batch.marked_messages.filter(own & pl.col("is_human_reply"))["created_at"].to_list()
        parts = (waits.filter(own).to_dicts(), episodes.filter(own).to_dicts())
        for target, number, known in reference.compute_targets(item, *parts, replies, rules.rules):
            row = rows.get((id_, target, number))
            if row is None:
                assert _may_be_missing(item, target, parts[0], number, known, holidays)
                continue
            expected.add((id_, target, number))
            _check_row(item, row, known, holidays)
    assert set(rows) == expected


def _compute(batch: ConversationBatch) -> list[Row]:
    frame = compute_targets(batch, compute_response_intervals(batch), compute_episodes(batch))
    assert frame.columns == list(TABLES["targets"])
    return frame.to_dicts()


def _clock(item: Row, known: Row) -> str:
    has_hours = item["working_hours"] is not None and item["inbox_timezone"] is not None
    return str(known["rule_clock"]) if has_hours else "calendar"


def _may_be_missing(
    item: Row,
    target: str,
    waits: list[Row],
    number: int,
    known: Row,
    holidays: frozenset[datetime.date],
) -> bool:
    """Return whether nothing was due: the inbox never opens, or a resolution ended the wait in time."""
    clock = _clock(item, known)
    if clock == "business" and (item["working_hours"] == "[]" or item["inbox_timezone"] == "Nowhere/Nowhere"):
        return True
    if target == "resolution" or known["ended_at"] is None:
        return False
    (wait,) = (wait for wait in waits if wait["interval_number"] == number)
    start, end = known["started_at"], known["ended_at"]
    elapsed = reference.count_seconds(item, clock, start, min(end, start + _EIGHT_DAYS), holidays)
    return bool(wait["is_open"]) and elapsed <= known["target_seconds"]


def _check_row(item: Row, row: Row, known: Row, holidays: frozenset[datetime.date]) -> None:
    clock = _clock(item, known)
    assert row["clock"] == clock
    for name in ("started_at", "ended_at", "agent_id", "target_seconds"):
        assert row[name] == known[name]
    assert row["is_met"] == (None if row["ended_at"] is None else row["ended_at"] <= row["due_at"])
    assert (row["near_at"] is None) == (row["ended_at"] is not None)
    for instant, share in ((row["due_at"], 1), (row["near_at"], 0.8)):
        if instant is not None and instant - row["started_at"] < _EIGHT_DAYS:
            elapsed = reference.count_seconds(item, clock, row["started_at"], instant, holidays)
            before = reference.count_seconds(item, clock, row["started_at"], instant - MICROSECOND, holidays)
            assert round(elapsed, 6) == round(share * row["target_seconds"], 6)
            assert before < elapsed


def rows_of(targets: str, *messages: Row, zone: str = ZONE, **values: object) -> list[Row]:
    """Return the targets of one conversation, by the text of the setting."""
    history = History([conversation(**values)], list(messages), [], [], zone, NO_BOTS)
    return _compute(dataclasses.replace(history.to_batch(), targets=parse_targets(targets)))


def states_of(rows: list[Row]) -> list[tuple[str, int, bool | None]]:
    """Return target, number and is_met of rows."""
    return [(row["target"], row["number"], row["is_met"]) for row in rows]


def test_no_targets_yield_no_rows() -> None:
    assert rows_of("{}", message(1, 0), reply(2, 60)) == []


def test_first_reply_of_every_episode_has_the_target_of_a_first_response() -> None:
    month = 30 * DAY
    rows = rows_of(
        '{"first_response": "5m", "next_reply": "1h"}',
        message(1, 0), reply(2, 60), message(3, 100), reply(4, 2 * HOUR), activity(5, 3 * HOUR, RESOLVED),
        message(6, month), reply(7, month + HOUR),
    )  # fmt: skip
    assert states_of(rows) == [
        ("first_response", 1, True),
        ("first_response", 3, False),
        ("next_reply", 2, False),
    ]


def test_wait_after_an_agent_wrote_first_has_the_target_of_a_next_reply() -> None:
    rows = rows_of('{"first_response": "5m", "next_reply": "1h"}', reply(1, 0), message(2, 60), reply(3, 120))
    assert states_of(rows) == [("next_reply", 1, True)]


def test_reply_at_the_instant_of_the_message_is_a_first_response() -> None:
    rows = rows_of('{"first_response": "5m", "next_reply": "1h"}', message(1, 0), reply(2, 0))
    assert states_of(rows) == [("first_response", 1, True)]


def test_resolution_in_time_leaves_no_target_and_a_late_one_misses_it() -> None:
    waiting = (message(1, 0), activity(2, HOUR, RESOLVED))
    assert rows_of('{"first_response": "1h"}', *waiting, status="resolved", assignee_id=7) == []
    (row,) = rows_of('{"first_response": "30m"}', *waiting, status="resolved", assignee_id=7)
    assert (row["is_met"], row["ended_at"], row["agent_id"]) == (False, after(HOUR), 7)


def test_running_target_has_the_instants_at_which_it_is_near_and_missed() -> None:
    rows = rows_of('{"first_response": "1h", "resolution": "10h"}', message(1, 0), assignee_id=7)
    spans = [(row["target"], row["near_at"], row["due_at"], row["is_met"]) for row in rows]
    assert spans == [
        ("first_response", after(48 * 60), after(HOUR), None),
        ("resolution", after(8 * HOUR), after(10 * HOUR), None),
    ]


def test_business_clock_stops_at_night_and_the_calendars_does_not() -> None:
    hours = {"inbox_timezone": "America/Sao_Paulo", "working_hours": OFFICE}
    evening = message(1, 8.5 * HOUR)  # 17:30
    (business,) = rows_of('{"first_response": "1h"}', evening, **hours)
    (calendar,) = rows_of('{"first_response": "1h", "clock": "calendar"}', evening, **hours)
    (always_open,) = rows_of('{"first_response": "1h"}', evening)
    assert [(row["due_at"], row["clock"]) for row in (business, calendar, always_open)] == [
        (after(DAY + HOUR / 2), "business"),
        (after(9.5 * HOUR), "calendar"),
        (after(9.5 * HOUR), "calendar"),
    ]


def test_most_specific_rule_decides_for_each_target() -> None:
    targets = """{"first_response": "60m", "resolution": "60m", "rules": [
        {"inbox": 10, "first_response": "50m", "resolution": "50m"},
        {"team": 3, "first_response": "40m"},
        {"priority": "urgent", "first_response": "30m"},
        {"inbox": 10, "team": 3, "first_response": "20m"},
        {"inbox": 10, "priority": "low", "first_response": "none"}]}"""

    def minutes(**values: Any) -> dict[str, float]:  # noqa: ANN401 (handed on as they are)
        return {row["target"]: row["target_seconds"] / 60 for row in rows_of(targets, message(1, 0), **values)}

    assert minutes(inbox_id=11) == {"first_response": 60, "resolution": 60}
    assert minutes() == {"first_response": 50, "resolution": 50}
    assert minutes(inbox_id=11, team_id=3) == {"first_response": 40, "resolution": 60}
    assert minutes(inbox_id=11, team_id=3, priority="urgent") == {"first_response": 30, "resolution": 60}
    assert minutes(team_id=3, priority="urgent") == {"first_response": 20, "resolution": 50}
    assert minutes(priority="low") == {"resolution": 50}


def test_rules_are_kept_with_the_most_specific_first() -> None:
    setting = '{"first_response": "1h", "rules": [{"inbox": 10, "next_reply": "2m"}, {"team": 3, "next_reply": "1m"}]}'
    assert parse_targets(setting).rules == (
        TargetRule(team_id=3, seconds={"next_reply": 60}),
        TargetRule(inbox_id=10, seconds={"next_reply": 120}),
        TargetRule(seconds={"first_response": HOUR}),
    )


def test_days_of_a_target_are_in_the_reporting_zone() -> None:
    (row,) = rows_of('{"first_response": "5m"}', message(1, 14 * HOUR), reply(2, 16 * HOUR), zone="Asia/Tokyo")
    assert (row["started_date"], row["ended_date"]) == (NOON.date() + datetime.timedelta(1),) * 2
