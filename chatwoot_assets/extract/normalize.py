"""Convert source rows to stored rows: labels, SLAs, calls, ratings, and the types and marks of messages.

Pure functions from frames to frames. Source rows have their hashes in a column; when several of them become one stored
row, their hashes are added up, so that a day's fingerprint covers all rows that were read.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup
from chatwoot_assets.extract.queries import hash_column

# The bits of the number `marks` of vw_messages_own.
_DELETED, _DELETED_UNKNOWN, _AUTOMATED, _EXTERNAL_ECHO, _CAMPAIGN, _REACTION = 1, 2, 4, 8, 16, 32

# The words for codes, as in vw_messages_own.
_MESSAGE_TYPES = ("incoming", "outgoing", "activity", "template")
_CONTENT_TYPES = (
    "text", "input_text", "input_textarea", "input_email", "input_select", "cards", "form", "article",
    "incoming_email", "input_csat", "integrations", "sticker", "voice_call",
)  # fmt: skip


def add_conversation_date(rows: pl.DataFrame, conversations: pl.DataFrame) -> pl.DataFrame:
    """Add to each row when its conversation was created, as `conversation_created_at`."""
    created = conversations.select(
        pl.col("id").cast(rows.schema["conversation_id"]).alias("conversation_id"),
        pl.col("created_at").alias("conversation_created_at"),
    )
    return rows.join(created, on="conversation_id", how="left")


def normalize(dataset: Dataset, rows: pl.DataFrame) -> pl.DataFrame:
    """Convert one dataset's source rows to stored rows, keeping their hashes."""
    if dataset is Dataset.MESSAGES:
        return decode_codes(rows)
    return _count_responses(rows) if dataset is Dataset.CSAT else rows


def with_values(conversations: pl.DataFrame, rows: pl.DataFrame, group: FingerprintGroup, column: str) -> pl.DataFrame:
    """Add to each conversation a list of values, sorted and without duplicates, and their hashes.

    Args:
        conversations: The conversations.
        rows: One row per value.
        group: The values' group, whose key is the name of the list.
        column: The column with the values.
    """
    hashes = hash_column(group)
    collected = rows.group_by("conversation_id").agg(
        pl.col(column).unique().sort().alias(group.key), pl.col(hashes).cast(pl.Int128).sum()
    )
    joined = conversations.join(collected, left_on="id", right_on="conversation_id", how="left")
    return joined.with_columns(pl.col(group.key).fill_null([]), pl.col(hashes).fill_null(0))


def decode_codes(messages: pl.DataFrame) -> pl.DataFrame:
    """Add to messages the words for their types, and a flag for each mark.

    `deleted` is NULL if Chatwoot's value cannot be read.
    """

    def has(mark: int) -> pl.Expr:
        return pl.col("marks") & mark != 0

    def decode(column: str, words: tuple[str, ...]) -> pl.Expr:
        names = dict(enumerate(words))
        codes = messages[column].unique().drop_nulls()
        decoded = {code: names.get(code, f"unknown({code})") for code in codes}
        return pl.col(column).replace_strict(decoded, default=None, return_dtype=pl.String)

    return messages.with_columns(
        message_type=decode("message_type_code", _MESSAGE_TYPES),
        content_type=decode("content_type_code", _CONTENT_TYPES),
        deleted=pl.when(~has(_DELETED_UNKNOWN)).then(has(_DELETED)),
        automated=has(_AUTOMATED),
        external_echo=has(_EXTERNAL_ECHO),
        campaign=has(_CAMPAIGN),
        reaction=has(_REACTION),
    )


def encode_marks(messages: pl.DataFrame) -> pl.DataFrame:
    """Add to messages their `marks`, the number that `decode_codes` reads the flags from."""
    flags = {_AUTOMATED: "automated", _EXTERNAL_ECHO: "external_echo", _CAMPAIGN: "campaign", _REACTION: "reaction"}
    deleted = pl.when(pl.col("deleted").is_null()).then(_DELETED_UNKNOWN).otherwise(pl.col("deleted") * _DELETED)
    marks = pl.sum_horizontal(deleted, *(pl.col(name) * mark for mark, name in flags.items()))
    return messages.with_columns(marks.cast(pl.Int16).alias("marks"))


def _count_responses(responses: pl.DataFrame) -> pl.DataFrame:
    """Add to each response how many its conversation has, and order them by conversation and time."""
    counts = pl.len().over("conversation_id").alias("csat_responses")
    return responses.with_columns(counts).sort("conversation_id", "rated_at", "id", nulls_last=False)
