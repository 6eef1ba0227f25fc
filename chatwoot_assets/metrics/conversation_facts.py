"""One row a conversation: the rows of conversation_facts. Pure.

What Chatwoot did not keep is NULL, not 0: a count of what nobody wrote down is not known to be none.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.conversations.transform import seconds
from chatwoot_assets.metrics.activity import ASSIGNED
from chatwoot_assets.metrics.business_hours import business_seconds
from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.metrics.status import BOT_RESOLVED_EVENT, HANDOFF_EVENT
from chatwoot_assets.times import local_date

_COLUMNS = (
    "conversation_id",
    "conversation_date",
    "account_id",
    "inbox_id",
    "team_id",
    "assignee_id",
    "status",
    "created_at",
    "conversation_hour",
    "day_of_week",
    "account_name",
    "team_name",
    "labels",
    "is_resolved",
    "first_response_seconds",
    "first_response_business_seconds",
    "waits_answered",
    "waits_open",
    "sum_wait_seconds",
    "sum_wait_business_seconds",
    "resolutions",
    "first_resolution_seconds",
    "last_resolution_seconds",
    "first_resolution_business_seconds",
    "last_resolution_business_seconds",
    "first_resolved_at",
    "last_resolved_at",
    "last_resolved_date",
    "reopens",
    "assignments",
    "reassignments",
    "returned_to_agent",
    "human_replies",
    "touch",
    "bot_resolved",
    "bot_handed_off",
    "last_sender",
    "needs_reply",
    "waiting_since",
    "csat_offered",
    "csat_answered",
    "rating",
    "rated_at",
    "csat_responses",
    "incoming_messages",
    "outgoing_messages",
    "private_notes",
)


def compute_conversation_facts(of: ConversationBatch, intervals: pl.DataFrame) -> pl.DataFrame:
    """Return what is known of each conversation.

    Args:
        of: the conversations.
        intervals: their waits, as `compute_response_intervals` returns them.

    Returns:
        The rows of conversation_facts in its order of columns, by conversation_id. Timestamps are naive UTC,
        counts are Int32.
    """
    # The conversation's own first response is Chatwoot's, and its own waiting_since.
    joined = of.conversations.drop("first_response_seconds", "waiting_since").rename({"id": "conversation_id"})
    parts = (
        _of_waits(intervals),
        _of_resolutions(of),
        _of_assignments(of.activity),
        _of_messages(of.marked),
        of.csat.select("conversation_id", "rating", "rated_at", "csat_responses"),
    )
    for part in parts:
        joined = joined.join(part, on="conversation_id", how="left")
    return (
        joined.with_columns(_hours_of_resolutions(joined))
        .with_columns(
            _counts() + _resolution_facts(of.zone) + _assignment_facts() + _bot_facts(of.events) + _csat_facts()
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


def _of_waits(intervals: pl.DataFrame) -> pl.DataFrame:
    first = pl.col("is_first_response")
    return intervals.group_by("conversation_id").agg(
        pl.col("seconds").filter(first).first().alias("first_response_seconds"),
        pl.col("business_seconds").filter(first).first().alias("first_response_business_seconds"),
        pl.col("is_open").not_().sum().alias("waits_answered"),
        pl.col("is_open").sum().alias("waits_open"),
        pl.col("seconds").sum().alias("sum_wait_seconds"),
        pl.col("business_seconds").sum().alias("sum_wait_business_seconds"),
        pl.col("started_at").filter(pl.col("is_open") & pl.col("resolved_at").is_null()).last().alias("waiting_since"),
    )


def _of_resolutions(of: ConversationBatch) -> pl.DataFrame:
    reopened = of.reopenings.group_by("conversation_id").agg(pl.len().alias("reopens"))
    return (
        of.resolutions.group_by("conversation_id")
        .agg(
            pl.len().alias("resolutions"),
            pl.col("at").min().alias("first_resolved_at"),
            pl.col("at").max().alias("last_resolved_at"),
        )
        .join(reopened, on="conversation_id", how="left")
    )


def _of_assignments(activity: pl.DataFrame) -> pl.DataFrame:
    is_other = (pl.col("agent") != pl.col("agent").shift(1)) & (
        pl.col("conversation_id") == pl.col("conversation_id").shift(1)
    )
    is_back = is_other & ~pl.struct("conversation_id", "agent").is_first_distinct()
    return (
        activity.filter(pl.col("what") == ASSIGNED)
        .with_columns(is_other.alias("is_other"), is_back.alias("is_back"))
        .group_by("conversation_id")
        .agg(
            pl.len().alias("assignments"),
            pl.col("is_other").sum().alias("reassignments"),
            pl.col("is_back").any().alias("returned_to_agent"),
        )
    )


def _of_messages(marked: pl.DataFrame) -> pl.DataFrame:
    is_survey = (pl.col("content_type") == "input_csat") & ~pl.col("deleted").fill_null(value=False)
    return marked.group_by("conversation_id", maintain_order=True).agg(
        pl.col("is_human_reply").sum().alias("human_replies"),
        (pl.col("message_type") == "incoming").sum().alias("incoming_messages"),
        (pl.col("message_type") == "outgoing").sum().alias("outgoing_messages"),
        pl.col("is_note").sum().alias("private_notes"),
        pl.col("sender_kind").drop_nulls().last().alias("last_sender"),
        is_survey.any().alias("csat_offered"),
    )


def _hours_of_resolutions(joined: pl.DataFrame) -> list[pl.Series]:
    """Return what is counted in the inbox's hours; the sum of no wait at all is 0 where there are hours."""
    has_hours = business_seconds(joined, "created_at", "created_at").is_not_null()
    waited = joined["sum_wait_business_seconds"].fill_null(0.0)
    none = pl.Series([None], dtype=pl.Float64)
    return [
        waited.zip_with(has_hours, none).alias("sum_wait_business_seconds"),
        business_seconds(joined, "created_at", "first_resolved_at").alias("first_resolution_business_seconds"),
        business_seconds(joined, "created_at", "last_resolved_at").alias("last_resolution_business_seconds"),
    ]


