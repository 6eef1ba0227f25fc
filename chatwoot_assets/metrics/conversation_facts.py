"""Compute the rows of conversation_facts: one row per conversation.

What Chatwoot did not record is NULL, not 0: a missing record does not prove that nothing happened. Pure functions on
frames.
"""

from __future__ import annotations

import datetime

import polars as pl

from chatwoot_assets.conversations.transform import seconds
from chatwoot_assets.holiday_calendar import HolidayCalendar
from chatwoot_assets.metrics.backlog_changes import compute_backlog_days
from chatwoot_assets.metrics.business_hours import business_seconds
from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.metrics.conversation_columns import CONVERSATION_FACTS
from chatwoot_assets.metrics.imports import is_imported_conversation
from chatwoot_assets.metrics.status import BOT_RESOLVED_EVENT, HANDOFF_EVENT, find_events
from chatwoot_assets.times import local_date

# How long after a bot's resolution a reopening counts as bot_reopened.
REOPENED_WITHIN = datetime.timedelta(days=7)
_COLUMNS = [column.name for column in CONVERSATION_FACTS]


def compute_conversation_facts(
    batch: ConversationBatch, intervals: pl.DataFrame, *, until: datetime.date | None = None
) -> pl.DataFrame:
    """Return what is known about each conversation.

    Args:
        batch: The conversations.
        intervals: Their waits, as returned by `compute_response_intervals`.
        until: The day on which the rows were read: see `compute_backlog_days`.

    Returns:
        The rows of conversation_facts in the table's column order, sorted by conversation_id. Timestamps are naive
        UTC, counts are Int32.
    """
    # The extract's columns of these names are Chatwoot's own values; here they are computed from the waits.
    joined = (
        batch.conversations.with_columns(
            _is_unattended(), is_imported_conversation(batch.imported_before).alias("is_imported")
        )
        .drop("first_response_seconds", "waiting_since")
        .rename({"id": "conversation_id"})
    )
    parts = (
        _aggregate_waits(intervals),
        _aggregate_resolutions(batch),
        _aggregate_assignments(batch.assignments),
        _aggregate_messages(batch.marked_messages),
        compute_backlog_days(batch, intervals, until=until),
        batch.latest_ratings.select(
            "conversation_id",
            "rating",
            "rated_at",
            "csat_responses",
            pl.col("assigned_agent_id").alias("rating_agent_id"),
        ),
    )
    for part in parts:
        joined = joined.join(part, on="conversation_id", how="left")
    return (
        joined.with_columns(_compute_business_seconds(joined, batch.holidays))
        .with_columns(
            _counts() + _resolution_facts(batch.zone) + _assignment_facts() + _bot_facts(batch) + _csat_facts()
        )
        .with_columns(
            _touch(),
            ((pl.col("status") == "open") & pl.col("waiting_since").is_not_null())
            .fill_null(value=False)
            .alias("needs_reply"),
        )
        .select(_COLUMNS)
        .sort("conversation_id")
    )


def _is_unattended() -> pl.Expr:
    """Return whether Chatwoot counts a conversation as unattended, by Chatwoot's own values."""
    is_waiting = pl.col("first_response_seconds").is_null() | pl.col("waiting_since").is_not_null()
    return ((pl.col("status") == "open") & is_waiting).fill_null(value=False).alias("is_unattended")


def _aggregate_waits(intervals: pl.DataFrame) -> pl.DataFrame:
    is_first = pl.col("is_first_response")
    is_running = pl.col("is_open") & pl.col("resolved_at").is_null()
    return intervals.group_by("conversation_id").agg(
        pl.col("seconds").filter(is_first).first().alias("first_response_seconds"),
        pl.col("business_seconds").filter(is_first).first().alias("first_response_business_seconds"),
        pl.col("is_open").not_().sum().alias("waits_answered"),
        pl.col("is_open").sum().alias("waits_open"),
        pl.col("seconds").sum().alias("sum_wait_seconds"),
        pl.col("business_seconds").sum().alias("sum_wait_business_seconds"),
        pl.col("started_at").filter(is_running).last().alias("waiting_since"),
    )


def _aggregate_resolutions(batch: ConversationBatch) -> pl.DataFrame:
    reopens = batch.reopenings.group_by("conversation_id").agg(pl.len().alias("reopens"))
    return (
        batch.resolutions.group_by("conversation_id")
        .agg(
            pl.len().alias("resolutions"),
            pl.col("occurred_at").min().alias("first_resolved_at"),
            pl.col("occurred_at").max().alias("last_resolved_at"),
        )
        .join(reopens, on="conversation_id", how="left")
    )


def _aggregate_assignments(assignments: pl.DataFrame) -> pl.DataFrame:
    """Return how often each conversation passed to an agent, and whether that is known."""
    knowledge = assignments.group_by("conversation_id").agg(
        pl.col("is_assignment").is_not_null().all().alias("are_assignments_known"),
        (pl.col("is_assignment") & pl.col("agent").is_null()).any().alias("has_unknown_agent"),
    )
    is_reassignment = (pl.col("agent") != pl.col("agent").shift(1)) & (
        pl.col("conversation_id") == pl.col("conversation_id").shift(1)
    )
    is_return = is_reassignment & ~pl.struct("conversation_id", "agent").is_first_distinct()
    counts = (
        assignments.filter("is_assignment")
        .with_columns(is_reassignment.alias("is_reassignment"), is_return.alias("is_return"))
        .group_by("conversation_id")
        .agg(
            pl.len().alias("assignments"),
            pl.col("is_reassignment").sum().alias("reassignments"),
            pl.col("is_return").any().alias("returned_to_agent"),
        )
    )
    return knowledge.join(counts, on="conversation_id", how="left")


