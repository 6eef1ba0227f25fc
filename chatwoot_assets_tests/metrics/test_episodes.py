"""Episodes, compared with a second implementation and by example."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given

from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.metrics.conversation_facts import compute_conversation_facts
from chatwoot_assets.metrics.daily_by_group import compute_daily_by_group
from chatwoot_assets.metrics.response_intervals import compute_response_intervals
from chatwoot_assets.metrics.targets import compute_targets
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics import reference_episodes as reference
from chatwoot_assets_tests.metrics.episode_rows import (
    DAY,
    ENDLESS,
    GAPS,
    HOUR,
    IN_HOURS,
    MONTH,
    compute,
    compute_rows,
    reopen,
    resolve,
)
from chatwoot_assets_tests.metrics.histories import History, histories
from chatwoot_assets_tests.metrics.rows import (
    NO_BOTS,
    NOON,
    ZONE,
    Row,
    activity,
    after,
    conversation,
    event,
    message,
    rating,
    reply,
)


@given(histories(), GAPS)
@examples(300)
def test_episodes_of_any_history_equal_the_reference(history: History, gap: datetime.timedelta) -> None:
    expected = [row for number in (1, 2, 3) for row in reference.compute_episodes(history.select(number), gap)]
    assert compute(history, gap).drop(IN_HOURS).to_dicts() == expected


@given(histories(), GAPS)
@examples(150)
def test_every_message_is_in_exactly_one_episode(history: History, gap: datetime.timedelta) -> None:
    batch = history.to_batch()
    facts = compute_conversation_facts(batch, compute_response_intervals(batch))
    episodes = compute(history, gap)
    sums = episodes.group_by("conversation_id", maintain_order=True).agg(
        pl.col("replies", "incoming_messages", "outgoing_messages").sum()
    )
    assert sums["replies"].to_list() == facts["human_replies"].to_list()
    public = batch.marked_messages.filter(~pl.col("private"))
    for kind in ("incoming", "outgoing"):
        assert sums[f"{kind}_messages"].sum() == public.filter(pl.col("message_type") == kind).height


@given(histories())
@examples(100)
def test_episode_is_the_conversation_where_no_resolution_lasts(history: History) -> None:
    history = replace(history, conversations=[{**row, "is_imported": False} for row in history.conversations])
    batch = history.to_batch()
    facts = compute_conversation_facts(batch, compute_response_intervals(batch))
    episodes = compute(history, ENDLESS)
    assert episodes["conversation_id"].to_list() == facts["conversation_id"].to_list()
    assert set(episodes["episode_number"]) == {1}
    waits = compute_response_intervals(batch)
    targets = compute_targets(batch, waits, episodes)
    daily = compute_daily_by_group(batch, waits, episodes, targets)["daily_by_inbox"]
    assert daily["episodes_started"].sum() == daily["created"].sum()
    first_responses = (episodes["first_response_seconds"], facts["first_response_seconds"])
    assert first_responses[0].to_list() == first_responses[1].to_list()


@given(histories(), GAPS)
@examples(60)
def test_episodes_are_in_order_and_do_not_depend_on_other_conversations(
    history: History, gap: datetime.timedelta
) -> None:
    episodes = compute(history, gap)
    assert episodes.equals(pl.concat([compute(history.select(number), gap) for number in (1, 2, 3)]))
    assert episodes.columns == list(TABLES["episodes"])
    assert not episodes.select(pl.struct("conversation_id", "episode_number").is_duplicated().any()).item()


def test_empty_batch_yields_no_rows_and_the_same_columns() -> None:
    empty = compute(History([], [], [], [], ZONE, NO_BOTS))
    assert empty.is_empty()
    assert empty.schema == compute(History([conversation()], [], [], [], ZONE, NO_BOTS)).schema


def test_ten_monthly_services_are_ten_episodes() -> None:
    messages: list[Row] = []
    events: list[Row] = []
    for month in range(10):
        asked = month * MONTH
        messages += [message(2 * month + 1, asked), reply(2 * month + 2, asked + 300)]
        events += [reopen(2 * month + 1, asked), resolve(2 * month + 2, asked + HOUR, user_id=7)]
    rows = compute_rows(*messages, events=tuple(events), status="resolved")
    assert [row["episode_number"] for row in rows] == list(range(1, 11))
    assert {(row["first_response_seconds"], row["resolution_seconds"]) for row in rows} == {(300, HOUR)}
    assert {(row["incoming_messages"], row["replies"], row["reopens"]) for row in rows} == {(1, 1, 0)}
    assert {(row["initiated_by"], row["agent_id"], row["first_response_agent_id"]) for row in rows} == {
        ("contact", 7, 7)
    }


@pytest.mark.parametrize(("seconds", "episodes"), [(DAY - 1, 1), (DAY, 2), (DAY + 1, 2)])
def test_resolution_must_last_for_the_gap(seconds: int, episodes: int) -> None:
    history = message(1, 0), message(2, 60 + seconds)
    rows = compute_rows(*history, events=(resolve(1, 60), reopen(2, 60 + seconds)))
    assert len(rows) == episodes
    assert [row["reopens"] for row in rows] == ([1] if episodes == 1 else [0, 0])


def test_thanks_within_the_gap_continue_the_episode() -> None:
    messages = message(1, 0), reply(2, 60), message(3, HOUR + 60)
    events = resolve(1, HOUR), reopen(2, HOUR + 60), resolve(3, HOUR + 600)
    (row,) = compute_rows(*messages, events=events, status="resolved")
    assert (row["resolution_seconds"], row["reopens"], row["incoming_messages"]) == (HOUR + 600, 1, 2)
    assert row["first_response_seconds"] == 60


def test_thanks_that_reopened_nothing_do_not_delay_the_next_episode() -> None:
    messages = message(1, 0), message(2, HOUR + 60), message(3, MONTH), reply(4, MONTH + 300)
    rows = compute_rows(*messages, events=(resolve(1, HOUR), reopen(2, MONTH)))
    assert [row["incoming_messages"] for row in rows] == [2, 1]
    assert [row["first_response_seconds"] for row in rows] == [None, 300]


def test_reopened_episode_lasts_until_its_next_resolution() -> None:
    events = resolve(1, HOUR), reopen(2, 2 * HOUR)
    (row,) = compute_rows(message(1, 0), message(2, 2 * HOUR), message(3, MONTH), events=events)
    assert (row["resolved_at"], row["resolution_seconds"], row["resolved_by"], row["reopens"]) == (None, None, None, 1)
    later = compute_rows(message(1, 0), message(2, 2 * HOUR), events=(*events, resolve(3, MONTH)), status="resolved")
    assert [row["resolution_seconds"] for row in later] == [MONTH]


@pytest.mark.parametrize(
    "values",
    [
        {"message_type": "template", "content_type": "input_csat", "sender_type": None, "sender_id": None},
        {"message_type": "outgoing", "sender_type": "User", "sender_id": 7, "campaign": True},
        {"message_type": "outgoing", "sender_type": None, "sender_id": None, "automated": True},
        {"message_type": "outgoing", "sender_type": "AgentBot", "sender_id": 2},
        {"message_type": "outgoing", "sender_type": "User", "sender_id": 7, "private": True},
        {"message_type": "activity", "sender_type": None, "content": "Ana added vip"},
    ],
)
def test_other_messages_neither_begin_nor_continue_an_episode(values: dict[str, Any]) -> None:
    messages = message(1, 0), message(2, MONTH, **values), message(3, MONTH + 2 * DAY)
    rows = compute_rows(*messages, events=(resolve(1, HOUR), reopen(2, MONTH + 2 * DAY)))
    assert [row["started_at"] for row in rows] == [after(0), after(MONTH + 2 * DAY)]
    assert rows[0]["resolved_at"] == after(HOUR)


def test_agent_who_writes_first_begins_an_episode_without_a_first_response() -> None:
    messages = message(1, 0), reply(2, 60), reply(3, MONTH), message(4, MONTH + 60), reply(5, MONTH + 90)
    rows = compute_rows(*messages, events=(resolve(1, HOUR), reopen(2, MONTH + 60)))
    assert [row["initiated_by"] for row in rows] == ["contact", "agent"]
    assert [row["first_response_seconds"] for row in rows] == [60, None]
    assert [row["reopens"] for row in rows] == [0, 0]


def test_reply_of_a_deleted_agent_begins_an_episode_where_it_is_proven() -> None:
    lost = reply(2, MONTH, sender_type=None, sender_id=None)
    events = resolve(1, HOUR), event(2, MONTH, "reply_time")
    assert [row["initiated_by"] for row in compute_rows(message(1, 0), lost, events=events)] == ["contact", "agent"]
    assert len(compute_rows(message(1, 0), lost, events=events[:1], status="resolved")) == 1


def test_opening_by_hand_begins_an_episode() -> None:
    sentence = activity(2, MONTH + 1, "Conversation was reopened by Ana")
    (_, by_agent) = compute_rows(message(1, 0), sentence, events=(resolve(1, HOUR), reopen(2, MONTH)))
    assert (by_agent["started_at"], by_agent["initiated_by"]) == (after(MONTH), "agent")
    (_, unknown) = compute_rows(message(1, 0), events=(resolve(1, HOUR), reopen(2, MONTH)))
    assert unknown["initiated_by"] == "system"


def test_resolution_tells_who_resolved() -> None:
    sentences = {
        "agent": "Conversation was marked resolved by Ana",
        "system": "Conversation was marked resolved by system due to 3 days of inactivity",
        "bot": "Conversation was marked resolved by Captain: nothing more to do",
    }
    for expected, sentence in sentences.items():
        (row,) = compute_rows(message(1, 0), activity(2, 61, sentence), events=(resolve(1, 60),), status="resolved")
        assert row["resolved_by"] == expected
    by_bot = resolve(1, 60), event(2, 60, "conversation_bot_resolved")
    assert [row["resolved_by"] for row in compute_rows(events=by_bot, status="resolved")] == ["bot"]
    assert [row["resolved_by"] for row in compute_rows(events=(resolve(1, 60),), status="resolved")] == ["unknown"]


def test_agent_is_the_one_at_the_resolution_or_the_assignee_now() -> None:
    events = resolve(1, HOUR, user_id=8), reopen(2, MONTH)
    rows = compute_rows(message(1, 0), message(2, MONTH), events=events, assignee_id=7)
    assert [row["agent_id"] for row in rows] == [8, 7]
    nobody = compute_rows(message(1, 0), events=(resolve(1, HOUR),), assignee_id=7, status="resolved")
    assert [row["agent_id"] for row in nobody] == [None]


def test_rating_belongs_to_the_episode_in_which_it_was_given() -> None:
    messages, events = (message(1, 0), message(2, MONTH)), (resolve(1, HOUR), reopen(2, MONTH))
    given_in = {
        seconds: [row["rating"] for row in compute_rows(*messages, events=events, csat=(rating(4, seconds),))]
        for seconds in (-5, 2 * DAY, MONTH + 60, None)
    }
    assert given_in == {-5: [4, None], 2 * DAY: [4, None], MONTH + 60: [None, 4], None: [None, 4]}


def test_conversation_without_messages_has_one_episode() -> None:
    (row,) = compute_rows()
    assert (row["started_at"], row["initiated_by"], row["incoming_messages"]) == (NOON, "system", 0)


def test_reaction_of_a_contact_reopens_no_episode() -> None:
    messages = message(1, 0), reply(2, HOUR), message(3, 2 * DAY, reaction=True)
    assert len(compute_rows(*messages, events=(resolve(1, 2 * HOUR),), status="resolved")) == 1
