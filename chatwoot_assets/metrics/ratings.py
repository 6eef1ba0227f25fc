"""Compute the rows of ratings: every response to a satisfaction survey.

The latest rating of a conversation is also in conversation_facts. Pure functions on frames.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.times import local_date


def compute_ratings(conversations: pl.DataFrame, csat: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Return the ratings, each with the groups that its conversation belongs to.

    Args:
        conversations: Extracted conversations with their conversation_date.
        csat: Their ratings, one row per response. A response without its conversation is left out.
        zone: The IANA name of the reporting time zone.

    Returns:
        The columns of the table, sorted by conversation_id and id, which are unique. rated_at and rated_date are NULL
        for a response whose time could not be read.
    """
    groups = conversations.select(
        pl.col("id").alias("conversation_id"),
        *("conversation_date", "account_id", "inbox_id", "team_id", "status"),
        pl.col("labels").fill_null([]),
    )
    return (
        csat.join(groups, on="conversation_id")
        .select(
            "conversation_id",
            "id",
            "conversation_date",
            "account_id",
            "inbox_id",
            "team_id",
            pl.col("assigned_agent_id").alias("agent_id"),
            "rating",
            "rated_at",
            local_date(pl.col("rated_at"), zone).alias("rated_date"),
            "status",
            "labels",
            "review_notes",
            pl.col("review_notes_updated_at").alias("reviewed_at"),
            pl.col("review_notes_updated_by_id").alias("reviewer_id"),
        )
        .sort("conversation_id", "id")
    )
