"""The backlog of a batch of conversations, without the other facts about them."""

from __future__ import annotations

import datetime

import polars as pl

from chatwoot_assets.metrics.backlog_changes import compute_backlog_changes, compute_backlog_days
from chatwoot_assets.metrics.conversation_batch import ConversationBatch


def compute_changes(
    batch: ConversationBatch, intervals: pl.DataFrame, *, until: datetime.date | None = None
) -> pl.DataFrame:
    """Return the rows of backlog_changes."""
    days = compute_backlog_days(batch, intervals, until=until)
    return compute_backlog_changes(batch.conversations.join(days, left_on="id", right_on="conversation_id"))
