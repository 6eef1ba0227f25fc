"""Compute the rows of conversation_events: Chatwoot's reporting events, unchanged.

Duplicates are included, because Chatwoot's own report counts them. The modules of the other tables compute what really
happened. Pure functions on frames.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.times import local_date


def compute_conversation_events(conversations: pl.DataFrame, events: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Return the events of the conversations, each with its day.

    Args:
        conversations: Extracted conversations with their conversation_date.
        events: Their reporting events. An event without its conversation is left out.
        zone: The IANA name of the reporting time zone.

    Returns:
        The event's own columns, all nullable except id and conversation_id; the conversation's team_id; and
        event_date, the day of created_at, by which Chatwoot's report counts. Sorted by id, which is unique.
    """
    days_and_teams = conversations.select(pl.col("id").alias("conversation_id"), "conversation_date", "team_id")
    return (
        events.join(days_and_teams, on="conversation_id")
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
