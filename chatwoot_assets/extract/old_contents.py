"""Drop what people wrote, and who they are, from rows that are older than KEEP_CONTENTS_DAYS.

The columns that are declared as personal are emptied, except ids, which contacts are counted by. Fingerprints stay
those of the rows in Chatwoot, and every metric stays the same: activity messages keep the sentences from which metrics
are computed, without a contact's name.

The age of a text is that of its own message, because an old conversation may have a message from today. The age of the
names in a conversation is that of its last message. Nothing counts as older than its conversation.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Mapping

import polars as pl

from chatwoot_assets.activity_sentences import ACTORS, CHANGES, CONTACT
from chatwoot_assets.columns import TIMESTAMP
from chatwoot_assets.extract.columns import DATASET_COLUMNS
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.partitions import ONE_DAY, day

LazyRows = Mapping[Dataset, pl.LazyFrame]

# What is emptied in each dataset.
CONTENTS = {
    dataset: [
        column for column in columns if column.personal and column.is_extracted and column.type in ("text", "jsonb")
    ]
    for dataset, columns in DATASET_COLUMNS.items()
}
_TIME = "contents_time"


def first_kept_day(keep_days: int, at: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.date | None:
    """Return the first day whose contents are kept, or None if all are.

    Args:
        keep_days: KEEP_CONTENTS_DAYS; 0 to keep all.
        at: The instant, with a time zone.
        zone: The reporting time zone.
    """
    return at.astimezone(zone).date() - keep_days * ONE_DAY if keep_days else None


def first_kept_instant(keep_days: int, at: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.datetime | None:
    """Return the first instant (naive UTC) whose contents are kept, or None if all are; see `first_kept_day`."""
    first = first_kept_day(keep_days, at, zone)
    return day(first, zone).start if first else None


def drop_old_contents(rows: LazyRows, before: datetime.datetime) -> dict[Dataset, pl.LazyFrame]:
    """Return the rows of some conversations without the contents before an instant.

    Args:
        rows: All rows of these conversations, as they were read or as files have them.
        before: The instant, naive UTC.
    """
    return {
        dataset: frame.with_columns(
            pl.when(pl.col(_TIME) < before).then(emptied).otherwise(pl.col(name)).alias(name)
            for name, emptied in _emptied(dataset).items()
        ).drop(_TIME)
        for dataset, frame in _with_times(rows).items()
    }


def find_contents(rows: LazyRows) -> dict[Dataset, pl.DataFrame]:
    """Return the times, in the column `time`, of the rows that have contents, by dataset.

    Args:
        rows: All rows of some conversations.
    """
    return {
        dataset: frame.filter(pl.any_horizontal(pl.col(name).ne_missing(emptied) for name, emptied in columns.items()))
        .select(pl.col(_TIME).alias("time"))
        .collect(engine="streaming")
        for dataset, frame in _with_times(rows).items()
        if (columns := _emptied(dataset))
    }


def _with_times(rows: LazyRows) -> dict[Dataset, pl.LazyFrame]:
    """Add to each row the time that decides about its contents."""

    def dated(dataset: Dataset, name: str) -> pl.LazyFrame:
        # A NULL, for a time that cannot be read, is ignored.
        return rows[dataset].with_columns(
            pl.max_horizontal(_instant(name), _instant("conversation_created_at")).alias(_TIME)
        )

    messages = dated(Dataset.MESSAGES, "created_at")
    key = "conversation_key"
    last = messages.group_by(pl.col("conversation_id").cast(pl.Int64).alias(key)).agg(pl.col(_TIME).max())
    conversations = (
        rows[Dataset.CONVERSATIONS]
        .with_columns(pl.col("id").cast(pl.Int64).alias(key))
        .join(last, on=key, how="left", maintain_order="left")
        .drop(key)
        .with_columns(pl.max_horizontal(_TIME, _instant("created_at")))
    )
    return {
        Dataset.CONVERSATIONS: conversations,
        Dataset.MESSAGES: messages,
        Dataset.CSAT: dated(Dataset.CSAT, "rated_at"),
        Dataset.EVENTS: rows[Dataset.EVENTS].with_columns(pl.lit(None, TIMESTAMP).alias(_TIME)),
    }


def _instant(name: str) -> pl.Expr:
    return pl.col(name).cast(TIMESTAMP, strict=False)


def _emptied(dataset: Dataset) -> dict[str, pl.Expr]:
    """Return what replaces each of a dataset's contents."""
    emptied = {column.name: pl.lit("{}" if column.type == "jsonb" else None, pl.String) for column in CONTENTS[dataset]}
    if dataset is Dataset.MESSAGES:
        emptied["content"] = _kept_sentence(pl.when(pl.col("message_type") == "activity").then(pl.col("content")))
    return emptied


def _kept_sentence(sentence: pl.Expr) -> pl.Expr:
    """Return the part of an activity message that metrics need: the change of status or assignment, and the agents."""
    is_change = pl.any_horizontal(sentence.str.contains(pattern) for _, pattern in CHANGES)
    actor = pl.coalesce(pl.when(sentence.str.contains(pattern)).then(pl.lit(actor)) for actor, pattern in ACTORS)
    without_name = pl.coalesce(
        sentence.str.extract(f"({pattern})") for actor, pattern in ACTORS if actor == CONTACT
    ) + pl.lit("…")
    kept = pl.when(actor == CONTACT).then(without_name).otherwise(sentence)
    return pl.when(is_change.fill_null(value=False)).then(kept)
