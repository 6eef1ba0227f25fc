"""Conversations with too many messages count in no response time, and everything else counts as before."""

from __future__ import annotations

import datetime

import polars as pl

from chatwoot_assets.conversations.transform import with_day
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.metrics.compute import MetricRules, Tables
from chatwoot_assets.refresh.batches import make_rows
from chatwoot_assets_tests.frames import DAY, SNAPSHOT_AT, frame

AT = datetime.datetime(2025, 3, 10, 12)  # noqa: DTZ001 (Chatwoot stores UTC without a zone)
AGENT = {"message_type": "outgoing", "sender_type": "User", "sender_id": 7}
LIMIT = 10


def _compute(runaway_messages: int) -> Tables:
    """Return the metrics of conversation 1 with as many messages as the limit, and conversation 2 with two more."""
    rows = [
        {
            "id": 100 * conversation + number,
            "conversation_id": conversation,
            "created_at": AT + number * datetime.timedelta(minutes=1),
            **(AGENT if number % 2 else {}),
        }
        for conversation, count in ((1, LIMIT), (2, LIMIT + 2))
        for number in range(count)
    ]
    return make_rows(
        with_day(frame(Dataset.CONVERSATIONS, [{"id": 1, "status": "open"}, {"id": 2, "status": "open"}]), DAY,
                 SNAPSHOT_AT),
        frame(Dataset.MESSAGES, rows),
        frame(Dataset.CSAT, []),
        frame(Dataset.EVENTS, []),
        DAY,
        MetricRules("UTC", runaway_messages=runaway_messages),
    ).tables  # fmt: skip


def test_only_a_longer_conversation_than_the_limit_has_no_waits() -> None:
    tables = _compute(LIMIT)
    assert tables["response_intervals"]["conversation_id"].unique().to_list() == [1]
    facts = tables["conversation_facts"].sort("conversation_id")
    assert facts["waits_answered"].to_list() == [LIMIT / 2, 0]
    assert facts["human_replies"].to_list() == [LIMIT / 2, 0]
    assert facts["incoming_messages"].to_list() == [LIMIT / 2, LIMIT / 2 + 1]
    assert facts["needs_reply"].to_list() == [False, False]


def test_limit_of_zero_leaves_nothing_out() -> None:
    intervals = _compute(0)["response_intervals"]
    assert intervals.group_by("conversation_id").len().sort("conversation_id")["len"].to_list() == [5, 6]


def test_limit_is_a_part_of_the_definition() -> None:
    definitions = {MetricRules("UTC", runaway_messages=limit).definition for limit in (0, 1_000, 2_000)}
    assert len(definitions) == 3
    assert MetricRules("UTC").definition == MetricRules("UTC", runaway_messages=0).definition


def test_sums_of_a_day_leave_the_same_waits_out() -> None:
    by_agent = _compute(LIMIT)["daily_by_agent"]
    assert by_agent.select(pl.col("responses").sum()).item() == LIMIT / 2
