"""Resolutions, openings and the course of the status: two witnesses, and what neither of them saw."""

from __future__ import annotations

import polars as pl
from hypothesis import given

from chatwoot_assets.metrics import status
from chatwoot_assets.metrics.activity import read_activity
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics import reference as retold
from chatwoot_assets_tests.metrics.histories import History, histories
from chatwoot_assets_tests.metrics.rows import (
    NOBODY_ELSE,
    ZONE,
    Row,
    after,
    conversation,
    event,
    message,
    reply,
    said,
)

RESOLVED, REOPENED = "Conversa foi marcada como resolvida por Ana", "Conversa foi reaberta por Ana"


def history(*written: Row, events: tuple[Row, ...] = (), **values: object) -> History:
    """Return what Chatwoot holds of one conversation."""
    return History([conversation(**values)], list(written), list(events), [], ZONE, NOBODY_ELSE)


def resolved(held: History) -> list[tuple[object, object]]:
    """Return when the product says that a conversation was resolved, and by whom."""
    _, messages, events, _ = held.frames()
    return status.find_resolutions(read_activity(messages), events).select("occurred_at", "user_id").rows()


def opened(held: History) -> list[object]:
    """Return when the product says that a conversation was opened again."""
    _, messages, events, _ = held.frames()
    return status.find_openings(read_activity(messages), events)["occurred_at"].to_list()


def reopened(held: History) -> list[object]:
    """Return when the product says that a resolution ended."""
    _, messages, events, _ = held.frames()
    activity = read_activity(messages)
    return status.find_reopenings(status.find_openings(activity, events), status.find_resolutions(activity, events))[
        "occurred_at"
    ].to_list()


def course(held: History) -> list[tuple[object, ...]]:
    """Return what the product says of a status over time."""
    conversations, messages, events, _ = held.frames()
    found = status.find_status_changes(conversations, read_activity(messages), events, messages)
    return found.select("occurred_at", "status", "is_estimated").rows()


@given(histories())
@examples(150)
def test_any_history_is_resolved_and_opened_as_plain_python_says(held: History) -> None:
    parts = [held.only(number) for number in (1, 2, 3)]
    _, messages, events, _ = held.frames()
    activity = read_activity(messages)
    resolutions, openings = status.find_resolutions(activity, events), status.find_openings(activity, events)
    assert resolutions.rows() == [(n, *one) for n, part in enumerate(parts, 1) for one in retold.resolutions(part)]
    assert openings.rows() == [(n, one) for n, part in enumerate(parts, 1) for one in retold.openings(part)]
    again = status.find_reopenings(openings, resolutions)
    assert again.rows() == [(n, one) for n, part in enumerate(parts, 1) for one in retold.reopenings(part)]


@given(histories())
@examples(150)
def test_the_status_of_any_history_runs_as_plain_python_says(held: History) -> None:
    conversations, messages, events, _ = held.frames()
    found = status.find_status_changes(conversations, read_activity(messages), events, messages)
    expected = [(n, *one) for n in (1, 2, 3) for one in retold.course(held.only(n))]
    assert found.rows() == expected


@given(histories())
@examples(60)
def test_the_last_status_of_any_history_is_the_current_one_and_time_never_runs_back(held: History) -> None:
    conversations, messages, events, _ = held.frames()
    found = status.find_status_changes(conversations, read_activity(messages), events, messages)
    last = dict(found.group_by("conversation_id").agg(pl.col("status").last()).rows())
    assert all(last[row["id"]] == row["status"] for row in held.conversations if row["status"] is not None)
    for row in held.conversations:
        times = found.filter(pl.col("conversation_id") == row["id"])["occurred_at"].to_list()
        assert times == sorted(times)
        assert times[0] == row["created_at"]


def test_an_event_and_its_sentence_are_one_resolution() -> None:
    held = history(said(1, 61, RESOLVED), events=(event(1, 60, "conversation_resolved", user_id=7),))
    assert resolved(held) == [(after(60), 7)]


def test_an_event_that_a_retried_job_wrote_twice_is_one_resolution() -> None:
    twice = (event(1, 60, "conversation_resolved", user_id=7), event(2, 60, "conversation_resolved", user_id=8))
    assert resolved(history(events=twice)) == [(after(60), 7)]


