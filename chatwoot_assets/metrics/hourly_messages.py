"""How many messages were written in each hour, and where: the rows of hourly_messages. Pure.

What counts is that a message was written; how long somebody waited for it is not told here.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.times import local_date

_KEY = ("conversation_date", "message_date", "hour", "account_id", "inbox_id", "team_id", "agent_id")


def compute_hourly_messages(conversations: pl.DataFrame, messages: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Return how many messages were written, by hour, inbox, team and writer.

    Args:
        conversations: extracted conversations, with their conversation_date.
        messages: their messages. One whose time could not be read, and one of a conversation that is not
            there, is left out.
        zone: the reporting time zone, by its IANA name.

    Returns:
        By their key, which is unique: conversation_date, message_date, hour (0 to 23), account_id, inbox_id,
        team_id (0 for none), agent_id (the sender where that is a user, else 0); and incoming, outgoing
        (public messages), incoming_all, outgoing_all (private ones too, as Chatwoot counts).
    """
    incoming, outgoing = pl.col("message_type") == "incoming", pl.col("message_type") == "outgoing"
    public = ~pl.col("private").fill_null(value=False)
    whose = conversations.select(
        pl.col("id").alias("conversation_id"),
        "conversation_date",
        "account_id",
        "inbox_id",
        pl.col("team_id").fill_null(0),
    )
    return (
        messages.filter(pl.col("created_at").is_not_null() & (incoming | outgoing))
        .join(whose, on="conversation_id")
        .with_columns(
            local_date(pl.col("created_at"), zone).alias("message_date"),
            _local_hour(pl.col("created_at"), zone).alias("hour"),
            pl.when(pl.col("sender_type") == "User").then("sender_id").fill_null(0).alias("agent_id"),
        )
        .group_by(_KEY)
        .agg(
            (incoming & public).sum().cast(pl.Int64).alias("incoming"),
            (outgoing & public).sum().cast(pl.Int64).alias("outgoing"),
            incoming.sum().cast(pl.Int64).alias("incoming_all"),
            outgoing.sum().cast(pl.Int64).alias("outgoing_all"),
        )
        .sort(_KEY)
    )


def _local_hour(at: pl.Expr, zone: str) -> pl.Expr:
    """Return the hour of the clock at an instant; where an hour comes twice both have its name."""
    return at.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.hour().cast(pl.Int16)