def _counts() -> list[pl.Expr]:
    messages = ("human_replies", "incoming_messages", "outgoing_messages", "private_notes")
    counts = pl.col("waits_answered", "waits_open", "csat_responses", *messages)
    return [counts.fill_null(0).cast(pl.Int32), pl.col("sum_wait_seconds").fill_null(0.0)]


def _resolution_facts(zone: str) -> list[pl.Expr]:
    """Return the resolutions and reopens, NULL where the conversation is resolved and nobody knows since when."""
    is_known = pl.col("resolutions").is_not_null() | ~pl.col("is_resolved")
    count = pl.col("resolutions").fill_null(0).cast(pl.Int32)
    # All but the last were undone; the last one, too, where it does not hold.
    undone = count - 1 + ((count > 0) & ~pl.col("is_resolved")).cast(pl.Int32)
    reopens = pl.max_horizontal(pl.col("reopens").fill_null(0).cast(pl.Int32), undone, pl.lit(0, pl.Int32))
    return [
        pl.when(is_known).then(count).alias("resolutions"),
        pl.when(is_known).then(reopens).alias("reopens"),
        seconds(pl.col("first_resolved_at") - pl.col("created_at")).alias("first_resolution_seconds"),
        seconds(pl.col("last_resolved_at") - pl.col("created_at")).alias("last_resolution_seconds"),
        local_date(pl.col("last_resolved_at"), zone).alias("last_resolved_date"),
    ]


def _assignment_facts() -> list[pl.Expr]:
    """Return the assignments, NULL where somebody is assigned and nobody knows since when."""
    is_known = pl.col("assignments").is_not_null() | pl.col("assignee_id").is_null()
    counts = pl.col("assignments", "reassignments").fill_null(0).cast(pl.Int32)
    return [
        pl.when(is_known).then(counts),
        pl.when(is_known).then(pl.col("returned_to_agent").fill_null(value=False)),
    ]


def _bot_facts(events: pl.DataFrame) -> list[pl.Expr]:
    def had(name: str) -> pl.Expr:
        return pl.col("conversation_id").is_in(events.filter(pl.col("name") == name)["conversation_id"].implode())

    return [had(BOT_RESOLVED_EVENT).alias("bot_resolved"), had(HANDOFF_EVENT).alias("bot_handed_off")]


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