def test_a_resolution_stays_though_its_agent_and_events_were_deleted() -> None:
    assert resolved(history(said(1, 60, RESOLVED))) == [(after(60), None)]


def test_each_of_several_resolutions_counts() -> None:
    held = history(said(1, 10, RESOLVED), said(2, 20, REOPENED), said(3, 500, RESOLVED))
    assert resolved(held) == [(after(10), None), (after(500), None)]


def test_a_sentence_belongs_to_an_event_up_to_a_minute_away() -> None:
    ended = (event(1, 60, "conversation_resolved", user_id=7),)
    assert len(resolved(history(said(1, 120, RESOLVED), events=ended))) == 1
    assert len(resolved(history(said(1, 121, RESOLVED), events=ended))) == 2


def test_an_event_without_an_end_took_place_when_it_was_written_and_one_without_any_time_nowhere() -> None:
    undated = event(1, None, "conversation_resolved")
    assert resolved(history(events=(undated,))) == []
    assert resolved(history(events=({**undated, "created_at": after(9)},))) == [(after(9), None)]


def test_being_opened_for_the_first_time_is_no_reopening() -> None:
    first = (event(1, 60, "conversation_opened", value=0.0),)
    assert opened(history(said(1, 61, "A conversa foi aberta por Captain"), events=first)) == []


def test_an_opening_without_a_resolution_before_it_ended_none() -> None:
    held = history(said(1, 60, REOPENED), said(2, 90, RESOLVED))
    assert opened(held) == [after(60)]
    assert reopened(held) == []


def test_a_conversation_that_was_opened_twice_after_one_resolution_was_reopened_once() -> None:
    held = history(said(1, 60, RESOLVED), said(2, 90, REOPENED), said(3, 900, "Conversation was reopened by Zé"))
    assert reopened(held) == [after(90)]


def test_an_opening_at_the_instant_of_a_resolution_did_not_end_it() -> None:
    assert reopened(history(said(1, 60, RESOLVED), said(2, 60, REOPENED))) == []


def test_a_status_runs_from_open_to_what_it_is_now() -> None:
    held = history(
        said(1, 60, "Conversa foi adiada por Ana"), said(2, 90, REOPENED), said(3, 99, RESOLVED), status="resolved"
    )
    assert course(held) == [
        (after(0), "open", False),
        (after(60), "snoozed", False),
        (after(90), "open", False),
        (after(99), "resolved", False),
    ]


def test_a_conversation_that_a_bot_served_began_as_pending() -> None:
    held = history(message(1, 0), events=(event(1, 30, "conversation_bot_handoff"),))
    assert course(held) == [(after(0), "pending", False), (after(30), "open", False)]
    held = history(events=(event(1, 30, "conversation_resolved"), event(2, 30, "conversation_bot_resolved")))
    assert course(held)[:2] == [(after(0), "pending", False), (after(30), "resolved", False)]
    assert course(history(message(1, 5), status="pending")) == [(after(0), "pending", False)]


def test_a_change_that_nobody_wrote_down_is_estimated_at_the_last_message() -> None:
    held = history(message(1, 0), reply(2, 50, private=True), status="resolved")
    assert course(held) == [(after(0), "open", False), (after(50), "resolved", True)]


def test_an_estimated_change_is_never_before_a_known_one() -> None:
    held = history(message(1, 10), events=(event(1, 70, "conversation_resolved"),))
    assert course(held)[1:] == [(after(70), "resolved", False), (after(70), "open", True)]


def test_without_any_message_the_change_is_estimated_at_the_beginning() -> None:
    assert course(history(status="snoozed")) == [(after(0), "open", False), (after(0), "snoozed", True)]


def test_a_status_that_is_not_known_stays_as_it_is() -> None:
    assert course(history(message(1, 5), status="unknown(7)"))[-1] == (after(5), "unknown(7)", True)


def test_a_status_that_could_not_be_read_adds_no_change() -> None:
    assert course(history(message(1, 5), status=None)) == [(after(0), "open", False)]


def test_a_change_before_the_conversation_by_a_clock_that_is_behind_counts_from_its_beginning() -> None:
    held = history(said(1, -5, "Conversa foi adiada por Ana"), status="snoozed")
    assert course(held) == [(after(0), "open", False), (after(0), "snoozed", False)]
