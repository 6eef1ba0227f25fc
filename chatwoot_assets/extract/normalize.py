"""What is kept of rows that are read finer or shorter: labels, ratings, a message's types and marks.

Pure: frames in, frames out. The rows of a query come with their hashes, and what is gathered of several rows keeps
what these add up to, so that a day's fingerprint is that of all rows which were read.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup
from chatwoot_assets.extract.queries import hash_column

# What the number `marks` of vw_messages_marked adds up.
_DELETED, _DELETED_UNKNOWN, _AUTOMATED, _EXTERNAL_ECHO, _CAMPAIGN = 1, 2, 4, 8, 16

# The words that vw_messages_marked has for the codes.
_MESSAGE_TYPES = ("incoming", "outgoing", "activity", "template")
_CONTENT_TYPES = (
    "text", "input_text", "input_textarea", "input_email", "input_select", "cards", "form", "article",
    "incoming_email", "input_csat", "integrations", "sticker", "voice_call",
)  # fmt: skip


def add_conversation_date(rows: pl.DataFrame, conversations: pl.DataFrame) -> pl.DataFrame:
    """Return rows with the instant at which the conversation of each was created."""
    created = conversations.select(
        pl.col("id").cast(rows.schema["conversation_id"]).alias("conversation_id"),
        pl.col("created_at").alias("conversation_created_at"),
    )
    return rows.join(created, on="conversation_id", how="left")


def normalize(dataset: Dataset, rows: pl.DataFrame) -> pl.DataFrame:
    """Convert one dataset's source rows to stored rows, keeping their hashes."""
    if dataset is Dataset.MESSAGES:
        return decode_codes(rows)
    return _latest_responses(rows) if dataset is Dataset.CSAT else rows


def with_labels(conversations: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """Return the conversations with the labels of each, in order and each once."""
    hashes = hash_column(FingerprintGroup.LABELS)
    of_conversation = labels.group_by("conversation_id").agg(
        pl.col("label").unique().sort().alias("labels"), pl.col(hashes).cast(pl.Int128).sum()
    )
    joined = conversations.join(of_conversation, left_on="id", right_on="conversation_id", how="left")
    return joined.with_columns(pl.col("labels").fill_null([]), pl.col(hashes).fill_null(0))


def decode_codes(messages: pl.DataFrame) -> pl.DataFrame:
    """Return the messages with words for their types and a flag for each mark; `deleted` is NULL where it cannot be
    read.
    """

    def has(mark: int) -> pl.Expr:
        return pl.col("marks") & mark != 0

    def word(code: str, words: tuple[str, ...]) -> pl.Expr:
        known = dict(enumerate(words))
        spelled = {one: known.get(one, f"unknown({one})") for one in messages[code].unique().drop_nulls()}
        return pl.col(code).replace_strict(spelled, default=None, return_dtype=pl.String)

    return messages.with_columns(
        message_type=word("message_type_code", _MESSAGE_TYPES),
        content_type=word("content_type_code", _CONTENT_TYPES),
        deleted=pl.when(~has(_DELETED_UNKNOWN)).then(has(_DELETED)),
        automated=has(_AUTOMATED),
        external_echo=has(_EXTERNAL_ECHO),
        campaign=has(_CAMPAIGN),
    )


def _latest_responses(responses: pl.DataFrame) -> pl.DataFrame:
    """Return each conversation's latest response and how many there were, as vw_csat_base does."""
    hashes = hash_column(FingerprintGroup.CSAT)
    latest = responses.sort("rated_at", "id", nulls_last=False)
    return latest.group_by("conversation_id", maintain_order=True).agg(
        pl.col("conversation_created_at", "rating", "feedback_message", "rated_at").last(),
        pl.len().alias("csat_responses"),
        pl.col(hashes).cast(pl.Int128).sum(),
    )
