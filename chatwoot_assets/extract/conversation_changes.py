"""Find the conversations of a day whose rows changed, without reading their rows.

The source adds up the hashes of each conversation's rows, in each fingerprint group. The day's file of conversations
has the same sums, as they were when it was written. The sums of a day's conversations add up to its fingerprint.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from chatwoot_assets.extract.chunked_day import Frames
from chatwoot_assets.extract.columns import CONVERSATION_FINGERPRINTS
from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import group_by_query, groups_of
from chatwoot_assets.extract.fingerprints import IDS_PER_QUERY, fingerprint
from chatwoot_assets.extract.queries import conversation_starts, conversation_totals, hash_column
from chatwoot_assets.partitions import Day
from chatwoot_assets.source.snapshot import Snapshot

_COLUMNS = {group: column.name for group, column in CONVERSATION_FINGERPRINTS.items()}


@dataclass(frozen=True)
class ConversationTotals:
    """The sums of the row hashes of some days' conversations.

    Attributes:
        rows: One row per conversation: `id`, `created_at`, and for each fingerprint group the sum, as `hash_column`.
    """

    rows: pl.DataFrame

    def of_day(self, day: Day) -> ConversationTotals:
        """Return the conversations of one of the days."""
        return ConversationTotals(self.rows.filter(pl.col("created_at").is_between(day.start, day.end, "left")))

    def fingerprints(self, definition: str) -> dict[Dataset, str]:
        """Return the fingerprint that these conversations' rows have in each dataset."""
        totals = self.rows.select(hash_column(group) for group in FingerprintGroup).sum().row(0, named=True)
        return {
            dataset: fingerprint(definition, *(int(totals[hash_column(group)]) for group in groups_of(dataset)))
            for dataset in Dataset
        }

    def find_changed(self, stored: pl.DataFrame) -> list[int]:
        """Return the ids of the conversations that differ from the stored ones: changed, new or gone.

        Args:
            stored: The day's extracted conversations.
        """
        keys = ["id", *_COLUMNS.values()]
        now, before = self.conversation_fingerprints(), stored.select(keys)
        changed = now.join(before, on=keys, how="anti")["id"]
        gone = before.join(now, on="id", how="anti")["id"]
        return sorted({*changed, *gone})

    def conversation_fingerprints(self) -> pl.DataFrame:
        """Return each conversation's `id` and fingerprints, as the file of conversations has them."""
        return self.rows.select("id", *(_wrapped(hash_column(group)).alias(_COLUMNS[group]) for group in _COLUMNS))


def read_totals(source: Snapshot, schema: str, days: list[Day]) -> ConversationTotals:
    """Read the sums of the row hashes of the days' conversations.

    Args:
        source: The snapshot to read.
        schema: The views' schema.
        days: The days, in order; they need not be consecutive.
    """
    totals = source.read(conversation_starts(schema, days)).with_columns(pl.col("id").cast(pl.Int64))
    # Searched only once: no index has created_at, so every query by day reads all conversations.
    ids = totals["id"].to_list() if totals.height <= IDS_PER_QUERY else None
    for groups in group_by_query(FingerprintGroup):
        names = [hash_column(group) for group in groups]
        rows = source.read(conversation_totals(groups, schema, days, ids))
        sums = rows.select(pl.col("id").cast(pl.Int64), pl.col(names).cast(pl.Int128))
        totals = totals.join(sums, on="id", how="left").with_columns(pl.col(names).fill_null(0))
    return ConversationTotals(totals)


def add_conversation_fingerprints(frames: Frames) -> Frames:
    """Add to the conversations, as they were read, the columns with their fingerprints in all groups.

    Args:
        frames: All rows of these conversations, with their hashes.
    """
    conversations, seconds = frames[Dataset.CONVERSATIONS]
    for group, column in _COLUMNS.items():
        name = hash_column(group)
        if group.dataset is Dataset.CONVERSATIONS:
            conversations = conversations.with_columns(_wrapped(name).alias(column))
            continue
        rows, _ = frames[group.dataset]
        id_ = pl.col("conversation_id").cast(conversations.schema["id"]).alias("id")
        sums = rows.group_by(id_).agg(_wrapped(name).sum().alias(column))
        joined = conversations.drop(column, strict=False).join(sums, on="id", how="left")
        conversations = joined.with_columns(pl.col(column).fill_null(0))
    return {**frames, Dataset.CONVERSATIONS: (conversations, seconds)}


def _wrapped(name: str) -> pl.Expr:
    """Return a sum of hashes modulo 2^64, which a column of a file can hold; sums of such sums wrap likewise."""
    return pl.col(name).cast(pl.Int64, wrap_numerical=True)
