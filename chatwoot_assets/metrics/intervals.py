"""Every wait of a contact for a human's reply: the rows of response_intervals. Pure."""

from __future__ import annotations

from collections.abc import Set

import polars as pl

from chatwoot_assets.analytics.compile import seconds
from chatwoot_assets.metrics.activity import read_activity
from chatwoot_assets.metrics.business_hours import business_seconds
from chatwoot_assets.metrics.replies import mark_replies
from chatwoot_assets.metrics.status import HANDOFF_EVENT, event_times, resolutions
from chatwoot_assets.metrics.times import local_date

# In the order in which they count at one instant: messages, a bot's handing over, a resolution.
_INCOMING, _REPLY, _HANDOFF, _RESOLVED = "incoming", "reply", "handoff", "resolved"

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
)


def compile_intervals(
    conversations: pl.DataFrame, messages: pl.DataFrame, events: pl.DataFrame, zone: str, bots: Set[int]
) -> pl.DataFrame:
    """Return the waits of contacts for a human's reply.

    A wait starts with the first public message of the contact since the last human reply or resolution; where a
    bot handed the conversation over meanwhile, with the last handover, for until then the bot served. A bot's
    own messages end no wait. It ends with the next human reply, or without one by a resolution. Of one instant
    messages count first, by id, then handovers, then resolutions.

    Args:
        conversations: extracted conversations, with their conversation_date.
        messages: the messages of those conversations.
        events: their reporting events.
        zone: the reporting time zone.
        bots: ids of users that are programs.

    Returns:
        The rows of response_intervals in its order of columns, by conversation_id and interval_number. Timestamps
        are naive UTC. agent_id is the user who replied; NULL for a reply from the channel's own application.
    """
    found = _waits(_steps(mark_replies(messages, bots), resolutions(read_activity(messages), events), events))
    own = conversations.select(
        pl.col("id").alias("conversation_id"),
        *("conversation_date", "account_id", "inbox_id", "team_id", "assignee_id", "inbox_timezone", "working_hours"),
    )
    waits = found.join(own, on="conversation_id").sort("conversation_id", "started_at", maintain_order=True)
    return waits.with_columns(
        pl.col("started_at").cum_count().over("conversation_id").cast(pl.Int32).alias("interval_number"),
        local_date(pl.col("started_at"), zone).alias("started_date"),
        local_date(pl.col("ended_at"), zone).alias("ended_date"),
        seconds(pl.col("ended_at") - pl.col("started_at")).alias("seconds"),
        business_seconds(waits, "started_at", "ended_at"),
        pl.col("ended_at").is_null().alias("is_open"),
    ).select(_COLUMNS)


def _steps(marked: pl.DataFrame, resolved: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Return what begins, moves and ends waits, in order: conversation_id, at, what, agent_id, is_first."""
    by_user = (pl.col("sender_type") == "User") & ~pl.col("external_echo").fill_null(value=False)
    incoming = marked.filter("is_incoming").select("conversation_id", pl.col("created_at").alias("at"), "id")
    replies = marked.filter("is_human_reply").select(
        "conversation_id",
        pl.col("created_at").alias("at"),
        "id",
        pl.when(by_user).then("sender_id").alias("agent_id"),
        # By conversation and in order, as marked: the first row of each is its first reply.
        pl.col("conversation_id").is_first_distinct().alias("is_first"),
    )
    handoffs = event_times(events, HANDOFF_EVENT).select("conversation_id", "at")
    parts = [
        incoming.with_columns(pl.lit(_INCOMING).alias("what"), pl.lit(0).alias("rank")),
        replies.with_columns(pl.lit(_REPLY).alias("what"), pl.lit(0).alias("rank")),
        handoffs.with_columns(pl.lit(_HANDOFF).alias("what"), pl.lit(1).alias("rank")),
        resolved.select("conversation_id", "at", pl.lit(_RESOLVED).alias("what"), pl.lit(2).alias("rank")),
    ]
    return pl.concat(parts, how="diagonal").sort("conversation_id", "at", "rank", "id")


def _waits(steps: pl.DataFrame) -> pl.DataFrame:
    """Return the waits of all conversations, in order."""
    ends = pl.col("what").is_in([_REPLY, _RESOLVED])
    answered, resolved = pl.col("what") == _REPLY, pl.col("what") == _RESOLVED
    return (
        steps.with_columns(ends.shift(1, fill_value=False).cum_sum().alias("stretch"))
        .group_by("conversation_id", "stretch", maintain_order=True)
        .agg(
            pl.col("at").filter(pl.col("what") == _INCOMING).first().alias("asked_at"),
            pl.col("at").filter(pl.col("what") == _HANDOFF).last().alias("handed_over_at"),
            pl.col("at").filter(answered).last().alias("ended_at"),
            pl.col("at").filter(resolved).last().alias("resolved_at"),
            pl.col("agent_id", "is_first").last(),
        )
        .filter(pl.col("asked_at").is_not_null())
        .select(
            "conversation_id",
            # A handover before the contact wrote is no later than that.
            pl.max_horizontal("asked_at", "handed_over_at").alias("started_at"),
            "ended_at",
            "resolved_at",
            "agent_id",
            pl.col("is_first").fill_null(value=False).alias("is_first_response"),
        )
    )
