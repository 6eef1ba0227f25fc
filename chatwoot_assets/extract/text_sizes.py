"""How long the texts of conversations are, so that reading them takes a bounded amount of memory.

A mail may have 150 kB, so a number of conversations does not bound the memory. Asking for the sizes costs a sixth of
reading the rows, and is left out where Chatwoot stores few long texts.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from chatwoot_assets.extract.queries import long_texts, text_sizes
from chatwoot_assets.source.snapshot import Snapshot

# How many bytes of texts are read at once; a single conversation may have more.
TEXT_BYTES_PER_BATCH = 32_000_000
# If all long texts together are stored in fewer bytes, compressed by PostgreSQL, their sizes are not looked at.
_STORED_BYTES = 32_000_000


def has_long_texts(source: Snapshot) -> bool:
    """Return whether Chatwoot stores so many long texts that their sizes matter."""
    stored = source.read(long_texts())
    return stored.is_empty() or int(stored.item()) > _STORED_BYTES


def are_too_long(source: Snapshot, schema: str, ids: list[int]) -> bool:
    """Return whether the texts of several conversations are too long to be read at once."""
    if len(ids) < 2 or not has_long_texts(source):
        return False
    return int(source.read(text_sizes(schema, ids))["text_bytes"].sum()) > TEXT_BYTES_PER_BATCH


def read_text_sizes(source: Snapshot, schema: str, conversations: pl.DataFrame) -> pl.DataFrame:
    """Return the bytes of the texts of conversations as `text_bytes`, by `id`; those without a text are left out."""
    return source.read(text_sizes(schema, conversations["id"].to_list()))


def weigh(conversations: pl.DataFrame, sizes: pl.DataFrame | None, limit: int) -> pl.Series:
    """Return each conversation's weight: how many conversations without long texts take as much memory, at least 1.

    Args:
        conversations: The conversations.
        sizes: The bytes of their texts as `text_bytes`, by `id`; None if they are not looked at.
        limit: How many conversations without long texts are held at once.
    """
    if sizes is None:
        return pl.ones(conversations.height, eager=True)
    # The two ids may have different types.
    sizes = sizes.with_columns(pl.col("id").cast(conversations.schema["id"]))
    sized = conversations.select("id").join(sizes, on="id", how="left", maintain_order="left")
    return (sized["text_bytes"].fill_null(0) * (limit / TEXT_BYTES_PER_BATCH)).clip(lower_bound=1.0)


def slice_by_weight(rows: pl.DataFrame, weight: pl.Series, limit: float) -> Iterator[pl.DataFrame]:
    """Yield all rows in order, in slices of one row, or of rows that weigh at most `limit` together."""
    ends = weight.cum_sum()
    start, before = 0, 0.0
    while start < rows.height:
        end = max(int(ends.search_sorted(before + limit, side="right")), start + 1)
        yield rows[start:end]
        start, before = end, float(ends[end - 1])
