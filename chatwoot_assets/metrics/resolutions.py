"""Compute the rows of resolutions: each time a conversation was resolved.

Pure functions on frames.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.conversations.transform import seconds
from chatwoot_assets.metrics.business_hours import business_seconds
from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.times import local_date

_COLUMNS = (
    "conversation_id",
    "resolution_number",
    "conversation_date",
    "account_id",
    "inbox_id",
    "team_id",
    "assignee_id",
    "agent_id",
    "resolved_at",
    "resolved_date",
    "seconds",
    "business_seconds",
    "reopened_at",
    "reopened_date",
    "status",
    "labels",
)


def compute_resolutions(batch: ConversationBatch) -> pl.DataFrame:
    """Return the resolutions of a batch, each with the reopening that ended it.

    Returns:
        The rows of resolutions in the table's column order, sorted by conversation_id and resolution_number.
        Timestamps are naive UTC. agent_id is the assignee at that time according to the event, which may be nobody;
        where only an activity message reports the resolution, it is the assignee now.
    """
    reopenings = batch.reopenings.select("conversation_id", "occurred_at", pl.col("occurred_at").alias("reopened_at"))
    # A reopening belongs to the last resolution before it.
    resolutions = batch.resolutions.sort("occurred_at").join_asof(
        reopenings.sort("occurred_at"),
        on="occurred_at",
        by="conversation_id",
        strategy="forward",
        allow_exact_matches=False,
        check_sortedness=False,
    )
    resolutions = resolutions.sort("conversation_id", "occurred_at").with_columns(
        pl.col("occurred_at").shift(-1).over("conversation_id").alias("next_resolved_at"),
    )
    is_reopened = pl.col("next_resolved_at").is_null() | (pl.col("reopened_at") <= pl.col("next_resolved_at"))
    conversations = batch.conversations.select(
        pl.col("id").alias("conversation_id"),
        *("conversation_date", "account_id", "inbox_id", "team_id", "assignee_id", "created_at"),
        *("status", "labels", "inbox_timezone", "working_hours"),
    )
    rows = resolutions.join(conversations, on="conversation_id").sort("conversation_id", "occurred_at")
    return rows.with_columns(
        pl.col("occurred_at").cum_count().over("conversation_id").cast(pl.Int32).alias("resolution_number"),
        pl.when("is_reported").then("user_id").otherwise("assignee_id").cast(pl.Int64).alias("agent_id"),
        pl.col("occurred_at").alias("resolved_at"),
        local_date(pl.col("occurred_at"), batch.zone).alias("resolved_date"),
        seconds(pl.col("occurred_at") - pl.col("created_at")).alias("seconds"),
        business_seconds(rows, "created_at", "occurred_at", batch.holidays),
        pl.when(is_reopened).then("reopened_at").alias("reopened_at"),
        local_date(pl.when(is_reopened).then("reopened_at"), batch.zone).alias("reopened_date"),
    ).select(_COLUMNS)
