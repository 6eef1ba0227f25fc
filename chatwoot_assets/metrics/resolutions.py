"""Each time that a conversation was resolved, and when it was opened again: the rows of resolutions. Pure."""

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


def compute_resolutions(of: ConversationBatch) -> pl.DataFrame:
    """Return the resolutions of conversations, each with the reopening that ended it.

    Returns:
        The rows of resolutions in its order of columns, by conversation_id and resolution_number. Timestamps are
        naive UTC. agent_id is who was assigned then, as the event says; NULL where only a sentence tells of it.
    """
    reopened = of.reopenings.select("conversation_id", "at", pl.col("at").alias("reopened_at"))
    # A reopening belongs to the last resolution before it.
    found = of.resolutions.sort("at").join_asof(
        reopened.sort("at"),
        on="at",
        by="conversation_id",
        strategy="forward",
        allow_exact_matches=False,
        check_sortedness=False,
    )
    found = found.sort("conversation_id", "at").with_columns(
        pl.col("at").shift(-1).over("conversation_id").alias("next_at"),
    )
    is_own = pl.col("next_at").is_null() | (pl.col("reopened_at") <= pl.col("next_at"))
    own = of.conversations.select(
        pl.col("id").alias("conversation_id"),
        *("conversation_date", "account_id", "inbox_id", "team_id", "assignee_id", "created_at"),
        *("status", "labels", "inbox_timezone", "working_hours"),
    )
    rows = found.join(own, on="conversation_id").sort("conversation_id", "at")
    return rows.with_columns(
        pl.col("at").cum_count().over("conversation_id").cast(pl.Int32).alias("resolution_number"),
        pl.col("user_id").cast(pl.Int64).alias("agent_id"),
        pl.col("at").alias("resolved_at"),
        local_date(pl.col("at"), of.zone).alias("resolved_date"),
        seconds(pl.col("at") - pl.col("created_at")).alias("seconds"),
        business_seconds(rows, "created_at", "at"),
        pl.when(is_own).then("reopened_at").alias("reopened_at"),
        local_date(pl.when(is_own).then("reopened_at"), of.zone).alias("reopened_date"),
    ).select(_COLUMNS)
