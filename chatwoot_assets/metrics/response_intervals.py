"""Every wait of a contact for a human's reply: the rows of response_intervals. Pure."""

from __future__ import annotations

import polars as pl

from chatwoot_assets.conversations.transform import seconds
from chatwoot_assets.metrics.business_hours import business_seconds
from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.metrics.status import HANDOFF_EVENT, event_times
from chatwoot_assets.times import local_date

# In the order in which they count at one instant.
_RANKS = {what: pl.lit(rank, pl.Int8).alias("rank") for rank, what in enumerate(("message", "handoff", "resolution"))}

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


def compute_response_intervals(of: ConversationBatch) -> pl.DataFrame:
    """Return the waits of contacts for a human's reply.

    A wait starts with the first public message of the contact since the last human reply or resolution; where a
    bot handed the conversation over meanwhile, with the last handover, for until then the bot served. A bot's
    own messages end no wait. It ends with the next human reply, or without one by a resolution. Of one instant
    messages count first, by id, then handovers, then resolutions.

    Returns:
        The rows of response_intervals in its order of columns, by conversation_id and interval_number. Timestamps
        are naive UTC. agent_id is the user who replied; NULL for a reply from the channel's own application.
    """
    found = _waits(_steps(of))
    own = of.conversations.select(
        pl.col("id").alias("conversation_id"),
        *("conversation_date", "account_id", "inbox_id", "team_id", "assignee_id", "status", "labels"),
        *("inbox_timezone", "working_hours"),
    )
    joined = found.join(own, on="conversation_id", maintain_order="left")
    waits = joined.sort("conversation_id", "started_at", maintain_order=True)
    return waits.with_columns(
        pl.col("started_at").cum_count().over("conversation_id").cast(pl.Int32).alias("interval_number"),
        local_date(pl.col("started_at"), of.zone).alias("started_date"),
        local_date(pl.col("ended_at"), of.zone).alias("ended_date"),
        seconds(pl.col("ended_at") - pl.col("started_at")).alias("seconds"),
        business_seconds(waits, "started_at", "ended_at"),
        pl.col("ended_at").is_null().alias("is_open"),
    ).select(_COLUMNS)


def _steps(of: ConversationBatch) -> pl.DataFrame:
    """Return what begins, moves and ends waits, in order, each with its instant in a column of its own.

    asked_at, handed_over_at, replied_at or resolved_at; of a reply also agent_id and is_first_response.
    """
    by_user = (pl.col("sender_type") == "User") & ~pl.col("external_echo").fill_null(value=False)
    asked = of.marked.filter("is_incoming").select(
        "conversation_id", "id", _RANKS["message"], at=pl.col("created_at"), asked_at=pl.col("created_at")
    )
    replied = of.marked.filter("is_human_reply").select(
        "conversation_id",
        "id",
        _RANKS["message"],
        at=pl.col("created_at"),
        replied_at=pl.col("created_at"),
        agent_id=pl.when(by_user).then("sender_id"),
        # By conversation and in order, as marked: the first row of each is its first reply.
        is_first_response=pl.col("conversation_id").is_first_distinct(),
    )
    handed_over = event_times(of.events, HANDOFF_EVENT).select(
        "conversation_id", "at", _RANKS["handoff"], handed_over_at=pl.col("at")
    )
    ended = of.resolutions.select("conversation_id", "at", _RANKS["resolution"], resolved_at=pl.col("at"))
    return pl.concat([asked, replied, handed_over, ended], how="diagonal").sort("conversation_id", "at", "rank", "id")


def _waits(steps: pl.DataFrame) -> pl.DataFrame:
    """Return the waits of all conversations, in order."""
    ends = pl.col("replied_at").is_not_null() | pl.col("resolved_at").is_not_null()
    return (
        steps.with_columns(ends.shift(1, fill_value=False).cum_sum().alias("stretch"))
        .group_by("conversation_id", "stretch", maintain_order=True)
        .agg(
            pl.col("asked_at").min(),
            pl.col("handed_over_at").max(),
            # At most one of a stretch, its last step.
            pl.col("replied_at", "resolved_at", "agent_id", "is_first_response").last(),
        )
        .filter(pl.col("asked_at").is_not_null())
        .select(
            "conversation_id",
            # A handover before the contact wrote is no later than that.
            pl.max_horizontal("asked_at", "handed_over_at").alias("started_at"),
            pl.col("replied_at").alias("ended_at"),
            "resolved_at",
            "agent_id",
            pl.col("is_first_response").fill_null(value=False),
        )
    )
