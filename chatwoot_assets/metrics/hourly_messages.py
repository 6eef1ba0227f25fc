"""Compute the rows of hourly_messages: how many messages were written per hour.

Counts messages only; waiting times are in response_intervals. Pure functions on frames.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.times import local_date

_KEY = ("conversation_date", "message_date", "hour", "account_id", "inbox_id", "team_id", "agent_id")


def compute_hourly_messages(conversations: pl.DataFrame, messages: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Return how many messages were written, by hour, inbox, team and writer.

    Args:
        conversations: Extracted conversations with their conversation_date.
        messages: Their messages. A message without a readable time, or without its conversation, is left out.
        zone: The IANA name of the reporting time zone.

    Returns:
        The key, sorted and unique: conversation_date, message_date, hour (0 to 23), account_id, inbox_id, team_id
        (0 for none), agent_id (the sender if that is a user, otherwise 0). The counts: incoming and outgoing
        (public messages), incoming_all and outgoing_all (private messages too, as Chatwoot counts), surveys (of any
        type, as Chatwoot counts).
    """
    is_incoming, is_outgoing = pl.col("message_type") == "incoming", pl.col("message_type") == "outgoing"
    is_survey = (pl.col("content_type") == "input_csat").fill_null(value=False)
    is_public = ~pl.col("private").fill_null(value=False)
    groups = conversations.select(
        pl.col("id").alias("conversation_id"),
        "conversation_date",
        "account_id",
        "inbox_id",
        pl.col("team_id").fill_null(0),
    )
    return (
        messages.select(
            *("conversation_id", "created_at", "message_type", "content_type", "private", "sender_type", "sender_id")
        )
        .filter(pl.col("created_at").is_not_null() & (is_incoming | is_outgoing | is_survey))
        .join(groups, on="conversation_id")
        .with_columns(
            local_date(pl.col("created_at"), zone).alias("message_date"),
            _local_hour(pl.col("created_at"), zone).alias("hour"),
            pl.when(pl.col("sender_type") == "User").then("sender_id").fill_null(0).alias("agent_id"),
        )
        .group_by(_KEY)
        .agg(
            (is_incoming & is_public).sum().cast(pl.Int64).alias("incoming"),
            (is_outgoing & is_public).sum().cast(pl.Int64).alias("outgoing"),
            is_incoming.sum().cast(pl.Int64).alias("incoming_all"),
            is_outgoing.sum().cast(pl.Int64).alias("outgoing_all"),
            is_survey.sum().cast(pl.Int64).alias("surveys"),
        )
        .sort(_KEY)
    )


def _local_hour(instant: pl.Expr, zone: str) -> pl.Expr:
    """Return the hour on a local clock; an hour that occurs twice has one number."""
    return instant.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.hour().cast(pl.Int16)
