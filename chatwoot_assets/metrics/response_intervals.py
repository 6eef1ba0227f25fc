"""Compute the rows of response_intervals: every wait of a contact for a human reply.

Pure functions on frames.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.conversations.transform import seconds
from chatwoot_assets.metrics.business_hours import business_seconds
from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.metrics.status import HANDOFF_EVENT, find_events
from chatwoot_assets.times import local_date

# Steps at one instant count in this order.
_RANKS = {step: pl.lit(rank, pl.Int8).alias("rank") for rank, step in enumerate(("message", "handoff", "resolution"))}

_COLUMNS = (
    "conversation_id",
    "interval_number",
    "conversation_date",
    "account_id",
    "inbox_id",
    "team_id",
    "assignee_id",
    "is_first_response",
    "started_at",
    "ended_at",
    "resolved_at",
    "started_date",
    "ended_date",
    "agent_id",
    "seconds",
    "business_seconds",
    "is_open",
    "status",
    "labels",
)


def compute_response_intervals(batch: ConversationBatch) -> pl.DataFrame:
    """Return the waits of contacts for a human reply.

    A wait starts with the contact's first public message after the last human reply or resolution. If a bot handed
    the conversation over after that message, the wait starts with the last handoff, because the bot served the
    contact until then. A bot's own messages end no wait. A wait ends with the next human reply, or unanswered with
    a resolution. At one instant messages count first, by id, then handoffs, then resolutions.

    Returns:
        The rows of response_intervals in the table's column order, sorted by conversation_id and interval_number.
        Timestamps are naive UTC. agent_id is the user who replied; NULL for a reply from the channel's own app.
    """
    conversations = batch.conversations.select(
        pl.col("id").alias("conversation_id"),
        *("conversation_date", "account_id", "inbox_id", "team_id", "assignee_id", "status", "labels"),
        *("inbox_timezone", "working_hours"),
    )
    joined = _find_waits(_collect_steps(batch)).join(conversations, on="conversation_id", maintain_order="left")
    waits = joined.sort("conversation_id", "started_at", maintain_order=True)
    return waits.with_columns(
        pl.col("started_at").cum_count().over("conversation_id").cast(pl.Int32).alias("interval_number"),
        local_date(pl.col("started_at"), batch.zone).alias("started_date"),
        local_date(pl.col("ended_at"), batch.zone).alias("ended_date"),
        seconds(pl.col("ended_at") - pl.col("started_at")).alias("seconds"),
        business_seconds(waits, "started_at", "ended_at", batch.holidays),
        pl.col("ended_at").is_null().alias("is_open"),
    ).select(_COLUMNS)


def _collect_steps(batch: ConversationBatch) -> pl.DataFrame:
    """Return the steps that start, move and end waits, in order.

    Each step has its instant in the column of its kind: asked_at, handed_over_at, replied_at or resolved_at. A reply
    also has agent_id and is_first_response.
    """
    is_from_user = (pl.col("sender_type") == "User") & ~pl.col("external_echo").fill_null(value=False)
    questions = batch.marked_messages.filter("is_question").select(
        "conversation_id", "id", _RANKS["message"], occurred_at=pl.col("created_at"), asked_at=pl.col("created_at")
    )
    replies = batch.marked_messages.filter("is_human_reply").select(
        "conversation_id",
        "id",
        _RANKS["message"],
        occurred_at=pl.col("created_at"),
        replied_at=pl.col("created_at"),
        agent_id=pl.when(is_from_user).then("sender_id"),
        # The messages are sorted by conversation and time: the first row of each conversation is its first reply.
        is_first_response=pl.col("conversation_id").is_first_distinct(),
    )
    handoffs = find_events(batch.events, HANDOFF_EVENT).select(
        "conversation_id", "occurred_at", _RANKS["handoff"], handed_over_at=pl.col("occurred_at")
    )
    resolutions = batch.resolutions.select(
        "conversation_id", "occurred_at", _RANKS["resolution"], resolved_at=pl.col("occurred_at")
    )
    steps = pl.concat([questions, replies, handoffs, resolutions], how="diagonal")
    return steps.sort("conversation_id", "occurred_at", "rank", "id")


def _find_waits(steps: pl.DataFrame) -> pl.DataFrame:
    """Return the waits of all conversations, in order."""
    is_end = pl.col("replied_at").is_not_null() | pl.col("resolved_at").is_not_null()
    return (
        steps.with_columns(is_end.shift(1, fill_value=False).cum_sum().alias("section"))
        .group_by("conversation_id", "section", maintain_order=True)
        .agg(
            pl.col("asked_at").min(),
            pl.col("handed_over_at").max(),
            # A section has at most one of these: its last step.
            pl.col("replied_at", "resolved_at", "agent_id", "is_first_response").last(),
        )
        .filter(pl.col("asked_at").is_not_null())
        .select(
            "conversation_id",
            # A handoff before the contact's first message does not delay the start.
            pl.max_horizontal("asked_at", "handed_over_at").alias("started_at"),
            pl.col("replied_at").alias("ended_at"),
            "resolved_at",
            "agent_id",
            pl.col("is_first_response").fill_null(value=False),
        )
    )
