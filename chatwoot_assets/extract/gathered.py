"""What is kept of rows that Chatwoot's are finer than: labels, ratings, a message's marks.

Pure: frames in, frames out. The rows of a query come with their hashes, and what is gathered of several rows keeps
what these add up to, so that a day's fingerprint is that of all rows which were read.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.extract.frames import CSAT, MESSAGES
from chatwoot_assets.extract.queries import hash_column
from chatwoot_assets.extract.readings import LABELS

# What the number `marks` of vw_messages_marked adds up.
_DELETED, _DELETED_UNKNOWN, _AUTOMATED, _EXTERNAL_ECHO, _CAMPAIGN = 1, 2, 4, 8, 16


def gathered(kind: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that are kept of a kind's, with their hashes."""
    if kind == MESSAGES:
        return _marked(rows)
    return _latest_responses(rows) if kind == CSAT else rows


def with_labels(conversations: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """Return the conversations with the labels of each, in order and each once."""
    hashes = hash_column(LABELS)
    of_conversation = labels.group_by("conversation_id").agg(
        pl.col("label").unique().sort().alias("labels"), pl.col(hashes).cast(pl.Int128).sum()
    )
    joined = conversations.join(of_conversation, left_on="id", right_on="conversation_id", how="left")
    return joined.with_columns(pl.col("labels").fill_null([]), pl.col(hashes).fill_null(0))


def _marked(messages: pl.DataFrame) -> pl.DataFrame:
    """Return the messages with a flag for each mark; `deleted` is NULL where it cannot be read."""

    def has(mark: int) -> pl.Expr:
        return pl.col("marks") & mark != 0

    return messages.with_columns(
        deleted=pl.when(~has(_DELETED_UNKNOWN)).then(has(_DELETED)),
        automated=has(_AUTOMATED),
        external_echo=has(_EXTERNAL_ECHO),
        campaign=has(_CAMPAIGN),
    )


def _latest_responses(responses: pl.DataFrame) -> pl.DataFrame:
    """Return each conversation's latest response and how many there were, as vw_csat_base does."""
    hashes = hash_column(CSAT)
    latest = responses.sort("rated_at", "id", nulls_last=False)
    return latest.group_by("conversation_id", maintain_order=True).agg(
        pl.col("conversation_created_at", "rating", "feedback_message", "rated_at").last(),
        pl.len().alias("csat_responses"),
        pl.col(hashes).cast(pl.Int128).sum(),
    )
