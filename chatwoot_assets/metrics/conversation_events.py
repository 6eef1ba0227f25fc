"""Chatwoot's reporting events as they are, duplicates included: the rows of conversation_events. Pure.

They are what Chatwoot's own report is computed from; what really happened is told by the modules beside this.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.times import local_date


def compute_conversation_events(conversations: pl.DataFrame, events: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Return the events of the conversations, each with its day.

    Args:
        conversations: extracted conversations, with their conversation_date.
        events: their reporting events. One of a conversation that is not there is left out.
        zone: the reporting time zone, by its IANA name.

    Returns:
        By id, which is unique: the event's own columns, all but id and conversation_id nullable; team_id is
        the conversation's, event_date the day of created_at, by which Chatwoot's report counts.
    """
    whose = conversations.select(pl.col("id").alias("conversation_id"), "conversation_date", "team_id")
    return (
        events.join(whose, on="conversation_id")
        .select(
            "id",
            "conversation_id",
            "conversation_date",
            "account_id",
            "inbox_id",
            "user_id",
            "team_id",
            "name",
            "value",
            "value_in_business_hours",
            pl.col("event_start_time").alias("event_start_at"),
            pl.col("event_end_time").alias("event_end_at"),
            "created_at",
            local_date(pl.col("created_at"), zone).alias("event_date"),
        )
        .sort("id")
    )
