"""Transform extracted rows to the rows of conversas_analytics and messages: pure functions on frames.

They compute what the view vw_message_stats computes on the source, and the local views on these tables must agree with
the remote ones byte for byte. `refresh/batches.py` reads the extracts, `refresh/load.py` writes the rows.
"""

from __future__ import annotations

import datetime
from typing import NamedTuple

import polars as pl

from chatwoot_assets.columns import TIMESTAMP
from chatwoot_assets.extract.normalize import encode_marks
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS, MESSAGES


class LoadedRows(NamedTuple):
    """Rows for the warehouse, in the order of the tables' columns; timestamps are naive UTC.

    Attributes:
        conversations: The rows of conversas_analytics, by id.
        messages: The rows of messages, of these conversations.
    """

    conversations: pl.DataFrame
    messages: pl.DataFrame


def transform_conversations(conversations: pl.DataFrame, messages: pl.DataFrame, csat: pl.DataFrame) -> LoadedRows:
    """Return the rows of some conversations.

    Args:
        conversations: The conversations, as extracted, with their conversation_date and extracted_at; see `with_day`.
        messages: The messages of those conversations; others are left out.
        csat: Their ratings, one row per response.
    """
    rows = (
        conversations.join(summarize_messages(messages), left_on="id", right_on="conversation_id", how="left")
        .join(latest_ratings(csat), left_on="id", right_on="conversation_id", how="left")
        .with_columns(
            pl.col("t_messages", "user_msg_count", "contact_msg_count", "csat_responses").fill_null(0),
            pl.col("contact_phone").alias("client_phone"),
        )
        .select(CONVERSAS_ANALYTICS.keys())
        .sort("id")
    )
    keys = rows.select(pl.col("id").alias("conversation_id"), "conversation_date", "account_id", "inbox_id")
    marked = encode_marks(messages).join(keys, on="conversation_id")
    return LoadedRows(rows, marked.select(MESSAGES.keys()).sort("conversation_id", "id"))


def with_day(conversations: pl.DataFrame, date: datetime.date, snapshot_at: datetime.datetime) -> pl.DataFrame:
    """Add conversation_date and extracted_at to one day's conversations.

    Args:
        conversations: The conversations, as extracted.
        date: The day: rows belong to the partition that they were read for.
        snapshot_at: The instant of the snapshot, with a time zone.
    """
    naive = snapshot_at.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return conversations.with_columns(
        pl.lit(date).alias("conversation_date"), pl.lit(naive, dtype=TIMESTAMP).alias("extracted_at")
    )


def summarize_messages(messages: pl.DataFrame) -> pl.DataFrame:
    """Return one row per conversation: the counts, the times and the last contact of its messages."""
    public = pl.col("private").not_()
    from_contact = pl.col("sender_type") == "Contact"
    return (
        messages.select("conversation_id", "created_at", "id", "private", "sender_type", "sender_id")
        # A message whose time could not be read comes first, as in the view.
        .sort("conversation_id", "created_at", "id", nulls_last=False)
        .group_by("conversation_id", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int32).alias("t_messages"),
            pl.col("sender_id").filter(from_contact).last().alias("client_sender_id"),
            (public & (pl.col("sender_type") == "User")).sum().cast(pl.Int32).alias("user_msg_count"),
            (public & from_contact).sum().cast(pl.Int32).alias("contact_msg_count"),
            pl.col("created_at").filter(public).min().alias("first_message_at"),
            pl.col("created_at").filter(public).max().alias("last_message_at"),
        )
        .with_columns(seconds(pl.col("last_message_at") - pl.col("first_message_at")).alias("duration_seconds"))
    )


def latest_ratings(csat: pl.DataFrame) -> pl.DataFrame:
    """Return each rated conversation's latest response and the number of its responses, as vw_csat_base does.

    A response whose time could not be read counts as the earliest.
    """
    columns = ("rating", "feedback_message", "rated_at", "assigned_agent_id", "csat_responses")
    ordered = csat.sort("conversation_id", "rated_at", "id", nulls_last=False)
    return ordered.group_by("conversation_id", maintain_order=True).agg(pl.col(columns).last())


def seconds(duration: pl.Expr) -> pl.Expr:
    """Return a duration in seconds, as the double that PostgreSQL computes.

    It is divided as a decimal, because polars divides a double by multiplying with the reciprocal: in a third of all
    cases the last bit would differ.
    """
    microseconds = duration.dt.total_microseconds().cast(pl.Decimal(38, 0))
    return (microseconds / pl.lit(1_000_000, dtype=pl.Decimal(38, 6))).cast(pl.Float64)