def _aggregate_messages(marked: pl.DataFrame) -> pl.DataFrame:
    is_survey = (pl.col("content_type") == "input_csat") & ~pl.col("deleted").fill_null(value=False)
    return marked.group_by("conversation_id", maintain_order=True).agg(
        pl.col("is_human_reply").sum().alias("human_replies"),
        (pl.col("message_type") == "incoming").sum().alias("incoming_messages"),
        (pl.col("message_type") == "outgoing").sum().alias("outgoing_messages"),
        pl.col("is_note").sum().alias("private_notes"),
        (pl.col("sender_kind") == "bot").sum().alias("bot_messages"),
        pl.col("sender_kind").drop_nulls().last().alias("last_sender"),
        is_survey.any().alias("csat_offered"),
    )


def _compute_business_seconds(joined: pl.DataFrame, holidays: HolidayCalendar) -> list[pl.Series]:
    """Return the durations in the inbox's opening hours.

    The sum over no waits is 0 where the inbox has opening hours, otherwise NULL.
    """
    # One call for all: each has a fixed cost.
    spans = [
        joined.select("inbox_id", "inbox_timezone", "working_hours", "created_at", pl.col(end).alias("end"))
        for end in ("created_at", "first_resolved_at", "last_resolved_at")
    ]
    of_all = business_seconds(pl.concat(spans), "created_at", "end", holidays)
    of_nothing, until_first, until_last = (of_all.slice(joined.height * n, joined.height) for n in range(3))
    null = pl.Series([None], dtype=pl.Float64)
    return [
        joined["sum_wait_business_seconds"]
        .fill_null(0.0)
        .zip_with(of_nothing.is_not_null(), null)
        .alias("sum_wait_business_seconds"),
        until_first.alias("first_resolution_business_seconds"),
        until_last.alias("last_resolution_business_seconds"),
    ]


def _counts() -> list[pl.Expr]:
    messages = ("human_replies", "incoming_messages", "outgoing_messages", "private_notes", "bot_messages")
    counts = pl.col("waits_answered", "waits_open", "csat_responses", *messages)
    return [counts.fill_null(0).cast(pl.Int32), pl.col("sum_wait_seconds").fill_null(0.0)]


def _resolution_facts(zone: str) -> list[pl.Expr]:
    """Return the facts about resolutions.

    The counts are NULL for a resolved conversation without a known resolution.
    """
    is_known = pl.col("resolutions").is_not_null() | ~pl.col("is_resolved")
    resolutions = pl.col("resolutions").fill_null(0).cast(pl.Int32)
    # Every resolution but the last was undone, and the last one too if the conversation is not resolved now.
    undone = resolutions - 1 + ((resolutions > 0) & ~pl.col("is_resolved")).cast(pl.Int32)
    reopens = pl.max_horizontal(pl.col("reopens").fill_null(0).cast(pl.Int32), undone, pl.lit(0, pl.Int32))
    return [
        pl.when(is_known).then(resolutions).alias("resolutions"),
        pl.when(is_known).then(reopens).alias("reopens"),
        seconds(pl.col("first_resolved_at") - pl.col("created_at")).alias("first_resolution_seconds"),
        seconds(pl.col("last_resolved_at") - pl.col("created_at")).alias("last_resolution_seconds"),
        local_date(pl.col("last_resolved_at"), zone).alias("last_resolved_date"),
    ]


def _assignment_facts() -> list[pl.Expr]:
    """Return the facts about assignments; they are NULL where these, or the agents, are not known."""
    are_known, has_unknown = pl.col("are_assignments_known"), pl.col("has_unknown_agent")
    return [
        pl.when(are_known).then(pl.col("assignments").fill_null(0).cast(pl.Int32)).alias("assignments"),
        pl.when(are_known & ~has_unknown)
        .then(pl.col("reassignments").fill_null(0).cast(pl.Int32))
        .alias("reassignments"),
        pl.when(are_known & ~has_unknown).then(pl.col("returned_to_agent").fill_null(value=False)),
    ]


def _bot_facts(batch: ConversationBatch) -> list[pl.Expr]:
    resolved = find_events(batch.events, BOT_RESOLVED_EVENT).select("conversation_id", "occurred_at")
    openings = batch.status_changes.filter(pl.col("status") != "resolved").rename({"occurred_at": "opened_at"})
    delay = pl.col("opened_at") - pl.col("occurred_at")
    reopened = resolved.join(openings, on="conversation_id").filter(
        (delay > pl.duration(seconds=0)) & (delay <= REOPENED_WITHIN)
    )

    def is_among(conversations: pl.DataFrame) -> pl.Expr:
        return pl.col("conversation_id").is_in(conversations["conversation_id"].implode())

    return [
        is_among(batch.events.filter(pl.col("name") == BOT_RESOLVED_EVENT)).alias("bot_resolved"),
        is_among(batch.events.filter(pl.col("name") == HANDOFF_EVENT)).alias("bot_handed_off"),
        is_among(reopened).alias("bot_reopened"),
    ]


def _csat_facts() -> list[pl.Expr]:
    is_rated = pl.col("csat_responses").is_not_null()
    return [
        (pl.col("csat_offered").fill_null(value=False) | is_rated).alias("csat_offered"),
        pl.col("rating").is_not_null().alias("csat_answered"),
    ]


def _touch() -> pl.Expr:
    replies = pl.col("human_replies")
    return (
        pl.when(replies == 0)
        .then(pl.lit("none"))
        .when(replies == 1)
        .then(pl.lit("one"))
        .when(replies == 2)
        .then(pl.lit("two"))
        .otherwise(pl.lit("multi"))
        .alias("touch")
    )
