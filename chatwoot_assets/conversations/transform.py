"""Transforming a day's extracted rows to the rows of conversas_analytics: pure functions on frames.

They compute what the views vw_messages_compiled and vw_message_stats compute on the source, and must agree with them
byte for byte. Reading the extracts is in `batches.py`, writing the rows in `load.py`.
"""

from __future__ import annotations

import datetime

import polars as pl

from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS

# The keys of a message in message_compiled, in the order in which jsonb stores them, by length and then by bytes:
# PostgreSQL need not sort them.
_MESSAGE_KEYS = ("id", "content", "deleted", "private", "sender_id", "created_at", "sender_type", "message_type")


def transform_day(
    conversations: pl.DataFrame,
    messages: pl.DataFrame,
    csat: pl.DataFrame,
    date: datetime.date,
    extracted_at: datetime.datetime,
) -> pl.DataFrame:
    """Return the rows of conversas_analytics for one day, with the columns in the table's order.

    Args:
        conversations: The day's conversations, as extracted.
        messages: The messages of those conversations.
        csat: Their ratings, at most one row per conversation.
        date: The day. Rows belong to the partition that they were read for.
        extracted_at: The instant of the snapshot.

    Returns:
        One row per conversation. message_compiled is JSON text; timestamps are naive UTC.
    """
    snapshot_at = extracted_at.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return (
        conversations.join(transform_messages(messages), left_on="id", right_on="conversation_id", how="left")
        .join(csat.drop("conversation_created_at"), left_on="id", right_on="conversation_id", how="left")
        .with_columns(
            pl.col("message_compiled").fill_null("[]"),
            pl.col("t_messages", "user_msg_count", "contact_msg_count", "csat_responses").fill_null(0),
            pl.col("contact_phone").alias("client_phone"),
            pl.lit(date).alias("conversation_date"),
            pl.lit(snapshot_at, dtype=pl.Datetime("us")).alias("extracted_at"),
        )
        .select(CONVERSAS_ANALYTICS.keys())
        .sort("id")
    )


def transform_messages(messages: pl.DataFrame) -> pl.DataFrame:
    """Return one row per conversation: its messages as JSON text, and their counts and times."""
    public = pl.col("private").not_()
    from_contact = pl.col("sender_type") == "Contact"
    return (
        # A message whose time could not be read comes first, as in the view.
        messages.sort("conversation_id", "created_at", "id", nulls_last=False)
        .with_columns(_element().alias("element"))
        .group_by("conversation_id", maintain_order=True)
        .agg(
            pl.concat_str(pl.lit("["), pl.col("element").str.join(","), pl.lit("]")).first().alias("message_compiled"),
            pl.len().cast(pl.Int32).alias("t_messages"),
            pl.col("sender_id").filter(from_contact).last().alias("client_sender_id"),
            (public & (pl.col("sender_type") == "User")).sum().cast(pl.Int32).alias("user_msg_count"),
            (public & from_contact).sum().cast(pl.Int32).alias("contact_msg_count"),
            pl.col("created_at").filter(public).min().alias("first_message_at"),
            pl.col("created_at").filter(public).max().alias("last_message_at"),
        )
        .with_columns(seconds(pl.col("last_message_at") - pl.col("first_message_at")).alias("duration_seconds"))
    )


def seconds(duration: pl.Expr) -> pl.Expr:
    """Return a duration in seconds, as the double that PostgreSQL computes.

    It is divided as a decimal, because polars divides a double by multiplying with the reciprocal: in a third of all
    cases the last bit would differ.
    """
    microseconds = duration.dt.total_microseconds().cast(pl.Decimal(38, 0))
    return (microseconds / pl.lit(1_000_000, dtype=pl.Decimal(38, 6))).cast(pl.Float64)


def _element() -> pl.Expr:
    """Return each message as the JSON text of its element in message_compiled."""
    written_at = pl.col("created_at").dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
    return pl.struct(
        written_at if name == "created_at" else pl.col(name) for name in _MESSAGE_KEYS
    ).struct.json_encode()
